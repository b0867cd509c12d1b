"""A long video written in pieces, so that a job that was cut off goes on where it stopped.

Each piece is a film of its own that begins with a keyframe and refers to no other; joining copies
their packets. The pieces are cut at fixed ordinals, so a job that was cut off and one that was not
give the same file, as far as the encoder gives the same bytes for the same frames: x264 does (see
`video_encode`).
"""

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from saferedact.errors import RedactionError
from saferedact.files import TEMPORARY_PREFIX, sha256_file
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.video_audio import audio_feed
from saferedact.media.video_base import AudioMode, VideoCoding, VideoInfo
from saferedact.media.video_mux import NewContainer, wording
from saferedact.media.video_open import open_container
from saferedact.media.video_packets import copied_packet
from saferedact.media.video_times import decoding_times, nominal_step
from saferedact.media.video_write import VideoWriter

__all__ = ["SegmentFolder", "join_segments"]

_LIST, _PREFIX = "segments.json", "segment-"
_MOST_LIST_BYTES = 16 * 1024**2  # 100,000 segments of 100 bytes


class SegmentFolder:
    """Finished segments of one job.

    Parameters
    ----------
    folder : Path
        Where they are kept; made if missing. Its own: nothing else belongs in it.
    key : str
        What the segments depend on: digests of source, plan, policy and coding, the version of the
        program. Segments of another key are not used, and are removed.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key
        folder.mkdir(exist_ok=True)
        self._digests = self._read_list()
        for path in folder.iterdir():
            if path.name.startswith(TEMPORARY_PREFIX) or (
                path.name.startswith(_PREFIX)
                and path.stem.removeprefix(_PREFIX) not in self._digests
            ):
                path.unlink()

    def path(self, number: int) -> Path:
        """File of a segment."""
        return self._folder / f"{_PREFIX}{number}.mp4"

    def is_done(self, number: int) -> bool:
        """Whether a segment is there, whole and unchanged."""
        path = self.path(number)
        digest = self._digests.get(str(number))
        return digest is not None and path.is_file() and sha256_file(path) == digest

    @contextmanager
    def writing(self, number: int, info: VideoInfo, coding: VideoCoding) -> Iterator[VideoWriter]:
        """Write a segment; it counts only when the block ends without an error.

        Parameters
        ----------
        number : int
            Which, from 0.
        info, coding
            As of `VideoWriter`.

        Yields
        ------
        VideoWriter
            Takes the frames of the segment; has no sound.
        """
        temporary = self._folder / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}.mp4"
        with VideoWriter(temporary, info, coding, audio="drop") as writer:
            yield writer
        with wording(lambda: temporary.unlink(missing_ok=True)):
            digest = sha256_file(temporary)
            temporary.replace(self.path(number))
            self._digests[str(number)] = digest
            self._write_list()

    def remove(self) -> None:
        """Remove the segments, and the folder if nothing else is in it; never raises."""
        with suppress(OSError):
            for number in self._digests:
                self.path(int(number)).unlink()
            (self._folder / _LIST).unlink()
            self._folder.rmdir()

    def _read_list(self) -> dict[str, str]:
        path = self._folder / _LIST
        try:
            if path.stat().st_size > _MOST_LIST_BYTES:
                return {}
            tree = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(tree, dict) or tree.get("key") != self._key:
            return {}
        digests = tree.get("segments")
        if not isinstance(digests, dict):
            return {}
        return {
            number: str(digest)
            for number, digest in digests.items()
            if number.isascii() and number.isdecimal()
        }

    def _write_list(self) -> None:
        temporary = self._folder / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}.json"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"key": self._key, "segments": self._digests}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / _LIST)


def join_segments(
    segments: Sequence[Path],
    destination: Path,
    info: VideoInfo,
    *,
    audio: AudioMode = "mute",
    source: Path | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> int:
    """Join segments to one video, without coding anything anew.

    Parameters
    ----------
    segments : sequence of Path
        In order, as `SegmentFolder` wrote them.
    destination : Path
        As `path` of `VideoWriter`; removed if anything fails.
    info : VideoInfo
        What the source is.
    audio, source, limits
        As of `VideoWriter`.

    Returns
    -------
    int
        Number of frames.

    Raises
    ------
    RedactionError
        If the segments do not fit each other, or the file cannot be written.
    """
    with wording(None):
        times = [time for path in segments for time in _times(path, limits)]
        if len(set(times)) != len(times):
            msg = "the segments of the video overlap"
            raise RedactionError(msg)
        container = NewContainer(destination, info, audio_feed(audio, info, source, limits))
    with wording(container.discard):
        _join(segments, container, info, times, limits)
    return len(times)


def _join(
    segments: Sequence[Path],
    container: NewContainer,
    info: VideoInfo,
    times: list[int],
    limits: Limits,
) -> None:
    dts = decoding_times(times, nominal_step(info.average_rate, info.time_base))
    stream: Any = None
    extradata = None
    for path in segments:
        with open_container(path, limits) as segment:
            (template,) = segment.streams.video
            if stream is None:
                stream = container.native.add_stream_from_template(template, opaque=True)
                stream.metadata.clear()
                if info.display_matrix:
                    stream.set_display_matrix(list(info.display_matrix))
                extradata = template.codec_context.extradata
                container.start()
            elif template.codec_context.extradata != extradata:
                msg = "the segments of the video were coded differently"
                raise RedactionError(msg)
            for packet in segment.demux(template):
                if packet.size:
                    copied = copied_packet(packet)
                    copied.stream = stream
                    copied.dts = next(dts)
                    container.mux(copied)
    container.finish(len(times))


def _times(path: Path, limits: Limits) -> Iterator[int]:
    """Times of display of a segment's frames, in order of decoding."""
    with open_container(path, limits) as segment:
        (stream,) = segment.streams.video
        for packet in segment.demux(stream):
            if packet.size:
                yield packet.pts
