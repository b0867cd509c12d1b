"""One PDF from opening to the new file: what a worker process does on behalf of the program.

Nothing here runs in the program's own process (see `saferedact.media.pdf_worker`): a parser that
crashes or hangs on a hostile file is an error for that file alone.
"""

import io
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from saferedact.limits import Limits
from saferedact.media.pdf_content import FontTable, Found, Interpreter, ShowKey
from saferedact.media.pdf_label import BOX_BOTTOM, BOX_TOP, box_width
from saferedact.media.pdf_layers import Layers
from saferedact.media.pdf_lines import PageText, page_text, segments_of
from saferedact.media.pdf_model import Box, PageModel, Patch, bounds, multiply
from saferedact.media.pdf_open import (
    annotation_matrix,
    appearance_of,
    page_geometry,
    prepare,
)
from saferedact.media.pdf_paint import Painted, paint
from saferedact.media.pdf_patches import joined
from saferedact.media.pdf_redact import Hidden, Redacted, take_out
from saferedact.media.pdf_render import Renderer, fitting_dpi, without_text
from saferedact.media.pdf_visible import (
    differs,
    fonts_are_trusted,
    has_room_for_text,
    hide_unseen,
)
from saferedact.media.pdf_write import Label, NewDocument, PlacedImage

__all__ = ["PageRegionSpec", "PageView", "PdfFacts", "PdfSession", "TextLayer"]

_RASTER_DPI = 300
_CHECK_DPI = 100
"""Dots per inch at which what is hidden and what has changed is looked for."""

_CHECK_PIXELS = 8_000_000  # an A1 poster; larger pages are compared less finely

_KEPT_PAGES = 8  # the steps of the pipeline go through the pages one after another

_KEPT_GLYPHS = 300_000
"""Glyphs of pages whose content stays interpreted between two looks; a dense page has 5,000."""


@dataclass(frozen=True, slots=True, eq=False)
class PdfFacts:
    """What a source is.

    Parameters
    ----------
    sizes : tuple of (float, float)
        Width and height of each upright page, in points.
    notes : tuple of str
        What is left out, for people.
    hidden : dict of str to int
        Items of hidden data by channel.
    """

    sizes: tuple[tuple[float, float], ...]
    notes: tuple[str, ...]
    hidden: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class TextLayer:
    """Text of a page in one order, and where its characters stand.

    Parameters
    ----------
    text : str
        The text. It lives in memory only.
    boxes : ndarray, shape (n, 4), float32
        Box of each character in points, y down; NaN for what only joins others.
    lines : ndarray, shape (n,), int32
        Which part of which line each character stands in; -1 for what only joins others.
    hidden : bool
        Whether it can not be seen.
    """

    text: str
    boxes: npt.NDArray[np.float32]
    lines: npt.NDArray[np.int32]
    hidden: bool


@dataclass(frozen=True, slots=True, eq=False)
class PageView:
    """What a page shows and tells.

    Parameters
    ----------
    index : int
        From 0.
    size : (float, float)
        Width and height in points.
    layers : tuple of TextLayer
        Its text layer in two orders, visible and hidden text apart.
    look : bool
        Whether its picture may show text that the layers do not tell.
    raster : str
        Why it becomes a picture as a whole; empty if it does not.
    patches : tuple of Box
        What is pixels, in points, y down; the whole page if it becomes a picture.
    trusted : bool
        Whether its fonts show what the text layer says.
    """

    index: int
    size: tuple[float, float]
    layers: tuple[TextLayer, ...]
    look: bool
    raster: str
    patches: tuple[Box, ...]
    trusted: bool


@dataclass(frozen=True, slots=True)
class PageRegionSpec:
    """A region as the writer needs it.

    Parameters
    ----------
    xyxy : Box
        In points, y down.
    mode : {"label", "line", "cover"}
        See `saferedact.media.pdf_redact.Hidden`.
    operator, shape, rgb, seed
        How pixels are covered; see `saferedact.media.pdf_paint.Painted`.
    text : str
        Word of the label.
    group : str
        Neighbors of one group share a label.
    """

    xyxy: Box
    mode: str
    operator: Literal["solid", "frost", "mosaic", "blur"]
    shape: Literal["rectangle", "ellipse"]
    rgb: tuple[int, int, int]
    seed: int
    text: str
    group: str


class PdfSession:
    """An open source.

    Parameters
    ----------
    data : bytes
        The source.
    password : str
        Of an encrypted file.
    limits : Limits
        Size limits.
    """

    def __init__(self, data: bytes, *, password: str, limits: Limits) -> None:
        prepared = prepare(data, password=password, limits=limits)
        data = prepared.saved()
        prepared.pdf.close()
        self._whole = Renderer(data)
        self._fonts = FontTable()
        self._found: dict[int, Found] = {}
        self._models: OrderedDict[int, PageModel] = OrderedDict()
        self._verdicts: dict[int, tuple[str, bool, bool, npt.NDArray[np.uint8]]] = {}
        self._refused: frozenset[ShowKey] = frozenset()
        self._open(data)
        sizes = tuple(page_geometry(page)[0] for page in self._pdf.pages)
        self.facts = PdfFacts(sizes, tuple(prepared.notes), dict(prepared.hidden))
        without_text(self._pdf, self._first_pass())
        target = io.BytesIO()
        self._pdf.save(target)
        self._bare = Renderer(target.getvalue())
        self._pdf.close()
        self._open(data)  # interpretation goes on with the untouched document

    def _open(self, data: bytes) -> None:
        import pikepdf

        self._pdf: Any = pikepdf.open(io.BytesIO(data))
        self._layers = Layers(self._pdf.Root.get("/OCProperties"))

    def close(self) -> None:
        """Give everything back."""
        self._whole.close()
        self._bare.close()
        self._pdf.close()

    def _first_pass(self) -> dict[ShowKey, int]:
        """Find the text that can be set again; a stream that is used twice must agree with itself."""
        shown: dict[ShowKey, int] = {}
        refused: set[ShowKey] = set()
        glyphs = 0
        for index in range(len(self._pdf.pages)):
            found = self._interpret(index)
            shown.update(found.shown)
            refused |= found.refused
            glyphs += sum(len(run.glyphs) for run in found.runs)
            if glyphs <= _KEPT_GLYPHS:
                self._found[index] = found
        self._refused = frozenset(refused)
        conflict = refused & shown.keys()
        for index, found in list(self._found.items()):
            if conflict & found.shown.keys():
                del self._found[index]
        return {key: mode for key, mode in shown.items() if key not in refused}

    def _interpret(self, index: int) -> Found:
        page = self._pdf.pages[index]
        size, matrix = page_geometry(page)
        interpreter = Interpreter(self._fonts, self._layers, (0.0, 0.0, *size), self._refused)
        interpreter.page(page, page.obj.get("/Resources"), ("page", index), matrix)
        for annotation in page.obj.get("/Annots", []):
            form = appearance_of(annotation)
            if form is None or self._layers.hidden(annotation.get("/OC")):
                continue
            placed = annotation_matrix(annotation, form)
            if placed is not None:
                interpreter.appearance(form, multiply(placed, matrix))
        return interpreter.found

    def _model(self, index: int) -> PageModel:
        if index in self._models:
            return self._models[index]
        found = self._found.get(index) or self._interpret(index)
        size = self.facts.sizes[index]
        view = (0.0, 0.0, *size)
        patches = [patch for patch in found.patches if _inside(patch.xyxy, view)]
        model = PageModel(index, size, found.runs, found.shapes, joined(patches, size))
        model.shapes = [s for s in model.shapes if not _under(s.bounds, model.patches)]
        if index in self._verdicts:
            model.raster, model.look, model.trusted, hidden = self._verdicts[index]
            _hide(model, hidden)
        else:
            self._judge(model)
            flags = [glyph.hidden for run in model.runs for glyph in run.glyphs]
            self._verdicts[index] = (
                model.raster,
                model.look,
                model.trusted,
                np.packbits(np.array(flags, dtype=bool)),
            )
        self._models[index] = model
        if len(self._models) > _KEPT_PAGES:
            self._models.popitem(last=False)
        return model

    def _judge(self, model: PageModel) -> None:
        """Find out what of a page is seen, whether it must be looked at, and whether it can be built."""
        index, size = model.index, model.size
        whole = self._whole.render(index, size, _CHECK_DPI, max_pixels=_CHECK_PIXELS)
        if model.runs:
            bare = self._bare.render(index, size, _CHECK_DPI, max_pixels=_CHECK_PIXELS)
            model.raster = hide_unseen(model, whole, bare, self._fonts.fonts)
        model.trusted = fonts_are_trusted(model, self._fonts.fonts)
        model.look = has_room_for_text(model) or not model.trusted
        if not model.raster and (model.runs or model.shapes):
            model.raster = self._changed(model, whole)

    def _changed(self, model: PageModel, whole: npt.NDArray[np.uint8]) -> str:
        """Write the page as it is and look whether it still looks the same."""
        document = NewDocument(self._fonts.fonts)
        page = take_out(model, ())
        document.add_page(page, self._images(page.model, ()))
        target = io.BytesIO()
        document.save(target)
        renderer = Renderer(target.getvalue())
        try:
            again = renderer.render(0, model.size, _CHECK_DPI, max_pixels=_CHECK_PIXELS)
        finally:
            renderer.close()
        return "it would look different" if differs(whole, again) else ""

    def page(self, index: int) -> PageView:
        """Read a page."""
        model = self._model(index)
        layers = []
        for hidden in (False, True):
            segments = segments_of(model.runs, model.shapes, hidden=hidden)
            if not segments:
                continue
            homes = {
                ref: number
                for number, segment in enumerate(segments)
                for atom in segment.atoms
                for ref in atom.refs
            }
            texts = [page_text(segments, blocks=False), page_text(segments, blocks=True)]
            if texts[0].text == texts[1].text:
                texts.pop()
            layers += [_layer(model, text, homes, hidden=hidden) for text in texts]
        patches = tuple(model.to_down(patch.xyxy) for patch in model.patches)
        if model.raster:
            patches = ((0.0, 0.0, *model.size),)
        return PageView(
            index,
            model.size,
            tuple(layers),
            model.look or bool(model.raster),
            model.raster,
            patches,
            model.trusted,
        )

    def picture(self, index: int, dpi: float) -> npt.NDArray[np.uint8]:
        """Render a page as a reader sees it, shape (h, w, 3), uint8."""
        return self._whole.render(index, self.facts.sizes[index], dpi)

    def covers(self, index: int, regions: Sequence[PageRegionSpec], *, raster: bool) -> list[Box]:
        """Say where covers and labels stand on the new page, in points, y down.

        `raster` says that the page became a picture for another reason than its own.
        """
        model = self._model(index)
        if raster or model.raster:
            return [region.xyxy for region in regions]
        page = take_out(model, [_hidden(model, region) for region in regions])
        boxes = [model.to_down(cover.xyxy) for cover in page.covers]
        for label in (item for _, line in page.lines for item in line if isinstance(item, Label)):
            box = bounds(label.matrix, (0.0, BOX_BOTTOM, label.width, BOX_TOP))
            boxes.append(model.to_down(box))
        return boxes

    def write(
        self,
        destination: Path,
        regions: Mapping[int, Sequence[PageRegionSpec]],
        raster: frozenset[int],
    ) -> dict[int, str]:
        """Write the new document.

        Parameters
        ----------
        destination : Path
            The new file.
        regions : mapping of int to sequence of PageRegionSpec
            Regions by page.
        raster : frozenset of int
            Pages that have to become pictures.

        Returns
        -------
        dict of int to str
            Pages that became pictures, and why.
        """
        document = NewDocument(self._fonts.fonts)
        became: dict[int, str] = {}
        for index in range(len(self.facts.sizes)):
            model = self._model(index)
            mine = regions.get(index, ())
            reason = "it could not be proven clean" if index in raster else model.raster
            if reason:
                became[index] = reason
                self._add_picture(document, model, mine)
            else:
                self._add_page(document, model, mine)
        document.save(destination)
        return became

    def _add_picture(
        self, document: NewDocument, model: PageModel, regions: Sequence[PageRegionSpec]
    ) -> None:
        size = model.size
        photo = any(patch.photo for patch in model.patches)
        dpi = fitting_dpi(*size, _RASTER_DPI)
        if model.patches and not model.runs and not model.shapes:
            dpi = min(dpi, max(patch.dpi for patch in model.patches))
        pixels = self._whole.render(model.index, size, dpi)
        paint(pixels, [_painted(region) for region in regions], (0.0, 0.0), dpi)
        empty = PageModel(model.index, size)
        labels = [_label_in_place(region, size) for region in regions if region.text]
        page = Redacted(empty, labels=[label for label in labels if label is not None])
        document.add_page(page, [PlacedImage((0.0, 0.0, *size), pixels, photo)])

    def _add_page(
        self, document: NewDocument, model: PageModel, regions: Sequence[PageRegionSpec]
    ) -> None:
        hidden = [_hidden(model, region) for region in regions]
        page = take_out(model, hidden)
        by_box = {id(item): region for item, region in zip(hidden, regions, strict=True)}
        painted = [by_box[id(item)] for item in page.pixels]
        odd = [
            region
            for region in painted
            if region.operator != "solid" or region.shape != "rectangle"
        ]
        if odd:  # their cover is a picture
            more = [Patch(model.to_up(_grown(region.xyxy)), 150, photo=True) for region in odd]
            page.model.patches = joined([*page.model.patches, *more], model.size)
            boxes = {model.to_up(region.xyxy) for region in odd}
            page.covers = [cover for cover in page.covers if cover.xyxy not in boxes]
        images = self._images(page.model, painted)
        labels = [_label_in_place(region, model.size) for region in painted if region.text]
        page.labels += [label for label in labels if label is not None]
        document.add_page(page, images)

    def _images(self, model: PageModel, regions: Sequence[PageRegionSpec]) -> list[PlacedImage]:
        images = []
        for patch in model.patches:
            down = model.to_down(patch.xyxy)
            dpi = fitting_dpi(down[2] - down[0], down[3] - down[1], patch.dpi)
            pixels = self._bare.render(model.index, model.size, dpi, down)
            paint(pixels, [_painted(region) for region in regions], (down[0], down[1]), dpi)
            images.append(PlacedImage(patch.xyxy, pixels, patch.photo))
        return images


def _layer(
    model: PageModel, text: PageText, homes: Mapping[tuple[int, int], int], *, hidden: bool
) -> TextLayer:
    boxes = np.full((len(text.text), 4), np.nan, dtype=np.float32)
    lines = np.full(len(text.text), -1, dtype=np.int32)
    for place, refs in enumerate(text.refs):
        if not refs:
            continue
        number, glyph = refs[0]
        run = model.runs[number]
        boxes[place] = model.to_down(run.box(run.glyphs[glyph]))
        lines[place] = homes[refs[0]]
    return TextLayer(text.text, boxes, lines, hidden)


def _hide(model: PageModel, packed: npt.NDArray[np.uint8]) -> None:
    """Mark glyphs as an earlier look has found them."""
    flags = np.unpackbits(packed).astype(bool).tolist()
    place = 0
    for run in model.runs:
        for number, glyph in enumerate(run.glyphs):
            run.glyphs[number] = glyph._replace(hidden=flags[place])
            place += 1


def _hidden(model: PageModel, region: PageRegionSpec) -> Hidden:
    color = tuple(value / 255 for value in region.rgb)
    return Hidden(model.to_up(region.xyxy), region.mode, region.text, color, region.group)


def _painted(region: PageRegionSpec) -> Painted:
    return Painted(region.xyxy, region.operator, region.shape, region.rgb, region.seed)


def _grown(box: Box) -> Box:
    return box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4


def _inside(box: Box, view: Box) -> bool:
    return box[0] < view[2] and box[2] > view[0] and box[1] < view[3] and box[3] > view[1]


def _under(box: Box, patches: Sequence[Patch]) -> bool:
    return any(
        p.xyxy[0] <= box[0] and p.xyxy[1] <= box[1] and box[2] <= p.xyxy[2] and box[3] <= p.xyxy[3]
        for p in patches
    )


def _label_in_place(region: PageRegionSpec, size: tuple[float, float]) -> Label | None:
    """Put a word on a cover if there is room for it."""
    x1, y1, x2, y2 = region.xyxy
    height = min((y2 - y1) / (BOX_TOP - BOX_BOTTOM), 14.0)
    wide = box_width(region.text)
    height = min(height, (x2 - x1) / wide)
    if height < 3 or region.operator != "solid":
        return None
    middle_x, middle_y = (x1 + x2) / 2, size[1] - (y1 + y2) / 2
    x = middle_x - wide * height / 2
    y = middle_y - (BOX_TOP + BOX_BOTTOM) / 2 * height
    color = tuple(value / 255 for value in region.rgb)
    return Label((height, 0.0, 0.0, height, x, y), wide, region.text, color)
