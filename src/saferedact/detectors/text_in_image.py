"""Names, identifiers and registration marks in pictures: read, find in the text, go back to pixels.

It promises that what looks like text and cannot be read is proposed for review rather than passed over
in silence. It finds what its reader reads and its finder knows; figures are in ``docs/accuracy.md``.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.ocr import TextReader
from saferedact.detectors.picture_text import PictureText, TextLine, arrange, is_ornament
from saferedact.detectors.plates import find_plates
from saferedact.detectors.ppocr import MODEL
from saferedact.errors import InputError
from saferedact.geometry import BoxesXYXY, area, clip
from saferedact.models import model_spec
from saferedact.text.spans import TextSpan

__all__ = ["Finder", "GlancingReader", "Reader", "TextInImageDetector"]

Finder = Callable[[str], Sequence[TextSpan]]
"""Finds names and identifiers in a text: a text engine with its policy and case file bound."""

_LABELS = ("name", "identifier", "plate")

_VERSION = "1"  # changes with any rule here or below that changes what is found

UNREAD = 0.3
"""Score of what looks like text and cannot be read. It may be a name: it is hidden, and marked for
review."""

_REMEMBERED = 4
"""Pictures whose text is remembered, so that a second look at the same pixels costs nothing."""


class Reader(Protocol):
    """Reads the lines of a picture, as a `TextReader` does."""

    def read_lines(self, image: npt.NDArray[np.uint8], /) -> Sequence[TextLine]:
        """Read all lines of an RGB picture."""
        ...


@runtime_checkable
class GlancingReader(Reader, Protocol):
    """Also says where lines are without reading them, as a `TextReader` does."""

    def glance(self, image: npt.NDArray[np.uint8], /) -> BoxesXYXY:
        """Find all lines of an RGB picture."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What was found in a picture, all its boxes, and whom of the case it means."""

    label: str
    score: float
    xyxy: BoxesXYXY
    person_ref: str | None = None


class TextInImageDetector:
    """Proposes exactly the words of a picture that matter.

    Parameters
    ----------
    finder : callable
        Finds names and identifiers in a text; spans of other labels than ``name``, ``identifier`` and
        ``plate`` are left out. Registration marks are found without it too.
    reader : Reader, optional
        Reads pictures; None makes a `TextReader`.
    threads : int or None
        Threads of one call of the reader that is made; None leaves it to its engine.
    unread_as : str
        Label of text that cannot be read. One of its own that the policy has: what is proposed under
        another is told by nobody.

    Raises
    ------
    DetectorModelMissing
        If the reader's weights are not on this machine.
    DetectorError
        If the reader cannot be loaded.
    """

    every_s = 1.6
    """In a video, seconds from one look to the next: text stands still, and reading takes long."""

    def __init__(
        self,
        finder: Finder,
        *,
        reader: Reader | None = None,
        threads: int | None = None,
        unread_as: str = "name",
    ) -> None:
        if unread_as not in _LABELS:
            msg = f"unread_as must be one of {', '.join(_LABELS)}"
            raise InputError(msg)
        self._finder = finder
        self._unread_as = unread_as
        self._reader = TextReader(threads=threads) if reader is None else reader
        self._remembered: OrderedDict[bytes, list[_Found]] = OrderedDict()
        self._lock = Lock()

    @property
    def info(self) -> DetectorInfo:
        """Name, version, labels, and the digest of the package that holds both networks."""
        return DetectorInfo("text", _VERSION, _LABELS, model_spec(MODEL).wheel_sha256)

    def detect(
        self, images: npt.NDArray[np.uint8], *, min_score: float, orientation_known: bool
    ) -> list[Detections]:
        """Find names, identifiers and registration marks in pictures of one size.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            sRGB pictures. Not modified.
        min_score : float
            Least score of an answer, in (0, 1].
        orientation_known : bool
            Not used: text says itself which way is up.

        Returns
        -------
        list of Detections, length b
            One box for all words of one name in one line; several along a slanted line.

        Raises
        ------
        DetectorError
            If a picture could not be read, or the finder failed.
        InputError
            If `images` has another shape or type, or `min_score` is not in (0, 1].
        """
        if not 0 < min_score <= 1:
            msg = "min_score must be in (0, 1]"
            raise InputError(msg)
        if images.ndim != 4:
            msg = f"images must be uint8 of shape (b, h, w, 3), but got shape {images.shape}"
            raise InputError(msg)
        return [self._detect_one(image, min_score) for image in images]

    def glance(self, image: npt.NDArray[np.uint8]) -> BoxesXYXY:
        """Say where lines of text are in a small picture, shape (h, w, 3), uint8, without reading them.

        Returns
        -------
        ndarray, shape (n, 4), float32
            Boxes; none if the reader cannot do so.
        """
        if not isinstance(self._reader, GlancingReader):
            return np.empty((0, 4), np.float32)
        return self._reader.glance(image)

    def _detect_one(self, image: npt.NDArray[np.uint8], min_score: float) -> Detections:
        found = [entry for entry in self._found(image) if entry.score >= np.float32(min_score)]
        if not found:
            return Detections.empty(_LABELS)
        counts = [len(entry.xyxy) for entry in found]
        score = np.array([entry.score for entry in found], dtype=np.float32)
        label_id = np.array([_LABELS.index(entry.label) for entry in found], np.int16)
        return Detections(
            np.concatenate([entry.xyxy for entry in found]),
            np.repeat(score, counts),
            np.repeat(label_id, counts),
            _LABELS,
            tuple(entry.person_ref for entry in found for _ in entry.xyxy),
        )

    def _found(self, image: npt.NDArray[np.uint8]) -> list[_Found]:
        """Return everything in a picture; remembered for a while."""
        key = hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16).digest()
        key += repr(image.shape).encode()
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return self._remembered[key]
        found = list(self._look(image))
        with self._lock:
            self._remembered[key] = found
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    def _look(self, image: npt.NDArray[np.uint8]) -> Iterator[_Found]:
        size_wh = (image.shape[1], image.shape[0])
        lines = [line for line in self._reader.read_lines(image) if not is_ornament(line)]
        across = arrange(lines)
        best: dict[tuple[str, frozenset[tuple[int, int]]], tuple[float, BoxesXYXY]] = {}
        people: dict[tuple[str, frozenset[tuple[int, int]]], set[str]] = {}
        for picture in _orders(across, lines):
            for span in self._spans(picture):
                words = frozenset(_line_and_place(picture, picture.words_of(span)))
                known = best.get((span.label, words))
                if span.person_ref is not None:
                    people.setdefault((span.label, words), set()).add(span.person_ref)
                if words and (known is None or known[0] < span.score):
                    boxes = clip(picture.boxes_of(span), size_wh)
                    best[span.label, words] = (span.score, boxes[area(boxes) > 0])
        for key, (score, boxes) in best.items():
            refs = people.get(key, set())
            yield _Found(key[0], score, boxes, next(iter(refs)) if len(refs) == 1 else None)
        unread = clip(across.unread, size_wh)
        yield _Found(self._unread_as, UNREAD, unread[area(unread) > 0])

    def _spans(self, picture: PictureText) -> Iterator[TextSpan]:
        """Find what a text gives away, line by line and with paragraphs as one."""
        yield from find_plates(picture.text)
        for shown in dict.fromkeys((picture.text, picture.flowing)):
            yield from (span for span in self._found_in(shown) if span.label in _LABELS)

    def _found_in(self, text: str) -> Sequence[TextSpan]:
        if not text:
            return ()
        with told_as_detector_error("the text of a picture could not be searched"):
            return list(self._finder(text))


def _orders(across: PictureText, lines: Sequence[TextLine]) -> list[PictureText]:
    """Texts of a picture in the orders that differ: a name may be whole in one of them only."""
    down = arrange(lines, order="columns")
    same = np.array_equal(down.line, across.line)
    return [across] if same else [across, down]


def _line_and_place(
    picture: PictureText, words: npt.NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Name words the same in every order: by their line and their place in it."""
    for word in words.tolist():
        line = int(picture.line[word])
        yield line, word - int(np.argmax(picture.line == line))
