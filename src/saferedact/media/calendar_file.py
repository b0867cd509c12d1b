"""Calendar and address files (ICS, VCF): their texts, and who is named in them beside the entry."""

import re

from saferedact.media.contents import Contents, Passage
from saferedact.traces import Trace

__all__ = ["looks_like_calendar", "read_calendar"]

_BEGIN = re.compile(rb"\s*(?:\xef\xbb\xbf)?BEGIN:(?:VCALENDAR|VCARD)\b", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Za-z0-9-]{1,80})(?=[;:])((?:[^:\"]|\"[^\"]*\")*):(.*)")
_WHO = frozenset({"ATTENDEE", "ORGANIZER", "CONTACT", "RESOURCES"})
_NOTED = frozenset({"COMMENT", "ATTACH", "REQUEST-STATUS", "RELATED-TO"})
_HARMLESS = re.compile(r"X-(?:WR-|APPLE-|MICROSOFT-|MS-OLK-|LIC-|PUBLISHED-TTL|WP-)", re.IGNORECASE)
_MOST = 1_000


def looks_like_calendar(head: bytes) -> bool:
    """Tell whether a file begins as a calendar or an address card does."""
    return _BEGIN.match(head) is not None


def read_calendar(text: str) -> Contents:
    """Read a calendar (RFC 5545) or address cards (RFC 6350).

    Parameters
    ----------
    text : str
        The file.

    Returns
    -------
    Contents
        All of its text; a trace for each line that names people beside the entry, or that viewers do
        not show: comments, attachments, lines of one program.
    """
    traces: list[Trace] = []
    plain = _FOLD.sub("", text)
    for number, line in enumerate(plain.splitlines(), 1):
        match = _LINE.match(line)
        if match is None or not match[3].strip():
            continue
        name = match[1].upper()
        said = f"{match[2]} {match[3]}".replace("\\,", ",")
        if name in _WHO:
            traces.append(Trace("author", f"entry line {number}", said))
        elif name in _NOTED or (name.startswith("X-") and not _HARMLESS.match(name)):
            traces.append(Trace("custom-data", f"entry line {number}", said))
    unread = () if len(traces) <= _MOST else (f"only {_MOST} lines are listed",)
    shown = Passage(plain.replace("\\,", ",").replace("\\n", "\n"), "text")
    return Contents("ICS", (shown,), tuple(traces[:_MOST]), unread=unread)
