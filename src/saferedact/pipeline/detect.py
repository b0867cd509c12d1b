"""Detect: look at a source under a policy and propose what to remove, as a plan."""

from collections.abc import Sequence
from pathlib import Path

from saferedact.detectors.base import ImageDetector
from saferedact.detectors.registry import resolve_detectors
from saferedact.media.kinds import kind_of
from saferedact.pipeline.medium import Search, medium_for
from saferedact.plan import Plan
from saferedact.policy import Policy, load_policy

__all__ = ["detect"]


def detect(
    source: str | Path,
    *,
    policy: str | Path | Policy = "release",
    detectors: Sequence[ImageDetector | str] | None = None,
) -> Plan:
    """Look at a file under a policy and propose what to remove.

    Nothing is written. Every frame is looked at by every detector; what any of them proposes is in
    the plan (nothing vetoes), with the policy's margins, and marked for review where it is not sure.

    Parameters
    ----------
    source : str or Path
        A still image, animation or multi-page TIFF. Opened read-only.
    policy : str or Path or Policy
        Name of a built-in policy, path of a policy file, or a policy.
    detectors : sequence of ImageDetector or str, optional
        Who looks; see `saferedact.detectors.registry.resolve_detectors`.

    Returns
    -------
    Plan
        Complete: a label of the policy that no detector looked for is recorded as such.

    Raises
    ------
    InputError
        If the source or the policy cannot be used.
    LimitExceededError
        If the source is larger than the limits.
    DetectorError
        If a detector cannot be loaded or fails.
    """
    policy = load_policy(policy)
    source = Path(source)
    medium = medium_for(kind_of(source))
    return medium.detect(source, Search(policy, resolve_detectors(detectors, policy)))
