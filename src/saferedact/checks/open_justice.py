"""Open justice (OJ): whether more is hidden than there is a reason for."""

import re
from collections.abc import Iterator

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.identity import NAME_KINDS

__all__ = ["REDACTION_MARK"]

REDACTION_MARK = re.compile(r"\[[A-Z][A-Z _-]{2,30}(?:\s?\d{1,3})?\]|\u2588{2,}|\bX{4,}\b|_{5,}")
"""What people and this tool put in the place of a removed name."""


@trigger("OJ-01", "case", "text")
def _over_redaction(context: Context) -> Iterator[Hit]:
    if (
        context.proceedings.phase not in {"charged", "convicted"}
        or context.proceedings.before_charge
    ):
        return
    named = {
        mention.ref
        for mention, _ in context.mentioned(names=False)
        if mention.kind in NAME_KINDS or mention.label == "name"
    }
    marks = tuple(
        Place(place.material, place.segment, match.start(), match.end())
        for place, _ in context.texts()
        for match in REDACTION_MARK.finditer(place.segment.text if place.segment else "")
    )
    restricted = {
        ref
        for restriction in context.the_case.restrictions
        if restriction.lifted_on is None
        for ref in restriction.protects
    }
    for person in context.the_case.people:
        charged_adult = person.role == "defendant" and not person.is_child
        if (
            charged_adult
            and person.names
            and person.ref not in named
            and person.ref not in restricted
            and not person.under_order
        ):
            text = (
                "a charged adult is masked and no restriction is recorded"
                if marks
                else "a charged adult is not named and no restriction is recorded"
            )
            yield Hit(text, marks[:1], person=person.ref)
