"""What a file with words in it holds: what a reader sees, what it hides, and what is packed inside.

Readers of office files, mails and archives answer with `Contents`. Texts stay in memory: they are
for the text engine, never for a message, a report or a log. Places are words and numbers of ours,
since names of sheets, parts and attachments can name people.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

__all__ = ["TRACES", "Contents", "Packed", "Passage", "Trace", "TraceChannel"]

TraceChannel = Literal[
    "author",
    "black-on-black",
    "comment",
    "cropped-picture",
    "custom-data",
    "deleted-text",
    "embedded-object",
    "external-link",
    "header-trail",
    "hidden-cells",
    "hidden-sheet",
    "hidden-slide",
    "hidden-text",
    "inserted-text",
    "invisible-text",
    "macro",
    "off-slide",
    "quoted-thread",
    "speaker-notes",
    "stored-values",
    "template-path",
    "text-under-shape",
    "thumbnail",
]

TRACES: Final[dict[TraceChannel, str]] = {
    "author": "who wrote or changed the file, their company, program or machine",
    "black-on-black": "text whose color is that of its highlighter, shading or cell",
    "comment": "a comment",
    "cropped-picture": "a picture that is shown cropped and kept whole",
    "custom-data": "data of a program or an organization, not shown anywhere",
    "deleted-text": "text that was deleted with changes tracked: it is still there",
    "embedded-object": "a file inside the file",
    "external-link": "a link to a file or data source elsewhere",
    "header-trail": "mail headers: servers, addresses, hidden copies",
    "hidden-cells": "hidden rows or columns, or cells that show nothing of their value",
    "hidden-sheet": "a hidden sheet",
    "hidden-slide": "a slide that is left out of the show",
    "hidden-text": "text marked as hidden",
    "inserted-text": "text inserted with changes tracked: who and when is kept",
    "invisible-text": "text in the color of the paper, or too small to see",
    "macro": "a program inside the file",
    "off-slide": "something beside the slide",
    "quoted-thread": "an earlier mail quoted or forwarded below",
    "speaker-notes": "notes of a speaker",
    "stored-values": "values kept from elsewhere: pivot tables, linked files, hidden names, charts",
    "template-path": "the path of a template",
    "text-under-shape": "a filled shape that may lie over text",
    "thumbnail": "a small picture of the first page",
}
"""What each channel means, for people."""

assert TRACES.keys() == set(get_args(TraceChannel))  # noqa: S101  a table and a type that must agree


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that a reader sees.

    Parameters
    ----------
    text : str
        The text. In memory only.
    place : str
        Where, in words and numbers of ours, as ``"sheet 2, cell B7"``.
    """

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that the file holds and a reader does not see.

    Parameters
    ----------
    channel : str
        A key of `TRACES`.
    place : str
        As of `Passage`.
    text : str
        Its text, if it has any. In memory only.
    """

    channel: TraceChannel
    place: str
    text: str = ""


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
