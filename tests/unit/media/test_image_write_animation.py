"""Writing pictures of several frames."""

import numpy as np
import pytest
from tests.unit.media.image_writing import SIZE_WH, write

from saferedact.errors import RedactionError
from saferedact.testing.images import (
    sample_pixels,
)


class TestAnimation:
    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
    @pytest.mark.parametrize("loop", [None, 0, 3])
    def test_frames_durations_loop(self, tmp_path, image_format, loop):
        pages = [sample_pixels(SIZE_WH, seed=seed) // 32 * 32 for seed in range(3)]
        _, info, frames = write(
            tmp_path / "x", *pages, image_format=image_format, loop=loop, durations=[100, 250, 40]
        )
        assert info.frames == 3
        assert [frame.duration_ms for frame in frames] == [100, 250, 40]
        once = None if image_format == "GIF" else 1
        assert info.loop == (once if loop is None else loop)
        for frame, page in zip(frames, pages, strict=True):
            np.testing.assert_array_equal(frame.pixels[:, :, :3], page)

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF"])
    def test_equal_neighbors_are_not_merged(self, tmp_path, image_format):
        """Redaction makes frames equal that were not; each has its place in the plan."""
        pages = [sample_pixels(SIZE_WH) // 32 * 32] * 4
        _, info, _ = write(tmp_path / "x", *pages, image_format=image_format, durations=[50] * 4)
        assert info.frames == 4

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
    def test_a_frame_does_not_shine_through_the_next(self, tmp_path, image_format):
        first = np.full((20, 20, 4), 255, dtype=np.uint8)
        first[:, :, :3] = (200, 10, 10)
        second = first.copy()
        second[:10] = 0
        pages = [first, first, second, first, second, second]
        _, info, frames = write(
            tmp_path / "x", *pages, image_format=image_format, durations=[50] * len(pages)
        )
        assert info.has_alpha
        for frame, page in zip(frames, pages, strict=True):
            np.testing.assert_array_equal(frame.pixels, page)

    def test_mixed_pages_become_one_kind_in_an_animation(self, tmp_path):
        grey = sample_pixels(SIZE_WH, 1)
        color = sample_pixels(SIZE_WH, 3)
        _, _, frames = write(tmp_path / "x", color, grey, image_format="PNG", durations=[50, 50])
        np.testing.assert_array_equal(frames[1].pixels, np.repeat(grey[:, :, None], 3, axis=2))

    def test_kinds_that_cannot_be_joined(self, tmp_path):
        path = tmp_path / "x"
        with pytest.raises(RedactionError, match="one kind of samples"):
            write(path, sample_pixels(SIZE_WH, 1), sample_pixels(SIZE_WH, 3), image_format="PNG")
        assert not path.exists()

    def test_avif(self, tmp_path):
        pages = [sample_pixels(SIZE_WH, seed=seed) for seed in range(3)]
        _, info, frames = write(
            tmp_path / "x", *pages, image_format="AVIF", durations=[100, 200, 40]
        )
        assert info.frames == 3
        assert [frame.duration_ms for frame in frames] == [100, 200, 40]
        for frame, page in zip(frames, pages, strict=True):
            assert np.abs(frame.pixels.astype(int) - page.astype(int)).mean() < 2

    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
    def test_very_long_durations_are_cut_to_what_fits(self, tmp_path, image_format):
        pages = [sample_pixels((8, 8))] * 2
        _, _, frames = write(
            tmp_path / "x", *pages, image_format=image_format, durations=[1e9, 20], loop=1 << 20
        )
        longest = {"GIF": 655_350, "PNG": 65_535_000, "WEBP": (1 << 24) - 1}
        assert frames[0].duration_ms == longest[image_format]
        assert frames[1].duration_ms == 20

    def test_pages_of_different_sizes(self, tmp_path):
        pages = [sample_pixels((20 + i, 30)) for i in range(2)]
        write(tmp_path / "x", *pages, image_format="TIFF")
        with pytest.raises(RedactionError, match="differ in size"):
            write(tmp_path / "y", *pages, image_format="GIF")
        assert not (tmp_path / "y").exists()
