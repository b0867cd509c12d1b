"""What every reader and writer of video tells about a clip and its frames: no codec is known here.

Coordinates are "upright coded pixels": the rotation of the display is applied, the sample aspect
ratio is not. Frames keep their planes as stored, so `VideoInfo.to_stored` carries boxes there.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from saferedact.geometry import BoxesXYXY, Grid, boxes_to_stored, boxes_to_upright, size_upright

__all__ = [
    "AudioInfo",
    "AudioMode",
    "Damage",
    "HdrMetadata",
    "VideoCoding",
    "VideoInfo",
    "chroma_grid",
]

AudioMode = Literal["mute", "drop", "keep"]
"""Sound: a silent track of the same length, none, or the source's own packets bit by bit."""


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """One track of sound.

    Parameters
    ----------
    index : int
        Number of the stream in the file.
    codec : str
        FFmpeg's name of the coding.
    rate : int
        Samples per second.
    channels : int
        Number of channels.
    start_s, duration_s : float
        When it begins and how long it is, in seconds; 0 if the container does not say.
    """

    index: int
    codec: str
    rate: int
    channels: int
    start_s: float = 0.0
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class HdrMetadata:
    """What a display needs to know to show pictures of high dynamic range.

    Parameters
    ----------
    primaries : tuple of 6 Fraction, optional
        Red, green and blue x and y of the mastering display.
    white_point : tuple of 2 Fraction, optional
        Its white x and y.
    luminance : tuple of 2 Fraction, optional
        Its least and greatest luminance, cd/m2.
    light_level : tuple of 2 int, optional
        Greatest light level of a pixel and of a frame's average (MaxCLL, MaxFALL), cd/m2.
    """

    primaries: tuple[Fraction, ...] | None = None
    white_point: tuple[Fraction, ...] | None = None
    luminance: tuple[Fraction, ...] | None = None
    light_level: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a clip holds.

    Parameters
    ----------
    container : str
        "MP4", "MOV", "MATROSKA", "WEBM", "AVI", "MPEGTS", ...: FFmpeg's name in capitals.
    codec : str
        FFmpeg's name of the video coding, as "h264".
    size_wh : (int, int)
        Width and height as stored, in pixels.
    time_base : Fraction
        Seconds per unit of `pts`.
    pix_fmt : str
        FFmpeg's name of the pixel format of the frames that are handed out.
    bit_depth : int
        Bits per sample, 8 to 16.
    subsampling : (int, int)
        Horizontal and vertical divisor of the chroma planes; (1, 1) for gray and RGB.
    orientation : int
        EXIF orientation that the display matrix amounts to, 1 to 8.
    display_matrix : tuple of 9 int, optional
        The matrix itself, for the writer.
    sample_aspect_ratio : Fraction
        Width over height of a pixel as stored; 1 if not known.
    average_rate : Fraction, optional
        Frames per second, as the container says.
    frames_declared : int, optional
        Number of frames that the container says it has; edit lists may show fewer.
    duration_s : float
        Length that the container says it has, in seconds; 0 if it does not say.
    start_s : Fraction
        Reading of the container's clock at the beginning, in seconds; `pts` counts from there.
    color_range, color_primaries, color_transfer, color_matrix : int
        Code points of ITU-T H.273 as in FFmpeg; 2 (range: 0) for not specified.
    interlaced : bool
        Whether frames are two interleaved fields, as the first one or the stream's header says; a
        clip may change. `VideoFrame.interlaced` says it of each.
    field_order : int
        FFmpeg's AVFieldOrder: 0 unknown, 1 progressive, 2 to 5 interlaced; 3 and 4 show the bottom
        field first.
    reorder_depth : int
        By how many frames the order of decoding may differ from that of display.
    hdr : HdrMetadata, optional
        Of high dynamic range pictures.
    audio : tuple of AudioInfo
        Tracks of sound.
    other_streams : tuple of str
        Kinds of all other streams, as "subtitle", "data", "attachment", "picture".
    notes : tuple of str
        What reading changed or left out, for people. No content of the file.
    """

    container: str
    codec: str
    size_wh: tuple[int, int]
    time_base: Fraction
    pix_fmt: str
    bit_depth: int = 8
    subsampling: tuple[int, int] = (2, 2)
    orientation: int = 1
    display_matrix: tuple[int, ...] | None = None
    sample_aspect_ratio: Fraction = Fraction(1)
    average_rate: Fraction | None = None
    frames_declared: int | None = None
    duration_s: float = 0.0
    start_s: Fraction = Fraction(0)
    color_range: int = 0
    color_primaries: int = 2
    color_transfer: int = 2
    color_matrix: int = 2
    interlaced: bool = False
    field_order: int = 0
    reorder_depth: int = 0
    hdr: HdrMetadata | None = None
    audio: tuple[AudioInfo, ...] = ()
    other_streams: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def upright_size_wh(self) -> tuple[int, int]:
        """Width and height seen upright, in pixels: the space of all boxes."""
        return size_upright(self.size_wh, self.orientation)

    def to_stored(self, xyxy: BoxesXYXY) -> BoxesXYXY:
        """Carry boxes, shape (n, 4), float32, from upright to stored pixels; a new array."""
        return boxes_to_stored(xyxy, self.orientation, self.size_wh)

    def to_upright(self, xyxy: BoxesXYXY) -> BoxesXYXY:
        """Carry boxes, shape (n, 4), float32, from stored to upright pixels; a new array."""
        return boxes_to_upright(xyxy, self.orientation, self.size_wh)


def chroma_grid(subsampling: tuple[int, int], *, interlaced: bool) -> Grid:
    """Cells of stored pixels that share a chroma sample.

    With two fields and 4:2:0 each chroma row belongs to one field, so that two of them together
    cover four lines.

    Parameters
    ----------
    subsampling : (int, int)
        Horizontal and vertical divisor of the chroma planes.
    interlaced : bool
        Whether the frame is two interleaved fields.
    """
    x_divisor, y_divisor = subsampling
    return Grid((x_divisor, y_divisor * 2 if interlaced else y_divisor))


@dataclass(frozen=True, slots=True, eq=False)
class Damage:
    """What one pass over the frames found wrong with a clip.

    Parameters
    ----------
    suspect : ndarray, shape (n,), int64
        Ordinals of frames that are damaged, or were predicted from one that may be, ascending.
    decode_errors : int
        Packets that the decoder refused.
    missing_frames : int
        Frames that the container announces and that are not there; an estimate.
    truncated : bool
        Whether the file ends before what the container announces.
    repaired_pts : int
        Frames whose time was missing, equal to or before that of the frame before.
    rescaled_frames : int
        Frames of another size than the first, which were scaled to it.
    late_fields : int
        Frames that are interlaced although the clip does not begin so: their fields are not marked
        in what is written.
    """

    suspect: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    decode_errors: int = 0
    missing_frames: int = 0
    truncated: bool = False
    repaired_pts: int = 0
    rescaled_frames: int = 0
    late_fields: int = 0

    @property
    def is_damaged(self) -> bool:
        """Whether frames are damaged or missing; repaired times are none."""
        return bool(
            self.suspect.size or self.decode_errors or self.missing_frames or self.truncated
        )


@dataclass(frozen=True, slots=True)
class VideoCoding:
    """How a written clip is coded; the policy's ``[video]`` table says the same.

    Parameters
    ----------
    crf : int
        0 (best, largest) to 51, on the scale of x264 and x265.
    preset : str
        Speed, by the names of x264 and x265.
    threads : int
        Threads of the encoder, 0 for as many as processors. The coded bytes of x264 depend on it.
    """

    crf: int = 20
    preset: str = "veryfast"
    threads: int = 0
