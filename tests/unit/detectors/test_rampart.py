"""Rampart's tokens, windows and weights, on a network that says name where a word is in brackets."""

import json

import numpy as np
import pytest

from saferedact.detectors import rampart
from saferedact.detectors.rampart import MODEL, RampartNames
from saferedact.errors import DetectorError, DetectorModelMissing

LABELS = ["O", "B-GIVEN_NAME", "I-GIVEN_NAME", "B-SURNAME", "I-SURNAME", "B-CITY"]
VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "sarah",
    "whit",
    "##field",
    "take",
    "left",
    "and",
    "leeds",
    "flea",
    "b",
    "v",
]
SCORES = {"sarah": 6.0, "whit": 5.0, "##field": 5.0, "take": 6.0, "flea": 1.0, "b": -0.5}
NO_NAME = -6.0


@pytest.fixture
def tiny_model(tmp_path, monkeypatch):
    """A model directory whose network looks its answer up by the token."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(
        models.WordPiece({word: i for i, word in enumerate(VOCABULARY)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    answers = np.zeros((len(VOCABULARY), len(LABELS)), np.float32)
    answers[:, 0] = 4.0
    answers[:, 1:5] = NO_NAME
    for word, score in SCORES.items():
        answers[VOCABULARY.index(word), 1 if word == "sarah" else 3] = score
    answers[VOCABULARY.index("leeds"), 5] = 9.0
    answers[2:4, 1] = 9.0  # the marks at the ends are never names

    def write(labels=LABELS, **options):
        (tmp_path / "config.json").write_text(
            json.dumps({"id2label": {str(i): label for i, label in enumerate(labels)}})
        )
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ]
        outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", "t", 6])]
        nodes = [helper.make_node("Gather", ["table", "input_ids"], ["logits"])]
        table = numpy_helper.from_array(answers, "table")
        graph = helper.make_graph(nodes, "tiny", inputs, outputs, [table])
        opset = helper.make_opsetid("", 13)
        model = helper.make_model(graph, ir_version=8, opset_imports=[opset])
        onnx.save(model, str(tmp_path / "model_q4.onnx"))
        return RampartNames(threads=1, **options)

    monkeypatch.setattr(rampart, "model_path", lambda _: tmp_path / "model_q4.onnx")
    rampart._load.cache_clear()
    yield write
    rampart._load.cache_clear()


def seen(names, text):
    return {text[span.start : span.end]: span.score for span in names.find(text)}


@pytest.mark.parametrize("text", ["", " ", "and left", "leeds", "\x00"])
def test_no_names(tiny_model, text):
    assert tiny_model().find(text) == []


def test_tokens_and_their_probability(tiny_model):
    # one name label at the word's score, three at -6, none at 4, the city at 0
    others = 3 * np.exp(NO_NAME)
    sarah, whitfield = (
        (np.exp(s) + others) / (np.exp(s) + others + np.exp(4) + 1) for s in (6.0, 5.0)
    )
    assert seen(tiny_model(), "Then SARAH Whitfield left") == {
        "SARAH": pytest.approx(sarah, rel=1e-5),
        "Whit": pytest.approx(whitfield, rel=1e-5),
        "field": pytest.approx(whitfield, rel=1e-5),
    }


def test_an_ordinary_word_in_small_letters_counts_less(tiny_model):
    names = tiny_model()
    assert seen(names, "And take")["take"] == pytest.approx(
        rampart.ORDINARY_SHARE * seen(names, "Take")["Take"]
    )
    assert rampart.ORDINARY_SHARE < 1


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("Flea left", ["Flea"]),
        ("and flea left", ["flea"]),
        ("Bev: and flea left", ["flea"]),
        ("Leeds\nBev: and flea left", ["flea"]),
        ("And flea left", []),
        ("FLEA LEFT", []),
        ("Flea Road", []),
        ("in Flea", []),
        ("B left", ["B"]),
        ("b left", []),
        ("it's B's", ["B"]),
        ("R'B", []),
        ("B v Sarah", []),
        ("<a> /usr/b fileName() 0x0f application/json text/xml uint32 Flea", []),
    ],
)
def test_what_the_model_cannot_rule_out_is_a_hint(tiny_model, text, hints):
    found = seen(tiny_model(), text)
    assert [word for word, score in found.items() if score == rampart.HINT] == hints


def test_hints_can_be_left_out(tiny_model):
    text = "Sarah said Flea left"
    assert [word for word, score in seen(tiny_model(), text).items() if score] == ["Sarah", "Flea"]
    assert [*seen(tiny_model(hints=False), text)] == ["Sarah"]


def test_a_name_past_the_first_window_is_found_in_its_place(tiny_model):
    text = "and " * 5000 + "Sarah left " + "and " * 300 + "Sarah"
    starts = {span.start for span in tiny_model().find(text)}
    assert starts == {20_000, len(text) - 5}


def test_threads_share_the_windows_and_change_no_answer(tiny_model):
    text = "".join(
        f"{'Sarah' if number % 3 else 'Whitfield'} left {number} " for number in range(900)
    )
    alone = tiny_model().find(text)
    assert len(alone) > 1200  # more than one batch
    assert RampartNames(threads=3).find(text) == alone
    assert RampartNames().find(text) == alone


def test_a_window_of_more_tokens_than_the_network_takes_goes_on(tiny_model, monkeypatch):
    monkeypatch.setattr(rampart, "MAX_TOKENS", 98)  # the stride is 64
    rampart._load.cache_clear()
    text = "and " * 100 + "Sarah"
    assert {text[s.start : s.end] for s in tiny_model().find(text)} == {"Sarah"}


def test_a_network_with_other_labels_is_refused(tiny_model):
    with pytest.raises(DetectorError, match="other labels"):
        tiny_model([*LABELS[:4], "X", "Y"])


def test_a_file_that_is_no_network_is_refused(tiny_model, tmp_path):
    tiny_model()
    rampart._load.cache_clear()
    (tmp_path / "model_q4.onnx").write_bytes(b"no network")
    with pytest.raises(DetectorError, match="cannot be loaded"):
        RampartNames()


def test_a_network_that_fails_says_nothing_of_the_text(tiny_model):
    names = tiny_model()

    class Broken:
        def get_inputs(self):
            raise RuntimeError("Sarah")

    names._session = Broken()
    with pytest.raises(DetectorError, match=MODEL) as caught:
        names.find("Sarah")
    assert "Sarah" not in caught.value.message


def test_missing(monkeypatch):
    def missing(name):
        raise DetectorModelMissing(name)

    monkeypatch.setattr(rampart, "model_path", missing)
    with pytest.raises(DetectorModelMissing):
        RampartNames()
