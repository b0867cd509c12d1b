"""Reading the text of a picture: lines are found, turned upright, read, and joined in reading order."""

import numpy as np
import numpy.typing as npt

from saferedact.detectors.picture_text import PictureText

__all__ = ["read_text"]


def read_text(image: npt.NDArray[np.uint8], *, threads: int | None = None) -> PictureText:
    """Read all text of a picture.

    Parameters
    ----------
    image : ndarray, shape (h, w, 3), uint8
        sRGB picture, turned any way. Not modified.
    threads : int or None
        Threads of one call of a network; None leaves it to the engine.

    Returns
    -------
    PictureText
        Words in reading order, in pixels of `image`; empty if there is no text.

    Raises
    ------
    InputError
        If `image` has another shape or type.
    DetectorModelMissing
        If the weights are not on this machine.
    DetectorError
        If the picture could not be read. Never an empty answer instead.
    """
    raise NotImplementedError
