"""``saferedact case``: a commented template of a case file, and what is wrong with one."""

from importlib import resources
from pathlib import Path

import click

from saferedact.casefile import load_case
from saferedact.checks.base import CheckOptions, Context
from saferedact.checks.catalogue import catalogue
from saferedact.checks.engine import run_checks
from saferedact.checks.stage import proceedings_of
from saferedact.cli._common import describe_finding, emit_json, json_option, overwrite_option, say
from saferedact.errors import FindingsError
from saferedact.files import atomic_output

__all__ = ["case"]

_FILE = click.Path(path_type=Path)


@click.group()
def case() -> None:
    """Write and check case files."""


@case.command()
@click.argument("path", type=_FILE)
@overwrite_option
def new(*, path: Path, overwrite: bool) -> None:
    """Write a commented case file to fill in.

    Keep it out of the folder that is published: it lists everybody who must not be named.
    """
    data = resources.files("saferedact.casefile").joinpath("template.toml").read_bytes()
    with atomic_output(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(data)
    say(f"{path.name}: written; fill it in, then: saferedact case check {path.name}")


@case.command()
@click.argument("path", type=_FILE)
@json_option
def check(*, path: Path, as_json: bool) -> None:
    """Say what is wrong with a case file.

    Lists every fault of the file at once; of a valid one, what contradicts itself, is stale or is
    missing. Exit code 1 if that forbids publication.
    """
    loaded = load_case(path)
    rules = frozenset(rule.id for rule in catalogue().rules if rule.group == "case_file")
    context = Context(
        loaded, proceedings_of(loaded), (), {}, CheckOptions(), release_sha256=loaded.sha256
    )
    report = run_checks(context, only=rules)
    if as_json:
        emit_json(report.model_dump(mode="json", by_alias=True))
    else:
        for finding in report.findings:
            say(describe_finding(finding))
        say(
            f"{len(loaded.people)} people, {len(loaded.restrictions)} restrictions; {report.verdict}"
        )
    if report.verdict == "blocked":
        msg = "the case file must be put right before anything is published"
        raise FindingsError(msg)
