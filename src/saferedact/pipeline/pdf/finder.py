"""The text engine, bound to a policy and a case file, with a memory for texts it has seen."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from saferedact.pipeline.medium import Search
from saferedact.text.spans import TextSpan

__all__ = ["Finder", "finder_for"]

Finder = Callable[[str], Sequence[TextSpan]]
"""Finds names and identifiers in a text."""

_REMEMBERED = 256
"""Texts whose spans are remembered, so that a page that did not change is not read again."""

_LABELS = frozenset({"name", "identifier", "plate"})


def finder_for(search: Search) -> Finder | None:
    """Bind the text engine; None if the policy asks for nothing that it finds."""
    wanted = _LABELS & search.policy.labels.keys()
    if not wanted:
        return None
    engine = text_engine(search)

    @lru_cache(maxsize=_REMEMBERED)
    def found(text: str) -> tuple[TextSpan, ...]:
        if not text.strip():
            return ()
        rules = search.policy.labels
        return tuple(
            span
            for span in engine(text)
            for label, rule in rules.items()
            if label == span.label and span.score >= rule.min_score
        )

    return found


def text_engine(search: Search) -> Finder:
    """Return the engine itself."""
    from saferedact.detectors.identities import IdentityEngine

    return IdentityEngine.of(search.policy, search.case, "en", None).find
