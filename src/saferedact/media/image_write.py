"""Writing still images, animations and multi-page files: pixels, durations, and nothing else."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from saferedact.errors import InputError, RedactionError
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_animation import apng_parts, gif_parts, webp_parts
from saferedact.media.image_color import clear_hidden_color, flatten_on_white, narrow, with_channels
from saferedact.media.image_encode import EncodeSettings, encode_avif, encode_still
from saferedact.media.image_formats import FormatTraits, traits
from saferedact.media.image_tiff import tiff_parts

__all__ = ["write_image"]

NOTE_FLATTENED = "transparent parts were put on white"
NOTE_REDUCED = "16-bit samples were reduced to 8 bits"
NOTE_SECOND_VIEW = "written as a plain JPEG of the main picture"
NOTE_ALPHA_THRESHOLD = "partly transparent pixels became opaque or fully transparent"

_MIN_QUALITY = 90
"""Least quality unless the caller asks for less.

Below, the encoder's own blocks become visible in what was not redacted: the output is a second
generation of a lossy source.
"""


def write_image(
    destination: Path,
    frames: Iterable[ImageFrame],
    *,
    info: MediaInfo,
    format: str | None = None,  # noqa: A002 - Pillow's word for it
    quality: int | None = None,
) -> tuple[str, ...]:
    """Write frames as an image file that holds pixels and nothing else.

    No EXIF, no color profile (samples are sRGB), no comment, no thumbnail. Lossy sources are coded
    as JPEG, WebP, HEIF and AVIF with loss, at their own quality and at least 90; lossless ones
    without. Memory holds one decoded frame, two of an animation, and all of an animated AVIF.

    Parameters
    ----------
    destination : Path
        The file to write; usually the temporary path of `atomic_output`. An existing file is
        overwritten. Removed if anything fails.
    frames : iterable of ImageFrame
        As many as `info` says, in order. Their pixels are not modified, and must not be until
        the frame after the next is asked for: animations compare neighbors.
    info : MediaInfo
        What the source was.
    format : str, optional
        "JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF" or "AVIF"; the source's own if None.
        An MPO becomes a JPEG.
    quality : int, optional
        1 to 100, for lossy coding; also makes WebP, HEIF and AVIF lossy for a lossless source.

    Returns
    -------
    tuple of str
        What the format could not keep, for people.

    Raises
    ------
    UnsupportedFormatError
        If the format is not written.
    InputError
        If the format cannot hold several frames, or `quality` is out of range.
    RedactionError
        If the file cannot be encoded or written, or the frames are not as `info` says.
    """
    target = _target(info, format)
    kept = traits(target)
    _check_arguments(info, kept, quality)
    notes = _notes(info, target, kept)
    parts = _parts(_checked(frames, info, kept, target), target, info, _settings(info, quality))
    _write(destination, parts)
    return notes


def _target(info: MediaInfo, image_format: str | None) -> str:
    wanted = image_format or info.format
    return "JPEG" if wanted == "MPO" else wanted


def _check_arguments(info: MediaInfo, kept: FormatTraits, quality: int | None) -> None:
    if info.frames > 1 and not kept.frames:
        msg = f"this format holds one frame, but the source has {info.frames}"
        raise InputError(msg)
    if quality is not None and not 1 <= quality <= 100:
        msg = f"the quality must be 1 to 100, but is {quality}"
        raise InputError(msg)


def _notes(info: MediaInfo, target: str, kept: FormatTraits) -> tuple[str, ...]:
    notes = []
    if info.format == "MPO":
        notes.append(NOTE_SECOND_VIEW)
    if info.has_alpha and not kept.alpha:
        notes.append(NOTE_FLATTENED)
    if info.has_alpha and target == "GIF" and info.format != "GIF":
        notes.append(NOTE_ALPHA_THRESHOLD)
    if info.bit_depth == 16 and not kept.deep:
        notes.append(NOTE_REDUCED)
    return tuple(notes)


def _settings(info: MediaInfo, quality: int | None) -> EncodeSettings:
    return EncodeSettings(
        quality=quality or max(_MIN_QUALITY, info.quality or 0),
        lossless=not info.lossy and quality is None,
        subsampling=info.subsampling or "4:4:4",
        palette=info.palette and info.frames == 1,
    )


def _checked(
    frames: Iterable[ImageFrame], info: MediaInfo, kept: FormatTraits, target: str
) -> Iterator[ImageFrame]:
    """Number the frames, fit each to the format, and insist on their number and size."""
    count, size_wh = 0, None
    for frame in frames:
        if count == info.frames:
            msg = f"there are more frames than the {info.frames} of the source"
            raise RedactionError(msg)
        size_wh = size_wh or frame.size_wh
        if frame.size_wh != size_wh and not kept.pages_differ:
            msg = f"the frames differ in size, which {target} cannot hold"
            raise RedactionError(msg)
        yield _fitted(replace(frame, index=count), kept)
        count += 1
    if count < info.frames:
        msg = f"there are {count} frames, but the source has {info.frames}"
        raise RedactionError(msg)


def _fitted(frame: ImageFrame, kept: FormatTraits) -> ImageFrame:
    """Give a frame only what the format can hold."""
    pixels = frame.pixels if kept.deep else narrow(frame.pixels)
    if not kept.alpha:
        pixels = flatten_on_white(pixels)
    elif pixels is not frame.pixels:
        clear_hidden_color(pixels)  # an alpha of 1 to 128 in 16 bits has become 0
    return replace(frame, pixels=pixels)


def _parts(
    frames: Iterator[ImageFrame], target: str, info: MediaInfo, settings: EncodeSettings
) -> Iterator[bytes]:
    """Choose the encoder of a format; yields the file in order."""
    if target == "GIF":
        return gif_parts(frames, count=info.frames, loop=info.loop if info.frames > 1 else None)
    if target == "TIFF":
        return tiff_parts(frames)
    if target == "AVIF":
        return _avif_parts(frames, settings)
    if info.frames == 1:
        return (encode_still(frame.pixels, target, settings) for frame in frames)
    frames = (replace(frame, pixels=with_channels(frame.pixels, info.channels)) for frame in frames)
    if target == "PNG":
        return apng_parts(frames, count=info.frames, loop=info.loop, settings=settings)
    return webp_parts(frames, loop=info.loop, settings=settings)


def _avif_parts(frames: Iterator[ImageFrame], settings: EncodeSettings) -> Iterator[bytes]:
    collected = list(frames)
    durations_ms = [round(frame.duration_ms) for frame in collected]
    yield encode_avif([frame.pixels for frame in collected], durations_ms, settings)


def _write(destination: Path, parts: Iterator[bytes]) -> None:
    """Write the parts; leave no file behind if that fails, or making them does."""
    try:
        with destination.open("wb") as file:
            for part in parts:
                file.write(part)
    except BaseException as error:
        with suppress(OSError):
            destination.unlink()
        if isinstance(error, OSError):
            msg = f"the output could not be written: {error.strerror or 'an input/output error'}"
            raise RedactionError(msg) from None
        raise
