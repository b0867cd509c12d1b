"""``saferedact probe``: what a file is, and what it carries beside its pixels."""

from collections import Counter
from pathlib import Path

import click

from saferedact.cli._common import emit_json, json_option
from saferedact.errors import SaferedactError
from saferedact.limits import DEFAULT_LIMITS
from saferedact.media.hidden_data import CHANNELS, Channel, scan_hidden_data
from saferedact.media.kinds import kind_of
from saferedact.pipeline.medium import medium_for

__all__ = ["probe"]


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@json_option
def probe(source: Path, as_json: bool) -> None:
    """Say what a file is and what it hides.

    Reads the file only; shows kinds and sizes of hidden data, never their content.
    """
    info = medium_for(kind_of(source)).describe(source, limits=DEFAULT_LIMITS)
    try:
        items = scan_hidden_data(source)
        unreadable = None
    except SaferedactError as error:
        items = ()
        unreadable = error.message
    if as_json:
        emit_json(
            {
                "kind": info.kind,
                "format": info.format,
                "width": info.size_wh[0],
                "height": info.size_wh[1],
                "frames": info.frames,
                "bit_depth": info.bit_depth,
                "channels": info.channels,
                "orientation": info.orientation,
                "lossy": info.lossy,
                "notes": list(info.notes),
                "hidden_data": [
                    {"channel": item.channel, "offset": item.offset, "length": item.length}
                    for item in items
                ],
                "hidden_data_unreadable": unreadable,
            }
        )
        return
    width, height = info.size_wh
    click.echo(f"{info.format}, {width} x {height} px, {info.bit_depth} bit, frames: {info.frames}")
    for note in info.notes:
        click.echo(f"note: {note}")
    counts: Counter[Channel] = Counter(item.channel for item in items)
    for channel, count in counts.items():
        size = sum(item.length for item in items if item.channel == channel)
        click.echo(f"hidden: {channel} x {count}, {size} bytes ({CHANNELS[channel]})")
    if unreadable is not None:
        click.echo(f"hidden data cannot be listed: {unreadable}")
    elif not items:
        click.echo("no hidden data found in the container")
