"""Writing pictures of tests: from arrays to a file and back."""

from dataclasses import replace

import numpy as np

from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_read import open_image
from saferedact.media.image_write import write_image

__all__ = ["SIZE_WH", "info_of", "read", "write"]

SIZE_WH = (50, 34)


def read(path):
    with open_image(path) as source:
        frames = list(source.frames())
        return source.info, frames


def info_of(*arrays, **fields):
    pixels = arrays[0]
    base = MediaInfo(
        kind="image",
        format="PNG",
        size_wh=(pixels.shape[1], pixels.shape[0]),
        frames=len(arrays),
        bit_depth=pixels.dtype.itemsize * 8,
        channels=1 if pixels.ndim == 2 else pixels.shape[2],
    )
    return replace(base, **fields)


def write(path, *arrays, image_format=None, quality=None, durations=None, **fields):
    """Write arrays, read them back: (notes, info, frames)."""
    durations = durations or [0.0] * len(arrays)
    frames = [
        ImageFrame(pixels, index, duration)
        for index, (pixels, duration) in enumerate(zip(arrays, durations, strict=True))
    ]
    before = [frame.pixels.copy() for frame in frames]
    notes = write_image(
        path, iter(frames), info=info_of(*arrays, **fields), format=image_format, quality=quality
    )
    for frame, pixels in zip(frames, before, strict=True):
        np.testing.assert_array_equal(frame.pixels, pixels)
    return (notes, *read(path))
