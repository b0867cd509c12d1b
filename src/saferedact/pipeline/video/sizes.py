"""How large the pictures are that detectors are shown of the frames of a clip."""

from dataclasses import dataclass

__all__ = ["LookSizes", "look_sizes"]

_SIZES = (640, 960, 1280)
_ORDINARY = 960
_ENLARGE = 2  # as of `detectors.passes`: more finds the same
_LARGE_SOURCE, _LARGE_FULL = 2560, 1920  # a face of 24 px in 3,840 is 8 px at 1,280 and 12 at 1,920


@dataclass(frozen=True, slots=True)
class LookSizes:
    """Sizes of the pictures that detectors are shown, upright, as displayed.

    Parameters
    ----------
    ordinary, full : (int, int)
        Width and height, in pixels.
    """

    ordinary: tuple[int, int]
    full: tuple[int, int]


def look_sizes(size_wh: tuple[int, int], pixel_ratio: float = 1.0) -> LookSizes:
    """Choose the sizes of looks at frames.

    Parameters
    ----------
    size_wh : (int, int)
        Upright coded size of the frames.
    pixel_ratio : float
        Width over height of an upright coded pixel: faces are shown as people see them.

    Returns
    -------
    LookSizes
        Their longer sides are at most twice that of the source, unless it is very small.
    """
    shown = (size_wh[0] * pixel_ratio, float(size_wh[1]))
    longest = max(shown)
    full = next((size for size in _SIZES if size >= _ENLARGE * longest), _SIZES[-1])
    if longest > _LARGE_SOURCE:
        full = _LARGE_FULL

    def scaled(size: int) -> tuple[int, int]:
        width, height = (max(1, round(side * size / longest)) for side in shown)
        return (width, height)

    return LookSizes(scaled(min(full, _ORDINARY)), scaled(full))
