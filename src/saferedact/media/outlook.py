"""Outlook's own mail files (MSG), through olefile: text, headers, attachments.

[MS-OXMSG] keeps each property of a mail in a stream of its own, named by the property's id and type.
Rich text bodies that have no plain twin are told as unread.
"""

from typing import TYPE_CHECKING, BinaryIO

from saferedact.errors import DamagedInputError, DependencyMissingError, LimitExceededError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.contents import Contents, Packed, Passage
from saferedact.media.mail import split_thread
from saferedact.media.markup import Markup, read_markup
from saferedact.traces import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from olefile import OleFileIO

__all__ = ["OLE_SIGNATURE", "read_outlook"]

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAX_STREAM_BYTES = 128 * 1024**2
"""Bytes of one property: servers refuse attachments over 150 MB as a rule."""

_MAX_ENTRIES = 20_000
"""Streams of one mail; a mail with 100 attachments has about 5,000."""

# Property ids of [MS-OXPROPS]; the last four digits are the type: 001F is UTF-16, 001E 8-bit text.
_FACE = {"0C1A": "sender", "0E04": "to", "0E03": "cc", "0037": "subject"}
_TRAIL = {"0E02": "bcc", "007D": "transport headers", "0C1F": "sender address", "3FFA": "author"}
_RECIPIENT = ("3001", "3003", "39FE")  # name, address, address for SMTP
_BODY, _HTML, _RTF = "1000", "1013", "1009"
_DATA, _LONG_NAME, _SHORT_NAME = "3701", "3707", "3704"


def read_outlook(file: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Contents:
    """Read an MSG file.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable; the caller closes it.
    limits : Limits
        Bounds of the file.

    Returns
    -------
    Contents
        As of `saferedact.media.mail.read_mail`.

    Raises
    ------
    DamagedInputError
        If it is no mail, or damaged.
    LimitExceededError
        If it is over the limits.
    DependencyMissingError
        If olefile is not installed (extra ``office``).
    """
    try:
        import olefile
    except ImportError:
        msg = "MSG files need olefile: pip install 'saferedact[office]'"
        raise DependencyMissingError(msg) from None
    limits.check_file_bytes(file.seek(0, 2))
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as ole:
            return _contents(ole)
    except (LimitExceededError, DamagedInputError):
        raise
    except Exception:  # noqa: BLE001  olefile raises many kinds of errors on damaged files
        msg = "the mail file is damaged"
        raise DamagedInputError(msg) from None


def _contents(ole: "OleFileIO") -> Contents:
    entries = ole.listdir(streams=True, storages=False)
    if len(entries) > _MAX_ENTRIES:
        msg = f"{len(entries)} parts are over the limit of {_MAX_ENTRIES}"
        raise LimitExceededError(msg)
    if not any(entry[0] == "__properties_version1.0" for entry in entries):
        msg = (
            "files of old office programs (DOC, XLS, PPT) are not read: save it as DOCX, XLSX, PPTX"
        )
        raise DamagedInputError(msg)
    passages = [Passage(t, name) for key, name in _FACE.items() if (t := _text(ole, [], key))]
    traces = [
        Trace("header-trail", name, t) for key, name in _TRAIL.items() if (t := _text(ole, [], key))
    ]
    traces += _recipients(ole, entries)
    unread: list[str] = []
    body = read_markup(_text(ole, [], _HTML))
    plain = _text(ole, [], _BODY)
    if plain:  # the page says the same as a rule; what it hides is told all the same
        body = Markup(plain, body.traces)
    if not body.shown and _exists(ole, [f"__substg1.0_{_RTF}0102"]):
        unread.append("the text of the mail is rich text alone, which is not read")
    written, quoted = split_thread(body.shown)
    if written.strip():
        passages.append(Passage(written, "text"))
    if quoted.strip():
        traces.append(Trace("quoted-thread", "text", quoted))
    traces += [trace.within("text") for trace in body.traces]
    packed = tuple(_attachments(ole, entries, unread))
    return Contents("MSG", tuple(passages), tuple(traces), packed, tuple(unread))


def _recipients(ole: "OleFileIO", entries: list[list[str]]) -> "Iterator[Trace]":
    """Yield names and addresses of recipients, hidden copies included."""
    folders = sorted({entry[0] for entry in entries if entry[0].startswith("__recip_version1.0_")})
    for number, folder in enumerate(folders, start=1):
        said = filter(None, (_text(ole, [folder], key) for key in _RECIPIENT))
        text = " ".join(dict.fromkeys(said))
        if text:
            yield Trace("header-trail", f"recipient {number}", text)


def _attachments(
    ole: "OleFileIO", entries: list[list[str]], unread: list[str]
) -> "Iterator[Packed]":
    folders = sorted({entry[0] for entry in entries if entry[0].startswith("__attach_version1.0_")})
    for number, folder in enumerate(folders, start=1):
        name = _text(ole, [folder], _LONG_NAME) or _text(ole, [folder], _SHORT_NAME)
        stream = [folder, f"__substg1.0_{_DATA}0102"]
        if _exists(ole, stream):
            yield Packed(_read(ole, stream), f"attachment {number}", name, shown=True)
        else:
            unread.append(f"attachment {number} is a mail or an object inside the mail")


def _text(ole: "OleFileIO", folder: list[str], key: str) -> str:
    """Return a property of either type of text, or of bytes (HTML); empty if there is none."""
    for kind, encoding in (("001F", "utf-16-le"), ("001E", "cp1252"), ("0102", "utf-8")):
        stream = [*folder, f"__substg1.0_{key}{kind}"]
        if _exists(ole, stream):
            return _read(ole, stream).decode(encoding, "replace").rstrip("\0")
    return ""


def _exists(ole: "OleFileIO", stream: list[str]) -> bool:
    return bool(ole.exists(stream))


def _read(ole: "OleFileIO", stream: list[str]) -> bytes:
    size = ole.get_size(stream)
    if size > _MAX_STREAM_BYTES:
        msg = f"a part of {size} bytes is over the limit of {_MAX_STREAM_BYTES} bytes"
        raise LimitExceededError(msg)
    return bytes(ole.openstream(stream).read())
