"""The only door between plans and JSON.

`load_plan` takes any bytes to a `Plan`, or to one `PlanInvalidError` that lists every problem with
its place and quotes nothing of the content. `dump_plan` writes one canonical form, with each region
on a line of its own, so that two versions of a plan can be compared as text.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from saferedact.document_io import MAX_PROBLEMS, read_bounded, read_json_object
from saferedact.documents import Loc, path_text, problems_of
from saferedact.errors import PlanInvalidError, Problem
from saferedact.files import atomic_output
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.plan.model import PLAN_FIELDS, MediaRecord, Plan, cross_faults
from saferedact.plan.regions import Region

__all__ = ["dump_plan", "load_plan", "save_plan"]

T = TypeVar("T")

_TAGS = frozenset({"image", "track", "page", "metadata"})
_REGION: TypeAdapter[Region] = TypeAdapter(Annotated[Region, Field(discriminator="kind")])

_MIGRATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For each old schema id, a pure function that takes its tree to the next version's."""


def load_plan(source: bytes | str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Plan:
    """Read a plan.

    Parameters
    ----------
    source : bytes or str or Path
        The JSON itself as bytes, or the path of a file that holds it.
    limits : Limits
        `max_plan_bytes` is checked before parsing, `max_regions` before any region is looked at.

    Returns
    -------
    Plan
        The plan, in the newest schema.

    Raises
    ------
    PlanInvalidError
        If the content is no valid plan. `problems` lists every fault (of more than 1,000, the
        first).
    InputError
        If the file cannot be read.
    """
    if not isinstance(source, bytes):
        source = read_bounded(Path(source), limits.max_plan_bytes, what="plan")
    tree, problems = read_json_object(source, max_bytes=limits.max_plan_bytes, known=PLAN_FIELDS)
    if tree is None:
        raise PlanInvalidError(problems)
    plan, more = _plan_from_tree(_migrated(tree), limits.max_regions)
    problems += more
    if plan is None or problems:
        raise PlanInvalidError(problems)
    return plan


def dump_plan(plan: Plan) -> bytes:
    """Write a plan as canonical JSON: UTF-8, fields in the models' order, one region on a line.

    ``load_plan(dump_plan(plan)) == plan``, and equal plans give equal bytes.
    """
    tree = plan.model_dump(mode="json", by_alias=True)
    regions = ",\n".join(f"    {json.dumps(region)}" for region in tree.pop("regions"))
    head = "".join(f'  "{name}": {json.dumps(value)},\n' for name, value in tree.items())
    body = f"[\n{regions}\n  ]" if regions else "[]"
    return f'{{\n{head}  "regions": {body}\n}}\n'.encode()


def save_plan(plan: Plan, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a plan to a file, whole or not at all.

    Raises
    ------
    DestinationError
        If the file exists and `overwrite` is false.
    RedactionError
        If it cannot be written.
    """
    with atomic_output(Path(path), overwrite=overwrite) as temporary:
        temporary.write_bytes(dump_plan(plan))


def _migrated(tree: dict[str, Any]) -> dict[str, Any]:
    schema = tree.get("schema")
    while isinstance(schema, str) and schema in _MIGRATIONS:
        tree = _MIGRATIONS[schema](tree)
        schema = tree.get("schema")
    return tree


def _plan_from_tree(tree: dict[str, Any], max_regions: int) -> tuple[Plan | None, list[Problem]]:
    # Head and regions are validated apart, and the regions one by one, so that the number of
    # faults in memory stays bounded. "schema" has a default for those who build a plan in code.
    head, problems = _validated(Plan.model_validate, {"schema": None, **tree, "regions": ()}, ())
    regions, region_problems = _regions_from_tree(tree, max_regions)
    problems += region_problems
    if head is not None and not problems:
        whole = {**tree, "regions": tuple(region for _, region in regions)}
        return _validated(Plan.model_validate, whole, ())
    media, _ = _validated(MediaRecord.model_validate, tree.get("media"), ())
    faults = cross_faults(regions, media)[:MAX_PROBLEMS]
    return None, problems + [(path_text(loc, PLAN_FIELDS), text) for loc, text in faults]


def _regions_from_tree(
    tree: dict[str, Any], max_regions: int
) -> tuple[list[tuple[int, Region]], list[Problem]]:
    if "regions" not in tree:
        return [], [("$.regions", "is missing")]
    entries = tree["regions"]
    if not isinstance(entries, list):
        return [], [("$.regions", "must be a list")]
    if len(entries) > max_regions:
        return [], [("$.regions", f"must have at most {max_regions} entries")]
    regions: list[tuple[int, Region]] = []
    problems: list[Problem] = []
    for index, entry in enumerate(entries):
        region, faults = _validated(_REGION.validate_python, entry, ("regions", index))
        problems += faults
        if region is not None:
            regions.append((index, region))
        if len(problems) >= MAX_PROBLEMS:
            problems.append(("$.regions", "has more problems, which are not listed"))
            break
    return regions, problems


def _validated(
    validate: Callable[[object], T], value: object, loc: Loc
) -> tuple[T | None, list[Problem]]:
    try:
        return validate(value), []
    except ValidationError as error:
        return None, problems_of(error, known=PLAN_FIELDS, tags=_TAGS, root=loc)
