"""The strips and tiles of a TIFF page: where they lie, and whether they hold more than pixels."""

from dataclasses import dataclass
from typing import Self

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.ifd import Ifd, TiffReader
from saferedact.media.hidden_data.inflate import report_deflate_excess
from saferedact.media.hidden_data.items import ItemList
from saferedact.media.hidden_data.jpeg import walk_jpeg

__all__ = ["Layout", "report_pixel_excess"]

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIP_OFFSETS, _SAMPLES, _ROWS_PER_STRIP, _STRIP_BYTES, _PLANAR = 273, 277, 278, 279, 284
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES, _SUBSAMPLING = 322, 323, 324, 325, 530
_UNCOMPRESSED, _JPEG, _DEFLATE = 1, 7, (8, 32946)
_YCBCR = 6
_SEPARATE_PLANES = 2
_MAX_SAMPLES = 64  # per pixel; 4 and alpha in a photograph, a few dozen in scientific pictures
_MAX_PARTS = 1_000_000  # a picture at the pixel limit in tiles of 16 x 16


@dataclass(frozen=True, slots=True)
class Layout:
    """How the pixels of one page are laid out."""

    width: int
    height: int
    bits: tuple[int, ...]  # per sample
    compression: int
    planes: int  # 1, or one for each sample
    part_width: int  # of a tile, or of the page
    part_height: int  # of a tile or strip
    tiled: bool
    subsampling: tuple[int, int] | None  # of uncompressed or deflated YCbCr

    @classmethod
    def read(cls, reader: TiffReader, page: Ifd) -> Self:
        """Read the layout of a page.

        Raises
        ------
        DamagedInputError
            If a tag is missing or holds what cannot be.
        LimitExceededError
            If the page has more parts than any real one.
        """

        def number(tag: int, default: int | None = None) -> int:
            entry = page.entries.get(tag)
            if entry is not None:
                return reader.integers(entry, most=_MAX_SAMPLES)[0]
            if default is None:
                msg = f"a TIFF page lacks tag {tag}"
                raise DamagedInputError(msg)
            return default

        width, height, samples = number(_WIDTH), number(_HEIGHT), number(_SAMPLES, 1)
        tiled = _TILE_OFFSETS in page.entries
        part_width = number(_TILE_WIDTH) if tiled else width
        part_height = (
            number(_TILE_HEIGHT) if tiled else min(number(_ROWS_PER_STRIP, height), height)
        )
        if not (width and height and part_width and part_height and 0 < samples <= _MAX_SAMPLES):
            msg = "a TIFF page has no size"
            raise DamagedInputError(msg)
        bits_entry = page.entries.get(_BITS)
        bits = reader.integers(bits_entry, most=_MAX_SAMPLES) if bits_entry else (1,)
        subsampling_entry = page.entries.get(_SUBSAMPLING)
        subsampling = None
        if number(_PHOTOMETRIC, 0) == _YCBCR:
            pair = reader.integers(subsampling_entry, most=2) if subsampling_entry else (2, 2)
            subsampling = (pair[0], pair[-1])
        layout = cls(
            width=width,
            height=height,
            bits=(*bits, *[bits[-1]] * samples)[:samples],
            compression=number(_COMPRESSION, _UNCOMPRESSED),
            planes=samples if number(_PLANAR, 1) == _SEPARATE_PLANES else 1,
            part_width=part_width,
            part_height=part_height,
            tiled=tiled,
            subsampling=subsampling,
        )
        if layout.part_count > _MAX_PARTS:
            msg = f"a TIFF page is in more than {_MAX_PARTS} parts"
            raise LimitExceededError(msg)
        return layout

    @property
    def samples(self) -> int:
        """Samples of one pixel."""
        return len(self.bits)

    @property
    def part_count(self) -> int:
        """Number of strips or tiles."""
        columns = -(-self.width // self.part_width)
        rows = -(-self.height // self.part_height)
        return columns * rows * self.planes

    def parts(
        self, reader: TiffReader, page: Ifd, view: ByteView, items: ItemList
    ) -> list[ByteView]:
        """List the strips or tiles of a page, in order.

        Raises
        ------
        DamagedInputError
            If one is missing or does not lie inside the file.
        LimitExceededError
            If the file has too many parts.
        """
        items.count_parts(self.part_count)
        offsets_entry = page.entries.get(_TILE_OFFSETS if self.tiled else _STRIP_OFFSETS)
        bytes_entry = page.entries.get(_TILE_BYTES if self.tiled else _STRIP_BYTES)
        if offsets_entry is None or bytes_entry is None:
            msg = "a TIFF page does not say where its pixels are"
            raise DamagedInputError(msg)
        offsets = reader.integers(offsets_entry, most=_MAX_PARTS)
        sizes = reader.integers(bytes_entry, most=_MAX_PARTS)
        if min(len(offsets), len(sizes)) < self.part_count:
            msg = "a TIFF page does not say where all of its pixels are"
            raise DamagedInputError(msg)
        starts = [reader.offset(offset) for offset in offsets]
        return [view.part(start, start + size) for start, size in zip(starts, sizes, strict=False)][
            : self.part_count
        ]

    def decoded_bytes(self, index: int) -> int:
        """Bytes of one strip or tile when it is not compressed."""
        rows = self.part_height
        if not self.tiled:
            strip = index % (self.part_count // self.planes)
            rows = min(rows, self.height - strip * self.part_height)
        if self.planes > 1:
            bits = self.bits[index // (self.part_count // self.planes)]
        elif self.subsampling and self.samples == 3:
            return self._subsampled_bytes(rows, *self.subsampling)
        else:
            bits = sum(self.bits)
        return rows * ((self.part_width * bits + 7) // 8)

    def _subsampled_bytes(self, rows: int, across: int, down: int) -> int:
        """Bytes of YCbCr pixels: each block has its luma samples and two chroma samples."""
        if not across or not down:
            msg = "a TIFF page has a chroma subsampling of zero"
            raise DamagedInputError(msg)
        blocks = -(-self.part_width // across) * -(-rows // down)
        return blocks * (across * down + 2) * self.bits[0] // 8

    def report_jpeg_tables(self, tables: ByteView, items: ItemList, limits: Limits) -> None:
        """Report what the stream of shared JPEG tables carries besides tables.

        Raises
        ------
        DamagedInputError
            If it is not built as such a stream is.
        """
        if self.compression != _JPEG:
            items.add("tiff-tag", tables.start, tables.stop)
            return
        end = walk_jpeg(tables, items, limits, tables_only=True)
        items.add("trailing-data", end, tables.stop)


def report_pixel_excess(
    layout: Layout, parts: list[ByteView], items: ItemList, limits: Limits
) -> None:
    """Report bytes of strips or tiles that are no pixels.

    Uncompressed, deflated and JPEG parts are looked into; of other codings only the place is known.

    Parameters
    ----------
    layout : Layout
        How the pixels are laid out.
    parts : list of ByteView
        The strips or tiles, in order.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the size of JPEG parts.

    Raises
    ------
    DamagedInputError
        If a part is too short or cannot be decoded.
    """
    for index, part in enumerate(parts):
        if layout.compression == _UNCOMPRESSED:
            end = part.part(part.start, part.start + layout.decoded_bytes(index)).stop
            items.add("trailing-data", end, part.stop)
        elif layout.compression in _DEFLATE:
            report_deflate_excess([part], layout.decoded_bytes(index), items)
        elif layout.compression == _JPEG:
            items.add("trailing-data", walk_jpeg(part, items, limits), part.stop)
