"""Frosted patches against plain loops: which samples are read, and what is made of them."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from saferedact.frames import coverage_mask, redact_planes
from saferedact.frames.color import legal_span, sample_values
from saferedact.frames.grain import AMPLITUDE, grain_view
from saferedact.frames.masks import cover_of
from saferedact.frames.patch import paint
from saferedact.frames.planes import Channel
from saferedact.geometry import Grid
from saferedact.testing.frames import box_arrays, copy_of, frames, grids, overwritten, samples_of

SIDE, TAPS, VEIL = 8, 4, 10


def readable_samples(plane, covered, boxes, divisors):
    """Samples of a plane that touch a side of a region's box and that nothing hides."""
    height, width = plane.array.shape[:2]
    dx, dy = divisors
    readable = np.zeros((height, width), dtype=np.bool_)
    for x1, y1, x2, y2 in boxes.tolist():
        for y in range(height):
            for x in range(width):
                left, right = x * dx, x * dx + dx
                top, bottom = y * dy, y * dy + dy
                beside = x1 <= left < x2 and (bottom == y1 or top == y2)
                beside |= y1 <= top < y2 and (right == x1 or left == x2)
                readable[y, x] |= beside and not covered[top, left]
    return readable


@given(st.data(), frames(max_side=20), st.sampled_from(("rectangle", "ellipse")), grids())
def test_only_the_ring_is_read(data, frame, shape, grid):
    xyxy = data.draw(box_arrays(frame.size_wh, max_boxes=3))
    keep_out = data.draw(box_arrays(frame.size_wh, max_boxes=1))
    options = {"grid": grid, "subsampling": frame.subsampling}
    covered = coverage_mask(frame.size_wh, xyxy, shape=shape, **options)
    hidden = covered | coverage_mask(frame.size_wh, keep_out, **options)
    boxes = cover_of(frame.size_wh, xyxy, shape=shape, **options).boxes
    other = overwritten(copy_of(frame), np.ones_like(covered), 7)
    for plane, source in zip(other.planes, frame.planes, strict=True):
        ring = readable_samples(plane, hidden, boxes, plane.divisors(frame.subsampling))
        plane.array[ring] = source.array[ring]
    for one in (frame, other):
        redact_planes(one, xyxy, operator="frost", shape=shape, grid=grid, keep_out=keep_out)
    for (array, where), (other_array, _) in zip(
        samples_of(frame, covered), samples_of(other, covered), strict=True
    ):
        np.testing.assert_array_equal(array[where], other_array[where])


def slow_cells(channel, box, hidden, subsampling):
    """Cells of one patch by the definition: means weighted by inverse cubes of distance."""
    x1, y1, x2, y2 = box
    height, width = channel.array.shape
    dx, dy = (s // d for s, d in zip(subsampling, channel.divisors, strict=True))
    bins = []
    for k in range(SIDE):
        for tap in range(TAPS):
            step = 2 * (k * TAPS + tap) + 1
            x = x1 + step * (x2 - x1) // (2 * SIDE * TAPS)
            y = y1 + step * (y2 - y1) // (2 * SIDE * TAPS)
            center = 2 * k + 1
            bins += [((center, 0), x, y1 - 1), ((center, 16), x, y2)]
            bins += [((0, center), x1 - 1, y), ((16, center), x2, y)]
    bins = [
        (where, int(channel.array[y, x]))
        for where, x, y in bins
        if 0 <= x < width and 0 <= y < height and not hidden[y // dy, x // dx]
    ]
    if not bins:
        return None
    cells = np.zeros((SIDE, SIDE), dtype=np.int32)
    for j in range(SIDE):
        for i in range(SIDE):
            total = weight_sum = 0
            for (u, v), value in bins:
                squared = (2 * i + 1 - u) ** 2 + (2 * j + 1 - v) ** 2
                weight = 2**24 // math.isqrt(squared**3 * 256)
                total += weight * value
                weight_sum += weight
            cells[j, i] = (total + weight_sum // 2) // weight_sum
    return cells


def slow_spline(length, cells, bits):
    """Quadratic B-spline weights as exact fractions, rounded down, the rest to the largest."""
    rows = []
    for sample in range(length):
        position = Fraction((2 * sample + 1) * cells, 2 * length)
        weights = [Fraction(0)] * cells
        for k in range(-1, cells + 1):
            distance = abs(position - Fraction(2 * k + 1, 2))
            if distance <= Fraction(1, 2):
                weight = Fraction(3, 4) - distance**2
            else:
                weight = max(Fraction(3, 2) - distance, Fraction(0)) ** 2 / 2
            weights[min(max(k, 0), cells - 1)] += Fraction(math.floor(weight * 2**bits), 2**bits)
        weights[weights.index(max(weights))] += 1 - sum(weights)
        rows.append(weights)
    return rows


def slow_enlarged(cells, height, width, bit_depth, columns=None):
    bits = (23 - min(bit_depth, 12)) // 2
    step = 1 << max(bit_depth - 12, 0)
    down = slow_spline(height, cells.shape[0], bits)
    across = slow_spline(width, cells.shape[1], bits)
    return [
        [
            step
            * sum(
                down[y][j] * across[x][i] * (int(cells[j, i]) // step + Fraction(1, 2))
                for j in range(cells.shape[0])
                for i in range(cells.shape[1])
                if down[y][j] and across[x][i]
            )
            for x in (range(width) if columns is None else columns)
        ]
        for y in range(height)
    ]


@given(st.data(), frames(max_side=14))
def test_frost_is_the_slow_definition(data, frame):
    x1, y1 = (data.draw(st.integers(0, side - 1)) for side in frame.size_wh)
    x2, y2 = (
        data.draw(st.integers(low + 1, side))
        for low, side in zip((x1, y1), frame.size_wh, strict=True)
    )
    xyxy = np.array([[x1, y1, x2, y2]], dtype=np.float32)
    covered = coverage_mask(frame.size_wh, xyxy, subsampling=frame.subsampling)
    dx, dy = frame.subsampling
    expected = {}
    white = sample_values(frame, (255, 255, 255))
    grain = grain_view(np.array([5], dtype=np.uint64), frame.bit_depth)[0]
    margin = AMPLITUDE << (frame.bit_depth - 8)
    for number, channel in enumerate(frame.channels()):
        if channel.letter in "ax":
            continue
        mask = covered[:: channel.divisors[1], :: channel.divisors[0]]
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
        cells = slow_cells(channel, box, covered[::dy, ::dx], frame.subsampling)
        assume(cells is not None)
        cells = cells + (white[channel.letter] - cells) // VEIL
        texture = np.zeros((256, 256))
        if channel.letter not in "uv":
            low, high = legal_span(frame, channel.letter)
            cells = np.clip(cells, low + margin, high - margin)
            texture = grain
        height, width = box[3] - box[1], box[2] - box[0]
        patch = slow_enlarged(cells, height, width, frame.bit_depth)
        expected[number] = (
            box,
            [
                [math.floor(patch[y][x] + int(texture[y, x])) for x in range(width)]
                for y in range(height)
            ],
        )
    redact_planes(frame, xyxy, operator="frost", seeds=[5])
    for number, channel in enumerate(frame.channels()):
        if number in expected:
            (left, top, right, bottom), patch = expected[number]
            np.testing.assert_array_equal(channel.array[top:bottom, left:right], patch)


@given(
    st.integers(1, 600),
    st.integers(1, 12),
    st.sampled_from((8, 9, 10, 12, 14, 16)),
    st.integers(0, 2**32 - 1),
)
def test_enlarging_long_regions_is_exact(width, height, bit_depth, seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 1 << bit_depth, (1, 3, 5), dtype=np.int32)
    dtype = np.uint8 if bit_depth == 8 else np.uint16
    channel = Channel("y", np.zeros((height, width), dtype=dtype), (1, 1))
    cover = cover_of(
        (width, height),
        np.array([[0, 0, width, height]], dtype=np.float32),
        shape="rectangle",
        grid=Grid(),
        subsampling=(1, 1),
    )
    paint(channel, cover, list(cells), bit_depth=bit_depth, smooth=True)
    column = int(rng.integers(width))
    slow = slow_enlarged(cells[0], height, width, bit_depth, columns=[column])
    assert channel.array[:, column].tolist() == [math.floor(value) for (value,) in slow]
