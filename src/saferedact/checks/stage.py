"""Where proceedings are, as the law of contempt sees it: active from arrest, not from charge.

Criminal proceedings are active from the first of arrest without warrant, issue of a warrant or
summons, indictment or charge, until acquittal, sentence, another ending or discontinuance. So they
are active before a charge once somebody is arrested, and still after a verdict.

References
----------
.. [1] Contempt of Court Act 1981, Schedule 1, paragraphs 3 to 7 (read in a stored copy).
"""

from dataclasses import dataclass
from typing import Literal

from saferedact.casefile import CaseFile

__all__ = ["ANONYMITY_OFFENCES", "Phase", "Proceedings", "proceedings_of"]

Phase = Literal["not_arrested", "arrested", "charged", "convicted", "closed"]

ANONYMITY_OFFENCES = frozenset({"sexual", "trafficking", "fgm", "forced_marriage"})
"""Kinds of offence that give the complainant anonymity for life, from the allegation on."""

_PHASES: dict[str, Phase] = {
    "not_arrested": "not_arrested",
    "arrested": "arrested",
    "charged": "charged",
    "trial": "charged",
    "convicted_awaiting_sentence": "convicted",
    "sentenced": "closed",
    "acquitted": "closed",
    "discontinued": "closed",
}


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What the checks ask about a case.

    Parameters
    ----------
    phase : Phase
        Of this case alone.
    prejudice_phase : Phase
        The phase that wording is judged in: that of a trial while anything linked is open.
    active : bool
        Whether this case or one linked to it is active.
    before_charge : bool
        Whether nobody is charged.
    known : bool
        Whether a case file states the stage.
    """

    phase: Phase
    prejudice_phase: Phase
    active: bool
    before_charge: bool
    known: bool


def proceedings_of(case: CaseFile | None) -> Proceedings:
    """Work out where proceedings are.

    Without a case file, or without a stage in it, they count as active and as before the charge: the
    stricter answer to each question. Release under investigation counts as arrested: whether it ends
    activity is not settled, so the tool does not assume it.
    """
    if case is None or case.case.stage is None:
        return Proceedings("charged", "charged", active=True, before_charge=True, known=False)
    details = case.case
    phase = _PHASES[case.case.stage]
    if phase == "not_arrested" and (
        details.warrant_or_summons
        or details.custody_status
        in {"police_custody", "pre_charge_bail", "released_under_investigation"}
    ):
        phase = "arrested"
    linked = any(_is_active(other.stage) for other in case.linked_cases)
    reopened = details.appeal_lodged or details.retrial_ordered or details.jury_out
    wording = phase
    if phase in {"convicted", "closed"} and (linked or reopened):
        wording = "charged"
    elif phase == "not_arrested" and linked:
        wording = "arrested"
    active = wording not in {"not_arrested", "closed"}
    return Proceedings(phase, wording, active, case.before_charge, known=True)


def _is_active(stage: str) -> bool:
    return _PHASES[stage] not in {"not_arrested", "closed"}
