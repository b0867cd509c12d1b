"""What a file with words in it holds: what a reader sees, what it hides, and what is packed inside.

Readers of office files, mails and archives answer with `Contents`. Texts stay in memory: they are
for the text engine, never for a message, a report or a log. Places are words and numbers of ours,
since names of sheets, parts and attachments can name people.
"""

from dataclasses import dataclass

from saferedact.traces import Trace

__all__ = ["Contents", "Packed", "Passage"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that a reader sees.

    Parameters
    ----------
    text : str
        The text. In memory only.
    place : str
        Where, in words and numbers of ours, as ``"sheet 2, cell B7"``.
    page : int or None
        Page, from 0, of a file that has pages.
    """

    text: str
    place: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A file inside a file.

    Parameters
    ----------
    data : bytes
        Its bytes, within the limits.
    place : str
        As of `Passage`.
    name : str
        Its name, which is text too. In memory only.
    shown : bool
        Whether a reader sees it, as a picture on a page.
    """

    data: bytes
    place: str
    name: str = ""
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file holds.

    Parameters
    ----------
    format : str
        As ``"DOCX"``.
    passages : tuple of Passage
        What a reader sees, in reading order.
    traces : tuple of Trace
        What a reader does not see.
    packed : tuple of Packed
        Files inside.
    unread : tuple of str
        What could not be looked at, in words of ours.
    """

    format: str
    passages: tuple[Passage, ...] = ()
    traces: tuple[Trace, ...] = ()
    packed: tuple[Packed, ...] = ()
    unread: tuple[str, ...] = ()
