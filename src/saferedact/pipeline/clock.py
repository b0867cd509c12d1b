"""Times of a video, written for people."""

from saferedact.plan import Plan, TrackRegion

__all__ = ["clock"]


def clock(track: TrackRegion, plan: Plan) -> str:
    """Write a track's time range as ``0:12.3-0:15.0``; its frames, if it has no times."""
    if track.pts is None or plan.media.time_base is None:
        return f"frames {track.frame[0]}-{track.frame[-1]}"
    unit = plan.media.time_base[0] / plan.media.time_base[1]
    return "-".join(_time(pts * unit) for pts in track.pts)


def _time(seconds: float) -> str:
    tenths = max(0, round(seconds * 10))
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = (
        f"{minutes:02}:{rest // 10:02}.{rest % 10}"
        if hours
        else f"{minutes}:{rest // 10:02}.{rest % 10}"
    )
    return f"{hours}:{text}" if hours else text
