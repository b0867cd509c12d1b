"""What a video file is, and a picture of each of its tracks for a contact sheet."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saferedact.limits import Limits
from saferedact.media.base import MediaInfo
from saferedact.media.video_read import open_video
from saferedact.pipeline.clock import clock
from saferedact.pipeline.medium import Tile
from saferedact.plan import Plan, TrackRegion, VisibleRegion
from saferedact.tracking import boxes_between

__all__ = ["describe", "tiles"]

_WIDTH = 640  # of the pictures of a sheet, before it makes them smaller
_MOST_TILES = 400
"""Tracks that are shown. The longest come first: what is seen for a moment is seldom a person."""


def describe(path: Path, *, limits: Limits) -> MediaInfo:
    """Say what a video file is. Frames are those that the container announces, 0 if it does not."""
    with open_video(path, limits) as video:
        info = video.info
        return MediaInfo(
            kind="video",
            format=info.container,
            size_wh=info.upright_size_wh,
            frames=info.frames_declared or 0,
            bit_depth=info.bit_depth,
            channels=3,
            orientation=info.orientation,
            lossy=True,
            notes=info.notes,
        )


def tiles(redacted: Path, plan: Plan, *, limits: Limits) -> Iterator[Tile]:
    """Show one frame of a redacted video for each track, with the track's time range."""
    tracks = [region for region in plan.regions if isinstance(region, TrackRegion)]
    tracks.sort(key=lambda track: track.frame[0] - track.frame[-1])
    wanted: dict[int, list[TrackRegion]] = {}
    for track in tracks[:_MOST_TILES]:
        wanted.setdefault((track.frame[0] + track.frame[-1]) // 2, []).append(track)
    if not wanted:
        wanted = {(plan.media.part or (0,))[0]: []}
    with open_video(redacted, limits) as video:
        width, height = video.info.upright_size_wh
        scale = min(1.0, _WIDTH / max(width, height))
        size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
        first = (plan.media.part or (0,))[0]
        for frame in video.frames(end=max(wanted) + 1 - first):
            frame.index += first
            if frame.index not in wanted:
                continue
            pixels = frame.small(size_wh)
            here: list[TrackRegion | None] = [*wanted[frame.index]]
            for shown in here or [None]:
                yield _tile(pixels, shown, frame.index, scale, plan)


def _tile(
    pixels: npt.NDArray[np.uint8],
    track: TrackRegion | None,
    frame: int,
    scale: float,
    plan: Plan,
) -> Tile:
    if track is None:
        return Tile(pixels, np.empty((0, 4), np.float32), ())
    box = boxes_between(
        np.array(track.frame, np.int64),
        np.array(track.xyxy, np.float32),
        np.array([frame], np.int64),
    )
    regions: tuple[VisibleRegion, ...] = (track,)
    return Tile(pixels, box * np.float32(scale), regions, clock(track, plan))
