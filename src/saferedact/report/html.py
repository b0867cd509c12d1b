"""Reports as one page for people: self-contained, printable, light and dark, wide and narrow.

The page loads nothing and runs no script. Everything that comes from the report is escaped, also
what a report file made elsewhere may hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from saferedact.report.first_steps import first_steps, group_words
from saferedact.report.model import AssetRecord, CheckNotRun, Finding, Report, RuleRecord
from saferedact.report.mosaic import Mosaics, mosaic_svg
from saferedact.report.places import place_text

__all__ = ["report_html"]

_VERDICTS = {
    "blocked": ("Do not publish", "Findings that forbid publication are open."),
    "review": ("A person must decide", "Nothing forbids publication, but somebody must look."),
    "no_finding": (
        "No finding from the checks that ran",
        "This does not mean that it is safe: see what did not run.",
    ),
}
_LEVELS = {"BLOCK": "Forbids publication", "WARN": "Must be looked at", "INFO": "For information"}

_PLACES_SHOWN = 12
"""Places of one finding that the page lists; the JSON report has all."""

_MAPS_SHOWN = 4
"""Frames of one finding that are drawn."""

_STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;
--block:#a40e26;--warn:#7a4e00;--info:#0550ae;--ok:#116329}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9da7b3;--line:#3d444d;
--card:#161b22;--block:#ff8f8f;--warn:#e3b341;--info:#79c0ff;--ok:#56d364}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.1rem;font-weight:600;color:var(--soft);margin:0 0 .5rem}
h2{font-size:1.3rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
h3{font-size:1.05rem;margin:0 0 .3rem}
.verdict{border:2px solid;border-radius:.6rem;padding:1rem 1.2rem;margin:.5rem 0 1rem}
.verdict strong{font-size:1.6rem;display:block;line-height:1.25}
.blocked{border-color:var(--block)}.blocked strong{color:var(--block)}
.review{border-color:var(--warn)}.review strong{color:var(--warn)}
.no_finding{border-color:var(--ok)}.no_finding strong{color:var(--ok)}
.counts{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;margin:.6rem 0 0;padding:0;list-style:none}
article{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--soft);
border-radius:.4rem;padding:.8rem 1rem;margin:.7rem 0}
article.BLOCK{border-left-color:var(--block)}article.WARN{border-left-color:var(--warn)}
article.INFO{border-left-color:var(--info)}article.lifted{opacity:.85;border-left-style:dashed}
.level{font-weight:700;font-size:.85rem}.BLOCK .level{color:var(--block)}.WARN .level{color:var(--warn)}
.INFO .level{color:var(--info)}.BLOCK.level{color:var(--block)}.WARN.level{color:var(--warn)}
figure{margin:.4rem 0}svg{max-width:100%;height:auto;border-radius:.25rem;display:block}
svg .under{fill:none;stroke:#000;stroke-width:4}svg .box{fill:none;stroke:#ffd400;stroke-width:2}
p{margin:.35rem 0}.soft{color:var(--soft);font-size:.9rem}
ul{margin:.3rem 0;padding-left:1.2rem}dd ul{margin:0}code{font:.85em ui-monospace,Consolas,monospace;
overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.4rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;
padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
ol{margin:.3rem 0;padding-left:1.5rem}ol li{margin:.45rem 0}details{margin:.3rem 0}
.first{border:1px solid var(--line);border-radius:.6rem;padding:.2rem 1.2rem .7rem;margin:1rem 0}
.first h2{border:0;margin:.6rem 0 .2rem;padding:0;font-size:1.15rem}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1rem}
a{color:var(--info)}summary{cursor:pointer;font-weight:600}
@media (max-width:34rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}main{padding:1rem .7rem 3rem}
.verdict strong{font-size:1.3rem}}
@media print{body{font-size:11pt}main{max-width:none}article{break-inside:avoid}
details>*{display:block}nav{display:none}}
"""


@dataclass(frozen=True, slots=True)
class _Page:
    """What findings are written with: rules by id, maps of pictures, and the anchor of each finding."""

    rules: Mapping[str, RuleRecord]
    maps: Mosaics
    anchors: Mapping[int, str]


def report_html(report: Report, mosaics: Mosaics | None = None) -> str:
    """Write a report as a page.

    Parameters
    ----------
    report : Report
        The report.
    mosaics : mapping, optional
        Rough maps of pictures by asset and frame, which show nobody.

    Returns
    -------
    str
        A whole HTML document, to be stored as UTF-8.
    """
    title, meaning = _VERDICTS[report.verdict]
    rules = {rule.id: rule for rule in report.rules}
    maps = mosaics or {}
    anchors = {id(finding): f"finding-{n}" for n, finding in enumerate(report.findings)}
    page = _Page(rules, maps, anchors)
    sections = [(asset, _of_asset(report, asset.id)) for asset in report.assets]
    known = {asset.id for asset in report.assets}
    rest = [f for f in report.findings if f.location.asset not in known]
    body = [
        "<header><h1>Publication check by saferedact</h1>",
        (
            f'<div class="verdict {report.verdict}" role="status"><strong>{escape(title)}</strong>'
            f"<span>{escape(meaning)}</span>{_counts(report)}</div></header>"
        ),
        first_steps(report, anchors),
        _contents(sections, rest),
    ]
    if rest:
        body += [
            '<section id="whole"><h2>The release as a whole</h2>',
            _list(rest, page),
            "</section>",
        ]
    for number, (asset, findings) in enumerate(sections):
        if findings:
            body += [_asset_section(number, asset, findings, page)]
    elsewhere = {place.asset for finding in report.findings for place in finding.also_at}
    rest_of = [asset for asset, findings in sections if not findings]
    body += [
        _assets(
            "Assets that a finding above is about too",
            [asset for asset in rest_of if asset.id in elsewhere],
        ),
        _assets(
            "Assets without a finding", [asset for asset in rest_of if asset.id not in elsewhere]
        ),
        _not_run(report.checks_not_run),
        _run(report),
        _notes(report),
        _hashes(report),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)} - saferedact</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _of_asset(report: Report, asset_id: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.location.asset == asset_id]


def _counts(report: Report) -> str:
    open_ones = [finding for finding in report.findings if finding.override is None]
    parts = [
        f"<li><b>{sum(f.level == level for f in open_ones)}</b> {text}</li>"
        for level, text in (
            ("BLOCK", "forbidding publication"),
            ("WARN", "to be looked at"),
            ("INFO", "for information"),
        )
    ]
    lifted = len(report.findings) - len(open_ones)
    if lifted:
        parts.append(f"<li><b>{lifted}</b> lifted by a recorded decision</li>")
    parts.append(
        f"<li><b>{len(report.checks_run)}</b> checks ran, "
        f"<b>{len({check.name for check in report.checks_not_run})}</b> did not, or not wholly</li>"
    )
    return f'<ul class="counts">{"".join(parts)}</ul>'


def _contents(sections: list[tuple[AssetRecord, list[Finding]]], rest: list[Finding]) -> str:
    links = [_link("whole", "The release as a whole", rest)] if rest else []
    links += [
        _link(f"asset-{number}", asset.name or asset.id, findings)
        for number, (asset, findings) in enumerate(sections)
        if findings
    ]
    links += ['<li><a href="#not-run">What did not run</a></li>']
    return f'<nav aria-label="Contents"><ul>{"".join(links)}</ul></nav>'


def _link(anchor: str, words: str, findings: list[Finding]) -> str:
    """Write a link to a section with how many of its findings forbid, and how many are to be looked at."""
    counts = "".join(
        f' <span class="{level} level" title="{_LEVELS[level]}">{number} {short}</span>'
        for level, short in (("BLOCK", "forbidding"), ("WARN", "to look at"))
        if (number := sum(f.level == level and f.override is None for f in findings))
    )
    return f'<li><a href="#{anchor}">{escape(words)}</a>{counts}</li>'


def _asset_section(number: int, asset: AssetRecord, findings: list[Finding], page: _Page) -> str:
    name = f" <code>{escape(asset.name)}</code>" if asset.name else ""
    return (
        f'<section id="asset-{number}"><h2>{escape(asset.id)}{name} '
        f'<span class="soft">({escape(asset.kind)})</span></h2>{_list(findings, page)}</section>'
    )


def _list(findings: list[Finding], page: _Page) -> str:
    return "".join(_finding(finding, page) for finding in findings)


def _maps(finding: Finding, maps: Mosaics) -> str:
    """Draw the frames in which a finding has places, as far as there are maps of them."""
    boxes: dict[tuple[str, int], list[tuple[float, float, float, float]]] = {}
    for place in (finding.location, *finding.also_at):
        if place.asset is not None and place.xyxy is not None:
            boxes.setdefault((place.asset, place.frame or 0), []).append(place.xyxy)
    drawn = [mosaic_svg(maps[key], found) for key, found in boxes.items() if key in maps]
    return "".join(f"<figure>{svg}</figure>" for svg in drawn[:_MAPS_SHOWN])


def _finding(finding: Finding, page: _Page) -> str:
    rule = page.rules.get(finding.rule_id)
    lifted = " lifted" if finding.override else ""
    rows = [("Next step", f"<b>{escape(finding.next_step)}</b>")]
    places = [place_text(place) for place in (finding.location, *finding.also_at)]
    shown = list(dict.fromkeys(place for place in places if place))
    if shown:
        items = "".join(f"<li>{escape(place)}</li>" for place in shown[:_PLACES_SHOWN])
        more = len(shown) - _PLACES_SHOWN
        items += f"<li>and {more} more</li>" if more > 0 else ""
        rows.append(("Where", f"<ul>{items}</ul>"))
    if finding.person:
        rows.append(("Person", f"{escape(finding.person)} (of the case file)"))
    if rule is not None:
        rows.append(("Why", escape(rule.reason)))
    if finding.override:
        note = finding.override
        text = f"{note.authority}: {note.reason} ({note.evidence})"
        rows.append(("Lifted by", escape(text)))
    details = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return (
        f'<article id="{page.anchors[id(finding)]}" class="{finding.level}{lifted}">'
        f'<p class="level">{_LEVELS[finding.level]} <span class="soft">{finding.level} '
        f"{escape(finding.rule_id)}</span></p>"
        f"<h3>{escape(finding.message)}</h3>{_maps(finding, page.maps)}<dl>{details}</dl>"
        f"{_sources(rule)}</article>"
    )


def _sources(rule: RuleRecord | None) -> str:
    """Fold the sources away; that the law was not read in full stays in sight."""
    if rule is None or not rule.sources:
        return ""
    mark = " <b>Law not fully verified: check before relying on it.</b>" if rule.unverified else ""
    items = "".join(f"<li>{escape(source)}</li>" for source in rule.sources)
    return f'<details class="soft"><summary>Sources.{mark}</summary><ul>{items}</ul></details>'


def _assets(title: str, assets: list[AssetRecord]) -> str:
    if not assets:
        return ""
    items = "".join(
        f"<li>{escape(asset.id)} <code>{escape(asset.name)}</code> ({escape(asset.kind)})</li>"
        for asset in assets
    )
    return f"<section><h2>{title}</h2><ul>{items}</ul></section>"


def _not_run(checks: Iterable[CheckNotRun]) -> str:
    names: dict[str, list[str]] = {}
    for check in checks:
        names.setdefault(check.reason, []).append(check.name)
    rows = "".join(
        f'<tr><th scope="row">{escape(reason)}</th><td>{_by_group(ids)}</td></tr>'
        for reason, ids in names.items()
    )
    table = f"<table><tbody>{rows}</tbody></table>" if rows else "<p>Every check ran.</p>"
    return (
        '<section id="not-run"><h2>What did not run, or not wholly</h2>'
        f"<p>Nobody looked at this. A person has to.</p>{table}</section>"
    )


def _by_group(names: Iterable[str]) -> str:
    """Write ids of checks under what their letters stand for."""
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(name[:2], []).append(name)
    return "<br>".join(
        (f"{group_words(letters)}: " if group_words(letters) else "") + escape(", ".join(ids))
        for letters, ids in groups.items()
    )


def _run(report: Report) -> str:
    groups: dict[str, list[str]] = {}
    for check in report.checks_run:
        groups.setdefault(group_words(check.name[:2]), []).append(
            f"<li>{escape(check.name)} {escape(check.detail)}</li>"
        )
    lists = "".join(
        f"<h3>{escape(words or 'others').capitalize()}</h3><ul>{''.join(items)}</ul>"
        for words, items in groups.items()
    )
    return (
        f"<section><h2>What ran</h2><details><summary>{len(report.checks_run)} checks</summary>"
        f"{lists}</details></section>"
    )


def _notes(report: Report) -> str:
    if not report.notes:
        return ""
    items = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    return f"<section><h2>Notes</h2><ul>{items}</ul></section>"


def _hashes(report: Report) -> str:
    rows = [("release", report.artifact_sha256)]
    if report.case_sha256:
        rows.append(("case file", report.case_sha256))
    rows += [(asset.id, asset.sha256) for asset in report.assets]
    table = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><code>{escape(digest)}</code></td></tr>'
        for name, digest in rows
    )
    return f"<section><h2>SHA-256</h2><table><tbody>{table}</tbody></table></section>"
