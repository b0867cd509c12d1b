"""Frames from elsewhere: a stream that is redacted as it passes.

The same looks, tracker and operators as for files, in one pass. What a plan would know of the
future, a stream knows as far as it looks ahead: with a look-ahead of a second, a face is covered
two thirds of a second before it was first seen, as in a file; what only shows more than that later
(the far end of a long gap) is not.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

import numpy as np

from saferedact.detectors.base import ImageDetector
from saferedact.errors import DetectorError, InputError
from saferedact.geometry import BoxesXYXY, clip, dilate, widen
from saferedact.media.video_base import chroma_grid
from saferedact.pipeline.hiding import hide_groups
from saferedact.pipeline.medium import make_search
from saferedact.pipeline.video.live import LiveLook
from saferedact.pipeline.video.looking import Looker, rules_of, tracker_for
from saferedact.pipeline.video.passing import ArrayOrder, PassingFrame, is_damaged
from saferedact.pipeline.video.sizes import look_sizes
from saferedact.pipeline.video.watch import Watcher
from saferedact.pipeline.video.watched import watched
from saferedact.plan import RegionGroup
from saferedact.policy import Policy, load_policy
from saferedact.policy_tables import LabelRule
from saferedact.tracking import CutFinder, Track

__all__ = ["StreamRedactor"]

_MIN_MARGIN = 2.0  # px, as for files


class StreamRedactor:
    """Hide what a policy names in frames that arrive one by one.

    A context manager. All frames must have one size and one way up.

    Parameters
    ----------
    policy : str or Path or Policy
        Name of a built-in policy, path of a policy file, or a policy.
    detectors : sequence of ImageDetector or str, optional
        Who looks; see `saferedact.detectors.registry.resolve_detectors`.
    lookahead_s : float
        Seconds of frames that are held back, to be covered by what comes after them. With 0 each
        frame comes back at once: see Notes.
    order : {"bgr", "rgb", "i420", "nv12"}
        What the samples of arrays are. PyAV frames say it themselves.

    Raises
    ------
    InputError
        If an argument is not valid, or the policy only proposes.
    DetectorError
        If a detector cannot be loaded.

    Notes
    -----
    With ``lookahead_s=0`` detection runs beside the stream and is never waited for. Between looks,
    boxes are carried by what is in them, and grow with every frame; what one look misses is covered
    until the next. Until the first look at a scene is done, after every cut, and while the last one
    is more than half a second old, frames are covered whole. Something that enters a scene is seen
    from the next look on and not before.

    PyAV frames that their decoder calls damaged are covered whole, with those up to the next keyframe.
    Those with a display matrix are looked at upright; arrays must be upright. What a decoder hangs on a
    frame beside its samples (closed captions, places, times) stays there, since PyAV cannot take it
    away: tell an encoder to leave it out (x264 and x265: ``a53cc=0``), or copy the samples to a new frame.

    After an error of a detector a stream is over: what it held back, and what would follow, does not
    come out.

    A stream is not verified; where it must be, write a file and use `saferedact.verify`.
    """

    def __init__(
        self,
        *,
        policy: str | Path | Policy = "release",
        detectors: Sequence[ImageDetector | str] | None = None,
        lookahead_s: float = 1.0,
        order: ArrayOrder = "bgr",
    ) -> None:
        policy = load_policy(policy)
        if policy.undecided == "refuse":
            msg = f"the policy {policy.name} only proposes: a stream has nobody who decides"
            raise InputError(msg)
        if not 0 <= lookahead_s <= _MOST_LOOKAHEAD_S:
            msg = f"lookahead_s must be within 0 to {_MOST_LOOKAHEAD_S}"
            raise InputError(msg)
        if order not in get_args(ArrayOrder):
            msg = f"order must be one of {', '.join(get_args(ArrayOrder))}"
            raise InputError(msg)
        self._search = make_search(policy, None, detectors)
        self._lookahead_s = lookahead_s
        self._order: ArrayOrder = order
        self._engine: _Ahead | LiveLook | None = None
        self._form = ((0, 0), 1)
        self._count = 0
        self._last_s = -float("inf")
        self._is_damaged = self._has_failed = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop looking; frames that are held back are dropped, not shown."""
        if isinstance(self._engine, LiveLook):
            self._engine.close()

    def push(self, frame: Any, time_s: float | None = None) -> list[Any]:
        """Take the next frame, and give back those that are ready.

        Parameters
        ----------
        frame : ndarray or av.VideoFrame
            Array, uint8, of shape (h, w, 3) or, of 4:2:0, (h + h / 2, w) as OpenCV has it (limited range,
            contiguous), or a PyAV frame with a time. It is kept, and written in place.
        time_s : float, optional
            Its time in seconds, rising. A PyAV frame's own by default; an array's is the one before
            and a 30th of a second.

        Returns
        -------
        list
            Frames that were passed before, or this one, redacted, in order.

        Raises
        ------
        InputError
            If the frame is of another size or kind, or its time does not rise.
        DetectorError
            If a detector failed, now or before. No frame comes back unredacted then.
        """
        self._require_no_failure()
        passing = PassingFrame.of(frame, self._count, time_s, self._last_s, self._order)
        form = (passing.size_wh, passing.orientation)
        if self._engine is None:
            self._form = form
            self._engine = self._started(passing.size_wh)
        elif form != self._form:
            msg = "all frames of a stream must have one size and one way up"
            raise InputError(msg)
        self._count += 1
        self._last_s = passing.time_s
        # As in files: what a decoder has mended is the ground of others up to the next whole picture.
        whole = getattr(frame, "key_frame", True)
        self._is_damaged = is_damaged(frame) or (self._is_damaged and not whole)
        passing.suspect = self._is_damaged
        with self._failing():
            ready = self._engine.push(passing)
            return [self._redacted(item, tracks) for item, tracks in ready]

    def flush(self) -> list[Any]:
        """End the stream, and give back what was held back.

        Raises
        ------
        DetectorError
            If a detector failed, now or before.
        """
        self._require_no_failure()
        if self._engine is None:
            return []
        with self._failing():
            return [self._redacted(item, tracks) for item, tracks in self._engine.flush()]

    def redact(self, frames: Iterable[Any]) -> Iterator[Any]:
        """Redact all frames of an iterable, in order."""
        for frame in frames:
            yield from self.push(frame)
        yield from self.flush()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Remember that an error left the block: a look is lost then, and what it would have shown."""
        try:
            yield
        except BaseException:
            self._has_failed = True
            raise

    def _require_no_failure(self) -> None:
        if self._has_failed:
            msg = "the stream ended with an error, and needs to be begun anew"
            raise DetectorError(msg)

    def _started(self, size_wh: tuple[int, int]) -> "_Ahead | LiveLook":
        looker = Looker(self._search, size_wh, doubting=False)
        tracker = tracker_for(self._search, size_wh)
        sizes = look_sizes(size_wh)
        if self._lookahead_s == 0:
            return LiveLook(tracker, looker, sizes, size_wh)
        watcher = Watcher(tracker, looker, sizes, size_wh, glance=looker.glance)
        return _Ahead(tracker, watcher, size_wh, self._lookahead_s)

    def _redacted(self, frame: PassingFrame, tracks: Sequence[Track] | None) -> Any:
        """Hide what tracks cover in a frame; all of it if nothing is known of it."""
        swap = frame.swaps_colors
        if tracks is None or frame.suspect:
            whole = np.array([[0, 0, *frame.size_wh]], dtype=np.float32)
            rule = next(iter(rules_of(self._search).values())).model_copy(
                update={"operator": "solid", "shape": "rectangle"}
            )
            groups = [_group(rule, whole, swap=swap)]
        else:
            groups = [
                _group(rule, boxes, swap=swap)
                for label, rule in rules_of(self._search).items()
                if len(boxes := self._boxes(label, rule, tracks, frame.index))
            ]
        if groups:
            planes = frame.planes()
            grid = chroma_grid(planes.subsampling, interlaced=frame.interlaced)
            hide_groups(planes, groups, [frame.to_stored(group.xyxy) for group in groups], grid)
        return frame.native

    def _boxes(self, label: str, rule: LabelRule, tracks: Sequence[Track], frame: int) -> BoxesXYXY:
        boxes = [np.empty((0, 4), np.float32)]
        for track in tracks:
            box, present = track.boxes_at([frame])
            if track.label == label and present[0]:
                boxes.append(box)
        grown = dilate(np.concatenate(boxes), rule.dilate, minimum=_MIN_MARGIN)
        if rule.fixed_width > 0:
            grown = widen(grown, rule.fixed_width, size_wh=self._form[0])
        inside = clip(grown, self._form[0])
        return inside[((inside[:, 2:] - inside[:, :2]) > 0).all(axis=1)]


def _group(rule: LabelRule, boxes: BoxesXYXY, *, swap: bool) -> RegionGroup:
    color = rule.color_rgb
    if swap:  # the core takes a color in the order of an array
        color = (color[2], color[1], color[0])
    seeds = np.arange(len(boxes), dtype=np.uint64)
    names = tuple(str(number) for number in range(len(boxes)))
    return RegionGroup(rule.operator, rule.shape, color, boxes, seeds, names)


_MOST_LOOKAHEAD_S = 60.0
"""Frames are held in memory: a minute of 1080p is 5 GB as arrays. More is a file's business."""


class _Ahead:
    """Holds frames back until what follows has been looked at."""

    def __init__(
        self, tracker: Any, watcher: Watcher, size_wh: tuple[int, int], lookahead_s: float
    ) -> None:
        self._tracker = tracker
        self._watcher = watcher
        self._size_wh = size_wh
        self._lookahead_s = lookahead_s
        self._cuts = CutFinder()
        self._held: deque[PassingFrame] = deque()
        self._done: list[Track] = []
        self._open: list[Track] = []  # as of the last look: nothing changes between two
        self._open_at: int | None = None

    def push(self, frame: PassingFrame) -> list[tuple[PassingFrame, list[Track]]]:
        self._watcher.push(watched(frame, self._size_wh, self._cuts))
        self._held.append(frame)
        return self._ready(frame.time_s - self._lookahead_s)

    def flush(self) -> list[tuple[PassingFrame, list[Track]]]:
        self._watcher.finish()
        self._open_at = None
        return self._ready(float("inf"))

    def _ready(self, until_s: float) -> list[tuple[PassingFrame, list[Track]]]:
        ready = []
        while self._held and self._held[0].time_s <= until_s + 1e-9:
            ready.append(self._held.popleft())
        if not ready:
            return []
        if ready[-1].index > self._tracker.last_look:  # a look-ahead shorter than a stretch
            self._watcher.catch_up()
        first = ready[0].index
        self._done = [track for track in self._done if track.last >= first]
        self._done += self._tracker.finished()
        if self._open_at != self._tracker.last_look:
            self._open, self._open_at = self._tracker.window(first), self._tracker.last_look
        tracks = [*self._done, *(track for track in self._open if track.last >= first)]
        return [(frame, tracks) for frame in ready]
