"""``saferedact check``: judge a file or a release before it is published."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from saferedact.checks.catalogue import catalogue, rule_named
from saferedact.cli._common import (
    count,
    describe_finding,
    emit_json,
    ensure_models,
    jobs_option,
    json_option,
    offline_option,
    policy_option,
    refuse_originals,
    say,
    stderr_console,
)
from saferedact.detectors.minilm import MODEL as WORDING
from saferedact.detectors.names import NAME_MODELS
from saferedact.detectors.registry import needed_models
from saferedact.detectors.spacy_names import MODEL as GRAMMAR
from saferedact.errors import FindingsError, InputError
from saferedact.files import atomic_output, check_destination
from saferedact.pipeline.check import check as run
from saferedact.pipeline.materials import release_files
from saferedact.policy import Policy, load_policy
from saferedact.report import Report
from saferedact.report.mosaic import Mosaic, Mosaics

__all__ = ["check", "models_for", "show_report", "write_reports"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("path", type=_FILE, required=False)
@click.option("--case", type=_FILE, help="The case file; without it some checks cannot run.")
@click.option("--html", type=_FILE, help="Write the report as one page for people.")
@click.option("--sarif", type=_FILE, help="Write the report as SARIF 2.1.0.")
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", help="Run this rule only; repeatable."
)
@click.option(
    "--extra",
    multiple=True,
    metavar="NAME",
    help="Run a check of another package too, by its name; repeatable. None runs unnamed.",
)
@click.option(
    "--plan",
    type=_FILE,
    help="The plan that PATH, one picture, was made by: what it hid safely is no weak redaction.",
)
@click.option("--explain", metavar="ID", help="Explain a rule and its sources; 'list' names all.")
@click.option("--overwrite", is_flag=True, help="Replace reports that exist.")
@policy_option
@jobs_option
@offline_option
@json_option
def check(
    *,
    path: Path | None,
    case: Path | None,
    html: Path | None,
    sarif: Path | None,
    rules: tuple[str, ...],
    extra: tuple[str, ...],
    plan: Path | None,
    explain: str | None,
    overwrite: bool,
    policy: str,
    jobs: int,
    offline: bool,
    as_json: bool,
) -> None:
    """Judge what is about to be published.

    PATH is a file, or a folder that holds one release. Exit code 1 if a finding forbids publication.
    No finding means no finding from the checks that ran, never "safe".
    """
    if explain is not None:
        _explain(explain)
        return
    if path is None:
        msg = "name a file or a folder to check"
        raise InputError(msg)
    chosen = load_policy(policy)
    files = release_files(path)
    for output in (html, sarif):
        if output is not None:
            refuse_originals(output, [*files, *([case] if case else [])])
            check_destination(output, overwrite=overwrite)
    ensure_models(models_for(chosen), offline=offline)
    maps: dict[tuple[str, int], Mosaic] = {}
    report = _with_progress(
        partial(
            run,
            path,
            case=case,
            policy=chosen,
            rules=rules,
            extra=extra,
            plan=plan,
            mosaics=None if html is None else maps,
            jobs=jobs,
        )
    )
    if not as_json:
        show_report(report)
    write_reports(report, html=html, sarif=sarif, overwrite=overwrite, mosaics=maps)
    if as_json:
        emit_json(report.model_dump(mode="json", by_alias=True))
    if report.verdict == "blocked":
        msg = "findings forbid publication"
        raise FindingsError(msg)


def models_for(policy: Policy) -> tuple[str, ...]:
    """Names of the models that a check under a policy needs."""
    names = NAME_MODELS if "name" in policy.labels else (GRAMMAR,)
    return tuple(dict.fromkeys((*needed_models(policy), *names, WORDING)))


def _explain(rule_id: str) -> None:
    if rule_id == "list":
        for rule in catalogue().rules:
            say(f"{rule.id}  {rule.level:5}  {rule.title}")
        return
    click.echo(rule_named(rule_id.upper()).explain())


def _with_progress(judge: Callable[..., Report]) -> Report:
    console = stderr_console()
    if console is None:
        return judge()
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        return judge(progress=lambda done, all_: bar.update(task, completed=done, total=all_))


def write_reports(
    report: Report,
    *,
    html: Path | None,
    sarif: Path | None,
    overwrite: bool,
    mosaics: Mosaics | None = None,
) -> None:
    """Write the page and the SARIF log, each whole or not at all."""
    if html is not None:
        with atomic_output(html, overwrite=overwrite) as temporary:
            temporary.write_text(report.to_html(mosaics), encoding="utf-8")
    if sarif is not None:
        with atomic_output(sarif, overwrite=overwrite) as temporary:
            temporary.write_text(json.dumps(report.to_sarif(), indent=2), encoding="utf-8")


def _files_of(report: Report) -> Iterator[str]:
    """Say which files the findings mean, where there are several; names that tell something are hidden."""
    if len(report.assets) < 2:
        return
    places = [place for f in report.findings for place in (f.location, *f.also_at)]
    told = {place.asset for place in places}
    for asset in report.assets:
        if asset.id in told:
            yield f"{asset.id} is {asset.name or 'a file whose name could not be judged'}"


def show_report(report: Report) -> None:
    """Write a report for people to standard output: verdict first."""
    verdicts = {
        "blocked": "DO NOT PUBLISH",
        "review": "A PERSON MUST DECIDE",
        "no_finding": "NO FINDING from the checks that ran; this does not mean safe",
    }
    say(verdicts[report.verdict])
    for finding in report.findings:
        say(describe_finding(finding))
    for line in _files_of(report):
        say(line)
    run = len(report.checks_run)
    not_run = len({check.name for check in report.checks_not_run})
    say(f"{count(run, 'check')} ran; {not_run} did not run or not wholly:")
    reasons = Counter(check.reason for check in report.checks_not_run)
    for reason, number in reasons.items():
        names = [c.name for c in report.checks_not_run if c.reason == reason]
        say(f"  {', '.join(names) if number <= 6 else f'{number} checks'}: {reason}")
    for note in report.notes:
        say(f"note: {note}")
