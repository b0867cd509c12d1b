"""``saferedact verify``: judge a redacted file against its source and plan."""

from pathlib import Path

import click

from saferedact.casefile import load_case
from saferedact.cli._common import (
    case_option,
    describe_finding,
    emit_json,
    ensure_models,
    json_option,
    offline_option,
    password_option,
    policy_option,
    thorough_option,
)
from saferedact.detectors.registry import needed_models
from saferedact.errors import VerificationError
from saferedact.pipeline import verify as run
from saferedact.plan import load_plan
from saferedact.policy import load_policy

__all__ = ["verify"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_FILE)
@click.argument("redacted", type=_FILE)
@click.argument("plan", type=_FILE)
@policy_option
@case_option
@thorough_option
@offline_option
@password_option
@json_option
def verify(
    *,
    source: Path,
    redacted: Path,
    plan: Path,
    policy: str,
    case: Path | None,
    thorough: bool,
    offline: bool,
    as_json: bool,
) -> None:
    """Prove that a file is what its plan says.

    Compares every region, scans the container for anything but pixels, and lets the detectors look
    again. Exit code 6 if a finding forbids publication.
    """
    chosen = load_policy(policy)
    people = None if case is None else load_case(case)
    ensure_models(needed_models(chosen), offline=offline)
    report = run(source, redacted, load_plan(plan), policy=chosen, case=people, thorough=thorough)
    if as_json:
        emit_json(report.model_dump(mode="json", by_alias=True))
    else:
        for finding in report.findings:
            click.echo(describe_finding(finding))
        click.echo(report.summary())
    if report.verdict == "blocked":
        raise VerificationError("the file is not fit for release; see the findings")
