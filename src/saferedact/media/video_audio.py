"""Sound beside the frames: silence of the same length, or the source's own packets.

A kind of sound is an `AudioFeed`: it adds its streams before the first frame, and hands over packets
as the frames advance. One that decodes, silences the words of a plan and encodes again fits the
same two methods.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from saferedact.errors import InputError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.video_base import AudioMode, VideoInfo
from saferedact.media.video_open import open_container
from saferedact.media.video_packets import copied_packet
from saferedact.media.video_times import TimeRepair, set_back
from saferedact.media.vorbis_setup import without_comments

__all__ = ["AudioFeed", "audio_feed"]

_SILENCE = {"mp4": "aac", "mov": "aac", "matroska": "aac", "webm": "libopus"}
_RATE = 48_000  # every decoder plays it, and Opus knows no other
_AHEAD_S = Fraction(1, 2)  # sound leads the frames a little, so that players need not wait
_BIT_RATE = 32_000  # of silence; what is written is far less


class AudioFeed(Protocol):
    """What hands over packets of sound."""

    def open(self, container: Any) -> None:
        """Add streams to a container opened for writing, before its header is written."""
        ...
        ...

    def packets(self, until_s: Fraction) -> Iterator[Any]:
        """Yield the packets, not handed over yet, up to a little after a time in seconds."""
        ...

    def rest(self, end_s: Fraction) -> Iterator[Any]:
        """Yield all further packets; the last frame ends at `end_s`."""
        ...

    def close(self) -> None:
        """Release what is held; never raises."""
        ...


def audio_feed(
    mode: AudioMode, info: VideoInfo, source: Path | None, limits: Limits
) -> AudioFeed | None:
    """Choose what happens to sound.

    Parameters
    ----------
    mode : {"mute", "drop", "keep"}
        A silent track as long as the source's sound, none, or the source's packets.
    info : VideoInfo
        The source. If it has no sound, the output has none.
    source : Path or None
        The source file, for "keep".
    limits : Limits
        Bounds for reading it.

    Raises
    ------
    InputError
        If sound is to be kept and no source is given.
    """
    if mode == "drop" or not info.audio:
        return None
    if mode == "mute":
        return SilentAudio(info)
    if source is None:
        msg = "to keep the sound, the source file must be given"
        raise InputError(msg)
    return CopiedAudio(info, source, limits)


class SilentAudio:
    """One silent track as long as the longest of the source.

    One coded packet of silence is repeated: all packets of silence are equal, and encoding them
    would cost more than writing them.
    """

    def __init__(self, info: VideoInfo) -> None:
        self._start_s = Fraction(min(audio.start_s for audio in info.audio))
        ends = [audio.start_s + audio.duration_s for audio in info.audio if audio.duration_s]
        self._end_s = Fraction(max(ends)) if ends else None
        self._next = 0
        self._offset = 0
        self._packet = b""
        self._samples = 0
        self._stream: Any = None

    def open(self, container: Any) -> None:
        """Add the stream, and code one packet of silence."""
        from av import AudioFrame
        from av.codec.context import Flags

        name = _SILENCE[container.format.name]
        self._stream = container.add_stream(name, rate=_RATE, layout="stereo", bit_rate=_BIT_RATE)
        context = self._stream.codec_context
        context.flags |= int(Flags.bitexact)
        context.open()
        self._samples = context.frame_size
        packets: list[Any] = []
        while not packets:
            frame = AudioFrame(context.format.name, "stereo", self._samples)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.sample_rate = _RATE
            frame.pts = self._offset
            self._offset += self._samples
            packets += self._stream.encode(frame)
        self._packet = bytes(packets[0])
        # Encoders begin early: players drop that much.
        self._next = packets[0].pts + round(self._start_s * _RATE)

    def packets(self, until_s: Fraction) -> Iterator[Any]:
        """Yield the packets up to a little after a time."""
        stop = until_s if self._end_s is None else min(until_s + _AHEAD_S, self._end_s)
        yield from self._silence(round(stop * _RATE))

    def rest(self, end_s: Fraction) -> Iterator[Any]:
        """Yield silence to the end of the source's sound, or of the frames if it has no length."""
        yield from self._silence(round((self._end_s if self._end_s is not None else end_s) * _RATE))

    def close(self) -> None:
        """Nothing is held."""

    def _silence(self, stop: int) -> Iterator[Any]:
        from av import Packet

        while self._next < stop:
            packet = Packet(self._packet)
            packet.stream = self._stream
            packet.time_base = Fraction(1, _RATE)
            packet.pts = packet.dts = self._next
            packet.duration = self._samples
            packet.is_keyframe = True
            self._next += self._samples
            yield packet


class CopiedAudio:
    """All tracks of the source's sound, packet by packet and bit by bit."""

    def __init__(self, info: VideoInfo, source: Path, limits: Limits) -> None:
        self._open = ExitStack()
        self._offset_s = info.start_s
        self._container = self._open.enter_context(open_container(source, limits))
        self._sources: list[Any] = []
        self._streams: dict[int, Any] = {}
        self._times: dict[int, TimeRepair] = {}
        self._waiting: Iterator[Any] = iter(())
        self._held: Any = None

    def open(self, container: Any) -> None:
        """Add a stream for each track.

        Raises
        ------
        UnsupportedFormatError
            If the container cannot hold sound of this coding, or its setup cannot be read.
        """
        from av.error import FFmpegError

        self._sources = list(self._container.streams.audio)
        for source in self._sources:
            try:
                stream = container.add_stream_from_template(source, opaque=True)
            except (FFmpegError, ValueError):
                msg = "the output cannot hold the sound as it is coded; mute or drop it"
                raise UnsupportedFormatError(msg) from None
            stream.metadata.clear()
            context = source.codec_context
            if context.name == "vorbis":
                stream.codec_context.extradata = without_comments(bytes(context.extradata or b""))
            self._streams[source.index] = stream
        self._waiting = self._container.demux(self._sources)

    def packets(self, until_s: Fraction) -> Iterator[Any]:
        """Yield the packets up to a little after a time."""
        while (packet := self._next()) is not None:
            if packet.dts * Fraction(packet.time_base) >= until_s + _AHEAD_S:
                self._held = packet
                return
            yield packet

    def rest(self, end_s: Fraction) -> Iterator[Any]:
        """Yield all further packets."""
        while (packet := self._next()) is not None:
            yield packet

    def close(self) -> None:
        """Close the source."""
        self._open.close()

    def _next(self) -> Any:
        from av.error import FFmpegError

        if self._held is not None:
            packet, self._held = self._held, None
            return packet
        while True:
            try:
                for packet in self._waiting:
                    if packet.dts is not None:
                        return self._copied(packet)
            except IndexError:  # a stream begins here that was not known before: go on behind it
                self._waiting = self._container.demux(self._sources)
                continue
            except FFmpegError:
                self._waiting = iter(())  # the source breaks off here
            return None

    def _copied(self, packet: Any) -> Any:
        """Copy the payload and times of a packet, and where the sound of the last one ends.

        Clocks that are set back go on as those of the frames do.
        """
        shift = round(self._offset_s / packet.time_base)
        copied = copied_packet(packet)
        copied.stream = self._streams[packet.stream.index]
        repair = self._times.get(packet.stream.index)
        if repair is None:
            repair = TimeRepair(packet.duration or 1, set_back(Fraction(packet.time_base)))
            self._times[packet.stream.index] = repair
        copied.dts = repair.next(packet.dts - shift)
        copied.pts = copied.dts + (0 if packet.pts is None else packet.pts - packet.dts)
        if packet.has_sidedata("skip_samples"):
            copied.set_sidedata(packet.get_sidedata("skip_samples"))
        return copied
