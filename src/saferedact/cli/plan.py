"""``saferedact plan``: show, accept, reject, add, set."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from saferedact.cli._common import emit_json, json_option, message
from saferedact.errors import InputError
from saferedact.pipeline.clock import clock
from saferedact.plan import (
    MetadataRegion,
    Plan,
    Region,
    TrackRegion,
    edit,
    load_plan,
    save_plan,
)
from saferedact.plan.fields import PlanOperator, PlanShape

__all__ = ["plan"]

_PLAN_FILE = click.Path(dir_okay=False, path_type=Path)
_SCORE = click.FloatRange(0, 1)
_OPERATOR = click.Choice(get_args(PlanOperator))
_SHAPE = click.Choice(get_args(PlanShape))
_COLUMNS = ("id", "label", "frame", "box or time", "score", "operator", "decision", "review")

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Box(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on only
    """A box written as ``X1,Y1,X2,Y2``."""

    name = "X1,Y1,X2,Y2"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            x1, y1, x2, y2 = (float(part) for part in value.split(","))
        except ValueError:
            self.fail("must be four numbers with commas between them", param, ctx)
        return (x1, y1, x2, y2)


def _plan_argument(function: _Function) -> _Function:
    return click.argument("path", metavar="PLAN", type=_PLAN_FILE)(function)


def _output_option(function: _Function) -> _Function:
    return click.option(
        "-o",
        "--output",
        type=_PLAN_FILE,
        help="Write the changed plan to this new file; without it PLAN itself is changed.",
    )(function)


def _choice_options(function: _Function) -> _Function:
    """Add the options that say which regions an edit is about."""
    options = (
        click.option("--id", "ids", multiple=True, metavar="ID", help="This region; repeatable."),
        click.option("--label", metavar="LABEL", help="Regions with this label."),
        click.option("--frame", type=click.IntRange(min=0), help="Regions of this frame."),
        click.option("--min-score", type=_SCORE, help="Regions with at least this score."),
        click.option("--max-score", type=_SCORE, help="Regions with at most this score."),
        click.option("--all", "every", is_flag=True, help="Every region."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group()
def plan() -> None:
    """Show and edit a plan.

    A region is hidden when its decision is accepted, stays visible when it is rejected, and the
    policy says what happens to one that is only proposed.
    """


@plan.command()
@_plan_argument
@click.option("--label", metavar="LABEL", help="Only regions with this label.")
@click.option("--frame", type=click.IntRange(min=0), help="Only regions of this frame.")
@click.option("--min-score", type=_SCORE, help="Only regions with at least this score.")
@click.option("--max-score", type=_SCORE, help="Only regions with at most this score.")
@json_option
def show(*, path: Path, as_json: bool, **conditions: Any) -> None:
    """Show the regions of a PLAN, and which detectors looked."""
    loaded = load_plan(path)
    chosen = frozenset(edit.select(loaded, **conditions))
    regions = [region for region in loaded.regions if region.id in chosen]
    if as_json:
        tree = loaded.model_dump(mode="json", by_alias=True, exclude={"regions"})
        emit_json({**tree, "regions": [region.model_dump(mode="json") for region in regions]})
        return
    for line in _table([_COLUMNS, *(_row(region, loaded) for region in regions)]):
        click.echo(line)
    click.echo(f"{len(regions)} of {len(loaded.regions)} regions")
    for detector in loaded.detectors:
        state = "ran" if detector.status == "ran" else f"did not run ({detector.reason})"
        click.echo(f"{detector.name} {detector.version} {state}: {', '.join(detector.labels)}")


@plan.command()
@_plan_argument
@_choice_options
@_output_option
@json_option
def accept(*, path: Path, output: Path | None, as_json: bool, **choice: Any) -> None:
    """Decide that regions are hidden."""
    loaded = load_plan(path)
    ids = _chosen(loaded, **choice)
    _finish(edit.accept(loaded, ids), ids, path, output, as_json=as_json)


@plan.command()
@_plan_argument
@_choice_options
@click.option("--reason", metavar="CODE", help="Code of the reason, as S40.2.")
@_output_option
@json_option
def reject(
    *, path: Path, reason: str | None, output: Path | None, as_json: bool, **choice: Any
) -> None:
    """Decide that regions stay visible.

    Hidden data cannot stay; the options other than --id leave it out.
    """
    loaded = load_plan(path)
    ids = _chosen(loaded, visible=True, **choice)
    _finish(edit.reject(loaded, ids, reason_code=reason), ids, path, output, as_json=as_json)


@plan.command()
@_plan_argument
@click.option("--box", type=_Box(), required=True, help="Corners in upright pixels.")
@click.option(
    "--frame", type=click.IntRange(min=0), default=0, show_default=True, help="Frame or page."
)
@click.option(
    "--last-frame",
    type=click.IntRange(min=0),
    help="In a video, the last frame where the box stands; without it --frame alone.",
)
@click.option("--label", metavar="LABEL", default="face", show_default=True, help="What is there.")
@click.option(
    "--operator", type=_OPERATOR, default="solid", show_default=True, help="What hides it."
)
@click.option("--shape", type=_SHAPE, default="rectangle", show_default=True, help="Its form.")
@_output_option
@json_option
def add(
    *,
    path: Path,
    box: tuple[float, float, float, float],
    frame: int,
    last_frame: int | None,
    label: str,
    operator: PlanOperator,
    shape: PlanShape,
    output: Path | None,
    as_json: bool,
) -> None:
    """Add a region that no detector saw; it is accepted."""
    changed = edit.add_box(
        load_plan(path),
        frame=frame,
        last_frame=last_frame,
        xyxy=box,
        label=label,
        operator=operator,
        shape=shape,
    )
    added = changed.regions[-1].id
    _finish(changed, (added,), path, output, as_json=as_json)
    if not as_json:
        message(f"added {added}")


@plan.command("set")
@_plan_argument
@_choice_options
@click.option("--operator", type=_OPERATOR, help="What hides the regions.")
@click.option("--shape", type=_SHAPE, help="Their form.")
@click.option("--reason", metavar="CODE", help="Code of the reason, as S40.2.")
@click.option("--person", metavar="REF", help="Whom they show, as a case file's reference: W1.")
@_output_option
@json_option
def set_command(
    *,
    path: Path,
    operator: PlanOperator | None,
    shape: PlanShape | None,
    reason: str | None,
    person: str | None,
    output: Path | None,
    as_json: bool,
    **choice: Any,
) -> None:
    """Change how regions are hidden, why, and whom they show."""
    if all(value is None for value in (operator, shape, reason, person)):
        text = "say what to set: --operator, --shape, --reason or --person"
        raise click.UsageError(text)
    changed = load_plan(path)
    ids = _chosen(changed, visible=True, **choice)
    if operator is not None:
        changed = edit.set_operator(changed, ids, operator)
    if shape is not None:
        changed = edit.set_shape(changed, ids, shape)
    if reason is not None:
        changed = edit.set_reason_code(changed, ids, reason)
    if person is not None:
        changed = edit.set_person_ref(changed, ids, person)
    _finish(changed, ids, path, output, as_json=as_json)


def _chosen(
    loaded: Plan,
    *,
    ids: tuple[str, ...],
    every: bool,
    visible: bool = False,
    **conditions: Any,
) -> tuple[str, ...]:
    """Return the ids an edit is about; regions named one by one are taken whatever their kind.

    With `visible` all others leave hidden data out.
    """
    conditional = any(value is not None for value in conditions.values())
    if every and (ids or conditional):
        text = "--all goes with no other choice of regions"
        raise click.UsageError(text)
    if not (every or ids or conditional):
        text = "say which regions: --id, --label, --frame, --min-score, --max-score or --all"
        raise click.UsageError(text)
    chosen = edit.select(loaded, ids=ids or None, visible=visible and not ids, **conditions)
    if not chosen:
        text = "no region of the plan matches"
        raise InputError(text)
    return chosen


def _finish(
    changed: Plan, ids: tuple[str, ...], path: Path, output: Path | None, *, as_json: bool
) -> None:
    """Write the changed plan, and say which regions changed."""
    save_plan(changed, output or path, overwrite=output is None)
    if as_json:
        emit_json({"changed": list(ids)})
    else:
        click.echo(f"changed {len(ids)} of {len(changed.regions)} regions")


def _row(region: Region, plan: Plan) -> tuple[str, ...]:
    if isinstance(region, MetadataRegion):
        frame, box = "-", f"{region.channel}, {region.length} bytes"
    else:
        frame = str(region.place[0])
        box = ",".join(f"{value:.10g}" for value in region.place[1])
    if isinstance(region, TrackRegion):
        frame, box = f"{frame}-{region.frame[-1]}", clock(region, plan)
    review = "review" if region.needs_review else ""
    score = f"{region.score:.2f}"
    return (region.id, region.label, frame, box, score, region.operator, region.decision, review)


def _table(rows: list[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
