"""MiniLM run by numpy, with and without a correction."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from saferedact.detectors import minilm
from saferedact.detectors.minilm import MAX_TOKENS, MiniLM
from saferedact.errors import DetectorError, DetectorModelMissing

IDENTITY = {"head.weight": np.eye(384, dtype=np.float16), "head.bias": np.zeros(384, np.float16)}
WIDTHS = {"query": (384, 384), "grow": (1536, 384), "shrink": (384, 1536)}
"""Rows and columns of some linear maps."""


@pytest.fixture(scope="module")
def plain():
    """The network as it came, answering with its means."""
    return MiniLM(IDENTITY)


def correction(name, *, up, seed=0):
    rows, columns = WIDTHS[name.partition(".")[2]]
    rng = np.random.default_rng(seed)
    return IDENTITY | {
        f"{name}.up": (up * rng.standard_normal((rows, 2))).astype(np.float16),
        f"{name}.down": rng.standard_normal((2, columns)).astype(np.float16),
    }


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "first", "length"),
    [
        ("A man is eating food.", [0.1872, 0.0248, -0.0354, 0.2725, -0.7813, -0.1894], 5.6327),
        (
            "The court heard nothing of it.",
            [0.1806, 0.8942, -0.4116, -0.0101, -0.3356, -0.1656],
            6.5238,
        ),
    ],
)
def test_it_answers_as_pytorch_does(plain, text, first, length):
    answer = plain([text])[0]
    assert answer[:6] == pytest.approx(first, abs=1e-3)
    assert np.linalg.norm(answer) == pytest.approx(length, abs=1e-3)


@pytest.mark.model
@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_each_text_is_read_by_itself(plain, texts):
    together = plain(texts)
    assert together.shape == (len(texts), 384)
    for text, answer in zip(texts, together, strict=True):
        np.testing.assert_allclose(answer, plain([text])[0], atol=1e-4)


@pytest.mark.model
def test_nothing_asked_is_nothing_answered(plain):
    assert plain([]).shape == (0, 384)


@pytest.mark.model
def test_a_long_text_is_read_to_its_last_token_of_many(plain):
    words = ["plea"] * (MAX_TOKENS - 3)
    begin, end = " ".join(words), " judge" * 900
    np.testing.assert_array_equal(*plain([begin + " day" + end, begin + " day"]))
    assert np.abs(np.subtract(*plain([begin + " day", begin + " crime"]))).max() > 1e-3


@pytest.mark.model
@pytest.mark.parametrize("name", ["0.query", "3.grow", "5.shrink"])
def test_a_correction_turns_the_network(plain, name):
    text = ["The court heard nothing of it."]
    without = MiniLM(correction(name, up=0.0))(text)
    np.testing.assert_array_equal(without, plain(text))
    assert np.abs(MiniLM(correction(name, up=0.1))(text) - without).max() > 1e-3


@pytest.mark.parametrize("most", [0.001, 1.0, 4.0, 100.0, 1e15])
def test_values_are_weighed_as_by_the_error_function(most):
    values = np.linspace(-most, most, 1001, dtype=np.float32)
    exact = values * (1 + erf(values.astype(np.float64) / np.sqrt(2))) / 2
    np.testing.assert_allclose(minilm._gelu(values), exact, rtol=1e-6, atol=5e-7)
    assert minilm._gelu(np.float32([])).shape == (0,)


@pytest.mark.model
def test_the_head_is_a_linear_map(plain):
    head = {"head.weight": IDENTITY["head.weight"][:3] * 2, "head.bias": np.float16([1, 2, 3])}
    text = ["A man is eating food."]
    np.testing.assert_allclose(MiniLM(head)(text)[0], plain(text)[0, :3] * 2 + [1, 2, 3], atol=1e-5)


def test_a_model_that_is_not_there_is_told(monkeypatch):
    def missing(name):
        raise DetectorModelMissing(name)

    monkeypatch.setattr(minilm, "model_path", missing)
    with pytest.raises(DetectorModelMissing):
        MiniLM(IDENTITY)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 8,
        (2).to_bytes(8, "little") + b"{}",
        (40).to_bytes(8, "little") + b"{}",
        (9).to_bytes(8, "little") + b"not a key",
        (
            len(t := json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 9]}}))
        ).to_bytes(8, "little")
        + t.encode(),
    ],
)
@pytest.mark.model
def test_damaged_weights_are_told(tmp_path, monkeypatch, data):
    (tmp_path / "tokenizer.json").write_bytes(
        (minilm.model_path(minilm.MODEL).parent / "tokenizer.json").read_bytes()
    )
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    monkeypatch.setattr(minilm, "model_path", lambda _: path)
    with pytest.raises(DetectorError, match="cannot be loaded"):
        MiniLM(IDENTITY)
