"""WebP (RFC 9649): RIFF chunks, and the chunks inside animation frames."""

from collections.abc import Iterator

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.exif import report_exif_parts
from saferedact.media.hidden_data.items import Channel, ItemList

__all__ = ["walk_webp"]

_BITSTREAMS = frozenset({b"VP8 ", b"VP8L"})
_PICTURE = _BITSTREAMS | {b"ALPH"}
# Chunks with numbers only, and their length: the canvas, and background and loop count.
_NUMBERS = {b"VP8X": 10, b"ANIM": 6}
_FRAME_BYTES = 16  # position, size, duration and flags before the chunks of a frame
_CHANNELS: dict[bytes, Channel] = {
    b"EXIF": "exif",
    b"XMP ": "xmp",
    b"ICCP": "icc",
    b"C2PA": "jumbf",
}
_EXIF_PREFIX = b"Exif\0\0"  # not of the format, but some writers copy it from JPEG


def walk_webp(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a WebP carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        Begins with the RIFF header; may go on after the end that it announces.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size and the number of frames.

    Returns
    -------
    int
        Offset after the last chunk.

    Raises
    ------
    DamagedInputError
        If the file breaks off or holds no picture.
    LimitExceededError
        If the picture is too large, or the file has too many parts.
    """
    (size,) = view.unpack("<I", view.start + 4)
    riff = view.part(view.start, view.start + 8 + size)
    canvas_wh = (0, 0)
    frames = 0
    seen: dict[bytes, ByteView] = {}
    for kind, chunk in _chunks(riff.part(riff.start + 12, riff.stop), items):
        if kind == b"ANMF":
            frames += 1
            limits.check_frames(frames, *canvas_wh)
            _walk_frame(chunk, canvas_wh, items)
        elif kind in _NUMBERS and kind not in seen:
            items.add("unknown-segment", _after(chunk, _NUMBERS[kind]), chunk.stop)
            if kind == b"VP8X":
                canvas_wh = _size_wh(chunk, 12)
                limits.check_size_wh(*canvas_wh)
        else:
            _walk_picture_chunk(kind, chunk, seen, items)
        seen.setdefault(kind, chunk)
    if not frames and not seen.keys() & _BITSTREAMS:
        msg = "the WebP holds no picture"
        raise DamagedInputError(msg)
    if frames:
        _report_still_of_animation(riff, items)
    return riff.stop


def _chunks(view: ByteView, items: ItemList) -> Iterator[tuple[bytes, ByteView]]:
    """Yield type and chunk with its header; report what stands in the byte that pads it."""
    at = view.start
    while at < view.stop:
        items.count_parts()
        kind, size = view.unpack("<4sI", at)
        chunk = view.part(at, at + 8 + size)
        if size % 2 and view.read(chunk.stop, 1) != b"\0":
            items.add("padding", chunk.stop, chunk.stop + 1)
        yield kind, chunk
        at = chunk.stop + size % 2


def _after(chunk: ByteView, payload_bytes: int) -> int:
    """Offset after the needed bytes of a chunk, which must be there."""
    return chunk.part(chunk.start, chunk.start + 8 + payload_bytes).stop


def _size_wh(chunk: ByteView, at: int) -> tuple[int, int]:
    """Two 24-bit numbers, each one less than what they mean."""
    low, high, rows_low, rows_high = chunk.unpack("<HBHB", chunk.start + at)
    return 1 + low + (high << 16), 1 + rows_low + (rows_high << 16)


def _walk_frame(chunk: ByteView, canvas_wh: tuple[int, int], items: ItemList) -> None:
    width, height = _size_wh(chunk, 8 + 6)
    if width > canvas_wh[0] or height > canvas_wh[1]:
        msg = "a frame of an animated WebP is larger than its canvas"
        raise DamagedInputError(msg)
    seen: dict[bytes, ByteView] = {}
    for kind, part in _chunks(chunk.part(_after(chunk, _FRAME_BYTES), chunk.stop), items):
        _walk_picture_chunk(kind, part, seen, items)
        seen.setdefault(kind, part)


def _walk_picture_chunk(
    kind: bytes, chunk: ByteView, seen: dict[bytes, ByteView], items: ItemList
) -> None:
    """Report a chunk that is not one of the picture: others, and a second bitstream."""
    if kind in _PICTURE:
        if kind in seen or seen.keys() & _BITSTREAMS:
            items.add("second-image", chunk.start, chunk.stop)
        elif kind == b"VP8L" and (alpha := seen.get(b"ALPH")):  # VP8L has its own
            items.add("second-image", alpha.start, alpha.stop)
        return
    items.add(_CHANNELS.get(kind, "unknown-segment"), chunk.start, chunk.stop)
    if kind == b"EXIF":
        start = chunk.start + 8
        if chunk.starts_with(_EXIF_PREFIX, start):
            start += len(_EXIF_PREFIX)
        report_exif_parts(chunk.part(start, chunk.stop), items)


def _report_still_of_animation(riff: ByteView, items: ItemList) -> None:
    """Report a picture that stands beside the frames: players show the frames only."""
    for kind, chunk in _chunks(riff.part(riff.start + 12, riff.stop), items):
        if kind in _PICTURE:
            items.add("second-image", chunk.start, chunk.stop)
