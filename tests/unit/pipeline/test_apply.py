import hashlib

import numpy as np
import pytest

from saferedact.errors import InputError
from saferedact.media.image_read import open_image
from saferedact.pipeline import apply, detect
from saferedact.plan import edit
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures
from saferedact.testing.images import image_with_hidden_data, sample_pixels

MARKS = [(4, 4, 24, 24), (40, 30, 60, 50), (70, 8, 90, 20)]


@pytest.fixture
def source(tmp_path):
    pixels = sample_pixels()
    plant(pixels, MARKS)
    write_pictures(tmp_path / "in.png", pixels)
    return tmp_path / "in.png"


@pytest.fixture
def plan(source):
    return detect(source, detectors=[PlantedDetector()])


def frames(path):
    with open_image(path) as image:
        return [frame.pixels for frame in image.frames()]


def visible(path):
    """Which of the marks can be seen."""
    found = [region.xyxy for region in detect(path, detectors=[PlantedDetector()]).regions]
    return [i for i, mark in enumerate(MARKS) if any(covers(box, mark) for box in found)]


def covers(box, mark):
    return box[0] <= mark[0] and box[1] <= mark[1] and box[2] >= mark[2] and box[3] >= mark[3]


def test_it_covers_what_the_plan_says_and_nothing_else(tmp_path, source, plan):
    info = apply(source, plan, tmp_path / "out.png")
    assert (info.format, info.size_wh, info.frames) == ("PNG", (96, 64), 1)
    (before,), (after,) = frames(source), frames(tmp_path / "out.png")
    expected = before.copy()
    for region in plan.regions:
        x1, y1, x2, y2 = region.xyxy
        expected[int(np.floor(y1)) : int(np.ceil(y2)), int(np.floor(x1)) : int(np.ceil(x2))] = 0
    np.testing.assert_array_equal(after, expected)


def test_the_plans_of_other_files_are_refused(tmp_path, plan):
    other = tmp_path / "other.png"
    write_pictures(other, sample_pixels(seed=1))
    with pytest.raises(InputError, match="another file"):
        apply(other, plan, tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_a_source_that_has_changed_since_is_refused(tmp_path, source, plan):
    source.write_bytes(source.read_bytes() + b"\0")
    with pytest.raises(InputError, match="changed"):
        apply(source, plan, tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_rejected_regions_stay_visible_and_all_others_do_not(tmp_path, source, plan):
    first, second, third = (region.id for region in plan.regions)
    decided = edit.reject(edit.accept(plan, [first]), [second])
    apply(source, decided, tmp_path / "out.png")
    assert third  # nobody decided on it
    assert visible(tmp_path / "out.png") == [1]


def test_added_boxes_are_covered(tmp_path, source):
    plan = edit.add_box(detect(source, detectors=[]), xyxy=MARKS[0])
    apply(source, plan, tmp_path / "out.png")
    assert visible(tmp_path / "out.png") == [1, 2]


class TestPolicies:
    def test_review_wants_decisions(self, tmp_path, source, plan):
        with pytest.raises(InputError, match="3 regions"):
            apply(source, plan, tmp_path / "out.png", policy="review")
        ids = [region.id for region in plan.regions]
        partly = edit.accept(plan, ids[:2])
        with pytest.raises(InputError, match="1 regions"):
            apply(source, partly, tmp_path / "out.png", policy="review")
        assert list(tmp_path.iterdir()) == [source]
        apply(source, edit.reject(partly, ids[2:]), tmp_path / "out.png", policy="review")
        assert visible(tmp_path / "out.png") == [2]

    def test_reversible_operators_need_leave(self, tmp_path, source, plan):
        plan = edit.set_operator(plan, [plan.regions[0].id], "mosaic")
        with pytest.raises(InputError, match="forbids"):
            apply(source, plan, tmp_path / "out.png")
        assert list(tmp_path.iterdir()) == [source]

    def test_the_color_of_a_label(self, tmp_path, source, plan):
        tree = load_policy("release").model_dump(mode="json", by_alias=True)
        tree["labels"]["face"]["color"] = "#0a6430"
        apply(source, plan, tmp_path / "out.png", policy=Policy.model_validate(tree))
        (after,) = frames(tmp_path / "out.png")
        assert after[10, 10].tolist() == [10, 100, 48]

    def test_one_that_is_not_there(self, tmp_path, source, plan):
        with pytest.raises(InputError):
            apply(source, plan, tmp_path / "out.png", policy="relaese")


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "image_format"),
        [
            ("x.jpg", "JPEG"),
            ("x.JPEG", "JPEG"),
            ("x.tiff", "TIFF"),
            ("x.webp", "WEBP"),
            ("x.heic", "HEIF"),
            ("x.avif", "AVIF"),
            ("x.bmp", "BMP"),
            ("x.gif", "GIF"),
            ("x", "PNG"),
            ("x.y.png", "PNG"),
        ],
    )
    def test_the_suffix_chooses(self, tmp_path, source, plan, name, image_format):
        assert apply(source, plan, tmp_path / name).format == image_format
        assert visible(tmp_path / name) == []

    def test_without_a_suffix_it_stays_what_it_is(self, tmp_path):
        image_with_hidden_data("MPO", tmp_path / "in")
        plan = detect(tmp_path / "in", detectors=[])
        assert plan.media.format == "MPO"
        assert apply(tmp_path / "in", plan, tmp_path / "out").format == "JPEG"


def test_nothing_of_the_source_is_touched(tmp_path, source, plan):
    before = (source.stat().st_mtime_ns, hashlib.sha256(source.read_bytes()).hexdigest())
    apply(source, plan, tmp_path / "out.png")
    assert (
        source.stat().st_mtime_ns,
        hashlib.sha256(source.read_bytes()).hexdigest(),
    ) == before


def test_pages_of_different_size(tmp_path):
    pages = [sample_pixels(size) for size in [(40, 30), (20, 90), (120, 20)]]
    write_pictures(tmp_path / "in.tif", *pages, format="TIFF")
    plan = detect(tmp_path / "in.tif", detectors=[])
    for frame, box in enumerate([(30, 20, 99, 99), (0, 60, 20, 90), (100, 0, 120, 20)]):
        plan = edit.add_box(plan, frame=frame, xyxy=box)
    apply(tmp_path / "in.tif", plan, tmp_path / "out.tif")
    first, second, third = frames(tmp_path / "out.tif")
    assert [page.shape[1::-1] for page in (first, second, third)] == [(40, 30), (20, 90), (120, 20)]
    assert not first[20:, 30:].any()
    assert not second[60:].any()
    assert not third[:, 100:].any()
    np.testing.assert_array_equal(second[:60], pages[1][:60])
