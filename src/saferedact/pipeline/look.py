"""Showing pictures to detectors, and what comes back under a policy's labels."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections
from saferedact.detectors.base import ImageDetector
from saferedact.errors import DependencyMissingError, DetectorError
from saferedact.geometry import BoxesXYXY, merge_overlapping
from saferedact.media.base import Pixels
from saferedact.media.image_color import flatten_on_white, narrow, with_channels
from saferedact.policy import Policy
from saferedact.policy_tables import LabelRule

__all__ = ["Hits", "look"]

_SAME_IOU = 0.3
"""Boxes of one label and one detector on two renderings of one picture that overlap more than this
are one thing (the threshold at which the face detector joins its own views)."""

_FEW_LEVELS = 4096
_USED_PERCENT = (0.5, 99.5)
_SAMPLES = 2**18
"""Levels of 65,536 below which a picture is looked at stretched as well, shares of its samples, in percent,
that lie below and above what counts, and about how many samples are counted. A scan or a camera may keep ten bits
in sixteen: all of it is black on a screen, and anybody can brighten it. Measured on a portrait: with 4,096
levels the face is found as it is, with 1,024 it is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What one detector found in one frame under one label of the policy.

    Parameters
    ----------
    label : str
        Label of the policy.
    detector : str
        Name of the detector.
    rule : LabelRule
        What the policy says of the label.
    xyxy : ndarray, shape (n, 4), float32
        Tight boxes in upright pixels, half-open.
    score : ndarray, shape (n,), float32
        In [0, 1].
    people : tuple of (str or None), length n
        Whom each box names, as a reference of the case file, where that is known.
    """

    label: str
    detector: str
    rule: LabelRule
    xyxy: BoxesXYXY
    score: npt.NDArray[np.float32]
    people: tuple[str | None, ...]

    def at(self, xyxy: BoxesXYXY, chosen: npt.NDArray[np.bool_]) -> "Hits":
        """Return the chosen ones, with boxes of their own.

        Parameters
        ----------
        xyxy : ndarray, shape (n, 4), float32
            Boxes of all of them.
        chosen : ndarray, shape (n,), bool
            Which are kept.
        """
        people = tuple(itertools.compress(self.people, chosen.tolist()))
        return replace(self, xyxy=xyxy[chosen], score=self.score[chosen], people=people)


def look(
    pixels: Pixels,
    detectors: Sequence[ImageDetector],
    policy: Policy,
    *,
    orientation_known: bool,
    share: float = 1.0,
) -> Iterator[Hits]:
    """Show one frame to all detectors.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3) or (h, w, 4), uint8 or uint16
        The frame. Not modified. Where it is transparent it is shown as its bare colors, on white
        and on black, because a viewer may put it on any ground; of 16 bits of which few are used, also
        stretched to all.
    detectors : sequence of ImageDetector
        Who looks. A detector none of whose labels is in the policy is not asked.
    policy : Policy
        Labels and their least scores.
    orientation_known : bool
        Whether the file says which way is up.
    share : float
        Answers down to this share of the least score are returned, in (0, 1].

    Yields
    ------
    Hits
        For each detector and label with at least one box.

    Raises
    ------
    DetectorError
        If a detector raises anything, answers for another number of pictures, or points outside
        of the picture.
    """
    renderings = _renderings(pixels)
    for detector in detectors:
        rules = {
            label: rule for label, rule in policy.labels.items() if label in detector.info.labels
        }
        if not rules:
            continue
        least = min(rule.min_score for rule in rules.values()) * share
        answers = [
            _ask(detector, image, least, orientation_known=orientation_known)
            for image in renderings
        ]
        for label, rule in rules.items():
            xyxy, score, people = _joined(answers, label, rule.min_score * share)
            if len(xyxy):
                yield Hits(label, detector.info.name, rule, xyxy, score, people)


def _renderings(pixels: Pixels) -> list[npt.NDArray[np.uint8]]:
    shown = _on_every_ground(narrow(pixels))
    stretched = _stretched(pixels)
    return shown if stretched is None else [*shown, *_on_every_ground(stretched)]


def _on_every_ground(shown: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint8]]:
    if shown.ndim == 2 or shown.shape[2] == 3:
        return [with_channels(shown, 3)]
    color, alpha = shown[:, :, :3], shown[:, :, 3:]
    if bool((alpha == 255).all()):
        return [np.ascontiguousarray(color)]
    on_black = (color.astype(np.uint16) * alpha // 255).astype(np.uint8)
    return [np.ascontiguousarray(color), flatten_on_white(shown), on_black]


def _stretched(pixels: Pixels) -> npt.NDArray[np.uint8] | None:
    """Spread the levels that a picture of 16 bits uses over all that are shown, if they are few."""
    if pixels.dtype != np.uint16:
        return None
    shown = pixels if pixels.ndim == 2 else pixels[:, :, :3]
    step = math.isqrt(shown.size // _SAMPLES) + 1
    low, high = np.percentile(shown[::step, ::step], _USED_PERCENT)
    if high - low >= _FEW_LEVELS or high <= low:
        return None
    levels = np.interp(np.arange(2**16), (low, high), (0, 255))
    color = np.rint(levels).astype(np.uint8)[shown]
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return color
    return np.concatenate([color, narrow(pixels)[:, :, 3:]], axis=2)


def _ask(
    detector: ImageDetector,
    image: npt.NDArray[np.uint8],
    min_score: float,
    *,
    orientation_known: bool,
) -> Detections:
    name = detector.info.name
    shown = image[None]
    shown.flags.writeable = False  # the next detector must see the same picture
    try:
        answers: Sequence[object] = detector.detect(
            shown, min_score=min_score, orientation_known=orientation_known
        )
        (found,) = answers
    except (DependencyMissingError, DetectorError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  a plug-in may raise, or answer with, anything
        msg = f"the detector {name} failed ({type(error).__name__})"
        raise DetectorError(msg) from None
    if not isinstance(found, Detections):
        msg = f"the detector {name} did not answer with one Detections for one picture"
        raise DetectorError(msg)
    height, width = image.shape[:2]
    outside = (found.xyxy[:, :2] >= (width, height)) | (found.xyxy[:, 2:] <= 0)
    if bool(outside.any()):  # its other boxes are likely to be wrong too
        msg = f"the detector {name} answered with a box outside of the picture"
        raise DetectorError(msg)
    return found


def _joined(
    answers: list[Detections], label: str, min_score: float
) -> tuple[BoxesXYXY, npt.NDArray[np.float32], tuple[str | None, ...]]:
    """Boxes of one label over all renderings, at least as sure as `min_score`, best first."""
    parts: list[Detections] = []
    for found in answers:
        wanted = [i for i, name in enumerate(found.labels) if name == label]
        chosen = np.isin(found.label_id, wanted) & (found.score >= np.float32(min_score))
        parts.append(found[chosen])
    every = Detections.concatenate(parts)
    if len(parts) == 1:
        return every.xyxy, every.score, every.people
    xyxy, score = merge_overlapping(every.xyxy, every.score, _SAME_IOU)
    return xyxy, score, tuple(_person_in(box, every) for box in xyxy)


def _person_in(box: npt.NDArray[np.float32], found: Detections) -> str | None:
    """Name the one person whom the boxes are of that were joined to one."""
    middle = (found.xyxy[:, :2] + found.xyxy[:, 2:]) / 2
    inside = np.asarray(((middle >= box[:2]) & (middle <= box[2:])).all(axis=1))
    refs = {found.people[index] for index in np.flatnonzero(inside).tolist()} - {None}
    return refs.pop() if len(refs) == 1 else None
