"""Overrides: who decided to publish in spite of a finding, and whether that counts."""

from collections.abc import Iterable

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

    def lifting(
        self, rule_id: str, person: str | None, assets: Iterable[str | None]
    ) -> OverrideNote | None:
        """Find the decision that lifts a finding, in every file that the finding is about.

        Parameters
        ----------
        rule_id : str
            The rule that is broken.
        person : str or None
            Whom the finding is about.
        assets : iterable of (str or None)
            The files that it names; none, or None, for the release as a whole.

        Returns
        -------
        OverrideNote or None
            The decision; of several, that for the first file. None if a file is left without one.
        """
        found = [
            next(
                (
                    override
                    for override in self._valid
                    if override.rule == rule_id
                    and override.person in {None, person}
                    and override.asset in {None, asset}
                ),
                None,
            )
            for asset in dict.fromkeys(assets) or [None]
        ]
        first = found[0]
        if first is None or None in found:
            return None
        return OverrideNote(
            authority=self._shown(first.authority),
            reason=self._shown(first.reason),
            evidence=self._shown(first.evidence),
        )

    def notes(self) -> tuple[str, ...]:
        """List the overrides that do not count, and why."""
        return tuple(dict.fromkeys(self._refused))

    def _shown(self, text: str) -> str:
        return without_names(text, self._case) if self._case is not None else text


def without_names(text: str, case: CaseFile) -> str:
    """Put refs in the place of everything that the case lists about its people."""
    parts: list[str] = []
    at = 0
    for mention in find_mentions(case)(text):  # sorted; those of different people may overlap
        if mention.end > at:
            parts += (text[at : mention.start], f"[{mention.ref}]")
            at = mention.end
    return ("".join(parts) + text[at:])[:500]
