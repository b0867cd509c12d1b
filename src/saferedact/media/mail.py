"""Mails (EML): the text that is sent, the trail of headers, quoted threads, attachments.

Parsed with the standard library. Nothing is fetched: links and pictures elsewhere are text.
"""

import binascii
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.message import MIMEPart
from typing import BinaryIO

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.contents import Contents, Packed, Passage
from saferedact.media.markup import Markup, read_markup
from saferedact.traces import Trace

__all__ = ["MAX_PARTS", "looks_like_mail", "read_mail", "split_thread"]

MAX_PARTS = 2_000
"""Parts of one mail, of all levels. A hostile one nests or repeats them without end."""

_MAX_MAIL_BYTES = 256 * 1024**2
"""Bytes of one mail; servers refuse more than 150 MB as a rule. It is parsed in memory."""

_FACE = ("from", "to", "cc", "subject", "date")
"""Headers that mail programs show above the text."""

_TRAIL = (
    "bcc",
    "received",
    "x-originating-ip",
    "x-mailer",
    "user-agent",
    "return-path",
    "delivered-to",
    "reply-to",
    "sender",
    "thread-topic",
    "x-sender",
    "authentication-results",
    "references",
    "in-reply-to",
    "message-id",
    "disposition-notification-to",
    "apparently-to",
    "comments",
    "envelope-to",
    "errors-to",
    "keywords",
    "organization",
    "resent-bcc",
    "resent-cc",
    "resent-from",
    "resent-sender",
    "resent-to",
    "x-authenticated-sender",
    "x-authenticated-user",
    "x-envelope-from",
    "x-envelope-to",
    "x-forwarded-for",
    "x-forwarded-to",
    "x-original-from",
    "x-original-to",
)
"""Headers that are kept out of sight and name people, machines or places."""

_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "base64": binascii.a2b_base64,
    "quoted-printable": binascii.a2b_qp,
}

_HEAD = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3}")
_MAIL_HEADERS = re.compile(rb"(?im)^(?:from|to|received|message-id|mime-version|subject):")

_THREAD = re.compile(
    r"^(?:-{2,} ?(?:original message|forwarded message)"  # what mail programs write above a quote
    r"|begin forwarded message|on .{5,200} wrote:|_{10,}\s*$|>|from: .+)",
    re.IGNORECASE,
)


def looks_like_mail(head: bytes) -> bool:
    """Tell whether a file begins as a mail does: with three headers, one of them a mail's own."""
    match = _HEAD.match(head)
    return match is not None and len(_MAIL_HEADERS.findall(match[0])) >= 2


def read_mail(file: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Contents:
    """Read a mail.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable; the caller closes it.
    limits : Limits
        Bounds of the file.

    Returns
    -------
    Contents
        Shown headers and text; the trail, hidden text and earlier mails; attachments.

    Raises
    ------
    DamagedInputError
        If it cannot be parsed.
    LimitExceededError
        If it is too large, or has too many parts.
    """
    size = file.seek(0, 2)
    limits.check_file_bytes(size)
    if size > _MAX_MAIL_BYTES:
        msg = f"a mail of {size} bytes is over the limit of {_MAX_MAIL_BYTES} bytes"
        raise LimitExceededError(msg)
    file.seek(0)
    try:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
        parts = list(_leaves(mail))
        return _contents(mail, parts)
    except (LimitExceededError, DamagedInputError):
        raise
    except Exception:  # noqa: BLE001  the parser raises many kinds of errors on hostile headers
        msg = "the mail cannot be parsed"
        raise DamagedInputError(msg) from None


def _leaves(mail: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the parts that hold something; an attached mail is one of them, whole."""
    pending = [mail]
    count = 0
    while pending:
        part = pending.pop()
        count += 1
        if count > MAX_PARTS:
            msg = f"a mail has more than {MAX_PARTS} parts"
            raise LimitExceededError(msg)
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            pending += reversed(list(part.iter_parts()))
        else:
            yield part


def _around_parts(mail: MIMEPart) -> Iterator[Trace]:
    """Yield text before and after parts, which mail programs do not show."""
    for part in mail.walk():
        for text in (part.preamble, part.epilogue):
            # What programs say there themselves is that a reader without MIME sees parts.
            if text and text.strip() and "MIME" not in text:
                yield Trace("hidden-text", "text around parts", text)


def _contents(mail: MIMEPart, parts: list[MIMEPart]) -> Contents:
    passages = [
        Passage(str(value), f"header {name}") for name in _FACE for value in mail.get_all(name, [])
    ]
    traces = [
        Trace("header-trail", f"header {name}", str(value))
        for name in _TRAIL
        for value in mail.get_all(name, [])
    ]
    traces += _around_parts(mail)
    packed: list[Packed] = []
    for number, part in enumerate(parts, start=1):
        described = [str(value) for value in part.get_all("content-description", [])]
        if described:
            passages.append(Passage("\n".join(described), f"part {number}, its description"))
        if part.get_content_maintype() == "text" and not part.is_attachment():
            body = _body(part)
            written, quoted = split_thread(body.shown)
            if written.strip():
                passages.append(Passage(written, f"part {number}"))
            if quoted.strip():
                traces.append(Trace("quoted-thread", f"part {number}", quoted))
            traces += [trace.within(f"part {number}") for trace in body.traces]
        else:
            packed.append(_attachment(part, number))
    return Contents("EML", tuple(passages), tuple(traces), tuple(packed))


def _body(part: MIMEPart) -> Markup:
    text: str = part.get_content()
    return read_markup(text) if part.get_content_subtype() == "html" else Markup(text, ())


def _attachment(part: MIMEPart, number: int) -> Packed:
    name = part.get_filename() or ""
    if part.is_multipart():  # a mail, or a report of its delivery
        data = b"\n".join(map(bytes, part.iter_parts()))
        coding = str(part.get("content-transfer-encoding", "")).strip().lower()
        if coding in _CODINGS:  # the standard forbids it, programs do it
            data = _CODINGS[coding](data.lstrip())
    else:
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
    return Packed(data, f"attachment {number}", name, shown=True)


def split_thread(text: str) -> tuple[str, str]:
    """Split a mail's text into what was written and the thread that is quoted below.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    (str, str)
        The text before the first line that begins a quote, and the rest.
    """
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if _THREAD.match(line.lstrip()):
            return "".join(lines[:number]), "".join(lines[number:])
    return text, ""
