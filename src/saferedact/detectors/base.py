"""What a detector is: a Protocol, so that a plug-in needs no base class of ours."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections, TextSpan

__all__ = [
    "DetectorInfo",
    "DoubtingDetector",
    "FrameDetector",
    "GlancingDetector",
    "ImageDetector",
    "RestingDetector",
    "TextDetector",
]


@dataclass(frozen=True, slots=True)
class DetectorInfo:
    """Who looked: written into every plan.

    Parameters
    ----------
    name : str
        Short name, for instance ``"faces"``.
    version : str
        Version of the detector's rules and weights together.
    labels : tuple of str
        Labels of the policy that it can propose.
    weights_sha256 : str or None
        Digest of the weights, 64 hexadecimal digits; None for a detector without weights.
    """

    name: str
    version: str
    labels: tuple[str, ...]
    weights_sha256: str | None = None


@runtime_checkable
class ImageDetector(Protocol):
    """Looks at pictures."""

    @property
    def info(self) -> DetectorInfo:
        """Name, version and labels."""
        ...

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Find what may have to be hidden.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            sRGB pictures of one size, upright as far as their files say. Not modified.
        min_score : float
            Least score of an answer, in (0, 1]: the policy's threshold, or the lowest of several.
        orientation_known : bool
            Whether the files say which way is up. If not, a detector that depends on it looks from
            all four sides.

        Returns
        -------
        list of Detections, length b
            Boxes in pixels of the pictures, tight around the thing itself: margins are the
            policy's.

        Raises
        ------
        DetectorError
            If the detector could not look. Never an empty answer instead.
        """
        ...


@runtime_checkable
class FrameDetector(ImageDetector, Protocol):
    """Looks at pictures, and knows a quicker way for the many frames of a video."""

    def for_frames(self) -> ImageDetector:
        """Return a detector that looks once at each picture, at the size it is given.

        Frames are shown again and again and what is found is tracked, so it need not look from
        several sides or at several sizes. If its attribute `every_s` is greater than 0, it is asked
        only in the first look of a shot and every second or two: for what stands still and takes
        long to read.
        """
        ...


@runtime_checkable
class DoubtingDetector(ImageDetector, Protocol):
    """Can look closer at what it found in a frame of a video."""

    def doubts(
        self, image: npt.NDArray[np.uint8], box: npt.NDArray[np.float32], score: float
    ) -> bool:
        """Tell whether a find is nothing, when looked at closer.

        It is asked about finds of things that no look has shown surely yet; a thing that every look
        leaves in doubt is not hidden.

        Parameters
        ----------
        image : ndarray, shape (h, w, 3), uint8
            The picture in which it was found. Not modified.
        box : ndarray, shape (4,), float32
            Where, in pixels of the picture.
        score : float
            With which score.
        """
        ...


@runtime_checkable
class GlancingDetector(ImageDetector, Protocol):
    """Can say quickly where it would find something to look at, without looking at it."""

    def glance(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Say where something may be that it should be asked about.

        One that looks seldom (`FrameDetector`) is asked about a frame of a video ahead of its time if there
        is something that was not there when it looked last.

        Parameters
        ----------
        image : ndarray, shape (h, w, 3), uint8
            A small sRGB picture. Not modified.

        Returns
        -------
        ndarray, shape (n, 4), float32
            Boxes in pixels of the picture.
        """
        ...


@runtime_checkable
class RestingDetector(Protocol):
    """Keeps memory from picture to picture that it can do without between two passes."""

    def rest(self) -> None:
        """Give it back; the next picture may take it again."""
        ...


@runtime_checkable
class TextDetector(Protocol):
    """Reads texts."""

    @property
    def info(self) -> DetectorInfo:
        """Name, version and labels."""
        ...

    def detect(self, text: str, *, language: str = "en") -> list[TextSpan]:
        """Find who is named or identified.

        Parameters
        ----------
        text : str
            Any text as it is; normalising it is the detector's part.
        language : str
            ISO 639-1 code of the language that most of it is in.

        Returns
        -------
        list of TextSpan
            In code points of `text`, every one that may be meant, whatever its score: thresholds
            are the policy's.

        Raises
        ------
        DetectorError
            If the detector could not look. Never an empty answer instead.
        """
        ...
