"""The sweep over pages: what was found on one page is looked for on all of them, in any spelling.

The engine sees a page at a time and may know a name on one page and not on the next.
"""

from saferedact.policy import Policy
from saferedact.text.gazetteer import FAINT, name_strength
from saferedact.text.lexicon import is_ordinary
from saferedact.text.spans import TextSpan
from saferedact.text.sweep import Seed, Sweeper
from saferedact.text.technical import TechnicalText, reads_as_name

__all__ = ["Sweep"]

_LEAST_SCORE = 0.5
"""Score from which a span is looked for elsewhere: what is only possible in one sentence is no reason
to hide a word everywhere."""


_SAID_ONCE = frozenset({"age"})
"""Kinds whose values mean nothing outside of their sentence: "50" stands in every document."""

_WORDS = frozenset({"person", "username", "handle"})
"""Kinds that words of programs are taken for."""

_LEAST_TECHNICAL, _MANUAL = 3, 0.25
"""Texts of pages with technical places, and their share of those that hold such words, which make a document a
manual: there "len" is no name on its pages of prose either."""

_LEAST_CODE = 5
"""Letters and digits of an identifier that is looked for elsewhere: shorter ones are numbers of
pages and lines as well."""

_LEAST_NAME = 3
_SHORT_CAPITALS = 4
"""Letters of a word in capitals that is an abbreviation as a rule, unless lists know it as a name."""

_SURE = 0.85
"""Score from which the sentence alone says that such a word, or one in small letters, is a name."""


class Sweep:
    """Strings that were found. They live in memory only.

    Parameters
    ----------
    policy : Policy
        Labels and their least scores.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._seeds: dict[Seed, bool] = {}  # whether they read as names, also in a manual
        self._sweeper: Sweeper | None = None
        self._read = ""
        self._technical = TechnicalText("")
        self._texts = self._technical_texts = 0

    def add(self, text: str, span: TextSpan) -> None:
        """Remember what a span of a text says."""
        if span.score < _LEAST_SCORE:
            return
        value = " ".join(text[span.start : span.end].split())
        if not _means_one_thing(value, span):
            return
        sure = (
            span.person_ref is not None
            or span.kind not in _WORDS
            or reads_as_name(value, span.score)
        )
        if not sure and self._in_listing(text, span.start):
            return
        kind = "person" if span.label == "name" else span.kind
        seed = Seed(value, kind, span.person_ref)
        self._seeds[seed] = sure or self._seeds.get(seed, False)
        self._sweeper = None

    def _in_listing(self, text: str, position: int) -> bool:
        if self._read is not text:
            self._read, self._technical = text, TechnicalText(text)
            self._texts += 1
            self._technical_texts += self._technical.anywhere()
        return self._technical.around(position)

    def _is_manual(self) -> bool:
        few = self._technical_texts < _LEAST_TECHNICAL
        return not few and self._technical_texts >= _MANUAL * self._texts

    def spans(self, text: str) -> list[TextSpan]:
        """Find the strings in a text, as far as the policy asks for them.

        Raises
        ------
        LimitExceededError
            If they are too many to be looked for.
        """
        if self._sweeper is None:
            manual = self._is_manual()
            self._sweeper = Sweeper(
                seed for seed, sure in self._seeds.items() if sure or not manual
            )
        rules: dict[str, float] = {
            label: rule.min_score for label, rule in self._policy.labels.items()
        }
        return [
            span
            for span in self._sweeper.find(text)
            if span.label in rules and span.score >= rules[span.label]
        ]


def _means_one_thing(value: str, span: TextSpan) -> bool:
    """Tell whether a value that was found once is what it is wherever it stands."""
    if span.person_ref is not None:
        return True
    is_word = value.isalpha()
    if span.label == "name":
        return not is_word or _is_own_name(value, span.score)
    if span.kind in _SAID_ONCE or (is_word and is_ordinary(value)):
        return False
    return sum(map(str.isalnum, value)) >= _LEAST_CODE


def _is_own_name(word: str, score: float) -> bool:
    """Tell whether one word is a name wherever it stands: no ordinary word, nor an abbreviation."""
    strength = name_strength(word)[1]
    if len(word) < _LEAST_NAME or (is_ordinary(word) and (word.islower() or strength <= FAINT)):
        return False
    is_doubtful = word.islower() or (word.isupper() and len(word) <= _SHORT_CAPITALS)
    return not is_doubtful or score >= _SURE or strength > 0
