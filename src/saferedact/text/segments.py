"""Pieces of a file that people read: joined to one text for recognisers, and written back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Segment", "as_it_is", "join_segments", "write_segments"]


def as_it_is(text: str) -> str:
    """Write a text that needs no escapes."""
    return text


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a file that people read.

    Parameters
    ----------
    start, end : int
        Code points of the file's text, half-open.
    text : str
        What it says, escapes undone.
    before : str
        What recognisers read before it, and nobody writes: a line end, the column's heading.
    write : callable
        Writes another text in its place, with escapes.
    """

    start: int
    end: int
    text: str
    before: str = ""
    write: Callable[[str], str] = as_it_is


def join_segments(segments: Sequence[Segment]) -> tuple[str, list[tuple[int, int]]]:
    """Put the pieces together to one text for recognisers.

    Returns
    -------
    text : str
        Each piece after what it says `before`.
    places : list of (int, int)
        Where each piece is in `text`.
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for segment in segments:
        parts += (segment.before, segment.text)
        at += len(segment.before)
        places.append((at, at + len(segment.text)))
        at += len(segment.text)
    return "".join(parts), places


def write_segments(source: str, segments: Sequence[Segment], texts: Sequence[str]) -> str:
    """Write the file's text with other pieces; those that stay are copied as they are."""
    parts: list[str] = []
    at = 0
    for segment, text in zip(segments, texts, strict=True):
        parts.append(source[at : segment.start])
        unchanged = text == segment.text
        parts.append(source[segment.start : segment.end] if unchanged else segment.write(text))
        at = segment.end
    parts.append(source[at:])
    return "".join(parts)
