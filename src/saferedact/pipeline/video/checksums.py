"""Whether two readings of a video gave the same frames."""

import zlib
from collections.abc import Sequence

from saferedact.errors import InputError
from saferedact.media.video_frame import VideoFrame
from saferedact.plan.model import CHECKSUM_FRAMES

__all__ = ["FrameSums"]


class FrameSums:
    """Checksums over stretches of frames, and over their times.

    Parameters
    ----------
    expected : sequence of str, optional
        What an earlier reading gave; the first stretch that differs is an error.
    """

    def __init__(self, expected: Sequence[str] | None = None) -> None:
        self._expected = expected
        self._value = 0
        self._frames = 0
        self.sums: list[str] = []

    def add(self, frame: VideoFrame) -> None:
        """Take the next frame, before it is written to.

        Raises
        ------
        InputError
            If a stretch differs from what was expected.
        """
        # Damaged frames are covered whole; decoders do not mend them the same way each time.
        content = "suspect" if frame.suspect else frame.checksum()
        self._value = zlib.crc32(f"{content} {frame.pts};".encode(), self._value)
        self._frames += 1
        if self._frames % CHECKSUM_FRAMES == 0:
            self._end_stretch()

    def finish(self) -> tuple[str, ...]:
        """End with the last frame, and return all sums.

        Raises
        ------
        InputError
            If there are fewer or more frames than expected.
        """
        if self._frames % CHECKSUM_FRAMES:
            self._end_stretch()
        if self._expected is not None and len(self.sums) != len(self._expected):
            raise _differs()
        return tuple(self.sums)

    def _end_stretch(self) -> None:
        self.sums.append(f"{self._value:08x}")
        at = len(self.sums) - 1
        if self._expected is not None and self._expected[at : at + 1] != (self.sums[at],):
            raise _differs()


def _differs() -> InputError:
    return InputError("the video does not decode to the frames that the plan was made for")
