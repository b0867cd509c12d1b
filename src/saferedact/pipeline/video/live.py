"""Looking at a live stream: detection runs beside it and is never waited for."""

import threading
from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.pipeline.video.passing import PassingFrame
from saferedact.pipeline.video.sizes import LookSizes
from saferedact.pipeline.video.watch import FULL_S
from saferedact.pipeline.video.watched import Look, Watched, watched
from saferedact.tracking import CutFinder, Sightings, Track, Tracker

__all__ = ["LiveLook"]

BEHIND_S = 0.5
"""Age of the last look from which frames are covered whole: a head crosses its own width in less."""

_GROWTH = 0.03
"""Growth of a box on each side for each frame since its look, as a share of its size, also where its
content is recognised: its size may change, and what surrounds it."""


class LiveLook:
    """Says of each frame at once what is to be covered in it.

    Parameters
    ----------
    tracker : Tracker
        Links looks.
    look : callable
        Shows a frame to the detectors at a size; called in a thread of its own.
    sizes : LookSizes
        Sizes of looks; the ordinary one is used.
    size_wh : (int, int)
        Size of the frames.
    """

    def __init__(
        self, tracker: Tracker, look: Look, sizes: LookSizes, size_wh: tuple[int, int]
    ) -> None:
        self._tracker = tracker
        self._look = look
        self._size = sizes.ordinary
        self._size_wh = size_wh
        self._cuts = CutFinder()
        self._planes: deque[tuple[int, npt.NDArray[np.uint8]]] = deque()
        self._looked_at: _Shown | None = None  # the last look that is linked
        self._shot = 0
        self._is_new_shot = True
        self._all_asked_s = 0.0
        self._asked: _Shown | None = None
        self._answer: Sightings | BaseException | None = None
        self._wake, self._closed = threading.Event(), False
        self._thread = threading.Thread(target=self._work, name="saferedact-look", daemon=True)
        self._thread.start()

    def push(self, frame: PassingFrame) -> list[tuple[PassingFrame, list[Track] | None]]:
        """Take a frame, and return it with what covers it; None if all of it must be."""
        item = watched(frame, self._size_wh, self._cuts)
        if item.is_cut:
            self._begin_shot(frame.index)
        self._tracker.add_plane(frame.index, item.luma)
        self._planes.append((frame.index, item.luma))
        self._take_answer()
        self._ask(item)
        return [(frame, self._cover(frame))]

    def flush(self) -> list[tuple[PassingFrame, list[Track] | None]]:
        """End: nothing is held back."""
        self.close()
        return []

    def close(self) -> None:
        """Stop the thread."""
        self._closed = True
        self._wake.set()
        self._thread.join()

    def _begin_shot(self, frame: int) -> None:
        self._shot, self._is_new_shot, self._looked_at = frame, True, None
        self._tracker.end_shot()
        self._planes.clear()
        list(self._tracker.finished())

    def _take_answer(self) -> None:
        answer, asked = self._answer, self._asked
        if answer is None or asked is None:
            return
        self._answer = self._asked = None
        if isinstance(answer, BaseException):
            raise answer
        if asked.index < self._shot:
            return  # of a scene that is over
        if self._is_new_shot:
            self._tracker.start_shot(answer)
            self._is_new_shot = False
        else:
            self._tracker.commit(self._tracker.link(answer))
            list(self._tracker.finished())
        self._looked_at = asked
        while self._planes and self._planes[0][0] < asked.index:
            self._planes.popleft()

    def _ask(self, item: Watched) -> None:
        if self._asked is None:
            # Its picture is made here: the caller may take the frame back, redacted.
            frame = item.frame
            picture = frame.small(self._size)
            everybody = self._is_new_shot or frame.time_s - self._all_asked_s >= FULL_S
            self._all_asked_s = frame.time_s if everybody else self._all_asked_s
            self._asked = _Shown(frame.index, frame.time_s, picture, everybody=everybody)
            self._wake.set()

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._closed:
                return
            asked = self._asked
            if asked is None or self._answer is not None:
                continue
            try:
                self._answer = self._look(asked, self._size, asked.everybody)
            except BaseException as error:  # noqa: BLE001  raised where frames are handed over
                self._answer = error

    def _cover(self, frame: PassingFrame) -> list[Track] | None:
        seen = self._looked_at
        if seen is None or frame.time_s - seen.time_s > BEHIND_S:
            return None
        planes = [plane for index, plane in self._planes if seen.index <= index <= frame.index]
        steps = frame.index - seen.index
        found: Sequence[tuple[Track, bool]] = self._tracker.ahead(planes)
        return [_grown(track, frame.index, steps) for track, _ in found]


class _Shown:
    """What a look at a live frame needs of it."""

    def __init__(
        self, index: int, time_s: float, picture: npt.NDArray[np.uint8], *, everybody: bool
    ) -> None:
        self.index = index
        self.everybody = everybody
        self.time_s = time_s
        self._picture = picture

    def small(self, size_wh: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Return the picture, which has this size already."""
        return self._picture


def _grown(track: Track, frame: int, steps: int) -> Track:
    """Cover where a thing was and where it is guessed to be, and more with every frame."""
    low = track.xyxy[:, :2].min(axis=0)
    high = track.xyxy[:, 2:].max(axis=0)
    margin = (track.xyxy[0, 2:] - track.xyxy[0, :2]) * np.float32(_GROWTH * steps)
    box = np.concatenate([low - margin, high + margin])[None]
    return Track(track.label, track.detector, track.score, np.array([frame]), box, track.seen)
