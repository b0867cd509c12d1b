"""Write the redacted frames of a picture file."""

from collections.abc import Iterator
from pathlib import Path

from saferedact.media.base import ImageFrame
from saferedact.media.image_formats import format_for_suffix
from saferedact.media.image_read import ImageSource, open_image
from saferedact.media.image_write import write_image
from saferedact.pipeline.image.hide import hide
from saferedact.plan import ResolvedPlan

__all__ = ["carry_out"]


def carry_out(source: Path, resolved: ResolvedPlan, destination: Path) -> tuple[str, ...]:
    """Write the redacted frames of a source to a file that is not checked yet.

    Returns
    -------
    tuple of str
        What reading changed or left out and the format could not keep, for people.
    """
    with open_image(source, limits=resolved.policy.effective_limits()) as image:
        resolved.require_digest(image.sha256())
        frames = _redacted(image, resolved)
        target = format_for_suffix(destination) if destination.suffix else None
        notes = write_image(destination, frames, info=image.info, format=target)
        return (*image.info.notes, *notes)


def _redacted(image: ImageSource, resolved: ResolvedPlan) -> Iterator[ImageFrame]:
    for frame in image.frames():
        hide(frame, resolved.groups(frame.index))
        yield frame
