"""What can be seen and read in the pictures of a file that is checked: frames, pages, moments of a film."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.checks.material import Segment, Sight
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.picture_text import PictureText
from saferedact.geometry import BoxesXYXY
from saferedact.media.image_color import flatten_on_white, narrow, with_channels
from saferedact.media.image_read import open_image
from saferedact.media.kinds import MediaKind
from saferedact.media.pdf_worker import open_pdf
from saferedact.media.video_read import open_video
from saferedact.pipeline.look import look
from saferedact.pipeline.medium import Search, medium_for
from saferedact.pipeline.pdf.pictures import LOOK_DPI, parts_to_look_at
from saferedact.plan import TrackRegion
from saferedact.policy import Policy

__all__ = ["ImageTextReader", "Seen", "see"]

ImageTextReader = Callable[[npt.NDArray[np.uint8]], PictureText]
"""Reads the text of a picture, shape (h, w, 3), sRGB."""

_READ_EVERY_S = 2.0
"""Seconds between moments of a film at which its text is read, which takes a second of work. What is
shown for less may be missed, and the report says that moments were read."""

_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Seen:
    """What the pictures of one file show.

    Parameters
    ----------
    sights : list of Sight
        What detectors saw; boxes in upright pixels, of a PDF in points.
    texts : list of Segment
        What could be read.
    unread : list of str
        What could not be looked at, in words of ours.
    """

    sights: list[Sight] = field(default_factory=list)
    texts: list[Segment] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def see(
    path: Path,
    kind: MediaKind,
    *,
    policy: Policy,
    detectors: Sequence[ImageDetector] | None,
    image_text: ImageTextReader | None,
) -> Seen:
    """Look at all pictures of a file.

    Parameters
    ----------
    path : Path
        A picture, video or PDF. Opened read-only.
    kind : {"image", "video", "pdf"}
        Which.
    policy : Policy
        Labels, scores and limits.
    detectors : sequence of ImageDetector or None
        Who looks; None for nobody, which is told.
    image_text : callable or None
        Who reads; None for nobody, which is told.

    Returns
    -------
    Seen
        Everything at or above the policy's least scores.

    Raises
    ------
    InputError, LimitExceededError
        If the file cannot be read.
    DetectorError
        If a detector fails.
    """
    looker = _Looker(policy, detectors, image_text)
    if detectors is None:
        looker.seen.unread.append("nobody looked for faces in the pictures")
    if image_text is None:
        looker.seen.unread.append("text in the pictures was not read")
    {"image": looker.picture, "pdf": looker.pages, "video": looker.film}[kind](path)
    looker.seen.unread = list(dict.fromkeys(looker.seen.unread))
    return looker.seen


class _Looker:
    """Collects what is seen."""

    def __init__(
        self,
        policy: Policy,
        detectors: Sequence[ImageDetector] | None,
        image_text: ImageTextReader | None,
    ) -> None:
        self.seen = Seen()
        self._policy = policy
        self._detectors = tuple(detectors or ())
        self._image_text = image_text

    def picture(self, path: Path) -> None:
        with open_image(path, limits=self._policy.effective_limits()) as source:
            known = source.info.orientation is not None
            for frame in source.frames():
                self._look(frame.pixels, frame.index, orientation_known=known)
                shown = with_channels(flatten_on_white(narrow(frame.pixels)), 3)
                self._read(shown, frame.index)

    def pages(self, path: Path) -> None:
        """Look at what pages hold besides text in lines whose fonts can be trusted: that is read anyway."""
        with open_pdf(path, limits=self._policy.effective_limits()) as document:
            for index in range(len(document.facts.sizes)):
                view = document.page(index)
                upright = any(not layer.hidden for layer in view.layers)
                self.seen.texts += [
                    Segment(word, frame=index, joined=True)
                    for layer in view.layers
                    if layer.scattered
                    for word in layer.text.split("\n\n")
                ]
                vouched = view.trusted and not view.raster
                for part in parts_to_look_at(view):
                    pixels = document.picture(index, LOOK_DPI, part, bare=vouched)
                    scale = pixels.shape[1] / (part[2] - part[0])
                    self._look(pixels, index, scale, part[:2], orientation_known=upright)
                    self._read(pixels, index, scale, part[:2])

    def film(self, path: Path) -> None:
        """Let detectors follow what moves; read moments."""
        if self._detectors:
            plan = medium_for("video").detect(path, Search(self._policy, self._detectors))
            for region in plan.visible_regions():
                if isinstance(region, TrackRegion):
                    frame, xyxy = region.place
                    self.seen.sights.append(Sight(region.label, region.score, frame, xyxy))
        if self._image_text is None:
            return
        self.seen.unread.append(f"text was read every {_READ_EVERY_S:g} seconds of the film")
        said: set[str] = set()
        due = 0.0
        with open_video(path, self._policy.effective_limits()) as video:
            size_wh = video.info.upright_size_wh
            first: float | None = None
            for moment in video.frames():
                now = moment.time_s
                first = now if first is None else first
                if now - first >= due:
                    due = now - first + _READ_EVERY_S
                    self._read(moment.small(size_wh), moment.index, time=now, said=said)

    def _look(
        self,
        pixels: npt.NDArray[np.uint8] | npt.NDArray[np.uint16],
        frame: int,
        scale: float = 1.0,
        origin: tuple[float, float] = (0.0, 0.0),
        *,
        orientation_known: bool,
    ) -> None:
        known = orientation_known
        for hits in look(pixels, self._detectors, self._policy, orientation_known=known):
            self.seen.sights += [
                Sight(hits.label, float(score), frame, _box(box / np.float32(scale), origin))
                for box, score in zip(hits.xyxy, hits.score, strict=True)
            ]

    def _read(
        self,
        pixels: npt.NDArray[np.uint8],
        frame: int,
        scale: float = 1.0,
        origin: tuple[float, float] = (0.0, 0.0),
        *,
        time: float | None = None,
        said: set[str] | None = None,
    ) -> None:
        if self._image_text is None:
            return
        read = self._image_text(pixels)
        for segment in _segments(read, frame, scale, origin, time):
            if said is None or segment.text not in said:
                self.seen.texts.append(segment)
            if said is not None:
                said.add(segment.text)
        if len(read.unread):
            self.seen.unread.append("a picture has text that could not be read")


def _segments(
    read: PictureText,
    frame: int,
    scale: float,
    origin: tuple[float, float],
    time: float | None,
) -> Iterator[Segment]:
    """Yield the lines of a picture with their boxes, and all of them together."""
    at = 0
    lines = read.text.split("\n")
    for line in lines:
        if line.strip():
            hull = _hull(read.boxes_of(_Stretch(at, at + len(line))) / np.float32(scale), origin)
            yield Segment(line, origin="ocr", frame=frame, time=time, xyxy=hull)
        at += len(line) + 1
    if sum(1 for line in lines if line.strip()) > 1:
        yield Segment(read.flowing, origin="ocr", frame=frame, time=time, joined=True)


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int


def _hull(boxes: BoxesXYXY, origin: tuple[float, float]) -> _Box | None:
    if not len(boxes):
        return None
    return _box(np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]), origin)


def _box(values: npt.NDArray[np.float32], origin: tuple[float, float]) -> _Box:
    (x, y), (x1, y1, x2, y2) = origin, (float(value) for value in values)
    return x + x1, y + y1, x + x2, y + y2
