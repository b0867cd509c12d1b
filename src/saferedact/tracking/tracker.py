"""The tracker: looks at some frames become tracks over all of them.

It is fed shot by shot: `start_shot` with the first look of a shot, then, look by look, `link` and
`commit`, then `end_shot`. Between two looks boxes are carried in both directions by what is in them
(`carry`). `link` changes nothing and says whether something that was surely seen could not be
carried; whoever decides where to look next then looks in between and links the two halves.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY
from saferedact.tracking.associate import associate
from saferedact.tracking.births import earlier_boxes, frames_stood
from saferedact.tracking.finish import formed
from saferedact.tracking.holds import Holds
from saferedact.tracking.live import (
    BRIDGE,
    HOLD,
    LEAST_AFFINITY,
    LEAST_EXTENSION,
    LiveTrack,
    between,
    go_on,
    hull,
    is_over,
    may_be_one,
    one_person,
    wait,
    with_own_place,
)
from saferedact.tracking.pairing import affinity_of, is_unsure
from saferedact.tracking.planes import Plane, Planes
from saferedact.tracking.shape import (
    extend,
    fill_gap,
)
from saferedact.tracking.sightings import Link, Sightings
from saferedact.tracking.track import Track

__all__ = ["Tracker"]

_SPEED_KEPT = 0.5  # of the former speed at each look; the rest is what was just measured


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
    hold : sequence of int, optional
        For each kind, for how many frames it is held while it is recognised and not seen, and
        followed back from where it was first seen; `HOLD` by default. For what is seldom looked
        for, the frames between two such looks.
    """

    def __init__(
        self,
        kinds: Sequence[tuple[str, str]],
        size_wh: tuple[int, int],
        *,
        birth: Sequence[float],
        sure: float,
        hold: Sequence[int] = (),
    ) -> None:
        self._kinds = list(kinds)
        self._size_wh = size_wh
        self._birth = np.array(birth, dtype=np.float32)
        self._sure = sure
        self._holds = Holds(tuple(hold) or (HOLD,) * len(self._kinds), sure)
        self._planes = Planes(size_wh)
        self._live: list[LiveTrack] = []
        self._dead: list[LiveTrack] = []
        self._done: list[Track] = []
        self._at = self._before = -1  # frames of the last look and of the one before
        self._shot_start = 0

    @property
    def last_look(self) -> int:
        """Frame of the last look that was committed; -1 before the first."""
        return self._at

    def add_plane(self, frame: int, luma: Plane) -> None:
        """Take the small luma plane of the next frame; it is kept as long as it may be needed."""
        self._planes.add(frame, luma)

    def start_shot(self, sightings: Sightings) -> None:
        """Begin with a frame before which nothing is."""
        self._shot_start = sightings.frame
        self._planes.forget(sightings.frame)
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
        planes = self._planes.between(start, stop)
        live = [item for item in self._live if item.last == start]
        boxes = np.array([item.box for item in live], np.float32).reshape(-1, 4)
        speed = np.array([item.velocity for item in live], np.float32).reshape(-1, 2)
        ahead, good_ahead = self._planes.carry(planes, boxes, speed)
        back, good_back = self._planes.carry(planes[::-1], sightings.xyxy)
        back, good_back = back[::-1], good_back[::-1]
        affinity = affinity_of(
            live, sightings, stop - start, (ahead[-1], good_ahead[-1]), (back[0], good_back[0])
        )
        rows, columns = associate(affinity, LEAST_AFFINITY)
        sure = np.array(
            [
                i.score >= self._sure and i.last_seen == start and sightings.looked_for(i.kind)
                for i in live
            ],
            bool,
        )
        unsure = stop - start > 1 and is_unsure(
            (sure, sightings.score >= self._sure), (rows, columns), good_ahead, good_back
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
            boxes = between(
                live[row].box,
                sightings.xyxy[column],
                (ahead[:-1, row], good_ahead[:-1, row]),
                (back[1:, column], good_back[1:, column]),
            )
            if self._holds.is_seldom(live[row].kind):  # perhaps other words where some were before
                boxes = self._stand(live[row], boxes, sightings, column)
            self._seen(live[row], boxes, sightings, column, stop - start)
        matched = set(link.rows.tolist())
        for row, item in enumerate(live):
            if row in matched:
                continue
            if sightings.looked_for(item.kind):
                self._hold(item, ahead[:, row], good_ahead[:, row])
            else:
                wait(item, ahead[:, row], good_ahead[:, row])
        taken = np.isin(np.arange(len(sightings.xyxy)), link.columns)
        born = ~taken & (sightings.score >= self._birth[sightings.kind])
        for column in np.flatnonzero(born).tolist():
            self._bear(sightings, column, back[:, column], good_back[:, column])
        self._before, self._at = start, stop
        self._retire(stop)
        self._planes.forget(stop - self._holds.longest)

    def end_shot(self) -> None:
        """Let no track reach beyond the last look."""
        self._done += [self._finish(item, ends=True) for item in (*self._dead, *self._live)]
        self._dead, self._live = [], []

    def finished(self) -> Iterator[Track]:
        """Hand out the tracks that nothing can change any more, each once."""
        done, self._done = self._done, []
        yield from done

    def window(self, start: int) -> list[Track]:
        """Say what is known so far of the frames from `start` to the last look.

        Of tracks that are not finished; they are smoothed and extended as finished ones are.
        """
        parts = [item.since(start - HOLD) for item in (*self._live, *self._dead)]
        tracks = [self._finish(part) for part in parts if part is not None]
        return [track for track in tracks if track.last >= start]

    def ahead(self, planes: Sequence[Plane]) -> list[tuple[Track, bool]]:
        """Guess where what was there at the last look is in a later frame.

        Parameters
        ----------
        planes : sequence of ndarray, shape (h, w), uint8
            Luma of the frame of the last look, and of the frames up to the one that is asked for.

        Returns
        -------
        list of (Track, bool)
            Two boxes each: at the last look, and in the last plane. Whether its content was
            recognised there; if not, the second box is only an extension. What the last look alone
            has missed is among them: detectors lose a thing for a look.
        """
        live = [item for item in self._live if item.last == self._at]
        steps = len(planes) - 1
        boxes = np.array([item.box for item in live], np.float32).reshape(-1, 4)
        speed = np.array([item.velocity for item in live], np.float32).reshape(-1, 2)
        moved, good = self._planes.carry(planes, boxes, speed)
        found = []
        for row, item in enumerate(live):
            end = moved[-1, row] if steps else item.box
            if steps and not good[-1, row]:
                end = extend(item.boxes_since(self._at - LEAST_EXTENSION), 0, steps)[-1]
            track = self._guess(item, np.stack([item.box, end]), steps)
            found.append((track, not steps or bool(good[-1, row])))
        for item in self._dead:
            if item.last_seen >= self._before:
                since = self._at - item.last
                ends = extend(item.boxes_since(item.last - LEAST_EXTENSION), 0, since + steps)
                found.append((self._guess(item, ends[[-1 - steps, -1]], steps), False))
        return found

    def _guess(self, item: LiveTrack, ends: BoxesXYXY, steps: int) -> Track:
        """Make a track of boxes at the last look and so many frames later."""
        frames = np.array([self._at, self._at + steps] if steps else [self._at])
        label, detector = self._kinds[item.kind]
        score = min(item.score, 1.0)
        return Track(label, detector, score, frames, ends[: len(frames)], item.seen)

    def _seen(
        self, item: LiveTrack, between: BoxesXYXY, sightings: Sightings, column: int, gap: int
    ) -> None:
        box = sightings.xyxy[column]
        before = item.box
        if item.last_seen < item.last:  # until now it may have been hidden by what was followed
            between = with_own_place(item, between)
        if item.place is not None:  # what was followed since may be the ground
            between = hull(between, item.place)
        item.see(np.concatenate([between, box[None]]))
        moved = (box[:2] + box[2:] - before[:2] - before[2:]) / np.float32(2 * gap)
        item.velocity = item.velocity * np.float32(_SPEED_KEPT) + moved * np.float32(
            1 - _SPEED_KEPT
        )
        item.score = max(item.score, float(sightings.score[column]))
        item.believed = item.believed or sightings.believed(column)
        if item.person_ref != sightings.person(column):
            item.person_ref = None  # a person's words alone may be given back as theirs

    def _stand(
        self, item: LiveTrack, boxes: BoxesXYXY, sightings: Sightings, column: int
    ) -> BoxesXYXY:
        """Cover a place too for as long as its words may have stood there, also between two looks."""
        box, frame = sightings.xyxy[column], sightings.frame
        span = (max(self._shot_start, frame - self._holds.of(item.kind, 1, 1)), frame)
        stood = frames_stood(self._planes, box, span)
        item.stand(frame - stood, box)
        known = max(0, len(boxes) - stood)
        return np.concatenate([boxes[:known], hull(boxes[known:], box)])

    def _hold(self, item: LiveTrack, ahead: BoxesXYXY, good: npt.NDArray[np.bool_]) -> None:
        """Go on as long as the content is recognised, up to a bound; what follows is `extend`'s."""
        hold = self._holds.of(item.kind, item.score, item.seen)
        count = min(int(np.count_nonzero(good)), max(0, item.last_seen + hold - self._at))
        go_on(item, ahead[:count])

    def _bear(
        self,
        sightings: Sightings,
        column: int,
        back: BoxesXYXY,
        good: npt.NDArray[np.bool_],
    ) -> None:
        """Begin a track, and follow its content back to where it came from."""
        box = sightings.xyxy[column]
        earlier = earlier_boxes(
            self._planes,
            self._holds,
            sightings,
            column,
            (back, good),
            span=(self._shot_start, self._at),
        )
        item = LiveTrack(
            kind=int(sightings.kind[column]),
            score=float(sightings.score[column]),
            first=sightings.frame - len(earlier),
            blocks=[np.concatenate([earlier, box[None]])],
            shot_start=self._shot_start,
            first_seen=sightings.frame,
            last_seen=sightings.frame,
            person_ref=sightings.person(column),
            believed=sightings.believed(column),
        )
        self._live.append(self._rejoined(item))

    def _rejoined(self, item: LiveTrack) -> LiveTrack:
        """Join a new track to one that ended not long ago near to where it begins."""
        candidates = [
            old
            for old in self._dead
            if old.kind == item.kind
            and 0 < item.first - old.last <= BRIDGE
            and one_person(old.person_ref, item.person_ref)
            and may_be_one(old, item)
        ]
        if not candidates:
            return item
        old = max(candidates, key=lambda candidate: candidate.last)
        self._dead.remove(old)
        old.append(fill_gap(old.box, item.blocks[0][0], item.first - old.last - 1))
        old.append(item.boxes())
        old.score = max(old.score, item.score)
        old.last_seen, old.own = item.last_seen, item.own
        old.seen += item.seen
        old.believed = old.believed or item.believed
        if old.person_ref != item.person_ref:
            old.person_ref = None
        return old

    def _retire(self, stop: int) -> None:
        """Set tracks aside that ended before the last look, and finish those nothing can join."""
        self._dead += [item for item in self._live if item.last < stop]
        self._live = [item for item in self._live if item.last >= stop]
        # A new track reaches back over this look by `HOLD` frames at most.
        self._done += [self._finish(item) for item in self._dead if is_over(item, stop)]
        self._dead = [item for item in self._dead if not is_over(item, stop)]

    def _finish(self, item: LiveTrack, *, ends: bool = False) -> Track:
        """Give a track its form; `ends` says that the shot ends with the last look."""
        label, detector = self._kinds[item.kind]
        frames, boxes = formed(item, self._holds, self._size_wh, self._at, ends=ends)
        score = min(item.score, 1.0)
        return Track(
            label, detector, score, frames, boxes, item.seen, item.person_ref, item.believed
        )
