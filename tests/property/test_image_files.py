"""Reading any bytes gives an image or an error of ours; writing keeps what it promises."""

import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from saferedact.errors import SaferedactError
from saferedact.limits import Limits
from saferedact.media.base import ImageFrame, MediaInfo
from saferedact.media.image_palette import fitted_palette
from saferedact.media.image_read import open_image
from saferedact.media.image_write import write_image
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data

SMALL = Limits(max_pixels=200_000, max_frames=50, max_total_pixels=1_000_000)


@functools.cache
def sample(image_format):
    frames = 3 if image_format in ("PNG", "GIF", "WEBP", "TIFF") else 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        image_with_hidden_data(image_format, path, size_wh=(24, 16), frames=frames, orientation=6)
        return path.read_bytes()


def read_all(data):
    """Read every frame; raises only errors of ours, and hands out only what it promises."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        try:
            source = open_image(path, limits=SMALL)
        except SaferedactError:
            return
        with source:
            assert source.info.frames <= SMALL.max_frames
            try:
                for frame in source.frames():
                    check_frame(frame)
            except SaferedactError:
                return


def check_frame(frame):
    width, height = frame.size_wh
    assert width * height <= SMALL.max_pixels
    pixels = frame.pixels
    assert pixels.dtype in (np.uint8, np.uint16)
    assert pixels.shape[2:] in ((), (3,), (4,))
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable
    if pixels.shape[2:] == (4,):
        assert not pixels[pixels[:, :, 3] == 0].any()


@pytest.mark.filterwarnings("ignore")  # Pillow warns about odd metadata
@pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
@given(data=st.data())
@settings(max_examples=60)
def test_damaged_files_are_read_or_refused(image_format, data):
    original = sample(image_format)
    damaged = bytearray(original)
    # Headers decide most: half of the changes go there.
    place = st.one_of(
        st.integers(0, min(300, len(original)) - 1), st.integers(0, len(original) - 1)
    )
    for at in data.draw(st.lists(place, max_size=6)):
        damaged[at] = data.draw(st.integers(0, 255))
    kept = data.draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged))))
    read_all(bytes(damaged[:kept]))


@pytest.mark.filterwarnings("ignore")
@given(
    signature=st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"II*\0",
            b"MM\0*",
            b"II+\0",
            b"BM",
            b"RIFF\xff\0\0\0WEBP",
            b"\0\0\0\x18ftypheic",
            b"\0\0\0\x18ftypavif",
        ]
    ),
    body=st.binary(max_size=200),
)
@example(signature=b"II*\0", body=b"")
def test_any_bytes_are_read_or_refused(signature, body):
    read_all(signature + body)


@st.composite
def pictures(draw, *, deep, channels=(1, 3, 4)):
    count = draw(st.sampled_from(channels))
    height, width = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    shape = (height, width) if count == 1 else (height, width, count)
    dtype = np.uint16 if deep else np.uint8
    return draw(arrays.arrays(dtype, shape, elements=st.integers(0, np.iinfo(dtype).max)))


def written(frames, image_format, *, palette=False, loop=None):
    first = frames[0].pixels
    info = MediaInfo(
        kind="image",
        format=image_format,
        size_wh=frames[0].size_wh,
        frames=len(frames),
        bit_depth=first.dtype.itemsize * 8,
        channels=1 if first.ndim == 2 else first.shape[2],
        palette=palette,
        loop=loop,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        write_image(path, frames, info=info)
        with open_image(path) as source:
            return source.info, list(source.frames())


def visible(pixels):
    """RGBA with nothing under alpha 0: what a lossless format must keep."""
    pixels = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    if pixels.shape[2] == 3:
        opaque = np.full((*pixels.shape[:2], 1), np.iinfo(pixels.dtype).max, dtype=pixels.dtype)
        pixels = np.concatenate([pixels, opaque], axis=2)
    return np.where(pixels[:, :, 3:] == 0, 0, pixels)


@given(
    pixels=st.one_of(pictures(deep=False), pictures(deep=True)),
    image_format=st.sampled_from(["PNG", "TIFF"]),
    palette=st.booleans(),
)
def test_lossless_stills_are_exact(pixels, image_format, palette):
    info, frames = written([ImageFrame(pixels)], image_format, palette=palette)
    assert frames[0].pixels.dtype == pixels.dtype
    assert info.size_wh == (pixels.shape[1], pixels.shape[0])
    np.testing.assert_array_equal(visible(frames[0].pixels), visible(pixels))


@given(data=st.data(), image_format=st.sampled_from(["PNG", "WEBP", "TIFF"]))
def test_lossless_animations_are_exact(data, image_format):
    first = data.draw(pictures(deep=False, channels=(3, 4)))
    shape, elements = first.shape, st.integers(0, 255)
    more = data.draw(st.lists(arrays.arrays(np.uint8, shape, elements=elements), max_size=3))
    durations = [data.draw(st.integers(1, 60_000)) for _ in [first, *more]]
    frames = [
        ImageFrame(pixels, index, duration)
        for index, (pixels, duration) in enumerate(zip([first, *more], durations, strict=True))
    ]
    info, after = written(frames, image_format, loop=data.draw(st.integers(0, 65_535)))
    assert info.frames == len(frames)
    for old, new in zip(frames, after, strict=True):
        np.testing.assert_array_equal(visible(new.pixels), visible(old.pixels))
        if info.frames > 1 and image_format != "TIFF":
            assert new.duration_ms == pytest.approx(old.duration_ms, abs=0.01)


@given(data=st.data())
def test_gif_frames_show_what_they_were_given(data):
    """At most 256 colors and all-or-nothing alpha: exact, whatever the frame before was."""
    height, width = data.draw(st.integers(1, 14)), data.draw(st.integers(1, 14))
    rgb = arrays.arrays(np.uint8, (height, width, 3), elements=st.integers(0, 255))
    holes = arrays.arrays(np.bool_, (height, width, 1))
    frames = []
    for index in range(data.draw(st.integers(1, 4))):
        alpha = np.where(data.draw(holes), 0, 255).astype(np.uint8)
        pixels = np.concatenate([data.draw(rgb), alpha], axis=2)
        frames.append(ImageFrame(pixels, index, 10 * data.draw(st.integers(1, 6000))))
    info, after = written(frames, "GIF", loop=0)
    assert info.frames == len(frames)
    for old, new in zip(frames, after, strict=True):
        np.testing.assert_array_equal(visible(new.pixels), visible(old.pixels))


@given(
    seed=st.integers(0, 2**32 - 1),
    color=st.tuples(*[st.integers(0, 255)] * 3),
    side=st.integers(4, 30),
    entries=st.integers(130, 256),
)
def test_a_flat_region_in_noise_keeps_its_color(seed, color, side, entries):
    pixels = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    pixels[5 : 5 + side, 9 : 9 + side] = color
    indexed = fitted_palette(pixels, entries=entries)
    shown = indexed.colors[indexed.indices][:, :, :3]
    assert len(indexed.colors) <= entries
    np.testing.assert_array_equal(
        shown[5 : 5 + side, 9 : 9 + side], pixels[5 : 5 + side, 9 : 9 + side]
    )
