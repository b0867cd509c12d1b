"""TIFF 6.0 and BigTIFF: pages, their tags, and bytes that no page refers to."""

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView, Spans
from saferedact.media.hidden_data.exif import report_ifd_tree, report_photoshop_parts
from saferedact.media.hidden_data.ifd import Entry, Ifd, TiffReader
from saferedact.media.hidden_data.items import Channel, ItemList
from saferedact.media.hidden_data.tiff_pixels import Layout, report_pixel_excess

__all__ = ["walk_tiff"]

_SUBFILE_TYPE, _JPEG_TABLES, _SUB_IFDS, _EXIF_IFD, _GPS_IFD, _PHOTOSHOP = (
    *(254, 347, 330),
    *(34665, 34853, 34377),
)
_REDUCED_RESOLUTION = 1  # bit of NewSubfileType
_MAX_SUB_IFDS = 64  # a raw photograph has up to five
# Pillow pads each page of a multi-page file, the last one too, to 16 bytes: the most seen.
_ALIGNMENT = 16

# Tags that tell how to show the pixels, with how many values each needs (TIFF 6.0). Those of
# offsets and sizes of the pixels' parts are checked with these.
_NEEDED_COUNTS = {
    **dict.fromkeys((_SUBFILE_TYPE, 256, 257, 259, 262, 266, 274, 277, 278, 284), 1),
    **dict.fromkeys((292, 293, 317, 322, 323, 332, 531), 1),
    318: 2,  # WhitePoint
    319: 6,  # PrimaryChromaticities
    529: 3,  # YCbCrCoefficients
    530: 2,  # YCbCrSubSampling
    532: 6,  # ReferenceBlackWhite
}
_PER_SAMPLE = frozenset({258, 338, 339})  # BitsPerSample, ExtraSamples, SampleFormat
_COLOR_MAP = 320
_PIXEL_PARTS = frozenset({273, 279, 324, 325})
_CHANNELS: dict[int, Channel] = {
    269: "text",  # DocumentName
    270: "text",  # ImageDescription
    271: "text",  # Make
    272: "text",  # Model
    282: "display-hint",  # XResolution
    283: "display-hint",  # YResolution
    285: "text",  # PageName
    296: "display-hint",  # ResolutionUnit
    297: "display-hint",  # PageNumber
    305: "text",  # Software
    306: "time",
    315: "text",  # Artist
    316: "text",  # HostComputer
    700: "xmp",
    33432: "text",  # Copyright
    33723: "iptc",
    _PHOTOSHOP: "application-data",
    34675: "icc",
    37500: "maker-data",
    50341: "maker-data",  # PrintIM
}


def walk_tiff(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a TIFF carries besides its pixels.

    Parameters
    ----------
    view : ByteView
        The whole file.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size and number of the pages.

    Returns
    -------
    int
        Offset after the last byte that a directory refers to.

    Raises
    ------
    DamagedInputError
        If the file breaks off, or its directories make no sense or form a circle.
    LimitExceededError
        If a page is too large, or the file has too many parts.
    """
    return _Walker(view, items, limits).walk()


class _Walker:
    def __init__(self, view: ByteView, items: ItemList, limits: Limits) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._reader = TiffReader(view, items)
        self._spans = Spans()
        self._page_starts: set[int] = set()
        self._pixel_bytes = 0

    def walk(self) -> int:
        self._spans.add(self._view.start, self._view.start + self._reader.header_bytes)
        at: int | None = self._reader.first_at()
        while at is not None:
            if at in self._page_starts:
                msg = "the pages of a TIFF form a circle"
                raise DamagedInputError(msg)
            self._page_starts.add(at)
            page = self._reader.read_ifd(at)
            layout = Layout.read(self._reader, page)
            self._limits.check_size_wh(layout.width, layout.height)
            self._limits.check_frames(len(self._page_starts), layout.width, layout.height)
            self._walk_page(page, layout)
            at = page.next_at
        return self._report_gaps()

    def _walk_page(self, page: Ifd, layout: Layout) -> None:
        self._spans.add(page.start, page.stop)
        for entry in page.entries.values():
            self._spans.add(entry.at, entry.at + entry.length)
            self._report_tag(entry, layout)
        for entry in page.repeated:
            self._spans.add(entry.at, entry.at + entry.length)
            self._items.add("tiff-tag", entry.at, entry.at + entry.length)
        parts = self._parts(layout, page)
        kind = page.entries.get(_SUBFILE_TYPE)
        if kind and self._reader.integers(kind, most=1)[0] & _REDUCED_RESOLUTION:
            self._report_picture("thumbnail", page, parts)
        report_pixel_excess(layout, parts, self._items, self._limits)

    def _report_tag(self, entry: Entry, layout: Layout) -> None:
        tag = entry.tag
        value = self._view.part(entry.at, entry.at + entry.length)
        if tag in _PIXEL_PARTS:
            needed = layout.part_count
        elif tag in _PER_SAMPLE:
            needed = layout.samples
        elif tag == _COLOR_MAP:
            needed = 3 << layout.bits[0]
        else:
            needed = _NEEDED_COUNTS.get(tag, 0)
        if needed:
            surplus = max(0, entry.count - needed)
            width = entry.length // max(entry.count, 1)
            self._items.add("tiff-tag", value.stop - surplus * width, value.stop)
        elif tag == _JPEG_TABLES:
            layout.report_jpeg_tables(value, self._items, self._limits)
        elif tag in (_EXIF_IFD, _GPS_IFD):
            self._report_directories(entry, "gps" if tag == _GPS_IFD else "exif")
        elif tag == _SUB_IFDS:
            self._report_sub_pages(entry)
        else:
            self._items.add(_CHANNELS.get(tag, "tiff-tag"), value.start, value.stop)
            if tag == _PHOTOSHOP:
                report_photoshop_parts(value, self._items)

    def _report_directories(self, entry: Entry, channel: Channel) -> None:
        for value in self._reader.integers(entry, most=_MAX_SUB_IFDS):
            at = self._reader.offset(value)
            report_ifd_tree(self._reader, at, channel, self._items, self._spans)

    def _report_sub_pages(self, entry: Entry) -> None:
        """Report pictures that belong to a page: previews, raw data, masks."""
        for value in self._reader.integers(entry, most=_MAX_SUB_IFDS):
            page = self._reader.read_ifd(self._reader.offset(value))
            self._spans.add(page.start, page.stop)
            for field in page.fields:
                self._spans.add(field.at, field.at + field.length)
            layout = Layout.read(self._reader, page)
            parts = self._parts(layout, page)
            self._report_picture("second-image", page, parts)

    def _report_picture(self, channel: Channel, page: Ifd, parts: list[ByteView]) -> None:
        """Report a directory, and its pixels as one range."""
        self._items.add(channel, page.start, page.stop)
        if parts:
            start = min(part.start for part in parts)
            self._items.add(channel, start, max(part.stop for part in parts))

    def _parts(self, layout: Layout, page: Ifd) -> list[ByteView]:
        """List the strips or tiles of a page, and account for them."""
        parts = layout.parts(self._reader, page, self._view, self._items)
        for part in parts:
            self._spans.add(part.start, part.stop)
            self._pixel_bytes += part.stop - part.start
        if self._pixel_bytes > self._view.stop - self._view.start:
            # Else a small file could have one long part inflated a million times.
            msg = "the strips or tiles of a TIFF overlap"
            raise DamagedInputError(msg)
        return parts

    def _report_gaps(self) -> int:
        """Report bytes between the parts; return the end of the last part."""
        end = self._view.stop
        for start, stop in self._spans.gaps(self._view.start, self._view.stop):
            if self._is_alignment(self._view.part(start, stop)):
                continue
            if stop == self._view.stop:
                end = start
            else:
                self._items.add("trailing-data", start, stop)
        return end

    def _is_alignment(self, gap: ByteView) -> bool:
        """Whether a gap holds nothing but zeros for alignment, and perhaps the header of a page.

        Pillow writes each page of a file as a file of its own, whose header stays in front of it.
        All bytes of such a header follow from the place of the page, so it carries nothing.
        """
        if gap.stop - gap.start >= _ALIGNMENT + self._reader.header_bytes:
            return False
        if gap.stop == self._view.stop and gap.stop % _ALIGNMENT:
            return False
        data = gap.read(gap.start, gap.stop - gap.start)
        rest = data.lstrip(b"\0")
        if len(data) - len(rest) >= _ALIGNMENT:
            return False
        if not rest:
            return True
        try:
            header = TiffReader(gap.part(gap.stop - len(rest), gap.stop), self._items)
            return header.header_bytes == len(rest) and header.first_at() in self._page_starts
        except DamagedInputError:
            return False
