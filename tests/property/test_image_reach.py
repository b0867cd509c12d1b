"""Whatever a region hides must not have left its cover: measured on real codecs.

Two pictures differ only inside a region. Each is encoded, decoded, redacted and compared: every
sample of the two results must be the same, although the codec smeared the difference.
"""

import io

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from saferedact.frames import planes_of, redact_planes
from saferedact.media.image_read import open_image

SIZE = 96


def scenes(seed, box):
    """A quiet picture twice, with two different loud contents in the box."""
    rng = np.random.default_rng(seed)
    calm = np.full((SIZE, SIZE, 3), 128, dtype=np.uint8)
    x1, y1, x2, y2 = box
    pictures = []
    for _ in range(2):
        picture = calm.copy()
        picture[y1:y2, x1:x2] = rng.integers(0, 2, (y2 - y1, x2 - x1, 3), dtype=np.uint8) * 255
        pictures.append(picture)
    return pictures


def redacted(path, box, operator, shape):
    with open_image(path) as image:
        frame = next(image.frames())
    redact_planes(
        planes_of(frame.pixels), [box], operator=operator, shape=shape, grid=frame.grid, seeds=[7]
    )
    return frame.pixels


BOXES = st.tuples(st.integers(0, 70), st.integers(0, 70), st.integers(1, 26), st.integers(1, 26))


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("operator", ["solid", "frost"])
@given(scene=st.tuples(BOXES, st.integers(0, 2**32), st.integers(1, 8)))
@example(scene=((32, 32, 16, 16), 0, 1))
def test_a_jpeg_is_the_same_whatever_was_hidden(tmp_path_factory, subsampling, operator, scene):
    """JPEG is exact here: a block's content stays in its block, but for chroma's upsampling."""
    (x, y, width, height), seed, orientation = scene
    box = (x, y, x + width, y + height)
    folder = tmp_path_factory.mktemp("jpeg")
    exif = Image.Exif()
    exif[274] = orientation
    results = []
    for number, picture in enumerate(scenes(seed, box)):
        path = folder / f"{number}.jpg"
        stored = _stored(picture, orientation)
        stored.save(path, quality=60, subsampling=subsampling, exif=exif)
        results.append(redacted(path, box, operator, "rectangle"))
    np.testing.assert_array_equal(results[0], results[1])


def _stored(picture, orientation):
    """Turn an upright picture as a camera with this orientation stores it, with Pillow's tables."""
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = Image.fromarray(picture)
    return image if back is None else image.transpose(back)


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("webp", {"quality": 50}),
        ("avif", {"quality": 60}),
        ("heic", {"quality": 50}),
    ],
)
@pytest.mark.parametrize("size", [SIZE, 90])
def test_filters_of_other_codecs_stay_within_the_reach(tmp_path, suffix, options, size):
    """Their rate control sees the whole picture, so what is left is bounded and not nothing."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    box = (32, 32, 64, 64)
    results = []
    for number, picture in enumerate(scenes(3, box)):
        path = tmp_path / f"{number}.{suffix}"
        Image.fromarray(picture[:size, :size]).save(path, **options)
        results.append(redacted(path, box, "solid", "rectangle"))
    left = np.abs(results[0].astype(int) - results[1])
    assert left.max() <= 4


def test_a_frame_of_an_animation_may_begin_anywhere(tmp_path):
    """An animated WebP stores the changed box of a frame, and its blocks begin at that box."""
    box = (38, 38, 54, 54)
    results = []
    for number, picture in enumerate(scenes(5, box)):
        path = tmp_path / f"{number}.webp"
        calm = np.full_like(picture, 128)
        buffer = io.BytesIO()
        Image.fromarray(calm).save(
            buffer,
            "WEBP",
            save_all=True,
            append_images=[Image.fromarray(picture)],
            quality=50,
            duration=100,
        )
        path.write_bytes(buffer.getvalue())
        with open_image(path) as image:
            frames = list(image.frames())
        redact_planes(planes_of(frames[1].pixels), [box], operator="solid", grid=frames[1].grid)
        results.append(frames[1].pixels)
    left = np.abs(results[0].astype(int) - results[1])
    assert left.max() <= 4
