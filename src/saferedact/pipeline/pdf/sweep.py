"""The sweep over pages: what was found on one page is looked for on all of them, in any spelling.

The engine sees a page at a time and may know a name on one page and not on the next.
"""

from saferedact.policy import Policy
from saferedact.text.spans import TextSpan
from saferedact.text.sweep import Seed, sweep

__all__ = ["Sweep"]

_MOST = 2_000
"""Strings that are looked for: as many as a case file may have people. A directory has more, and is
no document to publish."""

_LEAST_SCORE = 0.5
"""Score from which a span is looked for elsewhere: what is only possible in one sentence is no reason
to hide a word everywhere."""


class Sweep:
    """Strings that were found. They live in memory only.

    Parameters
    ----------
    policy : Policy
        Labels and their least scores.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._seeds: dict[Seed, None] = {}

    def add(self, text: str, span: TextSpan) -> None:
        """Remember what a span of a text says."""
        if span.score < _LEAST_SCORE or len(self._seeds) >= _MOST:
            return
        value = " ".join(text[span.start : span.end].split())
        kind = "person" if span.label == "name" else span.kind
        self._seeds.setdefault(Seed(value, kind, span.person_ref))

    def spans(self, text: str) -> list[TextSpan]:
        """Find the strings in a text, as far as the policy asks for them."""
        if not self._seeds:
            return []
        rules: dict[str, float] = {
            label: rule.min_score for label, rule in self._policy.labels.items()
        }
        return [
            span
            for span in sweep(text, self._seeds)
            if span.label in rules and span.score >= rules[span.label]
        ]
