"""Reading the text of a picture: lines are found, turned upright, read, and joined in reading order.

It promises to look at every pixel, and to say of what looks like text and cannot be read that it is
there (`PictureText.unread`). It does not promise to find all text: letters of less than about 8 px,
handwriting and ornament are often missed. Figures are in ``docs/accuracy.md``.
"""

import math
import re
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from saferedact.detectors.networks import Engine
from saferedact.detectors.picture_text import (
    UNREAD_SCORE,
    PictureText,
    Quads,
    TextLine,
    arrange,
    upright_boxes,
)
from saferedact.detectors.ppocr import LINE_HEIGHT, ReadLine, TextFinder, TextRecognizer
from saferedact.detectors.remembered import Remembered
from saferedact.detectors.text_lines import find_lines
from saferedact.errors import InputError
from saferedact.geometry import BoxesXYXY, area, clip, covered_fraction

__all__ = ["TextReader", "read_text", "shared_reader"]

Image = npt.NDArray[np.uint8]

_TALL = 1.5
"""A line this many times as high as wide is read from its side."""

_SAMPLE = 6
"""Lines, the longest ones, by which the way up of all others is judged."""

_SURE = 0.9
"""A sample with this mean score is upright: read upside down it scores .5 to .8."""

_UNSURE = 0.8
"""A line below this score is read from the other sides too, and the best reading counts."""

_MIRRORED = [1, 0, 3, 2]
"""Corners of a line as a mirror shows it: cameras on the side of the screen make such pictures."""

_SPARSE = 0.5
"""Letters and figures in a stretch as long as the line is high, of which ordinary text has 1.5 to 2.5. In a
mirror, words may read as a few foreign letters that score .9."""

_MAX_WIDTH = 4096
"""Most columns of pixels of one line as it is read: 85 times its height. A longer one is squeezed."""

_SILENT = 1.5
"""A line whose first or last character is further from its end than this many heights was not read to
the end, and the places of its words are not to be trusted."""

_POOR = 0.7
"""Nor are they in a line that scores less than this."""

_FRAGMENT = 0.5
"""What was not read is no news if this share of it lies in lines that were."""

_MAP_BYTES = 32 * 2**20
"""Maps of text that are remembered, packed: a tile takes 1 to 30 kB, so that is 1,000 tiles and more."""

_LINE_BYTES = 8 * 2**20
"""Lines whose reading is remembered: 300 to 1,500 bytes each."""

_WORD = re.compile(r"\S+")


class TextReader:
    """Finds and reads lines; safe to share between threads.

    Parameters
    ----------
    engine : {"auto", "onnxruntime", "openvino"}
        What runs the networks, see `Network`.
    threads : int or None
        Threads of one call; None leaves it to the engine.

    Raises
    ------
    DetectorModelMissing
        If the weights are not on this machine.
    DetectorError
        If they cannot be loaded.
    """

    def __init__(self, *, engine: Engine = "auto", threads: int | None = None) -> None:
        self._find = TextFinder(engine=engine, threads=threads)
        self._recognize = TextRecognizer(engine=engine, threads=threads)
        self._maps: Remembered[bytes] = Remembered(len, max_bytes=_MAP_BYTES)
        self._readings: Remembered[ReadLine] = Remembered(_bytes_of, max_bytes=_LINE_BYTES)

    def read_lines(self, image: Image) -> list[TextLine]:
        """Read all lines of a picture, in no order.

        Parameters
        ----------
        image : ndarray, shape (h, w, 3), uint8
            sRGB picture, turned any way. Not modified.

        Returns
        -------
        list of TextLine
            What looks like text and could not be read has a low score and perhaps no characters.

        Raises
        ------
        InputError
            If `image` has another shape or type.
        LimitExceededError
            If it has too many lines.
        DetectorError
            If it could not be read.
        """
        shape = image.shape
        if image.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
            msg = f"image must be uint8 of shape (h, w, 3), but got {image.dtype} of {shape}"
            raise InputError(msg)
        quads = find_lines(image, self._text_map)
        if not len(quads):
            return []
        length, height = _sides(quads)
        tall = height >= _TALL * length
        lines: list[TextLine] = []
        for group, turns in ((~tall, (0, 2)), (tall, (1, 3))):
            if not group.any():
                continue
            numbers = np.flatnonzero(group)
            numbers = numbers[np.argsort(-np.maximum(length, height)[numbers], kind="stable")]
            first, second = self._way_up(image, quads[numbers[:_SAMPLE]], turns)
            lines += [_line(*self._best(image, quad, first, second)) for quad in quads[numbers]]
        return _without_fragments(lines)

    def glance(self, image: Image) -> BoxesXYXY:
        """Say where lines are, without reading them.

        Parameters
        ----------
        image : ndarray, shape (h, w, 3), uint8
            sRGB picture, turned any way. Not modified.

        Returns
        -------
        ndarray, shape (n, 4), float32
            A box around each line, cut at the picture.

        Raises
        ------
        LimitExceededError, DetectorError
            As `read_lines`.
        """
        quads = find_lines(image, self._text_map)
        boxes = np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1)
        return clip(boxes, (image.shape[1], image.shape[0]))

    def _way_up(self, image: Image, sample: Quads, turns: tuple[int, int]) -> tuple[int, int]:
        """Order two opposite ways up by how well a sample of lines reads."""
        means = []
        for turn in turns:
            means.append(np.mean([self._read(image, quad, turn)[1].score for quad in sample]))
            if means[-1] >= _SURE:
                break
        return turns if means[0] == max(means) else (turns[1], turns[0])

    def _best(
        self, image: Image, quad: npt.NDArray[np.float32], first: int, second: int
    ) -> tuple[npt.NDArray[np.float32], ReadLine]:
        best = self._read(image, quad, first)
        if best[1].score < _UNSURE:
            others = [second]
            if first % 2:  # a single letter or figure is tall too, and stands upright
                others.append(0)
            for turn in others:
                other = self._read(image, quad, turn)
                best = max(best, other, key=lambda reading: reading[1].score)
        if _worth(best) < _UNSURE:
            for turn in (first, second):
                other = self._read(image, quad, turn, mirrored=True)
                if other[1].score >= _UNSURE:
                    best = max(best, other, key=_worth)
        return best

    def _read(
        self, image: Image, quad: npt.NDArray[np.float32], turn: int, *, mirrored: bool = False
    ) -> tuple[npt.NDArray[np.float32], ReadLine]:
        """Read one line that begins at another corner, `turn` quarters clockwise, perhaps in a mirror."""
        turned = np.roll(quad, -turn, axis=0)
        if mirrored:
            turned = turned[_MIRRORED]
        line = _straightened(image, turned)
        return turned, self._readings.answer(line, lambda: self._recognize(line))

    def _text_map(self, image: Image) -> Image:
        """Where text is in one tile; remembered packed, since most of it is 0."""
        packed = self._maps.answer(
            image, lambda: zlib.compress(np.ascontiguousarray(self._find(image)).data, level=1)
        )
        return np.frombuffer(zlib.decompress(packed), np.uint8).reshape(image.shape[:2])


def _worth(reading: tuple[npt.NDArray[np.float32], ReadLine]) -> float:
    """Score of a reading, less if most of the line was passed over."""
    length, height = (float(side[0]) for side in _sides(reading[0][None]))
    letters = sum(map(str.isalnum, reading[1].text))
    return reading[1].score * min(1.0, letters * height / (_SPARSE * max(length, height)))


def _bytes_of(reading: ReadLine) -> int:
    return 4 * len(reading.text) + reading.middle.nbytes + reading.probability.nbytes


def _without_fragments(lines: list[TextLine]) -> list[TextLine]:
    """Leave out what was not read where other lines were: parts of large letters, or several lines."""
    # Along the lines: the box around a slanted one is mostly what lies beside it.
    boxes = [upright_boxes(line.quad.astype(np.float64)) for line in lines]
    sure = [own for line, own in zip(lines, boxes, strict=True) if line.score >= _UNSURE]
    known = np.concatenate([np.empty((0, 4), np.float32), *sure])
    return [
        line
        for line, own in zip(lines, boxes, strict=True)
        if line.score >= UNREAD_SCORE or _share(own, known) < _FRAGMENT
    ]


def _share(boxes: BoxesXYXY, cover: BoxesXYXY) -> float:
    """Share of the boxes of one line that lies under others."""
    size = area(boxes)
    return float(covered_fraction(boxes, cover) @ size / max(float(size.sum()), 1e-6))


def _sides(quads: Quads) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Length and height of each quad, in pixels."""
    along, across = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]
    return np.hypot(along[:, 0], along[:, 1]), np.hypot(across[:, 0], across[:, 1])


def _straightened(image: Image, quad: npt.NDArray[np.float32]) -> Image:
    """Cut a line out of a picture: upright, as high as the recogniser wants it."""
    import cv2

    length, height = (max(1.0, float(side[0])) for side in _sides(quad[None]))
    width = min(_MAX_WIDTH, max(1, math.ceil(LINE_HEIGHT * length / height)))
    size_wh = (max(1, round(length)), max(1, round(height)))
    low = np.floor(quad.min(axis=0)).astype(int) - 2
    high = np.ceil(quad.max(axis=0)).astype(int) + 2
    low, high = low.clip(0), high.clip(0)
    part = np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]])
    target = np.array([[0, 0], [size_wh[0], 0], [0, size_wh[1]]], dtype=np.float32)
    matrix = cv2.getAffineTransform((quad[[0, 1, 3]] - low).astype(np.float32), target)
    straight = cv2.warpAffine(
        part, matrix, size_wh, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    how = cv2.INTER_AREA if height > 2 * LINE_HEIGHT else cv2.INTER_LINEAR
    resized = cv2.resize(straight, (width, LINE_HEIGHT), interpolation=how)
    return np.asarray(resized, dtype=np.uint8)


def _line(quad: npt.NDArray[np.float32], reading: ReadLine) -> TextLine:
    """Find the words of a line and where they begin and end."""
    words = [match.span() for match in _WORD.finditer(reading.text)]
    start = np.array([word[0] for word in words], dtype=np.int64)
    end = np.array([word[1] for word in words], dtype=np.int64)
    along = _along(quad, reading, start, end)
    return TextLine(quad, reading.text, reading.score, start, end, along)


def _along(
    quad: npt.NDArray[np.float32],
    reading: ReadLine,
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
) -> npt.NDArray[np.float32]:
    """Say where words begin and end, or that each may be anywhere in its line."""
    whole = np.tile(np.array([0, 1], dtype=np.float32), (len(start), 1))
    within = np.diff(reading.middle)[_letters_beside(reading.text)]
    if len(start) < 2 or not len(within) or reading.score < _POOR:
        return whole
    length, height = (float(side[0]) for side in _sides(quad[None]))
    silent = max(reading.middle[start[0]], 1 - reading.middle[end[-1] - 1]) * length
    if silent > _SILENT * height:
        return whole
    half = np.float32(np.median(within) / 2)
    bounds = np.stack([reading.middle[start] - half, reading.middle[end - 1] + half], axis=1)
    # Of the outermost words a character may have been missed: they reach to the ends of the line.
    bounds[0, 0], bounds[-1, 1] = 0, 1
    return np.asarray(bounds.clip(0, 1), dtype=np.float32)


def _letters_beside(text: str) -> npt.NDArray[np.bool_]:
    """Mark the steps from one character to the next that stay within a word."""
    solid = np.array([not character.isspace() for character in text], dtype=bool)
    return np.asarray(solid[:-1] & solid[1:], dtype=bool)


@lru_cache(maxsize=2)
def shared_reader(threads: int | None) -> TextReader:
    """Return the reader of this process: its networks are loaded once, and it remembers.

    Parameters
    ----------
    threads : int or None
        Threads of one call of a network; None leaves it to the engine.

    Raises
    ------
    DetectorModelMissing
        If the weights are not on this machine.
    DetectorError
        If they cannot be loaded.
    """
    return TextReader(threads=threads)


def read_text(image: Image, *, threads: int | None = None) -> PictureText:
    """Read all text of a picture.

    The networks are loaded once per process.

    Parameters
    ----------
    image : ndarray, shape (h, w, 3), uint8
        sRGB picture, turned any way. Not modified.
    threads : int or None
        Threads of one call of a network; None leaves it to the engine.

    Returns
    -------
    PictureText
        Words in reading order, in pixels of `image`; empty if there is no text.

    Raises
    ------
    InputError
        If `image` has another shape or type.
    DetectorModelMissing
        If the weights are not on this machine.
    LimitExceededError
        If there are more lines than can be read in reasonable time.
    DetectorError
        If the picture could not be read. Never an empty answer instead.
    """
    return arrange(shared_reader(threads).read_lines(image))
