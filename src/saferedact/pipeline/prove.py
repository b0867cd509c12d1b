"""Prove that a written file is what the plan says: structure, every region, nothing but pixels.

The source is read again and redacted in memory; what was written must be that, sample by sample if
the format is lossless, and within the losses of the codec if not. This catches a region that was
not covered, was covered elsewhere, in another frame, at another scale or turned; it cannot catch
what the plan missed.
"""

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
from saferedact.media.image_color import flatten_on_white, narrow, with_channels
from saferedact.media.image_read import ImageSource, open_image
from saferedact.pipeline.hide import hide
from saferedact.plan import RegionGroup, ResolvedPlan
from saferedact.report import Finding, Location

__all__ = ["prove_written"]

_ERODE = 8
"""Samples left out along a region's edge in a lossy output, in pixels: one JPEG block, whose
ringing mixes both sides of the edge."""

_TOLERANCE = 4
"""Levels of 255 by which a lossy output may differ from what was to be written: the largest error
of a flat area, the mean error of a patterned one, inside the eroded region."""

_MAX_CORRELATION = 0.5
"""Largest correlation between what a lossy output adds to the expected pixels and the source's
hidden pixels that is taken for chance, unless random places of the source correlate even more. A
hidden picture that shines through at any strength above the codec's noise correlates near 1."""

_RANDOM_PLACES = 16
_LEAST_SAMPLES = 64
"""Regions with fewer samples than this, one JPEG block, are judged by their error alone: the
correlation of so few samples is chance."""

_NEXT = "report this; do not publish the file"


def prove_written(source: Path, written: Path, resolved: ResolvedPlan) -> list[Finding]:
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
    with open_image(source, limits=limits) as before, open_image(written, limits=limits) as after:
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
        hidden, _ = _comparable(untouched, found)
        for group in groups:
            yield from _group_faults(group, original, expected, found, hidden)


def _comparable(
    expected: npt.NDArray[Any], found: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Bring two pictures to the depth and channels that both have, as the writer does."""
    if expected.dtype != found.dtype:
        expected, found = narrow(expected), narrow(found)
    channels = [1 if pixels.ndim == 2 else pixels.shape[2] for pixels in (expected, found)]
    if 4 in channels and min(channels) < 4:
        expected, found = flatten_on_white(expected), flatten_on_white(found)
    return with_channels(expected, max(channels)), with_channels(found, max(channels))


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
        window = np.s_[y1:y2, x1:x2]
        inside = _interior(group, index, frame.grid, (x1, y1, x2, y2))
        added = _levels(found[window], expected) - _levels(expected[window], expected)
        errors = np.abs(added[inside])
        error = errors.max() if group.operator == "solid" else errors.mean()
        place = Location(frame=frame.index, xyxy=(x1, y1, x2, y2))
        if error > _TOLERANCE:
            yield _block("VF-02", f"region {group.ids[index]} is not covered as planned", place)
        elif group.operator != "solid" and _shines_through(added, hidden, (x1, y1, x2, y2), inside):
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
    return np.asarray(depth > min(_ERODE, float(depth.max()) - 1))


def _levels(pixels: npt.NDArray[Any], like: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Samples as levels of 0 to 255."""
    scale = 255 / np.iinfo(like.dtype).max
    levels: npt.NDArray[np.float32] = pixels.astype(np.float32) * np.float32(scale)
    return levels


def _shines_through(
    added: npt.NDArray[np.float32],
    hidden: npt.NDArray[Any],
    rectangle: tuple[int, int, int, int],
    inside: npt.NDArray[np.bool_],
) -> bool:
    """Tell whether what the output adds to the plan looks like what the region hides."""
    x1, y1, x2, y2 = rectangle
    if np.count_nonzero(inside) < _LEAST_SAMPLES:
        return False
    height, width = y2 - y1, x2 - x1
    measured = _correlation(added, hidden[y1:y2, x1:x2], inside)
    if measured <= _MAX_CORRELATION:
        return False
    rng = np.random.default_rng(0)  # the same verdict for the same file
    tops = rng.integers(0, hidden.shape[0] - height + 1, _RANDOM_PLACES)
    lefts = rng.integers(0, hidden.shape[1] - width + 1, _RANDOM_PLACES)
    chance = max(
        _correlation(added, hidden[top : top + height, left : left + width], inside)
        for top, left in zip(tops.tolist(), lefts.tolist(), strict=True)
    )
    return measured > chance


def _correlation(
    added: npt.NDArray[np.float32],
    picture: npt.NDArray[Any],
    inside: npt.NDArray[np.bool_],
) -> float:
    """Absolute correlation of two windows' samples (all channels together) inside a mask."""
    a = added[inside].ravel().astype(np.float64)
    b = picture[inside].ravel().astype(np.float64)
    a -= a.mean()
    b -= b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return abs(float(a @ b)) / scale if scale > 0 else 0.0


def _block(rule_id: str, message: str, location: Location) -> Finding:
    return Finding(
        rule_id=rule_id,
        level="BLOCK",
        message=message,
        location=location,
        next_step=_NEXT,
        source="verify",
    )
