"""The second pass over a video: hide what the plan says, and encode."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from saferedact.media.video_base import Damage, VideoCoding, VideoInfo
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_read import open_video
from saferedact.media.video_segments import SegmentFolder, join_segments
from saferedact.media.video_write import VideoWriter
from saferedact.pipeline.progress import told
from saferedact.pipeline.video.checksums import FrameSums
from saferedact.pipeline.video.hide import hide
from saferedact.pipeline.video.resume import SEGMENT_FRAMES, kept_segments
from saferedact.plan import MetadataRegion, Plan, ResolvedPlan

__all__ = ["NOTE_EDGES", "carry_out"]

NOTE_EDGES = "the source tells players to hide edges of the picture; the copy shows them, redacted"

_CROP = re.compile(rb".{4}clap|\x54[\xaa\xbb\xcc\xdd]", re.DOTALL)
_CROP_BYTES = 8
"""How a part of a file begins that tells players so: a box of MP4, or one of four elements of Matroska."""


def carry_out(source: Path, resolved: ResolvedPlan, destination: Path) -> tuple[str, ...]:
    """Write the redacted frames of a video to a file that is not checked yet.

    Reading, hiding and encoding run side by side. Each stretch of frames is compared with the
    first pass before more is written: a decoder that skips or repeats a frame would shift every
    region after it.

    Returns
    -------
    tuple of str
        What reading changed or left out and the format could not keep, for people.

    Raises
    ------
    InputError
        If the source is not the one that the plan was made from, or decodes differently.
    RedactionError
        If the output cannot be written.
    """
    policy, media = resolved.policy, resolved.plan.media
    limits = policy.effective_limits()
    coding = VideoCoding(crf=policy.video.crf, preset=policy.video.preset)
    first, end = media.part or (0, media.frames)
    with open_video(source, limits) as video:
        resolved.require_digest(video.sha256())
        sums = FrameSums(media.checksums)
        # The sound of a part would have to be cut, too: a preview has none.
        audio = policy.audio if media.part is None else "drop"
        frames = video.frames(first, end) if media.part else video.frames()
        frames = told("write", frames, end - first)
        notes = (*video.info.notes, *_edge_notes(source, resolved.plan))
        segments = kept_segments(resolved) if media.part is None else None
        if segments is not None:
            paths = _write_segments(frames, video.info, resolved, (segments, coding), sums)
            join_segments(paths, destination, video.info, audio=audio, source=source, limits=limits)
            return (*notes, *_damage_notes(video.damage))
        writer = VideoWriter(
            destination, video.info, coding, audio=audio, source=source, limits=limits
        )
        begin: int | None = None
        with writer:
            for frame in frames:
                sums.add(frame)
                hide(frame, video.info, resolved.groups(frame.index))
                begin = frame.pts if begin is None else begin
                if media.part:
                    frame.pts -= begin
                writer.write(frame)
            sums.finish()
        return (*notes, *_damage_notes(video.damage), *writer.notes)


def _write_segments(
    frames: Iterator[VideoFrame],
    info: VideoInfo,
    resolved: ResolvedPlan,
    work: tuple[SegmentFolder, VideoCoding],
    sums: FrameSums,
) -> list[Path]:
    """Write the pieces that are not there yet; every frame is read and compared all the same."""
    segments, coding = work
    paths: list[Path] = []
    for number, piece in groupby(frames, lambda frame: frame.index // SEGMENT_FRAMES):
        paths.append(segments.path(number))
        if segments.is_done(number):
            for frame in piece:
                sums.add(frame)
            continue
        with segments.writing(number, info, coding) as writer:
            for frame in piece:
                sums.add(frame)
                hide(frame, info, resolved.groups(frame.index))
                writer.write(frame)
    sums.finish()
    return paths


def _edge_notes(source: Path, plan: Plan) -> Iterator[str]:
    """Say if players were told to hide the edges of the picture: decoders do not obey, so they are shown."""
    with source.open("rb") as file:
        for region in plan.regions:
            if isinstance(region, MetadataRegion) and region.channel == "cropped-pixels":
                file.seek(region.offset or 0)  # of films all have one
                if _CROP.match(file.read(_CROP_BYTES)):
                    yield NOTE_EDGES
                    return


def _damage_notes(damage: Damage) -> Iterator[str]:
    if damage.suspect.size:
        yield f"{damage.suspect.size} damaged frames were covered whole"
    if damage.truncated or damage.missing_frames:
        missing = damage.missing_frames or "an unknown number of"
        yield f"the source is not complete: {missing} frames are missing"
    if damage.repaired_pts:
        yield (
            f"{damage.repaired_pts} frames had no time of their own, or one before the last frame's, "
            "and were given another"
        )
    if damage.rescaled_frames:
        yield f"{damage.rescaled_frames} frames of another size were scaled to the first one's"
    if damage.late_fields:
        yield f"{damage.late_fields} interlaced frames after others are not marked as such any more"
