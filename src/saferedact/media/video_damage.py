"""Which frames of a damaged clip may be wrong.

A decoder marks a frame that it had to mend, but not the frames that are predicted from it: in a clip
with flipped bits all 302 frames changed and 42 were marked. So everything from the first sign of
damage to the next intact keyframe in order of display is suspect, and so are the frames before it
that may have been predicted from it.

What it cannot promise: damage that decodes without an error is seen by nobody. Measured on H.264 with
one bit flipped, 80 times: 75 were noticed, and 748 of the 779 changed frames were marked. FFmpeg's
decoders of HEVC, VP9, AV1 and Motion JPEG notice far less. Every viewer, and every detector, sees
such frames as they are decoded here.
"""

from collections import deque
from collections.abc import Iterator

from saferedact.media.video_frame import VideoFrame

__all__ = ["DamageWatch"]


class DamageWatch:
    """Follow one pass over the frames in order of display.

    Parameters
    ----------
    reorder_depth : int
        By how many frames the order of decoding may differ from that of display. As many frames are
        held back, so that a damaged reference frame can mark those shown before it.

    Attributes
    ----------
    suspect : list of int
        Ordinals of suspect frames so far.
    errors : int
        Packets that the decoder refused.
    found : bool
        Whether any sign of damage was seen.
    """

    def __init__(self, reorder_depth: int) -> None:
        self._depth = reorder_depth
        self._held: deque[VideoFrame] = deque()
        self._bad = False
        self._bad_dts: int | None = None
        self._unsure = 0
        self.suspect: list[int] = []
        self.errors = 0
        self.found = False

    def refused(self) -> None:
        """Note that a packet could not be decoded."""
        self.errors += 1
        self._begin()

    def damaged_packet(self, dts: int | None) -> None:
        """Note that the container says a packet is damaged; its frame comes out later."""
        if dts is None:
            self._begin()
        elif self._bad_dts is None:
            self._bad_dts = dts

    def pass_on(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Take the next frame; yield those of which all is known."""
        dts = frame.native.dts
        if self._bad_dts is not None and (dts is None or dts >= self._bad_dts):
            self._bad_dts = None
            self._begin()
        if frame.is_corrupt:
            self._begin()
            self._unsure = 0  # the sign is on the frame itself
        elif self._bad and frame.is_intra and self._unsure == 0:
            self._bad = False
        self._unsure = max(0, self._unsure - 1)
        frame.suspect = self._bad
        self._held.append(frame)
        while len(self._held) > self._depth:
            yield self._release()

    def rest(self) -> Iterator[VideoFrame]:
        """Yield the frames that were held back."""
        while self._held:
            yield self._release()

    def _begin(self) -> None:
        self._bad = self.found = True
        # A keyframe decoded before the damage may come out after it was noticed.
        self._unsure = self._depth + 1
        for frame in self._held:
            frame.suspect = True

    def _release(self) -> VideoFrame:
        frame = self._held.popleft()
        if frame.suspect:
            self.suspect.append(frame.index)
        return frame
