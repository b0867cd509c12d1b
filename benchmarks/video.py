"""Videos: processor time against a plain transcode, memory, and how many faces are covered.

    python benchmarks/video.py make FOLDER          make the clips (needs scikit-image)
    python benchmarks/video.py speed CLIP           ratios to a plain PyAV transcode, and peak memory
    python benchmarks/video.py stream CLIP          the same for StreamRedactor with a look-ahead
    python benchmarks/video.py peers CLIP           the same beside deface (--deface says where it is)
    python benchmarks/video.py reference CLIP...    CenterFace at 1280 px on every frame, kept beside
    python benchmarks/video.py coverage CLIP...     coverage of that reference by the plan

Trust the ratios of processor time: they were measured in one run, with the same encoder settings.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from unittest import mock

import numpy as np

from saferedact.pipeline.video import watch

SIZE_WH = (1920, 1080)
RATE = 30
RUNS = 3
DEFACE_CRF = 25
"""What deface's writer gives x264, with its preset medium, unless it is told otherwise."""

SURE = 0.3
"""Score of the reference's faces."""


def faces():
    """Return the portrait of scikit-image, cut around the head, as RGB."""
    from skimage import data

    return data.astronaut()[0:230, 130:320]


def background(size_wh, seed):
    """Return a textured picture larger than a frame, to pan over."""
    import cv2
    from skimage import data

    rng = np.random.default_rng(seed)
    # No living thing: a cat's face is a face to a detector.
    picture = (data.coffee(), data.rocket(), data.hubble_deep_field())[seed % 3]
    large = cv2.resize(picture, (size_wh[0] + 400, size_wh[1] + 200), interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, 4, large.shape)
    return np.clip(large + grain, 0, 255).astype(np.uint8)


def paths(count, frames, speed, sizes, rng):
    """Positions of faces that bounce off the edges, in pixels."""
    width, height = SIZE_WH
    for number in range(count):
        side = sizes[number % len(sizes)]
        room = np.array([width - side, height - round(side * 1.21)], dtype=float)
        angle = rng.uniform(0, 2 * np.pi)
        step = speed * np.array([np.cos(angle), 0.5 * np.sin(angle)])
        start = rng.uniform(0, room)
        track = start + np.arange(frames)[:, None] * step
        folded = np.abs((track + room) % (2 * room) - room)
        yield side, folded


def make_clip(path, *, seconds, count, speed, sizes, cut_every=None, seed=1):
    """Write a clip of portraits that move over panned pictures."""
    import av
    import cv2

    rng = np.random.default_rng(seed)
    frames = seconds * RATE
    head = faces()
    shots = max(1, frames // cut_every) if cut_every else 1
    length = -(-frames // shots)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "18", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE_WH, "yuv420p"
        for shot in range(shots):
            ground = background(SIZE_WH, seed + shot)
            moving = list(paths(count, length, speed, sizes, rng))
            for i in range(min(length, frames - shot * length)):
                x, y = 200 + round(150 * np.sin(i / 40)), 100 + round(80 * np.sin(i / 55))
                picture = ground[y : y + SIZE_WH[1], x : x + SIZE_WH[0]].copy()
                for side, track in moving:
                    left, top = np.round(track[i]).astype(int)
                    small = cv2.resize(
                        head, (side, round(side * 1.21)), interpolation=cv2.INTER_AREA
                    )
                    picture[top : top + small.shape[0], left : left + side] = small
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def make(folder: Path) -> None:
    """Write the two clips that the targets speak of."""
    folder.mkdir(parents=True, exist_ok=True)
    make_clip(folder / "four_faces.mp4", seconds=20, count=4, speed=5, sizes=(150, 90, 220, 60))
    make_clip(
        folder / "fast_cuts.mp4",
        seconds=8,
        count=3,
        speed=40,
        sizes=(110, 170, 70),
        cut_every=48,
        seed=5,
    )


def transcode(
    source: Path,
    destination: Path,
    *,
    preset: str = "veryfast",
    crf: int = 20,
    frames: int | None = None,
) -> None:
    """Decode and encode, by default with the default policy's settings, and do nothing else."""
    import av

    with av.open(str(source)) as before, av.open(str(destination), "w") as after:
        stream = before.streams.video[0]
        stream.thread_type = "AUTO"
        options = {"crf": str(crf), "preset": preset}
        out = after.add_stream("libx264", rate=stream.average_rate, options=options)
        out.width, out.height, out.pix_fmt = stream.width, stream.height, "yuv420p"
        out.thread_type = "FRAME"
        for frame in islice(before.decode(stream), frames):
            frame.pict_type = 0
            after.mux(out.encode(frame))
        after.mux(out.encode(None))


def cost(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor and of the clock that a call takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.process_time() - cpu, time.perf_counter() - wall


def steps_of(medium, source: Path, search, written: Path):
    """Cost of each step on a clip, the plan and what a second look left, and peak memory in MiB."""
    from saferedact.plan import resolve_plan

    made = []
    steps = {"detect": cost(lambda: made.append(medium.detect(source, search)))}
    resolved = resolve_plan(made[0], policy=search.policy)
    steps["carry out"] = cost(lambda: medium.carry_out(source, resolved, written))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps["verify"] = cost(
        lambda: made.append(medium.prove_and_look_again(source, written, resolved, search)[1])
    )
    return steps, made, peak


def speed(source: Path, policy_name: str, runs: int) -> None:
    """Print the cost of each step as a ratio to a plain transcode, medians of several runs."""
    from saferedact.detectors.registry import resolve_detectors
    from saferedact.media.kinds import kind_of
    from saferedact.pipeline.medium import Search, medium_for
    from saferedact.policy import load_policy

    policy = load_policy(policy_name)
    search = Search(policy, resolve_detectors(None, policy))
    medium = medium_for(kind_of(source))
    ratios: dict[str, list[tuple[float, float]]] = {}
    made: list[object] = []
    peak = 0.0
    with tempfile.TemporaryDirectory() as name:
        plain, written = Path(name) / "plain.mp4", Path(name) / "out.mp4"
        for _ in range(runs):
            base = cost(lambda: transcode(source, plain))
            steps, made, peak_now = steps_of(medium, source, search, written)
            peak = peak or peak_now  # of the first run, before anything was verified
            names = list(steps)
            for label, parts in (
                *((name, [name]) for name in names),
                ("without verify", names[:2]),
                ("with verify", names),
            ):
                ratios.setdefault(label, []).append(
                    tuple(sum(steps[part][k] for part in parts) / base[k] for k in (0, 1))
                )
    frames = made[0].media.frames
    print(f"plain transcode: {1e3 * base[0] / frames:.1f} ms of processor a frame, {frames} frames")
    for label, pairs in ratios.items():
        cpu, wall = (statistics.median(pair[k] for pair in pairs) for k in (0, 1))
        print(f"{label:16} processor {cpu:5.2f} x   clock {wall:5.2f} x")
    print(
        f"peak memory {peak:.0f} MiB without verify; second look left {len(made[1].regions)} regions"
    )


def child_cost(*command: str | Path) -> float:
    """Seconds of processor that a command and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def all_looks_at(side: int) -> Iterator[None]:
    """Let every look at a frame be at one size, as deface's are with ``--scale``: for comparison only.

    What that finds of small faces is less; nobody should redact with it.
    """
    with (
        mock.patch.object(watch, "_SIZES", (side,)),
        mock.patch.object(watch, "_ORDINARY", side),
        mock.patch.object(watch, "_LARGE_FULL", side),
    ):
        yield


def peers(source: Path, policy_name: str, program: str, runs: int) -> None:
    """Print processor time beside that of deface, as ratios to plain transcodes; medians.

    deface's own start, as a clip of one frame shows it, is left out, as ours is.
    """
    from saferedact.detectors.registry import resolve_detectors
    from saferedact.media.kinds import kind_of
    from saferedact.pipeline.medium import Search, medium_for
    from saferedact.policy import load_policy

    policy = load_policy(policy_name)
    detectors = resolve_detectors(None, policy)
    medium = medium_for(kind_of(source))
    costs: dict[str, list[float]] = {}
    ratios: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        written, one = Path(name) / "out.mp4", Path(name) / "one.mp4"
        transcode(source, one, frames=1)
        for _ in range(runs):
            plain = {}
            for preset, crf, small in (
                ("medium", DEFACE_CRF, False),
                ("medium", DEFACE_CRF, True),
                ("veryfast", 20, False),
            ):
                plain[preset], _ = cost(lambda: transcode(source, written, preset=preset, crf=crf))  # noqa: B023
                video = policy.video.model_copy(update={"preset": preset, "crf": crf})
                search = Search(policy.model_copy(update={"video": video}), detectors)
                with all_looks_at(640) if small else nullcontext():
                    steps = [
                        pair[0] for pair in steps_of(medium, source, search, written)[0].values()
                    ]
                label = f"{policy_name}, {preset}" + ", looks at 640" * small
                for steps_said, spent in (
                    ("without verify", sum(steps[:2])),
                    ("with verify", sum(steps)),
                ):
                    costs.setdefault(f"{label}, {steps_said}", []).append(spent)
                    ratios.setdefault(f"{label}, {steps_said}", []).append(spent / plain[preset])
            for label, options in (
                ("deface --scale 640x360", ("--scale", "640x360")),
                ("deface", ()),
            ):
                command = (program, "--backend", "onnxrt", *options, "-o", written)
                spent = child_cost(*command, source) - child_cost(*command, one)
                costs.setdefault(label, []).append(spent)
                ratios.setdefault(label, []).append(spent / plain["medium"])
    for label, spent in costs.items():
        print(
            f"{label:40} {statistics.median(spent):6.1f} s of processor, "
            f"{statistics.median(ratios[label]):5.2f} x",
            f"deface / this {statistics.median(costs['deface']) / statistics.median(spent):.1f}",
            flush=True,
        )


def stream(source: Path, policy_name: str, runs: int) -> None:
    """Print the cost of a stream with a look-ahead as a ratio to a plain transcode."""
    import av

    from saferedact import StreamRedactor

    def redacted(destination: Path) -> None:
        with (
            av.open(str(source)) as before,
            av.open(str(destination), "w") as after,
            StreamRedactor(policy=policy_name) as redactor,
        ):
            video = before.streams.video[0]
            video.thread_type = "AUTO"
            out = after.add_stream(
                "libx264", rate=video.average_rate, options={"crf": "20", "preset": "veryfast"}
            )
            out.width, out.height, out.pix_fmt = video.width, video.height, "yuv420p"
            out.thread_type = "FRAME"
            for frame in redactor.redact(before.decode(video)):
                frame.pict_type = 0
                after.mux(out.encode(frame))
            after.mux(out.encode(None))

    with tempfile.TemporaryDirectory() as name:
        written = Path(name) / "out.mp4"
        pairs = []
        for _ in range(runs):
            base = cost(lambda: transcode(source, written))
            made = cost(lambda: redacted(written))
            pairs.append((made[0] / base[0], made[1] / base[1]))
    cpu, wall = (statistics.median(pair[k] for pair in pairs) for k in (0, 1))
    print(f"{'stream':16} processor {cpu:5.2f} x   clock {wall:5.2f} x")


def reference_path(source: Path) -> Path:
    """Where the reference of a clip is kept."""
    return Path(tempfile.gettempdir()) / "saferedact-reference" / f"{source.stem}.npz"


def reference(source: Path, step: int = 1) -> None:
    """Look at every frame at 1280 px, and keep the answer."""
    from saferedact.detectors.centerface import CenterFace
    from saferedact.media.video_read import open_video
    from saferedact.models import model_path

    network = CenterFace(model_path("centerface"), engine="onnxruntime", threads=1)
    frames, boxes, scores = [], [], []
    with open_video(source) as video:
        width, height = video.info.upright_size_wh
        scale = 1280 / max(width, height)
        size_wh = (round(width * scale), round(height * scale))
        back = np.array([width / size_wh[0], height / size_wh[1]] * 2, dtype=np.float32)
        for frame in video.frames():
            if frame.index % step:
                continue
            found, score = network.detect(frame.small(size_wh)[None], SURE)[0]
            frames += [frame.index] * len(found)
            boxes += np.clip(found * back, 0, (width, height) * 2).tolist()
            scores += score.tolist()
    path = reference_path(source)
    path.parent.mkdir(exist_ok=True)
    np.savez(
        path, frame=frames, xyxy=np.array(boxes, np.float32).reshape(-1, 4), score=scores, step=step
    )
    print(f"{source.name}: {len(frames)} faces")


def coverage(source: Path, policy_name: str) -> None:
    """Print the share of the reference's faces whose area is covered by nine tenths or more."""
    from saferedact.geometry import area, covered_fraction
    from saferedact.pipeline import detect
    from saferedact.plan import resolve_plan
    from saferedact.policy import load_policy

    policy = load_policy(policy_name)
    plan = detect(source, policy=policy)
    resolved = resolve_plan(plan, policy=policy)
    kept = np.load(reference_path(source))
    ok = {"large": [], "small": []}
    missed, covered, on_faces, wanted = [], 0.0, 0.0, 0.0
    size_wh = (plan.media.width, plan.media.height)
    for frame in range(0, plan.media.frames, int(kept["step"])):
        cover = [group.xyxy for group in resolved.groups(frame)]
        cover = np.concatenate([np.empty((0, 4), np.float32), *cover])
        there = kept["xyxy"][kept["frame"] == frame]
        share = covered_fraction(there, cover)
        sides = (there[:, 2:] - there[:, :2]).min(axis=1)
        for box, side, part in zip(there, sides, share, strict=True):
            ok["large" if side >= 24 else "small"].append(part >= 0.9)
            if part < 0.9:
                missed.append((frame, np.round(box).astype(int).tolist(), round(float(part), 2)))
        holds = np.array([(covered_fraction(there, box[None]) >= 0.5).any() for box in cover], bool)
        covered += union(cover, size_wh)
        on_faces += union(cover[holds], size_wh)
        wanted += float(area(there).sum())
    parts = [f"{name} {100 * np.mean(v):.2f} % of {len(v)}" for name, v in ok.items() if v]
    excess, of_faces = (part / wanted if wanted else float("nan") for part in (covered, on_faces))
    tracks = len(plan.visible_regions())
    print(
        f"{source.name}: {', '.join(parts)}; area {excess:.2f} x, {of_faces:.2f} x of covers that "
        f"hold a face of the reference; {tracks} tracks"
    )
    for item in missed[:20]:
        print("   missed", *item)


def union(boxes, size_wh) -> float:
    """Area under boxes, in pixels, on whole pixels."""
    mask = np.zeros(size_wh[::-1], dtype=bool)
    for x1, y1, x2, y2 in np.round(boxes).astype(int):
        mask[max(0, y1) : y2, max(0, x1) : x2] = True
    return float(mask.sum())


TASKS = ("make", "speed", "stream", "peers", "reference", "coverage")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--policy", default="faces")
    parser.add_argument("--deface", default="deface", help="the program to compare with")
    parser.add_argument("--runs", type=int, default=RUNS, help="of which medians are taken")
    parser.add_argument("--step", type=int, default=1, help="look at every so many frames")
    parser.add_argument("--onnxruntime", action="store_true", help="do not use OpenVINO")
    args = parser.parse_args()
    if args.onnxruntime:
        from saferedact.detectors import networks

        networks.openvino_is_faster = lambda: False
    for path in args.paths:
        if args.task == "make":
            make(path)
        elif args.task == "speed":
            speed(path, args.policy, args.runs)
        elif args.task == "stream":
            stream(path, args.policy, args.runs)
        elif args.task == "peers":
            peers(path, args.policy, args.deface, args.runs)
        elif args.task == "reference":
            reference(path, args.step)
        else:
            coverage(path, args.policy)


if __name__ == "__main__":
    sys.exit(main())
