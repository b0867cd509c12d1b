"""Pictures from file to file: redact, its parts, and how cost grows."""

import numpy as np
from benchmarks.forget import forget
from benchmarks.harness import spent
from benchmarks.inputs import crowd, write_picture
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup

from saferedact.detectors.registry import resolve_detectors
from saferedact.pipeline.batch import redact_many
from saferedact.pipeline.jobs import Job
from saferedact.pipeline.medium import Search, medium_for
from saferedact.pipeline.redact import redact_with_plan
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.chats import chat_screenshot
from saferedact.testing.papers import letter


def run(setup: Setup) -> Section:
    """Measure pictures."""
    section = Section(
        "images",
        "Pictures",
        "From file to checked file, `redact` with the policy `release`, models warm, one thread for each "
        "network. The reference is decoding the picture and writing it again with Pillow.",
    )
    policies = {name: load_policy(name) for name in ("release", "faces")}
    detectors = {name: resolve_detectors(None, p, threads=1) for name, p in policies.items()}
    section.tables.append(_kinds(setup, policies["release"], detectors["release"]))
    _growth(setup, section, policies, detectors)
    _jobs(setup, section, policies["faces"])
    return section


def _redacted(source, target, policy, detectors):
    return redact_with_plan(source, target, policy=policy, detectors=detectors, overwrite=True)


def _rewritten(source, target):
    """Decode and encode with Pillow, and do nothing else."""
    from PIL import Image

    with Image.open(source) as image:
        image.load()
        image.save(target)


def _kinds(setup, policy, detectors):
    table = Table(
        "What a picture costs, by kind",
        "picture|MP|regions|repairs|detect s|hide s|prove s|look again s|all, CPU s|files/s|MP/s|"
        "over decode + encode".split("|"),
        note="The second look is the detectors' answer to the output; repairs are rounds in which it found "
        "something new.",
    )
    scratch = setup.scratch
    sources = {
        "photograph with 6 faces, JPEG": write_picture(
            scratch / "six.jpg", crowd((1600, 1200), 6, seed=2).pixels, quality=92
        ),
        "photograph without faces, JPEG": write_picture(
            scratch / "none.jpg", crowd((1600, 1200), 0, seed=3).pixels, quality=92
        ),
        "chat screenshot, PNG": write_picture(
            scratch / "chat.png", chat_screenshot("whatsapp", 1, size=24).pixels
        ),
        "letter, PNG": write_picture(scratch / "letter.png", letter(1, size=18).pixels),
    }
    if not setup.quick:
        sources["photograph of 12 MP with 20 faces, JPEG"] = write_picture(
            scratch / "large.jpg", crowd((4000, 3000), 20, seed=4).pixels, quality=92
        )
    _redacted(sources["chat screenshot, PNG"], scratch / "warm.png", policy, detectors)
    for name, source in sources.items():
        target = scratch / f"out{source.suffix}"
        made, steps, total = _steps(source, target, policy, detectors)
        base = min(spent(lambda s=source, t=target: _rewritten(s, t)) for _ in range(3))
        size = made.plan.media.width * made.plan.media.height / 1e6
        table.add(
            name, size, len(made.plan.regions), made.repairs, *steps,
            total, 1 / total, size / total, f"{total / base:.0f}",
        )  # fmt: skip
    return table


def _steps(source, target, policy, detectors):
    """Time the whole, and the steps of one round, with detectors that have not seen the picture."""
    made = []
    forget(*detectors)
    total = spent(lambda: made.append(_redacted(source, target, policy, detectors)))
    search = Search(policy, detectors)
    forget(*detectors)
    medium = medium_for("image")
    plans = []
    steps = [spent(lambda: plans.append(medium.detect(source, search)))]
    resolved = resolve_plan(plans[0], policy=policy)
    written = target.with_stem("step")
    steps.append(spent(lambda: medium.carry_out(source, resolved, written)))
    steps.append(spent(lambda: medium.prove(source, written, resolved)))
    steps.append(spent(lambda: medium.look_again(source, written, resolved, search)))
    return made[0], steps, total


def _growth(setup, section, policies, detectors):
    """Cost against resolution and against the number of faces; faces alone are looked for."""
    sides = setup.pick((640, 1280, 1920, 2560), (640, 1280, 1920, 2560, 3840, 4800))
    by_size = {
        f"{side} x {side * 3 // 4}": (
            side * side * 0.75 / 1e6,
            crowd((side, side * 3 // 4), 4, seed=5, face_px=(30, 90)).pixels,
        )
        for side in sides
    }
    counts = setup.pick((1, 8, 32), (1, 4, 8, 16, 32, 64))
    by_count = {
        f"{n} faces": (float(n), crowd((1600, 1200), n, seed=6, face_px=(12, 50)).pixels)
        for n in counts
    }
    for pictures, plot in (
        (
            by_size,
            Plot("images-resolution.png", "line", "Cost against resolution (4 faces, policy `faces`)",
                 "megapixels", "CPU s", [], fit=True),
        ),
        (
            by_count,
            Plot("images-faces.png", "line", "Cost against faces (1,600 x 1,200, policy `faces`)",
                 "faces", "CPU s", [], fit=True),
        ),
    ):  # fmt: skip
        _series(setup, section, Search(policies["faces"], detectors["faces"]), pictures, plot)


def _series(setup, section, search, pictures, plot):
    """Redact pictures, and draw the cost of the first look and of the whole."""
    table = Table(
        plot.title,
        ["picture", "detect, CPU s", "all, CPU s (min-max)", "over decode + encode", "repairs"],
        note="The whole has a second look more for each round of repair. Up to 1,920 px the network's views are of "
        "the same sizes for all pictures; beyond, tiles are added, and cost grows with pixels.",
    )
    whole, first = Series("redact, verified", [], []), Series("detect", [], [])
    source, target = setup.scratch / "grow.jpg", setup.scratch / "grown.jpg"
    for name, (x, pixels) in pictures.items():
        repairs, seconds, looks = 0, [], []
        for number in range(setup.pick(1, 3)):
            write_picture(source, np.roll(pixels, number, axis=1), quality=92)
            forget(*search.detectors)
            made = []
            seconds.append(
                spent(lambda m=made: m.append(_redacted(source, target, *_parts(search))))
            )
            repairs = max(repairs, made[0].repairs)
            forget(*search.detectors)
            looks.append(spent(lambda: medium_for("image").detect(source, search)))
        base = min(spent(lambda: _rewritten(source, target)) for _ in range(3))
        middle = float(np.median(seconds))
        for line, y in ((whole, middle), (first, float(np.median(looks)))):
            line.x.append(x)
            line.y.append(y)
        spread = f"{middle:.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
        table.add(name, first.y[-1], spread, f"{middle / base:.0f}", repairs)
    plot.series = [whole, first]
    section.tables.append(table)
    section.plots.append(plot)


def _parts(search):
    return search.policy, search.detectors


def _jobs(setup, section, policy):
    """Redact a folder with one and more workers: time by the clock, start of the workers included."""
    import os
    import time

    folder = setup.scratch / "jobs"
    folder.mkdir()
    count = setup.pick(4, 16)
    sources = [
        write_picture(folder / f"{n}.jpg", crowd((1280, 960), 5, seed=20 + n).pixels, quality=92)
        for n in range(count)
    ]
    workers = sorted({1, 2, setup.pick(2, os.cpu_count() or 2)})
    table = Table(
        f"`--jobs`: {count} photographs of 1.2 MP, policy `faces`",
        ["workers", "clock s", "files/s", "CPU s", "speed-up"],
        note="By the clock, so other work on the machine shows; workers start Python and load models.",
    )
    rates = []
    first = None
    for number in workers:
        target = setup.scratch / f"jobs-{number}"
        jobs = [Job(path.name, path, target / path.name) for path in sources]
        clock = time.perf_counter()
        cpu = spent(lambda j=jobs, n=number: list(redact_many(j, policy=policy, workers=n)))
        clock = time.perf_counter() - clock
        first = first or clock
        table.add(number, clock, count / clock, cpu, first / clock)
        rates.append(count / clock)
    section.tables.append(table)
    section.plots.append(
        Plot(
            "images-jobs.png",
            "bar",
            f"Scaling with --jobs on {os.cpu_count()} cores ({count} photographs)",
            "workers",
            "files a second by the clock",
            [Series("redact", [str(n) for n in workers], rates)],
        )
    )
