"""``saferedact probe``: what a file is, and what it carries beside its pixels."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from saferedact.cli._common import emit_json, json_option, password_option
from saferedact.errors import SaferedactError, UnsupportedFormatError
from saferedact.limits import DEFAULT_LIMITS
from saferedact.media.base import MediaInfo
from saferedact.media.hidden_data import CHANNELS, Channel, scan_hidden_data
from saferedact.media.image_read import open_image
from saferedact.media.kinds import kind_of
from saferedact.media.pdf_worker import open_pdf
from saferedact.media.video_base import VideoInfo
from saferedact.media.video_read import open_video

__all__ = ["probe"]


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@password_option
@json_option
def probe(source: Path, as_json: bool) -> None:
    """Say what a file is and what it hides.

    Reads the file only; shows kinds and sizes of hidden data, never their content.
    """
    facts, line, notes = _describe(source)
    try:
        items = scan_hidden_data(source) if facts["kind"] != "pdf" else ()
        unreadable = None
    except SaferedactError as error:
        items = ()
        unreadable = error.message
    if as_json:
        emit_json(
            {
                **facts,
                "notes": list(notes),
                "hidden_data": [
                    {"channel": item.channel, "offset": item.offset, "length": item.length}
                    for item in items
                ],
                "hidden_data_unreadable": unreadable,
            }
        )
        return
    click.echo(line)
    for note in notes:
        click.echo(f"note: {note}")
    counts: Counter[Channel] = Counter(item.channel for item in items)
    for channel, count in counts.items():
        size = sum(item.length for item in items if item.channel == channel)
        click.echo(f"hidden: {channel} x {count}, {size} bytes ({CHANNELS[channel]})")
    if unreadable is not None:
        click.echo(f"hidden data cannot be listed: {unreadable}")
    elif not items and facts["kind"] != "pdf":
        click.echo("no hidden data found in the container")


def _describe(source: Path) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """Facts for programs, a line for people, and notes."""
    if kind_of(source) == "pdf":
        return _describe_document(source)
    try:
        with open_image(source) as image:
            return _describe_image(image.info)
    except UnsupportedFormatError as no_image:
        try:
            with open_video(source) as video:
                return _describe_video(video.info)
        except UnsupportedFormatError:
            raise no_image from None


def _describe_document(source: Path) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    with open_pdf(source, limits=DEFAULT_LIMITS) as document:
        sizes, hidden, notes = (
            document.facts.sizes,
            document.facts.hidden,
            document.facts.notes,
        )
    width, height = sizes[0]
    facts = {
        "kind": "pdf",
        "format": "PDF",
        "width": round(width, 2),
        "height": round(height, 2),
        "frames": len(sizes),
        "dropped": dict(hidden),
    }
    line = f"PDF, {width:.0f} x {height:.0f} points, pages: {len(sizes)}"
    dropped = tuple(f"{channel} x {count}" for channel, count in sorted(hidden.items()))
    return facts, line, (*notes, *(f"dropped from a copy: {item}" for item in dropped))


def _describe_image(info: MediaInfo) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    width, height = info.size_wh
    facts = {
        "kind": info.kind,
        "format": info.format,
        "width": width,
        "height": height,
        "frames": info.frames,
        "bit_depth": info.bit_depth,
        "channels": info.channels,
        "orientation": info.orientation,
        "lossy": info.lossy,
    }
    line = f"{info.format}, {width} x {height} px, {info.bit_depth} bit, frames: {info.frames}"
    return facts, line, info.notes


def _describe_video(info: VideoInfo) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    width, height = info.upright_size_wh
    rate = float(info.average_rate) if info.average_rate else None
    facts = {
        "kind": "video",
        "format": info.container,
        "codec": info.codec,
        "width": width,
        "height": height,
        "frames": info.frames_declared,
        "duration_s": info.duration_s,
        "rate": rate,
        "bit_depth": info.bit_depth,
        "orientation": int(info.orientation),
        "interlaced": info.interlaced,
        "hdr": info.hdr is not None,
        "audio": [
            {"codec": audio.codec, "rate": audio.rate, "channels": audio.channels}
            for audio in info.audio
        ],
        "other_streams": list(info.other_streams),
    }
    speed = f", {rate:.2f} frames/s" if rate else ""
    line = (
        f"{info.container} ({info.codec}), {width} x {height} px, {info.bit_depth} bit, "
        f"{info.duration_s:.1f} s{speed}, sound: {len(info.audio)}, "
        f"other streams: {len(info.other_streams)}"
    )
    return facts, line, info.notes
