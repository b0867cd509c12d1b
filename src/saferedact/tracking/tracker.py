"""The tracker: looks at some frames become tracks over all of them.

It is fed shot by shot: `start_shot` with the first look of a shot, then, look by look, `link` and
`commit`, then `end_shot`. Between two looks boxes are carried in both directions by what is in them
(`carry`). `link` changes nothing and says whether something that was surely seen could not be
carried; whoever decides where to look next then looks in between and links the two halves.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY, iou_matrix
from saferedact.tracking.associate import associate
from saferedact.tracking.carry import CARRIED, carry
from saferedact.tracking.shape import extend, fill_gap, smooth_outward
from saferedact.tracking.track import Track, boxes_between

__all__ = ["Link", "Sightings", "Tracker"]

LEAST_EXTENSION = 5
"""Frames that a track reaches, at least, beyond its first and its last look. Measured: detectors lose
a turning or blurred face for up to that many frames (prototype on street and indoor clips)."""

HOLD = 20
"""Frames that a track goes on while its content is still recognised without being detected: two
thirds of a second, in which a head turns away and back."""

BRIDGE = 30
"""Frames of the longest gap that is bridged between two tracks of one thing: a second, in which
somebody walks past."""

LEAST_AFFINITY = 0.15
"""IoU below which boxes are not the same thing. Low, because linking two things costs some excess
area, and not linking one costs nothing but an extension."""

_NEAR = 1.5
"""Boxes of neighbouring frames whose centers are nearer than this many box sides may be one thing
without overlapping: 40 px a frame is more than a face of 24 px."""

_SPEED_KEPT = 0.5  # of the former speed at each look; the rest is what was just measured


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """What all detectors saw in one frame.

    Parameters
    ----------
    frame : int
        Ordinal of the frame.
    xyxy : ndarray, shape (n, 4), float32
        Boxes in upright coded pixels.
    score : ndarray, shape (n,), float32
        0 to 1.
    kind : ndarray, shape (n,), int16
        Positions in the tracker's kinds.
    """

    frame: int
    xyxy: BoxesXYXY
    score: npt.NDArray[np.float32]
    kind: npt.NDArray[np.int16]

    @classmethod
    def none(cls, frame: int) -> "Sightings":
        """Nothing was seen in a frame."""
        return cls(
            frame, np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.int16)
        )

    def at(self, frame: int) -> "Sightings":
        """Return the same for another frame, which shows the same picture."""
        return Sightings(frame, self.xyxy, self.score, self.kind)


@dataclass(slots=True, eq=False)
class _Live:
    """A track that is being made; its boxes are those of consecutive frames."""

    kind: int
    score: float
    first: int
    blocks: list[BoxesXYXY]
    shot_start: int
    first_seen: int
    last_seen: int
    seen: int = 1
    velocity: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(2, np.float32))
    last: int = 0

    def __post_init__(self) -> None:
        self.last = self.first + sum(map(len, self.blocks)) - 1

    @property
    def box(self) -> npt.NDArray[np.float32]:
        return np.asarray(self.blocks[-1][-1], np.float32)

    def append(self, boxes: BoxesXYXY) -> None:
        if len(boxes):
            self.blocks.append(boxes)
            self.last += len(boxes)

    def boxes(self) -> BoxesXYXY:
        joined: BoxesXYXY = np.concatenate(self.blocks)
        return joined


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """How the look at one frame goes with what was known before. Made by `Tracker.link`.

    Parameters
    ----------
    sightings : Sightings
        The look.
    unsure : bool
        Something that was surely seen at one end could not be carried to the other.
    """

    sightings: Sightings
    unsure: bool
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    forward: tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]
    backward: tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]


class Tracker:
    """Makes tracks of looks.

    Parameters
    ----------
    kinds : sequence of (str, str)
        Label and detector of each kind of thing.
    size_wh : (int, int)
        Size of the frames in upright coded pixels.
    birth : sequence of float
        For each kind, the least score that begins a track. Weaker sightings prolong one.
    sure : float
        Score from which a thing counts as surely seen.
    """

    def __init__(
        self,
        kinds: Sequence[tuple[str, str]],
        size_wh: tuple[int, int],
        *,
        birth: Sequence[float],
        sure: float,
    ) -> None:
        self._kinds = list(kinds)
        self._size_wh = size_wh
        self._birth = np.array(birth, dtype=np.float32)
        self._sure = sure
        self._planes: deque[tuple[int, npt.NDArray[np.uint8]]] = deque()
        self._live: list[_Live] = []
        self._dead: list[_Live] = []
        self._done: list[Track] = []
        self._at = -1  # frame of the last look
        self._shot_start = 0

    def add_plane(self, frame: int, luma: npt.NDArray[np.uint8]) -> None:
        """Take the small luma plane of the next frame; it is kept as long as it may be needed."""
        self._planes.append((frame, luma))

    def start_shot(self, sightings: Sightings) -> None:
        """Begin with a frame before which nothing is."""
        self._shot_start = sightings.frame
        self._forget(sightings.frame)
        self._at = sightings.frame - 1
        none = np.empty((0, 0), np.float32)
        self.commit(
            Link(
                sightings,
                unsure=False,
                rows=np.empty(0, np.int64),
                columns=np.empty(0, np.int64),
                forward=(none.reshape(0, 0, 4), none.astype(np.bool_)),
                backward=(
                    np.empty((0, len(sightings.xyxy), 4), np.float32),
                    np.empty((0, len(sightings.xyxy)), np.bool_),
                ),
            )
        )

    def link(self, sightings: Sightings) -> Link:
        """Say how the next look goes with what is known; changes nothing.

        Parameters
        ----------
        sightings : Sightings
            The look at a frame after the last committed one of this shot; the planes of all frames
            between them must have been added.

        Returns
        -------
        Link
            For `commit`, unless it is unsure and there are frames between to look at.
        """
        start, stop = self._at, sightings.frame
        planes = [plane for frame, plane in self._planes if start <= frame <= stop]
        scale = self._scale(planes[0])
        live = [item for item in self._live if item.last == start]
        boxes = np.array([item.box for item in live], np.float32).reshape(-1, 4)
        speed = np.array([item.velocity for item in live], np.float32).reshape(-1, 2)
        ahead, good_ahead = _carried(planes, boxes, speed, scale)
        back, good_back = _carried(planes[::-1], sightings.xyxy, None, scale)
        back, good_back = back[::-1], good_back[::-1]
        affinity = self._affinity(
            live, sightings, (ahead[-1], good_ahead[-1]), (back[0], good_back[0])
        )
        rows, columns = associate(affinity, LEAST_AFFINITY)
        unsure = stop - start > 1 and self._unsure(
            live, sightings, (rows, columns), good_ahead, good_back
        )
        # Of the planes after the first: frames start + 1 .. stop; and of those before the last.
        return Link(sightings, unsure, rows, columns, (ahead, good_ahead), (back, good_back))

    def commit(self, link: Link) -> None:
        """Take a look in."""
        sightings = link.sightings
        start, stop = self._at, sightings.frame
        live = [item for item in self._live if item.last == start]
        ahead, good_ahead = link.forward
        back, good_back = link.backward
        for row, column in zip(link.rows.tolist(), link.columns.tolist(), strict=True):
            between = _between(
                live[row].box,
                sightings.xyxy[column],
                (ahead[:-1, row], good_ahead[:-1, row]),
                (back[1:, column], good_back[1:, column]),
            )
            self._seen(live[row], between, sightings, column, stop - start)
        matched = set(link.rows.tolist())
        for row, item in enumerate(live):
            if row not in matched:
                self._hold(item, ahead[:, row], good_ahead[:, row])
        taken = np.isin(np.arange(len(sightings.xyxy)), link.columns)
        born = ~taken & (sightings.score >= self._birth[sightings.kind])
        for column in np.flatnonzero(born).tolist():
            self._bear(sightings, column, back[:, column], good_back[:, column])
        self._at = stop
        self._retire(stop)
        self._forget(stop - HOLD)

    def end_shot(self) -> None:
        """Let no track reach beyond the last look."""
        self._done += [self._finish(item) for item in (*self._dead, *self._live)]
        self._dead, self._live = [], []

    def finished(self) -> Iterator[Track]:
        """Hand out the tracks that nothing can change any more, each once."""
        done, self._done = self._done, []
        yield from done

    def present(self) -> list[tuple[int, float, npt.NDArray[np.float32]]]:
        """Kind, best score and box of what is there at the last look, seen or held."""
        return [(item.kind, item.score, item.box) for item in self._live if item.last == self._at]

    def _scale(self, plane: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        height, width = plane.shape
        return np.array([width / self._size_wh[0], height / self._size_wh[1]], dtype=np.float32)

    def _affinity(
        self,
        live: list[_Live],
        sightings: Sightings,
        end: tuple[BoxesXYXY, npt.NDArray[np.bool_]],
        begin: tuple[BoxesXYXY, npt.NDArray[np.bool_]],
    ) -> npt.NDArray[np.float32]:
        """How well each live track fits each sighting; the best of several ways to compare them."""
        boxes = np.array([item.box for item in live], np.float32).reshape(-1, 4)
        gap = sightings.frame - self._at
        speed = np.array([item.velocity for item in live], np.float32).reshape(-1, 2)
        affinity = np.maximum(
            iou_matrix(boxes, sightings.xyxy),
            iou_matrix(boxes + np.tile(speed * gap, 2), sightings.xyxy),
        )
        affinity = np.maximum(affinity, iou_matrix(end[0], sightings.xyxy) * end[1][:, None])
        affinity = np.maximum(affinity, iou_matrix(boxes, begin[0]) * begin[1])
        if gap == 1:
            affinity = np.maximum(affinity, _nearness(boxes, sightings.xyxy))
        kinds = np.array([item.kind for item in live], dtype=np.int16)
        same: npt.NDArray[np.bool_] = kinds[:, None] == sightings.kind
        return affinity * same

    def _unsure(
        self,
        live: list[_Live],
        sightings: Sightings,
        pairs: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
        good_ahead: npt.NDArray[np.bool_],
        good_back: npt.NDArray[np.bool_],
    ) -> bool:
        """Whether something surely seen at one end was neither met nor carried to the other."""
        rows, columns = pairs
        sure_live = np.array(
            [i.score >= self._sure and i.last_seen == self._at for i in live], bool
        )
        sure_seen = sightings.score >= self._sure
        either = good_ahead[:-1, rows] | good_back[1:, columns]
        lost_between = ~either.all(axis=0) & (sure_live[rows] | sure_seen[columns])
        alone_live, alone_seen = sure_live.copy(), sure_seen.copy()
        alone_live[rows] = False
        alone_seen[columns] = False
        return bool(
            lost_between.any()
            or (alone_live & ~good_ahead[-1]).any()
            or (alone_seen & ~good_back[0]).any()
        )

    def _seen(
        self, item: _Live, between: BoxesXYXY, sightings: Sightings, column: int, gap: int
    ) -> None:
        box = sightings.xyxy[column]
        before = item.box
        item.append(np.concatenate([between, box[None]]))
        moved = (box[:2] + box[2:] - before[:2] - before[2:]) / np.float32(2 * gap)
        item.velocity = item.velocity * np.float32(_SPEED_KEPT) + moved * np.float32(
            1 - _SPEED_KEPT
        )
        item.score = max(item.score, float(sightings.score[column]))
        item.last_seen = sightings.frame
        item.seen += 1

    def _hold(self, item: _Live, ahead: BoxesXYXY, good: npt.NDArray[np.bool_]) -> None:
        """Go on as long as the content is recognised, up to a bound; what follows is `extend`'s."""
        hold = self._hold_of(item.score, item.seen)
        count = min(int(np.count_nonzero(good)), max(0, item.last_seen + hold - self._at))
        item.append(ahead[:count])

    def _bear(
        self,
        sightings: Sightings,
        column: int,
        back: BoxesXYXY,
        good: npt.NDArray[np.bool_],
    ) -> None:
        """Begin a track, and follow its content back to where it came from."""
        box = sightings.xyxy[column]
        hold = self._hold_of(float(sightings.score[column]), 1)
        count = int(np.count_nonzero(good))
        earlier = back[len(back) - count :]
        if count == len(good):
            further = self._further_back(earlier, box, hold - len(earlier))
            earlier = np.concatenate([further, earlier])
        earlier = earlier[max(0, len(earlier) - hold) :]
        item = _Live(
            kind=int(sightings.kind[column]),
            score=float(sightings.score[column]),
            first=sightings.frame - len(earlier),
            blocks=[np.concatenate([earlier, box[None]])],
            shot_start=self._shot_start,
            first_seen=sightings.frame,
            last_seen=sightings.frame,
        )
        self._live.append(self._rejoined(item))

    def _rejoined(self, item: _Live) -> _Live:
        """Join a new track to one that ended not long ago near to where it begins."""
        candidates = [
            old
            for old in self._dead
            if old.kind == item.kind
            and 0 < item.first - old.last <= BRIDGE
            and _may_be_one(old, item)
        ]
        if not candidates:
            return item
        old = max(candidates, key=lambda candidate: candidate.last)
        self._dead.remove(old)
        old.append(fill_gap(old.box, item.blocks[0][0], item.first - old.last - 1))
        old.append(item.boxes())
        old.score = max(old.score, item.score)
        old.last_seen = item.last_seen
        old.seen += item.seen
        return old

    def _hold_of(self, score: float, seen: int) -> int:
        """How far something is held: what was seen weakly and once is seldom what it seems."""
        return HOLD if score >= self._sure or seen > 1 else LEAST_EXTENSION

    def _further_back(
        self, earlier: BoxesXYXY, box: npt.NDArray[np.float32], count: int
    ) -> BoxesXYXY:
        planes = [plane for frame, plane in self._planes if self._shot_start <= frame <= self._at]
        if count <= 0 or len(planes) < 2:
            return np.empty((0, 4), np.float32)
        start = earlier[0] if len(earlier) else box
        boxes, good = _carried(planes[::-1][: count + 1], start[None], None, self._scale(planes[0]))
        return boxes[: np.count_nonzero(good), 0][::-1]

    def _retire(self, stop: int) -> None:
        """Set tracks aside that ended before the last look, and finish those nothing can join."""
        self._dead += [item for item in self._live if item.last < stop]
        self._live = [item for item in self._live if item.last >= stop]
        # A new track reaches back over this look by `HOLD` frames at most.
        self._done += [self._finish(item) for item in self._dead if _is_over(item, stop)]
        self._dead = [item for item in self._dead if not _is_over(item, stop)]

    def _finish(self, item: _Live) -> Track:
        before = max(0, item.first - max(item.first_seen - LEAST_EXTENSION, item.shot_start))
        # A track that is over ended long before the last look; others end with their shot.
        after = max(0, min(item.last_seen + LEAST_EXTENSION, self._at) - item.last)
        boxes = smooth_outward(extend(item.boxes(), before, after))
        label, detector = self._kinds[item.kind]
        first = item.first - before
        frames = np.arange(first, first + len(boxes), dtype=np.int64)
        return Track(label, detector, min(item.score, 1.0), frames, boxes, item.seen)

    def _forget(self, before: int) -> None:
        while self._planes and self._planes[0][0] < before:
            self._planes.popleft()


def _carried(
    planes: Sequence[npt.NDArray[np.uint8]],
    xyxy: BoxesXYXY,
    velocity: npt.NDArray[np.float32] | None,
    scale: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Carry boxes in pixels of the frame; False from the first plane on where that failed."""
    speed = None if velocity is None else velocity * scale
    both = np.tile(scale, 2)
    boxes, score = carry(planes, xyxy * both, speed)
    good: npt.NDArray[np.bool_] = score >= CARRIED
    return boxes / both, good


def _between(
    start: npt.NDArray[np.float32],
    stop: npt.NDArray[np.float32],
    ahead: tuple[BoxesXYXY, npt.NDArray[np.bool_]],
    back: tuple[BoxesXYXY, npt.NDArray[np.bool_]],
) -> BoxesXYXY:
    """Boxes of the frames between two looks: the hull of all that is known of each.

    Both carried ways keep the size of the box they began with, so each is brought to the size that
    belongs to its frame. Where neither way got through, the straight line counts, and so does the
    sweep of its neighbours.
    """
    count = len(ahead[0])
    asked = np.arange(1, count + 1, dtype=np.int64)
    ends = np.array([0, count + 1], dtype=np.int64)
    line = boxes_between(ends, np.stack([start, stop]), asked)
    half = (line[:, 2:] - line[:, :2]) / 2
    lost = ~(ahead[1] | back[1])
    out = np.concatenate(
        [np.full((count, 2), np.inf, np.float32), np.full((count, 2), -np.inf, np.float32)], axis=1
    )
    ways = [ahead, back, (line, lost)]
    if lost.any():
        step = (stop - start) / np.float32(count + 1)
        ways += [(line - step, lost), (line + step, lost)]
    for boxes, good in ways:
        center = (boxes[:, :2] + boxes[:, 2:]) / 2
        np.minimum(out[:, :2], center - half, out=out[:, :2], where=good[:, None])
        np.maximum(out[:, 2:], center + half, out=out[:, 2:], where=good[:, None])
    return out


def _nearness(a: BoxesXYXY, b: BoxesXYXY) -> npt.NDArray[np.float32]:
    """`LEAST_AFFINITY` or a little more for pairs of similar size that are near each other, else 0."""
    size_a, size_b = (np.sqrt(np.prod(box[:, 2:] - box[:, :2], axis=1)) for box in (a, b))
    centers = [(box[:, :2] + box[:, 2:]) / 2 for box in (a, b)]
    distance = np.linalg.norm(centers[0][:, None] - centers[1], axis=2)
    larger = np.maximum(np.maximum(size_a[:, None], size_b), np.float32(1e-6))
    alike = np.minimum(size_a[:, None], size_b) > larger / 2
    nearness = np.clip(1 - distance / (larger * np.float32(_NEAR)), 0, 1)
    fits = alike & (nearness > 0)
    out: npt.NDArray[np.float32] = (fits * (LEAST_AFFINITY + nearness / 20)).astype(np.float32)
    return out


def _is_over(item: _Live, stop: int) -> bool:
    return item.last + BRIDGE + HOLD < stop


def _may_be_one(chain: _Live, item: _Live) -> bool:
    gap = item.first - chain.last
    moved = np.stack([chain.box, chain.box + np.tile(chain.velocity * gap, 2)])
    grown = extend(moved[:1], 0, gap)[-1:]
    first = item.blocks[0][:1]
    return bool(
        (iou_matrix(moved, first) >= LEAST_AFFINITY).any()
        or (iou_matrix(grown, first) >= LEAST_AFFINITY).any()
    )
