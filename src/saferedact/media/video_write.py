"""Writing video: the frames that are handed over, at their own times, and nothing else."""

from pathlib import Path
from types import TracebackType
from typing import Self

from saferedact.media.video_base import AudioMode, VideoCoding, VideoInfo
from saferedact.media.video_frame import VideoFrame

__all__ = ["VideoWriter", "output_suffix"]


def output_suffix(info: VideoInfo) -> str:
    """Suffix of the container that a clip is written to, as ".mp4"."""
    return {"MOV": ".mov", "MATROSKA": ".mkv", "WEBM": ".webm"}.get(info.container, ".mp4")


class VideoWriter:
    """Encode frames to a new file, in a thread of its own.

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
    """

    def __init__(
        self,
        path: Path,
        info: VideoInfo,
        coding: VideoCoding = VideoCoding(),
        *,
        audio: AudioMode = "mute",
        source: Path | None = None,
    ) -> None:
        raise NotImplementedError

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

    @property
    def notes(self) -> tuple[str, ...]:
        """What the output could not keep, for people."""
        raise NotImplementedError

    @property
    def frames_written(self) -> int:
        """Number of frames handed over so far."""
        raise NotImplementedError

    def write(self, frame: VideoFrame) -> None:
        """Hand over the next frame, in order of `pts`; the writer owns it from then on."""
        raise NotImplementedError
