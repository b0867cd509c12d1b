"""The face detector: cost by input size and engine, and what each size finds."""

import json
from dataclasses import dataclass, field
from importlib.util import find_spec

import numpy as np
from benchmarks.forget import forget
from benchmarks.harness import alternate
from benchmarks.inputs import crowd
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup

from benchmarks import faces as labelled
from saferedact.geometry import area, clip, covered_fraction, dilate, iou_matrix
from saferedact.models import model_path
from saferedact.policy import load_policy

LONG_SIDES = (320, 640, 960, 1280, 1920)
SIZE_EDGES = (16, 32)
SIZE_NAMES = ("<16 px", "16-32 px", ">=32 px")
SAME_IOU = 0.2
COVERED = 0.9


def engines():
    """Engines that are installed."""
    return [name for name in ("onnxruntime", "openvino") if find_spec(name)]


def run(setup: Setup) -> Section:
    """Measure the face detector."""
    from saferedact.detectors.centerface import CenterFace

    section = Section(
        "faces",
        "Faces",
        "CenterFace alone, one view, one thread, 16:9. Recall is on seeded pictures of 1,280 x 720 px with "
        "one portrait in many sizes; labelled folders of your own tell of real crowds (`--data`).",
    )
    networks = {
        engine: CenterFace(model_path("centerface"), engine=engine, threads=1)
        for engine in engines()
    }
    costs = _cost(setup, section, networks)
    crowds = [
        crowd((1280, 720), 24, seed=seed, face_px=(6, 60)) for seed in range(setup.pick(4, 20))
    ]
    _front(section, networks, crowds, costs)
    _whole(setup, section, crowds)
    if setup.data is not None:
        _folder(setup, section)
    return section


def _cost(setup, section, networks):
    table = Table(
        "One view: ms of processor (ratio to onnxruntime at 640 px)",
        ["long side", *networks],
    )
    costs = {}
    pictures = {
        side: crowd((side, side * 9 // 16), 8, seed=1, face_px=(8, 40)).pixels[None]
        for side in LONG_SIDES
    }
    base = networks.get("onnxruntime") or next(iter(networks.values()))
    least = load_policy("release").labels["face"].min_score
    for side in LONG_SIDES:
        things = {
            name: lambda network=network, side=side: network.detect(pictures[side], least)
            for name, network in networks.items()
        }
        found = alternate(
            lambda: base.detect(pictures[640], least), things, rounds=setup.rounds, least_s=0
        )
        for name, one in found.items():
            costs[name, side] = one
        table.add(f"{side} px", *(f"{1e3 * c.seconds:.0f} ({c.cell()})" for c in found.values()))
    section.tables.append(table)
    section.plots.append(
        Plot(
            "faces-cost.png",
            "line",
            "Cost of one view against its pixels",
            "megapixels of input",
            "ms of processor",
            [
                Series(
                    name,
                    [side * (side * 9 // 16) / 1e6 for side in LONG_SIDES],
                    [1e3 * costs[name, side].seconds for side in LONG_SIDES],
                )
                for name in networks
            ],
            fit=True,
        )
    )
    return costs


@dataclass(slots=True)
class Tally:
    """Sums over pictures; `sizes` holds found and wanted faces by size."""

    wanted: int = 0
    found: int = 0
    covered: int = 0
    said: int = 0
    right: int = 0
    sizes: np.ndarray = field(default_factory=lambda: np.zeros((2, len(SIZE_NAMES)), int))

    def add(self, faces, boxes, regions):
        """Count a picture: its faces, a detector's boxes, and what would be covered."""
        overlap = iou_matrix(faces, boxes) >= SAME_IOU
        found = overlap.any(axis=1)
        classes = np.digitize(faces[:, 2] - faces[:, 0], SIZE_EDGES)
        self.wanted += len(faces)
        self.found += int(found.sum())
        self.covered += int((covered_fraction(faces, regions) >= COVERED).sum())
        self.said += len(boxes)
        self.right += int(overlap.any(axis=0).sum())
        for row, chosen in enumerate((found, np.ones_like(found))):
            self.sizes[row] += np.bincount(classes[chosen], minlength=len(SIZE_NAMES))

    def cells(self):
        """Write recall, cover, precision, and recall by size."""
        return (
            f"{self.found / self.wanted:.3f}",
            f"{self.covered / self.wanted:.3f}",
            f"{self.right / self.said:.2f}" if self.said else "-",
            *(f"{a / b:.2f} of {b}" if b else "-" for a, b in self.sizes.T.tolist()),
        )


COLUMNS = ["recall", "covered", "precision", *SIZE_NAMES]


def _front(section, networks, crowds, costs):
    """Recall of each size and engine over its cost."""
    import cv2

    rule = load_policy("release").labels["face"]
    table = Table(
        "One view of each size: what is found, scores from .15",
        ["engine", "long side", *COLUMNS],
        note="Recall: some box overlaps the face by an IoU of .2 or more. Covered: nine tenths of the face "
        "lie under boxes with the policy's margins. The last columns are recall by width of the face.",
    )
    series = []
    for engine, network in networks.items():
        line = Series(engine, [], [])
        for side in LONG_SIDES:
            tally = Tally()
            for one in crowds:
                height, width = one.pixels.shape[:2]
                how = cv2.INTER_AREA if side < width else cv2.INTER_LINEAR
                size_wh = (side, round(height * side / width))
                shown = cv2.resize(one.pixels, size_wh, interpolation=how)
                boxes, _ = network.detect(shown[None], rule.min_score)[0]
                boxes = clip(boxes * np.float32(width / side), (width, height))
                boxes = boxes[area(boxes) > 0]
                regions = clip(dilate(boxes, rule.dilate, minimum=2.0), (width, height))
                tally.add(one.faces, boxes, regions)
            table.add(engine, f"{side} px", *tally.cells())
            line.x.append(1e3 * costs[engine, side].seconds)
            line.y.append(tally.found / tally.wanted)
            line.labels.append(f"{side} px")
        series.append(line)
    section.tables.append(table)
    plot = Plot(
        "faces-front.png",
        "front",
        "Speed and recall of one view (seeded crowds)",
        "ms of processor a view (log)",
        "recall",
        series,
    )
    section.plots.insert(0, plot)


def _whole(setup, section, crowds):
    """Measure the detector as the pipeline uses it: several views, all sides if nobody says which is up."""
    from saferedact.detectors.faces import FaceDetector

    rule = load_policy("release").labels["face"]
    table = Table(
        "The whole detector (`release`): views joined",
        [
            "engine",
            "file says which way is up",
            *COLUMNS,
            "CPU s a picture",
            "over one view of 1,280 px",
        ],
    )
    for engine in engines():
        detector = FaceDetector(engine=engine, threads=1)
        for known in (True, False):

            def ask(pixels, detector=detector, known=known):
                forget(detector)
                answer = detector.detect(
                    pixels[None], min_score=rule.min_score, orientation_known=known
                )
                return answer[0].xyxy

            tally = Tally()
            for one in crowds:
                boxes = ask(one.pixels)
                size_wh = one.pixels.shape[1::-1]
                tally.add(one.faces, boxes, clip(dilate(boxes, rule.dilate, minimum=2.0), size_wh))
            network = detector._network
            found = alternate(
                lambda network=network: network.detect(crowds[0].pixels[None], rule.min_score),
                {"whole": lambda ask=ask: ask(crowds[0].pixels)},
                rounds=setup.pick(3, 7),
                least_s=0,
            )["whole"]
            yes = "yes" if known else "no (four sides)"
            table.add(engine, yes, *tally.cells(), found.seconds, found.cell())
    section.tables.append(table)


def _folder(setup, section):
    """Measure a labelled folder, in the form that `benchmarks.faces` documents."""
    import saferedact
    from saferedact.detectors.registry import resolve_detectors

    truth = json.loads((setup.data / "ground_truth.json").read_bytes())
    policy = load_policy("release")
    detectors = [
        labelled.Watched(detector, orientation_known=False)
        for detector in resolve_detectors(["faces"], policy)
    ]
    images = truth["images"][: 12 if setup.quick else None]
    counts = [labelled.measure(setup.data, image, policy, detectors) for image in images]
    table = Table(
        f"Your labelled folder, policy `release`, saferedact {saferedact.__version__}",
        ["faces", "all", "found", "covered"],
        note=f"{len(counts)} pictures, {sum(c.false_boxes for c in counts)} false boxes.",
    )
    sums = [
        np.array([getattr(c, name) for c in counts]).sum(axis=0)
        for name in ("faces", "found", "covered")
    ]
    for name, faces, found, covered in zip(
        ("all", *labelled.SIZE_NAMES), *([int(s.sum()), *s.tolist()] for s in sums), strict=True
    ):
        table.add(name, faces, labelled.share(found, faces), labelled.share(covered, faces))
    section.tables.append(table)
