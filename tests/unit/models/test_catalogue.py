"""The shipped catalogue says what the store and the licence page need."""

import hashlib
import re
from dataclasses import replace

import pytest

from saferedact.errors import InputError
from saferedact.models import catalogue, list_models, model_spec
from saferedact.models.catalogue import ModelFile


def test_every_entry_is_pinned_and_licensed():
    for spec in list_models():
        digests = [spec.wheel_sha256, *(file.sha256 for file in spec.files)]
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
        assert spec.files
        assert all(file.size > 0 for file in spec.files)
        assert spec.wheel.startswith(f"{spec.distribution.replace('-', '_')}-{spec.version}-")
        assert spec.wheel.endswith(".whl")
        assert spec.license
        assert spec.license_note


def test_names_and_file_names_do_not_collide():
    names = [spec.name for spec in list_models()]
    assert len(set(names)) == len(names)
    for spec in list_models():
        filenames = [file.filename for file in spec.files]
        assert len(set(filenames)) == len(filenames)


def test_centerface_is_the_published_file():
    spec = model_spec("centerface")
    assert spec.directory == "centerface-1.5.0"
    assert spec.files[0].filename == "centerface.onnx"
    assert spec.files[0].sha256.startswith("09189deaaf86")
    assert spec.size == 7304518
    assert "research" in spec.license_note


def test_the_name_models_are_the_published_files():
    spacy, rampart = model_spec("spacy-en-md"), model_spec("rampart-ner")
    assert [file.filename for file in spacy.files if "/" in file.filename] == [
        "attribute_ruler/patterns",
        "lemmatizer/lookups/lookups.bin",
        "ner/cfg",
        "ner/model",
        "ner/moves",
        "parser/cfg",
        "parser/model",
        "parser/moves",
        "tagger/cfg",
        "tagger/model",
        "tok2vec/cfg",
        "tok2vec/model",
        "vocab/key2row",
        "vocab/lookups.bin",
        "vocab/strings.json",
        "vocab/vectors",
        "vocab/vectors.cfg",
    ]
    assert spacy.files[0].filename == "config.cfg"
    assert rampart.files[0].filename == "model_q4.onnx"
    assert rampart.files[0].sha256.startswith("9f27d24949b0")
    assert "attribution" in rampart.license_note


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError, match="known models: centerface"):
        model_spec("nobody")


def test_a_model_may_have_several_files():
    text = """
    [[model]]
    name = "a"
    task = "t"
    distribution = "d"
    version = "1"
    wheel = "d-1-py3-none-any.whl"
    wheel_sha256 = "00"
    license = "MIT"
    license_note = "n"
    source = "s"
    input_note = "i"
    output_note = "o"
    [[model.files]]
    member = "d/x/one.bin"
    sha256 = "11"
    size = 3
    [[model.files]]
    member = "two.json"
    sha256 = "22"
    size = 4
    """
    (spec,) = catalogue.parse_catalogue(text)
    assert [file.filename for file in spec.files] == ["one.bin", "two.json"]
    assert spec.size == 7


def tree(root: str, *members: str) -> tuple[ModelFile, ...]:
    return tuple(ModelFile(member, "11", 1, root) for member in members)


def test_files_of_a_tree_keep_their_places():
    flat, deep = tree("d/model", "d/model/config.cfg", "d/model/ner/model")
    assert (flat.filename, deep.filename) == ("config.cfg", "ner/model")


@pytest.mark.parametrize(
    ("member", "root"),
    [
        ("d/other/file", "d/model"),
        ("d/model/../../file", "d/model"),
        ("../file", ""),
        ("d\\..\\file", ""),
    ],
)
def test_no_file_leaves_its_model(member, root):
    with pytest.raises(ValueError, match=r"leaves the wheel|not in the subpath"):
        ModelFile(member, "11", 1, root)


def test_digest_of_a_model():
    spec = model_spec("centerface")
    assert spec.sha256 == spec.files[0].sha256
    one, two = ModelFile("b", "11", 1), ModelFile("a", "22", 1)
    expected = hashlib.sha256(b"22  a\n11  b\n").hexdigest()
    assert replace(spec, files=(one, two)).sha256 == expected
    assert replace(spec, files=(two, one)).sha256 == expected
    assert replace(spec, files=(one, ModelFile("a", "23", 1))).sha256 != expected
