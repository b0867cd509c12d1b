"""PNG and APNG (W3C PNG, third edition): chunks, and the compressed pixels inside them."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.exif import report_exif_parts
from saferedact.media.hidden_data.inflate import report_deflate_excess
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["SIGNATURE", "walk_png"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""The first eight bytes of a PNG."""

# Chunks that tell how to show the pixels, with the length each must have (None: checked apart).
_NEEDED: dict[bytes, int | None] = {
    b"IHDR": 13,
    b"PLTE": None,
    b"tRNS": None,
    b"IDAT": None,
    b"IEND": 0,
    b"acTL": 8,
    b"fcTL": 26,
    b"fdAT": None,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"cICP": 4,
}
_MANY = frozenset({b"IDAT", b"fcTL", b"fdAT"})  # all other needed chunks come once
_CHANNELS: dict[bytes, Channel] = {
    b"eXIf": "exif",
    b"iCCP": "icc",
    b"iTXt": "text",
    b"tEXt": "text",
    b"zTXt": "text",
    b"tIME": "time",
    b"caBX": "jumbf",  # C2PA
    # Viewers may use these numbers, but the pixels are whole without them; a density can tell the
    # scanner, a number of significant bits the camera.
    b"bKGD": "display-hint",
    b"pHYs": "display-hint",
    b"sBIT": "display-hint",
    b"hIST": "display-hint",
    b"cLLI": "display-hint",
    b"mDCV": "display-hint",
}
_XMP_KEYWORD = b"XML:com.adobe.xmp\0"
_RAW_PROFILES: dict[bytes, Channel] = {  # ImageMagick's way to keep other formats' metadata
    b"Raw profile type exif\0": "exif",
    b"Raw profile type APP1\0": "exif",
    b"Raw profile type iptc\0": "iptc",
    b"Raw profile type xmp\0": "xmp",
    b"Raw profile type icc\0": "icc",
    b"Raw profile type icm\0": "icc",
}
_CHANNELS_OF_COLOR_TYPE = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE = 3
_TRANSPARENCY_BYTES = {0: 2, 2: 6}  # of a grey and of a true-color image
# Adam7: first column and row, step of columns and rows, of each pass.
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def walk_png(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a PNG carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        Begins with `SIGNATURE`; may go on after the last chunk.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size and the number of frames, before anything is inflated.

    Returns
    -------
    int
        Offset after the last chunk.

    Raises
    ------
    DamagedInputError
        If the file breaks off, a checksum is wrong or the pixels cannot be inflated.
    LimitExceededError
        If the picture is too large, or the file has too many parts.
    """
    return _Walker(view, items, limits).walk()


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    bit_depth: int
    color_type: int
    interlaced: bool

    def inflated_bytes(self, width: int, height: int) -> int:
        """Bytes that a picture of this size takes, with the filter byte of each row."""
        bits = self.bit_depth * _CHANNELS_OF_COLOR_TYPE[self.color_type]
        passes = _ADAM7 if self.interlaced else ((0, 0, 1, 1),)
        total = 0
        for x, y, step_x, step_y in passes:
            columns = max(0, -(-(width - x) // step_x))
            rows = max(0, -(-(height - y) // step_y))
            if columns:
                total += rows * (1 + (columns * bits + 7) // 8)
        return total


@dataclass(slots=True)
class _Picture:
    """One coded picture: its size and the parts of the file that hold it."""

    size_wh: tuple[int, int]
    shown: bool
    start: int
    stop: int
    data: list[ByteView] = field(default_factory=list)


class _Walker:
    def __init__(self, view: ByteView, items: ItemList, limits: Limits) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._header: _Header | None = None
        self._seen: set[bytes] = set()
        self._frames: int | None = None  # what acTL announces
        self._pictures: list[_Picture] = []
        self._last_kind = b""

    def walk(self) -> int:
        for kind, chunk in self._chunks():
            if self._header is None:
                if kind != b"IHDR":
                    msg = "a PNG does not begin with its header"
                    raise DamagedInputError(msg)
                self._header = self._read_header(chunk)
            self._take(self._header, kind, chunk)
            self._last_kind = kind
            if kind == b"IEND":
                self._finish(self._header)
                return chunk.stop
        msg = "the PNG breaks off"
        raise DamagedInputError(msg)

    def _chunks(self) -> Iterator[tuple[bytes, ByteView]]:
        """Yield type and whole chunk, its checksum verified."""
        at = self._view.start + len(SIGNATURE)
        while at < self._view.stop:
            self._items.count_parts()
            length, kind = self._view.unpack(">I4s", at)
            chunk = self._view.part(at, at + length + 12)
            checksum = 0
            for _, piece in chunk.part(at + 4, chunk.stop - 4).pieces():
                checksum = zlib.crc32(piece, checksum)
            if checksum != chunk.unpack(">I", chunk.stop - 4)[0]:
                msg = "a PNG chunk has a wrong checksum"
                raise DamagedInputError(msg)
            yield kind, chunk
            at = chunk.stop

    def _read_header(self, chunk: ByteView) -> _Header:
        width, height, depth, color, _, _, interlace = chunk.unpack(">II5B", chunk.start + 8)
        if color not in _CHANNELS_OF_COLOR_TYPE or depth not in (1, 2, 4, 8, 16):
            msg = "a PNG header names a pixel format that does not exist"
            raise DamagedInputError(msg)
        self._limits.check_size_wh(width, height)
        return _Header(width, height, depth, color, interlaced=interlace == 1)

    def _take(self, header: _Header, kind: bytes, chunk: ByteView) -> None:
        payload = chunk.part(chunk.start + 8, chunk.stop - 4)
        repeated = kind in self._seen and kind not in _MANY
        self._seen.add(kind)
        if kind not in _NEEDED or repeated:
            self._report(kind, chunk, payload)
            return
        length = _NEEDED[kind]
        if length is not None and payload.stop - payload.start != length:
            msg = "a PNG chunk does not have the length it should"
            raise DamagedInputError(msg)
        if kind in (b"PLTE", b"tRNS"):
            self._check_table(header, kind, chunk, payload)
        elif kind == b"acTL":
            if b"IDAT" in self._seen:  # too late: players ignore it, and show a still
                self._items.add("unknown-segment", chunk.start, chunk.stop)
                return
            self._frames = int(payload.unpack(">I", payload.start)[0])
            self._limits.check_frames(self._frames, header.width, header.height)
        elif kind in _MANY:
            self._take_pixels(header, kind, chunk, payload)

    def _report(self, kind: bytes, chunk: ByteView, payload: ByteView) -> None:
        channel = _CHANNELS.get(kind, "unknown-segment")
        if channel == "text":
            keyword = payload.read(payload.start, min(32, payload.stop - payload.start))
            if keyword.startswith(_XMP_KEYWORD):
                channel = "xmp"
            for prefix, profile_channel in _RAW_PROFILES.items():
                if keyword.startswith(prefix):
                    channel = profile_channel
        self._items.add(channel, chunk.start, chunk.stop)
        if kind == b"eXIf":
            report_exif_parts(payload, self._items)

    def _check_table(
        self, header: _Header, kind: bytes, chunk: ByteView, payload: ByteView
    ) -> None:
        """Report palette entries and transparency values that no pixel can use."""
        if header.color_type == _PALETTE:
            used = (3 if kind == b"PLTE" else 1) << header.bit_depth
        else:
            used = _TRANSPARENCY_BYTES.get(header.color_type, 0) if kind == b"tRNS" else 0
        if used == 0:
            self._items.add("unused-table", chunk.start, chunk.stop)
        else:
            self._items.add("unused-table", min(payload.start + used, payload.stop), payload.stop)

    def _take_pixels(
        self, header: _Header, kind: bytes, chunk: ByteView, payload: ByteView
    ) -> None:
        if kind == b"fcTL":
            _, width, height = payload.unpack(">III", payload.start)
            if not (0 < width <= header.width and 0 < height <= header.height):
                msg = "a frame of an animated PNG has a wrong size"
                raise DamagedInputError(msg)
            self._limits.check_frames(len(self._pictures) + 1, header.width, header.height)
            self._pictures.append(
                _Picture((width, height), shown=True, start=chunk.start, stop=chunk.stop)
            )
            return
        if kind == b"IDAT":
            self._open_default_picture(header, chunk)
        if not self._pictures:
            msg = "a PNG has frame data without a frame"
            raise DamagedInputError(msg)
        picture = self._pictures[-1]
        picture.stop = chunk.stop
        sequence_bytes = 4 if kind == b"fdAT" else 0
        picture.data.append(payload.part(payload.start + sequence_bytes, payload.stop))

    def _open_default_picture(self, header: _Header, chunk: ByteView) -> None:
        """Begin the picture that IDAT codes, unless a frame header has begun it."""
        if self._last_kind == b"IDAT":
            return
        if any(picture.data for picture in self._pictures):
            msg = "the pixels of a PNG are not in one run of chunks"
            raise DamagedInputError(msg)
        if not self._pictures:
            # Viewers that know APNG never show a default picture that is no frame.
            shown = self._frames is None
            size_wh = (header.width, header.height)
            self._pictures.append(_Picture(size_wh, shown, chunk.start, chunk.stop))

    def _finish(self, header: _Header) -> None:
        if b"IDAT" not in self._seen:
            msg = "the PNG holds no pixels"
            raise DamagedInputError(msg)
        frames = 0
        for picture in self._pictures:
            frames += picture.shown
            if not picture.shown or frames > (self._frames or 1):
                self._items.add("second-image", picture.start, picture.stop)
            needed = header.inflated_bytes(*picture.size_wh)
            report_deflate_excess(picture.data, needed, self._items)
