"""Read and write a video without regions, as a ratio to a plain transcode, and memory by length.

    python benchmarks/video_io.py [--seconds 20] [--rounds 3]

Both sides use the same encoder, preset and crf; each round runs both, and the medians of the ratios
count. Memory is the highest resident size of a process of its own.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

SIZE_1080 = (1920, 1080)
SIZE_SMALL = (320, 180)
RATE = 30


def make(path, size_wh, seconds):
    """Write a clip of moving gradients and noise."""
    import av

    width, height = size_wh
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 24, (height + 64, width + 64), dtype=np.uint8)
    ramp = (np.arange(width)[None, :] // 12 + np.arange(height)[:, None] // 9).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=RATE, options={"preset": "veryfast", "crf": "20"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for index in range(seconds * RATE):
            frame = av.VideoFrame(width, height, "yuv420p")
            dx, dy = (index * 3) % 64, (index * 2) % 64
            luma = ramp + np.uint8(index % 256) + noise[dy : dy + height, dx : dx + width]
            for plane, samples in zip(frame.planes, (luma, None, None), strict=True):
                view = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
                view[:, : plane.width] = 128 if samples is None else samples
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def plain(source, output):
    """Transcode with PyAV alone."""
    import av

    with av.open(str(source)) as read, av.open(str(output), "w") as written:
        video = read.streams.video[0]
        video.thread_type = "AUTO"
        stream = written.add_stream(
            "libx264", rate=RATE, options={"preset": "veryfast", "crf": "20"}
        )
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        stream.codec_context.time_base = video.time_base
        for frame in read.decode(video):
            frame.pict_type = 0
            written.mux(stream.encode(frame))
        written.mux(stream.encode(None))


def ours(source, output):
    """Read and write with saferedact."""
    from saferedact.media.video_base import VideoCoding
    from saferedact.media.video_read import open_video
    from saferedact.media.video_write import VideoWriter

    with open_video(source) as video, VideoWriter(output, video.info, VideoCoding()) as writer:
        for frame in video.frames():
            writer.write(frame)


def run(name, source, output):
    """Run one side in a process of its own; (CPU seconds, wall seconds, MiB)."""
    command = [sys.executable, __file__, "--side", name, str(source), str(output)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def side(name, source, output):
    """Body of that process."""
    wall = time.perf_counter()
    {"plain": plain, "ours": ours}[name](Path(source), Path(output))
    wall = time.perf_counter() - wall
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024]))


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, default=300)
    parser.add_argument("--side", nargs=3)
    arguments = parser.parse_args()
    if arguments.side:
        side(*arguments.side)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = folder / "clip.mp4"
        make(clip, SIZE_1080, arguments.seconds)
        ratios = []
        for _ in range(arguments.rounds):
            base = run("plain", clip, folder / "plain.mp4")
            own = run("ours", clip, folder / "ours.mp4")
            ratios.append((own[0] / base[0], own[1] / base[1]))
            print(f"plain {base[0]:.1f} s CPU, {base[1]:.1f} s, {base[2]:.0f} MiB;", end=" ")
            print(f"ours {own[0]:.1f} s CPU, {own[1]:.1f} s, {own[2]:.0f} MiB")
        cpu, wall = (statistics.median(values) for values in zip(*ratios, strict=True))
        print(f"ratio to a plain transcode: CPU {cpu:.3f}, wall {wall:.3f}")
        for seconds in (10, arguments.long):
            clip = folder / f"{seconds}.mp4"
            make(clip, SIZE_SMALL, seconds)
            print(f"{seconds} s at 320 x 180: {run('ours', clip, folder / 'o.mp4')[2]:.0f} MiB")


if __name__ == "__main__":
    main()
