"""Sample pictures for the demo: one public-domain portrait, and what can be composed from it.

The portrait (NASA, Eileen Collins, public domain) comes with scikit-image. All data planted beside
the pixels are invented.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from saferedact.errors import DependencyMissingError
from saferedact.media.image_color import with_channels
from saferedact.media.image_read import open_image

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["before_and_after", "make_originals"]

_FACE = (slice(20, 300), slice(120, 330))  # head and collar of the portrait
_CROWD_SCALES = (1.0, 0.6, 0.4, 0.3, 0.2, 0.15)  # down to a face of about 20 px
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
    picture.save(folder / "portrait.heic", quality=92)
    crowd = Image.fromarray(_crowd(portrait))
    crowd.save(folder / "crowd.png")
    crowd.transpose(Image.Transpose.ROTATE_90).save(
        folder / "phone.jpg", quality=92, exif=_exif(_TURNED_RIGHT)
    )
    pages = [picture, crowd.resize(picture.size)]
    pages[0].save(folder / "pages.tiff", save_all=True, append_images=pages[1:])
    steps = [Image.fromarray(np.roll(portrait, 40 * step, axis=1)) for step in range(4)]
    small = [step.resize((256, 256)) for step in steps]
    small[0].save(folder / "moving.gif", save_all=True, append_images=small[1:], duration=200)


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
    """Heads of many sizes in rows on a plain wall, each half of them mirrored."""
    import cv2

    head = portrait[_FACE]
    canvas = np.full((800, 1200, 3), (196, 190, 178), dtype=np.uint8)
    top = 10
    for row, scale in enumerate(_CROWD_SCALES):
        size_wh = (round(head.shape[1] * scale), round(head.shape[0] * scale))
        small = np.asarray(cv2.resize(head, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        pitch = round(size_wh[0] * 1.15)
        for place, x in enumerate(range(10, canvas.shape[1] - size_wh[0], pitch)):
            tile = small[:, ::-1] if (row + place) % 2 else small
            canvas[top : top + size_wh[1], x : x + size_wh[0]] = tile
        top += round(size_wh[1] * 1.05)
    return canvas


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
