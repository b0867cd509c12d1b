"""Checking and releasing: seconds an asset, what the checks tell, and wording."""

from datetime import UTC, datetime, timedelta

from benchmarks.forget import forget
from benchmarks.harness import spent
from benchmarks.inputs import crowd, text_pdf, write_picture
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup
from benchmarks.told import told_in

from benchmarks import checks
from saferedact.cli.demo_release import _CASE as CASE_OF_DEMO
from saferedact.detectors.ocr import shared_reader
from saferedact.detectors.registry import resolve_detectors
from saferedact.errors import FindingsError, SaferedactError
from saferedact.pipeline import check, release
from saferedact.policy import load_policy
from saferedact.testing.chats import chat_screenshot


def run(setup: Setup) -> Section:
    """Measure checks and releases."""
    section = Section(
        "check",
        "Checks and releases",
        "Folders of photographs, chat screenshots, texts and one-page PDFs in equal parts, with a case file. "
        "`check` judges them as they are; `release` redacts them, checks the result and writes it, or refuses.",
    )
    _assets(setup, section)
    section.tables.append(_wording(("fifth",)))  # every other set has been fitted on
    section.tables.append(_leaks(setup))
    return section


def _folder(path, count):
    """Write so many files of four kinds."""
    path.mkdir()
    for number in range(count):
        name = path / f"item-{number:03}"
        kind = number % 4
        if kind == 0:
            pixels = crowd((1280, 960), 3, seed=100 + number).pixels
            write_picture(name.with_suffix(".jpg"), pixels, quality=92)
        elif kind == 1:
            write_picture(
                name.with_suffix(".png"), chat_screenshot("whatsapp", number, size=18).pixels
            )
        elif kind == 2:
            text = (
                "Stuart Kemble has been charged with fraud. The complaint was made by Priya Nair.\n"
            )
            name.with_suffix(".txt").write_text(text, encoding="utf-8")
        else:
            text_pdf(name.with_suffix(".pdf"), 1, seed=number)
    return path


def _assets(setup, section):
    now = datetime.now(UTC)
    case = setup.scratch / "case.toml"
    case.write_text(
        CASE_OF_DEMO.format(now=now.isoformat(), review=(now + timedelta(days=90)).date()),
        encoding="utf-8",
    )
    table = Table(
        "Processor time by number of files",
        ["files", "`check` s", "s a file", "`release` s", "s a file", "verdict of the release"],
        note="Loading the models is part of the first row of each.",
    )
    lines = {name: Series(name, [], []) for name in ("check", "release")}
    check(_folder(setup.scratch / "warm", 4), case=case)
    shared = (shared_reader(None), *resolve_detectors(["faces"], load_policy("release")))
    for count in setup.pick((2, 4), (4, 8, 16, 32)):
        folder = _folder(setup.scratch / f"release-{count}", count)
        forget(*shared)
        checked = spent(lambda folder=folder: check(folder, case=case))
        forget(*shared)
        verdicts = []

        def released(folder=folder, count=count, verdicts=verdicts):
            try:
                report = release(folder, setup.scratch / f"published-{count}", case=case)
                verdicts.append(report.verdict)
            except (FindingsError, SaferedactError) as error:
                verdicts.append(f"refused ({error.code})")

        made = spent(released)
        table.add(count, checked, checked / count, made, made / count, verdicts[0])
        for name, y in (("check", checked), ("release", made)):
            lines[name].x.append(float(count))
            lines[name].y.append(y)
    section.tables.append(table)
    section.plots.append(
        Plot(
            "check-files.png",
            "line",
            "Cost against the number of files",
            "files",
            "CPU s",
            list(lines.values()),
            fit=True,
        )
    )


def _wording(sets):
    """Count prejudicial sentences that are found, and fair ones that are taken for such."""
    table = Table(
        "Prejudicial wording (fictional sentences)",
        ["set", "found", "share", "false alarms", "share"],
        note="[accuracy.md](accuracy.md) says which set was seen while the rules were written.",
    )
    for which in sets:
        told = total = alarms = fair = 0
        for row in checks.rows_of(checks.FILES[which]):
            found = bool(checks.found_in(row))
            if checks.labels_of(row):
                total, told = total + 1, told + found
            else:
                fair, alarms = fair + 1, alarms + found
        table.add(
            which,
            f"{told} of {total}",
            f"{100 * told / max(total, 1):.1f} %",
            f"{alarms} of {fair}",
            f"{100 * alarms / max(fair, 1):.1f} %",
        )
    return table


def _leaks(setup):
    """Count hidden and badly hidden things of the corpus that a check tells."""
    from saferedact.testing.leaks import BENIGN, LEAKS

    table = Table(
        "Hidden and badly hidden things in other people's files",
        ["files", "number", "told of (any HD or WR rule)", "blocked", "CPU ms a file"],
        note="A corpus of our own: the honest files were written by the hand that wrote the others.",
    )
    for name, makers in (("that hide something", LEAKS), ("that hide nothing", BENIGN)):
        chosen = dict(list(makers.items())[:: setup.pick(8, 1)])
        levels, taken = told_in(setup.scratch / name.replace(" ", "-"), chosen)
        told = len(levels)
        blocked = sum("BLOCK" in found for found in levels.values())
        table.add(name, len(chosen), told, blocked, 1e3 * taken / len(chosen))
    return table
