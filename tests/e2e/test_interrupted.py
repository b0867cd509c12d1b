"""Ctrl-C and sudden death in the middle of work: no destination, nothing half written, the source as it was."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import saferedact
from saferedact.testing.detectors import write_pictures


def environment():
    return {**os.environ, "PYTHONPATH": str(Path(saferedact.__file__).parents[1])}


WAITING = """
import sys, time
from importlib import import_module
from saferedact.cli import main

def wait(*_, **__):
    print("under way", file=sys.stderr, flush=True)
    time.sleep(60)

# The new file is written under its temporary name by now.
import_module("saferedact.pipeline.image").prove = wait
sys.argv = ["saferedact", *sys.argv[1:]]
main()
"""


@pytest.fixture
def listening():
    """Children hear Ctrl-C, also where the tests run in a shell's background, which is deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def under_way(tmp_path, policy, listening):  # noqa: ARG001  a fixture cannot be marked
    """Start a redaction in a process of its own and wait until the temporary file is written."""
    source = tmp_path / "a.png"
    write_pictures(source, np.full((64, 64, 3), 99, dtype=np.uint8))
    out = tmp_path / "out"
    out.mkdir()
    arguments = ["redact", str(source), "-o", str(out), "--policy", str(policy), "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stderr.readline() == "under way\n"
        assert [path.suffix for path in out.iterdir()] == [".png"]
        yield process, source, out
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_leaves_nothing(under_way):
    process, source, out = under_way
    before = source.read_bytes()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(stdout)["error"]["code"] == "stopped"
    assert stderr == "stopped\n"
    assert list(out.iterdir()) == []
    assert source.read_bytes() == before


def test_a_killed_process_leaves_no_destination(under_way):
    process, source, out = under_way
    before = source.read_bytes()
    process.kill()
    process.communicate(timeout=60)
    assert not (out / "a.png").exists()
    # What is left is hidden, and cannot be taken for a result.
    assert all(path.name.startswith(".saferedact-") for path in out.iterdir())
    assert source.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.usefixtures("listening")
def test_ctrl_c_with_two_workers_leaves_nothing_half_written(tmp_path, policy):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (1_200, 1_600, 3), dtype=np.uint8)
    for number in range(8):
        write_pictures(folder / f"{number}.png", noise)
    arguments = ["redact", str(folder), "-o", str(out), "--policy", str(policy), "--jobs", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "saferedact", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    ) as process:
        while process.poll() is None and not (out.exists() and any(out.iterdir())):
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
        stdout, stderr = process.communicate(timeout=100)
    assert process.returncode == 130, stderr
    assert stdout == ""
    assert stderr.splitlines()[-1] == "stopped"
    assert "Traceback" not in stderr
    names = {path.name for path in out.iterdir()}
    assert names < {f"{number}.png" for number in range(8)}
    for name in names:
        with Image.open(out / name) as image:
            assert np.array_equal(np.asarray(image), noise)
