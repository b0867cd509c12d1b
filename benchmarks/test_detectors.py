"""The face detector's network by input size and engine, and what surrounds it.

Run with ``pytest benchmarks/test_detectors.py --benchmark-only
--benchmark-timer=time.process_time`` and read the figures as ratios within one run: each group
holds the engines on one input, and the share of the work that is not the network. One thread, 16:9
pictures, a portrait repeated so that there is something to decode. Needs the weights.
"""

import numpy as np
import pytest

from saferedact.detectors.centerface import CenterFace, _decode
from saferedact.detectors.faces import FaceDetector
from saferedact.geometry import nms
from saferedact.models import model_path

LONG_SIDES = [320, 640, 960, 1280, 1920]
PHOTOGRAPHS = {"1080p": (1920, 1080), "12 megapixels": (4000, 3000)}
MIN_SCORE = 0.15  # of the policy `release`


def crowd(size_wh):
    """Fill a picture with copies of the portrait."""
    portrait = pytest.importorskip("skimage.data").astronaut()[::2, ::2]
    width, height = size_wh
    repeats = (-(-height // portrait.shape[0]), -(-width // portrait.shape[1]), 1)
    return np.ascontiguousarray(np.tile(portrait, repeats)[:height, :width])


def wide(long_side):
    """Width and height of a 16:9 picture."""
    return long_side, long_side * 9 // 16


@pytest.mark.model
@pytest.mark.parametrize("long_side", LONG_SIDES)
@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
def test_network(benchmark, engine, long_side):
    """One view: padding, network, decoding."""
    pytest.importorskip(engine)
    benchmark.group = f"one view of {long_side} px"
    network = CenterFace(model_path("centerface"), engine=engine, threads=1)
    picture = crowd(wide(long_side))[None]
    network.detect(picture, MIN_SCORE)  # openvino compiles for each new shape
    benchmark(network.detect, picture, MIN_SCORE)


@pytest.mark.parametrize("long_side", LONG_SIDES)
def test_resize(benchmark, long_side):
    """Shrinking a 12-megapixel photograph to one view."""
    import cv2

    benchmark.group = f"one view of {long_side} px"
    picture = crowd(PHOTOGRAPHS["12 megapixels"])
    benchmark(cv2.resize, picture, wide(long_side), interpolation=cv2.INTER_AREA)


@pytest.mark.model
@pytest.mark.parametrize("long_side", LONG_SIDES)
def test_decode(benchmark, long_side):
    """Decoding and suppression of one view."""
    benchmark.group = f"one view of {long_side} px"
    network = CenterFace(model_path("centerface"), engine="onnxruntime", threads=1)
    width, height = (-(-side // 32) * 32 for side in wide(long_side))
    picture = crowd((width, height)).transpose(2, 0, 1)[None].astype(np.float32)
    heat, size, offset = network._run(picture)  # noqa: SLF001
    benchmark(_decode, heat[0, 0], size[0], offset[0], MIN_SCORE)


@pytest.mark.model
@pytest.mark.parametrize("orientation_known", [True, False], ids=["upright", "four sides"])
@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_whole_detector(benchmark, name, orientation_known):
    """All views of a photograph, as the pipeline asks for them."""
    benchmark.group = f"photograph of {name}"
    detector = FaceDetector(engine="onnxruntime", threads=1)
    benchmark.pedantic(
        detector.detect,
        args=(crowd(PHOTOGRAPHS[name])[None],),
        kwargs={"min_score": MIN_SCORE, "orientation_known": orientation_known},
        rounds=3,
    )


@pytest.mark.parametrize("count", [100, 1_000, 10_000])
def test_suppression_of_boxes_that_all_stay(benchmark, count):
    """The worst case of `nms`: quadratic, since every box is compared with every kept one."""
    benchmark.group = f"suppression of {count} boxes"
    columns = int(count**0.5)
    at = np.arange(count)
    corner = np.stack([at % columns, at // columns], axis=1).astype(np.float32) * 8
    boxes = np.concatenate([corner, corner + 8], axis=1)
    benchmark(nms, boxes, np.linspace(1, 0.2, count, dtype=np.float32), 0.3)
