"""What a look into a file brings back, and its form between two processes."""

import json
from dataclasses import astuple, dataclass
from typing import Any

from saferedact.media.contents import Passage
from saferedact.traces import Trace

__all__ = ["Inspection"]

_MOST_TRACES = 50_000
"""Traces of one file. A spreadsheet with a million hidden rows has one for each."""


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
    """

    kind: str
    passages: tuple[Passage, ...] = ()
    traces: tuple[Trace, ...] = ()
    unread: tuple[str, ...] = ()
    inspected: bool = True

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
        )


def _trace(fields: list[Any]) -> Trace:
    channel, place, text, page, xyxy, time, strength = fields
    return Trace(channel, place, text, page, None if xyxy is None else tuple(xyxy), time, strength)
