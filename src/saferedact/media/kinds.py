"""Which family of media a file belongs to, told by its first bytes and never by its name."""

import re
from pathlib import Path
from typing import Literal

from saferedact.errors import DamagedInputError, UnsupportedFormatError
from saferedact.files import open_regular
from saferedact.media.image_formats import sniff_format

__all__ = ["MediaKind", "kind_of"]

MediaKind = Literal["image", "video", "pdf"]

_HEAD_BYTES = 1024
"""A PDF header may follow up to this many foreign bytes (ISO 32000-1, annex H, note 13)."""

_TS_PACKET = 188
"""Bytes of a packet of an MPEG transport stream (ISO/IEC 13818-1); M2TS puts 4 more before each."""

_VIDEO = re.compile(
    rb".{4}ftyp"  # MP4, MOV, 3GP; still pictures have brands of their own and are asked for first
    rb"|.{4}(?:moov|mdat|wide|free|skip|pnot)"  # QuickTime before the file type box
    rb"|\x1a\x45\xdf\xa3"  # Matroska, WebM
    rb"|RIFF.{4}AVI "
    rb"|\x30\x26\xb2\x75\x8e\x66\xcf\x11"  # ASF: WMV
    rb"|FLV\x01"
    rb"|OggS"
    rb"|\x00\x00\x01[\xba\xb3\xb0-\xbf\x67\x40]"  # MPEG program and elementary streams
    rb"|\x00\x00\x00\x01[\x67\x27\x40\x42\x09]"  # raw H.264 and HEVC
    rb"|\x06\x0e\x2b\x34"  # MXF
    rb"|DHAV|IMKH",  # containers of common CCTV recorders
    re.DOTALL,
)


def kind_of(path: Path) -> MediaKind:
    """Tell the family of a file.

    Parameters
    ----------
    path : Path
        The file. Opened read-only.

    Returns
    -------
    {"image", "video", "pdf"}
        Whether it can be read is another question: damage shows when it is opened.

    Raises
    ------
    DamagedInputError
        If the file is empty.
    UnsupportedFormatError
        If it is of no family that is known.
    InputError
        If it cannot be read.
    """
    with open_regular(path) as file:
        head = file.read(_HEAD_BYTES)
    if sniff_format(head) is not None:
        return "image"
    if b"%PDF-" in head:
        return "pdf"
    if _VIDEO.match(head) or _is_transport_stream(head):
        return "video"
    if not head:
        msg = "the file is empty"
        raise DamagedInputError(msg)
    msg = "the file is neither a picture, a video nor a PDF that is known; texts are for `saferedact text`"
    raise UnsupportedFormatError(msg)


def _is_transport_stream(head: bytes) -> bool:
    return any(
        len(head) > first + 2 * pitch
        and all(head[first + step * pitch] == 0x47 for step in range(3))
        for first, pitch in ((0, _TS_PACKET), (4, _TS_PACKET + 4))
    )
