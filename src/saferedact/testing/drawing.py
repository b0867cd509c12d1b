"""Pictures of text whose every word is known: where it stands, and what it gives away.

The typeface is the one inside Pillow and the letters of OpenCV, so that pictures are the same on
every machine. For tests and measurements of what reads pictures.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Canvas", "DrawnPicture", "Piece", "pieces_of", "scanned", "turned"]

Color = tuple[int, int, int]

Piece = tuple[str, str | None]
"""Words, and the label of the policy that they fall under; None if they say nothing of anybody."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPicture:
    """A picture and the truth about it.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 3), uint8
        sRGB.
    words : tuple of str
        Every word, as it was written.
    quads : ndarray, shape (n, 4, 2), float32
        Around the ink of each word, in pixels.
    secret : ndarray, shape (n,), int64
        Which name or identifier a word is part of: a position in `labels`, or -1.
    labels : tuple of str
        Labels of the names and identifiers.
    """

    pixels: npt.NDArray[np.uint8]
    words: tuple[str, ...]
    quads: npt.NDArray[np.float32]
    secret: npt.NDArray[np.int64]
    labels: tuple[str, ...]

    def secrets(self) -> list[str]:
        """Return the names and identifiers as they were written, in the order of `labels`."""
        return [
            " ".join(self.words[i] for i in np.flatnonzero(self.secret == number).tolist())
            for number in range(len(self.labels))
        ]


def pieces_of(template: str, values: Mapping[str, Piece]) -> list[Piece]:
    """Fill a template such as ``"I am {name}."``.

    Parameters
    ----------
    template : str
        Text with the keys of `values` in braces.
    values : mapping of str to Piece
        What stands for each key.

    Returns
    -------
    list of Piece
        In the order of the text. Signs that touch a value stay with its last word when drawn.
    """
    pieces: list[Piece] = []
    for text, key, _, _ in string.Formatter().parse(template):
        if text:
            pieces.append((text, None))
        if key is not None:
            pieces.append(values[key])
    return pieces


class Canvas:
    """A picture to write on.

    Parameters
    ----------
    size_wh : (int, int)
        Width and height, in pixels.
    ground : (int, int, int)
        Color of the ground.
    """

    def __init__(self, size_wh: tuple[int, int], ground: Color = (255, 255, 255)) -> None:
        from PIL import Image, ImageDraw

        self.image = Image.new("RGB", size_wh, ground)
        self.draw = ImageDraw.Draw(self.image)
        self._words: list[str] = []
        self._boxes: list[tuple[float, float, float, float]] = []
        self._secret: list[int] = []
        self._labels: list[str] = []

    def laid_out(
        self, pieces: Sequence[Piece], *, size: float, width: float
    ) -> list[list[tuple[str, int]]]:
        """Break pieces into lines of words, each with the number of its secret or -1."""
        font = _font(size)
        words: list[tuple[str, int]] = []
        glued = False
        for text, label in pieces:
            number = -1
            if label is not None:
                self._labels.append(label)
                number = len(self._labels) - 1
            parts = text.split()
            if glued and not text[:1].isspace() and words and parts:
                last, owner = words.pop()
                parts[0] = last + parts[0]
                words.append((parts.pop(0), max(owner, number)))
            words += [(part, number) for part in parts]
            glued = not text[-1:].isspace()
        lines: list[list[tuple[str, int]]] = [[]]
        for word in words:
            trial = " ".join(part for part, _ in [*lines[-1], word])
            if lines[-1] and font.getlength(trial) > width:
                lines.append([])
            lines[-1].append(word)
        return lines

    def write(
        self,
        xy: tuple[float, float],
        pieces: Sequence[Piece] | list[list[tuple[str, int]]],
        *,
        size: float,
        color: Color = (0, 0, 0),
        width: float = 1e9,
    ) -> tuple[float, float]:
        """Write text and remember where.

        Parameters
        ----------
        xy : (float, float)
            Top left corner of the first line.
        pieces : sequence of Piece, or what `laid_out` gave
            What to write.
        size : float
            Of the letters, in pixels.
        color : (int, int, int)
            Of the letters.
        width : float
            Where lines break, in pixels.

        Returns
        -------
        (float, float)
            Width and height of what was written, in pixels.
        """
        font = _font(size)
        lines: Any = pieces
        if pieces and isinstance(pieces[0], tuple):
            lines = self.laid_out(pieces, size=size, width=width)  # type: ignore[arg-type]
        left, top = xy
        widest = 0.0
        for line in lines:
            x = left
            for word, secret in line:
                self.draw.text((x, top), word, font=font, fill=color)
                box = self.draw.textbbox((x, top), word, font=font)
                self._remember(word, secret, box)
                x += font.getlength(word + " ")
            widest = max(widest, x - left)
            top += round(size * 1.3)
        return widest, top - xy[1]

    def finished(self, size_wh: tuple[int, int] | None = None) -> DrawnPicture:
        """Return the picture, cut to a size from its top left corner."""
        image = self.image if size_wh is None else self.image.crop((0, 0, *size_wh))
        x1, y1, x2, y2 = np.array(self._boxes or np.empty((0, 4)), dtype=np.float32).T
        corners = [np.stack(pair, axis=1) for pair in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))]
        return DrawnPicture(
            np.array(image, dtype=np.uint8),
            tuple(self._words),
            np.stack(corners, axis=1),
            np.array(self._secret, dtype=np.int64),
            tuple(self._labels),
        )

    def _remember(self, word: str, secret: int, box: tuple[float, float, float, float]) -> None:
        self._words.append(word)
        self._boxes.append(box)
        self._secret.append(secret)


def turned(picture: DrawnPicture, degrees: float) -> DrawnPicture:
    """Turn a picture counter-clockwise about its middle, on a ground that holds all of it.

    Parameters
    ----------
    picture : DrawnPicture
        Not modified.
    degrees : float
        Any angle; quarter turns are exact.

    Returns
    -------
    DrawnPicture
        The same words elsewhere.
    """
    import cv2

    height, width = picture.pixels.shape[:2]
    angle = np.deg2rad(degrees)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    size_w = int(np.ceil(abs(cosine) * width + abs(sine) * height - 1e-6))
    size_h = int(np.ceil(abs(sine) * width + abs(cosine) * height - 1e-6))
    forward = np.array([[cosine, sine], [-sine, cosine]])
    shift = np.array([size_w, size_h]) / 2 - forward @ (np.array([width, height]) / 2)
    quads = (picture.quads.reshape(-1, 2) @ forward.T + shift).reshape(-1, 4, 2)
    if degrees % 90 == 0:
        pixels = np.ascontiguousarray(np.rot90(picture.pixels, round(degrees / 90)))
    else:
        ground = tuple(int(value) for value in np.median(picture.pixels, axis=(0, 1)))
        # Pixel centers lie half a pixel from the corners that quads are counted from.
        moved = shift + forward @ np.array([0.5, 0.5]) - 0.5
        matrix = np.column_stack([forward, moved])
        pixels = np.asarray(
            cv2.warpAffine(
                picture.pixels, matrix, (size_w, size_h), flags=cv2.INTER_CUBIC, borderValue=ground
            ),
            dtype=np.uint8,
        )
    return replace(picture, pixels=pixels, quads=quads.astype(np.float32))


def scanned(picture: DrawnPicture, seed: int, *, degrees: float = 0.0) -> DrawnPicture:
    """Make a picture look scanned: turned, uneven light, blurred, noisy, coded as a poor JPEG."""
    import cv2

    rng = np.random.default_rng(seed)
    skewed = turned(picture, degrees) if degrees else picture
    height, width = skewed.pixels.shape[:2]
    light = np.linspace(rng.uniform(0.75, 0.95), 1.0, width)[None, :, None]
    noise = rng.normal(0, 8, (height, width, 1))
    pixels = cv2.GaussianBlur(skewed.pixels, (0, 0), 0.6) * light + noise
    coded = cv2.imencode(
        ".jpg", pixels.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 50]
    )
    return replace(skewed, pixels=np.asarray(cv2.imdecode(coded[1], cv2.IMREAD_COLOR), np.uint8))


def _font(size: float) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
