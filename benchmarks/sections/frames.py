"""The frame core: operators by format, size and count; bytes a second beside plain memory."""

import numpy as np
from benchmarks.harness import alternate
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup

from saferedact.frames import redact_planes
from saferedact.frames.formats import FORMATS
from saferedact.frames.solid import fill
from saferedact.geometry import Grid
from saferedact.testing.frames import empty_frame, overwritten

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080), "2160p": (3840, 2160)}
FORMAT_NAMES = ("gray", "rgb24", "rgba", "yuv420p", "yuv420p10le", "nv12")
OPERATORS = ("solid", "frost", "mosaic", "blur")
SIDES = (64, 256, 512, 1024)
GRID = Grid((16, 16))
REPEATS = 16  # boxes per call, so that the figure is that of the bytes and not of the call


def noise_frame(name, size_wh):
    """Make a frame of noise."""
    frame = empty_frame(FORMATS[name], size_wh, color_range="limited")
    return overwritten(frame, np.ones(size_wh[::-1], dtype=np.bool_), 0)


def scattered_boxes(size_wh, count, side):
    """Scatter boxes of one size on the grid of video."""
    rng = np.random.default_rng(0)
    corners = rng.integers(0, np.array(size_wh) - side, (count, 2)) // 16 * 16
    return np.concatenate([corners, corners + side], axis=1).astype(np.float32)


def run(setup: Setup) -> Section:
    """Measure the frame core."""
    section = Section(
        "frames",
        "Frames",
        "The core alone: no reading, no detecting, no coding. Boxes are rectangles on a grid of 16 px, "
        "one thread.",
    )
    section.tables.append(_memory(setup, section))
    section.tables.append(_hundred(setup))
    section.tables.append(_formats(setup))
    section.tables.append(_counts(setup, section))
    return section


def _memory(setup, section):
    """Fill boxes; the references are a flat memset, and a memcpy, of as many bytes."""
    import cv2

    table = Table(
        "`solid` beside plain memory, gray 1080p, 16 boxes",
        [
            "box",
            "memset GB/s",
            "memcpy GB/s",
            "`solid` GB/s",
            "share of memset",
            "cv2.rectangle GB/s",
        ],
    )
    ours, theirs = [], []
    frame = noise_frame("gray", SIZES["1080p"])
    plane = frame.planes[0].array
    for side in SIDES:
        memory = np.empty(side * side, dtype=np.uint8)
        source = np.zeros_like(memory)
        boxes = np.array([[32, 16, 32 + side, 16 + side]] * REPEATS, dtype=np.int32)

        def memset(memory=memory):
            for _ in range(REPEATS):
                memory.fill(16)

        def memcpy(memory=memory, source=source):
            for _ in range(REPEATS):
                np.copyto(memory, source)

        def solid(boxes=boxes):
            fill(frame, boxes, {"y": 16})

        def rectangle(side=side):
            for _ in range(REPEATS):
                cv2.rectangle(plane, (32, 16), (31 + side, 15 + side), 16, -1)

        things = {"memcpy": memcpy, "solid": solid, "cv2": rectangle}
        found = alternate(memset, things, rounds=setup.pick(5, 11))
        size = REPEATS * side * side / 1e9
        share = 1 / found["solid"].ratio
        table.add(
            f"{side} px",
            size / found["solid"].reference_seconds,
            size / found["memcpy"].seconds,
            size / found["solid"].seconds,
            f"{100 * share:.0f} % ({100 / found['solid'].high:.0f}-{100 / found['solid'].low:.0f})",
            size / found["cv2"].seconds,
        )
        ours.append(100 * share)
        theirs.append(100 / found["cv2"].ratio)
    names = [f"{side} px" for side in SIDES]
    section.plots.append(
        Plot(
            "frames-memory.png",
            "bar",
            "Filling 16 boxes, gray 1080p",
            "side of a box",
            "% of a flat memset's bytes a second",
            [Series("saferedact solid", names, ours), Series("cv2.rectangle", names, theirs)],
        )
    )
    return table


def _hundred(setup):
    """The target of the design, beside what other tools do."""
    import cv2

    size = SIZES["1080p"]
    frame = noise_frame("yuv420p", size)
    boxes = scattered_boxes(size, 100, 64)
    rois = [
        plane.array[y1 // dy : y2 // dy, x1 // dx : x2 // dx]
        for plane in frame.planes
        for dx, dy in [plane.divisors(frame.subsampling)]
        for x1, y1, x2, y2 in boxes.astype(int).tolist()
    ]

    def blur_all():
        for roi in rois:
            roi[...] = cv2.GaussianBlur(roi, (0, 0), roi.shape[1] / 6)

    things = {
        f"{operator}, {shape}": _operator(frame, boxes, operator, shape)
        for operator in OPERATORS
        for shape in ("rectangle", "ellipse")
    }
    found = alternate(blur_all, things, rounds=setup.rounds)
    table = Table(
        "100 boxes of 64 px, yuv420p 1080p",
        ["operator", "ms", "over cv2.GaussianBlur on the same boxes"],
        note="Targets: `solid` on rectangles under 0.5 ms, `frost` under 5 ms.",
    )
    for name, one in found.items():
        table.add(name, 1e3 * one.seconds, one.cell(3))
    table.add("cv2.GaussianBlur", 1e3 * next(iter(found.values())).reference_seconds, "1")
    return table


def _operator(frame, boxes, operator, shape="rectangle"):
    def call():
        redact_planes(
            frame, boxes, operator=operator, shape=shape, grid=GRID, allow_reversible=True
        )

    return call


def _formats(setup):
    """Ten boxes of an eighth of the width, by format and size, over copying the frame once."""
    table = Table(
        "Ten boxes of an eighth of the width: ms a frame (ratio to copying the whole frame)",
        ["format", "size", *OPERATORS],
    )
    sizes = setup.pick(("1080p",), tuple(SIZES))
    for name in FORMAT_NAMES:
        for size in sizes:
            frame = noise_frame(name, SIZES[size])
            boxes = scattered_boxes(SIZES[size], 10, SIZES[size][0] // 8)
            arrays = [plane.array for plane in frame.planes]
            copies = [np.empty_like(array) for array in arrays]

            def copy(arrays=arrays, copies=copies):
                for array, target in zip(arrays, copies, strict=True):
                    np.copyto(target, array)

            things = {operator: _operator(frame, boxes, operator) for operator in OPERATORS}
            found = alternate(copy, things, rounds=3)
            cells = [f"{1e3 * one.seconds:.3g} ({one.ratio:.2f})" for one in found.values()]
            table.add(name, size, *cells)
    return table


def _counts(setup, section):
    """Cost against the number of boxes: a straight line is wanted."""
    size = SIZES["1080p"]
    frame = noise_frame("yuv420p", size)
    counts = (1, 10, 50, 100, 200, 400)
    table = Table("Boxes of 64 px, yuv420p 1080p: ms", ["boxes", "solid", "frost"])
    lines = {"solid": [], "frost": []}
    for count in counts:
        boxes = scattered_boxes(size, count, 64)
        things = {name: _operator(frame, boxes, name) for name in lines}
        plane = frame.planes[0].array
        target = np.empty_like(plane)
        found = alternate(
            lambda plane=plane, target=target: np.copyto(target, plane), things, rounds=setup.rounds
        )
        for name, one in found.items():
            lines[name].append((1e3 * one.seconds, one))
        table.add(count, *(1e3 * found[name].seconds for name in lines))
    section.plots.append(
        Plot(
            "frames-boxes.png",
            "line",
            "Cost against the number of boxes (64 px, yuv420p 1080p)",
            "boxes",
            "ms",
            [
                Series(name, [float(c) for c in counts], [y for y, _ in points])
                for name, points in lines.items()
            ],
            fit=True,
        )
    )
    return table
