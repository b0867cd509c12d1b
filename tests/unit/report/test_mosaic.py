"""Rough maps of pictures: they show where, and nobody."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from saferedact.errors import DamagedInputError
from saferedact.pipeline import mosaics
from saferedact.pipeline.check import check
from saferedact.pipeline.mosaics import mosaic_of
from saferedact.report.mosaic import COLUMNS, mosaic_svg
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures

pytestmark = pytest.mark.model  # wording is judged by grammar


SIZES = st.tuples(st.integers(1, 60), st.integers(1, 60))
CORNERS = st.tuples(*[st.floats(-20, 80, allow_nan=False, width=32)] * 4)


@st.composite
def pictures(draw):
    height, width = draw(SIZES)
    pixels = draw(arrays(np.uint8, (height, width, 3)))
    x1, y1, x2, y2 = draw(CORNERS)
    box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    return pixels, box, draw(st.integers(0, 255))


@given(pictures())
def test_not_one_covered_sample_has_a_part_in_it(case):
    pixels, (x1, y1, x2, y2), other = case
    changed = pixels.copy()
    changed[
        max(0, int(np.floor(y1))) : max(0, int(np.ceil(y2))),
        max(0, int(np.floor(x1))) : max(0, int(np.ceil(x2))),
    ] = other
    box = (x1, y1, x2, y2)
    assert mosaic_of(pixels, [box]) == mosaic_of(changed, [box])


@given(arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 90), st.just(3))))
def test_it_is_never_finer_than_a_dozen_cells(pixels):
    before = pixels.copy()
    mosaic = mosaic_of(pixels, [])
    assert 1 <= len(mosaic.cells) <= COLUMNS
    assert 1 <= len(mosaic.cells[0]) <= COLUMNS
    assert np.array_equal(pixels, before)


def test_without_covers_it_is_the_mean():
    pixels = np.zeros((2, 24, 3), np.uint8)
    pixels[:, 12:] = 200
    mosaic = mosaic_of(pixels, [])
    assert mosaic.size_wh == (24, 2)
    assert mosaic.cells == (((0, 0, 0),) * 6 + ((200, 200, 200),) * 6,)


def test_the_drawing_marks_places_and_cuts_them_at_the_edge():
    mosaic = mosaic_of(np.full((50, 100, 3), 90, np.uint8), [])
    drawing = mosaic_svg(mosaic, [(-10, -10, 50, 25), (200, 0, 210, 10)])
    assert drawing.count('class="box"') == 1
    assert 'class="box" x="0.0" y="0.0" width="120.0" height="60.0"' in drawing
    assert "2 places marked" in drawing
    assert "#5a5a5a" in drawing


def test_a_check_draws_what_it_found_covered(tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    pixels = np.full((60, 80, 3), 128, np.uint8)
    plant(pixels, [(10, 10, 30, 40)])
    write_pictures(folder / "street.png", pixels)
    maps = {}
    report = check(
        folder, detectors=[PlantedDetector()], finder=None, image_text=None, mosaics=maps
    )
    assert [f.rule_id for f in report.findings if f.rule_id == "ID-02"]
    assert list(maps) == [("file-1", 0)]
    page = report.to_html(maps)
    assert "<svg" in page
    assert "<img" not in page
    assert "<svg" not in report.to_html()


class TestMosaicsOfPages:
    """Of several pages those have a drawing that a finding has a place in."""

    def made(self, tmp_path, *, most=200, gone=False, monkeypatch=None):
        folder = tmp_path / "release"
        folder.mkdir()
        clear, marked = (np.full((60, 80, 3), 128, np.uint8) for _ in range(2))
        plant(marked, [(10, 10, 30, 40)])
        write_pictures(folder / "pages.tif", clear, marked, clear, marked, format="TIFF")
        maps = {}
        if monkeypatch is not None:
            monkeypatch.setattr(mosaics, "_MOST", most)
            if gone:
                monkeypatch.setattr(mosaics, "open_image", refuse)
        report = check(
            folder, detectors=[PlantedDetector()], finder=None, image_text=None, mosaics=maps
        )
        assert report.findings
        return set(maps)

    def test_pages_without_a_finding_have_none(self, tmp_path):
        assert self.made(tmp_path) == {("file-1", 1), ("file-1", 3)}

    def test_there_are_so_many_at_the_most(self, tmp_path, monkeypatch):
        assert self.made(tmp_path, most=1, monkeypatch=monkeypatch) == {("file-1", 1)}

    def test_a_picture_that_cannot_be_read_again_has_none(self, tmp_path, monkeypatch):
        assert self.made(tmp_path, gone=True, monkeypatch=monkeypatch) == set()


def refuse(*_, **__):
    msg = "the image breaks off or is damaged"
    raise DamagedInputError(msg)
