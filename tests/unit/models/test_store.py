"""Where models are looked for, that their digests are compared, and that writing is all or nothing."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saferedact.errors import (
    DamagedInputError,
    DestinationError,
    DetectorError,
    DetectorModelMissing,
    InputError,
)
from saferedact.models import export_models, import_wheel, model_path, store, verify_models
from saferedact.models.catalogue import ModelFile


def states() -> list[tuple[str, str | None]]:
    return [(status.state, status.place) for status in verify_models()]


def test_missing_model_names_the_command(machine):
    with pytest.raises(DetectorModelMissing, match="run `saferedact models fetch tiny`"):
        model_path("tiny")
    assert states() == [("missing", None)]
    assert machine.files() == set()


@pytest.mark.usefixtures("machine")
def test_unknown_model():
    with pytest.raises(InputError):
        model_path("nobody")


def test_cached_model_is_found(machine):
    import_wheel(machine.wheel)
    path = model_path("tiny")
    assert path == machine.directory / "net.onnx"
    assert (path.parent / "labels.txt").read_bytes() == b"face\n"
    assert states() == [("ready", "cache")]


@pytest.mark.parametrize("name", ["net.onnx", "labels.txt"])
def test_changed_file_in_the_cache_is_missing(machine, name):
    import_wheel(machine.wheel)
    model_path("tiny")
    changed = machine.directory / name
    data = bytearray(changed.read_bytes())
    data[0] ^= 1
    before = changed.stat()
    changed.write_bytes(data)
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    with pytest.raises(DetectorModelMissing, match="is damaged; run `saferedact models fetch"):
        model_path("tiny")
    assert states() == [("damaged", "cache")]


def test_verify_reads_anew_whatever_the_file_times_say(machine):
    import_wheel(machine.wheel)
    path = model_path("tiny")
    before = path.stat()
    path.write_bytes(b"x" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert states() == [("damaged", "cache")]


def test_incomplete_model_is_damaged(machine):
    import_wheel(machine.wheel)
    (machine.directory / "labels.txt").unlink()
    assert states() == [("damaged", "cache")]


def test_digest_is_computed_once_per_file_state(machine):
    import_wheel(machine.wheel)
    for _ in range(5):
        model_path("tiny")
    assert store._sha256_in_state.cache_info().misses == len(machine.spec.files)


def test_a_directory_in_place_of_the_file_is_damage(machine):
    (machine.directory / "net.onnx").mkdir(parents=True)
    assert states() == [("damaged", "cache")]


def test_explicit_directory_goes_before_the_cache(machine, tmp_path):
    import_wheel(machine.wheel)
    shared = tmp_path / "shared models é"
    assert export_models(shared) == ["tiny"]
    machine.patch.setenv(store.MODELS_VARIABLE, str(shared))
    assert model_path("tiny") == shared / "tiny-1.0" / "net.onnx"
    assert states() == [("ready", "SAFEREDACT_MODELS")]


def test_explicit_directory_without_the_model_leaves_the_cache(machine, tmp_path):
    import_wheel(machine.wheel)
    machine.patch.setenv(store.MODELS_VARIABLE, str(tmp_path / "nothing here"))
    assert model_path("tiny") == machine.directory / "net.onnx"


def test_explicit_relative_directory_gives_an_absolute_path(machine, tmp_path):
    import_wheel(machine.wheel)
    export_models(tmp_path / "shared")
    machine.patch.chdir(tmp_path)
    machine.patch.setenv(store.MODELS_VARIABLE, "shared")
    assert model_path("tiny").is_absolute()


def test_damage_in_the_explicit_directory_is_not_passed_over(machine, tmp_path):
    import_wheel(machine.wheel)
    export_models(tmp_path)
    (tmp_path / "tiny-1.0" / "net.onnx").write_bytes(b"other")
    machine.patch.setenv(store.MODELS_VARIABLE, str(tmp_path))
    with pytest.raises(DetectorError, match="damaged or another") as caught:
        model_path("tiny")
    assert not isinstance(caught.value, DetectorModelMissing)  # fetching would not help
    assert str(tmp_path) not in caught.value.message


@pytest.mark.usefixtures("machine")
def test_export_without_models(tmp_path):
    with pytest.raises(DetectorModelMissing, match="no model on this machine to export"):
        export_models(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_export_to_a_place_that_is_a_file(machine, tmp_path):
    import_wheel(machine.wheel)
    place = tmp_path / "file"
    place.write_bytes(b"")
    with pytest.raises(DestinationError, match="cannot be copied"):
        export_models(place)
    assert place.read_bytes() == b""


def test_exported_files_are_as_readable_as_any_other(machine, tmp_path):
    import_wheel(machine.wheel)
    export_models(tmp_path)
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert (tmp_path / "tiny-1.0" / "net.onnx").stat().st_mode == plain.stat().st_mode


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks=st.lists(st.binary(max_size=40), max_size=6), honest=st.booleans())
def test_written_file_has_the_pinned_digest_or_does_not_exist(tmp_path_factory, chunks, honest):
    directory = tmp_path_factory.mktemp("store")
    content = b"".join(chunks)
    pinned = sha256(content if honest else content + b"x").hexdigest()
    file = ModelFile("m/net.bin", pinned, len(content))
    if honest:
        store.write_pinned(directory, file, chunks)
        assert (directory / "net.bin").read_bytes() == content
        assert [path.name for path in directory.iterdir()] == ["net.bin"]
    else:
        with pytest.raises(DamagedInputError):
            store.write_pinned(directory, file, chunks)
        assert list(directory.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, MemoryError])
def test_interrupted_write_keeps_what_was_there(tmp_path, error):
    def breaking_off():
        yield b"half"
        raise error

    (tmp_path / "net.bin").write_bytes(b"old")
    with pytest.raises(error):
        store.write_pinned(tmp_path, ModelFile("m/net.bin", "00", 9), breaking_off())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("net.bin", b"old")]


def refuse(_self: Path, _target: Path) -> None:
    """Stand in for Windows, where an open file cannot be replaced."""
    raise PermissionError


def test_a_copy_that_another_process_holds_open_is_accepted(tmp_path, monkeypatch):
    file = ModelFile("net.bin", sha256(b"good").hexdigest(), 4)
    (tmp_path / "net.bin").write_bytes(b"good")
    monkeypatch.setattr(Path, "replace", refuse)
    store.write_pinned(tmp_path, file, [b"good"])
    assert [path.name for path in tmp_path.iterdir()] == ["net.bin"]


def test_another_file_that_cannot_be_replaced_is_an_error(tmp_path, monkeypatch):
    file = ModelFile("net.bin", sha256(b"good").hexdigest(), 4)
    (tmp_path / "net.bin").write_bytes(b"evil")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        store.write_pinned(tmp_path, file, [b"good"])
    assert [path.name for path in tmp_path.iterdir()] == ["net.bin"]


def test_a_model_may_be_a_tree(machine, tmp_path, build_wheel):
    contents = {"tinymodel/net.onnx": b"net", "tinymodel/ner/model": b"deep"}
    machine.pin_wheel(build_wheel(tmp_path / "tree.whl", contents).read_bytes())
    machine.pin(
        root="tinymodel",
        files=tuple(
            ModelFile(member, sha256(data).hexdigest(), len(data), "tinymodel")
            for member, data in contents.items()
        ),
    )
    import_wheel(machine.wheel)
    assert (model_path("tiny").parent / "ner" / "model").read_bytes() == b"deep"
    export_models(tmp_path / "shared")
    exported = tmp_path / "shared" / machine.spec.directory
    assert (exported / "ner" / "model").read_bytes() == b"deep"
    (machine.directory / "ner" / "model").write_bytes(b"evil")
    assert states() == [("damaged", "cache")]


def test_default_cache_is_the_users_own():
    assert store.cache_directory().name == "models"
    assert "saferedact" in store.cache_directory().parts
