"""The shipped catalogue says what the store and the licence page need."""

import re

import pytest

from saferedact.errors import InputError
from saferedact.models import catalogue, list_models, model_spec


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
