"""Pictures that hide badly: reversible marks, see-through boxes, data beside the pixels."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.frames import redact_regions
from saferedact.testing.leaks.benign_pictures import encoded
from saferedact.testing.leaks.pdf_page import FILLER, SECRET, text_image
from saferedact.testing.leaks.scenes import face_place, portrait

__all__ = ["PICTURE_LEAKS"]

Picture = npt.NDArray[np.uint8]


def _weak(operator: Any, **options: Any) -> Picture:
    picture = portrait()
    redact_regions(picture, [face_place()], operator=operator, allow_reversible=True, **options)
    return picture


def _coarse(cell: int) -> Picture:
    """Pixelate the face as other programs do: cells of a fixed size from the box's corner."""
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    face = picture[y1:y2, x1:x2].astype(np.float32)
    for y in range(0, face.shape[0], cell):
        for x in range(0, face.shape[1], cell):
            block = face[y : y + cell, x : x + cell]
            block[:] = block.mean((0, 1))
    picture[y1:y2, x1:x2] = face.astype(np.uint8)
    return picture


def _soft(sigma: float, *, ellipse: bool = False) -> Picture:
    import cv2

    picture = portrait()
    x1, y1, x2, y2 = face_place()
    blurred = cv2.GaussianBlur(picture, (0, 0), sigma)
    mask = np.zeros(picture.shape[:2], np.uint8)
    if ellipse:
        center = ((x1 + x2) // 2, (y1 + y2) // 2)
        cv2.ellipse(mask, center, ((x2 - x1) // 2, (y2 - y1) // 2), 0, 0, 360, 1, -1)
    else:
        mask[y1:y2, x1:x2] = 1
    return np.where(mask[..., None] > 0, blurred, picture).astype(np.uint8)


def _page() -> Picture:
    return text_image((FILLER[0], f"The witness is {SECRET}.", FILLER[1]))


def _page_blur() -> Picture:
    import cv2

    picture = _page()
    picture[70:115, 236:520] = cv2.GaussianBlur(picture, (0, 0), 6)[70:115, 236:520]
    return picture


def _page_mosaic() -> Picture:
    picture = _page()
    redact_regions(picture, [(236, 70, 520, 115)], operator="mosaic", allow_reversible=True)
    return picture


def _see_through(alpha: float) -> Picture:
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    part = picture[y1:y2, x1:x2]
    part[:] = np.round(part * (1 - alpha))
    return picture


def _box_on_ink() -> Picture:
    picture = _page()
    picture[86:101, 250:500] = 0
    return picture


def _under_alpha() -> bytes:
    from PIL import Image

    picture = np.dstack([portrait(), np.full((512, 512), 255, np.uint8)])
    x1, y1, x2, y2 = face_place()
    picture[y1:y2, x1:x2, 3] = 0
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def _covered() -> Picture:
    picture = portrait()
    x1, y1, x2, y2 = face_place()
    picture[y1:y2, x1:x2] = 0
    return picture


def _thumbnail() -> bytes:
    """Keep the thumbnail of the picture as it was, as programs that copy Exif do."""
    small = io.BytesIO()
    from PIL import Image

    Image.fromarray(portrait()).resize((128, 128)).save(small, "JPEG", quality=80)
    inner = small.getvalue()
    entries = [(0x0103, 3, 6), (0x0201, 4, 0), (0x0202, 4, len(inner))]
    head = b"MM\0\x2a\0\0\0\x08" + b"\0\0" + (14).to_bytes(4, "big")
    at = 14 + 2 + 12 * len(entries) + 4
    directory = len(entries).to_bytes(2, "big")
    for tag, kind, value in entries:
        number = at if tag == 0x0201 else value
        packed = number.to_bytes(2, "big") + b"\0\0" if kind == 3 else number.to_bytes(4, "big")
        directory += tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + b"\0\0\0\x01" + packed
    exif = b"Exif\0\0" + head + directory + b"\0\0\0\0" + inner
    return encoded(_covered(), quality=90, exif=exif)


def _tail(data: bytes, old: bytes) -> bytes:
    """Overwrite the beginning of a longer file, as the editors of CVE-2023-21036 did."""
    assert len(old) > len(data)  # noqa: S101  a generator of tests
    return data + old[len(data) :]


def _cropped_png() -> bytes:
    return _tail(encoded(portrait()[300:400, 300:400]), encoded(portrait()))


def _cropped_jpeg() -> bytes:
    return _tail(encoded(portrait()[300:400, 300:400], quality=80), encoded(portrait(), quality=92))


def _second_picture() -> bytes:
    return encoded(_covered(), quality=90) + encoded(portrait(), quality=90)


def _gps() -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}
    return encoded(portrait(), quality=90, exif=exif)


def _artist() -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x013B] = SECRET
    return encoded(portrait(), quality=90, exif=exif)


def _png_text() -> bytes:
    data = encoded(portrait())
    body = b"tEXt" + b"Comment\0" + SECRET.encode()
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return data[:33] + chunk + data[33:]


def _comment() -> bytes:
    return encoded(portrait(), quality=90, comment=SECRET.encode())


def _xmp() -> bytes:
    return encoded(portrait(), quality=90, xmp=f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode())


PICTURE_LEAKS: dict[str, Callable[[], bytes]] = {
    "mosaic_own.jpg": lambda: encoded(_weak("mosaic"), quality=90),
    "mosaic_6.png": lambda: encoded(_coarse(6)),
    "mosaic_12.jpg": lambda: encoded(_coarse(12), quality=90),
    "mosaic_20.jpg": lambda: encoded(_coarse(20), quality=85),
    "blur_own.jpg": lambda: encoded(_weak("blur"), quality=90),
    "blur_6.png": lambda: encoded(_soft(6)),
    "blur_ellipse_10.jpg": lambda: encoded(_soft(10, ellipse=True), quality=90),
    "page_blur.png": lambda: encoded(_page_blur()),
    "page_mosaic.png": lambda: encoded(_page_mosaic()),
    "see_through_90.png": lambda: encoded(_see_through(0.9)),
    "see_through_75.jpg": lambda: encoded(_see_through(0.75), quality=92),
    "box_on_ink.png": lambda: encoded(_box_on_ink()),
    "under_alpha.png": _under_alpha,
    "thumbnail.jpg": _thumbnail,
    "cropped.png": _cropped_png,
    "cropped.jpg": _cropped_jpeg,
    "second_picture.jpg": _second_picture,
    "gps.jpg": _gps,
    "artist.jpg": _artist,
    "text.png": _png_text,
    "comment.jpg": _comment,
    "xmp.jpg": _xmp,
}
