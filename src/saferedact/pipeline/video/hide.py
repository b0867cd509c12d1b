"""One frame of a video and the groups of regions to hide in it."""

from collections.abc import Sequence

from saferedact.media.video_base import VideoInfo, chroma_grid
from saferedact.media.video_frame import VideoFrame
from saferedact.pipeline.hiding import hide_groups
from saferedact.plan import RegionGroup

__all__ = ["hide"]


def hide(frame: VideoFrame, info: VideoInfo, groups: Sequence[RegionGroup]) -> None:
    """Hide regions of a frame in place, on the planes as they are stored.

    Parameters
    ----------
    frame : VideoFrame
        Its planes are written, and only made writable (copied, where the decoder still needs them)
        if there is anything to hide.
    info : VideoInfo
        Carries boxes to the stored planes.
    groups : sequence of RegionGroup
        From `saferedact.plan.ResolvedPlan.groups`.
    """
    if groups:
        grid = chroma_grid(info.subsampling, interlaced=frame.interlaced)
        boxes = [info.to_stored(group.xyxy) for group in groups]
        hide_groups(frame.planes(), groups, boxes, grid)
