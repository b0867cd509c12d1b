"""Places in words and in time, as every form of a report writes them."""

from saferedact.report.model import Location

__all__ = ["place_text", "timecode"]


def timecode(seconds: float) -> str:
    """Write seconds as ``1:02:03.4``."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest // 10:02d}.{rest % 10}"


def place_text(place: Location, *, with_asset: bool = True) -> str:
    """Word a place: asset, page or frame, time, line, characters, box; empty if there is none."""
    parts = []
    if with_asset and place.asset is not None:
        parts.append(place.asset)
    if place.channel is not None:
        parts.append("file name" if place.channel == "name" else place.channel)
    if place.part:
        parts.append(place.part)
    elif place.frame is not None:
        parts.append(f"frame {place.frame}")
    if place.time is not None:
        parts.append(f"at {timecode(place.time)}")
    if place.line is not None:
        parts.append(f"line {place.line}")
    if place.start is not None and place.end is not None:
        parts.append(f"characters {place.start}-{place.end}")
    if place.xyxy is not None:
        parts.append("box " + ",".join(f"{value:.0f}" for value in place.xyxy))
    return ", ".join(parts)
