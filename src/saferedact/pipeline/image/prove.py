"""Prove that a written file is what the plan says: structure, every region, nothing but pixels.

The source is read again and redacted in memory; what was written must be that, sample by sample if
the format is lossless, and within the losses of the codec if not. This catches a region that was
not covered, was covered elsewhere, in another frame, at another scale or turned; it cannot catch
what the plan missed.
"""

import math
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError, LimitExceededError
from saferedact.frames import coverage_mask
from saferedact.geometry import Grid, snap_outward
from saferedact.limits import Limits
from saferedact.media.base import ImageFrame
from saferedact.media.hidden_data import CHANNELS, scan_hidden_data
from saferedact.media.image_color import (
    clear_hidden_color,
    flatten_on_white,
    narrow,
    with_channels,
)
from saferedact.media.image_read import ImageSource, open_image
from saferedact.pipeline.image.hide import hide
from saferedact.plan import RegionGroup, ResolvedPlan
from saferedact.report import Finding, Location

__all__ = ["prove"]

_ERODE = 8
"""Samples left out along a region's edge in a lossy output, in pixels: one JPEG block, whose
ringing mixes both sides of the edge."""

_WINDOW = 8
"""Side of the windows in which errors are averaged, in pixels: a JPEG block. Single samples say
little: chroma at half the resolution alone moves them by 200 levels beside saturated colors."""

_LARGEST_ERROR = {"solid": 8.0, "frost": 12.0, "mosaic": 12.0, "blur": 12.0}
"""Largest mean error of luma or alpha in a window, in levels of 255. Measured on 4,800 regions of 1
to 200 px in photographs, noise and saturated patterns, coded by every lossy writer: at most 6.0 under
`solid`, 9.7 under `frost` and 10.5 under the others (but for one GIF of 22), which are patterned
themselves. Without a cover it was 27 or more in nine of ten regions of 256 samples or more."""

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # Rec. ITU-R BT.601-7, section 2.5.1

_LEAST_SHARE = 0.05
_LEAST_STRENGTH = 1.0
_SURE = 4
"""A region shows what it hides if some channel holds at least this share of the hidden structure,
that is at least this strong (standard deviation, in levels of 255; codecs make steps of one level of
smooth shades), and it is this many times what the codec's noise makes of it (errors within a block
go together, so each `_WINDOW` squared samples count as one). In 2,800 more files none did so
by chance; a tenth of the hidden picture under `solid` is seen in nine regions of ten."""

_LEAST_SAMPLES = 64
"""Regions with fewer samples than this, one JPEG block, are judged by their error alone."""

_HIDDEN_COLOR = 48
"""Mean of a window, in levels of 255, that codecs may leave where all color was cleared, `_ERODE` px
from what is shown. Measured: up to 20, in animations, where an earlier frame had its edge."""

_LEAST_NOISE = 0.3  # levels of 255: what rounding to whole levels makes

_NEXT = "report this; do not publish the file"


def prove(source: Path, written: Path, resolved: ResolvedPlan) -> list[Finding]:
    """Compare a written file with its source and plan.

    Parameters
    ----------
    source : Path
        The original.
    written : Path
        The redacted file.
    resolved : ResolvedPlan
        What was to be hidden.

    Returns
    -------
    list of Finding
        All BLOCK; empty if the file is what the plan says and its container holds only pixels.

    Raises
    ------
    InputError
        If a file cannot be read.
    LimitExceededError
        If a file is over the limits.
    """
    limits = resolved.policy.effective_limits()
    with (
        open_image(source, limits=limits) as before,
        open_image(written, limits=limits, keep_hidden_color=True) as after,
    ):
        findings = [*_structure(before, after)]
        if not findings:
            findings = [*_pixels(before, after, resolved)]
    return [*findings, *_hidden_data(written, limits)]


def _structure(before: ImageSource, after: ImageSource) -> Iterator[Finding]:
    if before.info.frames != after.info.frames:
        yield _block("VF-01", "the number of frames differs from the source", Location())
    elif before.info.size_wh != after.info.size_wh:
        yield _block("VF-01", "the size of the picture differs from the source", Location())


def _hidden_data(written: Path, limits: Limits) -> Iterator[Finding]:
    try:
        items = scan_hidden_data(written, limits=limits)
    except (InputError, LimitExceededError) as error:
        yield _block("VF-03", f"the container cannot be checked: {error.message}", Location())
        return
    for item in items:
        text = f"the file holds more than pixels: {CHANNELS[item.channel]}"
        yield _block("VF-03", text, Location(channel=item.channel))


def _pixels(before: ImageSource, after: ImageSource, resolved: ResolvedPlan) -> Iterator[Finding]:
    for original, result in zip_longest(before.frames(), after.frames()):
        groups = resolved.groups(original.index)
        untouched = original.pixels.copy() if groups else original.pixels
        hide(original, groups)
        if original.size_wh != result.size_wh:
            yield _block("VF-01", "the size of a frame differs", Location(frame=original.index))
            continue
        expected, found = _comparable(original.pixels, result.pixels)
        if np.array_equal(expected, found):
            continue
        lossless = not after.info.lossy and after.info.format != "GIF"
        if lossless:
            yield _block("VF-02", "pixels are not as planned", Location(frame=original.index))
            continue
        if _has_hidden_color(found):
            text = "there is color under fully transparent pixels"
            yield _block("VF-03", text, Location(frame=original.index))
        hidden, _ = _comparable(untouched, found)
        for group in groups:
            yield from _group_faults(group, original, expected, found, hidden)


def _comparable(
    expected: npt.NDArray[Any], found: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Bring what was to be written to the depth and channels of what was found, as the writer does.

    Nothing of what was found is rounded or blended away: a picture can hide in low bytes and under
    low alpha.
    """
    if expected.dtype != found.dtype and found.dtype == np.uint8:
        expected = narrow(expected)
        clear_hidden_color(expected)
    elif expected.dtype != found.dtype:
        expected = expected.astype(np.uint16) * np.uint16(257)
    channels = 1 if found.ndim == 2 else found.shape[2]
    if channels < 4:
        expected = flatten_on_white(expected)
    have = 1 if expected.ndim == 2 else expected.shape[2]
    return with_channels(expected, channels), with_channels(found, have)


def _has_hidden_color(found: npt.NDArray[Any]) -> bool:
    """Tell whether a lossy output shows something once its alpha is taken away."""
    import cv2

    if found.ndim == 2 or found.shape[2] < 4 or bool(found[:, :, 3].all()):
        return False
    clear = np.pad((found[:, :, 3] == 0).astype(np.uint8), 1)
    depth = np.asarray(cv2.distanceTransform(clear, cv2.DIST_C, 3))[1:-1, 1:-1]
    color = cv2.blur(_levels(found, found)[:, :, :3].max(axis=2), (_WINDOW, _WINDOW))
    return bool((np.asarray(color)[depth > _ERODE] > _HIDDEN_COLOR).any())


def _group_faults(
    group: RegionGroup,
    frame: ImageFrame,
    expected: npt.NDArray[Any],
    found: npt.NDArray[Any],
    hidden: npt.NDArray[Any],
) -> Iterator[Finding]:
    """Judge each region of a group in a lossy output."""
    rectangles = snap_outward(group.xyxy, frame.grid, frame.size_wh).tolist()
    for index, (x1, y1, x2, y2) in enumerate(rectangles):
        if x1 == x2:
            continue
        inside = _interior(group, index, frame.grid, (x1, y1, x2, y2))
        if not inside.any():  # of an ellipse, perhaps only a bare corner is in the frame
            continue
        window = np.s_[y1:y2, x1:x2]
        planned = _levels(expected[window], expected)
        added = _levels(found[window], expected) - planned
        place = Location(frame=frame.index, xyxy=(x1, y1, x2, y2))
        if _local_error(added, inside) > _error_allowed(group, inside):
            yield _block("VF-02", f"region {group.ids[index]} is not covered as planned", place)
        elif _shines_through(added, _levels(hidden[window], expected) - planned, inside):
            yield _block("VF-02", f"region {group.ids[index]} shows what it hides", place)


def _interior(
    group: RegionGroup, index: int, grid: Grid, rectangle: tuple[int, int, int, int]
) -> npt.NDArray[np.bool_]:
    """Mark the covered samples of a region's window that are clear of its edge.

    A region too small to have such samples is eroded as far as it has any.
    """
    import cv2

    x1, y1, x2, y2 = rectangle
    corner = np.array([x1, y1, x1, y1], dtype=np.float32)
    mask = coverage_mask(
        (x2 - x1, y2 - y1),
        group.xyxy[index : index + 1] - corner,
        shape=group.shape,
        grid=Grid(grid.size_wh, (grid.origin_xy[0] - x1, grid.origin_xy[1] - y1)),
    )
    bordered = np.pad(mask.astype(np.uint8), 1)
    depth = np.asarray(cv2.distanceTransform(bordered, cv2.DIST_C, 3))[1:-1, 1:-1]
    return np.asarray(mask.astype(bool) & (depth > min(_ERODE, float(depth.max()) - 1)))


def _error_allowed(group: RegionGroup, inside: npt.NDArray[np.bool_]) -> float:
    """Largest mean error of a window; more where a window has few samples to take a mean of."""
    samples = min(int(np.count_nonzero(inside)), _WINDOW**2)
    return _LARGEST_ERROR[group.operator] * _WINDOW / math.sqrt(samples)


def _levels(pixels: npt.NDArray[Any], like: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Samples as levels of 0 to 255, shape (h, w, channels)."""
    scale = 255 / np.iinfo(like.dtype).max
    levels: npt.NDArray[np.float32] = np.atleast_3d(pixels).astype(np.float32) * np.float32(scale)
    return levels


def _local_error(added: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]) -> float:
    """Largest mean error in a window, of luma or alpha, over the samples inside a mask."""
    import cv2

    mask = inside.astype(np.float32)

    def total(plane: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        return np.asarray(
            cv2.boxFilter(
                plane, -1, (_WINDOW, _WINDOW), normalize=False, borderType=cv2.BORDER_CONSTANT
            )
        )

    samples = total(mask)
    # Windows at the edge of the mask hold few samples; those in its middle speak for them.
    full = samples > samples.max() - 0.5
    luma = added[:, :, :3] @ _LUMA if added.shape[2] >= 3 else added[:, :, 0]
    planes = (luma, *np.moveaxis(added[:, :, 3:], 2, 0))
    return max(float((total(np.abs(plane) * mask)[full] / samples[full]).max()) for plane in planes)


def _shines_through(
    added: npt.NDArray[np.float32],
    difference: npt.NDArray[np.float32],
    inside: npt.NDArray[np.bool_],
) -> bool:
    """Tell whether what the output adds to the plan holds a share of what the region hides.

    The share of each channel is the slope of `added` over `difference`, the hidden picture less the
    planned one.
    """
    if np.count_nonzero(inside) < _LEAST_SAMPLES:
        return False
    a, d = added[inside].astype(np.float64), difference[inside].astype(np.float64)
    # Without the means: codecs move flat areas by a level, and flat things have nothing to show.
    a -= a.mean(axis=0)
    d -= d.mean(axis=0)
    power = (d * d).sum(axis=0)
    share = (a * d).sum(axis=0) / np.maximum(power, 1)
    strength = share * d.std(axis=0)
    noise = np.maximum((a - share * d).std(axis=0), _LEAST_NOISE)
    sureness = strength / noise * np.sqrt(len(a)) / _WINDOW
    shown = (share >= _LEAST_SHARE) & (strength >= _LEAST_STRENGTH) & (sureness >= _SURE)
    return bool(shown.any())


def _block(rule_id: str, message: str, location: Location) -> Finding:
    return Finding(
        rule_id=rule_id,
        level="BLOCK",
        message=message,
        location=location,
        next_step=_NEXT,
        source="verify",
    )
