"""Run every trigger that can run, and report every rule: run, not run, or not applicable here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from saferedact.checks import (
    appearance,
    case_file,
    hidden_data,
    identity,
    jigsaw,
    legible,
    open_justice,
    partial,
    prejudice,
    provenance,
    rarity,
    restrictions,
    traces,
    vulnerable,
)
from saferedact.checks.base import TRIGGERS, Context, Hit, Place, Registered
from saferedact.checks.catalogue import Rule, catalogue
from saferedact.checks.material import Material
from saferedact.checks.overrides import Overrides
from saferedact.checks.plug_ins import ExtraCheck
from saferedact.errors import DetectorError
from saferedact.report import (
    AssetRecord,
    CheckNotRun,
    CheckRun,
    Finding,
    Level,
    Location,
    OverrideNote,
    Report,
    RuleRecord,
)

__all__ = ["GROUPS", "run_checks"]

GROUPS = (
    hidden_data,
    traces,
    case_file,
    identity,
    appearance,
    legible,
    prejudice,
    restrictions,
    open_justice,
    partial,
    vulnerable,
    jigsaw,
    rarity,
    provenance,
)
"""Modules whose triggers are registered by being imported."""

_MAX_PLACES = 100
"""Places that one finding lists; the message tells how many more there are."""

_SENSES = {
    "finder": "names and identifiers that the case file does not list were not looked for",
    "grammar": "no grammar was read: wording was judged by lists of words alone",
    "judge": "no language network read the wording: words and patterns judged alone",
    "describer": "no language network read what describes people or is legible: lists of words judged alone",
    "faces": "nobody looked for faces in the pictures",
    "ocr": "text in pictures was not read",
}
"""What is missing without each sense of a `Context`."""

_NO_CASE = "needs a case file"


def run_checks(
    context: Context,
    *,
    only: frozenset[str] | None = None,
    names: dict[str, str] | None = None,
    extra: Sequence[ExtraCheck] = (),
) -> Report:
    """Judge a release.

    Parameters
    ----------
    context : Context
        The release and its case.
    only : frozenset of str, optional
        Ids of the rules to run; all by default.
    names : dict, optional
        For ids of materials, their places in the release with identities taken out.
    extra : sequence of ExtraCheck
        Checks of other packages; they run whatever `only` says.

    Returns
    -------
    Report
        Each rule of the catalogue is listed as run or as not run.

    Raises
    ------
    DetectorError
        If a check of another package fails.
    """
    overrides = Overrides(context.case)
    run: list[CheckRun] = []
    not_run: list[CheckNotRun] = []
    findings: list[Finding] = []
    for rule in catalogue().rules:
        if only is not None and rule.id not in only:
            continue
        registered = TRIGGERS.get(rule.id)
        reason = _obstacle(rule, registered, context)
        if reason is not None or registered is None:
            not_run.append(CheckNotRun(name=rule.id, reason=reason or rule.not_run))
            continue
        if not _applies(rule, registered, context):
            run.append(CheckRun(name=rule.id, detail="does not apply to this case"))
            continue
        hits = _merged(registered.run(context))
        findings += _findings(rule, hits, context, overrides)
        run.append(CheckRun(name=rule.id, detail=rule.title))
        not_run += [
            CheckNotRun(name=rule.id, reason=reason) for reason in _gaps(registered, context)
        ]
    for check in extra:
        findings += _extra_findings(check, context, overrides)
        run.append(CheckRun(name=check.id, detail=check.title))
    order = {"BLOCK": 0, "WARN": 1, "INFO": 2}
    findings.sort(key=lambda f: (f.override is not None, order[f.level], f.rule_id))
    return Report(
        artifact_sha256=context.release_sha256,
        checks_run=tuple(run),
        checks_not_run=tuple(not_run),
        findings=tuple(findings),
        assets=tuple(
            AssetRecord(
                id=material.id,
                kind=material.kind,
                sha256=material.sha256,
                name=(names or {}).get(material.id, ""),
            )
            for material in context.current
        ),
        rules=tuple(
            RuleRecord(
                id=rule.id,
                title=rule.title,
                reason=rule.reason,
                sources=tuple(catalogue().sources[key].title for key in rule.sources),
                unverified=any(catalogue().sources[key].unverified for key in rule.sources),
            )
            for rule in catalogue().rules
            if rule.id in {finding.rule_id for finding in findings}
        ),
        case_sha256=context.case.sha256 if context.case else None,
        notes=overrides.notes(),
    )


def _extra_findings(check: ExtraCheck, context: Context, overrides: Overrides) -> Iterator[Finding]:
    """Run a check of another package. What its hits say may quote the material: it is not shown."""
    try:
        hits = _merged(replace(hit, detail="") for hit in check.run(context))
        places = [[_location(place) for place in hit.places] or [Location()] for hit in hits]
    except Exception as error:  # noqa: BLE001  a plug-in may raise anything
        msg = f"the extra check {check.id} failed ({type(error).__name__})"
        raise DetectorError(msg) from None
    for hit, where in zip(hits, places, strict=True):
        level = hit.level or check.level
        note = _lifted(overrides, check.id, level, hit)
        yield Finding(
            rule_id=check.id,
            level=level,
            message=check.title,
            location=where[0],
            also_at=tuple(where[1 : _MAX_PLACES + 1]),
            next_step=check.next_step,
            source="plug-in",
            person=hit.person,
            override=note,
        )


def _obstacle(rule: Rule, registered: Registered | None, context: Context) -> str | None:
    """Say why a rule cannot run here, or return None."""
    if registered is None:
        return rule.not_run
    missing = {
        "case": (context.case is None, _NO_CASE),
        "text": (
            not any(material.has_text for material in context.current),
            "no text in the release could be read",
        ),
        "faces": ("faces" not in context.senses, _SENSES["faces"]),
        "ocr": ("ocr" not in context.senses, _SENSES["ocr"]),
        "pictures": (
            not any(material.has_pictures for material in context.current),
            "the release holds no pictures",
        ),
        "inspected": (
            not any(material.inspected for material in context.current),
            "no file could be looked into",
        ),
        "earlier": (
            not any(material.earlier for material in context.materials),
            "no earlier release could be read",
        ),
    }
    return next((missing[need][1] for need in registered.needs if missing[need][0]), None)


def _gaps(registered: Registered, context: Context) -> Iterator[str]:
    """Say what a trigger that ran could not see."""
    if registered.partly:
        yield registered.partly
    for sense in registered.helped_by:
        if sense not in context.senses:
            yield _SENSES[sense]


def _applies(rule: Rule, registered: Registered, context: Context) -> bool:
    case = context.case
    if case is None:
        return True
    if any(
        restriction.type in registered.orders and restrictions.in_force(restriction, context.today)
        for restriction in case.restrictions
    ):
        return True
    return (not rule.jurisdictions or case.case.jurisdiction in rule.jurisdictions) and (
        not rule.offences or case.case.offence_category in rule.offences
    )


def _merged(hits: Iterable[Hit]) -> list[Hit]:
    """Put the places of what is the same thing in one file together."""
    groups: dict[tuple[object, ...], list[Hit]] = {}
    for hit in hits:
        first = hit.places[0].material.id if hit.places else None
        groups.setdefault((hit.detail, first, hit.person, hit.level), []).append(hit)
    return [
        Hit(
            group[0].detail,
            _without_repeats(tuple(dict.fromkeys(p for hit in group for p in hit.places))),
            group[0].level,
            group[0].person,
        )
        for group in groups.values()
    ]


def _without_repeats(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Leave out what joined segments say once more."""
    first_hand = {
        place.material.id for place in places if place.segment is None or not place.segment.joined
    }
    return tuple(
        place
        for place in places
        if place.segment is None or not place.segment.joined or place.material.id not in first_hand
    )


def _findings(
    rule: Rule, hits: list[Hit], context: Context, overrides: Overrides
) -> Iterator[Finding]:
    for hit in hits:
        level = _level(rule, hit, context)
        if level is None:
            continue
        places = [_location(place) for place in hit.places] or [Location()]
        more = len(places) - 1 - _MAX_PLACES
        tail = f"; and {more} more places" if more > 0 else ""
        note = _lifted(overrides, rule.id, level, hit)
        yield Finding(
            rule_id=rule.id,
            level=level,
            message=f"{rule.title}: {hit.detail}{tail}",
            location=places[0],
            also_at=tuple(places[1 : _MAX_PLACES + 1]),
            next_step=rule.next_step,
            source=rule.group,
            person=hit.person,
            override=note,
        )


def _lifted(overrides: Overrides, rule_id: str, level: Level, hit: Hit) -> OverrideNote | None:
    if level != "BLOCK":
        return None
    return overrides.lifting(rule_id, hit.person, [place.material.id for place in hit.places])


def _level(rule: Rule, hit: Hit, context: Context) -> Level | None:
    phase = context.proceedings.prejudice_phase
    level = rule.level_in(phase)
    if level is None:
        return None
    level = hit.level or level
    if context.case is None and rule.group == "prejudice" and level == "BLOCK":
        return "WARN"  # nobody said whether proceedings are active, or who is accused
    return level


def _location(place: Place) -> Location:
    segment, sight, trace = place.segment, place.sight, place.trace
    if trace is not None:
        return Location(
            asset=place.material.id,
            frame=trace.page,
            xyxy=trace.xyxy,
            channel=trace.channel,
            time=trace.time,
            part=trace.place[:200] or None,
        )
    if sight is not None:
        return Location(
            asset=place.material.id,
            frame=sight.frame,
            xyxy=sight.xyxy,
            part=sight.part[:200] or _page(place.material, sight.frame),
        )
    if segment is None:
        return Location(asset=place.material.id)
    line = None
    if segment.first_line:
        line = segment.first_line + segment.text.count("\n", 0, place.start)
    spans = place.end > place.start
    return Location(
        asset=place.material.id,
        frame=segment.frame,
        xyxy=segment.xyxy,
        channel=None if segment.origin == "body" else segment.origin,
        time=segment.time,
        line=line,
        start=place.start if spans else None,
        end=place.end if spans else None,
        part=segment.part[:200] or _page(place.material, segment.frame),
    )


def _page(material: Material, frame: int | None) -> str | None:
    """Name a page as its readers count it."""
    return f"page {frame + 1}" if material.kind == "pdf" and frame is not None else None
