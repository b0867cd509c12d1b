import sys
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.detectors import centerface, networks
from saferedact.detectors.centerface import CenterFace, prepare_graph
from saferedact.errors import DependencyMissingError, DetectorError
from saferedact.geometry import nms

ENGINES = ["onnxruntime", "openvino"]


def skip_without(engine):
    pytest.importorskip(engine)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (*shape, 3), dtype=np.uint8)


# --- the graph


def run_graph(graph, batch):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: batch})


def test_the_prepared_graph_has_the_picture_as_its_only_input_of_any_size(network):
    graph = onnx.load_from_string(prepare_graph(network())).graph
    assert [value.name for value in graph.input] == ["picture"]
    for value in (*graph.input, *graph.output):
        batch, channels, height, width = value.type.tensor_type.shape.dim
        assert channels.dim_value > 0
        assert all(not dim.HasField("dim_value") for dim in (batch, height, width))


def test_the_prepared_graph_keeps_the_weights_that_it_uses_and_no_others(network):
    path = network()
    before = {tensor.name: tensor for tensor in onnx.load(str(path)).graph.initializer}
    after = {
        tensor.name: tensor
        for tensor in onnx.load_from_string(prepare_graph(path)).graph.initializer
    }
    assert set(before) - set(after) == {"num_batches_tracked"}
    assert all(after[name] == before[name] for name in after)


def test_the_prepared_graph_answers_as_the_stored_one(network):
    path = network("falling", offset_yx=(0.25, -0.5))
    batch = noise(10, 32, 32).transpose(0, 3, 1, 2).astype(np.float32)
    for before, after in zip(
        run_graph(path.read_bytes(), batch), run_graph(prepare_graph(path), batch), strict=True
    ):
        np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)


@pytest.mark.model
def test_the_real_graph_sheds_its_weights_as_inputs(face_model):
    graph = onnx.load_from_string(prepare_graph(face_model)).graph
    assert len(onnx.load(str(face_model)).graph.input) == 195
    assert len(graph.input) == 1
    assert {name for node in graph.node for name in node.input} >= {
        tensor.name for tensor in graph.initializer
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x04" * 50, None])
def test_what_is_no_network_is_a_detector_error(tmp_path, engine, content):
    skip_without(engine)
    path = tmp_path / "weights.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DetectorError) as caught:
        CenterFace(path, engine=engine)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cut_off_network_is_a_detector_error(network, engine):
    skip_without(engine)
    path = network()
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(DetectorError):
        CenterFace(path, engine=engine)


# --- running it


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("bias", [np.nan, np.inf, -np.inf])
def test_an_answer_that_is_not_finite_is_an_error_not_an_empty_answer(network, engine, bias):
    skip_without(engine)
    face_network = CenterFace(network(bias=bias), engine=engine)
    with pytest.raises(DetectorError, match="not finite"):
        face_network.detect(noise(1, 32, 32), 0.5)


@pytest.mark.parametrize("head", ["size_hw", "offset_yx"])
def test_boxes_that_are_not_finite_are_an_error(network, head):
    face_network = CenterFace(network(**{head: (np.nan, 1.0)}), engine="onnxruntime")
    with pytest.raises(DetectorError, match="not finite"):
        face_network.detect(noise(1, 32, 32), 0.5)


def test_a_failing_engine_is_a_detector_error(network):
    face_network = CenterFace(network(fixed=True), engine="onnxruntime")
    with pytest.raises(DetectorError, match=r"failed \(.*engine onnxruntime"):
        face_network.detect(noise(1, 64, 64), 0.5)


def test_want_of_memory_is_not_taken_for_a_failing_engine(network, monkeypatch):
    face_network = CenterFace(network(), engine="onnxruntime")

    def run(_):
        raise MemoryError

    monkeypatch.setattr(face_network, "_run", run)
    with pytest.raises(MemoryError):
        face_network.detect(noise(1, 32, 32), 0.5)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("size_wh", [(1, 1), (32, 32), (33, 31), (64, 5)])
def test_a_bright_cell_is_found_where_it_is_at_any_size(network, engine, size_wh):
    skip_without(engine)
    width, height = size_wh
    pictures = np.zeros((2, height, width, 3), dtype=np.uint8)
    x, y = (width - 1) // 4 * 4, (height - 1) // 4 * 4  # the last cell, perhaps cut off
    pictures[1, y:, x:] = 255
    share = (width - x) * (height - y) / 16
    face_network = CenterFace(network(size_hw=(3.0, 2.0)), engine=engine, threads=1)
    (nothing, _), (found, score) = face_network.detect(pictures, 0.05)
    assert nothing.shape == (0, 4)
    np.testing.assert_allclose(found, [[x + 1, y + 0.5, x + 3, y + 3.5]], rtol=2e-2)
    np.testing.assert_allclose(score, [share], rtol=2e-2)
    assert found.dtype == score.dtype == np.float32


def test_a_batch_is_answered_as_its_pictures_one_by_one(network):
    face_network = CenterFace(network(), engine="onnxruntime")
    pictures = noise(3, 40, 50)
    together = face_network.detect(pictures, 0.5)
    for i, (boxes, score) in enumerate(together):
        alone_boxes, alone_score = face_network.detect(pictures[i : i + 1], 0.5)[0]
        assert len(boxes) > 0
        np.testing.assert_allclose(boxes, alone_boxes, rtol=1e-5)
        np.testing.assert_allclose(score, alone_score, rtol=1e-5)


def test_padding_can_answer_outside_the_picture_only(network):
    # The padding is black. Its boxes are the caller's to clip; none may be moved inside.
    face_network = CenterFace(network("dark", size_hw=(4.0, 4.0)), engine="onnxruntime")
    boxes, _ = face_network.detect(np.full((1, 36, 40, 3), 255, dtype=np.uint8), 0.5)[0]
    outside = (boxes[:, 0] >= 40) | (boxes[:, 1] >= 36)
    assert len(boxes) > 0
    assert outside.all()


# --- decoding


def plain_decode(heat, size, offset, min_score):
    """Every lattice point above the score, in a loop."""
    found = []
    for row in range(heat.shape[0]):
        for column in range(heat.shape[1]):
            if heat[row, column] < min_score:
                continue
            height = np.exp(size[0, row, column]) * 4
            width = np.exp(size[1, row, column]) * 4
            center_y = (row + offset[0, row, column] + 0.5) * 4
            center_x = (column + offset[1, row, column] + 0.5) * 4
            found.append(
                (
                    center_x - width / 2,
                    center_y - height / 2,
                    center_x + width / 2,
                    center_y + height / 2,
                    heat[row, column],
                )
            )
    return np.array(found, dtype=np.float32).reshape(-1, 5)


def random_answer(seed, rows, columns):
    rng = np.random.default_rng(seed)
    heat = rng.random((rows, columns), dtype=np.float32)
    size = rng.normal(1, 1, (2, rows, columns)).astype(np.float32)
    offset = rng.normal(0, 1, (2, rows, columns)).astype(np.float32)
    return heat, size, offset


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 12), st.floats(0.01, 1))
def test_decoding_is_that_of_a_plain_loop(seed, rows, columns, min_score):
    answer = random_answer(seed, rows, columns)
    boxes, score = centerface._decode(*answer, np.float32(min_score))
    expected = plain_decode(*answer, np.float32(min_score))
    kept = nms(expected[:, :4], expected[:, 4], centerface.NMS_IOU)
    np.testing.assert_allclose(boxes, expected[kept, :4], rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(score, expected[kept, 4])


def test_a_score_equal_to_the_least_one_counts():
    heat = np.array([[0.5, np.nextafter(np.float32(0.5), np.float32(0))]], dtype=np.float32)
    zeros = np.zeros((2, 1, 2), dtype=np.float32)
    assert len(centerface._decode(heat, zeros, zeros, 0.5)[0]) == 1


@pytest.mark.parametrize("allowed", [1, 5, 143, 144, 145])
def test_of_too_many_candidates_the_best_compete(allowed):
    answer = random_answer(3, 12, 12)
    with patch.object(centerface, "MAX_CANDIDATES", allowed):
        _, score = centerface._decode(*answer, 0.001)
    everything = plain_decode(*answer, 0.001)
    best = everything[np.argsort(-everything[:, 4])[:allowed]]
    kept = nms(best[:, :4], best[:, 4], centerface.NMS_IOU)
    np.testing.assert_array_equal(score, best[kept, 4])


def test_a_picture_that_lights_up_everywhere_stays_bounded():
    shape = (200, 200)  # twice the candidates allowed
    heat = np.ones(shape, dtype=np.float32)
    size = np.full((2, *shape), 3, dtype=np.float32)
    offset = np.zeros((2, *shape), dtype=np.float32)
    assert heat.size == 2 * centerface.MAX_CANDIDATES
    with patch.object(centerface, "nms", wraps=nms) as suppress:
        centerface._decode(heat, size, offset, 0.5)
    assert len(suppress.call_args.args[0]) == centerface.MAX_CANDIDATES


@pytest.mark.parametrize("log_size", [-1e30, -100, 100, 1e30])
def test_absurd_sizes_stay_finite(log_size):
    heat = np.ones((1, 1), dtype=np.float32)
    size = np.full((2, 1, 1), log_size, dtype=np.float32)
    boxes, _ = centerface._decode(heat, size, np.zeros_like(size), 0.5)
    assert np.isfinite(boxes).all()
    assert (boxes[:, 2:] >= boxes[:, :2]).all()


# --- resting


@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_may_rest_while_another_thread_looks(network, engine):
    skip_without(engine)
    detector = CenterFace(network(), engine=engine, threads=1)
    pictures = noise(1, 96, 128)
    ((boxes, _),) = detector.detect(pictures, 0.01)
    with ThreadPoolExecutor(2) as pool:
        looks = [pool.submit(detector.detect, pictures, 0.01) for _ in range(200)]
        while not all(look.done() for look in looks):
            detector.rest()
    for look in looks:
        np.testing.assert_array_equal(look.result()[0][0], boxes)


# --- choosing the engine


@pytest.fixture
def without_openvino(monkeypatch):
    networks._openvino_core.cache_clear()
    monkeypatch.setitem(sys.modules, "openvino", None)
    yield
    networks._openvino_core.cache_clear()


@pytest.mark.usefixtures("without_openvino")
def test_without_openvino_auto_is_onnxruntime(network):
    assert CenterFace(network()).engine == "onnxruntime"


@pytest.mark.usefixtures("without_openvino")
def test_asking_for_openvino_without_it_names_the_extra(network):
    with pytest.raises(DependencyMissingError, match=r"saferedact\[fast\]"):
        CenterFace(network(), engine="openvino")


@pytest.mark.parametrize(("faster", "engine"), [(True, "openvino"), (False, "onnxruntime")])
def test_auto_takes_openvino_where_it_is_the_faster_one(network, monkeypatch, faster, engine):
    skip_without("openvino")
    monkeypatch.setattr(networks, "openvino_is_faster", lambda: faster)
    assert CenterFace(network()).engine == engine


# --- the two engines


@pytest.mark.model
@pytest.mark.parametrize("faster", [False, True])
def test_openvino_finds_what_onnxruntime_finds(face_model, monkeypatch, faster):
    skip_without("openvino")
    astronaut = pytest.importorskip("skimage.data").astronaut()
    monkeypatch.setattr(networks, "openvino_is_faster", lambda: faster)  # bfloat16 or float32
    (expected, expected_score), (found, score) = (
        CenterFace(face_model, engine=engine).detect(astronaut[None], 0.4)[0] for engine in ENGINES
    )
    assert len(expected) >= 1
    assert len(found) == len(expected)
    # bfloat16 has 8 bits of significand: a few pixels at this size.
    np.testing.assert_allclose(found, expected, atol=6 if faster else 0.1)
    np.testing.assert_allclose(score, expected_score, atol=0.05 if faster else 1e-3)
