"""Reading an output beside its source, once, for all who judge it.

Decoding both takes as long as comparing them, so whoever wants the proof and the second look gets
them out of one reading.
"""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_read import VideoSource, open_video
from saferedact.pipeline.faults import hidden_data_faults
from saferedact.pipeline.medium import Remains, Search
from saferedact.pipeline.progress import told
from saferedact.pipeline.video.prove import Proof
from saferedact.pipeline.video.second_look import SecondLook
from saferedact.plan import ResolvedPlan
from saferedact.report import Finding

__all__ = ["look_again", "prove", "prove_and_look_again"]


class _Judge(Protocol):
    def add(self, original: VideoFrame | None, result: VideoFrame | None) -> None:
        """Take the next pair of frames, and leave both as they are."""
        ...


def prove(source: Path, written: Path, resolved: ResolvedPlan) -> list[Finding]:
    """Compare a written video with its source and plan.

    Parameters
    ----------
    source : Path
        The original.
    written : Path
        The redacted file.
    resolved : ResolvedPlan
        What was to be hidden.

    Returns
    -------
    list of Finding
        All BLOCK; about a hundred on frames at most. Empty if the file is what the plan says.

    Raises
    ------
    InputError, LimitExceededError
        If a file cannot be read.
    """
    limits = resolved.policy.effective_limits()
    with open_video(source, limits) as before, open_video(written, limits) as after:
        proof = Proof(resolved, before.info, after.info)
        _read_both(before, after, resolved, "prove", [proof])
        faults = proof.finish(after.damage)
    return [*faults, *hidden_data_faults(written, limits)]


def look_again(source: Path, redacted: Path, resolved: ResolvedPlan, search: Search) -> Remains:
    """Show the output to the detectors, and keep what is neither covered nor given back.

    Parameters
    ----------
    source, redacted : Path
        The original and the output.
    resolved : ResolvedPlan
        What was hidden, under which policy.
    search : Search
        Who looks for what.

    Returns
    -------
    Remains
        Tracks that were seen surely, or in several looks, as regions; the others as warnings.

    Raises
    ------
    InputError, DetectorError
        As `verify`.
    """
    limits = resolved.policy.effective_limits()
    with open_video(source, limits) as before, open_video(redacted, limits) as after:
        look = SecondLook(resolved, search, before.info)
        _read_both(before, after, resolved, "look again", [look])
        return look.finish()


def prove_and_look_again(
    source: Path, written: Path, resolved: ResolvedPlan, search: Search
) -> tuple[list[Finding], Remains]:
    """Do what `prove` and `look_again` do, in one reading of both files.

    Parameters
    ----------
    source, written, resolved, search
        As of these.

    Returns
    -------
    list of Finding, Remains
        What these return.

    Raises
    ------
    InputError, LimitExceededError, DetectorError
        As these.
    """
    limits = resolved.policy.effective_limits()
    with open_video(source, limits) as before, open_video(written, limits) as after:
        proof = Proof(resolved, before.info, after.info)
        look = SecondLook(resolved, search, before.info)
        _read_both(before, after, resolved, "prove, look again", [proof, look])
        faults, remains = proof.finish(after.damage), look.finish()
    return [*faults, *hidden_data_faults(written, limits)], remains


def _read_both(
    before: VideoSource,
    after: VideoSource,
    resolved: ResolvedPlan,
    step: str,
    judges: Sequence[_Judge],
) -> None:
    """Hand frames to judges, in pairs, up to the first that has no fellow."""
    media = resolved.plan.media
    pairs = zip_longest(before.frames(*(media.part or ())), after.frames())
    for original, result in told(step, pairs, media.frames):
        for judge in judges:
            judge.add(original, result)
        if original is None or result is None:
            return
