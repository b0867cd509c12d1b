"""The steps that differ between pictures, videos and documents, and how a file finds its own.

The five words are the same for every medium: they decide the order, the temporary file, the rounds
of repair and the report. A medium is a package of `saferedact.pipeline` that offers the functions of
`Medium`; it is loaded when the first file of its kind comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from saferedact.casefile import CaseFile, load_case
from saferedact.detectors.base import DetectorInfo, ImageDetector
from saferedact.detectors.registry import resolve_detectors
from saferedact.limits import Limits
from saferedact.media.base import MediaInfo
from saferedact.media.kinds import MediaKind
from saferedact.plan import Plan, ResolvedPlan, VisibleRegion
from saferedact.policy import Policy, load_policy
from saferedact.report import Finding

__all__ = [
    "Medium",
    "OneReading",
    "Remains",
    "Search",
    "Tile",
    "make_search",
    "medium_for",
    "prove_and_look_again",
]


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What is looked for, and who looks.

    Parameters
    ----------
    policy : Policy
        Labels, scores, margins and limits.
    detectors : sequence of ImageDetector
        Who looks at pictures.
    case : CaseFile or None
        People who must not, and who may, be named.
    part : (float, float) or None
        Of a video, only what is shown between these seconds from its beginning.
    thorough : bool
        Whether the second look at a video is at every frame; detectors that look seldom do so then,
        too. Of other media it is always at all of it.
    """

    policy: Policy
    detectors: Sequence[ImageDetector]
    case: CaseFile | None = None
    part: tuple[float, float] | None = None
    thorough: bool = False

    @property
    def asked(self) -> tuple[DetectorInfo, ...]:
        """Detectors that have anything to look for under the policy."""
        return tuple(
            item.info
            for item in self.detectors
            if not self.policy.labels.keys().isdisjoint(item.info.labels)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Remains:
    """What a second look found on the output that no region covers and nobody gave back.

    Parameters
    ----------
    regions : tuple of regions
        At or above the policy's least score, ready to join the plan.
    warnings : tuple of Finding
        Below it.
    looked : tuple of DetectorInfo
        Who was asked.
    extent : str
        Of a video, at how many of its frames, for people.
    thorough : bool
        Whether that was every frame because the search asked for it.
    """

    regions: tuple[VisibleRegion, ...]
    warnings: tuple[Finding, ...]
    looked: tuple[DetectorInfo, ...]
    extent: str = ""
    thorough: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One picture of a redacted file for a contact sheet.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 3), uint8
        RGB, of the redacted file alone.
    outlines : ndarray, shape (n, 4), float32
        Regions in pixels of this picture.
    regions : tuple of regions, length n
        What the outlines stand for.
    caption : str
        What to write above the picture, such as its time; ASCII.
    """

    pixels: npt.NDArray[np.uint8]
    outlines: npt.NDArray[np.float32]
    regions: tuple[VisibleRegion, ...]
    caption: str = ""


def make_search(
    policy: str | Path | Policy,
    case: str | Path | CaseFile | None,
    detectors: Sequence[ImageDetector | str] | None,
    *,
    threads: int | None = None,
) -> Search:
    """Load what a caller named: policy, case file and detectors.

    Parameters
    ----------
    policy, case, detectors
        As of `saferedact.detect`.
    threads : int or None
        For each detector that is loaded; None leaves it to the engine.

    Returns
    -------
    Search
        Ready to look.

    Raises
    ------
    InputError
        If one of them cannot be used.
    DetectorError
        If a detector cannot be loaded.
    """
    policy = load_policy(policy)
    people = None if case is None else load_case(case)
    looking = resolve_detectors(detectors, policy, case=people, threads=threads)
    return Search(policy, looking, people)


class Medium(Protocol):
    """What the pipeline needs of one family of media."""

    def describe(self, path: Path, *, limits: Limits) -> MediaInfo:
        """Say what a file is.

        Raises
        ------
        InputError, LimitExceededError
            If it cannot be read, or is over the limits.
        """
        ...

    def detect(self, source: Path, search: Search) -> Plan:
        """Look at a whole source and propose what to remove; see `saferedact.detect`."""
        ...

    def carry_out(self, source: Path, resolved: ResolvedPlan, destination: Path) -> tuple[str, ...]:
        """Write the redacted source to a file that is not checked yet.

        Returns
        -------
        tuple of str
            What reading changed or left out and the format could not keep, for people.

        Raises
        ------
        InputError
            If the source is not the one that the plan was made from.
        RedactionError
            If the output cannot be written.
        """
        ...

    def prove(self, source: Path, written: Path, resolved: ResolvedPlan) -> list[Finding]:
        """Compare a written file with its source and plan; every finding is a fault."""
        ...

    def look_again(
        self, source: Path, redacted: Path, resolved: ResolvedPlan, search: Search
    ) -> Remains:
        """Show the output to the detectors; keep what is neither covered nor given back."""
        ...

    def tiles(self, redacted: Path, plan: Plan, *, limits: Limits) -> Iterator[Tile]:
        """Show a few pictures of a redacted file, with the regions that lie in them."""
        ...


@runtime_checkable
class OneReading(Protocol):
    """What a medium offers besides if one reading of a file does for both checks of it."""

    def prove_and_look_again(
        self, source: Path, written: Path, resolved: ResolvedPlan, search: Search
    ) -> tuple[list[Finding], Remains]:
        """Do what `Medium.prove` and `Medium.look_again` do."""
        ...


def prove_and_look_again(
    medium: Medium, source: Path, written: Path, resolved: ResolvedPlan, search: Search
) -> tuple[list[Finding], Remains]:
    """Compare a written file with its source and plan, and show it to the detectors.

    Parameters
    ----------
    medium : Medium
        Of the file; reads it once if it can.
    source, written : Path
        The original and the output.
    resolved : ResolvedPlan
        What was hidden.
    search : Search
        Who looks for what.

    Returns
    -------
    list of Finding, Remains
        The faults, and what is left.
    """
    if isinstance(medium, OneReading):
        return medium.prove_and_look_again(source, written, resolved, search)
    faults = medium.prove(source, written, resolved)
    return faults, medium.look_again(source, written, resolved, search)


def medium_for(kind: MediaKind) -> Medium:
    """Load what handles a kind of media.

    Parameters
    ----------
    kind : {"image", "video", "pdf"}
        From `saferedact.media.kinds.kind_of`, or a plan's ``media.kind``.
    """
    # A medium is a package with functions: there is no state that an object would hold.
    if kind == "image":
        from saferedact.pipeline import image

        return image
    if kind == "video":
        from saferedact.pipeline import video

        return video
    from saferedact.pipeline import pdf

    return pdf
