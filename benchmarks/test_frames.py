"""The frame core against flat memory and against OpenCV.

Run with ``pytest benchmarks/test_frames.py --benchmark-only --benchmark-timer=time.process_time``
and read the figures as ratios within one run: each group holds the operator, the plain memory
operation and OpenCV's nearest equivalent.

Targets: ``test_fill`` moves at least 40 % of the bytes per second of ``test_memset`` from 256 px up;
``test_100_boxes`` takes less than 0.5 ms of one CPU with ``solid`` and 5 ms with ``frost``, on
rectangles.
"""

import cv2
import numpy as np
import pytest

from saferedact.frames import redact_planes
from saferedact.frames.formats import FORMATS
from saferedact.frames.solid import fill
from saferedact.geometry import Grid
from saferedact.testing.frames import empty_frame, overwritten

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080), "2160p": (3840, 2160)}
FORMAT_NAMES = ("gray", "rgb24", "rgba", "yuv420p", "yuv420p10le", "nv12")
VIDEO_GRID = Grid((16, 16))


def noise_frame(name, size_wh):
    """Make a frame of noise."""
    frame = empty_frame(FORMATS[name], size_wh, color_range="limited")
    return overwritten(frame, np.ones(size_wh[::-1], dtype=np.bool_), 0)


def scattered_boxes(size_wh, count, side):
    """Scatter boxes of one size on the video grid."""
    rng = np.random.default_rng(0)
    corners = rng.integers(0, np.array(size_wh) - side, (count, 2)) // 16 * 16
    return np.concatenate([corners, corners + side], axis=1).astype(np.float32)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FORMAT_NAMES)
@pytest.mark.parametrize("operator", ["solid", "frost", "mosaic", "blur"])
def test_operator(benchmark, operator, name, size):
    """Each operator on each format and size."""
    benchmark.group = f"ten boxes of an eighth of the width, {name} {size}"
    frame = noise_frame(name, SIZES[size])
    boxes = scattered_boxes(SIZES[size], 10, SIZES[size][0] // 8)
    benchmark(
        redact_planes, frame, boxes, operator=operator, grid=VIDEO_GRID, allow_reversible=True
    )


@pytest.mark.parametrize("size", SIZES)
def test_memcpy_of_a_luma_plane(benchmark, size):
    """Flat copy, for comparison."""
    benchmark.group = f"whole luma plane {size}"
    plane = noise_frame("gray", SIZES[size]).planes[0].array
    benchmark(np.copyto, np.empty_like(plane), plane)


@pytest.mark.parametrize("size", SIZES)
def test_solid_over_a_luma_plane(benchmark, size):
    """A region as large as the frame."""
    benchmark.group = f"whole luma plane {size}"
    benchmark(
        redact_planes, noise_frame("gray", SIZES[size]), [[0, 0, *SIZES[size]]], operator="solid"
    )


REPEATS = 16  # boxes per call, so that the figure is that of the bytes and not of the call
SIDES = [64, 256, 512, 1024]


@pytest.mark.parametrize("side", SIDES)
def test_memset(benchmark, side):
    """Flat memory, for comparison."""
    benchmark.group = f"fill of {REPEATS} boxes of {side} px"
    memory = np.empty(side * side, dtype=np.uint8)

    def fill_flat():
        for _ in range(REPEATS):
            memory.fill(16)

    benchmark(fill_flat)


@pytest.mark.parametrize("side", SIDES)
def test_fill(benchmark, side):
    """Boxes of a plane."""
    benchmark.group = f"fill of {REPEATS} boxes of {side} px"
    boxes = np.array([[32, 16, 32 + side, 16 + side]] * REPEATS, dtype=np.int32)
    benchmark(fill, noise_frame("gray", SIZES["1080p"]), boxes, {"y": 16})


@pytest.mark.parametrize("side", SIDES)
def test_cv2_rectangle(benchmark, side):
    """OpenCV's equivalent."""
    benchmark.group = f"fill of {REPEATS} boxes of {side} px"
    plane = noise_frame("gray", SIZES["1080p"]).planes[0].array

    def fill_all():
        for _ in range(REPEATS):
            cv2.rectangle(plane, (32, 16), (31 + side, 15 + side), 16, -1)

    benchmark(fill_all)


@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
@pytest.mark.parametrize("operator", ["solid", "frost", "mosaic", "blur"])
def test_100_boxes(benchmark, operator, shape):
    """The stated targets."""
    benchmark.group = "100 boxes of 64 px, yuv420p 1080p"
    frame = noise_frame("yuv420p", SIZES["1080p"])
    boxes = scattered_boxes(SIZES["1080p"], 100, 64)
    benchmark(
        redact_planes,
        frame,
        boxes,
        operator=operator,
        shape=shape,
        grid=VIDEO_GRID,
        allow_reversible=True,
    )


def test_100_boxes_cv2_gaussian_blur(benchmark):
    """What other tools do instead."""
    benchmark.group = "100 boxes of 64 px, yuv420p 1080p"
    frame = noise_frame("yuv420p", SIZES["1080p"])
    rois = [
        plane.array[y1 // dy : y2 // dy, x1 // dx : x2 // dx]
        for plane in frame.planes
        for dx, dy in [plane.divisors(frame.subsampling)]
        for x1, y1, x2, y2 in scattered_boxes(SIZES["1080p"], 100, 64).astype(int).tolist()
    ]

    def blur_all():
        for roi in rois:
            roi[...] = cv2.GaussianBlur(roi, (0, 0), roi.shape[1] / 6)

    benchmark(blur_all)
