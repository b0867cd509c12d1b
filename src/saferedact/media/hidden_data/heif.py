"""HEIF and AVIF (ISO/IEC 23008-12): the boxes of a file, and bytes that no picture refers to."""

from saferedact.errors import DamagedInputError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.hidden_data.boxes import Box, next_box, report_box
from saferedact.media.hidden_data.byte_view import ByteView, Spans
from saferedact.media.hidden_data.heif_items import report_items
from saferedact.media.hidden_data.heif_meta import Meta, read_meta
from saferedact.media.hidden_data.heif_sequence import report_sequence
from saferedact.media.hidden_data.items import ItemList

__all__ = ["names_pictures", "walk_heif"]

_SEQUENCE_BRANDS = frozenset({b"msf1", b"avis", b"hevc", b"hevx", b"hevm", b"hevs"})
_PICTURE_BRANDS = frozenset(
    {b"mif1", b"mif2", b"mif3", b"heic", b"heix", b"heim", b"heis", b"avif", b"avio"}
)
_KNOWN_BRANDS = (
    _SEQUENCE_BRANDS
    | _PICTURE_BRANDS
    | {b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr", b"MiAB", b"MA1A", b"MA1B", b"tmap", b"unif"}
    | {
        b"1pic",
        b"jpeg",
        b"jpgs",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"iso7",
        b"iso8",
        b"iso9",
    }
    | {b"isom", b"mp41", b"mp42"}
)


def names_pictures(view: ByteView) -> bool:
    """Whether the brands of an ISO media file say that it holds pictures, not a film.

    Raises
    ------
    DamagedInputError
        If the file breaks off in its first box.
    """
    box = next_box(view, view.start, ItemList())
    count = min((box.view.stop - box.payload_at) // 4, len(_KNOWN_BRANDS) + 2)
    brands = {view.read(box.payload_at + 4 * index, 4) for index in range(count) if index != 1}
    return bool(brands & (_PICTURE_BRANDS | _SEQUENCE_BRANDS))


def walk_heif(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a HEIF or AVIF file carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        The whole file.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size of the pictures and the number of frames.

    Returns
    -------
    int
        Offset after the last box.

    Raises
    ------
    DamagedInputError
        If the file breaks off or is not built as the standard demands.
    UnsupportedFormatError
        If the file is of another kind with the same frame, such as a film.
    LimitExceededError
        If a picture is too large, or the file has too many parts.
    """
    return _Walker(view, items, limits).walk()


class _Walker:
    def __init__(self, view: ByteView, items: ItemList, limits: Limits) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._meta: Meta | None = None
        self._moov: Box | None = None
        self._data: list[Box] = []
        self._spans = Spans()

    def walk(self) -> int:
        file_type = next_box(self._view, self._view.start, self._items)
        is_sequence = self._read_brands(file_type)
        end = self._read_boxes(file_type.view.stop)
        frames = self._account_for_sequence(is_sequence=is_sequence)
        self._account_for_items(frames)
        for box in self._data:
            gaps = self._spans.gaps(box.payload_at, box.view.stop)
            if gaps == [(box.payload_at, box.view.stop)] or box.payload_at == box.view.stop:
                gaps = [(box.view.start, box.view.stop)]  # nothing of it is used
            for start, stop in gaps:
                self._items.add("trailing-data", start, stop)
        return end

    def _read_brands(self, box: Box) -> bool:
        """Report brands that mean nothing; return whether players show a sequence."""
        count = (box.view.stop - box.payload_at) // 4
        if count > len(_KNOWN_BRANDS) + 2:
            msg = "a HEIF file names more brands than there are"
            raise DamagedInputError(msg)
        major, _, *others = box.payload.unpack("4s" * max(count, 2), box.payload_at)
        if not _KNOWN_BRANDS & {major, *others} & (_PICTURE_BRANDS | _SEQUENCE_BRANDS):
            msg = "the file is a film or of another kind that is not a still image"
            raise UnsupportedFormatError(msg)
        for index, brand in enumerate(others, start=2):
            if brand not in _KNOWN_BRANDS:
                at = box.payload_at + 4 * index
                self._items.add("unknown-segment", at, at + 4)
        self._items.add("unknown-segment", box.payload_at + 4 * count, box.view.stop)
        return major in _SEQUENCE_BRANDS

    def _read_boxes(self, at: int) -> int:
        """Read the boxes of the file; return the end of the last whole one."""
        while at < self._view.stop:
            try:
                box = next_box(self._view, at, self._items)
            except DamagedInputError:
                # Bytes behind the last box. If they were the pixels, these will be missing.
                return at
            if box.kind == b"meta" and self._meta is None:
                self._meta = read_meta(self._view, box, self._items)
            elif box.kind == b"moov" and self._moov is None:
                self._moov = box
            elif box.kind == b"mdat":
                self._data.append(box)
            else:
                report_box(box, self._items)
            at = box.view.stop
        return at

    def _account_for_sequence(self, *, is_sequence: bool) -> list[ByteView]:
        """Report what a sequence hides; return the data of its frames."""
        if self._moov is None:
            if is_sequence:
                msg = "the image sequence has no frames"
                raise DamagedInputError(msg)
            return []
        frames = report_sequence(self._view, self._moov, self._items, self._limits)
        for frame in frames:
            self._spans.add(frame.start, frame.stop)
        if not is_sequence:  # viewers show the picture, never the frames
            self._items.add("second-image", self._moov.view.start, self._moov.view.stop)
            for frame in frames:
                self._items.add("second-image", frame.start, frame.stop)
        return frames if is_sequence else []

    def _account_for_items(self, frames: list[ByteView]) -> None:
        if self._meta is None:
            if frames:
                return
            msg = "the HEIF file breaks off, or holds no picture"
            raise DamagedInputError(msg)
        needed = report_items(self._meta, self._items, self._limits)
        frame_starts = {frame.start for frame in frames}
        for number, item in self._meta.items.items():
            for extent in item.extents:
                self._spans.add(extent.start, extent.stop)
                # Players of a sequence show its frames. A picture beside them is never seen.
                if number in needed and frames and extent.start not in frame_starts:
                    self._items.add("second-image", extent.start, extent.stop)
        if self._meta.data is not None:
            self._data.append(self._meta.data)
