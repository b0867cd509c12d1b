"""Look at the pictures that lie inside a file, as at those that lie in the release by themselves."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from saferedact.detectors.base import ImageDetector
from saferedact.errors import DependencyMissingError, DetectorError, SaferedactError
from saferedact.pipeline.inspection.findings import Inside, Inspection, within
from saferedact.pipeline.seen import ImageTextReader, Seen, see
from saferedact.policy import Policy

__all__ = ["see_inside"]

_NOT_LOOKED_AT = "pictures inside were not looked at"


def see_inside(
    inspection: Inspection,
    folder: Path,
    *,
    policy: Policy,
    detectors: Sequence[ImageDetector] | None,
    image_text: ImageTextReader | None,
) -> Seen:
    """Look at what a look into a file has put aside.

    Parameters
    ----------
    inspection : Inspection
        The look.
    folder : Path
        Where the pictures are.
    policy, detectors, image_text
        As of `saferedact.pipeline.seen.see`.

    Returns
    -------
    Seen
        Of all pictures, each with its place in the file.

    Raises
    ------
    DetectorError
        If a detector fails.
    """
    found = Seen()
    if inspection.inside and detectors is None and image_text is None:
        found.unread.append(_NOT_LOOKED_AT)
        return found
    for inside in inspection.inside:
        path = folder / inside.name
        try:
            if path.is_symlink():  # whoever made the folder put a file there
                continue
            seen = see(path, inside.kind, policy=policy, detectors=detectors, image_text=image_text)
        except (DetectorError, DependencyMissingError):
            raise
        except SaferedactError as error:
            found.unread.append(within(inside.place, error.message))
            continue
        found.sights += [replace(s, part=_part(inside, s.frame)) for s in seen.sights]
        found.texts += [replace(t, part=_part(inside, t.frame)) for t in seen.texts]
        found.unread += [within(inside.place, reason) for reason in seen.unread]
    return found


def _part(inside: Inside, frame: int | None) -> str:
    """Name the page of a document inside, too."""
    if inside.kind != "pdf" or frame is None:
        return inside.place
    return within(inside.place, f"page {frame + 1}")
