"""Which generated parts there are, and how they get into a page.

A page holds ``<!-- generated: NAME -->`` and, below it, ``<!-- end of NAME -->``. What stands between
the two is written by the function of that name and never by hand.
"""

import re
from collections.abc import Callable

from tools.reference import api, catalogue, commands, schemas, tables

__all__ = ["BLOCKS", "fill"]

BLOCKS: dict[str, Callable[[], str]] = {
    "api-summary": api.summary,
    "api": api.directives,
    "case-file": schemas.case_file,
    "commands": commands.all_commands,
    "errors": tables.errors,
    "hidden-data": tables.hidden_data,
    "limits": tables.limits,
    "models": tables.models,
    "plan": schemas.plan,
    "policy": schemas.policy,
    "report": schemas.report,
    "rules-overview": catalogue.overview,
    "rules": catalogue.details,
    "rule-sources": catalogue.sources,
    "traces": tables.trace_rows,
}

_BLOCK = re.compile(
    r"(?P<start><!-- generated: (?P<name>[a-z-]+) -->\n).*?(?P<end><!-- end of (?P=name) -->)",
    re.DOTALL,
)
_START = re.compile(r"<!-- generated: ([a-z-]+) -->")


def fill(page: str) -> str:
    """Write every generated part of a page anew.

    Raises
    ------
    ValueError
        If a part has no end, or a name that nothing writes.
    """
    names = _START.findall(page)
    filled = [match["name"] for match in _BLOCK.finditer(page)]
    if names != filled or not BLOCKS.keys() >= set(names):
        msg = f"generated parts without an end or a writer among {names}"
        raise ValueError(msg)
    return _BLOCK.sub(
        lambda match: f"{match['start']}\n{BLOCKS[match['name']]()}\n\n{match['end']}", page
    )
