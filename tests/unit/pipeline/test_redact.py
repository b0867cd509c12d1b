import numpy as np
import pytest

from saferedact.errors import InputError, VerificationError
from saferedact.media.image_decoder import NOTE_OTHER_VIEWS
from saferedact.media.image_write import NOTE_FLATTENED, NOTE_SECOND_VIEW
from saferedact.pipeline import detect, redact, redact_with_plan
from saferedact.plan import dump_plan, load_plan
from saferedact.testing.detectors import FixedDetector, PlantedDetector, plant, write_pictures
from saferedact.testing.images import image_with_hidden_data, sample_pixels


def marks(count):
    return [(10 + 40 * i, 20, 26 + 40 * i, 36) for i in range(count)]


@pytest.fixture
def picture(tmp_path):
    """Write a picture with so many marks, far from each other."""

    def make(count, *, pages=1, name="in.png", image_format="PNG"):
        pictures = [sample_pixels((300, 64), seed=i) for i in range(pages)]
        for page in pictures:
            plant(page, marks(count))
        write_pictures(tmp_path / name, *pictures, format=image_format)
        return tmp_path / name

    return make


class OneAtATime(PlantedDetector):
    """Sees the leftmost mark alone: the next one only when that is hidden."""

    def boxes_in(self, image):
        return super().boxes_in(image)[:1]


class TestRepair:
    def test_none_is_needed_when_the_first_look_finds_everything(self, tmp_path, picture):
        done = redact_with_plan(picture(4), tmp_path / "out.png", detectors=[PlantedDetector()])
        assert done.repairs == 0
        assert done.report.verdict == "no_finding"
        assert [region.needs_review for region in done.plan.regions] == [False] * 4

    @pytest.mark.parametrize("count", [2, 3, 4])
    def test_what_a_second_look_finds_is_hidden_too(self, tmp_path, picture, count):
        done = redact_with_plan(picture(count), tmp_path / "out.png", detectors=[OneAtATime()])
        assert done.repairs == count - 1
        assert len(done.plan.regions) == count
        assert [region.needs_review for region in done.plan.regions] == [False] + [True] * (
            count - 1
        )
        assert detect(tmp_path / "out.png", detectors=[PlantedDetector()]).regions == ()
        assert load_plan(dump_plan(done.plan)) == done.plan
        (note,) = done.report.findings
        assert (note.rule_id, note.level) == ("VF-05", "INFO")

    def test_what_is_still_found_after_all_rounds_forbids_the_output(self, tmp_path, picture):
        source = picture(5)  # one look and three repairs hide four
        with pytest.raises(VerificationError, match="VF-04"):
            redact(source, tmp_path / "out.png", detectors=[OneAtATime()])
        assert list(tmp_path.iterdir()) == [source]

    def test_every_page_is_repaired(self, tmp_path, picture):
        source = picture(3, pages=3, name="in.tif", image_format="TIFF")
        done = redact_with_plan(source, tmp_path / "out.tif", detectors=[OneAtATime()])
        assert done.repairs == 2
        assert sorted(region.frame for region in done.plan.regions) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
        assert len({region.id for region in done.plan.regions}) == 9
        assert detect(tmp_path / "out.tif", detectors=[PlantedDetector()]).regions == ()

    def test_repairs_join_a_plan_with_hidden_data(self, tmp_path):
        """Ids of new regions go on from those of pictures, whatever else is in the plan."""
        source = tmp_path / "in.png"
        image_with_hidden_data("PNG", source, size_wh=(300, 64))
        seen = []

        class Later(FixedDetector):
            def boxes_in(self, image):
                seen.append(None)
                return super().boxes_in(image) if len(seen) == 2 else super().boxes_in(image)[:0]

        done = redact_with_plan(source, tmp_path / "out.png", detectors=[Later([[5, 5, 30, 30]])])
        assert done.repairs == 1
        assert "metadata" in {region.kind for region in done.plan.regions}

    def test_hits_inside_of_covers_are_our_own_covers(self, tmp_path, picture):
        """A detector that answers the same for ever would never be content otherwise."""
        detector = FixedDetector(marks(2))
        done = redact_with_plan(picture(2), tmp_path / "out.png", detectors=[detector])
        assert (done.repairs, len(done.plan.regions)) == (0, 2)

    def test_weaker_hits_are_warnings(self, tmp_path, picture):
        """Under the policy's 0.15, but not under four fifths of it."""
        detector = PlantedDetector(score=0.13)
        done = redact_with_plan(picture(2), tmp_path / "out.png", detectors=[detector])
        assert done.repairs == 0
        assert done.plan.regions == ()
        assert done.report.verdict == "review"
        assert [(f.rule_id, f.level) for f in done.report.findings] == [("VF-04", "WARN")] * 2
        assert done.report.findings[0].location.xyxy == marks(2)[0]

    def test_still_weaker_ones_are_nothing(self, tmp_path, picture):
        report = redact(picture(2), tmp_path / "out.png", detectors=[PlantedDetector(score=0.11)])
        assert report.verdict == "no_finding"


class TestReport:
    def test_it_is_about_the_file_that_appeared(self, tmp_path, picture):
        import hashlib

        report = redact(picture(1), tmp_path / "out.png", detectors=[PlantedDetector()])
        digest = hashlib.sha256((tmp_path / "out.png").read_bytes()).hexdigest()
        assert report.artifact_sha256 == digest

    def test_it_lists_what_ran_and_what_could_not(self, tmp_path, picture):
        report = redact(picture(1), tmp_path / "out.png", detectors=[PlantedDetector()])
        ran = {check.name for check in report.checks_run}
        assert ran == {"regions", "hidden-data", "look-again-planted"}
        not_run = {check.name for check in report.checks_not_run}
        assert not_run == {"name", "identifier", "plate", "code"}

    def test_no_detector_at_all_is_said(self, tmp_path, picture):
        report = redact(picture(1), tmp_path / "out.png", detectors=[])
        assert "face" in [check.name for check in report.checks_not_run]
        assert {check.name for check in report.checks_run} == {"regions", "hidden-data"}

    def test_what_was_lost_is_in_the_notes(self, tmp_path):
        image_with_hidden_data("MPO", tmp_path / "in.jpg")
        done = redact_with_plan(tmp_path / "in.jpg", tmp_path / "out.jpg", detectors=[])
        assert NOTE_OTHER_VIEWS in done.report.notes  # of the reader
        assert NOTE_SECOND_VIEW in done.report.notes  # of the writer
        write_pictures(tmp_path / "in.png", sample_pixels(channels=4))
        done = redact_with_plan(tmp_path / "in.png", tmp_path / "2.jpg", detectors=[])
        assert done.report.notes == (NOTE_FLATTENED,)


class TestPolicies:
    def test_one_that_only_proposes_is_refused(self, tmp_path, picture):
        source = picture(1)
        with pytest.raises(InputError, match="only proposes"):
            redact(source, tmp_path / "out.png", policy="review", detectors=[])
        assert list(tmp_path.iterdir()) == [source]

    def test_frost(self, tmp_path, picture):
        done = redact_with_plan(
            picture(2), tmp_path / "out.png", policy="frost", detectors=[PlantedDetector()]
        )
        assert {region.operator for region in done.plan.regions} == {"frost"}
        assert detect(tmp_path / "out.png", detectors=[PlantedDetector()]).regions == ()

    def test_operators_that_can_be_undone_are_warned_of(self, tmp_path, picture):
        policy = tmp_path / "mine.toml"
        policy.write_text(
            'schema = "saferedact.policy/1"\nextends = "release"\nname = "mine"\n'
            'allow_reversible = true\n[labels.face]\noperator = "mosaic"\n'
        )
        report = redact(
            picture(1), tmp_path / "out.png", policy=policy, detectors=[PlantedDetector()]
        )
        assert report.verdict == "review"
        assert "VF-06" in [finding.rule_id for finding in report.findings]


def test_a_second_run_makes_the_same_bytes(tmp_path, picture):
    source = picture(3)
    for name in ("1.png", "2.png"):
        redact(source, tmp_path / name, policy="frost", detectors=[PlantedDetector()])
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()


def test_redacting_the_result_changes_nothing(tmp_path, picture):
    """Nothing is found on it, and what is not covered stays as it is."""
    from saferedact.media.image_read import open_image

    redact(picture(3), tmp_path / "1.png", detectors=[PlantedDetector()])
    redact(tmp_path / "1.png", tmp_path / "2.png", detectors=[PlantedDetector()])
    pictures = []
    for name in ("1.png", "2.png"):
        with open_image(tmp_path / name) as image:
            pictures += [frame.pixels for frame in image.frames()]
    np.testing.assert_array_equal(*pictures)
