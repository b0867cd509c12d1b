"""Markdown from docstrings: cells, tables, and the parameters of numpydoc."""

import inspect
import re
from collections.abc import Iterable, Sequence

__all__ = ["anchor", "cell", "parameters", "table"]


def cell(text: str) -> str:
    """Make a text fit into one cell of a table."""
    words = " ".join(text.split())
    words = re.sub(r"``(.+?)``", r"`\1`", words)
    return words.replace("|", "\\|").replace("<", "&lt;") if words else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; cells are Markdown already."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub and MyST give to a heading."""
    kept = "".join(sign for sign in heading.strip().lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


_NAMES = re.compile(r"^(\w+(?:, \w+)*)(?: : .*)?$")


def parameters(documented: object) -> dict[str, str]:
    """Read what a numpydoc docstring says of each parameter.

    Parameters
    ----------
    documented : object
        A class or a function.

    Returns
    -------
    dict of str to str
        Description of each parameter, in its own words.
    """
    lines = (inspect.getdoc(documented) or "").splitlines()
    if "Parameters" not in lines:
        return {}
    found: dict[str, list[str]] = {}
    names: list[str] = []
    start = lines.index("Parameters") + 2
    for line, following in zip(lines[start:], [*lines[start + 1 :], ""], strict=True):
        if following.startswith("---"):
            break
        if line.startswith(" "):
            for name in names:
                found[name].append(line.strip())
        elif match := _NAMES.match(line):
            names = match[1].split(", ")
            found.update({name: [] for name in names})
    return {name: " ".join(words) for name, words in found.items()}
