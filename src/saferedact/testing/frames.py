"""Hypothesis strategies for frames, regions and grids, and helpers to change and compare frames."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from saferedact.frames import FramePlanes, Plane
from saferedact.frames.formats import FORMATS, PixelFormat
from saferedact.frames.planes import ColorRange, Samples
from saferedact.geometry import BoxesXYXY, Grid

__all__ = ["box_arrays", "copy_of", "empty_frame", "frames", "grids", "overwritten", "samples_of"]

_LAYOUTS = ("packed", "padded", "upward", "mirrored")
_SEEDS = st.integers(0, 2**32 - 1)


def _view(height: int, row_samples: int, dtype: npt.DTypeLike, layout: str) -> Samples:
    """Allocate rows of samples in one of the memory layouts that decoders hand out."""
    padding = 0 if layout == "packed" else 5
    rows = np.zeros((height, row_samples + padding), dtype=dtype)[:, :row_samples]
    return rows[::-1] if layout == "upward" else rows


def empty_frame(
    pixel_format: PixelFormat,
    size_wh: tuple[int, int],
    layout: str = "packed",
    color_range: ColorRange = "full",
) -> FramePlanes:
    """Allocate a frame of zeros.

    Parameters
    ----------
    pixel_format : PixelFormat
        Layout of its planes.
    size_wh : (int, int)
        Frame width and height, in pixels.
    layout : str
        Memory of the rows: ``"packed"``, ``"padded"``, ``"upward"`` (negative stride of rows) or
        ``"mirrored"`` (negative stride of columns as well).
    color_range : str
        ``"full"`` or ``"limited"``.

    Returns
    -------
    FramePlanes
        New frame.
    """
    width, height = size_wh
    dtype = np.uint8 if pixel_format.bit_depth == 8 else np.uint16
    planes = []
    for letters in pixel_format.channels:
        chroma = set(letters) <= set("uv")
        dx, dy = pixel_format.subsampling if chroma else (1, 1)
        rows, columns, count = -(-height // dy), -(-width // dx), len(letters)
        array = _view(rows, columns * count, dtype, layout)
        if count > 1:
            array = array.reshape(rows, columns, count)
        planes.append(Plane(array[:, ::-1] if layout == "mirrored" else array, letters))
    return FramePlanes(
        tuple(planes),
        subsampling=pixel_format.subsampling,
        bit_depth=pixel_format.bit_depth,
        color_range=color_range,
    )


@st.composite
def frames(draw: st.DrawFn, max_side: int = 40) -> FramePlanes:
    """Frames of noise: any supported pixel format, small odd and even sizes, any strides."""
    pixel_format = FORMATS[draw(st.sampled_from(sorted(FORMATS)))]
    side = st.integers(1, max_side)
    frame = empty_frame(
        pixel_format,
        (draw(side), draw(side)),
        draw(st.sampled_from(_LAYOUTS)),
        draw(st.sampled_from(("full", "limited"))),
    )
    return overwritten(frame, np.ones(frame.size_wh[::-1], dtype=np.bool_), draw(_SEEDS))


@st.composite
def box_arrays(draw: st.DrawFn, size_wh: tuple[int, int], max_boxes: int = 5) -> BoxesXYXY:
    """Arrays of boxes in eighths of a pixel: inside, across, around and outside of a frame."""

    def span(limit: int) -> tuple[float, float]:
        ends = st.integers(-8 * 12, 8 * (limit + 12)) | st.integers(0, limit).map(lambda v: 8 * v)
        low, high = sorted((draw(ends), draw(ends)))
        return low / 8, high / 8

    count = draw(st.integers(0, max_boxes))
    spans = [(span(size_wh[0]), span(size_wh[1])) for _ in range(count)]
    rows = [(x1, y1, x2, y2) for (x1, x2), (y1, y2) in spans]
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def grids() -> st.SearchStrategy[Grid]:
    """Block grids of codecs, and odd ones; any origin."""
    side = st.sampled_from((1, 2, 3, 8, 16))
    return st.builds(Grid, st.tuples(side, side), st.tuples(st.integers(0, 15), st.integers(0, 15)))


def copy_of(frame: FramePlanes) -> FramePlanes:
    """Copy a frame into packed memory of its own."""
    planes = tuple(Plane(plane.array.copy(order="C"), plane.channels) for plane in frame.planes)
    return replace(frame, planes=planes)


def samples_of(
    frame: FramePlanes, mask: npt.NDArray[np.bool_]
) -> list[tuple[Samples, npt.NDArray[np.bool_]]]:
    """Pair each plane with the part of a pixel mask that falls on its samples.

    Parameters
    ----------
    frame : FramePlanes
        Any frame.
    mask : ndarray, shape (h, w), bool
        Pixels; equal within each chroma sample.

    Returns
    -------
    list of (ndarray, ndarray)
        View of each plane, and mask of the plane's height and width.
    """
    pairs = []
    for plane in frame.planes:
        dx, dy = plane.divisors(frame.subsampling)
        pairs.append((plane.array, mask[::dy, ::dx]))
    return pairs


def overwritten(frame: FramePlanes, mask: npt.NDArray[np.bool_], seed: int) -> FramePlanes:
    """Replace the samples under a pixel mask by noise, in place.

    Parameters
    ----------
    frame : FramePlanes
        Written in place.
    mask : ndarray, shape (h, w), bool
        Pixels; equal within each chroma sample.
    seed : int
        Chooses the noise.

    Returns
    -------
    FramePlanes
        `frame` itself.
    """
    rng = np.random.default_rng(seed)
    for array, where in samples_of(frame, mask):
        noise = rng.integers(0, 1 << frame.bit_depth, array.shape, dtype=array.dtype)
        array[where] = noise[where]
    return frame
