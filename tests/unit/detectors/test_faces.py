"""The face detector over small networks whose answers are known, and over the real one."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from saferedact.detectors import faces
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.faces import TURNED_MIN_SCORE, FaceDetector
from saferedact.errors import DetectorError, DetectorModelMissing, InputError
from saferedact.geometry import covered_fraction, iou_matrix, rotate_boxes_back


def found_in(detector, picture, *, min_score=0.5, orientation_known=True):
    return detector.detect(picture[None], min_score=min_score, orientation_known=orientation_known)[
        0
    ]


@pytest.fixture
def make_detector(network, monkeypatch):
    """Make a face detector over a small network."""

    def make(*arguments, orientations="auto", **options):
        path = network(*arguments, **options)
        monkeypatch.setattr(faces, "model_path", lambda _: path)
        return FaceDetector(orientations=orientations, engine="onnxruntime", threads=1)

    return make


# --- where boxes are


@pytest.mark.parametrize("orientations", ["upright", "all"])
@pytest.mark.parametrize(
    ("size_wh", "square"),
    [
        ((200, 100), (150, 60, 170, 80)),
        ((97, 211), (3, 180, 23, 200)),
        ((640, 100), (611, 3, 640, 50)),  # at its own size in the first view
        ((700, 501), (660, 460, 700, 501)),  # in the corner, two views
        ((2501, 700), (2380, 620, 2440, 680)),  # in tiles too
        ((300, 2300), (200, 1400, 260, 1460)),
    ],
)
def test_boxes_are_where_the_bright_square_is(make_detector, orientations, size_wh, square):
    width, height = size_wh
    x1, y1, x2, y2 = square
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    picture[y1:y2, x1:x2] = 255
    found = found_in(make_detector(orientations=orientations), picture)
    # Half a box of 8 input pixels, and half a cell of 4, in the coarsest view.
    slack = 6 / (640 / max(size_wh)) + 1
    low = np.array([x1, y1]) - slack
    high = np.array([x2, y2]) + slack
    assert (found.xyxy[:, :2] >= low).all()
    assert (found.xyxy[:, 2:] <= high).all()
    assert covered_fraction(np.float32([square]), found.xyxy)[0] > 0.9


def test_a_dot_that_only_a_tile_shows_is_where_it_is(make_detector):
    picture = np.zeros((2160, 2880, 3), dtype=np.uint8)
    # Shrunk to two thirds the dot is a cell large, but straddles four; in a tile it fills one.
    picture[1203:1209, 1803:1809] = 255
    found = found_in(make_detector(), picture, min_score=0.8)
    assert len(found) > 0
    assert (found.xyxy[:, :2] >= [1797, 1197]).all()
    assert (found.xyxy[:, 2:] <= [1815, 1215]).all()


@pytest.mark.parametrize("size_wh", [(1, 1), (1, 40), (33, 47), (2000, 3)])
def test_boxes_lie_in_the_picture_and_have_an_area(make_detector, size_wh):
    # Wherever it is dark there is a box, in the network's black padding as well.
    picture = np.zeros((size_wh[1], size_wh[0], 3), dtype=np.uint8)
    detector = make_detector("dark", size_hw=(60.0, 60.0))
    found = found_in(detector, picture, orientation_known=False)
    assert len(found) > 0
    assert (found.xyxy >= 0).all()
    assert (found.xyxy[:, 2:] <= np.array(size_wh)).all()
    assert (found.xyxy[:, 2:] > found.xyxy[:, :2]).all()
    assert covered_fraction(np.float32([[0, 0, *size_wh]]), found.xyxy)[0] > 0.9


@pytest.mark.parametrize("size_wh", [(320, 2), (18, 320), (40, 30)])
def test_padding_alone_gives_no_box(make_detector, size_wh):
    # Enlarged to 640 px, each side ends with a cell: none is half picture, half black padding.
    white = np.full((size_wh[1], size_wh[0], 3), 255, dtype=np.uint8)
    detector = make_detector("dark", size_hw=(4.0, 4.0))
    assert len(found_in(detector, white, orientation_known=False)) == 0


def test_a_score_beyond_one_is_cut_at_one(make_detector):
    picture = np.zeros((64, 64, 3), dtype=np.uint8)
    picture[8:16, 8:16] = 255
    found = found_in(make_detector(bias=0.5), picture, min_score=0.8)
    assert found.score.max() == 1


def test_answers_are_faces_best_first_and_one_for_each_picture(make_detector):
    pictures = np.zeros((3, 64, 64, 3), dtype=np.uint8)
    pictures[0, :8, :8] = 255
    pictures[0, 40:48, 40:48] = 180
    pictures[2, 20:28, 20:28] = 255
    answers = make_detector().detect(pictures, min_score=0.5, orientation_known=True)
    assert [len(answer) > 0 for answer in answers] == [True, False, True]
    for answer in answers:
        assert answer.labels == ("face",)
        assert (answer.label_id == 0).all()
        assert (np.diff(answer.score) <= 0).all()
        assert (answer.score >= 0.5).all()


# --- which way is up

EDGE = 101  # between two rows of a cell, once the picture of 320 px is shown at 640


def falling(level=255):
    """A picture that grows lighter down to an edge, and is black below it."""
    picture = np.zeros((320, 320, 3), dtype=np.uint8)
    picture[:EDGE] = np.linspace(0, level, EDGE, dtype=np.uint8)[:, None, None]
    return picture


def line_boxes(quarter_turns):
    """The edge's surroundings in `falling` turned counter-clockwise."""
    upright = np.float32([[0, EDGE - 8, 320, EDGE + 8]])
    return rotate_boxes_back(upright, -90 * quarter_turns % 360, (320, 320))


def on_the_line(found, quarter_turns):
    """Which boxes lie on the edge of a turned picture."""
    return np.array(
        [covered_fraction(box[None], line_boxes(quarter_turns))[0] == 1 for box in found.xyxy],
        dtype=np.bool_,
    )


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_sideways_picture_is_looked_at_from_all_sides_if_nothing_is_found_upright(
    make_detector, quarter_turns
):
    picture = np.rot90(falling(), quarter_turns)
    found = found_in(make_detector("falling"), picture)
    assert len(found) > 0
    assert on_the_line(found, quarter_turns).all()
    assert len(found_in(make_detector("falling", orientations="upright"), picture)) == 0


def two_ways(level=255):
    """An edge that is seen upright, and another, elsewhere, that is seen upside down."""
    picture = falling()
    picture[:, 160:] = np.rot90(falling(level), 2)[:, 160:]
    return picture


@pytest.mark.parametrize(
    ("orientations", "orientation_known", "both"),
    [
        ("auto", True, False),
        ("auto", False, True),
        ("all", True, True),
        ("all", False, True),
        ("upright", True, False),
        ("upright", False, False),
    ],
)
def test_when_the_other_sides_are_looked_at(make_detector, orientations, orientation_known, both):
    detector = make_detector("falling", orientations=orientations)
    found = found_in(detector, two_ways(), orientation_known=orientation_known)
    upright, turned = on_the_line(found, 0), on_the_line(found, 2)
    assert upright.any()
    assert turned.any() == both
    assert (upright | turned).all()


def test_other_sides_need_a_higher_score(make_detector):
    detector = make_detector("falling")
    # Enlarging the edge softens it: the answer is three quarters of its height.
    for score, seen in ((0.9 * TURNED_MIN_SCORE, False), (1.1 * TURNED_MIN_SCORE, True)):
        level = round(255 * score / 0.75)
        upright = found_in(detector, falling(level), min_score=0.1)
        assert upright.score.max() == pytest.approx(score, abs=0.01)
        found = found_in(detector, two_ways(level), min_score=0.1, orientation_known=False)
        assert on_the_line(found, 2).any() == seen


@pytest.mark.parametrize("orientations", ["auto", "all", "upright"])
def test_pictures_may_be_views_that_are_not_contiguous(make_detector, orientations):
    detector = make_detector("falling", orientations=orientations)
    padded = np.zeros((330, 330, 3), dtype=np.uint8)
    padded[5:325, 5:325] = two_ways()
    view = padded[5:325, 5:325]
    view.setflags(write=False)
    expected = found_in(detector, two_ways(), orientation_known=False)
    found = found_in(detector, view, orientation_known=False)
    np.testing.assert_array_equal(found.xyxy, expected.xyxy)


# --- wrong input, and failures


@pytest.mark.parametrize("min_score", [0, -0.1, 1.01, float("nan")])
def test_a_least_score_that_is_none_is_refused(make_detector, min_score):
    with pytest.raises(InputError, match="min_score"):
        found_in(make_detector(), np.zeros((8, 8, 3), dtype=np.uint8), min_score=min_score)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((8, 8, 3), dtype=np.uint8),
        np.zeros((1, 8, 8), dtype=np.uint8),
        np.zeros((1, 8, 8, 4), dtype=np.uint8),
        np.zeros((1, 3, 8, 8), dtype=np.uint8),
        np.zeros((1, 8, 8, 3), dtype=np.float32),
        np.zeros((1, 8, 8, 3), dtype=np.uint16),
        np.zeros((1, 0, 8, 3), dtype=np.uint8),
        np.zeros((1, 8, 0, 3), dtype=np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(make_detector, images):
    with pytest.raises(InputError, match="images must be uint8 of shape"):
        make_detector().detect(images, min_score=0.5, orientation_known=True)


def test_no_pictures_have_no_answers(make_detector):
    none = np.zeros((0, 8, 8, 3), dtype=np.uint8)
    assert make_detector().detect(none, min_score=0.5, orientation_known=True) == []


def test_a_network_that_fails_in_one_view_fails_the_picture(make_detector):
    with pytest.raises(DetectorError):
        found_in(make_detector(bias=np.nan), np.zeros((8, 8, 3), dtype=np.uint8))


# --- what is remembered


def counted(detector):
    """Count the calls of a detector's network."""
    asked = []
    ask = detector._network.detect
    detector._network.detect = lambda images, least: asked.append(least) or ask(images, least)
    return asked


def test_a_second_look_at_the_same_pixels_asks_no_network(make_detector):
    picture = np.random.default_rng(3).integers(0, 256, (700, 500, 3), dtype=np.uint8)
    detector = make_detector()
    asked = counted(detector)
    first = found_in(detector, picture)
    views = len(asked)
    second = found_in(detector, picture.copy())
    assert views > 1
    assert len(asked) == views
    np.testing.assert_array_equal(first.xyxy, second.xyxy)


@pytest.mark.parametrize("seed", range(4))
def test_what_was_asked_before_changes_no_answer(make_detector, monkeypatch, seed):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    picture = np.kron(coarse, np.ones((4, 4, 1), np.uint8))
    kept = make_detector(orientations="all", size_hw=(20.0, 20.0))
    found = {}
    for score in rng.permutation([0.02, 0.15, 0.4, 0.52, 0.7]).tolist():
        found[score] = found_in(kept, picture, min_score=score)
    monkeypatch.setattr(faces, "_LEAST_ASKED", 1.0)  # nothing is answered further down than asked
    for score, answer in found.items():
        fresh = make_detector(orientations="all", size_hw=(20.0, 20.0))
        wanted = found_in(fresh, picture, min_score=score)
        np.testing.assert_array_equal(answer.xyxy, wanted.xyxy)
        np.testing.assert_array_equal(answer.score, wanted.score)
    assert 0 < len(found[0.7].xyxy) < len(found[0.4].xyxy)


def test_one_changed_pixel_is_looked_at(make_detector):
    picture = np.zeros((400, 300, 3), dtype=np.uint8)
    detector = make_detector(orientations="upright")
    asked = counted(detector)
    found_in(detector, picture)
    views = len(asked)
    picture[399, 299] = 255
    found_in(detector, picture)
    assert len(asked) == 2 * views


def test_without_weights_the_message_names_the_command(monkeypatch, tmp_path):
    import platformdirs

    monkeypatch.delenv("SAFEREDACT_MODELS", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path)
    with pytest.raises(DetectorModelMissing, match="saferedact models fetch centerface"):
        FaceDetector()


def test_it_is_an_image_detector_that_says_who_it_is(make_detector):
    detector = make_detector()
    assert isinstance(detector, ImageDetector)
    assert detector.info.name == "faces"
    assert detector.info.labels == ("face",)
    assert len(detector.info.weights_sha256) == 64


# --- the real network

FACE = np.float32([[176, 58, 272, 180]])  # of the portrait, brow to chin, by eye


@pytest.fixture(scope="module")
def astronaut():
    return pytest.importorskip("skimage.data").astronaut()


@pytest.fixture(scope="module")
def detector(face_model):  # noqa: ARG001  the weights are there
    return FaceDetector(engine="onnxruntime", threads=1)


def face_found(found, expected=FACE, iou=0.5):
    return bool((iou_matrix(expected, found.xyxy) > iou).any())


@pytest.mark.model
def test_the_portrait_is_found_and_nothing_else(detector, astronaut):
    found = found_in(detector, astronaut, min_score=0.15)
    assert len(found) == 1
    assert face_found(found, iou=0.7)


@pytest.mark.model
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_portrait_is_found_on_each_side(detector, astronaut, degrees):
    turned = np.rot90(astronaut, degrees // 90)
    found = found_in(detector, turned, min_score=0.15, orientation_known=False)
    back = rotate_boxes_back(found.xyxy, degrees, (512, 512))
    assert covered_fraction(FACE, back)[0] > 0.9
    assert (iou_matrix(FACE, back) > 0.5).any()


@pytest.mark.model
def test_a_face_of_24_px_is_found_in_a_large_photograph(detector, astronaut):
    import cv2

    scale = 24 / (FACE[0, 2] - FACE[0, 0])
    small = cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture = np.full((1600, 5000, 3), 128, dtype=np.uint8)
    x, y = 3700, 1200
    picture[y : y + small.shape[0], x : x + small.shape[1]] = small
    expected = FACE * np.float32(scale) + np.float32([x, y, x, y])
    assert face_found(found_in(detector, picture, min_score=0.15), expected)


@pytest.mark.model
@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("size_wh", [(1, 1), (300, 200), (2000, 40)])
def test_a_blank_picture_has_no_face(detector, value, size_wh):
    blank = np.full((size_wh[1], size_wh[0], 3), value, dtype=np.uint8)
    assert len(found_in(detector, blank, min_score=0.15, orientation_known=False)) == 0


@pytest.mark.model
def test_a_picture_is_answered_the_same_in_any_company_and_every_time(detector, astronaut):
    mirrored = np.ascontiguousarray(astronaut[:, ::-1])
    alone = [found_in(detector, picture) for picture in (astronaut, mirrored)]
    together = detector.detect(
        np.stack([astronaut, mirrored]), min_score=0.5, orientation_known=True
    )
    for one, again in zip(alone, together, strict=True):
        assert len(one) == 1
        np.testing.assert_array_equal(one.xyxy, again.xyxy)
        np.testing.assert_array_equal(one.score, again.score)
    assert face_found(together[1], np.float32([[512 - 272, 58, 512 - 176, 180]]))


@pytest.mark.model
def test_threads_share_a_detector(detector, astronaut):
    pictures = [astronaut, np.ascontiguousarray(astronaut[:, ::-1])] * 2
    expected = [found_in(detector, picture) for picture in pictures]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda picture: found_in(detector, picture), pictures))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one.xyxy, other.xyxy)
        np.testing.assert_array_equal(one.score, other.score)
