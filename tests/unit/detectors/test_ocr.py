import numpy as np
import pytest

from saferedact.detectors import ocr
from saferedact.detectors.ocr import TextReader, read_text
from saferedact.detectors.ppocr import LINE_HEIGHT, ReadLine
from saferedact.errors import InputError

RED, GREEN, BLUE = (255, 0, 0), (0, 160, 0), (0, 0, 255)
WORDS = {GREEN: "green words here", BLUE: "blue"}


class InkFinder:
    """Everything that is not white is text."""

    def __init__(self, **_):
        self.looks = 0

    def __call__(self, image):
        self.looks += 1
        return np.where((image != 255).any(axis=2), 255, 0).astype(np.uint8)


class BarReader:
    """Reads bars by their color, surely if their red end comes first and the bar lies flat."""

    def __init__(self, **_):
        self.reads = 0

    def __call__(self, line):
        assert line.shape[0] == LINE_HEIGHT
        self.reads += 1
        red = (line[:, :, 0] > 200) & (line[:, :, 1] < 60)
        half = line.shape[1] // 2
        text = next(
            (text for color, text in WORDS.items() if (np.abs(line.astype(int) - color) < 40).all(axis=2).any()),
            "scrawl",
        )  # fmt: skip
        first, last = red[:, :half].sum(), red[:, half:].sum()
        score = 0.97 if first > 4 * last else 0.5
        if text == "scrawl":
            score = 0.3
        middle = (np.arange(len(text)) + 0.5) / len(text)
        return ReadLine(text, middle.astype(np.float32), np.full(len(text), score, np.float32))


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(ocr, "TextFinder", InkFinder)
    monkeypatch.setattr(ocr, "TextRecognizer", BarReader)
    return TextReader()


def bars(*places, size_wh=(600, 400)):
    """White page with bars, each at x, y in a color, its first fifth red, turned by half if asked."""
    picture = np.full((size_wh[1], size_wh[0], 3), 255, np.uint8)
    for x, y, color, upside_down in places:
        picture[y : y + 20, x : x + 200] = color
        picture[y : y + 20, x : x + 40] = RED
        if upside_down:
            picture[y : y + 20, x : x + 200] = picture[y : y + 20, x : x + 200][:, ::-1].copy()
    return picture


PAGE = bars((50, 50, GREEN, False), (50, 120, BLUE, False), (50, 190, GREEN, False))


def test_a_blank_picture_costs_no_reading(reader):
    assert reader.read_lines(np.full((50, 60, 3), 255, np.uint8)) == []
    assert reader._recognize.reads == 0


def test_a_glance_finds_the_lines_and_reads_none(reader):
    boxes = reader.glance(PAGE)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    assert reader._recognize.reads == 0
    lines = reader.read_lines(PAGE)
    assert len(lines) == len(boxes) == 3
    for line in lines:
        assert np.abs(middle - line.quad.mean(axis=0)).max(axis=1).min() < 2
    assert reader.glance(np.full((50, 60, 3), 255, np.uint8)).shape == (0, 4)


def test_lines_that_look_the_same_are_read_once_on_any_number_of_pages(reader):
    other = bars((50, 50, GREEN, False), (50, 190, BLUE, False))
    for page in (PAGE, PAGE, other):
        lines = reader.read_lines(page)
        assert "green words here" in {line.text for line in lines}
    assert sorted(line.text for line in lines) == ["blue", "green words here"]
    assert reader._recognize.reads == 2
    assert reader._find.looks == 2


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_is_read_from_any_side_and_its_quads_begin_where_its_lines_begin(reader, quarters):
    turned = np.ascontiguousarray(np.rot90(PAGE, quarters))
    lines = reader.read_lines(turned)
    assert sorted(line.text for line in lines) == ["blue", "green words here", "green words here"]
    for line in lines:
        assert line.score > 0.9
        start = (
            (line.quad[0] + line.quad[3]) * 0.45 + (line.quad[1] + line.quad[2]) * 0.05
        ).round()
        x, y = start.astype(int)
        assert tuple(turned[y, x]) == RED


def test_a_single_line_upside_down_among_others_is_turned(reader):
    picture = bars(*((50, 30 + 50 * i, GREEN, False) for i in range(5)), (300, 330, BLUE, True))
    assert all(line.score > 0.9 for line in reader.read_lines(picture))


class SignReader(BarReader):
    """Reads bars that begin with red in their upper half; others seem to say something short, and surely."""

    seems = "\u03bb \u03bb"

    def __call__(self, line):
        reading = super().__call__(line)
        red = (line[:, :, 0] > 200) & (line[:, :, 1] < 60)
        half = LINE_HEIGHT // 2
        if reading.score > 0.9 and red[:half].sum() > 4 * red[half:].sum():
            return reading
        count = len(self.seems)
        middle = (np.arange(count, dtype=np.float32) + 0.5) / count
        return ReadLine(self.seems, middle, np.full(count, 0.91, np.float32))


@pytest.mark.parametrize(
    ("seems", "quarters"), [("   ", 0), ("", 0), ("\u03bb \u03bb", 0), ("\u03bb \u03bb", 1)]
)
def test_a_line_in_a_mirror_is_read(monkeypatch, seems, quarters):
    monkeypatch.setattr(ocr, "TextFinder", InkFinder)
    monkeypatch.setattr(ocr, "TextRecognizer", SignReader)
    monkeypatch.setattr(SignReader, "seems", seems)
    picture = bars((50, 50, GREEN, False))
    picture[60:70, 50:90] = GREEN  # no turn makes the plain picture of the mirrored one
    mirrored = np.ascontiguousarray(np.rot90(picture[:, ::-1], quarters))
    (line,) = TextReader().read_lines(mirrored)
    assert (line.text, line.score > 0.9) == ("green words here", True)
    start = np.array([0.522, 0.058, 0.042, 0.378]) @ line.quad  # in the upper half
    x, y = start.round().astype(int)
    assert tuple(mirrored[y, x]) == RED


def test_blanks_alone_are_no_reading():
    nothing = ReadLine("   ", np.zeros(3, np.float32), np.ones(3, np.float32))
    assert nothing.score == 0
    assert ReadLine("", np.zeros(0, np.float32), np.ones(0, np.float32)).score == 0


def test_a_line_nobody_can_read_is_kept_with_its_low_score(reader):
    picture = np.full((200, 400, 3), 255, np.uint8)
    picture[50:70, 40:300] = (90, 90, 90)
    (line,) = reader.read_lines(picture)
    assert line.score == pytest.approx(0.3)
    assert line.along.tolist() == [[0.0, 1.0]]


def test_what_was_not_read_inside_a_line_that_was_is_left_out():
    inside, outside = (
        line_of("scrawl", 0.3, (20, 2, 60, 18)),
        line_of("scrawl", 0.3, (400, 0, 500, 20)),
    )
    whole = line_of("green words here", 0.97, (0, 0, 200, 20))
    kept = ocr._without_fragments([inside, whole, outside])
    assert kept == [whole, outside]


def line_of(text, score, box, middle=None):
    x1, y1, x2, y2 = box
    quad = np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], np.float32)
    if middle is None:
        middle = (np.arange(len(text)) + 0.5) / max(len(text), 1)
    reading = ReadLine(text, np.float32(middle), np.full(len(text), score, np.float32))
    return ocr._line(quad, reading)


def test_words_lie_where_their_characters_do():
    line = line_of("ab cde", 0.97, (0, 0, 120, 20))
    assert [line.text[a:b] for a, b in zip(line.start, line.end, strict=True)] == ["ab", "cde"]
    np.testing.assert_allclose(line.along, [[0, 2 / 6], [3 / 6, 1]], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "score", "middle"),
    [
        ("one", 0.97, None),  # a single word is the line
        ("a b", 0.97, None),  # no two characters side by side: no pitch
        ("ab cde", 0.65, None),  # read poorly
        ("ab cde", 0.97, [0.01, 0.1, 0.15, 0.2, 0.25, 0.3]),  # the end was not read
        ("ab cde", 0.97, [0.6, 0.65, 0.7, 0.8, 0.9, 0.99]),  # nor the beginning
        ("", 0.0, None),
    ],
)
def test_words_of_an_unsure_line_may_be_anywhere_in_it(text, score, middle):
    line = line_of(text, score, (0, 0, 120, 20), middle)
    assert line.along.tolist() == [[0.0, 1.0]] * len(text.split())


@pytest.mark.parametrize(
    "image",
    [np.zeros((5, 5), np.uint8), np.zeros((5, 5, 4), np.uint8), np.zeros((5, 5, 3)), np.zeros((0, 5, 3), np.uint8)],
)  # fmt: skip
def test_what_is_no_picture_is_refused(reader, image):
    with pytest.raises(InputError, match="uint8"):
        reader.read_lines(image)


def test_a_picture_is_not_changed(reader):
    picture = PAGE.copy()
    picture.flags.writeable = False
    reader.read_lines(picture)
    np.testing.assert_array_equal(picture, PAGE)


def test_networks_are_loaded_once_per_process(monkeypatch):
    made = []

    class Counting(BarReader):
        def __init__(self, **options):
            made.append(options)
            super().__init__(**options)

    monkeypatch.setattr(ocr, "TextFinder", InkFinder)
    monkeypatch.setattr(ocr, "TextRecognizer", Counting)
    ocr.shared_reader.cache_clear()
    try:
        assert read_text(PAGE).text == "green words here\nblue\ngreen words here"
        read_text(PAGE)
    finally:
        ocr.shared_reader.cache_clear()
    assert len(made) == 1


def test_beside_a_slanted_line_nothing_is_left_out():
    """The upright box around a watermark from corner to corner holds all there is on the page."""
    slanted = line_of("CONFIDENTIAL", 0.97, (0, 0, 1, 1))
    slanted.quad[:] = [[50, 900], [900, 50], [942, 92], [92, 942]]
    beside, within = (
        line_of("scrawl", 0.3, (100, 100, 400, 140)),
        line_of("scrawl", 0.3, (480, 490, 510, 510)),
    )
    assert ocr._without_fragments([slanted, beside, within]) == [slanted, beside]
    assert ocr._without_fragments([beside]) == [beside]
