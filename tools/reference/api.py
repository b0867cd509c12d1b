"""The public names: a table for readers of the Markdown, and directives for Sphinx."""

import inspect

from tools.reference.markdown import cell, table

import saferedact
from saferedact.errors import SaferedactError

__all__ = ["GROUPS", "directives", "summary"]

GROUPS = {
    "Files": ("redact", "detect", "apply", "verify", "check", "release"),
    "Texts": ("find_identities", "redact_text"),
    "Frames": ("redact_regions", "StreamRedactor"),
    "Documents": (
        "Plan",
        "load_plan",
        "dump_plan",
        "Policy",
        "load_policy",
        "CaseFile",
        "load_case",
        "Report",
        "Finding",
    ),
    "Values": ("Detections", "MediaInfo", "Limits"),
    "Errors": (
        "SaferedactError",
        "FindingsError",
        "InputError",
        "UnsupportedFormatError",
        "DamagedInputError",
        "DestinationError",
        "PlanInvalidError",
        "PolicyInvalidError",
        "CaseFileInvalidError",
        "LimitExceededError",
        "DetectorError",
        "DetectorModelMissing",
        "RedactionError",
        "VerificationError",
        "DependencyMissingError",
    ),
}
"""Every public name, in the order in which people meet them."""


def summary() -> str:
    """Write the first line about each public name."""
    rows = []
    for group, names in GROUPS.items():
        for name in names:
            first = (inspect.getdoc(getattr(saferedact, name)) or "").partition("\n\n")[0]
            rows.append((f"`{name}`", group.lower(), cell(first)))
    return table(("name", "about", "what it does"), rows)


def directives() -> str:
    """Write what lets Sphinx show the docstring of each public name."""
    parts = []
    for group, names in GROUPS.items():
        lines = [f"## {group}", "", "```{eval-rst}"]
        for name in names:
            lines += _directive(name)
        parts.append("\n".join([*lines, "```"]))
    return "\n\n".join(parts)


def _directive(name: str) -> list[str]:
    thing = getattr(saferedact, name)
    if not inspect.isclass(thing):
        return [f".. autofunction:: saferedact.{name}"]
    if issubclass(thing, SaferedactError):
        return [f".. autoexception:: saferedact.{name}"]
    return [f".. autoclass:: saferedact.{name}", "   :members:"]
