"""Times of frames: strictly increasing, whatever a container says."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

__all__ = ["TimeRepair", "decoding_times", "nominal_step", "set_back"]

_SET_BACK_S = 1
"""Seconds by which a time lies before the last one if the clock was set back. At 25 frames a second the
longest reordering of H.264 and HEVC, 16 frames, is .64 s."""


class TimeRepair:
    """Make times strictly increasing, changing no time that need not be.

    CCTV exports and AVI files have frames without a time, or several with the same one. A frame
    without a time follows the one before by the nominal step; a time that does not increase becomes
    the least that does. Where the clock was set back, as in recordings that were joined end to end,
    it goes on from the frame before: else all that follows would be shown in an instant.

    Parameters
    ----------
    step : int
        Nominal distance of two frames, in units of the time base, >= 1.
    set_back : int
        By how much a time must lie before the last one for the clock to have been set back, in units
        of the time base, >= 1. Frames out of order lie nearer.

    Attributes
    ----------
    repaired : int
        How many times were changed.
    """

    def __init__(self, step: int, set_back: int) -> None:
        self._step = max(1, step)
        self._set_back = max(1, set_back)
        self._last: int | None = None
        self._shift = 0
        self.repaired = 0

    def next(self, pts: int | None) -> int:
        """Return the time to use for the next frame in display order."""
        last = self._last
        if last is None:
            result = pts or 0
        elif pts is None:
            result = last + self._step
        else:
            if pts + self._shift < last - self._set_back:
                self._shift = last + self._step - pts
            result = max(pts + self._shift, last + 1)
        self.repaired += result != pts
        self._last = result
        return result


def nominal_step(rate: Fraction | None, time_base: Fraction) -> int:
    """Distance of two frames at a rate, in units of the time base; 1 if the rate is not known."""
    if rate is None or rate <= 0:
        return 1
    return max(1, round(1 / (rate * time_base)))


def set_back(time_base: Fraction) -> int:
    """By how much a time lies before the last one if the clock was set back, in units of the time base."""
    return max(1, round(_SET_BACK_S / time_base))


def decoding_times(times: Sequence[int], step: int) -> Iterator[int]:
    """Give frames in order of decoding their times of decoding.

    They are the sorted times of display, delayed by the least number of frames that puts no frame's
    decoding after its display.

    Parameters
    ----------
    times : sequence of int
        Times of display, in order of decoding; all different.
    step : int
        Nominal distance of two frames, for times before the first.

    Yields
    ------
    int
        Strictly increasing; none is after its time of display.
    """
    shown = sorted(times)
    rank = {time: index for index, time in enumerate(shown)}
    delay = max((index - rank[time] for index, time in enumerate(times)), default=0)
    for index in range(len(times)):
        early = delay - index
        yield shown[0] - early * step if early > 0 else shown[index - delay]
