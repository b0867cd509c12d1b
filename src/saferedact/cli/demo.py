"""``saferedact demo``: sample material from this machine, redacted, and what to look at."""

from pathlib import Path

import click

from saferedact.cli._common import ensure_models, message, offline_option, say
from saferedact.cli.check import models_for
from saferedact.cli.demo_material import before_and_after, make_originals
from saferedact.cli.demo_release import demo_release
from saferedact.cli.redact import redact
from saferedact.errors import DestinationError, RedactionError
from saferedact.policy import load_policy

__all__ = ["demo"]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@offline_option
@click.pass_context
def demo(ctx: click.Context, folder: Path, offline: bool) -> None:
    """Make sample material and redact it.

    Writes originals (a public-domain portrait; pictures, a film and a letter composed from it, with
    planted hidden data), redacted copies, their plans and a contact sheet into DIR, which must be new or empty;
    and a fictional release that is refused, redacted, and then passes.
    """
    if folder.exists() and any(folder.iterdir()):
        msg = "the folder for the demo must be new or empty"
        raise DestinationError(msg)
    ensure_models(models_for(load_policy("release")), offline=offline)
    originals = folder / "originals"
    redacted = folder / "redacted"
    try:
        originals.mkdir(parents=True)
        make_originals(originals)
    except OSError as error:
        msg = f"the demo's files cannot be written: {error.strerror or 'refused'}"
        raise RedactionError(msg) from None
    # All formats once; frost is shown on two of them.
    _redact(ctx, [originals], folder, "release")
    _redact(ctx, [originals / "portrait.jpg", originals / "crowd.png"], folder, "frost")
    before_and_after(
        originals / "portrait.jpg",
        [redacted / "release" / "portrait.jpg", redacted / "frost" / "portrait.jpg"],
        folder / "before-after.png",
    )
    say(f"Look at {folder / 'before-after.png'} and {folder / 'contact-sheet-release.png'};")
    say("compare what the files carry:")
    say(f"  saferedact probe {originals / 'portrait.jpg'}")
    say(f"  saferedact probe {redacted / 'release' / 'portrait.jpg'}")
    demo_release(folder)


def _redact(ctx: click.Context, sources: list[Path], folder: Path, policy: str) -> None:
    """Run the very command that users run, with its own defaults for what is not named here."""
    message(f"redacting as the policy {policy} says")
    arguments = {
        "-o": folder / "redacted" / policy,
        "--policy": policy,
        "--plans": folder / "plans" / policy,
        "--contact-sheet": folder / f"contact-sheet-{policy}.png",
    }
    options = [str(part) for pair in arguments.items() for part in pair]
    code = redact.main([*map(str, sources), *options], standalone_mode=False)
    if code:
        ctx.exit(code)
