"""Writing video: the frames that are handed over, at their own times, and nothing else.

The container is new and holds one video track, and at most the sound that was decided on. No
metadata, chapter, subtitle, timecode, attachment, cover or date of the source is ever read here, so
none can get out; muxers and encoders are told not to sign their work.
"""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from saferedact.errors import InputError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.background import Consumer
from saferedact.media.video_audio import audio_feed
from saferedact.media.video_base import AudioMode, VideoCoding, VideoInfo
from saferedact.media.video_encode import choose_encoder, open_encoder
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_messages import without_settings
from saferedact.media.video_mux import (
    NewContainer,
    output_format,
    output_suffix,
    wording,
)
from saferedact.media.video_packets import copied_packet
from saferedact.media.video_times import decoding_times, nominal_step

__all__ = ["VideoWriter", "output_suffix"]

_DEFAULT_CODING = VideoCoding()
_FEW = 2
_QUEUE = 4  # frames that wait for the encoder, which has its own look-ahead of 20 to 60


class VideoWriter:
    """Encode frames to a new file, in a thread of its own.

    A context manager: leaving the block finishes the file; if the block raises, the file is
    removed. Memory does not depend on the length of the clip, but for the index of the container
    (about 40 bytes a frame).

    Parameters
    ----------
    path : Path
        The file to write, usually the temporary path of `atomic_output`; overwritten. Its suffix
        chooses the container: .mp4, .m4v, .mov, .mkv or .webm.
    info : VideoInfo
        What the source is.
    coding : VideoCoding
        Quality and speed.
    audio : {"mute", "drop", "keep"}
        What happens to sound.
    source : Path, optional
        The source file; needed for "keep".
    limits : Limits
        Bounds for reading the source's sound.

    Raises
    ------
    InputError
        If the suffix is of no container that is written, or sound is to be kept without a source.
    UnsupportedFormatError
        If the container cannot hold the sound that is to be kept.
    RedactionError
        If the encoder refuses the clip.
    """

    def __init__(
        self,
        path: Path,
        info: VideoInfo,
        coding: VideoCoding = _DEFAULT_CODING,
        *,
        audio: AudioMode = "mute",
        source: Path | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._info = info
        muxer = output_format(path)
        self._encoder = choose_encoder(info, muxer, coding)
        self._handed = 0
        self._last_pts: int | None = None
        with wording(None):
            self._container = NewContainer(path, info, audio_feed(audio, info, source, limits))
        with wording(self._container.discard):
            self._stream = open_encoder(self._container.native, info, self._encoder, coding)
            self._container.start()
        self._thread: Consumer[VideoFrame] = Consumer(self._encode, _QUEUE)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the output could not keep, for people."""
        return self._encoder.notes

    @property
    def frames_written(self) -> int:
        """Number of frames handed over so far."""
        return self._handed

    def write(self, frame: VideoFrame) -> None:
        """Hand over the next frame; the writer owns it from then on.

        Raises
        ------
        InputError
            If its `pts` is not greater than that of the frame before, or it has another size or
            time base than the clip.
        RedactionError
            If an earlier frame could not be encoded or written.
        """
        if self._last_pts is not None and frame.pts <= self._last_pts:
            msg = "frames must be written in order of strictly increasing pts"
            raise InputError(msg)
        if frame.size_wh != self._info.size_wh or frame.time_base != self._info.time_base:
            msg = "a frame has another size or time base than the clip"
            raise InputError(msg)
        self._last_pts = frame.pts
        with wording(None):
            self._thread.put(frame)
        self._handed += 1

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the file, or remove it if the block raised."""
        if error is not None:
            self.abort()
        else:
            self.finish()

    def finish(self) -> None:
        """Encode what waits and close the file.

        Raises
        ------
        RedactionError
            If the file cannot be completed, or holds another number of frames than were handed
            over. It is removed then.
        """
        with wording(self.abort):
            self._thread.finish()
            self._mux(self._last_packets())
            self._container.finish(self._handed)

    def abort(self) -> None:
        """Stop and remove the file."""
        self._thread.abort()
        self._container.discard()

    def _encode(self, frame: VideoFrame) -> None:
        native = frame.native
        native.pts = frame.pts
        native.time_base = frame.time_base
        native.pict_type = 0  # the encoder chooses; the source's types cost a quarter more bytes
        self._mux(self._stream.encode(native))

    def _last_packets(self) -> list[Any]:
        """Empty the encoder.

        x265 takes the times of decoding of one or two frames from memory that was never written.
        """
        packets = list(self._stream.encode(None)) if self._handed else []
        if self._handed <= _FEW:
            step = nominal_step(self._info.average_rate, self._info.time_base)
            dts = decoding_times([packet.pts for packet in packets], step)
            for packet, time in zip(packets, dts, strict=True):
                packet.dts = time
        return packets

    def _mux(self, packets: Iterable[Any]) -> None:
        for packet in packets:
            is_first = not self._container.frames
            if is_first and self._encoder.name == "libx264":
                self._container.mux(copied_packet(packet, without_settings(bytes(packet))))
            else:
                self._container.mux(packet)
