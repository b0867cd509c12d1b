"""One decoder for each still-image format, and what each of them does in its own way.

The rest of the package sees frames that can be sought, an orientation, and upright sRGB samples.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    SaferedactError,
    UnsupportedFormatError,
)
from saferedact.geometry import size_upright, to_upright
from saferedact.media.image_coding import (
    Coding,
    coding_of,
    exif_orientation,
    png_exif,
    valid_orientation,
    webp_is_lossy,
)
from saferedact.media.image_color import clear_hidden_color, pixels_in_srgb, with_channels
from saferedact.media.image_deep import decode_deep, is_deep

if TYPE_CHECKING:
    from PIL import ImageFile

__all__ = ["ImageDecoder", "decoding"]

NOTE_OTHER_VIEWS = "further images in the file (second views, previews, gain maps) are left out"
NOTE_DEFAULT_IMAGE = "the still for programs that cannot animate is left out"
NOTE_DEEP_LOST = "16-bit color was reduced to 8 bits"
NOTE_HIGH_BIT_DEPTH = "10- or 12-bit color was reduced to 8 bits"

_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_SINGLE = ("JPEG", "BMP", "HEIF")

# TIFF 6.0 section 8 and its supplement 1 (SubIFDs); DNG 1.7 chapter 4.
_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_BITS, _TIFF_PHOTOMETRIC, _TIFF_ORIENTATION = (
    256,
    257,
    258,
    262,
    274,
)
_TIFF_SUBFILE, _TIFF_SUBIFDS, _TIFF_DNG_VERSION = 254, 330, 50706
_TIFF_WHITE_IS_ZERO = 0
_TIFF_REDUCED = 1
_TIFF_NOT_A_PAGE = 1 | 4  # TIFF 6.0 section 8: a smaller copy of another page; a transparency mask
_TIFF_BIT_DEPTHS = {1, 2, 4, 8, 16}

_DAMAGED = "the image breaks off or is damaged"


@contextmanager
def decoding() -> Iterator[None]:
    """Turn whatever a decoder raises into an error of ours, without its words.

    Decoders raise OSError, SyntaxError, ValueError, struct.error, EOFError, ZeroDivisionError,
    OverflowError and more on hostile input, and their messages may quote the file.

    Raises
    ------
    DamagedInputError
        For anything that a decoder says about the file.
    InputError
        If the operating system cannot read the file.
    LimitExceededError
        If memory is short or a decoder's own limit is reached.
    """
    from PIL import Image

    try:
        yield
    except SaferedactError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        msg = "the image is larger than the decoder's own limit"
        raise LimitExceededError(msg) from None
    except MemoryError:
        msg = "there is not enough memory for this image"
        raise LimitExceededError(msg) from None
    except OSError as error:
        if error.errno is not None:  # from the operating system; the decoders' own have none
            msg = "the file cannot be read"
            raise InputError(msg) from None
        raise DamagedInputError(_DAMAGED) from None
    except Exception:  # noqa: BLE001 - see the docstring
        raise DamagedInputError(_DAMAGED) from None


def _open_plugin(image_format: str, file: IO[bytes]) -> Any:
    """Start the one Pillow plug-in of a format on a file.

    `PIL.Image.open` is avoided: it warns or raises by the process-wide ``MAX_IMAGE_PIXELS``, which
    cannot be changed for one thread.
    """
    file.seek(0)
    if image_format == "HEIF":
        import pillow_heif

        heif_plugin: Any = pillow_heif.HeifImageFile  # the package has no annotations
        return heif_plugin(file)
    from PIL import (
        AvifImagePlugin,
        BmpImagePlugin,
        GifImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    plugins: dict[str, type[ImageFile.ImageFile]] = {
        "AVIF": AvifImagePlugin.AvifImageFile,
        "BMP": BmpImagePlugin.BmpImageFile,
        "GIF": GifImagePlugin.GifImageFile,
        "JPEG": JpegImagePlugin.JpegImageFile,
        "PNG": PngImagePlugin.PngImageFile,
        "TIFF": TiffImagePlugin.TiffImageFile,
        "WEBP": WebPImagePlugin.WebPImageFile,
    }
    return plugins[image_format](file)


class ImageDecoder:
    """A decoder on an open file, at its first frame.

    Parameters
    ----------
    image_format : str
        Format by content.
    file : binary file
        Read and sought at will; not closed.

    Notes
    -----
    Methods raise what the decoder raises: call them inside `decoding`.
    """

    def __init__(self, image_format: str, file: IO[bytes]) -> None:
        self.image_format = image_format
        self._file = file
        self._webp_lossy = image_format == "WEBP" and webp_is_lossy(file)
        self._png_exif = png_exif(file) if image_format == "PNG" else None
        self._image: Any = _open_plugin(image_format, file)
        self._index = 0
        self.stored_frames = 1 if image_format in _SINGLE else int(self._image.n_frames)
        self._pages = self._pages_to_read()
        self.frames = len(self._pages)
        self.animated = image_format in _ANIMATED and self.frames > 1
        self.other_views = self._has_other_views()

    def seek(self, index: int) -> None:
        """Go to a frame, counted from 0; forward is cheap. Nothing is decoded for this frame yet."""
        self._index = index
        if self.image_format not in _SINGLE:
            self._image.seek(self._pages[index])

    @property
    def mode(self) -> str:
        """Pillow's name for the samples of the current frame."""
        return str(self._image.mode)

    @property
    def loop(self) -> int | None:
        """How often the animation is played, 0 for forever, if the file says."""
        value = self._image.info.get("loop") if self.animated else None
        return value if isinstance(value, int) else None

    @property
    def duration_ms(self) -> float:
        """How long the decoded frame is shown."""
        return float(self._image.info.get("duration") or 0) if self.animated else 0.0

    @property
    def orientation(self) -> int | None:
        """EXIF orientation of the current frame as stored, 1 to 8, before it is decoded."""
        if self.image_format == "TIFF":
            return valid_orientation(self._image.tag_v2.get(_TIFF_ORIENTATION))
        if self.image_format == "HEIF":
            return valid_orientation(self._image.info.get("original_orientation"))
        exif = self._png_exif if self.image_format == "PNG" else self._image.info.get("exif")
        return exif_orientation(exif)

    @property
    def stored_size_wh(self) -> tuple[int, int]:
        """Width and height of the current frame before it is turned upright, in pixels."""
        if self.image_format == "TIFF":
            tags = self._image.tag_v2
            return int(tags[_TIFF_WIDTH]), int(tags[_TIFF_HEIGHT])
        width, height = self._image.size
        if self.image_format == "HEIF":  # already upright; EXIF says what libheif has undone
            return size_upright((width, height), self.orientation or 1)
        return int(width), int(height)

    @property
    def coding(self) -> Coding:
        """How the current frame is coded."""
        return coding_of(self.image_format, self._image, webp_lossy=self._webp_lossy)

    def check_supported(self) -> None:
        """Refuse frames whose samples would be misread, before they are decoded.

        Raises
        ------
        UnsupportedFormatError
            If a TIFF is a camera's raw file, or its samples are not 1, 2, 4, 8 or 16 bits.
        """
        if self.image_format != "TIFF":
            return
        tags = self._image.tag_v2
        preview = tags.get(_TIFF_SUBFILE) == _TIFF_REDUCED and _TIFF_SUBIFDS in tags
        if preview or _TIFF_DNG_VERSION in tags:
            msg = "raw files of cameras are not read; develop the photograph first"
            raise UnsupportedFormatError(msg)
        if not set(tags.get(_TIFF_BITS, (1,))) <= _TIFF_BIT_DEPTHS:
            msg = "TIFF files are read with 1, 2, 4, 8 or 16 bits per sample only"
            raise UnsupportedFormatError(msg)

    def decode(self, notes: set[str], *, keep_hidden_color: bool = False) -> npt.NDArray[Any]:
        """Decode the current frame.

        Parameters
        ----------
        notes : set of str
            Receives a sentence for each thing that was lost.
        keep_hidden_color : bool
            Leave the color under alpha 0 as it is stored.

        Returns
        -------
        ndarray, shape (h, w) or (h, w, 3 | 4), uint8 or uint16
            New array: upright, sRGB, C-contiguous, writable.
        """
        orientation = self.orientation or 1  # before loading: Pillow forgets a TIFF's then
        deep_stored = is_deep(self._image)
        inverted = self._is_inverted_deep_grey()
        self._image.info.pop("xmp", None)  # Pillow would turn a TIFF by what XMP says, too
        self._image.load()
        deep = None
        if deep_stored and not self.animated:
            deep = decode_deep(self._all_bytes(), self._pages[self._index], self._image)
        if deep_stored and deep is None:
            notes.add(NOTE_DEEP_LOST)
        pixels: npt.NDArray[Any] = pixels_in_srgb(self._image, notes, deep)
        if inverted:
            pixels = 65535 - pixels
        if self.image_format not in ("TIFF", "HEIF"):  # Pillow and libheif turn these themselves
            pixels = to_upright(pixels, orientation)
        if self.animated:
            pixels = with_channels(pixels, self.channels)
        owned = np.ascontiguousarray(pixels)
        if not keep_hidden_color:
            clear_hidden_color(owned)
        return owned

    @property
    def channels(self) -> int:
        """Channels of the decoded pixels: 1, 3 or 4; the same for all frames of an animation."""
        if self.animated and self.image_format == "GIF":
            return 4  # later frames may turn out to be transparent
        if self._image.has_transparency_data:
            return 4
        return 1 if self.mode in ("1", "L") or self.mode.startswith("I;16") else 3

    @property
    def deep(self) -> bool:
        """Whether the current frame is stored with 16 bits per sample."""
        return is_deep(self._image) or self.mode.startswith("I;16")

    @property
    def high_bit_depth(self) -> bool:
        """Whether a HEIF has more than the 8 bits that are read."""
        return self.image_format == "HEIF" and int(self._image.info.get("bit_depth", 8)) > 8

    @property
    def skips_still(self) -> bool:
        """Whether an animated PNG begins with a still that is not part of the animation."""
        return self.image_format == "PNG" and self.frames < self.stored_frames

    def _pages_to_read(self) -> Sequence[int]:
        """Ordinals in the file of the frames that are read."""
        if self.image_format == "PNG":
            # An animated PNG may begin with a still that is not part of the animation.
            first = self.stored_frames > 1 and getattr(self._image, "default_image", False)
            return range(int(first), self.stored_frames)
        if self.image_format != "TIFF":
            return range(self.stored_frames)
        full = []
        for page in range(self.stored_frames):
            self._image.seek(page)
            if not self._image.tag_v2.get(_TIFF_SUBFILE, 0) & _TIFF_NOT_A_PAGE:
                full.append(page)
        self._image.seek(0)
        return full or range(self.stored_frames)

    def _has_other_views(self) -> bool:
        info = self._image.info
        if self.image_format == "TIFF":
            return self.frames < self.stored_frames
        if self.image_format == "HEIF":
            extra = ("thumbnails", "depth_images", "aux")
            return self._image.n_frames > 1 or any(info.get(key) for key in extra)
        return self.image_format == "JPEG" and "mp" in info

    def _is_inverted_deep_grey(self) -> bool:
        """Whether 0 is white: Pillow undoes this for 8 bits and fewer only."""
        return (
            self.image_format == "TIFF"
            and self.mode.startswith("I;16")
            and self._image.tag_v2.get(_TIFF_PHOTOMETRIC) == _TIFF_WHITE_IS_ZERO
        )

    def _all_bytes(self) -> bytes:
        self._file.seek(0)
        return self._file.read()
