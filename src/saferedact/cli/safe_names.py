"""What ``saferedact redact`` does about the names of files: warn, or give them neutral ones."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from saferedact.casefile import CaseFile
from saferedact.errors import DestinationError, InputError
from saferedact.files import atomic_output
from saferedact.pipeline.batch import Failure, Outcome
from saferedact.pipeline.file_names import name_findings, neutral_names, shown_name
from saferedact.pipeline.jobs import Job
from saferedact.policy import Policy
from saferedact.report import CheckRun

__all__ = ["MAP_NAME", "message_names", "with_name_findings", "with_safe_names"]

MAP_NAME = "names.json"
"""File beside the plans that says which original a neutral name stands for. It names people."""


def with_name_findings(outcome: Outcome, *, policy: Policy, case: CaseFile | None) -> Outcome:
    """Add to the report of one file what its new path says about people.

    Parameters
    ----------
    outcome : Outcome
        What became of the file.
    policy : Policy
        What is looked for.
    case : CaseFile or None
        Who is known.
    """
    if isinstance(outcome.result, Failure):
        return outcome
    path = _published_path(outcome.job)
    report = outcome.result.report
    findings = (*report.findings, *name_findings(path, policy=policy, case=case))
    run = (*report.checks_run, CheckRun(name="file-names", detail="by rules, without a model"))
    report = report.model_copy(update={"findings": findings, "checks_run": run})
    return replace(outcome, result=replace(outcome.result, report=report))


def _published_path(job: Job) -> str:
    """Return the part of the new path that the job's name has as well, or the file's name alone."""
    place = job.destination.as_posix()
    return job.name if place.endswith(f"/{job.name}") else job.destination.name


def message_names(names: Iterable[str], *, policy: Policy, case: CaseFile | None) -> dict[str, str]:
    """Say how files are called in messages, which may end in a log.

    Parameters
    ----------
    names : iterable of str
        Paths with forward slashes, in the order of the work.
    policy : Policy
        What is looked for.
    case : CaseFile or None
        Who is known.

    Returns
    -------
    dict of str to str
        For each name itself, or with placeholders and its place in the order.
    """
    shown: dict[str, str] = {}
    for number, name in enumerate(dict.fromkeys(names), start=1):
        fit = shown_name(name, policy=policy, case=case)
        shown[name] = name if fit == name else f"{fit} (file {number})"
    return shown


def with_safe_names(
    jobs: Sequence[Job], destination: str, plans: Path | None, *, overwrite: bool
) -> list[Job]:
    """Give every copy a name that says nothing, and keep which is which beside the plans.

    Parameters
    ----------
    jobs : sequence of Job
        What is to be made.
    destination : str
        The folder that the copies go to.
    plans : Path or None
        Folder of the plans.
    overwrite : bool
        Whether an earlier map may be replaced.

    Returns
    -------
    list of Job
        The same jobs with other destinations, all in `destination` itself.

    Raises
    ------
    InputError
        If there is no folder for the map, or the copies do not go to a folder.
    DestinationError
        If the map would be written into the folder of the copies, or exists already.
    """
    folder = Path(destination)
    if plans is None:
        msg = "--safe-names needs --plans, the folder that keeps which name is which"
        raise InputError(msg)
    if any(job.destination == folder for job in jobs):
        msg = "--safe-names needs a folder for the copies"
        raise InputError(msg)
    if _lies_in(plans, folder):
        msg = "the plans' folder lies in the folder of the copies: the map would be published"
        raise DestinationError(msg)
    names = neutral_names(job.name for job in jobs)
    _keep_map({new: old for old, new in names.items()}, plans, overwrite=overwrite)
    return [replace(job, destination=folder / names[job.name]) for job in jobs]


def _lies_in(inner: Path, outer: Path) -> bool:
    real, around = (os.path.normcase(os.path.realpath(path)) for path in (inner, outer))
    return real == around or real.startswith(around.rstrip(os.sep) + os.sep)


def _keep_map(names: dict[str, str], plans: Path, *, overwrite: bool) -> None:
    try:
        plans.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"the folder for plans cannot be made: {error.strerror or 'refused'}"
        raise InputError(msg) from None
    with atomic_output(plans / MAP_NAME, overwrite=overwrite, private=True) as temporary:
        temporary.write_text(json.dumps(names, indent=2) + "\n", encoding="utf-8")
