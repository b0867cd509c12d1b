import hashlib

import numpy as np
import pytest

from saferedact.detectors.base import DetectorInfo
from saferedact.errors import DamagedInputError, DetectorError, LimitExceededError
from saferedact.pipeline import detect
from saferedact.plan import dump_plan, load_plan
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import FixedDetector, PlantedDetector, plant, write_pictures
from saferedact.testing.images import exif_block, image_with_hidden_data, sample_pixels

RELEASE = load_policy("release")
MARK = (20, 16, 44, 40)


def policy(*, limits=None, **face):
    tree = RELEASE.model_dump(mode="json", by_alias=True)
    tree["labels"] = {"face": {**tree["labels"]["face"], **face}}
    return Policy.model_validate({**tree, "limits": limits or {}})


def marked(path, *boxes, size_wh=(96, 64), channels=3, dtype=np.uint8, image_format="PNG"):
    pixels = sample_pixels(size_wh, channels, dtype=dtype)
    plant(pixels, boxes)
    write_pictures(path, pixels, format=image_format)
    return path


def pages_of(plan):
    return [(region.frame, region.xyxy) for region in plan.regions if region.kind == "image"]


class TestPlan:
    def test_it_says_what_was_looked_at_by_whom_under_which_policy(self, tmp_path):
        path = marked(tmp_path / "x.png", MARK)
        plan = detect(path, detectors=[PlantedDetector()])
        assert plan.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert plan.policy_sha256 == RELEASE.sha256
        assert plan.media.kind == "image"
        assert plan.media.model_dump(exclude_defaults=True) == {
            "format": "PNG",
            "width": 96,
            "height": 64,
            "frames": 1,
        }
        assert [(r.name, r.status, r.reason) for r in plan.detectors] == [
            ("planted", "ran", None),
            ("name", "not_available", "no-detector"),
            ("identifier", "not_available", "no-detector"),
            ("plate", "not_available", "no-detector"),
            ("code", "not_available", "no-detector"),
            ("hidden-data", "ran", None),
        ]

    def test_regions_carry_the_rule_of_their_label(self, tmp_path):
        path = marked(tmp_path / "x.png", MARK)
        rule = policy(operator="frost", shape="ellipse", dilate=[0, 0, 0, 0])
        (region,) = detect(path, policy=rule, detectors=[PlantedDetector(score=0.75)]).regions
        assert (region.label, region.detector, region.score) == ("face", "planted", 0.75)
        assert (region.operator, region.shape, region.decision) == ("frost", "ellipse", "proposed")
        assert not region.needs_review

    @pytest.mark.parametrize(("score", "unsure"), [(0.49, True), (0.5, False), (0.16, True)])
    def test_low_scores_need_review(self, tmp_path, score, unsure):
        path = marked(tmp_path / "x.png", MARK)
        (region,) = detect(path, detectors=[PlantedDetector(score=score)]).regions
        assert region.needs_review is unsure

    def test_what_was_detected_can_be_saved_and_loaded(self, tmp_path):
        path = tmp_path / "x.jpg"
        image_with_hidden_data("JPEG", path, orientation=6)
        boxes = [[0.01, 0.02, 3.3, 4.4], [-5, 60, 70, 99], [63.9, 95.9, 64.2, 96.2]]
        plan = detect(path, detectors=[FixedDetector(boxes)])
        assert load_plan(dump_plan(plan)) == plan
        assert len({region.id for region in plan.regions}) == len(plan.regions)

    def test_nothing_found_is_a_plan_too(self, tmp_path):
        plan = detect(marked(tmp_path / "x.png"), detectors=[])
        assert plan.regions == ()
        assert "face" in [r.name for r in plan.detectors if r.status == "not_available"]

    def test_nothing_is_written(self, tmp_path):
        path = marked(tmp_path / "x.png", MARK)
        before = path.read_bytes()
        detect(path, detectors=[PlantedDetector()])
        assert list(tmp_path.iterdir()) == [path]
        assert path.read_bytes() == before

    def test_a_detector_with_nothing_to_look_for_is_said(self, tmp_path):
        path = marked(tmp_path / "x.png", MARK)
        records = detect(path, detectors=[PlantedDetector(label="dog")]).detectors
        assert (records[0].name, records[0].status) == ("planted", "not_available")
        assert "face" in [record.name for record in records[1:]]


class TestMargins:
    def box(self, tmp_path, mark, dilate):
        path = marked(tmp_path / "x.png", mark)
        (region,) = detect(
            path, policy=policy(dilate=dilate), detectors=[PlantedDetector()]
        ).regions
        return region.xyxy

    def test_each_side_grows_by_its_own_share(self, tmp_path):
        """Width 24 and height 20: 6 left, 10 above, 12 right, 5 below."""
        assert self.box(tmp_path, (30, 20, 54, 40), [0.25, 0.5, 0.5, 0.25]) == (24, 10, 66, 45)

    def test_small_things_get_two_pixels_at_least(self, tmp_path):
        assert self.box(tmp_path, (30, 20, 34, 24), [0.3, 0.4, 0.3, 0.0]) == (28, 18, 36, 26)

    def test_the_frame_ends_them(self, tmp_path):
        assert self.box(tmp_path, (0, 0, 96, 64), [0.3, 0.4, 0.3, 0.3]) == (0, 0, 96, 64)

    def test_edges_move_outward_to_eighths(self, tmp_path):
        path = marked(tmp_path / "x.png")
        found = FixedDetector([[30.01, 20.99, 54.3, 40.26]])
        rule = policy(dilate=[0, 0, 0, 0])
        (region,) = detect(path, policy=rule, detectors=[found]).regions
        assert region.xyxy == (28.0, 18.875, 56.375, 42.375)


class TestKindsOfPictures:
    @pytest.mark.parametrize(
        ("image_format", "channels", "dtype"),
        [
            ("PNG", 4, np.uint8),
            ("PNG", 3, np.uint16),
            ("PNG", 4, np.uint16),
            ("TIFF", 3, np.uint16),
            ("WEBP", 4, np.uint8),
            ("BMP", 3, np.uint8),
            ("JPEG", 3, np.uint8),
        ],
    )
    def test_marks_are_found(self, tmp_path, image_format, channels, dtype):
        path = marked(
            tmp_path / "x", MARK, channels=channels, dtype=dtype, image_format=image_format
        )
        ((frame, xyxy),) = pages_of(detect(path, detectors=[PlantedDetector()]))
        x1, y1, x2, y2 = xyxy
        assert frame == 0
        assert x1 < 20
        assert y1 < 16
        assert 44 < x2 < 60
        assert 40 < y2 < 56

    def test_gray_16_bit_pages_are_looked_at(self, tmp_path):
        pixels = np.full((64, 96), 65535, dtype=np.uint16)
        pixels[16:40, 20:44] = 0
        write_pictures(tmp_path / "x.tif", pixels, format="TIFF")
        plan = detect(tmp_path / "x.tif", detectors=[PlantedDetector(color=(0, 0, 0))])
        assert len(plan.regions) == 1

    def test_a_thing_in_the_alpha_channel_alone_is_found(self, tmp_path):
        pixels = np.full((64, 96, 4), (90, 90, 90, 255), dtype=np.uint8)
        pixels[16:40, 20:44, 3] = 20
        write_pictures(tmp_path / "x.png", pixels)
        plan = detect(tmp_path / "x.png", detectors=[PlantedDetector(color=(255, 255, 255))])
        assert len(plan.regions) == 1

    def test_color_under_alpha_0_is_gone_before_anybody_looks(self, tmp_path):
        """It never leaves, so there is nothing to find; a raw file keeps what our writer clears."""
        from PIL import Image

        pixels = sample_pixels(channels=4)
        plant(pixels, [MARK])
        pixels[10:50, 10:50, 3] = 0
        Image.fromarray(pixels).save(tmp_path / "x.png")
        assert detect(tmp_path / "x.png", detectors=[PlantedDetector()]).regions == ()

    def test_boxes_are_upright_when_the_file_is_not(self, tmp_path):
        """Stored 64 x 96 and turned by EXIF 6: the mark is where a person sees it."""
        from PIL import Image

        upright = sample_pixels((96, 64))
        plant(upright, [MARK])
        Image.fromarray(np.ascontiguousarray(np.rot90(upright))).save(
            tmp_path / "x.png", exif=exif_block(orientation=6)
        )
        plan = detect(
            tmp_path / "x.png", policy=policy(dilate=[0] * 4), detectors=[PlantedDetector()]
        )
        assert plan.media.orientation == 6
        assert (plan.media.width, plan.media.height) == (96, 64)
        assert pages_of(plan) == [(0, (18.0, 14.0, 46.0, 42.0))]


class TestPages:
    def test_pages_of_different_size(self, tmp_path):
        """The plan's size is the largest in either direction: every page's boxes touch it."""
        pages = [sample_pixels(size) for size in [(40, 30), (20, 90), (120, 10)]]
        plant(pages[0], [(30, 20, 38, 28)])
        plant(pages[1], [(5, 70, 15, 85)])
        plant(pages[2], [(100, 2, 110, 8)])
        write_pictures(tmp_path / "x.tif", *pages, format="TIFF")
        plan = detect(tmp_path / "x.tif", detectors=[PlantedDetector()])
        assert (plan.media.width, plan.media.height, plan.media.frames) == (120, 90, 3)
        assert [frame for frame, _ in pages_of(plan)] == [0, 1, 2]
        for (_, xyxy), page in zip(pages_of(plan), pages, strict=True):
            assert xyxy[2] <= page.shape[1]
            assert xyxy[3] <= page.shape[0]
        assert load_plan(dump_plan(plan)) == plan

    @pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF", "TIFF"])
    def test_every_frame_is_looked_at(self, tmp_path, image_format):
        frames = [sample_pixels(seed=i) for i in range(4)]
        for i, frame in enumerate(frames):
            plant(frame, [(10 + 20 * i, 20, 20 + 20 * i, 30)])
        write_pictures(tmp_path / "x", *frames, format=image_format)
        plan = detect(tmp_path / "x", detectors=[PlantedDetector()])
        assert [frame for frame, _ in pages_of(plan)] == [0, 1, 2, 3]
        assert [region.id for region in plan.regions[:4]] == [
            "face-1",
            "face-2",
            "face-3",
            "face-4",
        ]

    def test_a_damaged_later_frame_is_an_error_and_not_a_shorter_plan(self, tmp_path):
        path = tmp_path / "x.tif"
        write_pictures(path, *[sample_pixels(seed=i) for i in range(5)], format="TIFF")
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * 3 // 5])
        with pytest.raises(DamagedInputError):
            detect(path, detectors=[PlantedDetector()])


class TestOrientationKnown:
    @pytest.mark.parametrize(("orientation", "known"), [(None, False), (1, True), (6, True)])
    def test_it_is_what_the_file_says(self, tmp_path, orientation, known):
        from PIL import Image

        heard = []

        class Listener(FixedDetector):
            def detect(self, images, *, min_score, orientation_known):
                heard.append(orientation_known)
                return super().detect(
                    images, min_score=min_score, orientation_known=orientation_known
                )

        extra = (
            {}
            if orientation is None
            else {"exif": b"Exif\0\0" + exif_block(orientation=orientation)}
        )
        Image.fromarray(sample_pixels()).save(tmp_path / "x.jpg", **extra)
        detect(tmp_path / "x.jpg", detectors=[Listener()])
        assert heard == [known]


class TestHiddenData:
    def test_it_is_listed(self, tmp_path):
        image_with_hidden_data("JPEG", tmp_path / "x.jpg")
        plan = detect(tmp_path / "x.jpg", detectors=[])
        channels = {region.channel for region in plan.regions}
        assert {"exif", "xmp", "comment"} <= channels
        assert all(region.operator == "drop" for region in plan.regions)

    def test_a_container_that_the_scan_does_not_understand_is_said(self, tmp_path):
        """A PNG whose last chunk is cut off: decoders forgive it, the scan does not."""
        path = marked(tmp_path / "x.png", MARK)
        path.write_bytes(path.read_bytes()[:-4])
        plan = detect(path, detectors=[PlantedDetector()])
        assert plan.detectors[-1].status == "not_available"
        assert plan.detectors[-1].reason == "container-not-understood"
        assert len(plan.regions) == 1


class TestLimits:
    def test_more_regions_than_allowed(self, tmp_path):
        path = marked(tmp_path / "x.png")
        boxes = [[i, i, i + 5, i + 5] for i in range(4)]
        three = policy(limits={"max_regions": 3})
        with pytest.raises(LimitExceededError, match="more than 3 regions"):
            detect(path, policy=three, detectors=[FixedDetector(boxes)])
        assert len(detect(path, policy=three, detectors=[FixedDetector(boxes[:3])]).regions) == 3

    def test_they_are_counted_over_all_frames(self, tmp_path):
        write_pictures(tmp_path / "x.png", *[sample_pixels(seed=i) for i in range(3)])
        with pytest.raises(LimitExceededError):
            detect(
                tmp_path / "x.png",
                policy=policy(limits={"max_regions": 2}),
                detectors=[FixedDetector([MARK])],
            )

    def test_pictures_that_are_too_large_are_not_shown_to_anybody(self, tmp_path):
        path = marked(tmp_path / "x.png")

        class Untouched(FixedDetector):
            def detect(self, images, *, min_score, orientation_known):
                pytest.fail("it was asked")

        with pytest.raises(LimitExceededError):
            detect(path, policy=policy(limits={"max_pixels": 100}), detectors=[Untouched()])


class TestPlugIns:
    @pytest.mark.parametrize(
        "info",
        [
            DetectorInfo("Jane Doe", "1", ("face",)),
            DetectorInfo("fine", "", ("face",)),
            DetectorInfo("fine", "1", ("Jane Doe",)),
            DetectorInfo("fine", "1", ("face",), weights_sha256="x"),
            None,
        ],
    )
    def test_one_that_does_not_say_properly_who_it_is(self, tmp_path, info):
        plugin = FixedDetector([MARK])
        plugin.info = info
        with pytest.raises(DetectorError) as caught:
            detect(marked(tmp_path / "x.png"), detectors=[plugin])
        assert "Jane" not in str(caught.value)

    def test_something_else_altogether(self, tmp_path):
        with pytest.raises(DetectorError):
            detect(marked(tmp_path / "x.png"), detectors=[object()])

    def test_one_that_breaks_on_the_second_frame(self, tmp_path):
        class Breaks(FixedDetector):
            calls = 0

            def detect(self, images, *, min_score, orientation_known):
                self.calls += 1
                if self.calls == 2:
                    raise ValueError
                return super().detect(
                    images, min_score=min_score, orientation_known=orientation_known
                )

        write_pictures(tmp_path / "x.png", *[sample_pixels(seed=i) for i in range(3)])
        with pytest.raises(DetectorError):
            detect(tmp_path / "x.png", detectors=[Breaks()])
