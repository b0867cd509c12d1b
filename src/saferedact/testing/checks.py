"""Releases in memory for tests of checks: materials from plain values, and a fixed moment."""

import copy
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from saferedact.casefile import CaseFile, load_case
from saferedact.checks.base import CheckOptions, Context, Judges
from saferedact.checks.engine import run_checks
from saferedact.checks.material import Material, Segment, Sight
from saferedact.checks.mentions import find_mentions
from saferedact.checks.stage import proceedings_of
from saferedact.report import Report
from saferedact.testing.cases import case_toml
from saferedact.traces import Trace

__all__ = ["NOW", "OPTIONS", "base_case", "case_of", "checked", "holding", "picture", "text"]

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""Moment of publication in all tests."""

OPTIONS = CheckOptions(now=NOW)


def base_case(**changes: Any) -> dict[str, Any]:
    """Make the tree of a case that no rule objects to: an adult charged with fraud, and a victim.

    Parameters
    ----------
    **changes
        Tables that replace those of the case; of `case` and `release` the keys that are given.
    """
    tree: dict[str, Any] = {
        "schema": "saferedact.case/1",
        "case": {
            "urn": "NM/0512/26",
            "jurisdiction": "england_wales",
            "offence_category": "fraud",
            "stage": "charged",
            "custody_status": "post_charge_bail",
            "arrested_on": "date:2026-10-02",
            "charged_on": "date:2026-11-18",
            "stage_confirmed_at": "date:2026-11-20T08:00:00Z",
            "court_type": "crown",
        },
        "release": {
            "type": "charge",
            "policing_purpose": "inform the public of a charge",
            "conditions_of_use": "Police copyright",
            "takedown_review_on": "date:2027-02-20",
        },
        "people": [
            {
                "ref": "D1",
                "role": "defendant",
                "name": "Stuart Kemble",
                "age": 52,
                "publishable": True,
                "publishable_fields": ["name", "age", "town", "face"],
                "addresses": ["27 Fuller Street, Westbury Cross"],
            },
            {
                "ref": "C1",
                "role": "complainant",
                "name": "Priya Nair",
                "sex": "female",
                "workplaces": ["Westbury Infirmary"],
                "phones": ["07700 900345"],
                "quasi_identifiers": {"age": 24, "job": "student nurse"},
            },
        ],
        "approvals": [
            {"role": role, "name": "A. Example", "at": "date:2026-11-20T08:10:00Z"}
            for role in ("SIO", "second_reader")
        ],
    }
    tree = copy.deepcopy(tree)
    for key, value in changes.items():
        if key in {"case", "release"}:
            tree[key] = {k: v for k, v in {**tree[key], **value}.items() if v is not None}
        else:
            tree[key] = value
    return tree


def case_of(tree: Mapping[str, Any]) -> CaseFile:
    """Read a tree as a case file."""
    return load_case(case_toml(dict(tree)))


def text(
    words: str,
    *,
    asset_id: str = "s1",
    origin: Any = "body",
    earlier: bool = False,
    name: str = "",
) -> Material:
    """Make a text of a release."""
    digest = hashlib.sha256(words.encode()).hexdigest()
    segments = [Segment(words, origin=origin, first_line=1)]
    if name:
        segments.insert(0, Segment(name, origin="name"))
    return Material(asset_id, "text", digest, tuple(segments), earlier=earlier)


def picture(
    *labels: str,
    asset_id: str = "i1",
    ocr: Sequence[str] = (),
    kind: Any = "image",
) -> Material:
    """Make a picture of a release, with things seen and lines read in it."""
    sights = tuple(
        Sight(label, 0.9, 0, (10.0 * n, 10.0, 10.0 * n + 8, 20.0)) for n, label in enumerate(labels)
    )
    lines = tuple(
        Segment(line, origin="ocr", frame=0, xyxy=(0.0, 10.0 * n, 50.0, 10.0 * n + 8))
        for n, line in enumerate(ocr)
    )
    digest = hashlib.sha256(repr((asset_id, labels, ocr)).encode()).hexdigest()
    return Material(asset_id, kind, digest, lines, sights)


def holding(*traces: Trace, sights: Sequence[Sight] = (), asset_id: str = "h1") -> Material:
    """Make a file of a release that was looked into, with what it hides."""
    hidden = tuple(
        Segment(trace.text, origin="hidden", part=trace.place) for trace in traces if trace.text
    )
    digest = hashlib.sha256(repr((asset_id, traces)).encode()).hexdigest()
    return Material(asset_id, "image", digest, hidden, tuple(sights), traces=traces, inspected=True)


def checked(
    *materials: Material,
    case: Mapping[str, Any] | CaseFile | None = None,
    options: CheckOptions = OPTIONS,
    rules: Sequence[str] = (),
    spans: Mapping[str, Sequence[Any]] | None = None,
    judges: Judges | None = None,
) -> Report:
    """Run the checks on materials.

    Parameters
    ----------
    *materials : Material
        Those whose id the case file lists get its record.
    case : mapping or CaseFile, optional
        The case, or its tree.
    options, rules
        As of `saferedact.pipeline.check.check`.
    spans : mapping, optional
        For a text, what the text engine finds in it beside the case file.
    judges : Judges, optional
        Language networks; nobody by default.
    """
    from dataclasses import replace

    from saferedact.checks.mentions import merge_spans

    loaded = case if case is None or isinstance(case, CaseFile) else case_of(case)
    records = {asset.id: asset for asset in loaded.assets} if loaded else {}
    whole = tuple(replace(material, record=records.get(material.id)) for material in materials)
    listed = find_mentions(loaded) if loaded else None
    mentions = {}
    for material in whole:
        for position, segment in enumerate(material.segments):
            found = listed(segment.text) if listed else []
            mentions[material.id, position] = merge_spans(
                found, (spans or {}).get(segment.text, ()), loaded
            )
    context = Context(
        loaded,
        proceedings_of(loaded),
        whole,
        mentions,
        options,
        senses=frozenset({"finder", "faces", "ocr"}),
        release_sha256="0" * 64,
        judges=judges or Judges(),
    )
    return run_checks(context, only=frozenset(rules) or None)
