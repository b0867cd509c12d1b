"""``saferedact detect``: look at a file and write a plan."""

import os
from pathlib import Path

import click

from saferedact.casefile import load_case
from saferedact.cli._common import (
    case_option,
    count,
    emit_json,
    ensure_models,
    json_option,
    message,
    offline_option,
    overwrite_option,
    password_option,
    policy_option,
    refuse_originals,
    say,
)
from saferedact.detectors.registry import needed_models
from saferedact.errors import DestinationError
from saferedact.pipeline import detect as run
from saferedact.plan import MetadataRegion, save_plan
from saferedact.policy import load_policy

__all__ = ["detect"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_FILE)
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="PLAN", help="The plan to write."
)
@policy_option
@case_option
@overwrite_option
@offline_option
@password_option
@json_option
def detect(
    *,
    source: Path,
    output: Path,
    policy: str,
    case: Path | None,
    overwrite: bool,
    offline: bool,
    as_json: bool,
) -> None:
    """Propose what to remove, as a plan.

    Nothing is hidden yet: look at the plan (saferedact plan show), change it (plan accept, reject,
    add, set), then carry it out (apply).
    """
    chosen = load_policy(policy)
    people = None if case is None else load_case(case)
    _check_output(output, source, overwrite=overwrite)
    ensure_models(needed_models(chosen), offline=offline)
    plan = run(source, policy=chosen, case=people)
    save_plan(plan, output, overwrite=overwrite)
    regions = plan.visible_regions()
    unsure = sum(region.needs_review for region in regions)
    hidden = sum(isinstance(region, MetadataRegion) for region in plan.regions)
    not_available = [item.name for item in plan.detectors if item.status != "ran"]
    if as_json:
        emit_json(
            {
                "plan": str(output),
                "regions": len(regions),
                "needs_review": unsure,
                "hidden_data": hidden,
                "not_available": not_available,
            }
        )
        return
    say(
        f"{count(len(regions), 'region')} ({unsure} to review), "
        f"{count(hidden, 'piece')} of hidden data: {output}"
    )
    if not_available:
        message(f"nobody looked for: {', '.join(not_available)}")


def _check_output(output: Path, source: Path, *, overwrite: bool) -> None:
    """Refuse, before minutes of looking, a plan that could not be written at their end."""
    refuse_originals(output, [source])
    if not output.parent.is_dir():
        msg = "the folder for the plan does not exist"
        raise DestinationError(msg)
    if os.path.lexists(output) and not overwrite:
        msg = "the plan exists already; --overwrite replaces it"
        raise DestinationError(msg)
