"""Text of every make that is written anew: it looks the same, says the same, and stays text."""

import numpy as np
import pikepdf
import pypdfium2
import pytest

from saferedact.limits import Limits
from saferedact.media.pdf_paths import SubPath, any_overlap
from saferedact.media.pdf_session import PdfSession
from saferedact.media.pdf_views import PageRegionSpec
from saferedact.testing.leaks.pdf_page import page_of


def shown(content, *operators):
    return f"BT /F 20 Tf 40 150 Td {content} ET\n" + "".join(operators)


def half_clear(_pdf, page):
    state = pikepdf.Dictionary(ca=0.5)
    page.Resources.ExtGState = pikepdf.Dictionary(A=state, B=pikepdf.Dictionary(ca=1))


CONTENTS = {
    "plain": shown("(Words of a line) Tj"),
    "half clear": "/A gs " + shown("(Half) Tj") + "/B gs " + shown("100 0 Td (Whole) Tj"),
    "half clear twice": "/A gs " + shown("(One) Tj") + "/B gs " + shown("60 0 Td (Two) Tj") + "/A gs "
    + shown("120 0 Td (Three) Tj"),
    "raised": shown("(Words) Tj 6 Ts (raised) Tj 0 Ts (again) Tj"),
    "far apart": shown("[(a) -13000 (b)] TJ"),
    "far back": "BT /F 20 Tf 300 150 Td [(a) 13000 (b)] TJ ET\n",
    "four inks": "0.1 0.9 0.2 0.1 k " + shown("(Words in print colors) Tj"),
    "turned": "BT /F 20 Tf 0 1 -1 0 200 60 Tm (Words upward) Tj ET\n",
    "slanted": "BT /F 20 Tf 1 0 0.3 1 60 150 Tm (Words slanted) Tj ET\n",
    "mirrored": "BT /F 20 Tf -1 0 0 1 300 150 Tm (Words) Tj ET\n",
}  # fmt: skip


@pytest.fixture
def opened():
    sessions = []

    def run(content):
        data = page_of(content, change=half_clear, filler=False)
        sessions.append(PdfSession(data, password="", limits=Limits()))
        return data, sessions[-1]

    yield run
    for session in sessions:
        session.close()


def written(session, path, *regions):
    session.begin()
    reason = session.add(0, regions, raster="", spoken=False)
    session.finish(path)
    return reason


def seen(data):
    document = pypdfium2.PdfDocument(data)
    try:
        text = document[0].get_textpage().get_text_range()
        return document[0].render(scale=2).to_numpy().astype(int), "".join(text.split())
    finally:
        document.close()


def blocks(pixels):
    """Mean level of squares of 8 pixels: another hinting of the same letters changes it little."""
    return pixels.mean(axis=2).reshape(75, 8, 100, 8).mean(axis=(1, 3))


@pytest.mark.parametrize("name", CONTENTS)
def test_it_looks_and_says_the_same(opened, tmp_path, name):
    data, session = opened(CONTENTS[name])
    assert written(session, tmp_path / "a.pdf") == ""
    (before, said), (after, says) = seen(data), seen(tmp_path / "a.pdf")
    assert says == said
    assert np.abs(blocks(before) - blocks(after)).max() < 48


@pytest.mark.parametrize(
    "content", [shown("0 Tz (Nothing) Tj"), shown("/A gs (x) Tj").replace("/A", "/None")]
)
def test_text_of_no_width_or_of_an_unknown_state_does_no_harm(opened, tmp_path, content):
    _, session = opened(content)
    written(session, tmp_path / "a.pdf")
    assert seen(tmp_path / "a.pdf")[0].shape == (600, 800, 3)


@pytest.mark.parametrize("rgb", [(0, 0, 0), (255, 255, 255)])
def test_the_word_of_a_label_stands_out_from_it(opened, tmp_path, rgb):
    _, session = opened(CONTENTS["plain"])
    box = (38.0, 130.0, 120.0, 156.0)
    region = PageRegionSpec(box, "label", "solid", "rectangle", rgb, 0, "NAME", "")
    assert written(session, tmp_path / "a.pdf", region) == ""
    pixels, says = seen(tmp_path / "a.pdf")
    assert says.startswith("[NAME]")
    ((x1, y1, x2, y2),) = (
        np.round(2 * np.array(b)).astype(int) for b in session.covers(0, [region], raster=False)
    )
    inside = pixels[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2, 0]
    assert inside.min() < 60
    assert inside.max() > 195
    assert abs(float(np.median(inside)) - rgb[0]) < 8


def test_words_stay_within_labels_of_narrow_columns(opened, tmp_path):
    """Words over each other are read wrongly: PDFium drops a letter upon its like."""
    columns = range(40, 340, 30)
    rules = "".join(f"{x - 4} 140 m {x - 4} 170 l S\n" for x in columns)
    _, session = opened("".join(f"BT /F 16 Tf {x} 150 Td (QQ) Tj ET\n" for x in columns) + rules)
    regions = [
        PageRegionSpec(
            (x, 138, x + 25, 155), "label", "solid", "rectangle", (0, 0, 0), 0, "IDENTIFIER", "g"
        )
        for x in columns
    ]
    assert written(session, tmp_path / "a.pdf", *regions) == ""
    pixels, says = seen(tmp_path / "a.pdf")
    assert says == "[IDENTIFIER]" * len(columns)
    covers = np.array(session.covers(0, regions, raster=False))
    low, high = 2 * int(covers[0, 1]) + 4, 2 * int(covers[0, 3]) - 4
    for left, right in zip(covers[:-1, 2], covers[1:, 0], strict=True):
        between = pixels[low:high, round(2 * left) + 4 : round(2 * right) - 1]
        assert between.size
        assert between.min() > 200


def test_a_label_without_a_word_is_a_bare_box(opened, tmp_path):
    _, session = opened(CONTENTS["plain"])
    box = (38.0, 130.0, 120.0, 156.0)
    region = PageRegionSpec(box, "label", "solid", "rectangle", (0, 0, 0), 0, "", "")
    assert written(session, tmp_path / "a.pdf", region) == ""
    assert seen(tmp_path / "a.pdf")[1] == "aline"


class TestPaths:
    def test_a_rectangle_that_comes_back_to_its_start(self):
        corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)]
        assert SubPath([*corners, corners[0]]).box() == SubPath(corners).box() == (0, 0, 4, 2)
        assert SubPath([*corners, (1.0, 1.0)]).box() is None
        assert SubPath(corners, curved=True).box() is None

    @pytest.mark.parametrize(
        ("count", "overlap"), [(0, False), (1, False), (64, False), (65, True)]
    )
    def test_too_many_boxes_to_tell_count_as_overlapping(self, count, overlap):
        assert any_overlap([(2.0 * n, 0.0, 2.0 * n + 1, 1.0) for n in range(count)]) == overlap
