"""The only door between reports and JSON."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from saferedact.document_io import read_bounded, read_json_object
from saferedact.documents import field_names, problems_of
from saferedact.errors import InputError, Problem
from saferedact.report.model import REPORT_MODELS, Report

__all__ = ["dump_report", "load_report"]

_MAX_REPORT_BYTES = 64 * 1024**2  # as a plan: one finding for each region at most

_KNOWN = field_names(*REPORT_MODELS) | {"verdict", "fingerprint"}


def dump_report(report: Report) -> bytes:
    """Write a report as JSON, with the verdict and the fingerprints for programs that read it."""
    tree = report.model_dump(mode="json", by_alias=True)
    return (json.dumps(tree, indent=2, ensure_ascii=False) + "\n").encode()


def load_report(source: bytes | str | Path) -> Report:
    """Read a report.

    Parameters
    ----------
    source : bytes or str or Path
        The JSON itself as bytes, or the path of a file that holds it.

    Returns
    -------
    Report
        The report. Its verdict and fingerprints are worked out anew.

    Raises
    ------
    InputError
        If it cannot be read, is no valid report, or its verdict or a fingerprint is not what
        follows from the findings.
    """
    if not isinstance(source, bytes):
        source = read_bounded(Path(source), _MAX_REPORT_BYTES, what="report")
    tree, problems = read_json_object(source, max_bytes=_MAX_REPORT_BYTES, known=_KNOWN)
    if tree is None or problems:
        raise _invalid(problems)
    try:
        report = Report.model_validate(_without_derived({"schema": None, **tree}))
    except ValidationError as error:
        raise _invalid(problems_of(error, known=_KNOWN)) from None
    if _derived(report.model_dump(mode="json")) != _derived(tree):
        raise _invalid([("$", "has a verdict or fingerprint that does not fit its findings")])
    return report


def _without_derived(tree: dict[str, Any]) -> dict[str, Any]:
    tree = {key: value for key, value in tree.items() if key != "verdict"}
    if isinstance(tree.get("findings"), list):
        tree["findings"] = [
            {key: value for key, value in finding.items() if key != "fingerprint"}
            if isinstance(finding, dict)
            else finding
            for finding in tree["findings"]
        ]
    return tree


def _derived(tree: dict[str, Any]) -> list[object]:
    """Return what the file says that follows from the rest."""
    return [tree.get("verdict"), *(item.get("fingerprint") for item in tree.get("findings", ()))]


def _invalid(problems: list[Problem]) -> InputError:
    shown = "; ".join(f"{where}: {what}" for where, what in problems[:20])
    return InputError(f"the report is not valid: {shown}")
