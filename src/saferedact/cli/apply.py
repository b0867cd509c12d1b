"""``saferedact apply``: carry out a plan."""

from pathlib import Path

import click

from saferedact.cli._common import (
    emit_json,
    json_option,
    overwrite_option,
    password_option,
    policy_option,
    refuse_originals,
    say,
)
from saferedact.pipeline import apply as run
from saferedact.plan import load_plan

__all__ = ["apply"]

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("source", type=_FILE)
@click.argument("plan", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, metavar="DEST", help="The new file.")
@policy_option
@overwrite_option
@password_option
@json_option
def apply(
    *, source: Path, plan: Path, output: Path, policy: str, overwrite: bool, as_json: bool
) -> None:
    """Carry a plan out into a new file.

    The new file is compared with the plan before it appears. Whether the plan missed something is
    not judged here: use verify.
    """
    refuse_originals(output, [plan])
    info = run(source, load_plan(plan), output, policy=policy, overwrite=overwrite)
    if as_json:
        emit_json({"output": str(output), "format": info.format, "frames": info.frames})
    else:
        say(f"{output}: written as planned; run verify to look again for what is left")
