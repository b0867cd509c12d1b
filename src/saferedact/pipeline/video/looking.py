"""Showing frames of a video to detectors."""

import functools
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saferedact.detectors.base import (
    DoubtingDetector,
    FrameDetector,
    GlancingDetector,
    ImageDetector,
    RestingDetector,
)
from saferedact.detectors.failures import told_as_detector_error
from saferedact.geometry import BoxesXYXY, clip
from saferedact.media.video_base import VideoInfo
from saferedact.pipeline.look import Hits, look
from saferedact.pipeline.medium import Search
from saferedact.pipeline.video.sizes import LookSizes, look_sizes
from saferedact.pipeline.video.watch import GLANCE_WIDTH, SURE, Watcher
from saferedact.pipeline.video.watched import Glance, Look, Shown
from saferedact.policy_tables import LabelRule
from saferedact.tracking import HOLD, Doubt, Sightings, Tracker

__all__ = [
    "KEEP_SHARE",
    "Looker",
    "hits_at",
    "kinds_of",
    "rules_of",
    "sizes_for",
    "tracker_for",
    "watcher_for",
]

KEEP_SHARE = 2 / 3
"""Share of the policy's least score that prolongs a track. Measured on the prototype: birth at .2 and
keeping at .1 covers what birth at .1 does, with half the false tracks."""

_SELDOM_HOLD = 100
"""Frames that what is seldom looked for is followed back and held: 1.6 s at 60 frames a second."""


class Looker:
    """Shows frames to the detectors of a search, small, upright and as displayed.

    Parameters
    ----------
    search : Search
        What is looked for, and who looks.
    size_wh : (int, int)
        Upright coded size of the frames.
    doubting : bool
        Whether detectors that can do so look closer at what hardly resembles anything. A stream, which
        must cover a thing before all looks at it are known, believes them all.
    """

    def __init__(self, search: Search, size_wh: tuple[int, int], *, doubting: bool = True) -> None:
        self._policy = search.policy
        self._detectors = for_frames(search.detectors)
        self._size_wh = size_wh
        self.kinds = kinds_of(search)
        self._number = {kind: number for number, kind in enumerate(self.kinds)}
        self._seldom = seldom_names(self._detectors)
        self._doubting = {
            item.info.name: item
            for item in self._detectors
            if doubting and isinstance(item, DoubtingDetector)
        }
        self._glancing = [
            item
            for item in self._detectors
            if looks_seldom(item) and isinstance(item, GlancingDetector)
        ]
        self._often = frozenset(
            number for (_, name), number in self._number.items() if name not in self._seldom
        )

    def __call__(self, frame: Shown, size_wh: tuple[int, int], everybody: bool = True) -> Sightings:
        """Look at a frame at a size; boxes are in upright coded pixels, tight."""
        asked = None if everybody or not self._seldom else self._often
        hits = self.hits(frame, size_wh, KEEP_SHARE, everybody=everybody)
        if not hits:
            return Sightings.none(frame.index, asked)
        return Sightings(
            frame.index,
            np.concatenate([hit.xyxy for hit in hits]),
            np.concatenate([hit.score for hit in hits]),
            np.concatenate(
                [
                    np.full(len(hit.xyxy), self._number[hit.label, hit.detector], np.int16)
                    for hit in hits
                ]
            ),
            asked,
            tuple(itertools.chain.from_iterable(hit.people for hit in hits)),
            self._doubt(frame, size_wh),
        )

    def _doubt(self, frame: Shown, size_wh: tuple[int, int]) -> Doubt:
        """Let detectors that can do so look closer at what they found in a frame at a size."""
        scale = np.tile(np.array(size_wh) / np.array(self._size_wh), 2).astype(np.float32)
        picture = functools.cache(functools.partial(frame.small, size_wh))

        def doubt(kind: int, box: npt.NDArray[np.float32], score: float) -> bool:
            detector = self._doubting.get(self.kinds[kind][1])
            if detector is None:
                return False
            with told_as_detector_error(f"the detector {detector.info.name} failed"):
                return detector.doubts(picture(), box * scale, score)

        return doubt

    def hits(
        self, frame: Shown, size_wh: tuple[int, int], share: float, *, everybody: bool = True
    ) -> list[Hits]:
        """Do the same down to any share of the least scores."""
        picture = frame.small(size_wh)
        asked = [item for item in self._detectors if everybody or not looks_seldom(item)]
        found = look(picture, asked, self._policy, orientation_known=True, share=share)
        return [hits_at(hit, size_wh, self._size_wh) for hit in found]

    @property
    def glance(self) -> Glance | None:
        """How to say quickly where those that look seldom may find something; None if none of them can."""
        return self._glance if self._glancing else None

    def _glance(self, frame: Shown) -> BoxesXYXY:
        scale = min(1.0, GLANCE_WIDTH / max(self._size_wh))
        size_wh = (
            max(1, round(self._size_wh[0] * scale)),
            max(1, round(self._size_wh[1] * scale)),
        )
        picture = frame.small(size_wh)
        boxes = [np.empty((0, 4), np.float32)]
        for detector in self._glancing:
            with told_as_detector_error(f"the detector {detector.info.name} failed"):
                boxes.append(detector.glance(picture))
        back = np.array(self._size_wh) / np.array(size_wh)
        return np.concatenate(boxes) * np.tile(back, 2).astype(np.float32)

    def rest(self) -> None:
        """Let the detectors give back what they keep between looks: encoding comes next."""
        for detector in self._detectors:
            if isinstance(detector, RestingDetector):
                detector.rest()


def hits_at(hit: Hits, seen_wh: tuple[int, int], size_wh: tuple[int, int]) -> Hits:
    """Carry hits from pixels of a scaled picture to those of the frame, cut at its edges."""
    scale = np.array([size_wh[0] / seen_wh[0], size_wh[1] / seen_wh[1]] * 2, dtype=np.float32)
    xyxy = clip(hit.xyxy * scale, size_wh)
    inside = np.asarray(((xyxy[:, 2:] - xyxy[:, :2]) > 0).all(axis=1))
    return hit.at(xyxy, inside)


def for_frames(detectors: Sequence[ImageDetector]) -> list[ImageDetector]:
    """Let detectors that know a quicker way for the frames of a video take it."""
    return [item.for_frames() if isinstance(item, FrameDetector) else item for item in detectors]


def looks_seldom(detector: ImageDetector) -> bool:
    """Whether a detector says that looks some time apart are enough, by an attribute `every_s`."""
    return float(getattr(detector, "every_s", 0.0)) > 0


def seldom_names(detectors: Sequence[ImageDetector]) -> frozenset[str]:
    """Names of the detectors that look seldom."""
    return frozenset(item.info.name for item in detectors if looks_seldom(item))


def kinds_of(search: Search) -> list[tuple[str, str]]:
    """Label and detector of everything that can be found."""
    return [
        (label, info.name)
        for info in search.asked
        for label in search.policy.labels
        if label in info.labels
    ]


def rules_of(search: Search) -> dict[str, LabelRule]:
    """Rules of the policy by the names of their labels."""
    return {str(label): rule for label, rule in search.policy.labels.items()}


def tracker_for(search: Search, size_wh: tuple[int, int]) -> Tracker:
    """Make a tracker for what a search can find."""
    rules = rules_of(search)
    kinds = kinds_of(search)
    birth = [rules[label].min_score for label, _ in kinds]
    seldom = seldom_names(for_frames(search.detectors))
    hold = [_SELDOM_HOLD if name in seldom else HOLD for _, name in kinds]
    return Tracker(kinds, size_wh, birth=birth, sure=SURE, hold=hold)


def watcher_for(
    look_at: Look,
    tracker: Tracker,
    info: VideoInfo,
    *,
    phase: int = 0,
    every_frame: bool = False,
    glance: Glance | None = None,
) -> Watcher:
    """Make a watcher for a clip; `phase`, `every_frame` and `glance` as of `Watcher`."""
    return Watcher(
        tracker,
        look_at,
        sizes_for(info),
        info.upright_size_wh,
        phase=phase,
        every_frame=every_frame,
        glance=glance,
    )


def sizes_for(info: VideoInfo) -> LookSizes:
    """Sizes of looks at a clip, as displayed."""
    ratio = float(info.sample_aspect_ratio)
    if info.orientation >= 5:
        ratio = 1 / ratio  # turned by a quarter, wide pixels are high ones
    return look_sizes(info.upright_size_wh, ratio)
