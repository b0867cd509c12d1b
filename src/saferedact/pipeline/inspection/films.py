"""Look into a film: its container, and a sample of its frames for weak marks."""

from collections import defaultdict
from pathlib import Path

import numpy as np

from saferedact.checks.weak_redaction import weak_marks
from saferedact.checks.weak_redaction.areas import touch
from saferedact.checks.weak_redaction.dropouts import DROPOUT_WIDTH, Dropout, DropoutFinder
from saferedact.errors import SaferedactError
from saferedact.files import open_regular
from saferedact.limits import Limits
from saferedact.media.hidden_data.scan import scan_open_file
from saferedact.media.video_base import VideoInfo
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_read import open_video
from saferedact.pipeline.inspection.fields import item_traces
from saferedact.traces import Trace

__all__ = ["film_traces"]

_MOST_FRAMES = 48
"""Frames that are looked at, evenly over the film: a mark that lasts a second of a minute is in one."""

_TURNED = 5
"""Least Exif orientation that swaps width and height."""

_MOST_DROPOUTS = 20
"""Missing covers that are told of one film: more are one and the same fault."""

_MARKS = frozenset({"mosaic", "mosaic-text"})
_LEAST_FRAMES = 3
_MOVES = 2.0
_SAME_CELLS = 0.1
"""Frames with a mark, one after another, from which a film has it: of a few frames, all; pixels that the
place of a mosaic varies by, from which its cells are said to move, and how far their sizes may differ."""


def film_traces(path: Path, limits: Limits) -> tuple[tuple[Trace, ...], tuple[str, ...]]:
    """Look into a film.

    Parameters
    ----------
    path : Path
        The file. Opened read-only.
    limits : Limits
        Bounds of the file and its frames.

    Returns
    -------
    tuple of Trace
        What it hides. A mark that is seen in several frames is told once for each channel, at its
        first frame.
    tuple of str
        What could not be looked at.
    """
    traces: list[Trace] = []
    unread: list[str] = []
    try:
        with open_regular(path) as file:
            traces += item_traces(file, scan_open_file(file, limits=limits))
    except SaferedactError as error:
        unread.append(f"its container: {error.message}")
    seen: dict[str, list[Trace]] = defaultdict(list)
    looked, step = 0, 1
    try:
        with open_video(path, limits) as source:
            step = _step(source.info)
            covers = _Covers()
            for frame in source.frames():
                covers.add(frame)
                if frame.index % step == 0:
                    width, height = frame.size_wh
                    turned = frame.orientation >= _TURNED
                    picture = frame.luma((height, width) if turned else (width, height))
                    looked += 1
                    for trace in weak_marks(picture, frame=frame.index, time=frame.time_s):
                        seen[trace.channel].append(trace)
            traces += covers.traces()
            if step > 1:
                unread.append(f"pixels of one frame in {step} were looked at for weak marks")
    except SaferedactError as error:
        unread.append(f"its frames: {error.message}")
    for channel, found in seen.items():
        marks = _lasting(found, looked, step)
        if not marks:
            continue
        traces.append(marks[0])
        if channel in _MARKS and _moves(marks):
            first = marks[0]
            traces.append(
                Trace("moving-mosaic", first.place, "", first.page, first.xyxy, first.time)
            )
    return tuple(traces), tuple(unread)


def _lasting(marks: list[Trace], looked: int, step: int) -> list[Trace]:
    """Return the marks that are seen in several frames, one after another, if there are enough."""
    lasting = [
        mark
        for mark in marks
        if looked < _LEAST_FRAMES
        or any(abs(_frame(mark) - _frame(near)) == step and _touch(mark, near) for near in marks)
    ]
    return lasting if len({_frame(m) for m in lasting}) >= min(_LEAST_FRAMES, looked) else []


def _frame(mark: Trace) -> int:
    return mark.page or 0


def _touch(one: Trace, other: Trace) -> bool:
    return one.xyxy is not None and other.xyxy is not None and touch(one.xyxy, other.xyxy)


class _Covers:
    """Looks for covers that are missing in some frames; of the same size as the film's pictures."""

    def __init__(self) -> None:
        self._finder = DropoutFinder()
        self._found: list[Dropout] = []
        self._times: list[float | None] = []
        self._scale = 1.0

    def add(self, frame: VideoFrame) -> None:
        """Take the next frame."""
        width, height = frame.size_wh
        if frame.orientation >= _TURNED:
            width, height = height, width
        if not self._times:
            self._scale = max(1.0, width / DROPOUT_WIDTH)
        self._times.append(frame.time_s)
        size_wh = (round(width / self._scale), round(height / self._scale))
        if len(self._found) < _MOST_DROPOUTS:
            self._found += self._finder.add(frame.luma(size_wh))

    def traces(self) -> list[Trace]:
        """Return a trace for each stretch of frames and place."""
        found = (*self._found, *self._finder.finish())
        return [
            Trace(
                "uncovered-frame",
                f"frame {dropout.first}",
                "",
                dropout.first,
                tuple(side * self._scale for side in dropout.box),  # type: ignore[arg-type]
                self._times[dropout.first],
            )
            for dropout in found[:_MOST_DROPOUTS]
        ]


def _moves(marks: list[Trace]) -> bool:
    """Tell whether a mosaic is at other places in other frames, with cells of the same size."""
    cells = np.array([mark.strength or 0.0 for mark in marks])
    if cells.std() > _SAME_CELLS * cells.mean():
        return False
    boxes = np.array([mark.xyxy for mark in marks if mark.xyxy is not None], np.float64)
    return len(boxes) >= _LEAST_FRAMES and bool(boxes[:, :2].std(0).max() > _MOVES)


def _step(info: VideoInfo) -> int:
    count = info.frames_declared or int(info.duration_s * float(info.average_rate or 25))
    return max(1, -(-count // _MOST_FRAMES))
