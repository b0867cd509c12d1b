"""A track that is being made, and how it goes with what is seen next."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY, iou_matrix
from saferedact.tracking.shape import VELOCITY_FRAMES, extend, grow, sweep
from saferedact.tracking.track import boxes_between

__all__ = [
    "BRIDGE",
    "HOLD",
    "LEAST_AFFINITY",
    "LEAST_EXTENSION",
    "LiveTrack",
    "alike",
    "between",
    "go_on",
    "hull",
    "is_over",
    "may_be_one",
    "nearness",
    "one_person",
    "wait",
    "with_own_place",
]

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

_ALIKE = 0.5
"""Ratio of sizes below which boxes are not the same thing. A head that leaves the picture before others
must not become one of them: it would be covered no longer where it is cut by the edge."""

_NEAR = 1.5
"""Boxes of neighbouring frames whose centers are nearer than this many box sides may be one thing
without overlapping: 40 px a frame is more than a face of 24 px."""


@dataclass(slots=True, eq=False)
class LiveTrack:
    """A track that is being made; its boxes are those of consecutive frames.

    `place` is where it was seen last, if there were looks since that did not look for it, and `lost` the
    frames since in which its content was not recognised. `believed` says that one look at least left no
    doubt.
    """

    kind: int
    score: float
    first: int
    blocks: list[BoxesXYXY]
    shot_start: int
    first_seen: int
    last_seen: int
    seen: int = 1
    person_ref: str | None = None
    believed: bool = True
    velocity: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(2, np.float32))
    last: int = 0
    place: npt.NDArray[np.float32] | None = None
    lost: int = 0
    box: npt.NDArray[np.float32] = field(init=False)
    own: BoxesXYXY = field(init=False)

    def __post_init__(self) -> None:
        """Count the frames."""
        self.last = self.first + sum(map(len, self.blocks)) - 1
        self.box = self.blocks[-1][-1]
        self.own = self.boxes_since(self.last - VELOCITY_FRAMES)

    def see(self, boxes: BoxesXYXY) -> None:
        """Go on by the boxes of the next frames, in the last of which it was seen."""
        self.append(boxes)
        self.last_seen = self.last
        self.seen += 1
        self.place, self.lost = None, 0
        self.own = self.boxes_since(self.last - VELOCITY_FRAMES)

    def append(self, boxes: BoxesXYXY, box: npt.NDArray[np.float32] | None = None) -> None:
        """Go on by the boxes of the next frames.

        Where they cover more than the thing itself, `box` says where that is in the last of them.
        """
        if len(boxes):
            self.blocks.append(boxes)
            self.last += len(boxes)
            self.box = boxes[-1] if box is None else box

    def stand(self, start: int, box: npt.NDArray[np.float32]) -> None:
        """Cover a place too in all frames from `start` on, as far as the track reaches back."""
        at = self.last + 1
        for number in reversed(range(len(self.blocks))):
            block = self.blocks[number]
            at -= len(block)
            known = max(0, start - at)
            self.blocks[number] = np.concatenate([block[:known], hull(block[known:], box)])
            if at <= start:
                return

    def boxes(self) -> BoxesXYXY:
        """Boxes of all frames."""
        joined: BoxesXYXY = np.concatenate(self.blocks)
        return joined

    def boxes_since(self, start: int) -> BoxesXYXY:
        """Boxes of the frames from `start` on, at least the last one."""
        wanted = max(1, min(self.last + 1 - start, self.last + 1 - self.first))
        blocks: list[BoxesXYXY] = []
        count = 0
        for block in reversed(self.blocks):  # the last frames of a track of hours
            blocks.insert(0, block)
            count += len(block)
            if count >= wanted:
                break
        joined: BoxesXYXY = np.concatenate(blocks)[count - wanted :]
        return joined

    def since(self, start: int) -> "LiveTrack | None":
        """Return the part of the track from a frame on; None if it ended long before."""
        if self.last + HOLD < start:
            return None
        boxes = self.boxes_since(start)
        part = replace(self, blocks=[boxes], first=self.last + 1 - len(boxes))
        if part.first > self.first:
            part.first_seen = part.first + HOLD  # nothing is to be added before it
        return part


def between(
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
    # A single way may have followed what came between.
    ways = [ahead, back, (line, ~(ahead[1] & back[1]))]
    if lost.any():
        step = (stop - start) / np.float32(count + 1)
        ways += [(line - step, lost), (line + step, lost)]
    for boxes, good in ways:
        center = (boxes[:, :2] + boxes[:, 2:]) / 2
        np.minimum(out[:, :2], center - half, out=out[:, :2], where=good[:, None])
        np.maximum(out[:, 2:], center + half, out=out[:, 2:], where=good[:, None])
    return out


def alike(a: BoxesXYXY, b: BoxesXYXY) -> npt.NDArray[np.bool_]:
    """Say which pairs are of similar size, shape (n, m)."""
    size_a, size_b = _size(a)[:, None], _size(b)
    return np.asarray(np.minimum(size_a, size_b) >= _ALIKE * np.maximum(size_a, size_b))


def nearness(a: BoxesXYXY, b: BoxesXYXY) -> npt.NDArray[np.float32]:
    """`LEAST_AFFINITY` or a little more for pairs that are near each other, else 0."""
    centers = [(box[:, :2] + box[:, 2:]) / 2 for box in (a, b)]
    distance = np.linalg.norm(centers[0][:, None] - centers[1], axis=2)
    larger = np.maximum(np.maximum(_size(a)[:, None], _size(b)), np.float32(1e-6))
    nearness = np.clip(1 - distance / (larger * np.float32(_NEAR)), 0, 1)
    out: npt.NDArray[np.float32] = ((nearness > 0) * (LEAST_AFFINITY + nearness / 20)).astype(
        np.float32
    )
    return out


def _size(xyxy: BoxesXYXY) -> npt.NDArray[np.float32]:
    size: npt.NDArray[np.float32] = np.sqrt(np.prod(xyxy[:, 2:] - xyxy[:, :2], axis=1))
    return size


def is_over(item: LiveTrack, stop: int) -> bool:
    """Whether nothing that is seen from a frame on can join a track any more."""
    return item.last + BRIDGE + HOLD < stop


def may_be_one(chain: LiveTrack, item: LiveTrack) -> bool:
    """Whether a track may be what another was that ended before it begins."""
    gap = item.first - chain.last
    moved = np.stack([chain.box, chain.box + np.tile(chain.velocity * gap, 2)])
    grown = extend(moved[:1], 0, gap)[-1:]
    first = item.blocks[0][:1]
    if not alike(moved[:1], first).all():
        return False
    return bool(
        (iou_matrix(moved, first) >= LEAST_AFFINITY).any()
        or (iou_matrix(grown, first) >= LEAST_AFFINITY).any()
    )


def go_on(item: LiveTrack, ahead: BoxesXYXY) -> None:
    """Let a track that was not seen go on by the boxes to which its content was carried.

    What is carried may be what has come before the thing, and moves on with it. So the last place
    that was seen stays covered too, and all from there to where its motion leads.
    """
    item.append(with_own_place(item, ahead), ahead[-1] if len(ahead) else None)


def one_person(a: str | None, b: str | None) -> bool:
    """Whether two references do not speak of different people."""
    return a is None or b is None or a == b


def with_own_place(item: LiveTrack, xyxy: BoxesXYXY) -> BoxesXYXY:
    """Enlarge the boxes of the next frames by where a track was when it was last seen."""
    held = item.last - item.last_seen
    return hull(sweep(item.own, held + len(xyxy))[held:], xyxy)


def hull(a: BoxesXYXY, b: BoxesXYXY) -> BoxesXYXY:
    """Smallest boxes around each of two, of equal or broadcast shapes."""
    low = np.minimum(a[..., :2], b[..., :2])
    return np.concatenate([low, np.maximum(a[..., 2:], b[..., 2:])], axis=-1)


def wait(item: LiveTrack, ahead: BoxesXYXY, good: npt.NDArray[np.bool_]) -> None:
    """Let a track that nobody looked for go on: carried, and where that fails, standing and growing.

    Its place stays covered too. Words that stand still before a moving ground are mostly ground: what
    is carried is as often that, and the look that would tell is far.
    """
    place = item.box if item.place is None else item.place
    count = int(np.count_nonzero(good))
    left = len(ahead) - count
    boxes = np.concatenate([item.box[None], ahead[:count]])
    boxes = np.concatenate([boxes[1:], np.repeat(boxes[-1:], left, axis=0)])
    # From the size at which it was seen: what grows from what has grown would soon be the whole picture.
    lost = item.lost + np.concatenate([np.zeros(count, np.int64), np.arange(1, left + 1)])
    item.append(hull(grow(boxes, lost), place), boxes[-1])
    item.place, item.last_seen, item.lost = place, item.last, item.lost + left
    item.own = item.boxes_since(item.last - VELOCITY_FRAMES)
