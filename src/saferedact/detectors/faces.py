"""The face detector: CenterFace over several views of a picture, joined so that nothing vetoes.

It promises to look at every pixel of the picture in every whole-picture view, and to answer with an
error rather than with nothing when it cannot look. It does not promise to find every face: masks,
heads turned away and drawings are often missed. Figures are in ``docs/accuracy.md``.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.centerface import CenterFace
from saferedact.detectors.networks import Engine
from saferedact.detectors.passes import View, plan_views
from saferedact.detectors.remembered import Remembered
from saferedact.detectors.weak_faces import is_doubtful
from saferedact.errors import InputError
from saferedact.geometry import (
    BoxesXYXY,
    area,
    clip,
    iou_matrix,
    merge_overlapping,
    rotate_boxes_back,
)
from saferedact.models import model_path, model_spec

__all__ = ["MODEL", "FaceDetector", "FrameFaces", "Orientations"]

MODEL = "centerface"

Orientations = Literal["auto", "all", "upright"]

TURNED_MIN_SCORE = 0.2
"""Least score on a turned picture. Measured on pictures stored sideways without an EXIF orientation:
.15 and .2 both cover .975 of the faces, .3 loses half a point; on upright pictures .2 adds 1.8 false
boxes each, .15 adds 3.4."""

MERGE_IOU = 0.3
"""Boxes of different views that overlap more than this are one face: the threshold that the network
uses within a view. Measured from .3 to .6: coverage is the same, and .3 leaves the fewest boxes."""

_LEAST_ASKED = 0.04
"""Every view is answered down to this score and remembered, so that a later look with another threshold
costs nothing; below the third of the policies' .15 to which a second look at an original goes. In
non-maximum suppression a weaker box takes nothing from a stronger one, so what is at or above a threshold
is the same whether weaker boxes were asked for or not."""

_REMEMBERED_BYTES = 16 * 2**20
"""A view has a few dozen boxes of 20 bytes; one that lights up all over, 400 kB."""

_Found = tuple[BoxesXYXY, npt.NDArray[np.float32]]
_NO_BOXES = np.empty((0, 4), dtype=np.float32)
_NO_SCORES = np.empty(0, dtype=np.float32)

_VERSION = (
    "2"  # changes with any rule here, in `passes` or in `weak_faces` that changes what is found
)


class FaceDetector:
    """Finds faces with CenterFace.

    Parameters
    ----------
    orientations : {"auto", "all", "upright"}
        "auto" also looks at the picture turned by 90, 180 and 270 degrees, as a whole, when its
        file does not say which way is up or when nothing was found upright; "all" always does, in
        tiles too; "upright" never does.
    engine : {"auto", "onnxruntime", "openvino"}
        What runs the network, see `Network`.
    threads : int or None
        Threads of one call; None leaves it to the engine.

    Raises
    ------
    DetectorModelMissing
        If the weights are not on this machine.
    DetectorError
        If the network cannot be loaded.
    """

    def __init__(
        self,
        *,
        orientations: Orientations = "auto",
        engine: Engine = "auto",
        threads: int | None = None,
    ) -> None:
        self._orientations = orientations
        self._network = CenterFace(model_path(MODEL), engine=engine, threads=threads)
        self._seen: Remembered[_Found] = Remembered(
            lambda found: found[0].nbytes + found[1].nbytes, max_bytes=_REMEMBERED_BYTES
        )

    @property
    def info(self) -> DetectorInfo:
        """Name, version, labels and the digest of the weights."""
        weights = model_spec(MODEL).files[0].sha256
        return DetectorInfo("faces", _VERSION, ("face",), weights)

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Find faces in pictures of one size.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            sRGB pictures. Not modified.
        min_score : float
            Least score of a face, in (0, 1].
        orientation_known : bool
            Whether the files say which way is up, see ``orientations``.

        Returns
        -------
        list of Detections, length b
            Boxes clipped to the picture, best first, tight around brow, chin and cheeks.

        Raises
        ------
        DetectorError
            If the network failed.
        InputError
            If `images` has another shape or type, or `min_score` is not in (0, 1].
        """
        if not 0 < min_score <= 1:
            msg = "min_score must be in (0, 1]"
            raise InputError(msg)
        shape = images.shape
        if images.dtype != np.uint8 or len(shape) != 4 or shape[3] != 3 or 0 in shape[1:]:
            msg = f"images must be uint8 of shape (b, h, w, 3), but got {images.dtype} of {shape}"
            raise InputError(msg)
        return [self._detect_one(image, min_score, orientation_known) for image in images]

    def for_frames(self) -> "FrameFaces":
        """Return a detector with the same network that looks once, upright, at the given size."""
        return FrameFaces(self._network, self.info)

    def _detect_one(
        self, image: npt.NDArray[np.uint8], min_score: float, orientation_known: bool
    ) -> Detections:
        size_wh = (image.shape[1], image.shape[0])
        found = [self._look(image, 0, plan_views(size_wh), min_score)]
        unsure = not orientation_known or len(found[0][0]) == 0
        if self._orientations == "all" or (self._orientations == "auto" and unsure):
            found += self._look_turned(image, min_score, upright=found[0][0])
        boxes, score = merge_overlapping(
            np.concatenate([boxes for boxes, _ in found]),
            np.concatenate([score for _, score in found]),
            MERGE_IOU,
        )
        return _detections(boxes, score, size_wh)

    def _look_turned(
        self, image: npt.NDArray[np.uint8], min_score: float, *, upright: BoxesXYXY
    ) -> list[_Found]:
        """Look at an image from its three other sides.

        The smallest view of a side decides whether the larger ones follow: they do if it shows a
        face that was not seen upright, or if nothing was. Measured: on the other sides they add no
        face and half a false box an image.
        """
        height, width = image.shape[:2]
        score = max(min_score, TURNED_MIN_SCORE)
        look_everywhere = self._orientations == "all"
        found = []
        for degrees in (90, 180, 270):
            size_wh = (height, width) if degrees % 180 else (width, height)
            views = plan_views(size_wh, tiles=look_everywhere)
            boxes, scores = self._look(image, degrees, views[:1], score)
            found.append((boxes, scores))
            seen_upright = (iou_matrix(boxes, upright) > MERGE_IOU).any(axis=1)
            if look_everywhere or len(upright) == 0 or not seen_upright.all():
                found.append(self._look(image, degrees, views[1:], score))
        return found

    def _look(
        self, image: npt.NDArray[np.uint8], degrees: int, views: list[View], min_score: float
    ) -> _Found:
        """Look at an image turned counter-clockwise; boxes are in pixels of the image itself."""
        turned = np.rot90(image, degrees // 90)
        found = [self._look_at_view(turned, view, min_score) for view in views]
        boxes = np.concatenate([_NO_BOXES, *(boxes for boxes, _ in found)])
        score = np.concatenate([_NO_SCORES, *(score for _, score in found)])
        return rotate_boxes_back(boxes, degrees, (image.shape[1], image.shape[0])), score

    def _look_at_view(self, image: npt.NDArray[np.uint8], view: View, min_score: float) -> _Found:
        import cv2

        x1, y1, x2, y2 = view.crop_xyxy
        crop = np.ascontiguousarray(image[y1:y2, x1:x2])
        least = min(min_score, _LEAST_ASKED)

        def ask() -> _Found:
            shown = crop
            if view.scale != 1:
                shrink = view.scale < 1
                how = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
                resized = cv2.resize(crop, view.size_wh, interpolation=how)
                shown = np.asarray(resized, dtype=np.uint8)
            return self._network.detect(shown[None], least)[0]

        boxes, score = self._seen.answer(crop, ask, asked=(view.size_wh, least))
        wanted = score >= np.float32(min_score)
        boxes, score = boxes[wanted], score[wanted]
        # Rounding made the two axes' scales differ slightly: use what was really applied.
        width, height = view.size_wh
        back = np.array([(x2 - x1) / width, (y2 - y1) / height] * 2, dtype=np.float32)
        return boxes * back + np.array([x1, y1, x1, y1], dtype=np.float32), score


class FrameFaces:
    """Finds faces in frames of a video: one pass of the network over each, as it is.

    Parameters
    ----------
    network : CenterFace
        The network.
    info : DetectorInfo
        Of the detector that it stands for.
    """

    def __init__(self, network: CenterFace, info: DetectorInfo) -> None:
        self._network = network
        self.info = info

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Find faces in pictures of one size, upright; as `FaceDetector.detect`."""
        size_wh = (images.shape[2], images.shape[1])
        found = [self._network.detect(image[None], min_score)[0] for image in images]
        return [_detections(boxes, score, size_wh) for boxes, score in found]

    def doubts(
        self, image: npt.NDArray[np.uint8], box: npt.NDArray[np.float32], score: float
    ) -> bool:
        """Look closer at a find of `detect`; see `is_doubtful`."""
        return is_doubtful(self._network, image, box, score)

    def rest(self) -> None:
        """Give back memory between two passes over a video."""
        self._network.rest()


def _detections(
    boxes: BoxesXYXY, score: npt.NDArray[np.float32], size_wh: tuple[int, int]
) -> Detections:
    """Cut boxes at the picture and leave out those outside of it."""
    boxes = clip(boxes, size_wh)
    inside = area(boxes) > 0
    boxes, score = boxes[inside], score[inside]
    labels = np.zeros(len(boxes), dtype=np.int16)
    return Detections(boxes, np.minimum(score, np.float32(1)), labels, ("face",))
