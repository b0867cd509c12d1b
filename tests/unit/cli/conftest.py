"""Commands that find planted marks instead of faces, and the files they work on."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from saferedact.cli import cli, demo_release
from saferedact.detectors import registry
from saferedact.pipeline import batch
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures

MARK = (24, 16, 40, 32)


@pytest.fixture
def planted(monkeypatch):
    """Let the face detector of the commands be one that finds planted marks; it needs no model."""
    entry = (frozenset({"face"}), (), lambda *_: PlantedDetector())
    monkeypatch.setitem(registry._BUILT_IN, "faces", entry)
    monkeypatch.setattr(batch, "_cache", {})
    monkeypatch.setattr(demo_release, "TEXT_DETECTORS", [])


@pytest.fixture
def picture():
    """Write a picture with one mark, or with others."""

    def write(path, *marks, format="PNG"):  # noqa: A002
        pixels = np.full((64, 96, 3), 120, dtype=np.uint8)
        plant(pixels, marks or [MARK])
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pictures(path, pixels, format=format)
        return path

    return write


@pytest.fixture
def here(tmp_path, picture, monkeypatch):
    """Be in a folder that holds a picture, ``a.png``, and nothing else."""
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "a.png")
    return tmp_path


@pytest.fixture
def run():
    """Run a command and return its exit code, what it wrote, and its JSON if it wrote any."""

    def invoke(*arguments, code=0):
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert code is None or result.exit_code == code, result.output
        # Standard output is for data: with --json exactly one document, whatever happened.
        tree = json.loads(result.stdout) if "--json" in arguments else None
        return SimpleNamespace(stdout=result.stdout, stderr=result.stderr, json=tree)

    return invoke
