"""Writing video: the frames that are handed over, at their own times, and nothing else.

The container is new and holds one video track, and at most the sound that was decided on. No
metadata, chapter, subtitle, timecode, attachment, cover or date of the source is ever read here, so
none can get out; muxers and encoders are told not to sign their work.
"""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from saferedact.errors import InputError, RedactionError, SaferedactError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.background import Consumer
from saferedact.media.video_audio import audio_feed
from saferedact.media.video_base import AudioMode, VideoCoding, VideoInfo
from saferedact.media.video_encode import choose_encoder, open_encoder
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_messages import without_settings

__all__ = ["VideoWriter", "muxer_options", "output_format", "output_suffix"]

_FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
_SUFFIXES = {"MOV": ".mov", "MATROSKA": ".mkv", "WEBM": ".webm"}
_DEFAULT_CODING = VideoCoding()
_QUEUE = 4  # frames that wait for the encoder, which has its own look-ahead of 20 to 60
_SOUND_AHEAD_S = Fraction(1, 2)  # sound leads the frames a little, so that players need not wait


def output_suffix(info: VideoInfo) -> str:
    """Suffix of the container that a clip is written to: of the same family, else ".mp4"."""
    return _SUFFIXES.get(info.container, ".mp4")


def output_format(path: Path) -> str:
    """FFmpeg's name of the muxer for a path, by its suffix.

    Raises
    ------
    InputError
        If the suffix is of no container that is written.
    """
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        msg = f"videos are written as {', '.join(_FORMATS)}"
        raise InputError(msg) from None


def muxer_options(muxer: str, time_base: Fraction) -> dict[str, str]:
    """Settings of a muxer: no signature, and the index first, so that playing can begin at once.

    A film's start is told in units of its own clock, which by default is too coarse (1 ms) for the
    times of the frames.
    """
    options = {"fflags": "+bitexact"}
    if muxer in ("mp4", "mov"):
        options["movflags"] = "+faststart"
        options["movie_timescale"] = str(min(max(time_base.denominator, 1000), 2**31 - 1))
    return options


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
        self._path = path
        self._info = info
        muxer = output_format(path)
        self._encoder = choose_encoder(info, muxer, coding)
        self._feed = audio_feed(audio, info, source, limits)
        self._handed = 0
        self._muxed = 0
        self._last_pts: int | None = None
        self._end_s = Fraction(0)
        self._container: Any = None
        try:
            self._start(muxer, coding)
        except BaseException as error:
            self._discard()
            raise _ours(error) from None
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
        try:
            self._thread.put(frame)
        except BaseException as error:
            raise _ours(error) from None
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
        try:
            self._thread.finish()
            self._flush()
            self._container.close()
            if self._feed is not None:
                self._feed.close()
        except BaseException as error:
            self.abort()
            raise _ours(error) from None

    def abort(self) -> None:
        """Stop and remove the file."""
        self._thread.abort()
        self._discard()

    def _start(self, muxer: str, coding: VideoCoding) -> None:
        import av

        self._container = av.open(
            f"file:{self._path}",
            "w",
            format=muxer,
            options=muxer_options(muxer, self._info.time_base),
        )
        self._stream = open_encoder(self._container, self._info, self._encoder, coding)
        if self._feed is not None:
            self._feed.open(self._container)
        self._container.start_encoding()

    def _encode(self, frame: VideoFrame) -> None:
        native = frame.native
        native.pts = frame.pts
        native.time_base = frame.time_base
        native.pict_type = 0  # the encoder chooses; the source's types cost a quarter more bytes
        for packet in self._stream.encode(native):
            self._mux(packet)

    def _flush(self) -> None:
        if not self._handed:
            msg = "no frame was written"
            raise RedactionError(msg)
        for packet in self._stream.encode(None):
            self._mux(packet)
        if self._feed is not None:
            for sound in self._feed.rest(self._end_s):
                self._container.mux_one(sound)
        if self._muxed != self._handed:
            msg = f"{self._handed} frames were handed over, but {self._muxed} were written"
            raise RedactionError(msg)

    def _mux(self, packet: Any) -> None:
        if self._muxed == 0 and self._encoder.name == "libx264":
            packet = _copy(packet, without_settings(bytes(packet)))
        self._muxed += 1
        time_base = Fraction(packet.time_base.numerator, packet.time_base.denominator)
        self._end_s = max(self._end_s, (packet.pts + (packet.duration or 0)) * time_base)
        if self._feed is not None:
            for sound in self._feed.packets(packet.dts * time_base + _SOUND_AHEAD_S):
                self._container.mux_one(sound)
        self._container.mux_one(packet)

    def _discard(self) -> None:
        with suppress(Exception):
            if self._feed is not None:
                self._feed.close()
        with suppress(Exception):
            if self._container is not None:
                self._container.close()
        with suppress(OSError):
            self._path.unlink()


def _copy(packet: Any, payload: bytes) -> Any:
    from av import Packet

    copied = Packet(payload)
    copied.stream = packet.stream
    copied.time_base = packet.time_base
    copied.pts = packet.pts
    copied.dts = packet.dts
    copied.duration = packet.duration
    copied.is_keyframe = packet.is_keyframe
    return copied


def _ours(error: BaseException) -> BaseException:
    """Word what FFmpeg or the operating system raises; leave all else as it is."""
    if isinstance(error, SaferedactError) or not isinstance(error, (OSError, ValueError)):
        return error
    reason = getattr(error, "strerror", None) or "it was refused"
    return RedactionError(f"the video could not be encoded or written: {reason}")
