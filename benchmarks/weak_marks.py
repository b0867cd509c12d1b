"""How many weak marks over faces of a labelled folder are told, and what is told of honest pictures.

Run with ``python -m benchmarks.weak_marks FOLDER --half development|test|both``; see ``--help``. Prints
Markdown tables. The folder is the one of `benchmarks.faces`.

One face of each picture, of 24 px or more, is hidden badly: pixelated, blurred, under a box that is not
quite opaque, swirled, under a drawn face. The picture is then coded as JPEG of quality 90, or, for one in
two, as PNG. A mark is told if a trace of its channels overlaps the face. Honest pictures are the
photographs themselves, and what is often done to whole pictures: a background out of focus, motion,
noise, captions, logos, coarse coding, pixel art, drawn boxes. Each trace there is a false alarm.

The picture's digest says into which half it goes: thresholds were chosen on ``development`` alone.
"""

import argparse
import hashlib
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from benchmarks.drawn_marks import HONEST, MARKS, Box, Picture, grown
from PIL import Image

from saferedact.checks.traces import JUDGED_BY
from saferedact.checks.weak_redaction import weak_marks

LEAST_FACE = 24
GROWN = 0.15  # of a face's box at each side: what people cover


def coded(picture: Picture, *, jpeg: bool) -> Picture:
    """Code a picture and read it again."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture)
    if jpeg:
        image.save(buffer, "JPEG", quality=90)
    else:
        image.save(buffer, "PNG")
    return np.asarray(Image.open(buffer).convert("RGB"))


def photographs(folder: Path, half: str) -> Iterator[tuple[str, Picture, Box, bool]]:
    """Yield name, pixels, one face and whether to code as JPEG, for each picture of a half."""
    tree = json.loads((folder / "ground_truth.json").read_text())
    for entry in tree["images"]:
        data = (folder / entry["path"]).read_bytes()
        digest = hashlib.sha256(data).digest()
        if half != "both" and (half == "test") != bool(digest[0] & 1):
            continue
        picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        faces = [
            face["box"]
            for face in entry["faces"]
            if not face["ignore"] and min(face["box"][2:]) >= LEAST_FACE
        ]
        if not faces:
            continue
        x, y, w, h = faces[digest[1] % len(faces)]
        face = (int(x), int(y), int(x + w), int(y + h))
        yield entry["path"], picture, grown(face, GROWN, picture.shape), bool(digest[2] & 1)


def overlaps(mark: Any, box: Box) -> bool:
    """Tell whether the middle of one lies in the other."""
    a = mark.xyxy
    middle = ((a[0] + a[2]) / 2, (a[1] + a[3]) / 2)
    own = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return (box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3]) or (
        a[0] <= own[0] <= a[2] and a[1] <= own[1] <= a[3]
    )


def measure(folder: Path, half: str, only: str, *, verbose: bool) -> None:
    """Print both tables of one half."""
    pictures = list(photographs(folder, half))
    print(f"\nHalf {half}: {len(pictures)} photographs\n\n| mark | told | |\n|---|---|---|")
    for name, channels, hide in MARKS:
        if only not in name:
            continue
        told = missed = 0
        for path, picture, box, jpeg in pictures:
            marks = weak_marks(coded(hide(picture, box), jpeg=jpeg))
            hit = any(mark.channel in channels and overlaps(mark, box) for mark in marks)
            told, missed = told + hit, missed + (not hit)
            if verbose and not hit:
                print(f"  missed {name}: {path} {box} jpeg={jpeg}")
        print(f"| {name} | {told} of {told + missed} | {told / max(1, told + missed):.2f} |")
    print(
        "\n| honest pictures | with BLOCK | with WARN alone | of | channels |\n|---|---|---|---|---|"
    )
    start, size = time.process_time(), 0
    for name, change in HONEST.items():
        if only and only not in name and only != "honest":
            continue
        blocked = warned = 0
        channels_told: dict[str, int] = {}
        for path, picture, box, jpeg in pictures:
            looked_at = coded(change(picture, box), jpeg=jpeg)
            size += looked_at.shape[0] * looked_at.shape[1]
            marks = weak_marks(looked_at)
            levels = {JUDGED_BY[mark.channel].level for mark in marks}
            blocked += "BLOCK" in levels
            warned += bool(marks) and "BLOCK" not in levels
            for channel in {mark.channel for mark in marks}:
                channels_told[channel] = channels_told.get(channel, 0) + 1
            if verbose and marks:
                print(f"  told {name}: {path}", [(m.channel, m.xyxy, m.strength) for m in marks])
        told_text = ", ".join(f"{c} {n}" for c, n in sorted(channels_told.items()))
        print(f"| {name} | {blocked} | {warned} | {len(pictures)} | {told_text} |")
    seconds = time.process_time() - start
    print(f"\n{seconds / max(size, 1) * 1e6:.2f} s of processor a megapixel, drawing included")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("development", "test", "both"), default="test")
    parser.add_argument("--only", default="", help="a part of the names of marks or pictures")
    parser.add_argument("--verbose", action="store_true", help="list every miss and false alarm")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    measure(chosen.folder, chosen.half, chosen.only, verbose=chosen.verbose)


if __name__ == "__main__":
    main()
