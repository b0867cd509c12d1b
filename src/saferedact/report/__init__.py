"""Reports: which checks ran, which could not, and what they found; as JSON, SARIF and a page."""

from saferedact.report.codec import dump_report, load_report
from saferedact.report.model import (
    AssetRecord,
    CheckNotRun,
    CheckRun,
    Finding,
    Level,
    Location,
    OverrideNote,
    Report,
    RuleRecord,
    Verdict,
)

__all__ = [
    "AssetRecord",
    "CheckNotRun",
    "CheckRun",
    "Finding",
    "Level",
    "Location",
    "OverrideNote",
    "Report",
    "RuleRecord",
    "Verdict",
    "dump_report",
    "load_report",
]
