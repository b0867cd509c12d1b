"""Which encoder codes a clip, and with what settings: the source's own coding where it is current.

Sizes, bit depth, subsampling, color description, fields and display metadata are kept. What an
encoder cannot keep is said in a note.
"""

import os
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from saferedact.frames.formats import FORMATS
from saferedact.media.video_base import HdrMetadata, VideoCoding, VideoInfo

__all__ = ["Encoder", "choose_encoder", "open_encoder"]

NOTE_DEPTH = "samples of more bits than the encoder has were reduced"
NOTE_ALPHA = "transparency was left out"
NOTE_CHROMA = "color is stored at another resolution than in the source"
NOTE_RGB = "RGB pictures were coded as YUV"

_LIMITED_RANGE = 1  # AVColorRange
_SMPTE170M = 6  # AVColorSpace: with this matrix swscale makes YUV of RGB

_DEPTHS = {
    "libx264": (8, 10),
    "libx265": (8, 10, 12),
    "libsvtav1": (8, 10),
    "libvpx-vp9": (8, 10, 12),
}
_CHROMA = {
    "libx264": ((2, 2), (2, 1), (1, 1)),
    "libx265": ((2, 2), (2, 1), (1, 1)),
    "libsvtav1": ((2, 2),),
    "libvpx-vp9": ((2, 2), (2, 1), (1, 2), (1, 1)),
}
_GRAY = frozenset({"libx264", "libx265"})
_EVEN = frozenset({"libx264", "libx265"})
"""Encoders whose sizes must be multiples of the chroma cell."""

_NAMES = {(2, 2): "420", (2, 1): "422", (1, 2): "440", (1, 1): "444"}

# Presets of the same rank; measured ratios of time differ, the order does not.
_SVT_PRESETS = {
    "ultrafast": "12", "superfast": "11", "veryfast": "10", "faster": "9",
    "fast": "8", "medium": "7", "slow": "5", "slower": "4",
}  # fmt: skip
_VP9_SPEEDS = {
    "ultrafast": "8", "superfast": "7", "veryfast": "6", "faster": "5",
    "fast": "4", "medium": "3", "slow": "2", "slower": "1",
}  # fmt: skip
_X26X_MOST_CRF, _OTHER_MOST_CRF = 51, 63
_NO_CAPTIONS = {"a53cc": "0"}
"""Decoders hang captions on frames (what was said, in letters), and x264 would write them out by default."""
_BOTTOM_FIRST = frozenset({3, 4})  # AVFieldOrder of those that show the bottom field first
_CHROMATICITY, _LUMINANCE = 50_000, 10_000  # units of SMPTE ST 2086 as coded (ITU-T H.265, D.3.28)


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder and its settings.

    Parameters
    ----------
    name : str
        FFmpeg's name of it.
    pix_fmt : str
        Pixel format it gets.
    options : dict of str to str
        Its settings.
    notes : tuple of str
        What it cannot keep.
    """

    name: str
    pix_fmt: str
    options: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def choose_encoder(info: VideoInfo, container: str, coding: VideoCoding) -> Encoder:
    """Choose the encoder of a clip.

    Parameters
    ----------
    info : VideoInfo
        The source.
    container : {"mp4", "mov", "matroska", "webm"}
        FFmpeg's name of the muxer.
    coding : VideoCoding
        Quality and speed.
    """
    name = _name(info, container)
    pix_fmt, notes = _pix_fmt(info, name)
    options = _OPTIONS[name](coding, info)
    return Encoder(name, pix_fmt, options, notes)


def _name(info: VideoInfo, container: str) -> str:
    if container == "webm":
        return "libsvtav1" if info.codec == "av1" and _fits_svt(info) else "libvpx-vp9"
    if info.codec == "hevc":
        return "libx265"
    if container == "mov":  # the muxer has no tags for the others there
        return "libx264"
    if info.codec == "av1":
        return "libsvtav1" if _fits_svt(info) else "libvpx-vp9"
    if info.codec in ("vp9", "vp8"):
        return "libvpx-vp9"
    return "libx264"


def _fits_svt(info: VideoInfo) -> bool:
    """Whether the one AV1 encoder of PyAV's wheels keeps what the source has."""
    return info.subsampling == (2, 2) and info.bit_depth <= 10 and min(info.size_wh) >= 64


def _pix_fmt(info: VideoInfo, encoder: str) -> tuple[str, tuple[str, ...]]:
    layout = FORMATS[info.pix_fmt]
    letters = set("".join(layout.channels))
    notes = []
    if "a" in letters:
        notes.append(NOTE_ALPHA)
    depth = next((d for d in _DEPTHS[encoder] if d >= layout.bit_depth), _DEPTHS[encoder][-1])
    if layout.bit_depth > depth and not info.pix_fmt.startswith("p0"):
        notes.append(NOTE_DEPTH)
    if info.pix_fmt.startswith("p010"):
        depth = 10  # ten bits at the top of a word of 16
    tail = f"{depth}le" if depth > 8 else ""
    is_even = not any(side % 2 for side in info.size_wh)
    if "r" in letters:
        return f"yuv444p{tail}", (*notes, NOTE_RGB)
    if letters <= {"y", "a"} and encoder in _GRAY and depth <= 10 and is_even:
        return f"gray{tail}", tuple(notes)
    chroma = layout.subsampling if "u" in letters else (2, 2)
    if encoder in _EVEN and not is_even:
        chroma = (1, 1)
    if chroma not in _CHROMA[encoder]:
        finer = [own for own in _CHROMA[encoder] if own[0] <= chroma[0] and own[1] <= chroma[1]]
        chroma = finer[0] if finer else _CHROMA[encoder][-1]
    if "u" in letters and chroma != layout.subsampling:
        notes.append(NOTE_CHROMA)
    family = "yuvj" if info.pix_fmt.startswith("yuvj") and depth == 8 else "yuv"
    return f"{family}{_NAMES[chroma]}p{tail}", tuple(notes)


_AVX_512F = 13  # of OpenCV's CpuFeatures; its Python module has no names for them


def _repeatable() -> list[str]:
    """Keep x264 from its code for AVX-512, whose results depend on memory that was never written.

    Measured with x264 core 165 at ten sizes: at 176 x 144, 320 x 180 and 854 x 480 equal frames gave
    two or three different streams in 8 to 14 runs, also in one thread; without macroblock trees, and
    with the code for AVX2, always one. That takes .95 to 1 times as long.
    """
    import cv2

    return ["asm=avx2"] if cv2.checkHardwareSupport(_AVX_512F) else []


def _x264_options(coding: VideoCoding, info: VideoInfo) -> dict[str, str]:
    params = _repeatable()
    if info.interlaced and info.field_order in _BOTTOM_FIRST:
        params.append("bff=1")  # it does not ask `field_order`
    if info.hdr and info.hdr.primaries and info.hdr.white_point and info.hdr.luminance:
        params.append(f"mastering-display={_mastering(info.hdr)}")
    if info.hdr and info.hdr.light_level:
        params.append("cll={},{}".format(*info.hdr.light_level))
    options = {"crf": str(coding.crf), "preset": coding.preset, **_NO_CAPTIONS}
    return options | ({"x264-params": ":".join(params)} if params else {})


def _x265_options(coding: VideoCoding, info: VideoInfo) -> dict[str, str]:
    # info=0: no message with its settings in the stream.
    params = ["log-level=none", "info=0"]
    if info.hdr and info.hdr.primaries and info.hdr.white_point and info.hdr.luminance:
        params.append(f"master-display={_mastering(info.hdr)}")
    if info.hdr and info.hdr.light_level:
        params.append("max-cll={},{}".format(*info.hdr.light_level))
    if info.hdr:
        params.append("hdr10=1")
    options = {"crf": str(coding.crf), "preset": coding.preset, **_NO_CAPTIONS}
    return options | {"x265-params": ":".join(params)}


def _svt_options(coding: VideoCoding, info: VideoInfo) -> dict[str, str]:
    params = []
    if info.hdr and info.hdr.primaries and info.hdr.white_point and info.hdr.luminance:
        params.append(f"mastering-display={_mastering(info.hdr, units=False)}")
    if info.hdr and info.hdr.light_level:
        params.append("content-light={},{}".format(*info.hdr.light_level))
    options = {"crf": _other_crf(coding), "preset": _SVT_PRESETS[coding.preset]}
    return options | ({"svtav1-params": ":".join(params)} if params else {})


def _vp9_options(coding: VideoCoding, _info: VideoInfo) -> dict[str, str]:
    return {
        "crf": _other_crf(coding),
        "b": "0",
        "deadline": "good" if coding.preset in ("medium", "slow", "slower") else "realtime",
        "cpu-used": _VP9_SPEEDS[coding.preset],
        "row-mt": "1",
    }


_OPTIONS = {
    "libx264": _x264_options,
    "libx265": _x265_options,
    "libsvtav1": _svt_options,
    "libvpx-vp9": _vp9_options,
}


def _other_crf(coding: VideoCoding) -> str:
    return str(round(coding.crf * _OTHER_MOST_CRF / _X26X_MOST_CRF))


def _mastering(hdr: HdrMetadata, *, units: bool = True) -> str:
    """Word the mastering display as encoders want it, in coded units or as decimals."""

    def number(value: Fraction, unit: int) -> str:
        return str(round(value * unit)) if units else f"{float(value):.6f}"

    xy = [
        number(value, _CHROMATICITY) for value in (*(hdr.primaries or ()), *(hdr.white_point or ()))
    ]
    red, green, blue, white = (f"({x},{y})" for x, y in zip(xy[::2], xy[1::2], strict=True))
    least, most = (number(value, _LUMINANCE) for value in hdr.luminance or ())
    return f"G{green}B{blue}R{red}WP{white}L({most},{least})"


def open_encoder(container: Any, info: VideoInfo, encoder: Encoder, coding: VideoCoding) -> Any:
    """Add the video stream to a container opened for writing.

    Parameters
    ----------
    container : av.container.OutputContainer
        Nothing may have been written to it yet.
    info, encoder, coding
        What to write and how.

    Returns
    -------
    av.VideoStream
        Ready to encode.
    """
    from av.codec.context import Flags

    if encoder.name == "libsvtav1":
        os.environ.setdefault("SVT_LOG", "1")  # errors alone; it writes to standard error itself
    stream = container.add_stream(encoder.name, rate=_rate(info), options=dict(encoder.options))
    context = stream.codec_context
    context.width, context.height = info.size_wh
    context.pix_fmt = encoder.pix_fmt
    context.time_base = info.time_base
    context.sample_aspect_ratio = info.sample_aspect_ratio
    if encoder.name == "libx265" and container.format.name in ("mp4", "mov"):
        context.codec_tag = "hvc1"  # players of Apple's know no other
    context.thread_type = "FRAME"
    context.thread_count = coding.threads
    _set_color(context, info)
    flags = int(Flags.bitexact) | int(Flags.frame_duration)
    if info.interlaced and encoder.name == "libx264":
        flags |= int(Flags.interlaced_dct) | int(Flags.interlaced_me)
        context.field_order = info.field_order
    context.flags |= flags
    if info.display_matrix:
        stream.set_display_matrix(list(info.display_matrix))
    return stream


def _rate(info: VideoInfo) -> Fraction:
    """Nominal frames per second: a hint for the rate control and for players."""
    rate = info.average_rate
    return rate if rate and Fraction(1, 100) <= rate <= 1000 else Fraction(25)


def _set_color(context: Any, info: VideoInfo) -> None:
    is_rgb = "r" in "".join(FORMATS[info.pix_fmt].channels)
    context.color_range = _LIMITED_RANGE if is_rgb else info.color_range
    context.color_primaries = info.color_primaries
    context.color_trc = info.color_transfer
    context.colorspace = _SMPTE170M if is_rgb else info.color_matrix
