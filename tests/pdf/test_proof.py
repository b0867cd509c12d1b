"""What the proof of a document and the second look at it catch: each fault planted, each told with its place."""

import numpy as np
import pikepdf
import pytest
from pdfminer.high_level import extract_text

from saferedact.pipeline import apply, detect, verify
from saferedact.pipeline.medium import Search
from saferedact.pipeline.pdf.prove import prove
from saferedact.pipeline.pdf.second_look import look_again
from saferedact.pipeline.redact import redact_with_plan
from saferedact.plan import edit, resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import FixedDetector, PlantedDetector, plant
from saferedact.testing.pdfs import Paper, Secrets, make_channel

BOX = (38, 85, 200, 105)
MARK = (100, 50, 160, 120)


@pytest.fixture
def written(tmp_path, engine):
    """A source, its plan, and the file made of them."""
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name, phones=[secrets.phone])
    plan = detect(source, detectors=[])
    apply(source, plan, target)
    return source, target, plan


def faults(source, target, plan):
    return prove_with(source, target, plan, load_policy("release"))


def prove_with(source, target, plan, policy):
    resolved = resolve_plan(plan, policy=policy)
    return [(f.rule_id, f.level, f.message, f.location) for f in prove(source, target, resolved)]


def changed(path, change):
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path)


class TestProof:
    def test_what_was_written_as_planned(self, written):
        assert faults(*written) == []

    @pytest.mark.parametrize("fault", ["page", "size", "turn"])
    def test_pages_or_sizes_that_differ(self, written, fault):
        def change(pdf):
            if fault == "page":
                pdf.add_blank_page()
            elif fault == "size":
                pdf.pages[0].MediaBox = [0, 0, 300, 300]
            else:
                pdf.pages[0].Rotate = 90

        changed(written[1], change)
        assert [f[:3] for f in faults(*written)][-1] == (
            "VF-01",
            "BLOCK",
            "pages or their sizes differ",
        )

    def test_a_cover_that_is_not_there(self, written):
        source, target, plan = written
        more = edit.add_box(plan, xyxy=BOX, operator="solid", label="face")
        found = [f for f in faults(source, target, more) if "not covered as planned" in f[2]]
        assert [(f[0], f[1], f[3].frame, f[3].xyxy) for f in found] == [("VF-02", "BLOCK", 0, BOX)]

    def test_a_cover_in_another_color(self, written, tmp_path):
        source, _, plan = written
        plan = edit.add_box(plan, xyxy=BOX, operator="solid", label="face")
        release = load_policy("release")
        face = release.labels["face"].model_copy(update={"color": "#00ff00"})
        green = release.model_copy(update={"labels": {**release.labels, "face": face}})
        apply(source, plan, tmp_path / "green.pdf", policy=green)
        told = faults(source, tmp_path / "green.pdf", plan)
        assert any("not covered as planned" in f[2] for f in told)

    @pytest.mark.parametrize("pages", ["rebuild", "raster"])
    @pytest.mark.parametrize(
        ("gap", "found"),
        [
            (None, False),
            ((60, 60, 100, 72), True),  # behind the word
            ((160, 52, 162, 56), True),  # a letter of six points
            ((39, 30, 240, 90), True),  # all of it
            ((41, 25, 260, 25.8), False),  # its rim, which JPEG may blend
            ((300, 200, 340, 220), False),  # elsewhere
        ],
    )
    def test_a_gap_in_a_cover(self, tmp_path, engine, pages, gap, found):
        """A cover of 220 by 70 points with its word on it, and a second one in another color across it."""
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        photograph(source)
        plan = edit.add_box(
            detect(source, detectors=[]), xyxy=(40, 25, 260, 95), operator="solid", label="code"
        )
        plan = edit.add_box(plan, xyxy=(200, 60, 300, 80), operator="solid", label="face")
        release = load_policy("release")
        face = release.labels["face"].model_copy(update={"color": "#204060"})
        documents = release.documents.model_copy(update={"pages": pages})
        update = {"labels": {**release.labels, "face": face}, "documents": documents}
        policy = release.model_copy(update=update)
        apply(source, plan, target, policy=policy)
        if gap is not None:
            x1, y1, x2, y2 = gap
            box = f"q 1 1 1 rg {x1} {300 - y2} {x2 - x1} {y2 - y1} re f Q".encode()
            changed(target, lambda pdf: pdf.pages[0].contents_add(box))
        told = [f[2] for f in prove_with(source, target, plan, policy)]
        assert any("not covered as planned" in text for text in told) == found

    @pytest.mark.parametrize("pages", ["rebuild", "raster"])
    @pytest.mark.parametrize(
        ("boxes", "words"),
        [
            ([(70, 60, 250, 80), (80, 60, 260, 80)], 1),  # one number, found twice
            ([(70, 60, 250, 80), (90, 63, 180, 77)], 1),
            ([(90, 63, 180, 77), (70, 60, 250, 80)], 1),
            ([(70, 60, 250, 80), (70, 79, 250, 99)], 2),  # a line and the next
            ([(70, 60, 160, 80), (150, 60, 240, 80)], 2),  # side by side
        ],
    )
    def test_words_on_covers_do_not_lie_upon_each_other(
        self, tmp_path, engine, pages, boxes, words
    ):
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        photograph(source)
        plan = detect(source, detectors=[])
        for box in boxes:
            plan = edit.add_box(plan, xyxy=box, operator="solid", label="identifier")
        release = load_policy("release")
        documents = release.documents.model_copy(update={"pages": pages})
        policy = release.model_copy(update={"documents": documents})
        apply(source, plan, target, policy=policy)
        assert extract_text(target).split().count("[IDENTIFIER]") == words
        assert prove_with(source, target, plan, policy) == []

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and no more", b"\0" * 99])
    def test_a_file_that_cannot_be_read_is_blocked(self, written, data):
        source, target, plan = written
        target.write_bytes(data)
        assert ("VF-01", "BLOCK") in [f[:2] for f in faults(source, target, plan)]


def photograph(path):
    """Write a page with a picture that holds a mark."""
    paper = Paper(Secrets("Harriet", "Osgathorp", "07700 900456"))
    pixels = np.full((200, 300, 3), 120, dtype=np.uint8)
    plant(pixels, [MARK])
    paper.resource("/XObject", "/I1", paper.image(pixels))
    paper.content("q 300 0 0 200 60 30 cm /I1 Do Q")
    path.write_bytes(paper.saved())


class TestSecondLook:
    def test_a_name_that_is_found_beside_what_was_taken_out(self, tmp_path, engine):
        """Its place is that in the source's text, not in what is left of it."""
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        secrets = make_channel("plain-text", source)
        engine.know(phones=[secrets.phone])
        plan = detect(source, detectors=[])
        apply(source, plan, target)
        engine.know(secrets.name)
        report = verify(source, target, plan, detectors=[])
        assert report.verdict == "blocked"
        assert "VF-04" in {finding.rule_id for finding in report.findings}
        engine.know(phones=[secrets.phone])
        first = detect(source, detectors=[])
        resolved = resolve_plan(first, policy=load_policy("release"))
        apply(source, first, tmp_path / "c.pdf")
        engine.know(secrets.name)
        found = look_again(
            source, tmp_path / "c.pdf", resolved, Search(load_policy("release"), [])
        ).regions
        engine.know(secrets.name, phones=[secrets.phone])
        whole = [
            r.xyxy for r in detect(source, detectors=[]).visible_regions() if r.label == "name"
        ]
        assert [region.xyxy for region in found] == whole
        assert all(region.needs_review for region in found)

    def test_a_mark_that_the_first_look_did_not_find(self, tmp_path, engine):
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        photograph(source)
        plan = detect(source, detectors=[])
        apply(source, plan, target)
        report = verify(source, target, plan, detectors=[PlantedDetector()])
        told = [f for f in report.findings if f.rule_id == "VF-04"]
        assert [f.level for f in told] == ["BLOCK"]
        assert report.verdict == "blocked"

    def test_what_was_found_late_is_covered_in_the_end(self, tmp_path, engine):
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        photograph(source)
        late = Late(PlantedDetector())
        detect(source, detectors=[late])
        late.quiet = late.calls
        result = redact_with_plan(source, target, detectors=[late])
        (region,) = result.plan.visible_regions()
        assert region.needs_review
        assert result.report.verdict != "blocked"

    def test_a_find_below_the_least_score_is_a_warning_with_its_place(self, tmp_path, engine):
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        photograph(source)
        plan = detect(source, detectors=[])
        apply(source, plan, target)
        policy = load_policy("release")
        weak = FixedDetector([(300, 200, 340, 240)], score=0.9 * policy.labels["face"].min_score)
        report = verify(source, target, plan, detectors=[weak])
        told = [f for f in report.findings if f.rule_id == "VF-04"]
        assert told
        assert {f.level for f in told} == {"WARN"}
        assert all(f.location.xyxy is not None and f.location.frame == 0 for f in told)


class Late:
    """Finds nothing the first times that it is asked."""

    def __init__(self, detector):
        self._detector = detector
        self.calls = 0
        self.quiet = 0
        self.info = detector.info

    def detect(self, images, **options):
        self.calls += 1
        self.quiet -= 1
        found = self._detector.detect(images, **options)
        return [f[: 0 if self.quiet >= 0 else len(f)] for f in found]
