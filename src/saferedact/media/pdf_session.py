"""One PDF from opening to the new file: what a worker process does on behalf of the program.

Nothing here runs in the program's own process (see `saferedact.media.pdf_worker`): a parser that
crashes or hangs on a hostile file is an error for that file alone.
"""

import io
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.pdf_compose import add_page, add_picture, covers_of
from saferedact.media.pdf_content import Interpreter
from saferedact.media.pdf_layers import Layers
from saferedact.media.pdf_lines import PageText, page_text, segments_of
from saferedact.media.pdf_model import Box, PageModel, Patch, multiply
from saferedact.media.pdf_open import prepare
from saferedact.media.pdf_patches import joined
from saferedact.media.pdf_places import annotation_matrix, appearance_of, page_geometry
from saferedact.media.pdf_render import Renderer, without_text
from saferedact.media.pdf_scattered import scattered_text
from saferedact.media.pdf_state import Context, FontTable, Found, ShowKey
from saferedact.media.pdf_views import KeptViews, PageRegionSpec, PageView, PdfFacts, TextLayer
from saferedact.media.pdf_visible import (
    differs,
    fonts_are_trusted,
    has_room_for_text,
    hide_unseen,
)
from saferedact.media.pdf_write import NewDocument

__all__ = ["PdfSession"]

_CHECK_DPI = 100
"""Dots per inch at which what is hidden and what has changed is looked for."""

_CHECK_PIXELS = 8_000_000  # an A1 poster; larger pages are compared less finely

_KEPT_PAGES = 8  # the steps of the pipeline go through the pages one after another

_KEPT_GLYPHS = 300_000
"""Glyphs of pages whose content stays interpreted between two looks; a dense page has 5,000."""

_LOOKS_DIFFERENT = "it would look different"


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
        self._data = prepared.saved()
        prepared.pdf.close()
        self._whole = Renderer(self._data)
        self._bare: Renderer | None = None
        self._fonts = FontTable()
        self._found: dict[int, Found] = {}
        self._models: OrderedDict[int, PageModel] = OrderedDict()
        self._verdicts: dict[int, tuple[str, bool, bool, npt.NDArray[np.uint8]]] = {}
        self._views = KeptViews()
        self._refused: frozenset[ShowKey] = frozenset()
        self._new: NewDocument | None = None
        self._open()
        sizes = tuple(page_geometry(page)[0] for page in self._pdf.pages)
        self.facts = PdfFacts(sizes, tuple(prepared.notes), dict(prepared.hidden))

    def _open(self) -> None:
        import pikepdf

        try:
            self._pdf: Any = pikepdf.open(io.BytesIO(self._data))
        except pikepdf.PdfError:  # what was written of a damaged document is none
            msg = "the document is damaged and cannot be read"
            raise DamagedInputError(msg) from None
        self._layers = Layers(self._pdf.Root.get("/OCProperties"))

    def close(self) -> None:
        """Give everything back."""
        self._whole.close()
        if self._bare is not None:
            self._bare.close()
        self._pdf.close()

    def _without_text(self) -> Renderer:
        """Show pages without the text that can be set again; who only renders needs no such copy."""
        if self._bare is None:
            without_text(self._pdf, self._first_pass())
            target = io.BytesIO()
            self._pdf.save(target)
            self._bare = Renderer(target.getvalue())
            self._pdf.close()
            self._open()  # interpretation goes on with the untouched document
        return self._bare

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
        context = Context(self._fonts, self._layers, (0.0, 0.0, *size), self._refused)
        interpreter = Interpreter(context)
        interpreter.page(page, page.obj.get("/Resources"), ("page", index), matrix)
        for annotation in page.obj.get("/Annots", []):
            form = appearance_of(annotation)
            if form is None or self._layers.hidden(annotation.get("/OC")):
                continue
            placed = annotation_matrix(annotation, form)
            if placed is not None:
                interpreter.appearance(form, multiply(placed, matrix))
        return context.found

    def _model(self, index: int) -> PageModel:
        if index in self._models:
            return self._models[index]
        self._without_text()
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
            bare = self._without_text().render(index, size, _CHECK_DPI, max_pixels=_CHECK_PIXELS)
            model.raster = hide_unseen(model, whole, bare, self._fonts.fonts)
        model.trusted = fonts_are_trusted(model, self._fonts.fonts)
        model.look = has_room_for_text(model) or not model.trusted
        if not model.raster and (model.runs or model.shapes):
            model.raster = self._changed(model, whole)

    def _changed(self, model: PageModel, whole: npt.NDArray[np.uint8]) -> str:
        """Write the page as it is and look whether it still looks the same."""
        document = NewDocument(self._fonts.fonts)
        add_page(document, model, self._without_text(), ())
        target = io.BytesIO()
        document.save(target)
        renderer = Renderer(target.getvalue())
        try:
            again = renderer.render(0, model.size, _CHECK_DPI, max_pixels=_CHECK_PIXELS)
        finally:
            renderer.close()
        return _LOOKS_DIFFERENT if differs(whole, again) else ""

    def page(self, index: int) -> PageView:
        """Read a page."""
        view = self._views.get(index)
        if view is None:
            view = self._view(index)
            self._views.keep(view)
        return view

    def _view(self, index: int) -> PageView:
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
            if not hidden and (scattered := scattered_text(segments, model.runs)).text:
                layers.append(_layer(model, scattered, homes, hidden=False, scattered=True))
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
            tuple((model.to_down(p.xyxy), p.dpi) for p in model.patches if p.image),
        )

    def picture(
        self, index: int, dpi: float, clip: Box | None, *, bare: bool = False
    ) -> npt.NDArray[np.uint8]:
        """Render a page, or a part of it, as a reader sees it, shape (h, w, 3), uint8.

        `bare` leaves out the text that can be set again: of a page that is trusted, all that its text
        layer tells.
        """
        renderer = self._without_text() if bare else self._whole
        return renderer.render(index, self.facts.sizes[index], dpi, clip)

    def covers(self, index: int, regions: Sequence[PageRegionSpec], *, raster: bool) -> list[Box]:
        """Say where covers and labels stand on the new page, in points, y down.

        `raster` says that the page became a picture for another reason than its own.
        """
        model = self._model(index)
        if raster or model.raster:
            return [region.xyxy for region in regions]
        return covers_of(model, regions)

    def begin(self) -> None:
        """Begin a new document."""
        self._new = NewDocument(self._fonts.fonts)

    def add(
        self, index: int, regions: Sequence[PageRegionSpec], *, raster: str, spoken: bool
    ) -> str:
        """Add a page to the new document.

        Parameters
        ----------
        index : int
            The next page.
        regions : sequence of PageRegionSpec
            What is taken out.
        raster : str
            Why it has to become a picture; empty if it has not.
        spoken : bool
            Whether the text of a picture is added, where it is known to be what the picture shows.

        Returns
        -------
        str
            Why it became a picture; empty if it did not.
        """
        if self._new is None:
            msg = "no new document was begun"
            raise RuntimeError(msg)
        model = self._model(index)
        reason = raster or model.raster
        if reason:
            known = model.trusted and model.raster in ("", _LOOKS_DIFFERENT)
            add_picture(self._new, model, self._whole, regions, spoken=spoken and known)
        else:
            add_page(self._new, model, self._without_text(), regions)
        return reason

    def finish(self, destination: Path) -> None:
        """Write the new document."""
        if self._new is None:
            msg = "no new document was begun"
            raise RuntimeError(msg)
        document, self._new = self._new, None
        document.save(destination)


def _layer(
    model: PageModel,
    text: PageText,
    homes: Mapping[tuple[int, int], int],
    *,
    hidden: bool,
    scattered: bool = False,
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
    return TextLayer(text.text, boxes, lines, hidden, scattered)


def _hide(model: PageModel, packed: npt.NDArray[np.uint8]) -> None:
    """Mark glyphs as an earlier look has found them."""
    flags = np.unpackbits(packed).astype(bool).tolist()
    place = 0
    for run in model.runs:
        for number, glyph in enumerate(run.glyphs):
            run.glyphs[number] = glyph._replace(hidden=flags[place])
            place += 1


def _inside(box: Box, view: Box) -> bool:
    return box[0] < view[2] and box[2] > view[0] and box[1] < view[3] and box[3] > view[1]


def _under(box: Box, patches: Sequence[Patch]) -> bool:
    return any(
        p.xyxy[0] <= box[0] and p.xyxy[1] <= box[1] and box[2] <= p.xyxy[2] and box[3] <= p.xyxy[3]
        for p in patches
    )
