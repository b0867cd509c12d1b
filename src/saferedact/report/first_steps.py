"""What to do first, for somebody who has two minutes: the next steps of the findings that matter most.

Findings with the same next step are one item, however many files they are in.
"""

from collections.abc import Mapping
from html import escape
from typing import Final

from saferedact.report.model import Finding, Report

__all__ = ["first_steps", "group_words"]

_STEPS_SHOWN = 8
"""Steps that fit on a screen; the others stand with their findings."""

_GROUPS: Final = {
    "CF": "the case file",
    "ID": "who can be recognised",
    "PJ": "wording that prejudices a trial",
    "RR": "reporting restrictions",
    "OJ": "open justice",
    "VP": "vulnerable people",
    "HD": "hidden data",
    "JG": "what identifies together",
    "WR": "weak redaction",
    "PV": "provenance and approval",
}
"""What the letters of a rule's id stand for."""


def group_words(letters: str) -> str:
    """Return what the first letters of a rule's id stand for; empty if that is not known."""
    return _GROUPS.get(letters, "")


def first_steps(report: Report, anchors: Mapping[int, str]) -> str:
    """Write the list of first steps; empty if nobody has to do anything.

    Parameters
    ----------
    report : Report
        The report.
    anchors : mapping
        For the ``id`` of each finding its anchor on the page.
    """
    level, heading = {
        "blocked": ("BLOCK", "What to do before this can be published"),
        "review": ("WARN", "What a person must look at"),
        "no_finding": ("", ""),
    }[report.verdict]
    steps: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.level == level and finding.override is None:
            title = finding.message.partition(":")[0]
            steps.setdefault((finding.next_step, title), []).append(finding)
    if not steps:
        return ""
    names = {asset.id: asset.name or asset.id for asset in report.assets}
    items = [_item(*key, findings, anchors, names) for key, findings in steps.items()]
    more = len(items) - _STEPS_SHOWN
    rest = f"<p>and {more} more, below with their findings</p>" if more > 0 else ""
    return f'<section class="first"><h2>{heading}</h2><ol>{"".join(items[:_STEPS_SHOWN])}</ol>{rest}</section>'


def _item(
    next_step: str,
    title: str,
    findings: list[Finding],
    anchors: Mapping[int, str],
    names: Mapping[str, str],
) -> str:
    links: dict[str, str] = {}
    for finding in findings:
        asset = finding.location.asset
        name = names.get(asset, asset) if asset else "the release as a whole"
        links.setdefault(name, anchors[id(finding)])
    shown = list(links.items())[:_STEPS_SHOWN]
    where = ", ".join(f'<a href="#{anchor}">{escape(name)}</a>' for name, anchor in shown)
    more = f" and {len(links) - len(shown)} more" if len(links) > len(shown) else ""
    return f"<li><b>{escape(next_step)}</b><br>{escape(title)}: {where}{more}</li>"
