"""Overrides: who decided to publish in spite of a finding, and whether that counts."""

from saferedact.casefile import CaseFile, Override
from saferedact.checks.mentions import find_mentions
from saferedact.report import OverrideNote

__all__ = ["STATUTORY", "Overrides", "counts", "without_names"]

STATUTORY = frozenset({"RR-01", "RR-02", "RR-03", "RR-04", "RR-05", "RR-06"})
"""Anonymity by law or order: no rank can lift it, only a court, the end of the order or a waiver."""

_PROOF = frozenset({"court_direction", "order_ended", "written_waiver"})

_MIN_LETTERS = 2  # "…" and "-" are no reason


def counts(override: Override) -> str:
    """Say why an override does not count; empty if it does."""
    for field in ("reason", "authority", "evidence"):
        value = getattr(override, field)
        if sum(character.isalnum() for character in value) < _MIN_LETTERS:
            return f"it has no {field}"
    if override.rule in STATUTORY and override.evidence_kind not in _PROOF:
        return (
            "anonymity by law needs a court_direction, order_ended or written_waiver "
            "as evidence_kind"
        )
    return ""


class Overrides:
    """The overrides of a case; remembers which were refused."""

    def __init__(self, case: CaseFile | None) -> None:
        self._case = case
        every = case.overrides if case is not None else ()
        self._valid = [override for override in every if not counts(override)]
        self._refused = [
            f"the override of {override.rule} does not count: {counts(override)}"
            for override in every
            if counts(override)
        ]

    def lifting(self, rule_id: str, person: str | None, asset: str | None) -> OverrideNote | None:
        """Find the decision that lifts a finding."""
        for override in self._valid:
            if (
                override.rule == rule_id
                and override.person in {None, person}
                and override.asset in {None, asset}
            ):
                return OverrideNote(
                    authority=self._shown(override.authority),
                    reason=self._shown(override.reason),
                    evidence=self._shown(override.evidence),
                )
        return None

    def notes(self) -> tuple[str, ...]:
        """List the overrides that do not count, and why."""
        return tuple(dict.fromkeys(self._refused))

    def _shown(self, text: str) -> str:
        return without_names(text, self._case) if self._case is not None else text


def without_names(text: str, case: CaseFile) -> str:
    """Put refs in the place of everything that the case lists about its people."""
    shown = text
    for mention in reversed(find_mentions(case)(text)):
        shown = f"{shown[: mention.start]}[{mention.ref}]{shown[mention.end :]}"
    return shown[:500]
