"""Pages of a document: looked at side by side, told of as they are done, photographs seen closely."""

import os

import numpy as np
import pytest
from pdfminer.high_level import extract_text

from saferedact.errors import DetectorError, InputError
from saferedact.pipeline import apply, detect, verify
from saferedact.pipeline.pdf.pictures import LOOK_DPI, Shown
from saferedact.pipeline.progress import listening
from saferedact.pipeline.redact import redact_with_plan
from saferedact.plan import edit
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, plant
from saferedact.testing.pdfs import Paper, Secrets
from saferedact.testing.pdfs.paper import say

PAGES = 7


@pytest.fixture(scope="module")
def faces_only():
    release = load_policy("release")
    return release.model_copy(update={"labels": {"face": release.labels["face"]}})


@pytest.fixture
def album(tmp_path):
    """Write a document whose pages show one to three marks each."""
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    rng = np.random.default_rng(4)
    for page in range(PAGES):
        if page:
            paper.add_page()
        pixels = np.full((200, 300, 3), 120, dtype=np.uint8)
        boxes = [(20 + 90 * n, 50, 60 + 90 * n, 90 + page * 5) for n in range(rng.integers(1, 4))]
        plant(pixels, boxes)
        paper.resource("/XObject", "/I1", paper.image(pixels))
        paper.content("q 300 0 0 200 60 30 cm /I1 Do Q")
    path = tmp_path / "album.pdf"
    path.write_bytes(paper.saved())
    return path


def test_any_number_of_jobs_gives_the_same_file_and_plan(tmp_path, album, faces_only):
    results = []
    for jobs in (1, 2, 3):
        target = tmp_path / f"{jobs}.pdf"
        result = redact_with_plan(
            album, target, policy=faces_only, detectors=[PlantedDetector()], jobs=jobs
        )
        results.append((target.read_bytes(), result.plan, result.report.findings))
    assert len(results[0][1].visible_regions()) >= PAGES
    assert results[0] == results[1] == results[2]


def test_every_step_tells_how_many_pages_are_done(tmp_path, album, faces_only):
    heard = {}

    def listen(progress):
        heard[progress.step] = (progress.done, progress.total)

    with listening(listen):
        redact_with_plan(
            album, tmp_path / "b.pdf", policy=faces_only, detectors=[PlantedDetector()]
        )
    assert heard["look"] == heard["write"] == heard["look again"] == (PAGES, PAGES)
    assert heard["prove"] == (PAGES, PAGES)
    assert heard["search"] == (PAGES + 1, PAGES + 1)  # the pages, and the file as a whole


class Bomb:
    """Ends the process that unpacks it."""

    def __reduce__(self):
        return os._exit, (3,)


def test_what_a_pages_end_divides_is_found(tmp_path, engine):
    engine.know("Harriet Osgathorp", phones=["07700 900456"])
    paper = Paper(Secrets("Harriet", "Osgathorp", "07700 900456"))
    paper.content(say("The hall was booked by Harriet Os-", y=60))
    paper.add_page()
    paper.content(say("gathorp, and her number is 07700", y=60), plain=False)
    paper.add_page()
    paper.content(say("900456 as far as we know", y=60), plain=False)
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(paper.saved())
    redact_with_plan(source, target, detectors=[])
    left = "".join(extract_text(target).split())
    assert "asfarasweknow" in left
    assert not any(part in left for part in ("Os-", "gathorp", "07700", "900456"))


def test_a_process_that_dies_is_an_error_of_the_file(tmp_path, album, faces_only):
    detector = PlantedDetector()
    detector.bomb = Bomb()
    with pytest.raises(DetectorError, match="process died"):
        redact_with_plan(album, tmp_path / "b.pdf", policy=faces_only, detectors=[detector], jobs=2)
    assert [path.name for path in tmp_path.iterdir()] == ["album.pdf"]


def test_a_detector_that_cannot_travel_is_refused_for_several_jobs(tmp_path, album, faces_only):
    detector = PlantedDetector()
    detector.bound = lambda: None
    with pytest.raises(InputError, match="one job"):
        redact_with_plan(album, tmp_path / "b.pdf", policy=faces_only, detectors=[detector], jobs=2)
    assert [path.name for path in tmp_path.iterdir()] == ["album.pdf"]


class ShortSighted(PlantedDetector):
    """Sees marks from 30 pixels on."""

    def boxes_in(self, image):
        boxes = super().boxes_in(image)
        return boxes[(boxes[:, 2:] - boxes[:, :2]).min(axis=1) >= 30]


@pytest.mark.parametrize(("inches", "seen"), [(1.0, True), (2.0, True), (6.0, True), (0.5, False)])
def test_a_large_photograph_that_is_printed_small_is_looked_at_closely(
    tmp_path, faces_only, inches, seen
):
    """The mark has 40 of 300 pixels: from 300 dots per inch on it is too small on the page."""
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    pixels = np.full((200, 300, 3), 120, dtype=np.uint8)
    plant(pixels, [(100, 50, 140, 90)])
    paper.resource("/XObject", "/I1", paper.image(pixels))
    width = inches * 72
    paper.content(f"q {width} 0 0 {width * 2 / 3} 60 30 cm /I1 Do Q", plain=False)
    source.write_bytes(paper.saved())
    result = redact_with_plan(source, target, policy=faces_only, detectors=[ShortSighted()])
    regions = result.plan.visible_regions()
    assert bool(regions) is seen
    if regions:
        (region,) = regions
        scale = width / 300
        place = np.array([100 * scale + 60, 300 - 30 - (200 - 50) * scale])
        x1, y1, x2, y2 = region.xyxy
        assert (np.array([x1, y1]) <= place + 0.5).all()
        assert (np.array([x2, y2]) >= place + 40 * scale - 0.5).all()
        assert x2 - x1 < 80 * scale + 8
    assert inches > 1 or 300 / inches > LOOK_DPI


class SeesCovers(PlantedDetector):
    """Takes black boxes for what it looks for, as face detectors do."""

    def boxes_in(self, image):
        import cv2

        black = (image.max(axis=2) < 30).astype(np.uint8)
        x, y, w, h, area = np.asarray(cv2.connectedComponentsWithStats(black)[2])[1:].T
        boxes = np.stack([x - 5, y - 5, x + w + 40, y + h + 40], axis=1)[area > 400]
        return np.concatenate([super().boxes_in(image), boxes.astype(np.float32)])


def test_a_destination_that_is_named_as_a_picture_is_refused(tmp_path, album, faces_only):
    plan = detect(album, policy=faces_only, detectors=[PlantedDetector()])
    with pytest.raises(InputError, match="documents are written"):
        apply(album, plan, tmp_path / "b.png", policy=faces_only)
    assert not (tmp_path / "b.png").exists()


def test_a_cover_is_not_taken_for_what_is_looked_for(tmp_path, album, faces_only):
    result = redact_with_plan(
        album, tmp_path / "b.pdf", policy=faces_only, detectors=[SeesCovers()]
    )
    assert result.repairs == 0
    assert all(region.score == 0.9 for region in result.plan.visible_regions())


def test_what_shows_through_a_cover_is_seen():
    page = np.full((100, 200, 3), 200, dtype=np.uint8)
    source = page.copy()
    source[20:40, 20:60] = (10, 200, 30)
    output = source.copy()
    output[20:40, 120:160] = 0  # one cover where nothing is, and none where something is
    shown, original = (Shown([pixels], [1.0], [(0.0, 0.0)]) for pixels in (output.copy(), source))
    shown.put_back(original, [((20, 20, 60, 40), (0, 0, 0)), ((120, 20, 160, 40), (0, 0, 0))])
    assert (shown.pictures[0][20:40, 120:160] == 200).all()
    assert (shown.pictures[0][20:40, 20:60] == source[20:40, 20:60]).all()
    frosted = source.copy()
    frosted[20:40, 20:60] = 90
    shown = Shown([frosted.copy()], [1.0], [(0.0, 0.0)])
    shown.put_back(original, [((20, 20, 60, 40), (0, 0, 0))])
    assert (shown.pictures[0] == frosted).all()


@pytest.mark.parametrize(("label", "verdict"), [("face", "no_finding"), ("code", "blocked")])
def test_what_was_given_back_is_so_under_its_own_label(tmp_path, album, label, verdict):
    """A face within a poster that a person left visible is not what they gave back."""
    release = load_policy("release")
    policy = release.model_copy(update={"labels": {k: release.labels[k] for k in ("face", "code")}})
    plan = detect(album, policy=policy, detectors=[])
    for page in range(PAGES):
        plan = edit.add_box(plan, frame=page, xyxy=(55, 25, 365, 235), label=label)
    plan = edit.reject(plan, [region.id for region in plan.visible_regions()])
    apply(album, plan, tmp_path / "out.pdf", policy=policy)
    report = verify(album, tmp_path / "out.pdf", plan, policy=policy, detectors=[PlantedDetector()])
    assert report.verdict == verdict
    assert {f.rule_id for f in report.findings} == (set() if label == "face" else {"VF-04"})


@pytest.mark.parametrize("label", ["face", "name"])
def test_covers_on_scans_are_as_wide_as_the_policy_says(tmp_path, label):
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    pixels = np.full((200, 300, 3), 120, dtype=np.uint8)
    plant(pixels, [(20, 20, 60, 32), (20, 80, 110, 92), (230, 140, 270, 152)])
    paper.resource("/XObject", "/I1", paper.image(pixels))
    paper.content("q 300 0 0 200 60 30 cm /I1 Do Q")
    (tmp_path / "scan.pdf").write_bytes(paper.saved())
    release = load_policy("release")
    rule = release.labels[label].model_copy(
        update={"fixed_width": 8.0, "dilate": (0.0, 0.0, 0.0, 0.0)}
    )
    policy = release.model_copy(update={"labels": {label: rule}})
    plan = detect(tmp_path / "scan.pdf", policy=policy, detectors=[PlantedDetector(label=label)])
    boxes = np.array([region.xyxy for region in plan.visible_regions()])
    assert len(boxes) == 3
    assert (boxes[:, 2] - boxes[:, 0]) / (boxes[:, 3] - boxes[:, 1]) == pytest.approx(8, abs=0.1)
    assert {region.operator for region in plan.visible_regions()} == {"solid"}
