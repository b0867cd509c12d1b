"""The page ``benchmarks.md``: every section's tables and plots, and how to get them again."""

from pathlib import Path

from benchmarks.plots import draw
from benchmarks.results import markdown
from benchmarks.sections import NAMES

IMAGES = Path("images") / "benchmarks"

HEAD = """# Benchmarks

Measured by `python -m benchmarks all{flag}` of a checkout, which writes this page (figures and data of the plots: `benchmarks.json`). Every timing is processor
time, and a ratio to a reference that ran in turn with it in the same run: the median over rounds, smallest
and largest in parentheses where there were several. Ratios travel to other machines, milliseconds do not.
Topics that were measured again alone replace their older figures. Inputs are made by seeds; nobody in them is real but the astronaut of a public-domain portrait.

```console
python -m pip install -e ".[bench,fast]"
python -m benchmarks.peers make          # the other programs, each in an environment of its own; optional
python -m benchmarks all --quick         # at most ten minutes on two free cores
python -m benchmarks faces --data FOLDER # your own labelled material: benchmarks/README.md
```
"""


def write(docs, tree, sections):
    """Write the page and its plots below a folder of documentation."""
    docs.mkdir(parents=True, exist_ok=True)
    draw_plots(docs, sections)
    quick = tree["mode"].startswith("quick")
    parts = [HEAD.replace("{flag}", " --quick" if quick else ""), machine_text(tree["machine"])]
    parts += [section_text(section) for section in sections]
    missing = [name for name in NAMES if name not in {section.name for section in sections}]
    if missing:
        parts.append(f"Not measured in this run: {', '.join(missing)}.\n")
    (docs / "benchmarks.md").write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def draw_plots(docs, sections):
    """Draw every plot of some sections."""
    for section in sections:
        for plot in section.plots:
            draw(plot, docs / IMAGES / plot.file)


def machine_text(machine):
    """Describe the machine in a paragraph."""
    versions = ", ".join(
        f"{name} {version}" for name, version in machine["versions"].items() if version
    )
    flags = ", ".join(machine["flags"]) or "none that matter"
    load = machine.get("load")
    busy = "" if load is None else f" Load when the run ended its first section: {load}."
    return (
        f"Machine: {machine['processor']}, {machine['cores']} cores ({flags}), {machine['system']} "
        f"{machine['architecture']}, Python {machine['python']}; {versions}.{busy}\n"
    )


def section_text(section):
    """Write a section as Markdown."""
    lines = [f"## {section.title}", "", section.intro, ""]
    if section.skipped:
        lines += [section.skipped, ""]
    for table in section.tables:
        lines += [f"**{table.title}**", "", markdown(table), ""]
        if table.note:
            lines += [table.note, ""]
    for plot in section.plots:
        lines += [f"![{plot.title}]({IMAGES.as_posix()}/{plot.file})", ""]
    return "\n".join(lines)
