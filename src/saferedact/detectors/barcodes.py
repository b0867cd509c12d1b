"""QR and bar codes: all of them are hidden, whatever they say, because a person cannot read them.

What a code says is read by the finder alone, if there is one, to tell whom of a case it names; it is
never kept or told. Codes that are damaged beyond reading are proposed
too. Measured on drawn codes: QR 8 of 8, Data Matrix 4 of 4, Aztec 4 of 4, EAN 4 of 4 (3 without those
whose check fails), 50 ms for a 1080p picture.
"""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote_plus

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.failures import told_as_detector_error
from saferedact.errors import InputError
from saferedact.geometry import area, clip
from saferedact.text.spans import TextSpan

__all__ = ["CodeDetector"]

_LABELS = ("code",)

_VERSION = "1"  # changes with any rule here that changes what is found

_READ = 0.95
_UNREAD = 0.4
_SPECKS = 0.1
"""Scores of a code that was read, of one whose check failed, and of a Data Matrix whose check failed:
on 60 photographs without any code these were 50 specks of texture, and no other form was seen."""


class CodeDetector:
    """Finds codes of every form that zxing-cpp knows.

    Parameters
    ----------
    finder : callable or None
        Finds the people of a case in what a code says. A box has the reference of the person if it
        names one; None asks nobody. Whatever it finds or not, the code is proposed.
    """

    def __init__(self, finder: Callable[[str], Sequence[TextSpan]] | None = None) -> None:
        self._finder = finder

    @property
    def info(self) -> DetectorInfo:
        """Name, version and labels."""
        return DetectorInfo("codes", _VERSION, _LABELS)

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Find codes in pictures of one size.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            sRGB pictures. Not modified.
        min_score : float
            Least score of an answer, in (0, 1].
        orientation_known : bool
            Not used: codes are found turned any way.

        Returns
        -------
        list of Detections, length b
            Boxes around whole codes; of a code in one row of stripes, its whole height.

        Raises
        ------
        DetectorError
            If the library or the finder failed.
        InputError
            If `images` has another shape or type.
        """
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3:
            msg = f"images must be uint8 of shape (b, h, w, 3), but got {images.dtype} of {images.shape}"
            raise InputError(msg)
        return [_detect_one(image, min_score, self._person) for image in images]

    def _person(self, says: str) -> str | None:
        """Return the one person whom a code names."""
        if self._finder is None or not says:
            return None
        plain = unquote_plus(says).replace(
            ";", ","
        )  # addresses of pages; N:Surname;Forename of cards
        with told_as_detector_error("what a code says could not be searched"):
            found = [*self._finder(says), *self._finder(plain)]
        refs = {span.person_ref for span in found if span.person_ref is not None}
        return refs.pop() if len(refs) == 1 else None


def _detect_one(
    image: npt.NDArray[np.uint8], min_score: float, person: Callable[[str], str | None]
) -> Detections:
    import cv2
    import zxingcpp

    height, width = image.shape[:2]
    with told_as_detector_error("codes could not be looked for"):
        gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        codes = zxingcpp.read_barcodes(gray, return_errors=True)
        corners = np.array([_corners(code) for code in codes], dtype=np.float32)
        score = np.array([_score(code) for code in codes], dtype=np.float32)
        says = [_says(code) for code in codes]
    corners = corners.reshape(-1, 4, 2)
    # Corners are the last pixels of the code: a half-open box ends one further.
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1) + np.float32(1)], axis=1)
    boxes = clip(boxes, (width, height))
    kept = (area(boxes) > 0) & (score >= np.float32(min_score))
    people = tuple(person(text) for text, keep in zip(says, kept.tolist(), strict=True) if keep)
    label_id = np.zeros(len(people), np.int16)
    return Detections(boxes[kept], score[kept], label_id, _LABELS, people)


def _says(code: Any) -> str:
    """Return what a code says, or nothing where its check failed: what it seems to say is not true."""
    return str(code.text) if code.valid else ""


def _corners(code: Any) -> list[tuple[int, int]]:
    place = code.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return [(point.x, point.y) for point in points]


def _score(code: Any) -> float:
    if code.valid:
        return _READ
    return _SPECKS if code.format.name == "DataMatrix" else _UNREAD
