"""Small clips of every kind that a reader or writer of video must handle.

For tests: `write_clip` makes one from a description, `CLIPS` lists the kinds by name, and
`clip_with_hidden_data` plants unique markers wherever a container can hide some. The pictures are
synthetic; each frame differs from all others, and no two orientations look alike.
"""

import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.media.video_mux import same_schedule
from saferedact.testing.images import sample_pixels

__all__ = [
    "CLIPS",
    "Clip",
    "clip_with_hidden_data",
    "drawn_frame",
    "flip_bits",
    "write_clip",
    "write_sound",
]

_MASTERING = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
_RATE = 48_000
_FLIP_SEED = 5
_REGISTERED, _USER_DATA = 4, 5  # kinds of messages (ITU-T H.264, D.1)


@dataclass(frozen=True, slots=True)
class Clip:
    """Description of a clip.

    Parameters
    ----------
    suffix : str
        Of the file; chooses the container.
    codec : str
        FFmpeg's name of the encoder.
    pix_fmt : str
        FFmpeg's name of the pixel format.
    size_wh : (int, int)
        Width and height, in pixels.
    pts : tuple of int
        Time of each frame, in units of `time_base`.
    time_base : Fraction
        Seconds per unit.
    options : mapping of str to str
        Of the encoder.
    muxer : mapping of str to str
        Options of the muxer.
    matrix : tuple of 9 int, optional
        Display matrix.
    aspect : Fraction
        Sample aspect ratio.
    color : (int, int, int, int), optional
        Range, primaries, transfer and matrix as FFmpeg's numbers.
    interlaced : bool
        Code two fields, the top one first.
    sound : str, optional
        FFmpeg's name of an audio encoder.
    sound_s : float
        Length of the sound, in seconds.
    draw : callable, optional
        Draws a frame, as `drawn_frame`, which is the default.
    """

    suffix: str = ".mp4"
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    size_wh: tuple[int, int] = (96, 64)
    pts: tuple[int, ...] = tuple(range(0, 12 * 512, 512))
    time_base: Fraction = Fraction(1, 15360)
    options: Mapping[str, str] = field(default_factory=dict)
    muxer: Mapping[str, str] = field(default_factory=dict)
    matrix: tuple[int, ...] | None = None
    aspect: Fraction = Fraction(1)
    color: tuple[int, int, int, int] | None = None
    interlaced: bool = False
    sound: str | None = None
    sound_s: float = 0.4
    draw: Callable[[tuple[int, int], int], npt.NDArray[np.uint8]] | None = None


_ONE = 1 << 16
_W = 1 << 30
_PLAIN = Clip()
_TWENTY = tuple(range(20))
_PER_FRAME = Fraction(1, 25)
_MILLI = Fraction(1, 1000)
_AT_25 = tuple(range(0, 400, 40))

CLIPS: dict[str, Clip] = {
    "plain": _PLAIN,
    "one-frame": replace(_PLAIN, pts=(0,)),
    "b-frames": replace(_PLAIN, options={"bf": "3", "b-adapt": "0"}),
    "open-gop": replace(
        _PLAIN,
        pts=tuple(range(0, 40 * 512, 512)),
        options={"bf": "3", "g": "10", "x264-params": "open-gop=1:scenecut=0:b-adapt=0"},
    ),
    "variable-rate": replace(_PLAIN, pts=(0, 100, 900, 901, 5000, 5512, 9000, 20000)),
    "late-start": replace(_PLAIN, pts=tuple(range(7000, 12000, 512)), sound="aac"),
    "long-sound": replace(_PLAIN, sound="aac", sound_s=1.5),
    "odd-size": replace(_PLAIN, size_wh=(97, 63), pix_fmt="yuv444p"),
    "odd-size-420": replace(
        _PLAIN, suffix=".webm", codec="libvpx-vp9", size_wh=(97, 63), time_base=_MILLI, pts=_AT_25
    ),
    "odd-size-mpeg4": replace(
        _PLAIN, suffix=".avi", codec="mpeg4", size_wh=(97, 63), time_base=_PER_FRAME, pts=_TWENTY
    ),
    "4:2:2": replace(_PLAIN, pix_fmt="yuv422p"),
    "4:4:4": replace(_PLAIN, pix_fmt="yuv444p"),
    "gray": replace(_PLAIN, pix_fmt="gray"),
    "10-bit": replace(_PLAIN, pix_fmt="yuv420p10le"),
    "full-range": replace(_PLAIN, color=(2, 1, 1, 1)),
    "hdr": replace(
        _PLAIN,
        codec="libx265",
        pix_fmt="yuv420p10le",
        color=(1, 9, 16, 9),
        options={
            "x265-params": f"log-level=none:hdr10=1:master-display={_MASTERING}:max-cll=1000,400"
        },
    ),
    "turned-90": replace(_PLAIN, matrix=(0, _ONE, 0, -_ONE, 0, 0, 0, 0, _W)),
    "turned-180": replace(_PLAIN, matrix=(-_ONE, 0, 0, 0, -_ONE, 0, 0, 0, _W)),
    "turned-270": replace(_PLAIN, matrix=(0, -_ONE, 0, _ONE, 0, 0, 0, 0, _W)),
    "mirrored": replace(_PLAIN, matrix=(-_ONE, 0, 0, 0, _ONE, 0, 0, 0, _W)),
    "wide-pixels": replace(_PLAIN, aspect=Fraction(16, 11)),
    "interlaced": replace(_PLAIN, interlaced=True),
    "hevc": replace(_PLAIN, codec="libx265", options={"x265-params": "log-level=none"}),
    "av1": replace(_PLAIN, codec="libsvtav1", options={"preset": "12"}),
    "mov": replace(_PLAIN, suffix=".mov", sound="pcm_s16le"),
    "prores": replace(_PLAIN, suffix=".mov", codec="prores_ks", pix_fmt="yuv422p10le"),
    "matroska": replace(_PLAIN, suffix=".mkv", time_base=_MILLI, pts=_AT_25, sound="aac"),
    "webm": replace(
        _PLAIN, suffix=".webm", codec="libvpx-vp9", time_base=_MILLI, pts=_AT_25, sound="libopus"
    ),
    "avi": replace(_PLAIN, suffix=".avi", codec="mpeg4", time_base=_PER_FRAME, pts=_TWENTY),
    "avi-rgb": replace(
        _PLAIN, suffix=".avi", codec="rawvideo", pix_fmt="bgr24", time_base=_PER_FRAME, pts=_TWENTY
    ),
    "transport-stream": replace(_PLAIN, suffix=".ts", sound="aac"),
    "program-stream": replace(
        _PLAIN, suffix=".mpg", codec="mpeg2video", time_base=_PER_FRAME, pts=_TWENTY
    ),
    "3gp": replace(_PLAIN, suffix=".3gp", codec="h263", size_wh=(128, 96)),
    "flv": replace(_PLAIN, suffix=".flv", codec="flv", time_base=_MILLI, pts=_AT_25),
    "wmv": replace(_PLAIN, suffix=".wmv", codec="wmv2", time_base=_PER_FRAME, pts=_TWENTY),
    "motion-jpeg": replace(
        _PLAIN, suffix=".avi", codec="mjpeg", pix_fmt="yuvj420p", time_base=_PER_FRAME, pts=_TWENTY
    ),
}
"""Kinds of clips by name."""


def drawn_frame(size_wh: tuple[int, int], index: int) -> npt.NDArray[np.uint8]:
    """Draw the picture of one frame.

    Parameters
    ----------
    size_wh : (int, int)
        Width and height, in pixels.
    index : int
        Ordinal; each has another picture.

    Returns
    -------
    ndarray, shape (h, w, 3), uint8
        RGB, new array.
    """
    pixels: npt.NDArray[np.uint8] = sample_pixels(size_wh, seed=index)
    width, height = size_wh
    x = (index * 5) % max(1, width - 8)
    pixels[height // 2 : height // 2 + 8, x : x + 8] = (200, 40, 90)
    return pixels


def write_clip(path: Path, clip: Clip = _PLAIN) -> None:
    """Write a clip.

    Parameters
    ----------
    path : Path
        The file to write.
    clip : Clip
        What to write.
    """
    import av

    with same_schedule(), av.open(str(path), "w", options=dict(clip.muxer)) as container:
        _write_streams(container, clip)


def _write_streams(container: Any, clip: Clip) -> None:
    """Add the tracks of a clip to a container opened for writing, and write them."""
    stream = _video_stream(container, clip)
    sound = container.add_stream(clip.sound, rate=_RATE, layout="mono") if clip.sound else None
    for index, pts in enumerate(clip.pts):
        container.mux(stream.encode(_native_frame(clip, index, pts)))
    container.mux(stream.encode(None))
    if sound is not None:
        write_sound(container, sound, clip.sound_s)


def _video_stream(container: Any, clip: Clip) -> Any:
    from av.codec.context import Flags

    os.environ.setdefault("SVT_LOG", "1")  # that encoder writes to standard error itself
    options = {"crf": "18"} if clip.codec in ("libx264", "libx265") else {}
    stream = container.add_stream(clip.codec, rate=_rate(clip), options={**options, **clip.options})
    context = stream.codec_context
    context.width, context.height = clip.size_wh
    context.pix_fmt = clip.pix_fmt
    context.time_base = clip.time_base
    context.sample_aspect_ratio = clip.aspect
    context.thread_count = 1
    if clip.color:
        context.color_range, context.color_primaries, context.color_trc, context.colorspace = (
            clip.color
        )
    if clip.interlaced:
        context.flags |= int(Flags.interlaced_dct) | int(Flags.interlaced_me)
        context.field_order = 2
    if clip.matrix:
        stream.set_display_matrix(list(clip.matrix))
    return stream


def _rate(clip: Clip) -> Fraction:
    return Fraction(25) if clip.time_base in (_PER_FRAME, _MILLI) else Fraction(30)


def _native_frame(clip: Clip, index: int, pts: int) -> Any:
    from av import VideoFrame

    picture = (clip.draw or drawn_frame)(clip.size_wh, index)
    drawn = VideoFrame.from_ndarray(picture, format="rgb24")
    frame = drawn.reformat(format=clip.pix_fmt)
    frame.pts = pts
    frame.time_base = clip.time_base
    return frame


def write_sound(container: Any, stream: Any, seconds: float) -> None:
    """Write a tone of 440 Hz to an audio stream of a container opened for writing."""
    from av import AudioFrame

    context = stream.codec_context
    if not context.is_open:
        context.open()
    block = context.frame_size or 1024
    for start in range(0, round(seconds * _RATE), block):
        count = min(block, round(seconds * _RATE) - start)
        wave = np.sin(np.arange(start, start + count) * 2 * np.pi * 440 / _RATE)
        samples = (wave * 12_000).astype(np.int16)[None]
        frame = AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = _RATE
        frame.pts = start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def flip_bits(data: bytes, *, every: int, start: int = 0) -> bytes:
    """Flip one bit in each stretch of a file's bytes.

    Parameters
    ----------
    data : bytes
        Any bytes.
    every : int
        Length of a stretch.
    start : int
        Where to begin: what lies before is not changed.

    Returns
    -------
    bytes
        The changed bytes; always the same for the same arguments.
    """
    rng = np.random.default_rng(_FLIP_SEED)
    changed = bytearray(data)
    for at in range(start, len(changed), every):
        changed[min(at + int(rng.integers(every)), len(changed) - 1)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


class _Markers(dict[str, bytes]):
    """Markers by the name of the place they are planted in, made on first use."""

    def __missing__(self, place: str) -> bytes:
        marker = f"HIDDEN-{place}-{zlib.crc32(place.encode()):08x}-WITNESS".encode()
        self[place] = marker
        return marker

    def text(self, place: str) -> str:
        return self[place].decode()


def clip_with_hidden_data(path: Path, clip: Clip = _PLAIN) -> dict[str, bytes]:
    """Write a clip with a marker planted in every place where its container can hide data.

    Parameters
    ----------
    path : Path
        The file to write: .mp4, .mov, .mkv or .webm.
    clip : Clip
        What to show.

    Returns
    -------
    dict of str to bytes
        The markers by the place they are in.
    """
    import av

    markers = _Markers()
    is_matroska = path.suffix in (".mkv", ".webm")
    options = {} if is_matroska else {"movflags": "+use_metadata_tags"}
    with av.open(str(path), "w", options=options) as container:
        for key in ("title", "comment", "artist", "location", "com.apple.quicktime.author"):
            container.metadata[key] = markers.text(key)
        _plant_chapter(container, markers)
        if path.suffix == ".mkv":
            container.add_attachment("note.txt", "text/plain", markers["attachment"])
        _write_with_extras(container, clip, markers, path.suffix)
    if not is_matroska:
        with path.open("ab") as file:
            file.write(_box(b"uuid", bytes(16) + markers["uuid-box"]))
            file.write(_box(b"free", markers["free-box"]))
            file.write(_box(b"udta", _box(b"loci", _location(markers["loci-box"]))))
    return dict(markers)


def _plant_chapter(container: Any, markers: _Markers) -> None:
    container.set_chapters(
        [
            {
                "id": 1,
                "start": 0,
                "end": 300,
                "time_base": _MILLI,
                "metadata": {"title": markers.text("chapter")},
            }
        ]
    )


def _write_with_extras(container: Any, clip: Clip, markers: _Markers, suffix: str) -> None:
    from av import Packet

    stream = _video_stream(container, clip)
    stream.metadata["handler_name"] = markers.text("handler")
    stream.metadata["title"] = markers.text("track-title")
    if suffix in (".mp4", ".mov"):
        stream.metadata["timecode"] = "01:02:03:04"
    subtitles = container.add_mux_stream({".webm": "webvtt", ".mkv": "srt"}.get(suffix, "mov_text"))
    packets: list[Any] = []
    for index, pts in enumerate(clip.pts):
        packets += stream.encode(_native_frame(clip, index, pts))
    packets += stream.encode(None)
    if clip.codec == "libx264":
        packets[0] = _with_message(packets[0], _USER_DATA, bytes(16) + markers["sei"])
        packets[0] = _with_message(packets[0], _REGISTERED, _captions(markers["captions"]))
    text = markers["subtitle"]
    packet = Packet(text if suffix in (".mkv", ".webm") else len(text).to_bytes(2, "big") + text)
    packet.stream = subtitles
    packet.time_base = _MILLI
    packet.pts = packet.dts = 0
    packet.duration = 200
    container.mux([*packets, packet])


def _with_message(packet: Any, kind: int, body: bytes) -> Any:
    """Put a message before the picture of an H.264 packet (ITU-T H.264, D.1)."""
    from av import Packet

    head = b"\0\0\0\1\x06" + bytes([kind, len(body)])
    changed = Packet(head + body + b"\x80" + bytes(packet))
    for name in ("stream", "time_base", "pts", "dts", "duration", "is_keyframe"):
        setattr(changed, name, getattr(packet, name))
    return changed


def _captions(text: bytes) -> bytes:
    """Body of a message with closed captions (ATSC A/53 part 4, 6.2.3), whose bytes are a text."""
    triplets = -(-len(text) // 3)
    head = b"\xb5\x00\x31GA94\x03" + bytes([0x40 | triplets, 0xFF])
    return head + text.ljust(3 * triplets, b".") + b"\xff"


def _location(name: bytes) -> bytes:
    """Body of a location box: a name and a place (3GPP TS 26.244, 8.9)."""
    return bytes(4) + b"\x15\xc7" + name + bytes(1 + 1 + 12) + b"earth\0" + b"\0"


def _box(kind: bytes, payload: bytes) -> bytes:
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload
