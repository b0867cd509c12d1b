"""Reports as SARIF 2.1.0, for tools that show results of static analysis.

References
----------
.. [1] OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from typing import Any

from saferedact.report.model import Finding, Location, Report
from saferedact.report.places import place_text

__all__ = ["report_sarif"]

_LEVELS = {"BLOCK": "error", "WARN": "warning", "INFO": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report_sarif(report: Report) -> dict[str, Any]:
    """Write a report as a SARIF log with one run.

    Parameters
    ----------
    report : Report
        The report. Assets are called by id, so that no path is in the log.

    Returns
    -------
    dict
        Ready for `json`.
    """
    known = {rule.id: rule for rule in report.rules}
    ids = list(dict.fromkeys(finding.rule_id for finding in report.findings))
    rules = [
        {
            "id": rule_id,
            "shortDescription": {"text": known[rule_id].title if rule_id in known else rule_id},
            "fullDescription": {"text": known[rule_id].reason if rule_id in known else rule_id},
        }
        for rule_id in ids
    ]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "saferedact", "rules": rules}},
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            {
                                "level": "note",
                                "descriptor": {"id": check.name},
                                "message": {"text": f"not run: {check.reason}"},
                            }
                            for check in report.checks_not_run
                        ],
                    }
                ],
                "results": [_result(finding, ids) for finding in report.findings],
                "properties": {
                    "verdict": report.verdict,
                    "artifactSha256": report.artifact_sha256,
                    "meaning": "a clear result is no finding from the checks that ran, never safe",
                },
            }
        ],
    }


def _result(finding: Finding, ids: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule_id,
        "ruleIndex": ids.index(finding.rule_id),
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.message}. Next step: {finding.next_step}"},
        "partialFingerprints": {"saferedact/v1": finding.fingerprint},
    }
    places = [_location(place) for place in (finding.location, *finding.also_at)]
    located = [place for place in places if place is not None]
    if located:
        result["locations"] = located
    if finding.person is not None:
        result["properties"] = {"person": finding.person}
    if finding.override is not None:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": f"{finding.override.authority}: {finding.override.reason}",
            }
        ]
    return result


def _location(place: Location) -> dict[str, Any] | None:
    if place.asset is None:
        return None
    physical: dict[str, Any] = {"artifactLocation": {"uri": place.asset}}
    region: dict[str, Any] = {}
    if place.line is not None:
        region["startLine"] = place.line
    if place.start is not None and place.end is not None:
        region["charOffset"] = place.start
        region["charLength"] = place.end - place.start
    if region:
        physical["region"] = region
    return {"physicalLocation": physical, "message": {"text": place_text(place)}}
