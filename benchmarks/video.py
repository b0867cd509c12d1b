"""Videos: processor time against a plain transcode, memory, and how many faces are covered.

    python -m benchmarks.video make FOLDER          make the clips (needs scikit-image)
    python -m benchmarks.video speed CLIP           ratios to a plain PyAV transcode, and peak memory
    python -m benchmarks.video stream CLIP          the same for StreamRedactor with a look-ahead
    python -m benchmarks.video peers CLIP           the same beside deface (--deface says where it is)
    python -m benchmarks.video reference CLIP...    CenterFace at 1280 px on every frame, kept beside
    python -m benchmarks.video coverage CLIP...     coverage of that reference by the plan

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

from benchmarks.video_clips import make
from benchmarks.video_coverage import coverage, reference

from saferedact.pipeline.video import sizes

RUNS = 3
DEFACE_CRF = 25
"""What deface's writer gives x264, with its preset medium, unless it is told otherwise."""


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
        mock.patch.object(sizes, "_SIZES", (side,)),
        mock.patch.object(sizes, "_ORDINARY", side),
        mock.patch.object(sizes, "_LARGE_FULL", side),
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
