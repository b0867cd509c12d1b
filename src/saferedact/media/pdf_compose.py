"""Making the page of a new document: what stays, set again; or the page as a picture."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_hits import Hidden
from saferedact.media.pdf_label import BOX_BOTTOM, BOX_TOP, TEXT_SIZE, box_width, label_width
from saferedact.media.pdf_model import Box, PageModel, Patch, Shape, bounds
from saferedact.media.pdf_paint import Painted, paint
from saferedact.media.pdf_patches import joined
from saferedact.media.pdf_redact import Redacted, take_out
from saferedact.media.pdf_render import Renderer, fitting_dpi
from saferedact.media.pdf_spoken import spoken_lines
from saferedact.media.pdf_views import PageRegionSpec
from saferedact.media.pdf_write import Label, NewDocument, PlacedImage

__all__ = ["add_page", "add_picture", "covers_alone", "covers_of"]

_RASTER_DPI = 300
"""Dots per inch of a page that becomes a picture: of print."""


def add_picture(
    document: NewDocument,
    model: PageModel,
    whole: Renderer,
    regions: Sequence[PageRegionSpec],
    *,
    spoken: bool,
) -> None:
    """Add a page as a picture of what a reader sees, with covers in it; `spoken` adds its text."""
    size = model.size
    photo = any(patch.photo for patch in model.patches)
    dpi = fitting_dpi(*size, _RASTER_DPI)
    if model.patches and not model.runs and not model.shapes:
        dpi = min(dpi, max(patch.dpi for patch in model.patches))
    pixels = whole.render(model.index, size, dpi)
    paint(pixels, [_painted(region) for region in regions], (0.0, 0.0), dpi)
    empty = PageModel(model.index, size)
    page = Redacted(empty, labels=_labels_in_place(regions, size))
    if spoken:
        page.spoken = spoken_lines(model, [_hidden(model, region) for region in regions])
    document.add_page(page, [PlacedImage((0.0, 0.0, *size), pixels, photo)])


def add_page(
    document: NewDocument, model: PageModel, bare: Renderer, regions: Sequence[PageRegionSpec]
) -> None:
    """Add a page of text and shapes; its patches are pictures of the page without its text."""
    hidden = [_hidden(model, region) for region in regions]
    page = take_out(model, hidden)
    by_box = {id(item): region for item, region in zip(hidden, regions, strict=True)}
    painted = [by_box[id(item)] for item in page.pixels]
    odd = [
        region for region in painted if region.operator != "solid" or region.shape != "rectangle"
    ]
    if odd:  # their cover is a picture
        more = [Patch(model.to_up(_grown(region.xyxy)), 150, photo=True) for region in odd]
        page.model.patches = joined([*page.model.patches, *more], model.size)
        boxes = {model.to_up(region.xyxy) for region in odd}
        page.covers = [cover for cover in page.covers if cover.xyxy not in boxes]
    images = _images(page.model, bare, painted)
    page.labels += _labels_in_place(painted, model.size)
    document.add_page(page, images)


def covers_of(model: PageModel, regions: Sequence[PageRegionSpec]) -> list[Box]:
    """Say where covers and labels stand on the new page, in points, y down."""
    page = take_out(model, [_hidden(model, region) for region in regions])
    boxes = [model.to_down(cover.xyxy) for cover in page.covers]
    for label in (item for _, line in page.lines for item in line if isinstance(item, Label)):
        box = bounds(label.matrix, (0.0, BOX_BOTTOM, label.width, BOX_TOP))
        boxes.append(model.to_down(box))
    return boxes


def covers_alone(
    size: tuple[float, float], regions: Sequence[PageRegionSpec], dpi: float
) -> npt.NDArray[np.uint8]:
    """Render solid covers with the words on them, and nothing else, on a page of white.

    Parameters
    ----------
    size : (float, float)
        Width and height of the page, in points.
    regions : sequence of PageRegionSpec
        What is covered: rectangles, whatever they say of their shape and operator.
    dpi : float
        Dots per inch.

    Returns
    -------
    ndarray, shape (h, w, 3), uint8
        As of `saferedact.media.pdf_render.Renderer.render`.
    """
    page = Redacted(PageModel(0, size))
    hidden = [_hidden(page.model, region) for region in regions]
    page.covers = [Shape("fill", region.xyxy, region.color) for region in hidden]
    page.labels = _labels_in_place(regions, size)
    document = NewDocument([])
    document.add_page(page, [])
    target = io.BytesIO()
    document.save(target)
    renderer = Renderer(target.getvalue())
    try:
        return renderer.render(0, size, dpi)
    finally:
        renderer.close()


def _images(
    model: PageModel, bare: Renderer, regions: Sequence[PageRegionSpec]
) -> list[PlacedImage]:
    images = []
    for patch in model.patches:
        down = model.to_down(patch.xyxy)
        dpi = fitting_dpi(down[2] - down[0], down[3] - down[1], patch.dpi)
        pixels = bare.render(model.index, model.size, dpi, down)
        paint(pixels, [_painted(region) for region in regions], (down[0], down[1]), dpi)
        images.append(PlacedImage(patch.xyxy, pixels, patch.photo))
    return images


def _hidden(model: PageModel, region: PageRegionSpec) -> Hidden:
    color = tuple(value / 255 for value in region.rgb)
    return Hidden(model.to_up(region.xyxy), region.mode, region.text, color, region.group)


def _painted(region: PageRegionSpec) -> Painted:
    return Painted(region.xyxy, region.operator, region.shape, region.rgb, region.seed)


def _grown(box: Box) -> Box:
    return box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4


def _labels_in_place(regions: Sequence[PageRegionSpec], size: tuple[float, float]) -> list[Label]:
    """Put words on covers, the widest first; none where its box would hide another word, or theirs its own."""
    labels = {
        place: label
        for place, region in enumerate(regions)
        if region.text and (label := _label_in_place(region, size)) is not None
    }
    hidden: set[int] = set()
    # What is kept lies in arrays: a page of names has thousands, and each is compared with all.
    boxes = np.empty((len(labels), 4))
    words = np.empty((len(labels), 4))
    kept = 0
    for place in sorted(
        labels, key=lambda place: (-labels[place].width * labels[place].matrix[0], place)
    ):
        if (
            regions[place].shape != "rectangle"
        ):  # its cover is not compared with what it looks like alone
            continue
        box, word = _extent(labels[place])
        if _meets_any(box, words[:kept]) or _meets_any(word, boxes[:kept]):
            hidden.add(place)
        else:
            boxes[kept], words[kept] = box, word
            kept += 1
    return [label for place, label in labels.items() if place not in hidden]


def _meets_any(box: Box, others: npt.NDArray[np.float64]) -> bool:
    """Tell whether a box shares an area with any of others, shape (n, 4)."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    return bool((low < high).all(1).any())


def _extent(label: Label) -> tuple[Box, Box]:
    """Boxes of a label and of the word on it."""
    middle = (BOX_TOP + BOX_BOTTOM) / 2
    wide, high = label_width(label.text) / 2, TEXT_SIZE / 2
    return (
        bounds(label.matrix, (0.0, BOX_BOTTOM, label.width, BOX_TOP)),
        bounds(
            label.matrix,
            (label.width / 2 - wide, middle - high, label.width / 2 + wide, middle + high),
        ),
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
