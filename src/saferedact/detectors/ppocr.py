"""PP-OCRv6: one network says where text is, another reads a line of it.

The weights are those that RapidOCR carries [1]_; its code is not used. It attaches a handler to a
logger, can download, and shares one request between threads, while what it adds to the networks
is the few steps below, which here keep fractions of a pixel and the probability of each character.

References
----------
.. [1] https://github.com/RapidAI/RapidOCR, version 3.10, and https://github.com/PaddlePaddle/PaddleOCR.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.networks import Engine, Network
from saferedact.errors import DetectorError
from saferedact.models import model_path

__all__ = ["LINE_HEIGHT", "MODEL", "ReadLine", "TextFinder", "TextRecognizer"]

MODEL = "ppocr"

_RECOGNIZER = "PP-OCRv6_rec_small.onnx"

MULTIPLE = 32
"""Sides of the finder's input must be multiples of this: it halves them five times."""

LINE_HEIGHT = 48
"""Height of the recogniser's input, in pixels."""

_LEAST_WIDTH = 320
"""Least width of the recogniser's input: it was trained on 48 x 320, and narrower input is padded."""

_STEP = 8
"""Input pixels per column of the recogniser's answer."""

_WIDTH_MULTIPLE = 32
"""Widths of the recogniser's input are rounded up to this, so that engines see few shapes."""

_BLANK = 0  # the class that stands between characters


class TextFinder:
    """Says of each pixel how likely it belongs to a line of text.

    Parameters
    ----------
    engine : {"auto", "onnxruntime", "openvino"}
        What runs it, see `Network`.
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
        graph = model_path(MODEL).read_bytes()
        self._network = Network(graph, what="text finder", engine=engine, threads=threads)

    def __call__(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Look at one picture at its size.

        Parameters
        ----------
        image : ndarray, shape (h, w, 3), uint8
            RGB. Not modified.

        Returns
        -------
        ndarray, shape (h, w), uint8
            Probability of text, 0 to 255.

        Raises
        ------
        DetectorError
            If the engine fails, or its answer has another size.
        """
        height, width = image.shape[:2]
        below, right = -height % MULTIPLE, -width % MULTIPLE
        padded = np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")
        (answer,) = self._network(_normalized(padded)[None])
        if answer.shape != (1, 1, *padded.shape[:2]):
            msg = f"the text finder answered with another size ({self._network.engine})"
            raise DetectorError(msg)
        share = np.rint(answer[0, 0, :height, :width].clip(0, 1) * 255)
        return np.asarray(share, dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class ReadLine:
    """What the recogniser read.

    Parameters
    ----------
    text : str
        One code point per entry of the arrays; perhaps empty.
    middle : ndarray, shape (n,), float32
        Where each character is, as a share of the line's length, 0 to 1, ascending.
    probability : ndarray, shape (n,), float32
        Of each character, 0 to 1.
    """

    text: str
    middle: npt.NDArray[np.float32]
    probability: npt.NDArray[np.float32]

    @property
    def score(self) -> float:
        """Mean probability; 0 for a line without characters: some that cannot be read look like blanks."""
        return float(self.probability.mean()) if self.text.strip() else 0.0


class TextRecognizer:
    """Reads pictures of single lines.

    Parameters
    ----------
    engine : {"auto", "onnxruntime", "openvino"}
        What runs it, see `Network`.
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
        path = model_path(MODEL).with_name(_RECOGNIZER)
        graph = path.read_bytes()
        self._characters = _characters(path)
        self._network = Network(graph, what="text recogniser", engine=engine, threads=threads)

    def __call__(self, line: npt.NDArray[np.uint8]) -> ReadLine:
        """Read one line.

        Parameters
        ----------
        line : ndarray, shape (48, w, 3), uint8
            RGB, upright, the text filling its height. Not modified.

        Returns
        -------
        ReadLine
            Its characters, blanks between words included.

        Raises
        ------
        DetectorError
            If the engine fails, or knows other characters than its file says.
        """
        width = line.shape[1]
        whole = max(_LEAST_WIDTH, -(-width // _WIDTH_MULTIPLE) * _WIDTH_MULTIPLE)
        batch = np.zeros((1, 3, LINE_HEIGHT, whole), dtype=np.float32)
        batch[0, :, :, :width] = _normalized(line)
        (answer,) = self._network(batch)
        # Two more than the file lists: the blank, and the space at the end.
        if answer.ndim != 3 or answer.shape[2] != len(self._characters) + 2:
            msg = f"the text recogniser answered in another form ({self._network.engine})"
            raise DetectorError(msg)
        best = answer[0].argmax(axis=1)
        new = best != _BLANK
        new[1:] &= best[1:] != best[:-1]
        columns = np.flatnonzero(new)
        classes = best[columns]
        text = "".join(
            self._characters[number - 1] if number <= len(self._characters) else " "
            for number in classes.tolist()
        )
        middle = ((columns + 0.5) * (_STEP / width)).clip(0, 1)
        probability = answer[0, columns, classes].clip(0, 1)
        return ReadLine(text, middle.astype(np.float32), probability.astype(np.float32))


def _normalized(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Turn RGB into channels first, blue first, -1 to 1, as both networks were trained on."""
    height, width, channels = image.shape
    # In the order in which engines read it: a view that is turned costs them a copy.
    batch = np.empty((channels, height, width), dtype=np.float32)
    np.divide(image[:, :, ::-1].transpose(2, 0, 1), np.float32(127.5), out=batch, dtype=np.float32)
    batch -= np.float32(1)
    return batch


def _characters(path: Path) -> list[str]:
    """Read the recogniser's characters, one code point each, from its file."""
    import onnx

    with told_as_detector_error("the text recogniser's weights cannot be read"):
        model = onnx.load(str(path), load_external_data=False)
        (listed,) = [entry.value for entry in model.metadata_props if entry.key == "character"]
    characters: list[str] = listed.split("\n")
    return characters
