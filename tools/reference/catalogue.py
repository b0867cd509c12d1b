"""The catalogue of publishing rules, from rules.toml."""

from tools.reference.markdown import anchor, cell, table

from saferedact.checks.catalogue import Rule, catalogue

__all__ = ["details", "overview", "sources"]

_GROUPS = {
    "case_file": "Case file",
    "identity": "Identity",
    "prejudice": "Prejudice",
    "restrictions": "Reporting restrictions",
    "open_justice": "Open justice",
    "vulnerable": "Victims and vulnerable people",
    "hidden_data": "Hidden data",
    "jigsaw": "Jigsaw identification",
    "weak_redaction": "Weak redaction",
    "provenance": "Provenance",
}
_MARKS = {
    "V": "read",
    "P": "read in part or second-hand",
    "U": "**not verified**",
    "N": "none needed",
}


def _decided_by(rule: Rule) -> str:
    if rule.not_run:
        return "not run yet"
    return "program" if rule.automatic is True else "review"


def overview() -> str:
    """Write one row for each rule."""
    return table(
        ("rule", "level", "what", "decided by"),
        (
            (
                f"[{rule.id}](#{anchor(_heading(rule))})",
                rule.level,
                cell(rule.title),
                _decided_by(rule),
            )
            for rule in catalogue().rules
        ),
    )


def details() -> str:
    """Write a section for each rule."""
    parts = []
    group = ""
    for rule in catalogue().rules:
        if rule.group != group:
            group = rule.group
            parts.append(f"### {_GROUPS[group]}")
        parts.append(_section(rule))
    return "\n\n".join(parts)


def sources() -> str:
    """Write where the rules come from, and how far each source was verified."""
    return table(
        ("key", "source", "where", "verified", "what the mark is about"),
        (
            (
                f"`{key}`",
                cell(source.title),
                cell(source.where),
                _MARKS[source.mark]
                + (", **part not verified**" if _partly(source.mark, key) else ""),
                cell(source.note),
            )
            for key, source in catalogue().sources.items()
        ),
    )


def _partly(mark: str, key: str) -> bool:
    return mark not in "UP" and catalogue().sources[key].unverified


def _heading(rule: Rule) -> str:
    return f"{rule.id}: {rule.title}"


def _section(rule: Rule) -> str:
    lines = [
        f"#### {_heading(rule)}",
        "",
        f"- Level: {cell(rule.severity)}",
        f"- Why: {cell(rule.reason)}",
        f"- Triggered by: {cell(rule.trigger)}",
        f"- Next step: {cell(rule.next_step)}",
        f"- Looks at: {rule.decides}; decided by: {_decided_by(rule)}",
    ]
    if rule.stage_levels:
        stages = ", ".join(
            f"{stage.replace('_', ' ')} {level}" for stage, level in rule.stage_levels.items()
        )
        lines.append(f"- Level by stage: {stages}")
    if rule.jurisdictions:
        lines.append(f"- Only in: {', '.join(rule.jurisdictions)}")
    if rule.offences:
        lines.append(f"- Only for offences: {', '.join(rule.offences)}")
    if rule.not_run:
        lines.append(f"- Not run: {cell(rule.not_run)}")
    lines.append(f"- Sources: {', '.join(_source(key) for key in rule.sources)}")
    return "\n".join(lines)


def _source(key: str) -> str:
    source = catalogue().sources[key]
    mark = "not verified" if source.mark == "U" else "verified in part" if source.unverified else ""
    return f"`{key}`" + (f" ({mark})" if mark else "")
