"""Names and identifiers of a text: the union of every recogniser, and the sweep over what they saw.

Nothing vetoes. What the policy's scores leave out is left out at the very end, after a name that
was found once has been looked for everywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from saferedact.casefile import CaseFile, load_case
from saferedact.detectors.base import TextDetector
from saferedact.detectors.beside_names import divided_at_names
from saferedact.detectors.failures import told_as_detector_error
from saferedact.detectors.known_people import (
    LONGEST_KNOWN,
    kept_spans,
    protected_seeds,
    publishable_people,
    without_kept,
)
from saferedact.detectors.placeholders import Placeholders
from saferedact.policy import Policy, load_policy
from saferedact.policy_tables import PatternRule
from saferedact.text.escapes import unescaped_lines
from saferedact.text.identifiers import Recogniser, cue, find_identifiers, pattern
from saferedact.text.identifiers.towns import TOWNS
from saferedact.text.lexicon import is_ordinary
from saferedact.text.not_names import is_month_of_date
from saferedact.text.spans import TextSpan, union
from saferedact.text.sweep import Seed, Sweeper, sweep
from saferedact.text.technical import TechnicalText, reads_as_name

__all__ = ["IdentityEngine", "find_identities", "finder_in_pictures"]

_LIKELY = 0.5
"""A name found with this score or more is looked for in the rest of the text."""

_SWEPT_SCORE = 0.6
"""Most that another spelling of a found name can be: likely, since nobody listed it."""

_SURE = 0.85
"""A word that could be an acronym or an ordinary word is looked for from this score on."""

_ACRONYM = 5  # letters of the longest word in capitals that is taken for one: ASCII

_LONGEST_NAME = 60  # code points; a longer find is a list or a run of headings, no name to sweep


def find_identities(
    text: str,
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    language: str = "en",
    detectors: Sequence[TextDetector] | None = None,
) -> list[TextSpan]:
    """Find every name and identifier in a text.

    Parameters
    ----------
    text : str
        Any text: of a page, a chat, a transcript, a caption, a file name.
    policy : str or Path or Policy
        Labels that are looked for, their least scores, and patterns of the force's own.
    case : str or Path or CaseFile or None
        People to find in every spelling, and people who may be named.
    language : str
        ISO 639-1 code of the language that most of the text is in.
    detectors : sequence of TextDetector or None
        Who looks for names; None: the built-in `NameDetector`. Identifiers and the case's people are
        looked for always.

    Returns
    -------
    list of TextSpan
        In code points of `text`, sorted by start, holding no text. Those of one kind and person do
        not overlap; others may. A score below the label's `review_below` asks for a person's eyes.

    Raises
    ------
    InputError
        If an argument is of no use: policy, case file, language.
    LimitExceededError
        If the text is longer than the policy's `max_text_chars`, or names more people than can be
        looked for in all their spellings (50,000).
    DetectorError
        If a detector could not look; `DetectorModelMissing` if its models are not on this machine.
    """
    engine = IdentityEngine.of(policy, case, language, detectors)
    return engine.find(text)


def finder_in_pictures(policy: Policy, case: CaseFile | None) -> Callable[[str], list[TextSpan]]:
    """Make who looks through the text of pictures, which a reader may have misread.

    As `find_identities` without hints of names (see `NameDetector`). Nothing is loaded before the
    first text.
    """

    @cache
    def engine() -> IdentityEngine:
        looking = (_names(hints=False),) if "name" in policy.labels else ()
        return IdentityEngine.of(policy, case, "en", looking)

    return lambda text: engine().find(text)


@dataclass(frozen=True, slots=True)
class IdentityEngine:
    """What is the same for every text of one material.

    Parameters
    ----------
    policy : Policy
        What is looked for.
    case : CaseFile or None
        Who is known.
    language : str
        ISO 639-1 code.
    detectors : tuple of TextDetector
        Who looks for names.
    patterns : tuple of Recogniser
        Those of the policy, and those that its options ask for.
    protected : Sweeper or None
        Looks for the people of the case who may not be named.
    publishable : Sweeper or None
        Looks for those who may be, if the policy keeps their names.
    """

    policy: Policy
    case: CaseFile | None
    language: str
    detectors: tuple[TextDetector, ...]
    patterns: tuple[Recogniser, ...]
    protected: Sweeper | None = field(init=False)
    publishable: Sweeper | None = field(init=False)

    def __post_init__(self) -> None:
        """Spell the people of the case, once for all texts."""
        protected = publishable = None
        if self.case is not None:
            keep = self.policy.text.publishable_names == "keep"
            protected = Sweeper(protected_seeds(self.case, keep_publishable=keep))
            publishable = publishable_people(self.case) if keep else None
        object.__setattr__(self, "protected", protected)
        object.__setattr__(self, "publishable", publishable)

    @classmethod
    def of(
        cls,
        policy: str | Path | Policy,
        case: str | Path | CaseFile | None,
        language: str,
        detectors: Sequence[TextDetector] | None,
    ) -> "IdentityEngine":
        """Make one from the arguments of `find_identities`."""
        chosen = load_policy(policy)
        known = None if case is None else load_case(case)
        looking = tuple(detectors) if detectors is not None else ()
        if detectors is None and "name" in chosen.labels:
            looking = (_names(hints=True),)
        patterns = tuple(map(_recogniser, chosen.patterns))
        if chosen.text.towns == "redact":
            patterns += TOWNS
        return cls(chosen, known, language, looking, patterns)

    def check(self, text: str) -> None:
        """Refuse a text that is over the limit."""
        self.policy.effective_limits().check_text(text)

    def find(self, text: str) -> list[TextSpan]:
        """Find every name and identifier, as `find_identities` does."""
        self.check(text)
        if not text:
            return []
        spans = self._found(text)
        read = unescaped_lines(text)
        if read is None:
            return spans
        for span in self._found(read.text):
            start, end = read.to_source(span.start, span.end)
            spans.append(replace(span, start=start, end=end))
        return union(spans)

    def _found(self, text: str) -> list[TextSpan]:
        placeholders = Placeholders(self.policy)
        masked = placeholders.mask(text)
        spans = find_identifiers(masked, more=self.patterns)
        for detector in self.detectors:
            spans += _looked(detector, masked, self.language)
        spans += _found_again(masked, spans)
        if self.case is None or self.protected is None:
            spans = self._divided(masked, spans)
        else:
            protected = self.protected.find(masked)
            spans += protected
            spans = self._divided(masked, list(_with_references(union(spans))))
            if self.publishable is not None:
                kept = kept_spans(masked, self.publishable)
                spans = without_kept(spans, kept, protected, masked, self.case)
        return union(placeholders.spare(self._wanted(spans), masked))

    def _divided(self, text: str, spans: list[TextSpan]) -> list[TextSpan]:
        rule = self.policy.labels.get("name")
        if rule is None:
            return spans
        return divided_at_names(text, spans, least=max(rule.min_score, _LIKELY))

    def _wanted(self, spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
        least = {str(label): rule.min_score for label, rule in self.policy.labels.items()}
        return (span for span in spans if span.score >= least.get(span.label, 2))


@cache
def _names(*, hints: bool) -> TextDetector:
    """Make the built-in name detector, once per process: loading it takes seconds."""
    from saferedact.detectors.names import NameDetector

    return NameDetector(hints=hints)


def _recogniser(rule: PatternRule) -> Recogniser:
    return Recogniser(
        rule.name,
        pattern(rule.regex, gaps=False),
        score=rule.score,
        cued=rule.cued_score,
        cue=cue("|".join(map(re.escape, rule.cues))) if rule.cues else None,
        label=rule.label,
        reference="The policy",
    )


def _looked(detector: TextDetector, text: str, language: str) -> list[TextSpan]:
    with told_as_detector_error(f"the detector {detector.info.name} failed"):
        return list(detector.detect(text, language=language))


def _found_again(text: str, spans: Iterable[TextSpan]) -> list[TextSpan]:
    """Look for other spellings of names that were found once."""
    in_capitals = 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))
    technical = TechnicalText(text)
    values = {
        text[span.start : span.end]
        for span in spans
        if span.kind == "person"
        and span.score >= _LIKELY
        and span.end - span.start <= _LONGEST_NAME
        and (
            span.score >= _SURE
            or not _is_doubtful(text[span.start : span.end], in_capitals=in_capitals)
        )
        and (
            reads_as_name(text[span.start : span.end], span.score)
            or not technical.around(span.start)
        )
    }
    seeds = [Seed(value, "person") for value in sorted(values)]
    return [
        replace(span, score=min(span.score, _SWEPT_SCORE))
        for span in sweep(text, seeds, fuzzy=False)
        if span.score >= _LIKELY
        and _says_who(text[span.start : span.end])
        and not is_month_of_date(text, span.start, span.end)
    ]


def _is_doubtful(value: str, *, in_capitals: bool) -> bool:
    """Say whether a likely name is one word that reads as an acronym, or as an ordinary word in small letters."""
    if not value.isalpha():
        return False
    if value.isupper():
        return len(value) <= _ACRONYM and not in_capitals
    return value.islower() and is_ordinary(value)


def _says_who(found: str) -> bool:
    """Say whether a spelling means the person by itself: no ordinary word, nor two letters."""
    return len(found) > _SHORT and not (found.isalpha() and is_ordinary(found))


_SHORT = 2  # letters; initials and syllables stand everywhere


def _with_references(spans: list[TextSpan]) -> Iterator[TextSpan]:
    """Give spans without a reference that of the known person they overlap, if it is one."""
    known = [span for span in spans if span.person_ref is not None]
    at = 0
    for span in spans:
        if span.person_ref is not None:
            yield span
            continue
        while at < len(known) and known[at].end <= span.start - LONGEST_KNOWN:
            at += 1
        refs = set()
        for place in range(at, len(known)):  # a slice would copy all that follow, for every span
            other = known[place]
            if other.start >= span.end:
                break
            if other.end > span.start and other.label == span.label:
                refs.add(other.person_ref)
        yield replace(span, person_ref=refs.pop()) if len(refs) == 1 else span
