"""Detect: look at a source under a policy and propose what to remove, as a plan."""

from collections.abc import Sequence
from pathlib import Path

from saferedact.casefile import CaseFile
from saferedact.detectors.base import ImageDetector
from saferedact.media.kinds import kind_of
from saferedact.pipeline.medium import make_search, medium_for
from saferedact.plan import Plan
from saferedact.policy import Policy

__all__ = ["detect"]


def detect(
    source: str | Path,
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    detectors: Sequence[ImageDetector | str] | None = None,
) -> Plan:
    """Look at a file under a policy and propose what to remove.

    Nothing is written. Every detector looks at every picture and page, and at a video as often as
    what happens in it asks for; what any of them proposes is in the plan (nothing vetoes), with the
    policy's margins, and marked for review where it is not sure.

    Parameters
    ----------
    source : str or Path
        A picture, animation, multi-page TIFF, video or PDF, told by its content. Opened read-only.
    policy : str or Path or Policy
        Name of a built-in policy, path of a policy file, or a policy.
    case : str or Path or CaseFile, optional
        Case file, or its path: people who must not, and who may, be named.
    detectors : sequence of ImageDetector or str, optional
        Who looks; see `saferedact.detectors.registry.resolve_detectors`.

    Returns
    -------
    Plan
        Complete: a label of the policy that no detector looked for is recorded as such.

    Raises
    ------
    InputError
        If the source, the policy or the case file cannot be used.
    LimitExceededError
        If the source is larger than the limits.
    DetectorError
        If a detector cannot be loaded or fails.
    """
    source = Path(source)
    search = make_search(policy, case, detectors)
    return medium_for(kind_of(source)).detect(source, search)
