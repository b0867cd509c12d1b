"""What a section of the benchmarks answers with: tables and plots as plain data, kept as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

SCHEMA = "saferedact.benchmark/1"


@dataclass(slots=True)
class Table:
    """Rows of cells that are ready to be read; `note` says what they are of."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""

    def add(self, *cells: object) -> None:
        """Add a row; numbers are written with three figures."""
        self.rows.append([cell if isinstance(cell, str) else number(cell) for cell in cells])


@dataclass(slots=True)
class Series:
    """Points of one kind; `low` and `high` are the ends of bars through them, where there are any."""

    name: str
    x: list[float | str]
    y: list[float]
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plot:
    """A picture to be drawn: `kind` is ``line``, ``front`` (points with labels) or ``bar``."""

    file: str
    kind: str
    title: str
    x_label: str
    y_label: str
    series: list[Series]
    fit: bool = False


@dataclass(slots=True)
class Section:
    """One topic: what was measured, on what, and what came out."""

    name: str
    title: str
    intro: str
    tables: list[Table] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    seconds: float = 0.0
    skipped: str = ""


def number(value: object) -> str:
    """Write a number with about three figures; what is none, as it is."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, float):
        return str(value)
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{digits}f}"


def markdown(table: Table) -> str:
    """Write a table as Markdown.

    Raises
    ------
    ValueError
        If a row has another number of cells than there are columns.
    """
    for row in table.rows:
        if len(row) != len(table.columns):
            msg = (
                f"a row of the table {table.title!r} has {len(row)} cells, not {len(table.columns)}"
            )
            raise ValueError(msg)
    lines = [_row(table.columns), "|" + "---|" * len(table.columns)]
    lines += [_row(row) for row in table.rows]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def as_tree(machine: dict[str, object], mode: str, sections: Sequence[Section]) -> dict:
    """Put everything that was measured into one tree, fit for JSON."""
    return {
        "schema": SCHEMA,
        "mode": mode,
        "machine": machine,
        "sections": [asdict(section) for section in sections],
    }


def save(path: Path, tree: dict) -> None:
    """Write results as JSON; what is not a number becomes null, which JSON has."""
    text = json.dumps(_finite(tree), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _finite(node: object) -> object:
    if isinstance(node, dict):
        return {key: _finite(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_finite(value) for value in node]
    if isinstance(node, float) and (node != node or node in {float("inf"), float("-inf")}):  # noqa: PLR0124
        return None
    return node


def load(path: Path) -> tuple[dict, list[Section]]:
    """Read results back.

    Raises
    ------
    ValueError
        If the file is of another schema.
    """
    tree = json.loads(path.read_text(encoding="utf-8"))
    if tree.get("schema") != SCHEMA:
        msg = f"{path.name} is no file of benchmarks, or of another version"
        raise ValueError(msg)
    return tree, list(_sections(tree))


def _sections(tree: dict) -> Iterator[Section]:
    for item in tree["sections"]:
        tables = [Table(**table) for table in item["tables"]]
        plots = [
            Plot(**{**plot, "series": [Series(**series) for series in plot["series"]]})
            for plot in item["plots"]
        ]
        yield Section(**{**item, "tables": tables, "plots": plots})
