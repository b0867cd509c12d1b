"""Running a network by onnxruntime or OpenVINO, with errors of ours and no word to the terminal."""

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from saferedact.errors import DependencyMissingError, DetectorError

if TYPE_CHECKING:
    from collections.abc import Callable

    Runner = Callable[[npt.NDArray[np.float32], bool], list[npt.NDArray[np.float32]]]
    """Runs a batch; with True, memory of this and earlier runs is given back."""

__all__ = ["Engine", "Network", "openvino_is_faster"]

Engine = Literal["auto", "onnxruntime", "openvino"]


class Network:
    """A network with one input, ready to run; safe to share between threads.

    Parameters
    ----------
    graph : bytes
        In ONNX form.
    what : str
        What it is, for messages: ``"face detector"``.
    outputs : int
        How many of its outputs are wanted, from the first.
    engine : {"auto", "onnxruntime", "openvino"}
        "auto" takes OpenVINO if it is installed and the processor computes in bfloat16 (2x faster
        here; without bfloat16 OpenVINO is the slower one), else onnxruntime.
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

    def __init__(
        self,
        graph: bytes,
        *,
        what: str,
        outputs: int = 1,
        engine: Engine = "auto",
        threads: int | None = None,
    ) -> None:
        if engine == "auto":
            engine = "openvino" if openvino_is_faster() else "onnxruntime"
        load = _openvino_runner if engine == "openvino" else _onnxruntime_runner
        self.engine: str = engine
        self._what = what
        try:
            self._run = load(graph, outputs, threads)
        except (DependencyMissingError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  any failure of a foreign engine is a detector error
            msg = f"{engine} cannot load the {what} ({type(error).__name__})"
            raise DetectorError(msg) from None

    def __call__(
        self, batch: npt.NDArray[np.float32], *, last: bool = False
    ) -> list[npt.NDArray[np.float32]]:
        """Run the network.

        Parameters
        ----------
        batch : ndarray, float32
            Its input. Not modified.
        last : bool
            Whether it will not be needed for a while: memory that is kept from run to run is given
            back. Measured for the face detector at 1,280 px: 210 MiB of onnxruntime, 50 of OpenVINO.

        Returns
        -------
        list of ndarray, float32
            The wanted outputs, all finite.

        Raises
        ------
        DetectorError
            If the engine fails or answers with values that are not finite.
        """
        try:
            answer = self._run(batch, last)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  any failure of a foreign engine is a detector error
            msg = f"the {self._what} failed ({type(error).__name__}, engine {self.engine})"
            raise DetectorError(msg) from None
        if not all(bool(np.isfinite(output).all()) for output in answer):
            msg = f"the {self._what} answered with values that are not finite ({self.engine})"
            raise DetectorError(msg)
        return answer


_ONNXRUNTIME_CONFIG = {"session.intra_op.allow_spinning": "0"}
"""Threads of a call that wait for another sleep: by default they spin, and took from decoders and
encoders beside them what they did not use. Measured on two busy cores: .6 of the processor time for
a look at 960 px, .7 at 1,280 px; the clock ran no slower."""


def _onnxruntime_runner(graph: bytes, outputs: int, threads: int | None) -> "Runner":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only: warnings would go to the user's terminal
    for key, value in _ONNXRUNTIME_CONFIG.items():
        options.add_session_config_entry(key, value)
    if threads is not None:
        options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        graph, sess_options=options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    wanted = [output.name for output in session.get_outputs()[:outputs]]

    shrinking = onnxruntime.RunOptions()
    shrinking.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def run(batch: npt.NDArray[np.float32], last: bool) -> list[npt.NDArray[np.float32]]:
        found = session.run(wanted, {name: batch}, shrinking if last else None)
        answers: list[npt.NDArray[np.float32]] = [*found]  # pyright: ignore[reportAssignmentType]
        return answers

    return run


@lru_cache(maxsize=1)
def _openvino_core() -> Any:
    try:
        from openvino import Core  # pyright: ignore[reportMissingImports]
    except ImportError:
        msg = "the engine openvino is not installed: pip install 'saferedact[fast]'"
        raise DependencyMissingError(msg) from None
    return Core()


def openvino_is_faster() -> bool:
    """Tell whether OpenVINO is installed and the processor has bfloat16 instructions."""
    try:
        return "BF16" in _openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (DependencyMissingError, RuntimeError):
        return False


def _openvino_runner(graph: bytes, outputs: int, threads: int | None) -> "Runner":
    core = _openvino_core()
    # Said outright, because the default differs between processors.
    config: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": "bf16" if openvino_is_faster() else "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }
    if threads is not None:
        config["INFERENCE_NUM_THREADS"] = threads
    compiled = core.compile_model(core.read_model(graph), "CPU", config)

    def run(batch: npt.NDArray[np.float32], last: bool) -> list[npt.NDArray[np.float32]]:
        # A request of its own for each call, so that threads can share the network; its memory goes
        # with it. It reads the batch where it is while this call, which keeps it alive, waits.
        answer = compiled.create_infer_request().infer([batch], share_inputs=True)
        if not last:
            return [np.asarray(answer[i]) for i in range(outputs)]
        found = [np.array(answer[i]) for i in range(outputs)]
        del answer
        with suppress(RuntimeError):  # another call is at work, and needs that memory
            compiled.release_memory()
        return found

    return run
