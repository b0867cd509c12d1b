"""Names of files and folders are text: who is named in them, and names that say nothing.

Models of language are of no use on a file name, so the rules alone look: name lists, cue words,
identifiers, and the people of the case in every spelling.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath

from saferedact.casefile import CaseFile
from saferedact.detectors.base import TextDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.placeholders import Placeholders
from saferedact.policy import Policy
from saferedact.report import Finding, Location
from saferedact.text.spans import TextSpan, merge

__all__ = ["name_findings", "neutral_names", "shown_name"]


_JOINTS = str.maketrans("_+~.-/\\", "       ")
"""What stands for blanks in file names."""

_NOISE = frozenset({"number", "username"})
"""Kinds that cameras and programs write themselves: dates in a row, words joined by underscores."""

_LIKELY = 0.5
"""A file name has no sentence around a word: what is only possibly a name is one in every second."""


def _engine(policy: Policy, case: CaseFile | None) -> IdentityEngine:
    return IdentityEngine.of(policy, case, "en", [_rules()])


@cache
def _rules() -> TextDetector:
    from saferedact.detectors.names import NameDetector, rule_recognisers

    return NameDetector(rule_recognisers())


def _find(name: str, policy: Policy, case: CaseFile | None) -> list[TextSpan]:
    """Look at a path as it is, and with blanks for what joins its words; not at its suffix."""
    engine = _engine(policy, case)
    stem = name.removesuffix(PurePosixPath(name).suffix)
    blanked = stem.translate(_JOINTS)
    return merge(
        span
        for span in (*engine.find(stem), *engine.find(blanked))
        if span.kind not in _NOISE and (span.score >= _LIKELY or span.person_ref is not None)
    )


def name_findings(name: str, *, policy: Policy, case: CaseFile | None = None) -> list[Finding]:
    """Warn if a file's path names or identifies somebody.

    Parameters
    ----------
    name : str
        Path below the folder that is published, with forward slashes.
    policy : Policy
        What is looked for.
    case : CaseFile or None
        Who is known.

    Returns
    -------
    list of Finding
        None or one. It says of which kinds, and whom by reference; never the name.
    """
    spans = _find(name, policy, case)
    if not spans:
        return []
    kinds = ", ".join(sorted({span.kind for span in spans}))
    refs = sorted({span.person_ref for span in spans if span.person_ref is not None})
    who = f" of {', '.join(refs)}" if refs else ""
    return [
        Finding(
            rule_id="VF-08",
            level="WARN",
            message=f"the name of the file or its folder may identify somebody ({kinds}{who})",
            location=Location(),
            next_step="rename it, or use --safe-names",
            source="saferedact",
        )
    ]


def shown_name(name: str, *, policy: Policy, case: CaseFile | None = None) -> str:
    """Return a file's name fit for messages: identities replaced by placeholders."""
    placeholders = Placeholders(policy)
    shown = name
    for span in reversed(_find(name, policy, case)):
        shown = shown[: span.start] + placeholders.write(span, name) + shown[span.end :]
    return shown


def neutral_names(names: Iterable[str]) -> dict[str, str]:
    """Give files names that say nothing: ``file-0001.jpg``, in their order.

    Parameters
    ----------
    names : iterable of str
        Paths with forward slashes. Folders' names go; files keep their suffix.

    Returns
    -------
    dict of str to str
        New name of each.
    """
    ordered = list(dict.fromkeys(names))
    width = max(4, len(str(len(ordered))))
    return {
        name: f"file-{number:0{width}}{PurePosixPath(name).suffix.lower()}"
        for number, name in enumerate(ordered, start=1)
    }
