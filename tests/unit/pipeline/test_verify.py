import pytest

from saferedact.errors import DetectorError, InputError
from saferedact.pipeline import apply, detect, verify
from saferedact.plan import edit
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import FixedDetector, PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels

MARKS = [(10, 20, 26, 36), (50, 20, 66, 36), (90, 20, 106, 36)]


@pytest.fixture
def source(tmp_path):
    pixels = sample_pixels((160, 64))
    plant(pixels, MARKS)
    write_pictures(tmp_path / "in.png", pixels)
    return tmp_path / "in.png"


@pytest.fixture
def plan(source):
    return detect(source, detectors=[PlantedDetector()])


def judged(source, plan, *detectors, **options):
    """Apply and verify; returns the report."""
    out = source.with_name("out.png")
    apply(source, plan, out, **options)
    return verify(source, out, plan, detectors=detectors or [PlantedDetector()], **options)


def summary(report):
    return [(finding.rule_id, finding.level) for finding in report.findings]


class TestWhatIsLeft:
    def test_nothing(self, source, plan):
        report = judged(source, plan)
        assert report.verdict == "no_finding"
        assert report.findings == ()

    def test_what_no_region_covers_forbids_publication(self, source, plan):
        """Somebody took a region out of the plan; nobody rejected it."""
        plan = edit.accept(plan, [])
        fewer = plan.model_copy(update={"regions": plan.regions[:2]})
        report = judged(source, fewer)
        assert report.verdict == "blocked"
        (finding,) = report.findings
        assert (finding.rule_id, finding.level) == ("VF-04", "BLOCK")
        x1, y1, x2, y2 = finding.location.xyxy
        assert x1 <= 90
        assert x2 >= 106
        assert (y1 <= 20, y2 >= 36) == (True, True)

    def test_what_a_person_gave_back_is_exempt(self, source, plan):
        given_back = edit.reject(plan, [plan.regions[1].id])
        assert judged(source, given_back).verdict == "no_finding"

    def test_and_nothing_else_is(self, source, plan):
        """A rejected region exempts what it holds, not its neighbors."""
        given_back = edit.reject(plan, [plan.regions[0].id])
        fewer = given_back.model_copy(update={"regions": given_back.regions[:2]})
        assert summary(judged(source, fewer)) == [("VF-04", "BLOCK")]

    def test_a_rejected_region_of_another_label_exempts_nothing(self, source):
        plan = edit.add_box(detect(source, detectors=[]), xyxy=MARKS[0], label="plate")
        plan = edit.reject(plan, [plan.regions[-1].id])
        found = FixedDetector([MARKS[0]])
        assert summary(judged(source, plan, found)) == [("VF-04", "BLOCK")]

    def test_a_rejected_region_of_another_frame_exempts_nothing(self, tmp_path):
        pictures = [sample_pixels((160, 64), seed=i) for i in range(2)]
        plant(pictures[1], MARKS[:1])
        source = tmp_path / "in.png"
        write_pictures(source, *pictures)
        plan = edit.add_box(detect(source, detectors=[]), frame=0, xyxy=(6, 16, 30, 40))
        plan = edit.reject(plan, [plan.regions[-1].id])
        assert summary(judged(source, plan)) == [("VF-04", "BLOCK")]

    @pytest.mark.parametrize(
        ("share", "expected"), [(1.0, []), (0.92, []), (0.88, [("VF-04", "BLOCK")])]
    )
    def test_nine_tenths_under_a_cover_count_as_covered(self, source, share, expected):
        plan = edit.add_box(detect(source, detectors=[]), xyxy=(0, 0, 100, 64))
        box = [0, 0, 100 / share, 64]
        assert summary(judged(source, plan, FixedDetector([box]))) == expected

    @pytest.mark.parametrize(
        ("score", "expected"),
        [
            (0.15, [("VF-04", "BLOCK")]),
            (0.1499, [("VF-04", "WARN")]),
            (0.1201, [("VF-04", "WARN")]),
            (0.1199, []),
        ],
    )
    def test_the_score_decides_how_bad_it_is(self, source, score, expected):
        plan = detect(source, detectors=[])
        found = FixedDetector([[120, 10, 150, 40]], score=score)
        assert summary(judged(source, plan, found)) == expected

    @pytest.mark.parametrize(("shape", "left"), [("rectangle", 0), ("ellipse", 1)])
    def test_the_bare_corner_of_an_ellipse_covers_nothing(self, source, shape, left):
        plan = edit.add_box(detect(source, detectors=[]), xyxy=(0, 0, 60, 60), shape=shape)
        in_the_corner = FixedDetector([[1, 1, 7, 7]])
        assert summary(judged(source, plan, in_the_corner)) == [("VF-04", "BLOCK")] * left

    def test_the_policy_of_the_plan_is_not_asked_but_the_given_one(self, source):
        tree = load_policy("release").model_dump(mode="json", by_alias=True)
        tree["labels"]["face"]["min_score"] = 0.95
        strict = Policy.model_validate(tree)
        plan = detect(source, detectors=[])
        expected = [("VF-04", "WARN")] * 3 + [("VF-07", "WARN")]  # VF-07: another policy
        assert summary(judged(source, plan, policy=strict)) == expected


class TestInput:
    def test_a_plan_of_another_file(self, tmp_path, source, plan):
        other = tmp_path / "other.png"
        write_pictures(other, sample_pixels((160, 64), seed=3))
        with pytest.raises(InputError, match="another file"):
            verify(other, source, plan, detectors=[])

    def test_something_that_is_no_picture(self, tmp_path, source, plan):
        (tmp_path / "out.png").write_bytes(b"no")
        with pytest.raises(InputError):
            verify(source, tmp_path / "out.png", plan, detectors=[])

    def test_the_source_itself_is_not_redacted(self, source, plan):
        report = verify(source, source, plan, detectors=[PlantedDetector()])
        assert report.verdict == "blocked"
        assert {finding.rule_id for finding in report.findings} == {"VF-02"}

    def test_fewer_frames(self, tmp_path):
        pages = [sample_pixels((64, 48), seed=i) for i in range(3)]
        write_pictures(tmp_path / "in.tif", *pages, format="TIFF")
        write_pictures(tmp_path / "out.tif", *pages[:2], format="TIFF")
        plan = detect(tmp_path / "in.tif", detectors=[])
        report = verify(tmp_path / "in.tif", tmp_path / "out.tif", plan, detectors=[])
        assert summary(report) == [("VF-01", "BLOCK")]

    def test_a_detector_that_breaks(self, source, plan):
        class Breaks(FixedDetector):
            def detect(self, images, *, min_score, orientation_known):
                raise ValueError

        with pytest.raises(DetectorError):
            judged(source, plan, Breaks())

    def test_nothing_is_written(self, source, plan):
        out = source.with_name("out.png")
        judged(source, plan)
        before = {path: path.read_bytes() for path in (source, out)}
        verify(source, out, plan, detectors=[PlantedDetector()])
        assert {path: path.read_bytes() for path in source.parent.iterdir()} == before


class TestNotes:
    def test_regions_on_a_low_score_are_counted(self, source):
        plan = detect(source, detectors=[PlantedDetector(score=0.3)])
        (note,) = judged(source, plan, FixedDetector()).findings
        assert (note.rule_id, note.level) == ("VF-05", "INFO")
        assert note.message.startswith("3 ")

    def test_decisions_of_a_person_settle_them(self, source):
        plan = detect(source, detectors=[PlantedDetector(score=0.3)])
        ids = [region.id for region in plan.regions]
        decided = edit.reject(edit.accept(plan, ids[:2]), ids[2:])
        assert judged(source, decided, FixedDetector()).findings == ()
