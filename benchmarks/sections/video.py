"""Videos: ratio to a plain transcode, frames a second, memory, coverage, and how cost grows."""

import statistics
import time

import numpy as np
from benchmarks.forget import forget
from benchmarks.harness import compare, peak_mib
from benchmarks.inputs import RATE, clip
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup
from benchmarks.video import cost, steps_of, transcode

from saferedact.detectors.registry import resolve_detectors
from saferedact.geometry import covered_fraction
from saferedact.pipeline.medium import Search, medium_for
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy


def run(setup: Setup) -> Section:
    """Measure videos."""
    section = Section(
        "video",
        "Videos",
        "Heads that move over a panned photograph, 30 frames a second. The reference is decoding and "
        "encoding the same clip with PyAV with the same x264 settings (veryfast, crf 20) and nothing else.",
    )
    _ratios(setup, section)
    _growth(setup, section)
    return section


def _search(name):
    policy = load_policy(name)
    return Search(policy, resolve_detectors(None, policy))


def _measured(setup, source, search, runs):
    """Time the steps of a clip and the plain transcode in turn."""
    medium = medium_for("video")
    plain, written = setup.scratch / "plain.mp4", setup.scratch / "written.mp4"
    base, steps, clocks = [], [], []
    plan = None
    for _ in range(runs):
        forget(*search.detectors)
        base.append(cost(lambda: transcode(source, plain))[0])
        clock = time.perf_counter()
        found, made, _ = steps_of(medium, source, search, written)
        clocks.append(time.perf_counter() - clock)
        steps.append({name: pair[0] for name, pair in found.items()})
        plan = made[0]
    return base, steps, clocks, plan


def _ratios(setup, section):
    table = Table(
        "Processor time over a plain transcode",
        "clip and policy|look|hide and encode|both|prove and look again|all|CPU ms a frame|frames/s by the clock|"
        "faces covered|area".split("|"),
        note="Covered: faces of the truth, nine tenths of which lie under the regions of their frame. Area: "
        "what is covered over the area of the faces; the policy's margins alone make about 2.7.",
    )
    size = (1920, 1080)
    source = setup.scratch / "main.mp4"
    truth = clip(source, seconds=setup.pick(2, 10), size_wh=size, faces=4, seed=1)
    bars = {}
    for name in ("faces", "release"):
        search = _search(name)
        base, steps, clocks, plan = _measured(setup, source, search, setup.pick(1, 3))
        totals = {
            "look": ("detect",),
            "hide and encode": ("carry out",),
            "both": ("detect", "carry out"),
            "prove and look again": ("verify",),
            "all": ("detect", "carry out", "verify"),
        }
        found = {
            label: compare([sum(step[part] for part in parts) for step in steps], base)
            for label, parts in totals.items()
        }
        covered, excess = coverage(plan, search.policy, truth, size)
        table.add(
            f"1080p, {len(truth) / RATE:.0f} s, 4 faces, `{name}`",
            *(one.cell() for one in found.values()),
            1e3 * found["all"].seconds / len(truth),
            len(truth) / statistics.median(clocks),
            covered,
            f"{excess:.1f}",
        )
        bars[name] = found
    section.tables.append(table)
    memory = peak_mib()
    if memory is not None:
        table.note += f" Peak memory of the process that ran all of this: {memory:,.0f} MiB."
    parts = ("look", "hide and encode", "prove and look again", "all")
    section.plots.append(
        Plot(
            "video-steps.png",
            "bar",
            "Processor time over a plain transcode, 1080p",
            "",
            "times a plain transcode",
            [
                Series(name, list(parts), [found[p].ratio for p in parts])
                for name, found in bars.items()
            ],
        )
    )


def coverage(plan, policy, truth, size_wh):
    """Share of true faces that the plan covers, and area covered over area of faces."""
    resolved = resolve_plan(plan, policy=policy)
    ok = wanted = 0
    covered = faces = 0.0
    for frame in range(0, len(truth), 3):
        there = truth[frame]
        boxes = [group.xyxy for group in resolved.groups(frame)]
        cover = np.concatenate([np.empty((0, 4), np.float32), *boxes])
        ok += int((covered_fraction(there, cover) >= 0.9).sum())
        wanted += len(there)
        mask = np.zeros(size_wh[::-1], dtype=bool)
        for x1, y1, x2, y2 in np.round(cover).astype(int).tolist():
            mask[max(0, y1) : y2, max(0, x1) : x2] = True
        covered += float(mask.sum())
        faces += float(((there[:, 2] - there[:, 0]) * (there[:, 3] - there[:, 1])).sum())
    share = f"{100 * ok / wanted:.1f} % of {wanted}" if wanted else "-"
    return share, covered / faces if faces else float("nan")


def _growth(setup, section):
    """Cost against duration, resolution and the number of faces."""
    search = _search("faces")
    small = (640, 360)
    seconds = setup.pick((1, 2, 4, 8), (2, 5, 10, 20, 40))
    sizes = ((640, 360), (1280, 720), (1920, 1080))
    counts = setup.pick((1, 3, 6), (1, 2, 4, 6, 8))
    for file, title, label, points in (
        ("video-duration.png", "Cost against duration (360p, 2 faces)", "seconds",
         [(f"{s} s", float(s), {"seconds": s, "size_wh": small}) for s in seconds]),
        ("video-resolution.png", "Cost against resolution (1 s, 2 faces)", "megapixels",
         [(f"{w} x {h}", w * h / 1e6, {"seconds": 1, "size_wh": (w, h)}) for w, h in sizes]),
        ("video-faces.png", "Cost against faces (1 s of 720p)", "faces",
         [(f"{n}", float(n), {"seconds": 1, "faces": n}) for n in counts]),
    ):  # fmt: skip
        plot = Plot(file, "line", title, label, "CPU s", [], fit=True)
        _series(setup, section, search, plot, points)


def _series(setup, section, search, plot, points):
    table = Table(
        f"{plot.title}, policy `faces`",
        [plot.x_label, "CPU s, all steps", "CPU s, transcode", "ratio"],
    )
    ours = Series("saferedact, verified", [], [])
    plain = Series("plain transcode", [], [])
    for name, x, options in points:
        source = setup.scratch / "series.mp4"
        clip(source, seed=2, **options)
        base, steps, _, _ = _measured(setup, source, search, setup.pick(1, 3))
        found = compare([sum(step.values()) for step in steps], base)
        table.add(name, found.seconds, found.reference_seconds, found.cell())
        for line, y in ((ours, found.seconds), (plain, found.reference_seconds)):
            line.x.append(x)
            line.y.append(y)
    plot.series = [ours, plain]
    section.tables.append(table)
    section.plots.append(plot)
