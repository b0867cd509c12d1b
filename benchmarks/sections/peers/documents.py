"""PDFs: what is left after redaction, and what a check tells of files made elsewhere."""

import json
import subprocess
from pathlib import Path

from benchmarks.harness import cpu_clock, spent
from benchmarks.pdf_leaks import oracle, redact_channel, secrets_read
from benchmarks.results import Table
from benchmarks.sections.peers.calls import HERE, OURS, Score, child, net
from benchmarks.told import told_in

from saferedact.checks.traces import JUDGED_BY
from saferedact.limits import DEFAULT_LIMITS
from saferedact.pipeline.inspection.look_into import look_into
from saferedact.testing.leaks import BENIGN, LEAKS
from saferedact.testing.pdfs import CHANNELS, PIXEL_CHANNELS, make_channel


def compare_pdf(setup, section, use, folder, scores):
    """Time and what can still be read after each program removed a name and a number."""
    chosen = CHANNELS[:: setup.pick(9, 1)]
    made = setup.scratch / "channels"
    made.mkdir()
    reads = oracle()
    secrets = {channel: make_channel(channel, made / f"{channel}.pdf") for channel in chosen}
    table = Table(
        f"A name and a number removed from {len(chosen)} of the {len(CHANNELS)} one-page PDFs of [the corpus]"
        "(pdf-channels.md)",
        ["program", "can be read afterwards", "refused", "CPU s a document", "where it is left"],
        note="Every program is told the name and the number. A refusal writes nothing, and counts as no leak: "
        "blankout refuses what it cannot read, for a person to look at; PyMuPDF is as its documentation shows "
        "(search, mark, apply, scrub, save). Ours verifies with other engines and reads pictures.",
    )
    jobs = [
        {
            "source": str(made / f"{channel}.pdf"),
            "target": str(made / f"{{}}-{channel}.pdf"),
            "secrets": [secrets[channel].name, secrets[channel].last, secrets[channel].phone],
        }
        for channel in chosen
    ]
    taken = {}
    redact_channel(chosen[0], setup.scratch / "warm.pdf", setup.scratch / "warmed.pdf")

    def ours():
        for channel in chosen:
            redact_channel(channel, setup.scratch / "again.pdf", made / f"{OURS}-{channel}.pdf")

    taken[OURS] = spent(ours)
    for name in ("pymupdf", "blankout"):
        if name not in use:
            continue
        listed, empty = setup.scratch / f"{name}.json", setup.scratch / "none.json"
        listed.write_text(
            json.dumps([{**job, "target": job["target"].format(name)} for job in jobs]), "utf-8"
        )
        empty.write_text("[]")
        base = [use[name].python(folder), HERE / f"redact_{name}.py"]
        taken[name] = net([*base, listed], [*base, empty])
    leaks, times = {}, {}
    for name, total in taken.items():
        if total is None:
            table.add(name, "failed", "-", "-", "-")
            continue
        left, refused = [], 0
        for channel in chosen:
            path = made / f"{name}-{channel}.pdf"
            if not path.exists():
                refused += 1
                continue
            pixels = channel in PIXEL_CHANNELS
            if secrets_read(reads, path, secrets[channel], pixels=pixels):
                left.append(channel)
        shown = ", ".join(left[:8]) + (f" and {len(left) - 8} more" if len(left) > 8 else "")
        table.add(
            name, f"{len(left)} of {len(chosen)}", refused, total / len(chosen), shown or "nowhere"
        )
        leaks[name], times[name] = float(len(left)), total / len(chosen)
    section.tables.append(table)
    scores += [
        Score("PDFs", "documents that leak", leaks, lower_is_better=True),
        Score("PDFs", "processor time", times, lower_is_better=True),
    ]


_HERE = f"{OURS}, in this process"


def _told_here(paths):
    """Names of the files in which something is found without another process."""
    return {
        name
        for name, path in paths.items()
        for trace in look_into(path, DEFAULT_LIMITS).traces
        if JUDGED_BY[trace.channel].rule_id[:2] in {"HD", "WR"}
    }


def compare_pdf_check(setup, section, use, folder, scores):
    """Badly redacted PDFs that each program tells, and honest ones that it tells too."""
    bad = {name: make for name, make in LEAKS.items() if name.endswith(".pdf")}
    good = {name: make for name, make in BENIGN.items() if name.endswith(".pdf")}
    place = setup.scratch / "to-check"
    place.mkdir()
    paths = {name: place / name for name in (*bad, *good)}
    for name, path in paths.items():
        path.write_bytes((bad | good)[name]())
    levels, seconds = told_in(setup.scratch / "checked", bad | good)
    table = Table(
        f"Badly redacted and hiding PDFs told: {len(bad)} that hide something, {len(good)} that do not",
        ["program", "told", "false alarms", "CPU ms a file"],
        note="x-ray looks for rectangles over text alone, ours for every channel of its own corpus: so this says "
        "what each is for, not who does the same better. Each is given all files in one call; `saferedact check` "
        "reads them in a process of its own, so that a hostile file takes down no more than itself, and that "
        "process's start counts. In this process: both imported in an interpreter that runs, start-up left out.",
    )
    here: set[str] = set()
    _told_here({"warm": paths[next(iter(good))]})
    taken = {OURS: seconds, _HERE: spent(lambda: here.update(_told_here(paths)))}
    told = {OURS: set(levels), _HERE: here}
    if "xray" in use:
        base = [use["xray"].python(folder), HERE / "inspect_xray.py"]
        start = child(base) or 0.0
        before = cpu_clock()
        done = subprocess.run(
            [*map(str, base), *map(str, paths.values())],
            capture_output=True,
            text=True,
            check=False,
        )
        taken["x-ray"] = max(cpu_clock() - before - start, 1e-3)
        told["x-ray"] = {Path(line).name for line in done.stdout.splitlines()}
    for name, names in told.items():
        table.add(
            name,
            f"{len(names & set(bad))} of {len(bad)}",
            f"{len(names & set(good))} of {len(good)}",
            1e3 * taken[name] / (len(bad) + len(good)),
        )
    section.tables.append(table)
    count = len(bad) + len(good)
    scores += [
        Score("PDF check", "told", {name: float(len(names & set(bad))) for name, names in told.items()}),
        Score("PDF check", "false alarms", {n: float(len(s & set(good))) for n, s in told.items()}, lower_is_better=True),
        Score("PDF check", "processor time", {name: t / count for name, t in taken.items()}, lower_is_better=True),
    ]  # fmt: skip
