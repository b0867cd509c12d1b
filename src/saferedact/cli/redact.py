"""``saferedact redact``: originals in, checked copies out."""

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from saferedact.casefile import load_case
from saferedact.cli._common import (
    Clock,
    case_option,
    count,
    describe_finding,
    emit_json,
    ensure_models,
    json_option,
    message,
    offline_option,
    overwrite_option,
    password_option,
    policy_option,
    printable,
    refuse_originals,
    stderr_console,
    thorough_option,
)
from saferedact.cli.safe_names import message_names, with_name_findings, with_safe_names
from saferedact.detectors.registry import needed_models
from saferedact.errors import DestinationError, InputError
from saferedact.media.image_formats import format_for_suffix
from saferedact.pipeline.batch import Failure, Outcome, redact_many
from saferedact.pipeline.contact_sheet import write_contact_sheets
from saferedact.pipeline.jobs import Job, Skipped, plan_jobs
from saferedact.pipeline.progress import Progress, listening
from saferedact.plan import MetadataRegion, save_plan
from saferedact.policy import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["redact"]

_WARNINGS_SHOWN = 3
"""Warnings on one file that are told one by one; a picture of a crowd can have a hundred."""


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "destination",
    required=True,
    metavar="DEST",
    help="The new file, or the folder for the new files.",
)
@policy_option
@case_option
@overwrite_option
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Files, or pages of a single document, to work on side by side in processes.",
)
@click.option(
    "--start",
    type=Clock(),
    help="Make a preview of a video: begin here, as 90, 1:30 or 0:01:30.5.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep the work on long videos, and go on where a run was cut off.",
)
@click.option("--end", type=Clock(), help="Make a preview of a video: end here.")
@thorough_option
@click.option(
    "--plans",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Keep the plan of each file here.",
)
@click.option(
    "--contact-sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw the results with their regions outlined; holds no pixel of an original.",
)
@click.option(
    "--safe-names",
    is_flag=True,
    help="Name the copies file-0001 and so on; --plans keeps which is which.",
)
@offline_option
@password_option
@json_option
def redact(
    *,
    sources: tuple[str, ...],
    destination: str,
    policy: str,
    case: Path | None,
    overwrite: bool,
    jobs: int,
    resume: bool,
    start: float | None,
    end: float | None,
    thorough: bool,
    plans: Path | None,
    contact_sheet: Path | None,
    safe_names: bool,
    offline: bool,
    as_json: bool,
) -> None:
    """Make copies that are safe to publish.

    SOURCE is a file, a folder or a pattern. What is found is hidden, everything but pixels is
    dropped, and each copy is checked before it appears. One file that fails does not stop the
    others; it has no copy then, and the exit code says so.

    --start and --end make a preview of a video, without sound, that shows only what lies between.
    """
    chosen = load_policy(policy)
    people = None if case is None else load_case(case)
    if chosen.undecided == "refuse":
        msg = f"the policy {chosen.name} only proposes: use detect, plan and apply"
        raise InputError(msg)
    work, skipped = plan_jobs(sources, destination)
    if start is not None or end is not None:
        part = (start or 0.0, math.inf if end is None else end)
        work = [replace(job, part=part) for job in work]
    work = [replace(job, resume=resume, thorough=thorough) for job in work]
    called = message_names(
        [*(job.name for job in work), *(item.name for item in skipped)], policy=chosen, case=people
    )
    for item in skipped:
        message(f"{called[item.name]}: not taken: {item.reason}")
    if not work and not any(item.is_error for item in skipped):
        msg = "there is no file to redact in what was named"
        raise InputError(msg)
    if safe_names:
        work = with_safe_names(work, destination, plans, overwrite=overwrite)
    _check_by_products(work, plans, contact_sheet, overwrite=overwrite)
    ensure_models(needed_models(chosen), offline=offline)
    outcomes: list[Outcome] = []
    with _progress(len(work), jobs) as advance:
        for outcome in redact_many(
            work, policy=chosen, case=people, overwrite=overwrite, workers=jobs
        ):
            outcome = with_name_findings(outcome, policy=chosen, case=people)  # noqa: PLW2901
            outcomes.append(outcome)
            advance(
                [
                    f"{called[outcome.job.name]}: {_line(outcome)}",
                    *(f"  {line}" for line in _warnings(outcome)),
                ]
            )
            if plans is not None:
                _keep_plan(outcome, plans, overwrite=overwrite)
    order = {job: place for place, job in enumerate(work)}
    outcomes.sort(key=lambda outcome: order[outcome.job])
    if contact_sheet is not None:
        _draw(outcomes, contact_sheet, called, overwrite=overwrite)
    if as_json:
        emit_json(_as_tree(outcomes, skipped))
    else:
        click.echo(_summary(outcomes, skipped))
    click.get_current_context().exit(_exit_code(outcomes, skipped))


@contextmanager
def _progress(total: int, jobs: int = 1) -> "Iterator[Callable[[Iterable[str]], None]]":
    """Show a bar on a terminal, and the lines for each file anywhere."""
    console = stderr_console()
    if console is None:

        def tell(lines: Iterable[str]) -> None:
            for line in lines:
                message(line)

        yield tell
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar, ExitStack() as stack:
        task = bar.add_task("files", total=total, speed="")
        if total == 1 or jobs == 1:  # frames are told by this process alone
            step = bar.add_task("", total=None, speed="", visible=False)
            stack.enter_context(listening(partial(_show_step, bar, step)))

        def advance(lines: Iterable[str]) -> None:
            for line in lines:  # through the console, which clears its bar first
                console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
            bar.advance(task)

        yield advance


def _show_step(bar: "Bar", task: "TaskID", progress: Progress) -> None:
    """Show how far a step of one file has come, with its speed."""
    shown = bar.tasks[bar.task_ids.index(task)]
    if shown.description != progress.step:
        bar.reset(task, description=progress.step, visible=True, speed="")
    elapsed = shown.elapsed or 0.0
    rate = progress.done / elapsed if elapsed > 1 else 0.0
    speed = f"{rate:.{0 if rate >= 10 else 1}f}/s" if rate else ""  # frames are many, pages few
    bar.update(task, completed=progress.done, total=progress.total, speed=speed)


def _line(outcome: Outcome) -> str:
    result = outcome.result
    if isinstance(result, Failure):
        return f"failed: {result.message}"
    regions = result.plan.visible_regions()
    unsure = sum(region.needs_review for region in regions)
    dropped = sum(isinstance(region, MetadataRegion) for region in result.plan.regions)
    parts = [count(len(regions), "region") + (f" ({unsure} to review)" if unsure else "")]
    if dropped:
        parts.append(f"{count(dropped, 'piece')} of hidden data dropped")
    if result.repairs:
        parts.append(count(result.repairs, "repair"))
    warnings = sum(finding.level == "WARN" for finding in result.report.findings)
    if warnings:
        parts.append(count(warnings, "warning"))
    return ", ".join([*parts, *result.report.notes])


def _warnings(outcome: Outcome) -> Iterator[str]:
    """Say what the warnings on a file are: nobody can act on their number."""
    if isinstance(outcome.result, Failure):
        return
    found = [finding for finding in outcome.result.report.findings if finding.level == "WARN"]
    yield from map(describe_finding, found[:_WARNINGS_SHOWN])
    if len(found) > _WARNINGS_SHOWN:
        yield f"{len(found) - _WARNINGS_SHOWN} more: see --json"


def _summary(outcomes: Iterable[Outcome], skipped: Iterable[Skipped]) -> str:
    results = [outcome.result for outcome in outcomes]
    done = [result for result in results if not isinstance(result, Failure)]
    warned = sum(result.report.verdict == "review" for result in done)
    failed = len(results) - len(done) + sum(item.is_error for item in skipped)
    parts = [f"{count(len(done), 'file')} written", f"{failed} failed"]
    left = sum(not item.is_error for item in skipped)
    if left:
        parts.append(f"{left} not taken")
    text = ", ".join(parts)
    if not done:
        return text
    outcome = f"warnings on {count(warned, 'file')}" if warned else "no finding"
    not_run = sorted({check.name for result in done for check in result.report.checks_not_run})
    return (
        f"{text}; {outcome} from the checks that ran"
        f"; not run: {', '.join(not_run) if not_run else 'none'}"
    )


def _as_tree(outcomes: Iterable[Outcome], skipped: Iterable[Skipped]) -> dict[str, Any]:
    return {
        "files": [_file_tree(outcome) for outcome in outcomes],
        "not_taken": [
            {"name": item.name, "reason": item.reason, "is_error": item.is_error}
            for item in skipped
        ],
    }


def _file_tree(outcome: Outcome) -> dict[str, Any]:
    result = outcome.result
    if isinstance(result, Failure):
        error = {
            "code": result.code,
            "message": result.message,
            "exit_code": result.exit_code,
        }
        return {"name": outcome.job.name, "error": error}
    return {
        "name": outcome.job.name,
        "output": str(outcome.job.destination),
        "regions": len(result.plan.visible_regions()),
        "repairs": result.repairs,
        "notes": list(result.report.notes),
        "report": result.report.model_dump(mode="json", by_alias=True),
    }


def _check_by_products(
    work: Iterable[Job], plans: Path | None, contact_sheet: Path | None, *, overwrite: bool
) -> None:
    """Refuse, before hours of work, what could not be written at its end."""
    paths = [_plan_path(job, plans) for job in work] if plans is not None else []
    if contact_sheet is not None:
        format_for_suffix(contact_sheet)
        files = [path for job in work for path in (job.source, job.destination)]
        for sheet in (contact_sheet, *_further_sheets(contact_sheet, files)):
            refuse_originals(sheet, files)
        paths.append(contact_sheet)
    for path in paths:
        if os.path.lexists(path) and not overwrite:
            msg = f"{path.name} exists already; --overwrite replaces it"
            raise DestinationError(msg)


def _further_sheets(sheet: Path, files: Iterable[Path]) -> Iterator[Path]:
    """Yield the places of a second and later sheet that a file may have: how many follow is not known yet."""
    form = re.compile(rf"{re.escape(sheet.stem)}-\d+", re.IGNORECASE)
    for stem in {path.stem for path in files}:
        if form.fullmatch(stem):
            yield sheet.with_stem(stem)


def _plan_path(job: Job, folder: Path) -> Path:
    return folder / f"{job.name}.plan.json"


def _keep_plan(outcome: Outcome, folder: Path, *, overwrite: bool) -> None:
    if isinstance(outcome.result, Failure):
        return
    path = _plan_path(outcome.job, folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"the folder for plans cannot be made: {error.strerror or 'refused'}"
        raise InputError(msg) from None
    save_plan(outcome.result.plan, path, overwrite=overwrite)


def _draw(
    outcomes: Iterable[Outcome], path: Path, called: Mapping[str, str], *, overwrite: bool
) -> None:
    made = [
        (outcome.job.name, outcome.job.destination, outcome.result.plan)
        for outcome in outcomes
        if not isinstance(outcome.result, Failure)
    ]
    sheets = write_contact_sheets(
        [(destination, plan) for _, destination, plan in made], path, overwrite=overwrite
    )
    width = int(math.log10(max(len(made), 1))) + 1
    for number, (name, _, _) in enumerate(made, start=1):
        message(f"{number:>{width}}  {called[name]}")
    for sheet in sheets:
        message(f"contact sheet: {sheet}")


def _exit_code(outcomes: Iterable[Outcome], skipped: Iterable[Skipped]) -> int:
    """Return the highest exit code of a failure, or 0."""
    codes = [
        outcome.result.exit_code for outcome in outcomes if isinstance(outcome.result, Failure)
    ]
    codes += [InputError.exit_code for item in skipped if item.is_error]
    return max(codes, default=0)
