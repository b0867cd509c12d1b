"""What the program and the process that parses PDFs tell each other: pages, texts, and regions."""

import pickle
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from saferedact.media.pdf_model import Box

__all__ = ["KeptViews", "PageRegionSpec", "PageView", "PdfFacts", "TextLayer"]

_KEPT_BYTES = 128 * 1024**2
"""Packed pages that are kept. A page of 3,000 characters takes 40 kB."""


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
    scattered : bool
        Whether it is of letters that form no lines, read as they were drawn: words only if they are surely
        meant.
    """

    text: str
    boxes: npt.NDArray[np.float32]
    lines: npt.NDArray[np.int32]
    hidden: bool
    scattered: bool = False


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
        Its text layer in two orders, visible and hidden text apart, and letters that form no lines.
    look : bool
        Whether its picture may show text that the layers do not tell.
    raster : str
        Why it becomes a picture as a whole; empty if it does not.
    patches : tuple of Box
        What is pixels, in points, y down; the whole page if it becomes a picture.
    trusted : bool
        Whether its fonts show what the text layer says.
    images : tuple of (Box, int)
        Where images are, in points, y down, and how many dots per inch of them are kept.
    """

    index: int
    size: tuple[float, float]
    layers: tuple[TextLayer, ...]
    look: bool
    raster: str
    patches: tuple[Box, ...]
    trusted: bool
    images: tuple[tuple[Box, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PageRegionSpec:
    """A region as the writer needs it.

    Parameters
    ----------
    xyxy : Box
        In points, y down.
    mode : {"label", "line", "cover"}
        See `saferedact.media.pdf_hits.Hidden`.
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


class KeptViews:
    """Pages that were read, packed: every step goes through all of them again."""

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}
        self._room = _KEPT_BYTES

    def get(self, index: int) -> PageView | None:
        """Return a page; None if it was not kept."""
        packed = self._packed.get(index)
        if packed is None:
            return None
        view: PageView = pickle.loads(zlib.decompress(packed))  # noqa: S301  we packed it
        return view

    def keep(self, view: PageView) -> None:
        """Keep a page if there is room."""
        packed = zlib.compress(pickle.dumps(view, protocol=5), 1)
        if len(packed) <= self._room:  # the first pages stay: those that go round would all be lost
            self._room -= len(packed)
            self._packed[view.index] = packed
