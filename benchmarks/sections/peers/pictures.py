"""Faces and text in pictures, by every program that reads pictures."""

import json

import numpy as np
from benchmarks.forget import forget
from benchmarks.harness import spent
from benchmarks.inputs import crowd, write_picture
from benchmarks.results import Table
from benchmarks.sections.peers.calls import HERE, OURS, Score, net

from saferedact.detectors.registry import resolve_detectors
from saferedact.models import model_path
from saferedact.pipeline.redact import redact_with_plan
from saferedact.policy import load_policy
from saferedact.testing.chats import chat_screenshot
from saferedact.testing.papers import form, letter


def compare_faces(setup, section, use, folder, scores):
    """Time, faces covered and area of each program on made crowds."""
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
    forget(*detectors)
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


def compare_text(setup, section, use, folder, scores):
    """Time, secrets and other words covered by each program on drawn chats and papers."""
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
