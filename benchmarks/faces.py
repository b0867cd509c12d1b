"""How many faces of a labelled folder the product covers, and what it covers besides.

Run with ``python -m benchmarks.faces FOLDER``; see ``--help``. Prints a Markdown table; ``--json``
also writes the figures, with those of each picture.

The folder holds still pictures and ``ground_truth.json``::

    {"images": [{"path": "images/one.jpg", "width": 640, "height": 480,
                 "faces": [{"box": [x, y, w, h], "ignore": false}]}]}

``path`` is relative to the folder; ``width``, ``height`` and ``box`` are in pixels of the stored
picture; further keys are not read. An ``ignore`` box (too small or too dark to say) counts neither
way.

What is counted:

covered
    Faces at least 90 % of whose box, cut at the picture, lies under the regions that
    `saferedact.detect` plans, margins included: what a reader of the redacted picture cannot see.
found
    Faces that some box of the detector overlaps with an IoU of at least 0.2. The boxes are taken
    from the detector while `detect` asks it, before the policy's margins: a margin that the
    picture's edge cut off could not be taken away again. The IoU is that low because labels differ
    in style (chin to brow, or forehead and hair as well).
false boxes
    Boxes of the detector that overlap every face and every ``ignore`` box with less than that IoU
    and do not lie half or more under ``ignore`` boxes.
CPU
    Processor time of `detect`, all threads together: reading, looking, planning.

The pictures are split in two halves by a fixed seed. Half A is the one that thresholds and margins
were tuned on, half B is the one to believe.
"""

import argparse
import hashlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

import saferedact
from saferedact.detectors.registry import resolve_detectors
from saferedact.geometry import (
    area,
    as_boxes,
    boxes_to_upright,
    clip,
    covered_fraction,
    iou_matrix,
    merge_overlapping,
    size_upright,
    xywh_to_xyxy,
)

SPLIT_SEED = 20261122
COVERED = 0.9
SAME_IOU = 0.2
IGNORED = 0.5
SIZE_EDGES = (16, 32, 64)  # shorter side, in pixels of the picture
SIZE_NAMES = ("<16 px", "16-32 px", "32-64 px", ">=64 px")
JOIN_IOU = 0.3  # as the product joins what it saw of several renderings of a transparent picture


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of one picture; ``faces``, ``covered`` and ``found`` have one entry per size class."""

    path: str
    faces: tuple[int, ...]
    covered: tuple[int, ...]
    found: tuple[int, ...]
    boxes: int
    false_boxes: int
    cpu_seconds: float


class Watched:
    """A detector that remembers its answers, and may be told that pictures are upright."""

    def __init__(self, detector, *, orientation_known):
        """Wrap `detector`; with `orientation_known` it is never asked to look from four sides."""
        self.info = detector.info
        self._detector = detector
        self._orientation_known = orientation_known
        self.answers = []

    def detect(self, images, *, min_score, orientation_known):
        """Ask the detector, and remember what it says."""
        answers = self._detector.detect(
            images,
            min_score=min_score,
            orientation_known=orientation_known or self._orientation_known,
        )
        self.answers += answers
        return answers

    def take_boxes(self):
        """Return the boxes of one picture, and forget them."""
        answers, self.answers = self.answers, []
        boxes = np.concatenate([answer.xyxy for answer in answers])
        if len(answers) == 1:
            return boxes
        score = np.concatenate([answer.score for answer in answers])
        return merge_overlapping(boxes, score, JOIN_IOU)[0]


def split(images, half):
    """Select a half of the pictures, in the order of the file."""
    if half == "all":
        return images
    order = np.random.default_rng(SPLIT_SEED).permutation(len(images))
    middle = len(images) // 2
    chosen = order[:middle] if half == "A" else order[middle:]
    return [images[i] for i in sorted(chosen.tolist())]


def digest_of(images):
    """SHA-256 of the sorted paths, one a line: tells whether two runs measured the same half."""
    lines = "".join(f"{path}\n" for path in sorted(image["path"] for image in images))
    return hashlib.sha256(lines.encode()).hexdigest()


def size_classes(boxes):
    """Number of the size class of each box."""
    return np.digitize((boxes[:, 2:] - boxes[:, :2]).min(axis=1), SIZE_EDGES)


def per_class(classes, chosen):
    """Count the chosen faces of each size class."""
    counts = np.bincount(classes[chosen], minlength=len(SIZE_NAMES))
    return tuple(counts.tolist())


def labelled_boxes(image, orientation, *, ignore):
    """Upright boxes of a picture's labels, cut at the picture."""
    stored_wh = (image["width"], image["height"])
    xywh = [face["box"] for face in image["faces"] if face["ignore"] is ignore]
    upright = boxes_to_upright(xywh_to_xyxy(xywh), orientation, stored_wh)
    cut = clip(upright, size_upright(stored_wh, orientation))
    return cut[area(cut) > 0]


def measure(folder, image, policy, detectors):
    """Run `saferedact.detect` on one picture and count."""
    started = time.process_time()
    plan = saferedact.detect(folder / image["path"], policy=policy, detectors=detectors)
    cpu_seconds = time.process_time() - started
    boxes = np.concatenate([detector.take_boxes() for detector in detectors])
    regions = as_boxes([region.xyxy for region in plan.regions if region.label == "face"])
    orientation = plan.media.orientation or 1
    faces = labelled_boxes(image, orientation, ignore=False)
    ignored = labelled_boxes(image, orientation, ignore=True)

    classes = size_classes(faces)
    covered = covered_fraction(faces, regions) >= COVERED
    found = (iou_matrix(faces, boxes) >= SAME_IOU).any(axis=1)
    true = (iou_matrix(boxes, np.concatenate([faces, ignored])) >= SAME_IOU).any(axis=1)
    true |= covered_fraction(boxes, ignored) >= IGNORED
    return Counts(
        path=image["path"],
        faces=per_class(classes, np.ones(len(faces), dtype=np.bool_)),
        covered=per_class(classes, covered),
        found=per_class(classes, found),
        boxes=len(boxes),
        false_boxes=int((~true).sum()),
        cpu_seconds=cpu_seconds,
    )


def share(part, whole):
    """Write a share, or a dash where there is nothing to share."""
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"


def table(counts):
    """Write the figures as a Markdown table."""
    faces, covered, found = (
        np.array([getattr(count, name) for count in counts]).sum(axis=0)
        for name in ("faces", "covered", "found")
    )
    rows = [("all", covered.sum(), found.sum(), faces.sum())]
    rows += zip(SIZE_NAMES, covered, found, faces, strict=True)
    lines = ["| faces | covered | found |", "|---|---|---|"]
    lines += [f"| {name} | {share(c, n)} | {share(f, n)} |" for name, c, f, n in rows]
    boxes = sum(count.boxes for count in counts)
    false = sum(count.false_boxes for count in counts)
    cpu = sum(count.cpu_seconds for count in counts) / len(counts)
    lines += [
        "",
        "| pictures | boxes | false boxes | false boxes a picture | CPU s a picture |",
        "|---|---|---|---|---|",
        f"| {len(counts)} | {boxes} | {false} | {false / len(counts):.2f} | {cpu:.2f} |",
    ]
    return "\n".join(lines)


def parse_arguments(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faces", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, help="pictures and ground_truth.json")
    parser.add_argument("--half", choices=("A", "B", "all"), default="all")
    parser.add_argument("--policy", default="release", help="name or file (default: release)")
    parser.add_argument(
        "--orientation-known",
        action="store_true",
        help="take every picture as upright, as if its EXIF said so",
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Measure a folder."""
    options = parse_arguments(arguments)
    truth = json.loads((options.folder / "ground_truth.json").read_bytes())
    images = split(truth["images"], options.half)
    policy = saferedact.load_policy(options.policy)
    detectors = [
        Watched(detector, orientation_known=options.orientation_known)
        for detector in resolve_detectors(None, policy)
        if "face" in detector.info.labels
    ]
    counts = []
    for number, image in enumerate(images, start=1):
        counts.append(measure(options.folder, image, policy, detectors))
        print(f"{number}/{len(images)}", end="\r", file=sys.stderr, flush=True)
    head = {
        "half": options.half,
        "paths_sha256": digest_of(images),
        "policy": policy.name,
        "orientation_known": options.orientation_known,
        "saferedact": saferedact.__version__,
    }
    print("\n".join(f"{name}: {value}  " for name, value in head.items()))
    print(f"\n{table(counts)}")
    if options.json:
        pictures = [asdict(count) for count in counts]
        options.json.write_text(json.dumps(head | {"pictures": pictures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
