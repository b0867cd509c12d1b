"""Which rule judges which trace, and how hard. One table, so that no channel is without a rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.material import Material
from saferedact.report import Level
from saferedact.traces import TRACES, Trace

__all__ = ["JUDGED_BY", "Judgement", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a channel is judged.

    Parameters
    ----------
    rule_id : str
        By which rule.
    level : {"BLOCK", "WARN", "INFO"}
        How hard, unless its text names somebody protected: that is BLOCK.
    """

    rule_id: str
    level: Level


def _table() -> dict[str, Judgement]:
    by_rule: dict[tuple[str, Level], str] = {
        ("HD-01", "BLOCK"): "gps",
        ("HD-02", "BLOCK"): "preview-differs second-image picture-alternate",
        # A preview that could not be compared, or was and shows the same, still tells more than it
        # must: an earlier crop, another exposure.
        ("HD-02", "WARN"): "thumbnail page-thumbnail gain-map depth-map repeated-scan",
        ("HD-02", "INFO"): "mpf",
        ("HD-03", "WARN"): "author exif maker-data xmp iptc text picture-comment template-path"
        " external-link local-path unknown-segment",
        (
            "HD-03",
            "INFO",
        ): "program title application-data time icc codec-message tiff-tag display-hint padding"
        " unused-table",
        ("HD-04", "BLOCK"): "deleted-text comment hidden-text hidden-annotation speaker-notes"
        " hidden-slide off-slide invisible-text",
        ("HD-04", "WARN"): "inserted-text visible-annotation form-value alternate-text"
        " navigation-text kept-markup moved-text styled-text",
        ("HD-05", "BLOCK"): "embedded-object attachment hidden-cells hidden-sheet stored-values",
        ("HD-05", "WARN"): "macro script custom-data extra-item trailing-data",
        ("HD-06", "BLOCK"): "earlier-revision hidden-layer text-layer unapplied-mark stray-bytes",
        ("HD-06", "WARN"): "unused-picture",
        ("HD-08", "WARN"): "extra-track chapter",
        ("HD-09", "BLOCK"): "provenance-original",
        ("HD-09", "WARN"): "jumbf",
        ("HD-11", "WARN"): "quoted-thread header-trail",
        ("ID-12", "BLOCK"): "uncovered-frame",
        ("WR-01", "BLOCK"): "covered-text covered-picture",
        ("WR-01", "WARN"): "labelled-cover text-under-shape",
        ("WR-02", "BLOCK"): "blurred-text mosaic-text",
        ("WR-02", "WARN"): "blur mosaic swirl",
        ("WR-03", "WARN"): "box-on-ink sticker",
        ("WR-05", "BLOCK"): "see-through-cover see-through-box",
        ("WR-05", "WARN"): "faint-text dimmed-box",
        ("WR-06", "BLOCK"): "cropped-picture clipped-text off-page cropped-kept cropped-pixels"
        " alpha-hidden",
        # Layout programs cut pictures to their frames all day.
        ("WR-06", "WARN"): "clipped-picture",
        ("WR-07", "WARN"): "moving-mosaic",
        ("WR-10", "BLOCK"): "color-on-color black-on-black",
    }
    return {
        channel: Judgement(rule_id, level)
        for (rule_id, level), channels in by_rule.items()
        for channel in channels.split()
    }


JUDGED_BY: Final = _table()
"""The judgement of every channel. Levels are those of the rules; WARN where honest files have the same."""

assert JUDGED_BY.keys() == TRACES.keys()  # noqa: S101  two tables that must agree


def judge(rule_id: str, context: Context) -> Iterator[Hit]:
    """Yield what a rule finds in the traces of the files of this release.

    Parameters
    ----------
    rule_id : str
        The rule.
    context : Context
        The release.
    """
    for material in context.current:
        named = _protected_texts(material, context)
        for trace in material.traces:
            judgement = JUDGED_BY[trace.channel]
            if judgement.rule_id != rule_id:
                continue
            person = named.get(trace.text) if trace.text else None
            level: Level = "BLOCK" if person is not None else judgement.level
            if trace.channel in _MARKS and _is_of_text(trace, material):
                level = "BLOCK"
            detail = TRACES[trace.channel]
            yield Hit(detail, (Place(material, trace=trace),), level=level, person=person)


_MARKS = frozenset({"blur", "mosaic"})
_TEXT_LABELS = frozenset({"plate", "text", "screen"})


def _is_of_text(trace: Trace, material: Material) -> bool:
    """Tell whether a detector saw text or a plate where a mark is."""
    if trace.xyxy is None:
        return False
    x1, y1, x2, y2 = trace.xyxy
    return any(
        sight.label in _TEXT_LABELS
        and sight.frame == (trace.page or 0)
        and trace.place.startswith(sight.part)
        and x1 <= (sight.xyxy[0] + sight.xyxy[2]) / 2 < x2
        and y1 <= (sight.xyxy[1] + sight.xyxy[3]) / 2 < y2
        for sight in material.sights
    )


def _protected_texts(material: Material, context: Context) -> dict[str, str]:
    """Return, for hidden texts that mention somebody who may not be named, whom."""
    found: dict[str, str] = {}
    for position, segment in enumerate(material.segments):
        if segment.origin not in {"hidden", "program"}:
            continue
        for mention in context.mentions.get((material.id, position), ()):
            person = context.person(mention.ref)
            if person is not None and not person.may_publish("name"):
                found.setdefault(segment.text, person.ref)
    return found


_PARTLY = {
    "ID-12": "pixelated covers, and covers that stay behind or are away for longer than half a second, "
    "are not followed: saferedact verify compares a film with its plan",
}
"""What traces of a rule do not tell."""


def _register(rule_id: str) -> None:
    @trigger(rule_id, "inspected", partly=_PARTLY.get(rule_id, ""))
    def run(context: Context) -> Iterator[Hit]:
        yield from judge(rule_id, context)


for _rule_id in sorted({judgement.rule_id for judgement in JUDGED_BY.values()} - {"HD-11"}):
    _register(_rule_id)
