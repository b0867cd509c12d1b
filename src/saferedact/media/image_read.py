"""Reading still images, animations and multi-page files, one upright sRGB frame at a time.

The format is decided by the content, and only the decoder of that format is ever tried. Limits are
checked on what the header announces, before pixels are allocated. Whatever a decoder raises leaves
as an error of ours. Of a file with several views of one scene (MPO, Ultra HDR, HEIF collections)
only the main one is read, and a note says so: previews, gain maps and second views would have to
be redacted alike and published along.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from saferedact.errors import DamagedInputError, InputError, UnsupportedFormatError
from saferedact.files import open_regular
from saferedact.geometry import grid_to_upright, size_upright
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_coding import webp_canvas
from saferedact.media.image_counting import check_count
from saferedact.media.image_decoder import (
    NOTE_DEFAULT_IMAGE,
    NOTE_HIGH_BIT_DEPTH,
    NOTE_OTHER_VIEWS,
    ImageDecoder,
    decoding,
)
from saferedact.media.image_formats import SNIFF_BYTES, sniff_format

__all__ = ["ImageSource", "open_image"]


class ImageSource:
    """An opened image file: what it holds, and its frames, decoded one at a time.

    Made by `open_image`. A context manager; the file stays open, read-only, until it is closed.
    """

    def __init__(self, file: IO[bytes], limits: Limits, *, keep_hidden_color: bool) -> None:
        self._file = file
        self._limits = limits
        self._keep_hidden_color = keep_hidden_color
        self._pass = 0
        self._notes: set[str] = set()
        with decoding():
            self._format = _sniff(file)
            self._info = self._read_info()

    @property
    def info(self) -> MediaInfo:
        """What the file holds; notes on the conversion of colors join while frames are read."""
        return replace(self._info, notes=tuple(sorted(self._notes)))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; an iterator that goes on afterwards fails."""
        self._pass += 1
        self._file.close()

    def sha256(self) -> str:
        """Compute the SHA-256 of the opened file, in hexadecimal.

        Of this very file, and not of one that has taken its place under the same name.

        Raises
        ------
        InputError
            If the file cannot be read.
        """
        try:
            self._file.seek(0)
            return hashlib.file_digest(self._file, "sha256").hexdigest()  # type: ignore[arg-type]
        except (OSError, ValueError):  # ValueError: closed
            msg = "the file cannot be read"
            raise InputError(msg) from None

    def frames(self) -> Iterator[ImageFrame]:
        """Decode the frames in order, from the first; may be called again.

        One pass at a time: starting another makes the earlier iterator fail.

        Yields
        ------
        ImageFrame
            New arrays; the source keeps none, so one frame is in memory at a time.

        Raises
        ------
        DamagedInputError
            If a frame breaks off or cannot be decoded.
        LimitExceededError
            If a frame is larger than the limits.
        UnsupportedFormatError
            If a page holds samples that are not read.
        InputError
            If the file cannot be read, the source is closed, or another pass has begun.
        """
        self._pass += 1
        current = self._pass
        decoder = None
        for index in range(self._info.frames):
            if self._pass != current:
                msg = "the image was closed, or another pass over its frames has begun"
                raise InputError(msg)
            with decoding():
                if decoder is None:
                    decoder = ImageDecoder(self._format, self._file)
                frame = self._read_frame(decoder, index)
            yield frame

    def _read_info(self) -> MediaInfo:
        canvas = webp_canvas(self._file) if self._format == "WEBP" else None
        if canvas:
            self._limits.check_size_wh(*canvas)
        check_count(self._format, self._file, self._limits)
        decoder = ImageDecoder(self._format, self._file)
        size_wh = decoder.stored_size_wh
        self._limits.check_size_wh(*size_wh)
        self._limits.check_frames(decoder.stored_frames, *size_wh)
        decoder.seek(0)
        decoder.check_supported()
        self._add_notes(decoder)
        orientation, coding = decoder.orientation, decoder.coding
        return MediaInfo(
            kind="image",
            format="MPO" if self._format == "JPEG" and decoder.other_views else self._format,
            size_wh=size_upright(size_wh, orientation or 1),
            frames=decoder.frames,
            channels=decoder.channels,
            orientation=orientation,
            lossy=coding.lossy,
            grid=grid_to_upright(coding.grid, orientation or 1, size_wh),
            quality=coding.quality,
            subsampling=coding.subsampling,
            palette=decoder.mode in ("P", "PA"),
            loop=decoder.loop,
            # Whether all 16 bits can be kept shows only when they are decoded.
            bit_depth=self._read_frame(decoder, 0).pixels.dtype.itemsize * 8 if decoder.deep else 8,
        )

    def _add_notes(self, decoder: ImageDecoder) -> None:
        if decoder.other_views:
            self._notes.add(NOTE_OTHER_VIEWS)
        if decoder.skips_still:
            self._notes.add(NOTE_DEFAULT_IMAGE)
        if decoder.high_bit_depth:
            self._notes.add(NOTE_HIGH_BIT_DEPTH)

    def _read_frame(self, decoder: ImageDecoder, index: int) -> ImageFrame:
        decoder.seek(index)
        stored_size_wh = decoder.stored_size_wh
        self._limits.check_size_wh(*stored_size_wh)
        decoder.check_supported()
        orientation = decoder.orientation or 1
        grid = grid_to_upright(decoder.coding.grid, orientation, stored_size_wh)
        pixels = decoder.decode(self._notes, keep_hidden_color=self._keep_hidden_color)
        size_wh = size_upright(stored_size_wh, orientation)
        if decoder.animated:
            pixels = _on_canvas(pixels, size_wh if index == 0 else self._info.size_wh)
        elif pixels.shape[1::-1] != size_wh:
            msg = "the picture is not of the size that its header says"
            raise DamagedInputError(msg)
        return ImageFrame(pixels, index, decoder.duration_ms, grid)


def _on_canvas(pixels: npt.NDArray[Any], size_wh: tuple[int, int]) -> npt.NDArray[Any]:
    """Cut or extend a frame of an animation to the canvas: hostile GIFs grow on the way."""
    width, height = size_wh
    if pixels.shape[:2] == (height, width):
        return pixels
    canvas = np.zeros((height, width, *pixels.shape[2:]), dtype=pixels.dtype)
    part = pixels[:height, :width]
    canvas[: part.shape[0], : part.shape[1]] = part
    return canvas


def _sniff(file: IO[bytes]) -> str:
    head = file.read(SNIFF_BYTES)
    if not head:
        msg = "the file is empty"
        raise DamagedInputError(msg)
    image_format = sniff_format(head)
    if image_format is None:
        msg = "the content is not that of an image format that is read"
        raise UnsupportedFormatError(msg)
    return image_format


def open_image(
    path: Path, *, limits: Limits = DEFAULT_LIMITS, keep_hidden_color: bool = False
) -> ImageSource:
    """Open a still image, an animation or a multi-page TIFF for reading.

    Parameters
    ----------
    path : Path
        The file; opened read-only. Symbolic links are followed.
    limits : Limits
        Checked against the file's size and what its header announces, before allocation.
    keep_hidden_color : bool
        Hand out the color under alpha 0 as it is stored, to judge a file; it is 0 otherwise.

    Returns
    -------
    ImageSource
        To be used as a context manager, or closed.

    Raises
    ------
    UnsupportedFormatError
        If the content is not an image of a format that is read.
    DamagedInputError
        If the file is empty, breaks off or is damaged.
    LimitExceededError
        If the file is larger than the limits.
    InputError
        If there is no such file, it is not a regular one, or it cannot be read.
    """
    file = open_regular(path)
    try:
        limits.check_file_bytes(os.fstat(file.fileno()).st_size)
        return ImageSource(file, limits, keep_hidden_color=keep_hidden_color)
    except BaseException:
        file.close()
        raise
