"""Names of files and folders are text: who is named in them, and names that say nothing.

Models of language are of no use on a file name, so the rules alone look: name lists, cue words,
identifiers, and the people of the case in every spelling.
"""

import itertools
from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath

from saferedact.casefile import CaseFile
from saferedact.detectors.base import TextDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.placeholders import Placeholders
from saferedact.pipeline.jobs import READ_ONLY, writable
from saferedact.policy import Policy
from saferedact.report import Finding, Location
from saferedact.text.spans import TextSpan, merge

__all__ = ["name_findings", "neutral_names", "shown_name"]


_JOINTS = str.maketrans("_+~.-/\\", "       ")
"""What stands for blanks in file names."""

SUFFIXES = READ_ONLY | frozenset(
    f".{suffix}"
    for suffix in (
        "txt md csv tsv json jsonl srt vtt html htm xhtml svg log xml ics vcf rtf pdf "
        "doc docx docm dot dotx xls xlsx xlsm ppt pptx pptm odt ods odp odg eml msg zip "
        "jpg jpeg jpe jfif mpo png apng webp tif tiff bmp dib gif heic heif hif avif "
        "mp4 m4v mov mkv webm mp3 wav m4a ogg flac"
    ).split()
)
"""What may follow the last dot and says nothing but the kind of a file. Anything else there is part of
the name: "Statement of J.Smith" has no suffix."""

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
    stem = name.removesuffix(_suffix(name))
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


def _suffix(name: str) -> str:
    """Return the suffix of a path if it is one of `SUFFIXES`; else it has none."""
    suffix = PurePosixPath(name).suffix
    return suffix if suffix.lower() in SUFFIXES else ""


def neutral_names(names: Iterable[str], *, taken: Iterable[str] = ()) -> dict[str, str]:
    """Give files names that say nothing: ``file-0001.jpg``, in their order.

    Parameters
    ----------
    names : iterable of str
        Paths with forward slashes. Folders' names go; files keep their suffix, if it says nothing but
        their kind, or get that of what they are written as.
    taken : iterable of str
        Paths that other files have, and none of these gets, in any case of letters.

    Returns
    -------
    dict of str to str
        New name of each.
    """
    ordered = list(dict.fromkeys(names))
    others = {path.casefold() for path in taken}
    width = max(4, len(str(len(ordered))))
    numbers = itertools.count(1)
    new: dict[str, str] = {}
    for name in ordered:
        suffix = writable(PurePosixPath(f"x{_suffix(name).lower()}")).suffix
        new[name] = next(
            fit for number in numbers if (fit := f"file-{number:0{width}}{suffix}") not in others
        )
    return new
