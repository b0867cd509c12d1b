"""Size limits, applied before memory is allocated.

A hostile or damaged file can announce any size. Each reader compares what a header announces with
these limits first, and raises `LimitExceededError` when it is over.
"""

from dataclasses import dataclass

from saferedact.errors import LimitExceededError

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on what one job may read.

    Parameters
    ----------
    max_file_bytes : int
        Size of a source file. 2 GiB: an uncompressed 200-megapixel 16-bit TIFF is 1.2 GB.
    max_pixels : int
        Pixels of one image or frame. 200 million: twice the largest medium-format sensor sold to
        photographers; decoded as RGBA it is 0.8 GB.
    max_side : int
        Pixels along one side. 65,535: the largest a JPEG can hold.
    max_frames : int
        Frames or pages of one still-image file (animations, multi-page TIFF).
    max_total_pixels : int
        Pixels of all frames of one still-image file together; bounds the time a job can take.
    max_pages : int
        Pages of one PDF. 10,000: a case bundle of the largest trials.
    max_pdf_bytes : int
        Size of a PDF. 512 MiB: it is held in memory three times while it is worked on.
    max_stream_bytes : int
        What one stream of a PDF, pictures excepted, may unpack to. 64 MiB: the largest maps have 30.
    max_text_chars : int
        Code points of one text. 20 million: a chat export of ten years; the engine needs about 100
        bytes for each.
    max_video_bytes : int
        Size of a source video. 256 GiB: 24 hours at 25 Mbit/s.
    max_video_frames : int
        Frames of one video. 10 million: 46 hours at 60 frames per second.
    max_video_seconds : int
        Length of one video. 48 hours: a weekend of CCTV in one export.
    max_plan_bytes : int
        Size of a plan file. 64 MiB: about a million boxes in columns.
    max_regions : int
        Regions of one plan.
    """

    max_file_bytes: int = 2 * 1024**3
    max_pixels: int = 200_000_000
    max_side: int = 65_535
    max_frames: int = 5_000
    max_total_pixels: int = 4_000_000_000
    max_pages: int = 10_000
    max_pdf_bytes: int = 512 * 1024**2
    max_stream_bytes: int = 64 * 1024**2
    max_text_chars: int = 20_000_000
    max_video_bytes: int = 256 * 1024**3
    max_video_frames: int = 10_000_000
    max_video_seconds: int = 48 * 3600
    max_plan_bytes: int = 64 * 1024**2
    max_regions: int = 200_000

    def check_size_wh(self, width: int, height: int) -> None:
        """Refuse an image larger than the limits.

        Raises
        ------
        LimitExceededError
            If a side or the number of pixels is over its limit.
        """
        if max(width, height) > self.max_side:
            msg = f"a side of {max(width, height)} px is over the limit of {self.max_side} px"
            raise LimitExceededError(msg)
        if width * height > self.max_pixels:
            msg = f"{width} x {height} px is over the limit of {self.max_pixels} pixels"
            raise LimitExceededError(msg)

    def check_file_bytes(self, size: int) -> None:
        """Refuse a file larger than the limits.

        Raises
        ------
        LimitExceededError
            If `size`, in bytes, is over `max_file_bytes`.
        """
        _check_bytes(size, self.max_file_bytes)

    def check_video_bytes(self, size: int) -> None:
        """Refuse a video file larger than the limits.

        Raises
        ------
        LimitExceededError
            If `size`, in bytes, is over `max_video_bytes`.
        """
        _check_bytes(size, self.max_video_bytes)

    def check_video(self, frames: int, seconds: float) -> None:
        """Refuse a video with too many frames, or one that is too long.

        Raises
        ------
        LimitExceededError
            If `frames` is over `max_video_frames` or `seconds` over `max_video_seconds`.
        """
        if frames > self.max_video_frames:
            msg = f"{frames} frames of video are over the limit of {self.max_video_frames}"
            raise LimitExceededError(msg)
        if seconds > self.max_video_seconds:
            msg = f"a video of {seconds:.0f} s is over the limit of {self.max_video_seconds} s"
            raise LimitExceededError(msg)

    def check_text(self, text: str) -> None:
        """Refuse a text longer than the limits.

        Raises
        ------
        LimitExceededError
            If it has more than `max_text_chars` code points.
        """
        if len(text) > self.max_text_chars:
            msg = f"a text of {len(text)} characters is over the limit of {self.max_text_chars}"
            raise LimitExceededError(msg)

    def check_frames(self, frames: int, width: int, height: int) -> None:
        """Refuse a file with too many frames, or too many pixels over all of its frames.

        Raises
        ------
        LimitExceededError
            If `frames` is over `max_frames` or all frames together over `max_total_pixels`.
        """
        if frames > self.max_frames:
            msg = f"{frames} frames are over the limit of {self.max_frames}"
            raise LimitExceededError(msg)
        if frames * width * height > self.max_total_pixels:
            msg = f"{frames} frames of {width} x {height} px are over the limit of all pixels"
            raise LimitExceededError(msg)


def _check_bytes(size: int, most: int) -> None:
    if size > most:
        msg = f"a file of {size} bytes is over the limit of {most} bytes"
        raise LimitExceededError(msg)


DEFAULT_LIMITS = Limits()
