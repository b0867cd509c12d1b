"""Which frames of a clip are looked at, and why no other is skipped unsafely.

Looking at every frame would take most of the time of a redaction, and looking at every fifth loses
things that move. The rule is therefore not a stride but a proof to be given for each frame that is
skipped:

1. Every frame of a clip is compared with the one before. A cut ends the shot: the frames on both
   sides of it are looked at, the second one at the full size.
2. Within a shot a frame is looked at when `STRIDE_S` or `STRIDE` frames have passed since the last
   look, whichever comes first.
3. Everything found at either end of such a stretch is carried through it, frame by frame, forward
   and backward, by what it looks like. Whatever was surely seen (`SURE`) and neither met at the
   other end nor carried there, because it moves fast, turns, is new, enters or leaves, causes a look
   in the middle of the stretch, and the same is asked of both halves. At worst, every frame is
   looked at. So a skipped frame lies between two looks that agree on everything sure, with a known
   place for it.
4. What was found stays covered some frames beyond its first and last sighting (`tracking`).
5. Text stands still longer than it takes to read: detectors that say so (`every_s`) are asked in the
   first look of a shot and every `FULL_S` seconds alone, and where no part of the picture has changed
   since they were asked (`READ_GATE`) only after `READ_S`. Where a picture that they have not seen stands
   still, they are asked at once, half of `FULL_S` after the last time at the earliest: a message that
   comes up, a slide. What they saw is carried in between, and back to the look before.
6. Small faces need a larger picture. The first look of a shot and one every `FULL_S` seconds are
   at the full size; as long as the last one showed something that the ordinary size would hardly
   show (`SMALL_PX`), every other stretch ends with one: a new small face is seen two stretches late
   at most, and followed back further than that (`tracking.HOLD`).
7. Where no part of the picture has changed since the last look (`GATE`), the next look would be at
   the same picture: its answer is taken over, but for no longer than `STILL_S`.
8. A frame within a stretch where a part of the picture is what it is at neither end, and not there by
   moving a little, is looked at too (`notice.flash_in`): what comes and goes between two looks.

What it does not prove: something small that comes and goes within one stretch, or that no look shows
surely, may be missed. A thorough second look (`every_frame`) skips nothing, and sees the first. Text
that shows for less than `GLANCE_S`, or is so small that a glance does not show it, may be missed by one
watcher; a second one of another phase glances and reads half-way between.
"""

import numpy as np
import numpy.typing as npt

from saferedact.pipeline.video.notice import flash_in, has_new_lines
from saferedact.pipeline.video.sizes import LookSizes
from saferedact.pipeline.video.watched import Glance, Look, Watched
from saferedact.tracking import Sightings, Tracker

__all__ = [
    "FULL_S",
    "GLANCE_S",
    "GLANCE_WIDTH",
    "READ_S",
    "STRIDE",
    "SURE",
    "Watcher",
]

STRIDE = 8
STRIDE_S = 0.27
"""Longest stretch without a look. Measured on a prototype: eight frames of 30 a second cover as much
as every third with looks at half the cost, as long as rule 3 holds."""

SURE = 0.35
"""Score from which a sighting must be explained at both ends of a stretch. The reference that
coverage is measured against has .3; at .2 false boxes cause looks at nearly every frame."""

FULL_S = 1.6
"""Seconds between looks at the full size: six strides, so that they cost a fourth of all looking."""

SMALL_PX = 16.0
"""Shorter side, in pixels of the picture at the ordinary size, below which the network misses faces
(recall at 960 px: .68 below 16 px, .96 from 16 to 32)."""

STILL_S = 1.6  # seconds for which an unchanged picture is not looked at again

GATE = 3.0
_GATE_CELLS = 8
"""Largest change of a cell's mean, in levels of 255, and side of a cell, in pixels of the small luma
plane. A face of 24 px in 1,920 fills half a cell and differs from its ground by 20 levels or more;
the noise of a sensor averages to less than a level, compression to one or two."""

READ_GATE = 5.0
READ_S = 6.4
"""Largest change of the mean of 3 x 3 pixels of the luma plane, in levels of 255, up to which the text of a
picture is the same, and seconds for which that is believed. Measured in 1,920 px: letters 10 px high that
differ from their ground by 40 levels change such a mean by 12, by 60 levels by 18; a still picture with
noise of a standard deviation of 6 levels, coded by x264 at crf 20 and 28, by up to 4, keyframes included."""

GLANCE_S = 0.5
GLANCE_WIDTH = 640
"""Seconds between glances for text, and the longer side of the picture for them: a network that finds lines
takes .33 s of processor time for one (onnxruntime; .04 s with OpenVINO in bfloat16), a seventh of a
reading, and letters from 12 px in 1,280 are found."""


class Watcher:
    """Looks at the frames that need it, and feeds a tracker.

    Parameters
    ----------
    tracker : Tracker
        Receives every look.
    look : callable
        Shows a frame to the detectors at a size and returns what they saw.
    sizes : LookSizes
        Sizes of looks.
    size_wh : (int, int)
        Upright coded size of the frames.
    phase : int
        Frames by which the first stretch of each shot is shorter. If there are any, the first look at the
        full size after that of the shot's begin comes after half the usual time, so that a second
        watcher reads text between the times at which a first one did.
    every_frame : bool
        Whether no frame is skipped, whatever the rule allows.
    glance : callable, optional
        Says where text may be; without it nobody who looks seldom is asked between their times.

    Attributes
    ----------
    looks : int
        How many frames were looked at.
    full_looks : int
        How many of them at the full size.
    """

    def __init__(
        self,
        tracker: Tracker,
        look: Look,
        sizes: LookSizes,
        size_wh: tuple[int, int],
        *,
        phase: int = 0,
        every_frame: bool = False,
        glance: Glance | None = None,
    ) -> None:
        self._tracker = tracker
        self._glance = glance
        self._look_at = look
        self._sizes = sizes
        self._size_wh = size_wh
        self._phase = self._shorter = phase
        self._every_frame = every_frame
        self._stretch: list[Watched] = []  # from the last look on
        self._stretch_cells: list[npt.NDArray[np.float32]] = []
        self._last = Sightings.none(0)
        self._last_cells: npt.NDArray[np.float32] | None = None
        self._last_look_s = self._last_full_s = self._read_s = self._glance_s = 0.0
        self._read: npt.NDArray[np.uint8] | None = None  # what those who look seldom were shown
        self._changed = False
        self._has_small = False
        self._was_full = False
        self.looks = 0
        self.full_looks = 0

    def push(self, item: Watched) -> None:
        """Take the next frame."""
        if item.is_cut:
            self.finish()
        self._tracker.add_plane(item.frame.index, item.luma)
        if not self._stretch:
            self._stretch, self._stretch_cells = [item], [self._cells(item)]
            self._last = self._look(item, full=True, everybody=True, at_end=True)
            self._tracker.start_shot(self._last)
            self._shorter = self._phase
            if self._phase:
                self._last_full_s -= FULL_S / 2
            return
        self._stretch.append(item)
        self._stretch_cells.append(self._cells(item))
        self._changed = self._changed or self._differs()
        first = self._stretch[0]
        if (
            len(self._stretch) > STRIDE - self._shorter
            or item.frame.time_s - first.frame.time_s >= STRIDE_S - 1e-6
        ):
            self._advance()

    def catch_up(self) -> None:
        """Look at the last frame that was pushed, so that all up to it are tracked."""
        if len(self._stretch) > 1:
            self._advance()

    def finish(self) -> None:
        """End the shot with the last frame that was pushed, looked at."""
        if not self._stretch:
            return
        self.catch_up()
        self._tracker.end_shot()
        self._stretch = []

    def _advance(self) -> None:
        item = self._stretch[-1]
        self._shorter = 0
        still = item.frame.time_s - self._last_look_s < STILL_S
        if self._may_have_settled(item):
            self._last = self._look(item, full=True, everybody=True, at_end=True)
            self._explain(self._stretch, self._last)
        elif still and not self._changed and not self._every_frame:
            self._last = self._last.at(item.frame.index)
            self._tracker.commit(self._tracker.link(self._last))
        else:
            start = self._look_at_flash()
            full = item.frame.time_s - self._last_full_s >= FULL_S
            everybody = full and (self._every_frame or self._may_read_otherwise(item))
            everybody = everybody or self._has_new_text(item)
            self._last = self._look(item, full=full or everybody, everybody=everybody, at_end=True)
            self._explain(self._stretch[start:], self._last)
        self._stretch, self._stretch_cells = [item], self._stretch_cells[-1:]

    def _look_at_flash(self) -> int:
        """Look at a frame that shows what neither end of the stretch does; say where the rest begins."""
        middle = None if self._every_frame else flash_in(self._stretch_cells)
        if middle is None:
            return 0
        everybody = self._has_new_text(self._stretch[middle])
        found = self._look(self._stretch[middle], full=everybody, everybody=everybody)
        self._explain(self._stretch[: middle + 1], found)
        return middle

    def _explain(self, stretch: list[Watched], sightings: Sightings) -> None:
        """Link the two ends of a stretch, with looks in between as long as something is unsure."""
        if not self._every_frame or len(stretch) <= 2:
            link = self._tracker.link(sightings)
            if not link.unsure:
                self._tracker.commit(link)
                return
        middle = len(stretch) // 2
        between = self._look(stretch[middle])
        self._explain(stretch[: middle + 1], between)
        self._explain(stretch[middle:], sightings)

    def _look(
        self,
        item: Watched,
        *,
        full: bool = False,
        everybody: bool = False,
        at_end: bool = False,
    ) -> Sightings:
        """Look at a frame; with `everybody` also those who look seldom."""
        if full:
            self._last_full_s = item.frame.time_s
        full = full or (at_end and self._has_small and not self._was_full)
        size = self._sizes.full if full else self._sizes.ordinary
        found = self._look_at(item.frame, size, everybody)
        self.looks += 1
        self.full_looks += size == self._sizes.full
        if everybody:
            self._read_s, self._read = item.frame.time_s, item.luma
        if full:
            self._has_small = self._shows_small(found)
        if at_end:
            self._was_full = full
            self._last_look_s = item.frame.time_s
            self._last_cells, self._changed = self._stretch_cells[-1], False
        return found

    def _shows_small(self, found: Sightings) -> bool:
        scale = np.array(self._sizes.ordinary) / np.array(self._size_wh)
        sides = (found.xyxy[:, 2:] - found.xyxy[:, :2]) * scale
        return bool(((found.score >= SURE) & (sides.min(axis=1) < SMALL_PX)).any())

    def _cells(self, item: Watched) -> npt.NDArray[np.float32]:
        import cv2

        height, width = item.luma.shape
        cells = (max(1, width // _GATE_CELLS), max(1, height // _GATE_CELLS))
        return np.asarray(cv2.resize(item.luma, cells, interpolation=cv2.INTER_AREA), np.float32)

    def _may_read_otherwise(self, item: Watched) -> bool:
        if self._read is None or item.frame.time_s - self._read_s >= READ_S:
            return True
        import cv2

        changed = cv2.absdiff(_averaged(item.luma), _averaged(self._read))
        return bool(changed.max() > READ_GATE)

    def _has_new_text(self, item: Watched) -> bool:
        """Say whether a glance shows a line that those who look seldom have not seen."""
        since = item.frame.time_s - max(self._read_s, self._glance_s)
        if self._glance is None or self._read is None or since < GLANCE_S:
            return False
        if not self._may_read_otherwise(item):
            return False
        self._glance_s = item.frame.time_s
        scale = np.array(item.luma.shape[::-1]) / np.array(self._size_wh)
        lines = self._glance(item.frame) * np.tile(scale, 2).astype(np.float32)
        return has_new_lines(lines, item.luma, self._read)

    def _may_have_settled(self, item: Watched) -> bool:
        """Say whether a picture stands still that nobody has read: a message that just came up."""
        return (
            not self._changed
            and item.frame.time_s - self._last_full_s >= FULL_S / 2
            and self._may_read_otherwise(item)
        )

    def _differs(self) -> bool:
        if self._last_cells is None:
            return True
        return bool(np.abs(self._stretch_cells[-1] - self._last_cells).max() > GATE)


def _averaged(luma: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Average each pixel with its neighbours: what is left of noise is little, of letters much."""
    import cv2

    return np.asarray(cv2.blur(luma, (3, 3)), np.uint8)
