"""Sample material for the demo: one public-domain portrait, and what can be composed from it.

The portrait (NASA, Eileen Collins, public domain) comes with scikit-image. All data planted beside
the pixels are invented.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from saferedact.cli.demo_moving import write_film, write_letter
from saferedact.errors import DependencyMissingError
from saferedact.media.image_color import with_channels
from saferedact.media.image_read import open_image

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["before_and_after", "make_originals"]

# Outline of the portrait's person, as ovals of center and half axes: head, collar, shoulders.
_OUTLINE = (((225, 100), (75, 88)), ((212, 222), (94, 76)), ((196, 400), (160, 190)))
_PERSON = (slice(0, 400), slice(20, 372))
_ROWS = ((50, 0.26, 10), (120, 0.40, 7), (230, 0.70, 4))  # top of heads, scale, people; far first
_CROWD_SIZE_WH = (960, 480)
_TURNED_RIGHT = 6  # EXIF orientation of a phone held upright
_CAMERA = "Fictional Camera 1"
_LATITUDE = (54.0, 58.0, 26.0)  # on Null Street, Northmoor, which does not exist
_LONGITUDE = (1.0, 36.0, 49.0)


def make_originals(folder: Path) -> None:
    """Write the originals into a folder.

    Raises
    ------
    DependencyMissingError
        If scikit-image is not installed.
    OSError
        If a file cannot be written.
    """
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener()
    portrait = _portrait()
    picture = Image.fromarray(portrait)
    picture.save(folder / "portrait.jpg", quality=92, exif=_exif(), comment=b"Case 00/0000")
    picture.save(folder / "portrait.heic", quality=92, exif=_exif())
    crowd = Image.fromarray(_crowd(portrait))
    crowd.save(folder / "crowd.png", exif=_exif())
    crowd.transpose(Image.Transpose.ROTATE_90).save(
        folder / "phone.jpg", quality=92, exif=_exif(_TURNED_RIGHT)
    )
    pages = [picture.resize((256, 256)), crowd.resize((480, 240))]
    pages[0].save(folder / "pages.tiff", save_all=True, append_images=pages[1:], exif=_exif())
    steps = [Image.fromarray(np.roll(portrait, 40 * step, axis=1)) for step in range(3)]
    small = [step.resize((256, 256)) for step in steps]
    small[0].save(folder / "moving.gif", save_all=True, append_images=small[1:], duration=200)
    write_film(folder / "walk.mp4", _cut_out(portrait))
    write_letter(folder / "letter.pdf", portrait)


def before_and_after(original: Path, redacted: Sequence[Path], destination: Path) -> None:
    """Put an original and its redacted copies side by side.

    Parameters
    ----------
    original : Path
        A still image.
    redacted : sequence of Path
        Copies of the same size.
    destination : Path
        The picture to write, a PNG.
    """
    from PIL import Image

    pictures = []
    for path in (original, *redacted):
        with open_image(path) as image:
            pictures.append(with_channels(next(image.frames()).pixels, 3))
    Image.fromarray(np.concatenate(pictures, axis=1)).save(destination)


def _portrait() -> npt.NDArray[np.uint8]:
    try:
        from skimage.data import astronaut
    except ImportError:
        msg = "the demo needs scikit-image: pip install 'saferedact[demo]'"
        raise DependencyMissingError(msg) from None
    picture: npt.NDArray[np.uint8] = np.asarray(astronaut(), dtype=np.uint8)  # type: ignore[no-untyped-call]
    return picture


def _crowd(portrait: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """People in three rows before a wall, those behind smaller: the same person 21 times.

    Each is mirrored, lit and moved a little by chance, always the same chance: copies in a grid are a
    pattern in which a face detector sees faces of all sizes.
    """
    import cv2

    rng = np.random.default_rng(21)
    width, height = _CROWD_SIZE_WH
    wall = np.linspace((196, 190, 178), (120, 112, 104), height)[:, None]
    canvas = np.repeat(wall, width, axis=1).astype(np.float32)
    person = _cut_out(portrait)
    for top, scale, people in _ROWS:
        size_wh = (round(person.shape[1] * scale), round(person.shape[0] * scale))
        small = np.asarray(cv2.resize(person, size_wh, interpolation=cv2.INTER_AREA))
        for place in range(people):
            tile = small[:, ::-1] if rng.random() < 0.5 else small
            jitter_x, jitter_y = (rng.uniform(-0.06, 0.06, 2) * size_wh[0]).round().astype(int)
            x = round((place + 0.5) * width / people - size_wh[0] / 2) + int(jitter_x)
            y = top + int(jitter_y)
            under = canvas[y : y + size_wh[1], max(x, 0) : x + size_wh[0]]
            tile = tile[: under.shape[0], max(-x, 0) :][:, : under.shape[1]]
            color, opacity = tile[:, :, :3] * rng.uniform(0.75, 1.05), tile[:, :, 3:]
            under[:] = under * (1 - opacity) + color * opacity
    return np.clip(canvas, 0, 255).astype(np.uint8)


def _cut_out(portrait: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Cut the person out: RGB from 0 to 255, and opacity from 0 to 1."""
    return np.dstack([portrait, _opacity(portrait)])[_PERSON].astype(np.float32)


def _opacity(portrait: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return 1 where the portrait shows the person, 0 elsewhere, with a soft edge of few pixels."""
    y, x = np.ogrid[: portrait.shape[0], : portrait.shape[1]]
    opacity = np.zeros(portrait.shape[:2], dtype=np.float32)
    for (center_x, center_y), (half_x, half_y) in _OUTLINE:
        distance = np.hypot((x - center_x) / half_x, (y - center_y) / half_y)
        np.maximum(opacity, np.clip((1 - distance) * 20, 0, 1), out=opacity)
    return opacity


def _exif(orientation: int = 1) -> "Image.Exif":
    """EXIF as a camera writes it: maker, orientation and place."""
    from PIL import ExifTags, Image

    exif = Image.Exif()
    exif[ExifTags.Base.Make] = _CAMERA
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: _LATITUDE,
            ExifTags.GPS.GPSLongitudeRef: "W",
            ExifTags.GPS.GPSLongitude: _LONGITUDE,
        }
    )
    return exif
