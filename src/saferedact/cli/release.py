"""``saferedact release``: redact a folder, check the result, and write it or refuse."""

from pathlib import Path

import click

from saferedact.cli._common import (
    emit_json,
    ensure_models,
    jobs_option,
    json_option,
    offline_option,
    policy_option,
    refuse_originals,
    say,
    stderr_console,
    thorough_option,
)
from saferedact.cli.check import models_for, show_report, write_reports
from saferedact.errors import FindingsError
from saferedact.files import check_destination
from saferedact.pipeline.release import PUBLISHED
from saferedact.pipeline.release import release as run
from saferedact.policy import Policy, load_policy
from saferedact.report import Report

__all__ = ["release"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_FILE)
@click.argument("destination", type=_FILE)
@click.option("--case", type=_FILE, required=True, help="The case file.")
@click.option("--html", type=_FILE, help="Write the report here as well, also if it is refused.")
@policy_option
@thorough_option
@jobs_option
@offline_option
@json_option
def release(
    *,
    source: Path,
    destination: Path,
    case: Path,
    html: Path | None,
    policy: str,
    thorough: bool,
    jobs: int,
    offline: bool,
    as_json: bool,
) -> None:
    """Redact a folder, check the result, and write it or refuse.

    DESTINATION must not exist. It gets the folder publish, a report and a manifest of digests. Exit
    code 1, and no destination, if a finding forbids publication.
    """
    chosen = load_policy(policy)
    if html is not None:
        # now, not after minutes of work
        refuse_originals(html, [case, destination])
        check_destination(html, overwrite=False)
    ensure_models(models_for(chosen), offline=offline)
    report = _with_progress(source, destination, case, policy=chosen, thorough=thorough, jobs=jobs)
    if not as_json:
        show_report(report)
        if report.verdict != "blocked":
            say(f"written: {destination.name}/{PUBLISHED} ({report.artifact_sha256})")
    write_reports(report, html=html, sarif=None, overwrite=False)
    if as_json:
        emit_json(report.model_dump(mode="json", by_alias=True))
    if report.verdict == "blocked":
        msg = "nothing was written: findings forbid publication"
        raise FindingsError(msg)


def _with_progress(
    source: Path, destination: Path, case: Path, *, policy: Policy, thorough: bool, jobs: int
) -> Report:
    console = stderr_console()
    if console is None:
        return run(source, destination, case=case, policy=policy, thorough=thorough, jobs=jobs)
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("redacting", total=None)
        return run(
            source,
            destination,
            case=case,
            policy=policy,
            thorough=thorough,
            jobs=jobs,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
