"""Times of frames: strictly increasing, whatever a container says."""

from fractions import Fraction

__all__ = ["TimeRepair", "nominal_step"]


class TimeRepair:
    """Make times strictly increasing, changing no time that need not be.

    CCTV exports and AVI files have frames without a time, or several with the same one. A frame
    without a time follows the one before by the nominal step; a time that does not increase becomes
    the least that does.

    Parameters
    ----------
    step : int
        Nominal distance of two frames, in units of the time base, >= 1.

    Attributes
    ----------
    repaired : int
        How many times were changed.
    """

    def __init__(self, step: int) -> None:
        self._step = max(1, step)
        self._last: int | None = None
        self.repaired = 0

    def next(self, pts: int | None) -> int:
        """Return the time to use for the next frame in display order."""
        last = self._last
        if last is None:
            result = pts or 0
        elif pts is None:
            result = last + self._step
        else:
            result = max(pts, last + 1)
        self.repaired += result != pts
        self._last = result
        return result


def nominal_step(rate: Fraction | None, time_base: Fraction) -> int:
    """Distance of two frames at a rate, in units of the time base; 1 if the rate is not known."""
    if rate is None or rate <= 0:
        return 1
    return max(1, round(1 / (rate * time_base)))
