"""Where model weights lie on this machine, and the proof that they are the pinned ones.

A model is looked for in the directory named by ``SAFEREDACT_MODELS``, then in the per-user cache.
Both hold one directory per model and version. No path is handed out before the SHA-256 of every
file of the model was compared with the catalogue's, once per process and file state. This module
never reaches a network.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from saferedact.errors import (
    DamagedInputError,
    DestinationError,
    DetectorError,
    DetectorModelMissing,
)
from saferedact.models.catalogue import ModelFile, ModelSpec, list_models, model_spec

__all__ = [
    "MODELS_VARIABLE",
    "ModelStatus",
    "cache_directory",
    "export_models",
    "model_path",
    "verify_models",
    "write_pinned",
]

MODELS_VARIABLE = "SAFEREDACT_MODELS"
"""Environment variable: a directory of models that goes before the per-user cache."""

_CHUNK = 1 << 20  # bytes; large enough that the digest, not the loop, takes the time

ModelState = Literal["ready", "damaged", "missing"]
ModelPlace = Literal["SAFEREDACT_MODELS", "cache"]


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What the store knows of one model.

    Parameters
    ----------
    spec : ModelSpec
        The model.
    state : {"ready", "damaged", "missing"}
        Ready: every file is the pinned one. Damaged: a file is another, or only some are there.
    place : {"SAFEREDACT_MODELS", "cache"} or None
        Where it lies; None when it is missing.
    """

    spec: ModelSpec
    state: ModelState
    place: ModelPlace | None


def cache_directory() -> Path:
    """Return the per-user cache for models. It may not exist yet."""
    import platformdirs

    return platformdirs.user_cache_path("saferedact", appauthor=False) / "models"


def model_path(name: str) -> Path:
    """Return the local path of a model's first file, after comparing its digests.

    Further files of the model lie beside it, or below the same directory if it is a tree.

    Parameters
    ----------
    name : str
        A name of the catalogue, such as ``"centerface"``.

    Returns
    -------
    Path
        Absolute path of an existing file. The caller must not write to it.

    Raises
    ------
    InputError
        If the catalogue has no such model.
    DetectorModelMissing
        If the model is not on this machine, or its copy in the cache is damaged; fetching it helps.
    DetectorError
        If the copy in ``SAFEREDACT_MODELS`` is damaged; fetching does not help.
    """
    spec = model_spec(name)
    status, directory = _locate(spec)
    if status.state == "ready":
        return directory / spec.files[0].filename
    if status.state == "damaged" and status.place == "SAFEREDACT_MODELS":
        msg = (
            f"the model {name!r} in the directory of {MODELS_VARIABLE} is damaged or another "
            f"version; make that directory anew with `saferedact models export`"
        )
        raise DetectorError(msg)
    what = "is not on this machine" if status.state == "missing" else "is damaged"
    msg = f"the model {name!r} {what}; run `saferedact models fetch {name}`"
    raise DetectorModelMissing(msg)


def verify_models() -> list[ModelStatus]:
    """Compare the digests of all models of the catalogue that are on this machine.

    Every file is read anew, whatever was compared earlier.

    Returns
    -------
    list of ModelStatus
        One per model, in the order of the catalogue.
    """
    _sha256_in_state.cache_clear()
    return [_locate(spec)[0] for spec in list_models()]


def export_models(directory: Path) -> list[str]:
    """Copy every model of this machine into a directory fit for ``SAFEREDACT_MODELS``.

    Parameters
    ----------
    directory : Path
        Made if it does not exist. Other files in it are left alone.

    Returns
    -------
    list of str
        Names of the models copied.

    Raises
    ------
    DetectorModelMissing
        If no model is on this machine.
    DestinationError
        If the directory cannot be written.
    DamagedInputError
        If a model changes while it is copied.
    """
    exported = []
    for spec in list_models():
        status, source = _locate(spec)
        if status.state != "ready":
            continue
        for file in spec.files:
            try:
                write_pinned(directory / spec.directory, file, _read_chunks(source / file.filename))
            except OSError as error:
                reason = error.strerror or type(error).__name__
                msg = f"the model {spec.name!r} cannot be copied to the directory ({reason})"
                raise DestinationError(msg) from error
        exported.append(spec.name)
    if not exported:
        msg = "there is no model on this machine to export; run `saferedact models fetch` first"
        raise DetectorModelMissing(msg)
    return exported


def write_pinned(directory: Path, file: ModelFile, chunks: Iterable[bytes]) -> None:
    """Write one file of a model, whole or not at all.

    The content goes to a temporary file in the same directory, which takes the final name only
    after its digest was compared; processes that do this at the same time do not disturb each
    other.

    Parameters
    ----------
    directory : Path
        The model's directory; made if need be, with what the file's place needs below it.
    file : ModelFile
        Name and digest.
    chunks : iterable of bytes
        The content, in order.

    Raises
    ------
    DamagedInputError
        If the digest is another; nothing was written.
    OSError
        If the directory cannot be written. The caller knows what to say about it.
    """
    target = directory / file.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    # not `tempfile`: its files are private to the user, and an exported directory is for sharing
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        digest = hashlib.sha256()
        with temporary.open("xb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != file.sha256:
            msg = f"the content of {file.filename} is not the one that is pinned (SHA-256 differs)"
            raise DamagedInputError(msg)
        _replace(temporary, target, file)
    finally:
        temporary.unlink(missing_ok=True)


def _replace(temporary: Path, target: Path, file: ModelFile) -> None:
    try:
        temporary.replace(target)
    except PermissionError:
        # Windows refuses while another process has the target open: a copy that arrived first
        if not _is_pinned(target, file):
            raise


def _read_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _places() -> Iterator[tuple[ModelPlace, Path]]:
    explicit = os.environ.get(MODELS_VARIABLE)
    if explicit:
        yield "SAFEREDACT_MODELS", Path(explicit).absolute()
    yield "cache", cache_directory()


def _locate(spec: ModelSpec) -> tuple[ModelStatus, Path]:
    """Find a model in the first place that has any of its files."""
    for place, root in _places():
        directory = root / spec.directory
        if not any(os.path.lexists(directory / file.filename) for file in spec.files):
            continue
        sound = all(_is_pinned(directory / file.filename, file) for file in spec.files)
        return ModelStatus(spec, "ready" if sound else "damaged", place), directory
    return ModelStatus(spec, "missing", None), cache_directory() / spec.directory


def _is_pinned(path: Path, file: ModelFile) -> bool:
    with suppress(OSError):
        state = path.stat()
        if state.st_size == file.size:
            return _sha256_in_state(path, state.st_size, state.st_mtime_ns) == file.sha256
    return False


@lru_cache(maxsize=256)  # far more than the catalogue has files
def _sha256_in_state(path: Path, _size: int, _mtime_ns: int) -> str:
    """Digest of a file, once per process and file state: a batch asks for each of its pictures."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
