"""Prove that a written video is what the plan says: frames, times, every region, nothing else.

The output is decoded beside the source, whose frames are redacted in memory. In every frame,
the inside of every region is compared with what the plan makes of it; every frame as a whole, small,
with the redacted source, so that no other picture stands in its place. What the plan missed is the
second look's business.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from saferedact.frames import FramePlanes, planes_of
from saferedact.frames.formats import ALPHA, CHROMA
from saferedact.geometry import BoxesXYXY
from saferedact.media.video_base import Damage, VideoInfo
from saferedact.media.video_frame import VideoFrame
from saferedact.pipeline.faults import block
from saferedact.pipeline.shine import is_faint, shines_through
from saferedact.pipeline.video.hide import hide
from saferedact.plan import RegionGroup, ResolvedPlan
from saferedact.report import Finding, Location

__all__ = ["Proof"]

_ERODE = 8
"""Pixels left out along a region's edge: a codec's filters mix both sides of it."""

_LARGEST_ERROR = {"solid": 4.0, "frost": 4.0, "mosaic": 6.0, "blur": 6.0}
"""Largest mean error of a channel inside a region, in levels of 255, against what the plan makes of it, up
to crf 20. There a solid color differs by less than 1, frost by up to 3.5, patterns by up to 4; without a
cover the error is 11 or more in 99 of 100 regions."""

_USUAL_CRF = 20
_MORE_A_STEP = 0.6
"""What more is allowed for each step of crf above that, where there is a pattern to code: coarse codes lose its
grain. Measured, largest in luma, of frost over stage, crowds and 40 px a frame: 6.1 at crf 25, 8.9 at 30, 12.8
at 35 (beyond that 23 over crowds, and 9 elsewhere), chroma 7 at 35. A solid color stays below 1 at crf 40, so
it gets nothing. Since what is hidden may be as near to frost, more is allowed only where luma is nearer to
the plan than to what is hidden; small patches take the flat tone of colors from what is around them."""

_GRAIN = 9
"""Side over which a plan is averaged when it is compared with what is hidden, in samples. Grain and edges that
a codec has lost would else look like a share of the hidden picture, which is taken less the plan: at
crf 30 in an eighth of all frost on a dark stage, and in none so. A share of three tenths is found as before."""

_BLOCK = 8  # side of a coding block: errors within one go together

_HOLE = 4.0
_HOLE_CRF, _HOLE_MORE = 28, 1.0
_HOLE_BLOCKS = 3
"""Mean error of a block inside a solid cover, in levels of 255, up to a crf, and what more is allowed for each step
above; so many blocks beyond it are a hole, or a strip along an edge where the cover stands elsewhere: too small to
show in the mean of a large cover. Measured over portraits, largest in any block of x264 and x265: .6 up to crf 28,
2.6 at 34, 11 (one block) at 40."""

_THUMBNAIL = (32, 18)
_OTHER_PICTURE = 12.0
"""Size of the small pictures that are compared, and the mean difference, in levels of 255, from which
a frame shows something else. Coding at crf 51 stays below 4."""

_MOST_FINDINGS = 100  # a wrong file is wrong in every frame; nobody reads a hundred thousand lines


class Proof:
    """Compares the frames of a written video, one by one, with those of its source and the plan.

    Parameters
    ----------
    resolved : ResolvedPlan
        What was to be hidden.
    before, after : VideoInfo
        What the original and the written file are.

    Attributes
    ----------
    faults : list of Finding
        All BLOCK, so far; about a hundred on frames at most.
    """

    def __init__(self, resolved: ResolvedPlan, before: VideoInfo, after: VideoInfo) -> None:
        self._resolved = resolved
        self._before, self._after = before, after
        self.faults: list[Finding] = []
        self._bounds = _bounds(resolved.policy.video.crf)
        self._ended = (before.size_wh, before.upright_size_wh) != (
            after.size_wh,
            after.upright_size_wh,
        )
        if self._ended:
            text = "the size of the picture differs from the source"
            self.faults.append(block("VF-01", text))

    def add(self, original: VideoFrame | None, result: VideoFrame | None) -> None:
        """Compare the next frames; None is a frame that is not there. Both stay as they are."""
        if self._ended:
            return
        if original is None or result is None:
            self.faults.append(block("VF-01", "the number of frames differs from the source"))
        else:
            self.faults += self._frame_faults(original, result)
        self._ended = original is None or result is None or len(self.faults) >= _MOST_FINDINGS

    def finish(self, damage: Damage) -> list[Finding]:
        """End with the last frame, and return all faults.

        Parameters
        ----------
        damage : Damage
            Of the reading of the written file.
        """
        if damage.is_damaged and not self._ended:
            self.faults.append(block("VF-01", "the written file is damaged"))
        return self.faults

    def _frame_faults(self, original: VideoFrame, result: VideoFrame) -> Iterator[Finding]:
        before, after, resolved = self._before, self._after, self._resolved
        here = Location(frame=original.index)
        # Matroska counts milliseconds: times are rounded where the source's clock is finer.
        rounding = after.time_base / 2 if after.time_base > before.time_base else 0
        if resolved.plan.media.part is None and abs(original.time - result.time) > rounding:
            yield block("VF-01", "a frame is shown at another time than in the source", here)
        groups = resolved.groups(original.index)
        # Others may want to see the original yet: what is hidden is hidden in a copy.
        redacted = original.copy() if groups else original
        hide(redacted, before, groups)
        planned, found = redacted.luma(_THUMBNAIL), result.luma(_THUMBNAIL)
        if np.abs(planned.astype(np.int16) - found).mean() > _OTHER_PICTURE:
            yield block("VF-02", "a frame is not the redacted one of the source", here)
        if groups:
            yield from _group_faults(
                groups, before, _views(redacted, result, original), here, self._bounds
            )


class _View(NamedTuple):
    """One channel of what was planned, of what was written and of what is hidden."""

    letter: str
    planned: npt.NDArray[Any]
    found: npt.NDArray[Any]
    hidden: npt.NDArray[Any]
    divisors: tuple[int, int]
    scale: float

    def window(self, interior: Sequence[int]) -> tuple[slice, slice]:
        """Samples that lie wholly within a rectangle of pixels."""
        (dx, dy), (x1, y1, x2, y2) = self.divisors, interior
        return np.s_[-(-y1 // dy) : y2 // dy, -(-x1 // dx) : x2 // dx]


def _views(redacted: VideoFrame, result: VideoFrame, original: VideoFrame) -> list[_View]:
    """Pair the channels of three frames."""
    written = planes_of(result.native)
    if _layout(planes_of(redacted.native)) != _layout(written):
        # The writer may change depth, range or kind of color: the plan is changed in the same way.
        name = result.native.format.name
        redacted, original = redacted.converted(name), original.converted(name)
    planned, hidden = (
        {channel.letter: channel.array for channel in planes_of(frame.native).channels()}
        for frame in (redacted, original)
    )
    scale = 255 / ((1 << written.bit_depth) - 1)
    return [
        _View(letter, planned[letter], array, hidden[letter], divisors, scale)
        for letter, array, divisors in written.channels()
        if letter not in ALPHA
    ]


def _layout(planes: FramePlanes) -> tuple[object, ...]:
    letters = frozenset("".join(plane.channels for plane in planes.planes)) - ALPHA
    return planes.bit_depth, planes.color_range, planes.subsampling, letters


def _group_faults(
    groups: Sequence[RegionGroup],
    info: VideoInfo,
    views: Sequence[_View],
    here: Location,
    bounds: Mapping[str, "_Bounds"],
) -> Iterator[Finding]:
    for group in groups:
        stored = info.to_stored(group.xyxy)
        for index, interior in enumerate(_interiors(stored, info, group.shape)):
            if interior[2] <= interior[0] or interior[3] <= interior[1]:
                continue  # off the frame
            faults = (_fault(view, interior, bounds[group.operator]) for view in views)
            fault = next(filter(None, faults), None)
            if fault is not None:
                box = tuple(group.xyxy[index].tolist())
                text = f"region {group.ids[index]} {fault}"
                yield block("VF-02", text, here.model_copy(update={"xyxy": box}))


class _Bounds(NamedTuple):
    """Largest mean errors: whatever is hidden, where the file is nearer to the plan than to that, and of a block."""

    always: float
    near: float
    block: float


def _bounds(crf: int) -> dict[str, _Bounds]:
    """Largest mean errors of each operator at a quality of coding."""
    more = _MORE_A_STEP * max(0, crf - _USUAL_CRF)
    hole = _HOLE + _HOLE_MORE * max(0, crf - _HOLE_CRF)
    return {
        operator: _Bounds(error, error, hole)
        if operator == "solid"
        else _Bounds(error, error + more, math.inf)  # patterns lose more than that to a codec
        for operator, error in _LARGEST_ERROR.items()
    }


def _fault(view: _View, interior: Sequence[int], bounds: _Bounds) -> str | None:
    """Say what is wrong with one channel inside of a region."""
    import cv2

    window = view.window(interior)
    planned = view.planned[window].astype(np.float32)
    if not planned.size:
        return None
    scale = np.float32(view.scale)
    added = (view.found[window] - planned) * scale
    error = float(np.abs(added).mean())
    # More is allowed where there are few samples to take a mean of.
    few = _BLOCK / math.sqrt(min(added.size, _BLOCK**2))
    if error <= bounds.always * few and is_faint(added):
        return None
    if error > bounds.near * few or _has_holes(added, bounds.block):
        return "is not covered as planned"
    hidden = view.hidden[window].astype(np.float32)
    if error > bounds.always * few and view.letter not in CHROMA:
        to_hidden = float(np.abs(view.found[window] - hidden).mean() * scale)
        if error >= to_hidden:
            return "is not covered as planned"
    lost = (hidden - cv2.blur(planned, (_GRAIN, _GRAIN))) * scale
    return "shows what it hides" if shines_through(added[..., None], lost[..., None]) else None


def _has_holes(added: npt.NDArray[np.float32], largest: float) -> bool:
    """Tell whether several blocks of what was added are beyond a mean."""
    import cv2

    height, width = (side // _BLOCK for side in added.shape)
    if math.isinf(largest) or not height or not width:
        return False
    whole = np.ascontiguousarray(added[: height * _BLOCK, : width * _BLOCK])
    means = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return int(np.count_nonzero(np.abs(means) > largest)) >= _HOLE_BLOCKS


def _interiors(xyxy: BoxesXYXY, info: VideoInfo, shape: str) -> list[list[int]]:
    """Rectangles well inside of regions, cut at the frame; of an ellipse, its inscribed square."""
    boxes = xyxy.astype(np.float64)
    if shape == "ellipse":
        inset = (boxes[:, 2:] - boxes[:, :2]) * (1 - 0.5**0.5) / 2
        boxes = np.concatenate([boxes[:, :2] + inset, boxes[:, 2:] - inset], axis=1)
    # Small regions are eroded by less, or nothing of them would ever be looked at.
    erode = np.minimum(_ERODE, (boxes[:, 2:] - boxes[:, :2]).min(axis=1) / 4)[:, None]
    low = np.ceil(np.maximum(boxes[:, :2] + erode, 0))
    high = np.floor(np.minimum(boxes[:, 2:] - erode, info.size_wh))
    rows: list[list[int]] = np.concatenate([low, high], axis=1).astype(int).tolist()
    return rows
