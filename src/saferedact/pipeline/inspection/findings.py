"""What a look into a file brings back, and its form between two processes."""

import json
from dataclasses import astuple, dataclass
from typing import Any, Literal

from saferedact.media.contents import Passage
from saferedact.traces import Trace

__all__ = ["Inside", "Inspection", "Medium", "medium_of", "within"]

_MOST_TRACES = 50_000
"""Traces of one file. A spreadsheet with a million hidden rows has one for each."""


Medium = Literal["image", "pdf", "video"]
_MEDIA: dict[str, Medium] = {"image": "image", "pdf": "pdf", "video": "video"}


def medium_of(kind: str) -> Medium | None:
    """Return the kind of what holds pictures; None for other kinds."""
    return _MEDIA.get(kind)


def within(place: str, text: str) -> str:
    """Say of something at a place of a file where the file itself is."""
    return ": ".join(filter(None, (place, text)))


@dataclass(frozen=True, slots=True)
class Inside:
    """A picture, document or film inside a file, as it was put aside to be looked at.

    Parameters
    ----------
    name : str
        Its name in the folder that it was put into.
    place : str
        Where it is in the file.
    kind : {"image", "pdf", "video"}
        Its medium.
    """

    name: str
    place: str
    kind: Medium


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one file holds.

    Parameters
    ----------
    kind : {"text", "image", "pdf", "video", "other"}
        Its medium.
    passages : tuple of Passage
        Text that a reader sees, of office files, mails, archives and PDFs.
    traces : tuple of Trace
        What it hides.
    unread : tuple of str
        What could not be looked at, in words of ours.
    inspected : bool
        Whether it was looked into at all.
    inside : tuple of Inside
        Pictures in it that nobody has looked at yet, where they were asked for.
    """

    kind: str
    passages: tuple[Passage, ...] = ()
    traces: tuple[Trace, ...] = ()
    unread: tuple[str, ...] = ()
    inspected: bool = True
    inside: tuple[Inside, ...] = ()

    @classmethod
    def failed(cls, why: str) -> "Inspection":
        """Say why a file could not be looked into."""
        return cls("other", unread=(why,), inspected=False)

    def to_json(self) -> bytes:
        """Write it for another process; what is over the limits is told as unread."""
        unread = list(self.unread)
        if len(self.traces) > _MOST_TRACES:
            unread.append(f"only {_MOST_TRACES} of {len(self.traces)} traces are listed")
        tree = {
            "kind": self.kind,
            "passages": [astuple(passage) for passage in self.passages],
            "traces": [astuple(trace) for trace in self.traces[:_MOST_TRACES]],
            "unread": unread,
            "inspected": self.inspected,
            "inside": [astuple(inside) for inside in self.inside],
        }
        return json.dumps(tree).encode("ascii")

    @classmethod
    def from_json(cls, data: bytes) -> "Inspection":
        """Read what `to_json` wrote."""
        tree: dict[str, Any] = json.loads(data)
        return cls(
            str(tree["kind"]),
            tuple(Passage(*fields) for fields in tree["passages"]),
            tuple(_trace(fields) for fields in tree["traces"]),
            tuple(str(text) for text in tree["unread"]),
            bool(tree["inspected"]),
            tuple(_inside(fields) for fields in tree["inside"]),
        )


def _inside(fields: list[Any]) -> Inside:
    """Read what was put aside; a process that was taken over may name any file."""
    name, place, kind = fields
    medium = medium_of(kind)
    if not name.isdecimal() or medium is None:
        raise ValueError
    return Inside(name, place, medium)


def _trace(fields: list[Any]) -> Trace:
    channel, place, text, page, xyxy, time, strength = fields
    return Trace(channel, place, text, page, None if xyxy is None else tuple(xyxy), time, strength)
