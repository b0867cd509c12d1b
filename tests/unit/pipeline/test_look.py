import numpy as np
import pytest

from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.errors import DependencyMissingError, DetectorError, InputError
from saferedact.pipeline.look import look
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import MARK_RGB, FixedDetector, PlantedDetector, plant
from saferedact.testing.images import sample_pixels

RELEASE = load_policy("release")
MARK = (20, 16, 44, 40)


def hits(pixels, *detectors, policy=RELEASE, **options):
    return list(look(pixels, detectors, policy, **{"orientation_known": True, **options}))


def boxes(pixels, **options):
    return [hit.xyxy.tolist() for hit in hits(pixels, PlantedDetector(), **options)]


class Recorder(FixedDetector):
    def __init__(self, **options):
        super().__init__(**options)
        self.asked = []

    def detect(self, images, *, min_score, orientation_known):
        self.asked.append((images.copy(), min_score, orientation_known))
        return super().detect(images, min_score=min_score, orientation_known=orientation_known)


class TestRenderings:
    def test_a_plain_picture_is_shown_once_as_it_is(self):
        pixels, recorder = sample_pixels(), Recorder()
        hits(pixels, recorder)
        ((shown, _, _),) = recorder.asked
        np.testing.assert_array_equal(shown, pixels[None])

    def test_gray_is_shown_as_three_equal_channels(self):
        pixels, recorder = sample_pixels(channels=1), Recorder()
        hits(pixels, recorder)
        ((shown, _, _),) = recorder.asked
        assert shown.shape == (1, *pixels.shape, 3)
        np.testing.assert_array_equal(shown[0], np.dstack([pixels] * 3))

    def test_16_bits_are_shown_as_8(self):
        pixels = sample_pixels(dtype=np.uint16)
        plant(pixels, [MARK])
        assert boxes(pixels) == [[list(map(float, MARK))]]

    @pytest.mark.parametrize("channels", [1, 3, 4])
    @pytest.mark.parametrize("bits", [0, 7, 10])
    def test_16_bits_of_which_few_are_used_are_shown_stretched_too(self, bits, channels):
        pixels, recorder = sample_pixels(channels=channels, dtype=np.uint16), Recorder()
        if channels == 4:
            pixels[:, :, 3] = 65_535
        color = pixels if channels == 1 else pixels[:, :, :3]
        color[:] = 3_000 + (color >> (16 - bits)) if bits else 3_000
        hits(pixels, recorder)
        assert len(recorder.asked) == (1 if bits == 0 else 2)
        shown = recorder.asked[-1][0]
        assert (shown.max() - shown.min() > 240) == (bits > 0)
        assert shown.shape == (1, *pixels.shape[:2], 3)

    def test_what_is_black_on_a_screen_is_found(self):
        pixels = sample_pixels(dtype=np.uint16)
        plant(pixels, [MARK])
        assert boxes(pixels >> 8) == [[list(map(float, MARK))]]

    def test_opaque_alpha_is_shown_once(self):
        pixels, recorder = sample_pixels(channels=4), Recorder()
        pixels[:, :, 3] = 255
        hits(pixels, recorder)
        assert len(recorder.asked) == 1

    @pytest.mark.parametrize("ground", [0, 255])
    def test_a_thing_drawn_in_alpha_alone_is_seen(self, ground):
        """One flat color everywhere: only how much of it shows makes the picture."""
        pixels = np.full((64, 96, 4), ground, dtype=np.uint8)
        pixels[:, :, 3] = 255
        x1, y1, x2, y2 = MARK
        pixels[y1:y2, x1:x2, 3] = 10
        seen = PlantedDetector(color=(255 - ground,) * 3)
        (hit,) = hits(pixels, seen)
        assert [list(map(float, MARK))] == hit.xyxy.tolist()

    def test_a_thing_under_a_veil_of_alpha_is_seen_in_its_bare_colors(self):
        pixels = sample_pixels(channels=4)
        plant(pixels, [MARK])
        pixels[:, :, 3] = 3
        (hit,) = hits(pixels, PlantedDetector())
        assert hit.xyxy.tolist() == [list(map(float, MARK))]

    def test_one_thing_on_several_renderings_is_one_hit(self):
        pixels = sample_pixels(channels=4)  # alpha falls to 25 %: three renderings
        plant(pixels, [MARK])
        (hit,) = hits(pixels, FixedDetector([MARK]))
        assert hit.xyxy.tolist() == [list(map(float, MARK))]

    @pytest.mark.parametrize("channels", [1, 3, 4])
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    def test_no_detector_can_change_what_the_next_one_sees(self, channels, dtype):
        class Painter(FixedDetector):
            def detect(self, images, *, min_score, orientation_known):
                images[:] = 0
                return super().detect(
                    images, min_score=min_score, orientation_known=orientation_known
                )

        pixels = sample_pixels(channels=channels, dtype=dtype)
        before = pixels.copy()
        with pytest.raises(DetectorError):
            hits(pixels, Painter())
        np.testing.assert_array_equal(pixels, before)
        assert pixels.flags.writeable


class TestThresholds:
    def test_an_answer_at_the_least_score_counts_and_one_below_does_not(self):
        """Scores are float32, thresholds are not: 0.2 must not be lost between them."""

        class Exact(FixedDetector):
            def detect(self, images, *, min_score, orientation_known):
                scores = np.array([0.2, 0.1999], dtype=np.float32)
                return [Detections([[1, 1, 9, 9], [20, 1, 29, 9]], scores, [0, 0], ("name",))]

        (hit,) = hits(sample_pixels(), Exact(label="name"))
        assert hit.xyxy.tolist() == [[1, 1, 9, 9]]

    def test_each_label_has_its_own_least_score_and_the_detector_hears_the_lowest(self):
        class Both(Recorder):
            def detect(self, images, *, min_score, orientation_known):
                self.asked.append(min_score)
                scores = np.array([0.2, 0.2], dtype=np.float32)
                return [
                    Detections([[1, 1, 9, 9], [20, 1, 29, 9]], scores, [0, 1], self.info.labels)
                ]

        detector = Both(labels=("face", "plate"))
        found = hits(sample_pixels(), detector)
        assert [hit.label for hit in found] == ["face"]  # a plate needs 0.25
        assert detector.asked == [RELEASE.labels["face"].min_score]
        found = hits(sample_pixels(), detector, share=0.8)
        assert [hit.label for hit in found] == ["face", "plate"]

    def test_share_lowers_the_threshold_by_so_much_and_no_more(self):
        for score, share, expected in [(0.13, 1.0, 0), (0.13, 0.8, 1), (0.11, 0.8, 0)]:
            found = hits(sample_pixels(), FixedDetector([MARK], score=score), share=share)
            assert len(found) == expected, (score, share)

    def test_labels_that_the_policy_does_not_name_are_ignored(self):
        recorder = Recorder(xyxy=[MARK], label="dog")
        assert hits(sample_pixels(), recorder) == []
        assert recorder.asked == []

    def test_what_is_known_of_the_orientation_is_passed_on(self):
        for known in (True, False):
            recorder = Recorder()
            hits(sample_pixels(), recorder, orientation_known=known)
            assert recorder.asked[0][2] is known


class TestPlugInErrors:
    def ask(self, answer):
        class Plugin(FixedDetector):
            def detect(self, images, *, min_score, orientation_known):
                return answer(images)

        return hits(sample_pixels(), Plugin())

    @pytest.mark.parametrize(
        "error", [RuntimeError("face of Jane"), KeyError("x"), InputError("bad"), StopIteration()]
    )
    def test_whatever_it_raises_is_a_detector_error_without_its_words(self, error):
        def answer(_):
            raise error

        with pytest.raises(DetectorError, match="the detector fixed failed") as caught:
            self.ask(answer)
        assert "Jane" not in str(caught.value)
        assert type(caught.value) is DetectorError

    @pytest.mark.parametrize("error", [DependencyMissingError("x"), DetectorError("own words")])
    def test_errors_that_name_the_cause_pass(self, error):
        def answer(_):
            raise error

        with pytest.raises(type(error)) as caught:
            self.ask(answer)
        assert caught.value is error

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            [],
            7,
            [None],
            [Detections.empty(), Detections.empty()],
            [np.zeros((0, 4))],
        ],
    )
    def test_garbage_is_a_detector_error_and_not_an_empty_answer(self, answer):
        with pytest.raises(DetectorError):
            self.ask(lambda _: answer)

    @pytest.mark.parametrize(
        "box", [[96, 0, 99, 9], [-9, 0, 0, 9], [0, 64, 9, 70], [0, -9, 9, 0], [500, 500, 600, 600]]
    )
    def test_a_box_outside_of_the_picture_is_garbage(self, box):
        with pytest.raises(DetectorError, match="outside"):
            hits(sample_pixels(), FixedDetector([[1, 1, 9, 9], box]))

    def test_a_box_that_sticks_out_is_not(self):
        (hit,) = hits(sample_pixels(), FixedDetector([[-5, -5, 1, 1], [95, 63, 99, 99]]))
        assert len(hit.xyxy) == 2

    def test_the_memory_of_this_machine_is_not_the_detectors_fault(self):
        def answer(_):
            raise MemoryError

        with pytest.raises(MemoryError):
            self.ask(answer)


def test_every_detector_is_asked_and_none_vetoes():
    pixels = sample_pixels()
    plant(pixels, [MARK])
    found = hits(
        pixels, FixedDetector(name="blind"), PlantedDetector(), FixedDetector([[0, 0, 5, 5]])
    )
    assert [(hit.detector, len(hit.xyxy)) for hit in found] == [("planted", 1), ("fixed", 1)]


def test_a_policy_of_other_labels_asks_nobody():
    tree = RELEASE.model_dump(mode="json", by_alias=True)
    tree["labels"] = {"plate": tree["labels"]["plate"]}
    assert hits(sample_pixels(), FixedDetector([MARK]), policy=Policy.model_validate(tree)) == []


def test_the_mark_is_found_where_it_was_planted():
    """The helper itself: exact boxes, several marks, none in a picture without."""
    pixels = sample_pixels()
    assert boxes(pixels) == []
    plant(pixels, [(50, 30, 51, 31), MARK])
    assert boxes(pixels) == [[list(map(float, MARK)), [50.0, 30.0, 51.0, 31.0]]]
    assert DetectorInfo("planted", "1", ("face",)) == PlantedDetector().info
    assert MARK_RGB not in {tuple(p) for p in sample_pixels().reshape(-1, 3).tolist()}
