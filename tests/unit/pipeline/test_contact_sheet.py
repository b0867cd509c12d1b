import numpy as np
import pytest

from saferedact.errors import DestinationError, InputError, UnsupportedFormatError
from saferedact.media.image_read import open_image
from saferedact.pipeline import contact_sheet, redact_with_plan
from saferedact.pipeline.contact_sheet import write_contact_sheets
from saferedact.plan import edit
from saferedact.testing.detectors import MARK_RGB, PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels

GREEN, ORANGE, RED = (0, 160, 80), (230, 140, 0), (200, 30, 30)
MARK = (100, 60, 160, 120)


@pytest.fixture
def redacted(tmp_path):
    """Redact a picture with a mark, delete the original; returns path and plan."""

    def make(name="a.png", *, score=0.9, frames=1, channels=3, size_wh=(260, 200), dtype=np.uint8):
        pictures = [sample_pixels(size_wh, channels, seed=i, dtype=dtype) for i in range(frames)]
        for picture in pictures:
            if channels > 1:
                plant(picture, [MARK])
        source = tmp_path / f"original-{name}"
        write_pictures(source, *pictures)
        detector = PlantedDetector(score=score)
        done = redact_with_plan(source, tmp_path / name, detectors=[detector])
        source.unlink()
        return tmp_path / name, done.plan

    return make


def read(path):
    with open_image(path) as image:
        (frame,) = image.frames()
        return frame.pixels


def has(pixels, color):
    return bool((pixels == color).all(axis=2).any())


class TestSheet:
    def test_it_is_made_from_the_redacted_file_alone(self, tmp_path, redacted):
        path, plan = redacted()
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet.png")
        pixels = read(sheet)
        assert not has(pixels, MARK_RGB)
        assert has(pixels, GREEN)
        # Nothing but the redacted picture, outlined: its samples outside of the region are there.
        tile = pixels[32 : 32 + 200, 8 : 8 + 260]
        np.testing.assert_array_equal(tile[:30], read(path)[:30])

    @pytest.mark.parametrize(
        ("score", "decide", "color"),
        [
            (0.9, None, GREEN),
            (0.3, None, ORANGE),
            (0.3, edit.accept, GREEN),
            (0.3, edit.reject, RED),
            (0.9, edit.reject, RED),
        ],
    )
    def test_the_outline_tells_what_was_decided(self, tmp_path, redacted, score, decide, color):
        path, plan = redacted(score=score)
        if decide:
            plan = decide(plan, [plan.regions[0].id])
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet.png")
        shown = read(sheet)
        assert [has(shown, c) for c in (GREEN, ORANGE, RED)] == [
            c == color for c in (GREEN, ORANGE, RED)
        ]

    def test_the_outline_is_where_the_region_is(self, tmp_path, redacted):
        path, plan = redacted()
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet.png")
        rows, columns = np.nonzero((read(sheet) == GREEN).all(axis=2))
        x1, y1, x2, y2 = (round(value) for value in plan.regions[0].xyxy)
        box = (columns.min() - 8, rows.min() - 32, columns.max() + 1 - 8, rows.max() + 1 - 32)
        assert box == (x1, y1, x2, y2)

    def test_large_pictures_and_their_outlines_shrink(self, tmp_path, redacted):
        path, plan = redacted(size_wh=(1120, 400))
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet.png")
        rows, columns = np.nonzero((read(sheet) == GREEN).all(axis=2))
        x1, y1, _, _ = plan.regions[0].xyxy
        assert (columns.min() - 8, rows.min() - 32) == (round(x1 / 4), round(y1 / 4))

    @pytest.mark.parametrize(("channels", "dtype"), [(1, np.uint8), (4, np.uint8), (3, np.uint16)])
    def test_any_kind_of_pixels(self, tmp_path, redacted, channels, dtype):
        path, plan = redacted(channels=channels, dtype=dtype)
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet.jpg")
        assert read(sheet).shape == (24 + 280 + 16, 280 + 16, 3)

    def test_of_many_frames_four_are_shown(self, tmp_path, redacted):
        path, plan = redacted(frames=9)
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet.png")
        assert read(sheet).shape[:2] == (2 * 312 + 8, 2 * 288 + 8)
        path, plan = redacted("b.png", frames=2)
        (sheet,) = write_contact_sheets([(path, plan)], tmp_path / "sheet2.png")
        assert read(sheet).shape[:2] == (312 + 8, 2 * 288 + 8)


class TestSheets:
    def test_more_tiles_than_one_holds(self, tmp_path, redacted, monkeypatch):
        monkeypatch.setattr(contact_sheet, "TILES_PER_SHEET", 4)
        results = [redacted()] * 9
        sheets = write_contact_sheets(results, tmp_path / "sheet.png")
        assert [path.name for path in sheets] == ["sheet.png", "sheet-2.png", "sheet-3.png"]
        assert [read(path).shape[1] for path in sheets] == [2 * 288 + 8, 2 * 288 + 8, 288 + 8]

    def test_tiles_are_numbered_in_order_from_one(self, tmp_path, redacted):
        """The same picture twice: the sheets differ by the numbers above alone."""
        result = redacted()
        write_contact_sheets([result, result], tmp_path / "two.png")
        write_contact_sheets([result], tmp_path / "one.png")
        one, two = read(tmp_path / "one.png"), read(tmp_path / "two.png")
        np.testing.assert_array_equal(two[:, : one.shape[1] - 8], one[:, :-8])
        second = two[:, 288 : 288 + one.shape[1]]
        np.testing.assert_array_equal(second[32:], one[32:])
        assert not np.array_equal(second[8:32], one[8:32])

    def test_no_results_no_sheet(self, tmp_path):
        assert write_contact_sheets([], tmp_path / "sheet.png") == []
        assert list(tmp_path.iterdir()) == []

    def test_existing_ones_are_kept_unless_asked(self, tmp_path, redacted):
        result = redacted()
        (tmp_path / "sheet.png").write_bytes(b"mine")
        with pytest.raises(DestinationError):
            write_contact_sheets([result], tmp_path / "sheet.png")
        assert (tmp_path / "sheet.png").read_bytes() == b"mine"
        write_contact_sheets([result], tmp_path / "sheet.png", overwrite=True)
        assert read(tmp_path / "sheet.png").ndim == 3

    def test_a_suffix_that_is_no_picture(self, tmp_path, redacted):
        with pytest.raises(UnsupportedFormatError):
            write_contact_sheets([redacted()], tmp_path / "sheet.pdf")

    def test_a_result_that_is_gone(self, tmp_path, redacted):
        path, plan = redacted()
        path.unlink()
        with pytest.raises(InputError):
            write_contact_sheets([(path, plan)], tmp_path / "sheet.png")
        assert not (tmp_path / "sheet.png").exists()
