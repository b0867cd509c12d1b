"""The text of a picture in reading order, and the way back from its characters to its pixels.

What reads a picture gives lines; `arrange` joins them into one text, so that a name which is split
over two lines or two chat bubbles is one stretch of it, and `PictureText.boxes_of` says which pixels
hold a stretch. Nothing here reads or writes pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from saferedact.detectors.reading_order import (
    Places,
    columns_of,
    first_of,
    goes_on,
    in_rows,
    places_of,
)
from saferedact.errors import InputError
from saferedact.geometry import BoxesXYXY, as_boxes

__all__ = [
    "UNREAD_SCORE",
    "Order",
    "PictureText",
    "Quads",
    "Stretch",
    "TextLine",
    "arrange",
    "is_ornament",
    "upright_boxes",
]

Quads = npt.NDArray[np.float32]
"""Shape (n, 4, 2): corners x, y in pixels. In reading direction: start above, end above, end below,
start below; so a quad says how its text is turned."""

Order = Literal["rows", "columns"]

ALONG_MARGIN = 0.3
"""Margin at both ends of words, in line heights. Characters are located by the columns of the
reader's answer, which is not exact: measured on 65 rendered pictures, bare boxes hold .73 of the
words, and with this margin .997."""

UNREAD_SCORE = 0.6
"""A line whose characters are less sure than this on average was not read."""

_SEVERAL_SIGNS = 1.5
"""A line that was not read counts as unread text if it is this many times as long as high: what has
room for a single sign is no name, and single unread signs are mostly faces and ornament."""

_SLANTED = 1.3
"""A stretch whose upright box has more than this many times its own area is covered piece by piece:
one box around ten degrees of slant would hide the lines above and below too."""

_NO_BOXES = np.empty((0, 4), dtype=np.float32)


class Stretch(Protocol):
    """Anything with a start and an end, such as a `TextSpan`."""

    @property
    def start(self) -> int:
        """First code point."""
        ...

    @property
    def end(self) -> int:
        """Code point after the last one."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """One line as it was read.

    Parameters
    ----------
    quad : ndarray, shape (4, 2), float32
        Around the line, in pixels of the picture, in reading direction (see `Quads`).
    text : str
        What it says, perhaps nothing; no line breaks.
    score : float
        Mean confidence of its characters, 0 to 1.
    start, end : ndarray, shape (n,), int64
        Words as code points of `text`, half-open, ascending, not overlapping.
    along : ndarray, shape (n, 2), float32
        Where each word begins and ends, as shares of the line's length: (0, 1) is the whole line.
    """

    quad: npt.NDArray[np.float32]
    text: str
    score: float
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    along: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PictureText:
    """All text of a picture in one order, and where its words stand.

    It holds matched text: it lives in memory only and never goes into a plan, report or log.

    Parameters
    ----------
    text : str
        Lines of one row are joined by a space or, where they are apart, a tab; rows by a line break;
        columns, if that is the order, by an empty line.
    flowing : str
        The same, code point by code point, but with a blank in place of a line break where a sentence
        goes on in the next line, as in a paragraph.
    start, end : ndarray, shape (n,), int64
        Words as code points of `text`, half-open, ascending, not overlapping.
    quads : ndarray, shape (n, 4, 2), float32
        Around each word, in pixels of the picture, without margin (see `Quads`). Where the reader
        could not tell words apart it is the whole line.
    score : ndarray, shape (n,), float32
        Confidence that the word's line was read rightly, 0 to 1.
    line : ndarray, shape (n,), int64
        Number of the line that each word belongs to, as they were given to `arrange`.
    unread : ndarray, shape (m, 4), float32
        Boxes of what looks like text and could not be read. Whoever relies on `text` must treat them
        as unknown content, not as nothing.
    """

    text: str
    flowing: str
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    quads: Quads
    score: npt.NDArray[np.float32]
    line: npt.NDArray[np.int64]
    unread: BoxesXYXY

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.start)

    def words_of(self, span: Stretch) -> npt.NDArray[np.int64]:
        """Return the positions of the words that a stretch touches, ascending."""
        return np.flatnonzero((self.start < span.end) & (self.end > span.start))

    def boxes_of(self, span: Stretch) -> BoxesXYXY:
        """Return boxes that cover every word which a stretch touches, whole and with a margin.

        Words side by side in one line become one box, the gap between them included, so that their
        number does not show. A slanted line becomes several boxes along it.

        Parameters
        ----------
        span : TextSpan or anything else with `start` and `end`
            Code points of `text`, half-open.

        Returns
        -------
        ndarray, shape (m, 4), float32
            New array, in pixels of the picture, not clipped to it; empty if the stretch touches no
            word. In reading order.
        """
        chosen = self.words_of(span)
        if not len(chosen):
            return _NO_BOXES.copy()
        breaks = np.flatnonzero((np.diff(chosen) != 1) | (np.diff(self.line[chosen]) != 0)) + 1
        runs = np.split(chosen, breaks)
        return np.concatenate([_cover(_joined(self.quads[run])) for run in runs])


def arrange(lines: Sequence[TextLine], *, order: Order = "rows") -> PictureText:
    """Join lines into one text.

    Parameters
    ----------
    lines : sequence of TextLine
        In any order.
    order : {"rows", "columns"}
        "rows" reads across the picture, as forms and chats want it (a label and its value stand side
        by side); "columns" reads each block of lines to its end first, as newspapers want it.

    Returns
    -------
    PictureText
        With every word of every line, once.

    Raises
    ------
    InputError
        If `order` is none of the two.
    """
    if order not in ("rows", "columns"):
        msg = "order must be rows or columns"
        raise InputError(msg)
    unread = [_cover(line.quad.astype(np.float64)) for line in lines if _is_unread(line)]
    if not lines:
        empty = np.empty(0, dtype=np.int64)
        quads = np.empty((0, 4, 2), dtype=np.float32)
        return PictureText("", "", empty, empty, quads, np.empty(0, np.float32), empty, _NO_BOXES)
    places = places_of(np.stack([line.quad for line in lines]))
    everything = np.arange(len(lines))
    blocks = [everything] if order == "rows" else columns_of(places)
    pieces: list[str] = []
    flowing: list[str] = []
    sequence: list[int] = []
    offsets: list[int] = []
    length = 0
    for block in blocks:
        for glue, number in in_rows(places, block):
            joint = "" if not sequence else glue
            if glue == "\n" and sequence and len(blocks) > 1 and number == first_of(places, block):
                joint = "\n\n"
            pieces += [joint, lines[number].text]
            flows = joint == "\n" and _goes_on(places, lines[number], sequence[-1], number)
            flowing += [" " if flows else joint, lines[number].text]
            offsets.append(length + len(joint))
            sequence.append(number)
            length += len(joint) + len(lines[number].text)
    ordered = [lines[number] for number in sequence]
    counts = [len(line.start) for line in ordered]
    shift = np.repeat(np.array(offsets, dtype=np.int64), counts)
    return PictureText(
        "".join(pieces),
        "".join(flowing),
        np.concatenate([line.start for line in ordered]) + shift,
        np.concatenate([line.end for line in ordered]) + shift,
        np.concatenate([_word_quads(line) for line in ordered]),
        np.repeat(np.array([line.score for line in ordered], dtype=np.float32), counts),
        np.repeat(np.array(sequence, dtype=np.int64), counts),
        np.concatenate([_NO_BOXES, *unread]),
    )


def _goes_on(places: Places, line: TextLine, above: int, below: int) -> bool:
    if not len(line.along):
        return False
    return goes_on(places, above, below, float(line.along[0, 1]))


def _is_unread(line: TextLine) -> bool:
    return line.score < UNREAD_SCORE and _has_room(line)


def is_ornament(line: TextLine) -> bool:
    """Whether it is a single sign that was not read.

    A face that fills a frame was read as a word of another language, as large as itself, and found to be
    a name.
    """
    return line.score < UNREAD_SCORE and len(line.text.strip()) == 1 and not _has_room(line)


def _has_room(line: TextLine) -> bool:
    along, across = np.hypot(*(line.quad[[1, 3]] - line.quad[0]).T)
    return bool(along >= _SEVERAL_SIGNS * across)


def _word_quads(line: TextLine) -> Quads:
    """Cut a line's quad at its words."""
    above, below = line.quad[[0, 1]], line.quad[[3, 2]]
    share = line.along[:, :, None]
    top = above[0] + share * (above[1] - above[0])
    bottom = below[0] + share * (below[1] - below[0])
    return np.stack([top[:, 0], top[:, 1], bottom[:, 1], bottom[:, 0]], axis=1).astype(np.float32)


def _joined(quads: Quads) -> npt.NDArray[np.float64]:
    """Return one quad around words of one line: its ends are the outermost ones along the line."""
    wide = quads.astype(np.float64)
    first = wide[0]
    along = first[1] - first[0] + first[2] - first[3]
    starts = ((wide[:, 0] + wide[:, 3]) @ along).argmin()
    ends = ((wide[:, 1] + wide[:, 2]) @ along).argmax()
    return np.stack([wide[starts, 0], wide[ends, 1], wide[ends, 2], wide[starts, 3]])


def _cover(quad: npt.NDArray[np.float64]) -> BoxesXYXY:
    """Return upright boxes that together hold a quad and its margin."""
    along = quad[1] - quad[0] + quad[2] - quad[3]
    length = float(np.hypot(*along)) / 2
    if length > 0:
        height = float(np.hypot(*(quad[3] - quad[0] + quad[2] - quad[1]))) / 2
        margin = along / (2 * length) * ALONG_MARGIN * height
        quad = quad + np.stack([-margin, margin, margin, -margin])
    return upright_boxes(quad)


def upright_boxes(quad: npt.NDArray[np.float64]) -> BoxesXYXY:
    """Return upright boxes that together hold a quad: one, or of a slanted one several along it.

    Parameters
    ----------
    quad : ndarray, shape (4, 2), float64
        See `Quads`. Not modified.

    Returns
    -------
    ndarray, shape (n, 4), float32
        New array, n >= 1.
    """
    length = float(np.hypot(*(quad[1] - quad[0] + quad[2] - quad[3]))) / 2
    height = float(np.hypot(*(quad[3] - quad[0] + quad[2] - quad[1]))) / 2
    box = _hull(quad[None])
    if np.prod(box[0, 2:] - box[0, :2]) <= _SLANTED * length * height:
        return as_boxes(box)
    count = max(1, int(np.ceil(length / max(height, 1.0))))
    cuts = np.linspace(0.0, 1.0, count + 1)[:, None]
    above, below = quad[0] + cuts * (quad[1] - quad[0]), quad[3] + cuts * (quad[2] - quad[3])
    parts = np.stack([above[:-1], above[1:], below[1:], below[:-1]], axis=1)
    return as_boxes(_hull(parts))


def _hull(quads: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1)
