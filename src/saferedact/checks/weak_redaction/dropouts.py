"""Covers that are missing for a few frames of a film: one clear frame is a clear picture.

A cover, solid or blurred, is smooth. So a place that is smooth for a while, has fine detail for some frames,
all of it from one frame to the next, and is as smooth as before right after, was left uncovered. What moves
through a picture comes and goes place by place; flashes and faults of coding change the surroundings as
well. Each scene is judged by itself: what a cut brings is no cover that came back.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saferedact.checks.weak_redaction.areas import Box, Floats

__all__ = ["DROPOUT_WIDTH", "Dropout", "DropoutFinder"]

DROPOUT_WIDTH = 640
"""Width of the pictures that are compared, in pixels; narrower ones as they are."""

_BLOCK = 8
_SMOOTH = 0.8
_DETAILED = 1.6
"""Side of a block, and the mean detail, in levels of 255, up to which it is smooth and from which it shows
something. Coded solid covers have .0 to .3, blurred faces to .7, faces 1.5 to 6."""

_FINE_SIGMA = 1.2

_MOST_MISSING = 12
_LEAST_COVERED = 3
"""Frames that a cover may be missing (half a second: longer is a scene of its own), and that it must have
been there before."""

_MISSING_AT_ENDS = 6
_LEAST_COVERED_AT_ENDS = 12
"""The same for a cover that is missing in the first or last frames of a scene."""

_STILL = 0.8
"""Share of the blocks of a cover that is missing at the start that must be covered ever after."""

_LEAST_SIDE = 3
_LEAST_BLOCKS = 9
_FILLED = 0.45
"""Blocks that come and go together, along a side and in all, and the share of their box that they fill: two
covers may touch. In films of people moving, patches of up to 8 did so by chance."""

_LEAST_SOFT_BLOCKS = 16
_LEAST_RING = 0.4
"""For a blurred cover: blocks that come and go, and the share of its surroundings that must not come and go
with it."""

_RIM, _FAR, _FAR_SOFT = 2, 12, 4
"""Blocks around what comes and goes that may change with it, and to which its surroundings reach: farther for
a solid cover, since what it hides may be smooth in part."""

_SAME_LEVEL = 16.0
_CALM = 8.0
"""Difference of levels, of 255, of a place before and after, and of its surroundings from one frame to the
next, up to which they are the same. Around real covers it was 5 to 7, around what moved 7 to 12."""

_FLAT = 0.15
_ONE_LEVEL = 2.0
"""Most detail, and most standard deviation of levels, of a solid cover: coded ones had .00."""

_STILL_FLAT = 0.6
"""Share of the blocks of a solid cover that are flat at its level again afterwards. The rest may be where a
cover that moves has moved away; dark clothes behind one are smooth as well, but not flat."""

_MOST_MOVED = 0.5
"""Blocks around a solid cover that are covered when it goes, or bared when it is back, as a share of its own:
more, and a cover has moved on with what it hides."""

_MOST_SHARE = 0.65
"""Share of the picture that covers take at most: more is another scene."""

_LEAST_CORRELATION = 0.5
_LEAST_CHANGE = 10.0
_LEAST_SHOWN = 0.05
"""It is a cut if blocks without cover correlate less than this with the frame before and differ by this many
levels, of 255, and they are this share of the picture. Measured at cuts of a film full of covers:
at most .43, at least 14 levels."""


@dataclass(frozen=True, slots=True)
class Dropout:
    """Frames without their cover.

    Parameters
    ----------
    first : int
        First of the frames, as they were counted in.
    count : int
        How many.
    box : tuple
        Where, in pixels of the pictures that were compared.
    """

    first: int
    count: int
    box: Box


class DropoutFinder:
    """Is given all frames of a film, one after another, and tells where a cover is missing."""

    def __init__(self) -> None:
        self._start = 0  # of the scene
        self._frame = -1  # in the scene
        kept = _MOST_MISSING + 3
        self._levels: deque[Floats] = deque(maxlen=kept)
        self._details: deque[Floats] = deque(maxlen=kept)
        # Of each block: for how many frames it was smooth, before it showed something, and for how
        # many frames it has shown something since.
        self._covered = self._shown = np.zeros((0, 0), np.int32)
        self._at_start: list[tuple[Dropout, npt.NDArray[np.bool_]]] = []

    def add(self, gray: npt.NDArray[np.uint8]) -> list[Dropout]:
        """Take the next frame, and tell what was missing before it.

        Parameters
        ----------
        gray : ndarray, shape (h, w), uint8
            All of one size, about `DROPOUT_WIDTH` wide.

        Returns
        -------
        list of Dropout
            That were seen to end by this frame.
        """
        level, detail = _measured(gray)
        found: list[Dropout] = []
        if self._is_cut(level, detail):
            found = self.finish()
            self._begin_scene()
        self._frame += 1
        if self._frame == 0:
            self._covered = self._shown = np.zeros(level.shape, np.int32)
        self._levels.append(level)
        self._details.append(detail)
        smooth = detail <= _SMOOTH
        back = smooth & (self._shown > 0)
        between = back & (self._shown <= _MOST_MISSING) & (self._covered >= _LEAST_COVERED)
        found += [dropout for dropout, _ in self._parts(between, before=True, after=True)]
        if self._frame <= _MISSING_AT_ENDS:
            first = back & (self._covered == 0) & (self._shown == self._frame)
            self._at_start += self._parts(first, before=False, after=True)
        if self._frame == _MISSING_AT_ENDS + _LEAST_COVERED_AT_ENDS:
            found += [
                dropout
                for dropout, part in self._at_start
                if (self._covered[part] >= _LEAST_COVERED_AT_ENDS - 1).mean() >= _STILL
            ]
        begins = np.where(self._shown > 0, 1, self._covered + 1)
        self._covered = np.where(smooth, begins, self._covered)
        self._shown = np.where(smooth, 0, self._shown + 1)
        return found

    def finish(self) -> list[Dropout]:
        """Tell what is missing in the last frames of the scene."""
        missing = (self._shown > 0) & (self._shown <= _MISSING_AT_ENDS)
        missing &= self._covered >= _LEAST_COVERED_AT_ENDS
        self._frame += 1
        return [dropout for dropout, _ in self._parts(missing, before=True, after=False)]

    def _begin_scene(self) -> None:
        self._start += self._frame
        self._frame = -1
        self._levels.clear()
        self._details.clear()
        self._at_start = []

    def _is_cut(self, level: Floats, detail: Floats) -> bool:
        """Tell whether what no cover hides is another scene than before."""
        if not self._levels:
            return False
        shown = (detail > _FLAT) & (self._details[-1] > _FLAT)
        before, now = self._levels[-1][shown], level[shown]
        if len(now) < max(2, _LEAST_SHOWN * shown.size):
            return False
        if float(np.abs(now - before).mean()) < _LEAST_CHANGE:
            return False
        before, now = before - before.mean(), now - now.mean()
        power = float(np.sqrt((before * before).sum() * (now * now).sum()))
        return float((before * now).sum()) < _LEAST_CORRELATION * power

    def _parts(
        self, blocks: npt.NDArray[np.bool_], *, before: bool, after: bool
    ) -> Iterator[tuple[Dropout, npt.NDArray[np.bool_]]]:
        """Yield what came or went together."""
        import cv2

        for count in (int(n) for n in np.unique(self._shown[blocks])):
            together = (blocks & (self._shown == count)).astype(np.uint8)
            total, labels, stats, _ = cv2.connectedComponentsWithStats(together, connectivity=4)
            for label in range(1, total):
                x, y, w, h, area = (int(value) for value in stats[label])
                part = labels == label
                if (
                    min(w, h) >= _LEAST_SIDE
                    and max(_LEAST_BLOCKS, _FILLED * w * h) <= area <= _MOST_SHARE * part.size
                    and self._is_dropout(part, together > 0, count, before=before, after=after)
                ):
                    box = (
                        float(x * _BLOCK),
                        float(y * _BLOCK),
                        float((x + w) * _BLOCK),
                        float((y + h) * _BLOCK),
                    )
                    yield Dropout(self._start + self._frame - count, count, box), part

    def _is_dropout(
        self,
        part: npt.NDArray[np.bool_],
        together: npt.NDArray[np.bool_],
        count: int,
        *,
        before: bool,
        after: bool,
    ) -> bool:
        """Tell whether a part shows something while its surroundings stay as they are."""
        # Newest last; the frame after what is missing is the newest, if there is one.
        stop = len(self._levels) - after
        start = stop - count
        if start < before:
            return False
        shown = np.mean([self._details[n][part].mean() for n in range(start, stop)])
        if shown < _DETAILED:
            return False
        flat = self._is_flat(part, start - 1 if before else stop)
        if not flat and not (before and after and part.sum() >= _LEAST_SOFT_BLOCKS):
            return False
        ring = self._surroundings(part, together, start - 1 if before else stop, flat=flat)
        changes = []
        if before:
            changes.append((self._levels[start - 1], self._levels[start]))
        if after:
            changes.append((self._levels[stop - 1], self._levels[stop]))
        middle = np.median if flat else np.mean
        calm = bool(ring.any()) and all(
            float(middle(np.abs(a - b)[ring])) <= _CALM for a, b in changes
        )
        if before and after:
            alike = np.abs(self._levels[start - 1] - self._levels[stop])[part]
            calm = calm and float(alike.mean()) <= _SAME_LEVEL
            if flat:
                again = (alike <= _ONE_LEVEL) & (self._details[stop][part] <= _FLAT)
                calm = calm and float(again.mean()) >= _STILL_FLAT
                calm = calm and not self._moved_on(part, start, stop)
        return calm

    def _moved_on(self, part: npt.NDArray[np.bool_], start: int, stop: int) -> bool:
        """Tell whether near a solid cover another appears as it goes, or goes as it comes back."""
        near = _dilated(part, _FAR)
        moves = ((start, start - 1), (stop - 1, stop))
        return any(
            float(((self._details[there] <= _FLAT) & (self._details[gone] > _SMOOTH))[near].sum())
            > _MOST_MOVED * part.sum()
            for there, gone in moves
        )

    def _is_flat(self, part: npt.NDArray[np.bool_], at: int) -> bool:
        """Tell whether a part has one level and no detail: a solid cover."""
        flat = self._details[at][part].mean() <= _FLAT
        return bool(flat and self._levels[at][part].std() <= _ONE_LEVEL)

    def _surroundings(
        self,
        part: npt.NDArray[np.bool_],
        together: npt.NDArray[np.bool_],
        at: int,
        *,
        flat: bool,
    ) -> npt.NDArray[np.bool_]:
        """Return the blocks around a part that show something; of a solid cover, beyond its rim.

        What it hides may be smooth in part, and is then no part of what comes and goes.
        """
        near = _dilated(together, _RIM)
        ring = _dilated(part, _FAR if flat else _FAR_SOFT) & ~near
        if flat:
            ring &= self._details[at] > _SMOOTH
            return ring
        whole = _dilated(part, _FAR_SOFT) & ~_dilated(part, _RIM)
        return ring if ring.sum() >= _LEAST_RING * whole.sum() else np.zeros_like(ring)


def _dilated(blocks: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    """Return blocks and all that are at most so many from one."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(blocks.astype(np.uint8), kernel, iterations=by) > 0)


def _measured(gray: npt.NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Return level and fine detail of each block."""
    import cv2

    rows, columns = gray.shape[0] // _BLOCK, gray.shape[1] // _BLOCK
    plain = gray[: rows * _BLOCK, : columns * _BLOCK].astype(np.float32)
    fine = np.abs(plain - cv2.GaussianBlur(plain, (0, 0), _FINE_SIGMA)).astype(np.float32)
    level, detail = (
        cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA) for part in (plain, fine)
    )
    return level.astype(np.float32), detail.astype(np.float32)
