"""``saferedact detect``: look at a file and write a plan."""

from pathlib import Path

import click

from saferedact.cli._common import (
    emit_json,
    ensure_models,
    json_option,
    message,
    offline_option,
    overwrite_option,
    policy_option,
)
from saferedact.detectors.registry import needed_models
from saferedact.pipeline import detect as run
from saferedact.plan import ImageRegion, MetadataRegion, save_plan
from saferedact.policy import load_policy

__all__ = ["detect"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_FILE)
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="PLAN", help="The plan to write."
)
@policy_option
@overwrite_option
@offline_option
@json_option
def detect(
    *, source: Path, output: Path, policy: str, overwrite: bool, offline: bool, as_json: bool
) -> None:
    """Propose what to remove, as a plan.

    Nothing is hidden yet: look at the plan (saferedact plan show), change it (plan accept, reject,
    add, set), then carry it out (apply).
    """
    chosen = load_policy(policy)
    ensure_models(needed_models(chosen), offline=offline)
    plan = run(source, policy=chosen)
    save_plan(plan, output, overwrite=overwrite)
    regions = [region for region in plan.regions if isinstance(region, ImageRegion)]
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
    click.echo(
        f"{len(regions)} regions ({unsure} to review), {hidden} pieces of hidden data: {output}"
    )
    if not_available:
        message(f"nobody looked for: {', '.join(not_available)}")
