"""CenterFace: a face detector in one network, run by onnxruntime or OpenVINO.

The network [1]_ answers on a lattice of 4 px: how likely a face is centered there, how large it is
and where exactly its center lies. This module turns pictures into that answer and the answer into
boxes; which views of a picture to look at is decided in `passes`, what to do with them in `faces`.

References
----------
.. [1] Xu, Yan, Yang et al., CenterFace: joint face detection and alignment using face as point,
   Scientific Programming 2020, doi:10.1155/2020/7845384.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.networks import Engine, Network
from saferedact.geometry import BoxesXYXY, nms

__all__ = ["CenterFace", "prepare_graph"]

STRIDE = 4
"""Input pixels per lattice point of the network's answer."""

MULTIPLE = 32
"""The input's sides must be multiples of this: the network halves them five times."""

NMS_IOU = 0.3
"""Two answers of one view that overlap more than this are one face (the authors' value)."""

MAX_CANDIDATES = 20_000
"""Lattice points kept for non-maximum suppression, best first. A 1,920 x 1,088 input has 130,560
points, and at a useful threshold a dense crowd lights up a few thousand; this bounds time and memory
when a hostile picture, or a threshold near 0, lights up all of them."""

_MAX_LOG_SIZE = 8.0
"""Bound on the answer's log sizes: exp(8) * 4 px is 12,000 px, beyond any view."""


def prepare_graph(path: Path) -> bytes:
    """Load the stored network and mend what slows it down.

    The file lists its 194 weights as graph inputs, which forbids constant folding (1.5x to 2x
    slower), holds weights that nothing uses, and fixes the input at 10 x 3 x 32 x 32.

    Parameters
    ----------
    path : Path
        The ONNX file, already checked against its digest.

    Returns
    -------
    bytes
        The same network with one input of any batch size, height and width.

    Raises
    ------
    DetectorError
        If the file is not the network that this code knows.
    """
    import onnx

    with told_as_detector_error("the face detector's weights cannot be read"):
        model = onnx.load(str(path))
        graph = model.graph
        used = {name for node in graph.node for name in node.input}
        weights = [tensor for tensor in graph.initializer if tensor.name in used]
        names = {tensor.name for tensor in graph.initializer}
        inputs = [value for value in graph.input if value.name not in names]
        del graph.initializer[:], graph.input[:]
        graph.initializer.extend(weights)
        graph.input.extend(inputs)
        for value in (*graph.input, *graph.output):
            for axis, dim in enumerate(value.type.tensor_type.shape.dim):
                if axis != 1:
                    dim.dim_param = f"{value.name}_{axis}"
        return bytes(model.SerializeToString())


class CenterFace:
    """The network, ready to run; safe to share between threads.

    Parameters
    ----------
    path : Path
        The ONNX file, already checked against its digest.
    engine : {"auto", "onnxruntime", "openvino"}
        What runs it, see `Network`.
    threads : int or None
        Threads of one call; None leaves it to the engine.

    Attributes
    ----------
    engine : str
        The engine in use.

    Raises
    ------
    DetectorError
        If the network cannot be loaded.
    DependencyMissingError
        If OpenVINO is asked for and not installed.
    """

    def __init__(self, path: Path, *, engine: Engine = "auto", threads: int | None = None) -> None:
        # The fourth output holds landmarks.
        self._run = Network(
            prepare_graph(path), what="face detector", outputs=3, engine=engine, threads=threads
        )
        self.engine = self._run.engine

    def detect(
        self, images: npt.NDArray[np.uint8], min_score: float
    ) -> list[tuple[BoxesXYXY, npt.NDArray[np.float32]]]:
        """Find faces in pictures of one size, at this size.

        Parameters
        ----------
        images : ndarray, shape (b, h, w, 3), uint8
            RGB pictures. Not modified.
        min_score : float
            Least score of an answer, in (0, 1].

        Returns
        -------
        list of (ndarray (n, 4) float32, ndarray (n,) float32), length b
            Boxes in pixels of the input, not clipped, and their scores, best first.

        Raises
        ------
        DetectorError
            If the engine fails or answers with values that are not finite.
        """
        batch, height, width, _ = images.shape
        padded = np.zeros(
            (batch, 3, -(-height // MULTIPLE) * MULTIPLE, -(-width // MULTIPLE) * MULTIPLE),
            dtype=np.float32,
        )
        padded[:, :, :height, :width] = images.transpose(0, 3, 1, 2)
        heat, size, offset = self._run(padded)
        return [_decode(heat[i, 0], size[i], offset[i], min_score) for i in range(batch)]

    def rest(self) -> None:
        """Give back memory that is kept from picture to picture; the next one takes it anew."""
        self._run(np.zeros((1, 3, MULTIPLE, MULTIPLE), dtype=np.float32), last=True)


def _decode(
    heat: npt.NDArray[np.float32],
    size: npt.NDArray[np.float32],
    offset: npt.NDArray[np.float32],
    min_score: float,
) -> tuple[BoxesXYXY, npt.NDArray[np.float32]]:
    """Turn one picture's answer into boxes; `size` and `offset` hold y first, then x."""
    rows, columns = np.nonzero(heat >= min_score)
    score = heat[rows, columns]
    if len(score) > MAX_CANDIDATES:
        best = np.argpartition(-score, MAX_CANDIDATES)[:MAX_CANDIDATES]
        rows, columns, score = rows[best], columns[best], score[best]
    half = np.exp(np.minimum(size[:, rows, columns], _MAX_LOG_SIZE)) * np.float32(STRIDE / 2)
    y = (rows + offset[0, rows, columns] + np.float32(0.5)) * STRIDE
    x = (columns + offset[1, rows, columns] + np.float32(0.5)) * STRIDE
    xyxy = np.stack([x - half[1], y - half[0], x + half[1], y + half[0]], axis=1)
    xyxy = xyxy.astype(np.float32, copy=False)
    kept = nms(xyxy, score, NMS_IOU)
    return xyxy[kept], score[kept]
