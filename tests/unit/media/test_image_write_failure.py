"""What writers of pictures refuse, and what an error leaves: nothing."""

import errno
import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.unit.media.image_writing import SIZE_WH, info_of, write

from saferedact.errors import InputError, RedactionError
from saferedact.media import image_encode, image_tiff
from saferedact.media.base import ImageFrame
from saferedact.media.image_write import write_image
from saferedact.testing.images import sample_pixels


class TestFailure:
    @pytest.mark.parametrize("given", [0, 1, 3])
    def test_other_than_the_expected_number_of_frames(self, tmp_path, given):
        path = tmp_path / "x"
        frames = [ImageFrame(sample_pixels(SIZE_WH)) for _ in range(given)]
        info = info_of(sample_pixels(SIZE_WH), frames=2)
        with pytest.raises(RedactionError, match="frames"):
            write_image(path, frames, info=info, format="TIFF")
        assert not path.exists()

    @pytest.mark.parametrize("error", [KeyboardInterrupt, InputError, ZeroDivisionError])
    @pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
    def test_an_error_of_the_caller_passes_and_nothing_is_left(self, tmp_path, image_format, error):
        def frames():
            yield ImageFrame(sample_pixels(SIZE_WH), duration_ms=50)
            raise error

        path = tmp_path / "x"
        with pytest.raises(error):
            write_image(
                path, frames(), info=info_of(sample_pixels(SIZE_WH), frames=2), format=image_format
            )
        assert list(tmp_path.iterdir()) == []

    def test_a_full_disk(self, tmp_path, monkeypatch):
        path = tmp_path / "x.png"
        original = Path.open

        def open_full(self, *args, **kwargs):
            file = original(self, *args, **kwargs)

            class Full(io.FileIO):
                def write(self, data):
                    raise OSError(errno.ENOSPC, "No space left on device", "secret path")

            file.close()
            return Full(self, "wb")

        monkeypatch.setattr(Path, "open", open_full)
        with pytest.raises(RedactionError, match="No space left") as caught:
            write_image(path, [ImageFrame(sample_pixels(SIZE_WH))], info=info_of(sample_pixels()))
        assert "secret" not in str(caught.value)
        assert list(tmp_path.iterdir()) == []

    def test_a_missing_folder(self, tmp_path):
        with pytest.raises(RedactionError, match="could not be written"):
            write_image(
                tmp_path / "missing" / "x.png",
                [ImageFrame(sample_pixels())],
                info=info_of(sample_pixels()),
            )

    @pytest.mark.parametrize("image_format", ["WEBP", "JPEG", "GIF"])
    def test_too_large_for_the_format(self, tmp_path, image_format):
        path = tmp_path / "x"
        wide = np.zeros((1, 70_000), dtype=np.uint8)
        with pytest.raises(RedactionError, match="too large"):
            write(path, wide, image_format=image_format)
        assert not path.exists()

    def test_a_tiff_beyond_its_offsets(self, tmp_path, monkeypatch):
        monkeypatch.setattr(image_tiff, "_OFFSET_LIMIT", 1000)
        path = tmp_path / "x.tif"
        with pytest.raises(RedactionError, match="4 GiB"):
            write(path, sample_pixels(SIZE_WH), image_format="TIFF")
        assert not path.exists()

    @pytest.mark.parametrize(
        "error", [MemoryError, ValueError, SystemError, RuntimeError, OSError(28, "x")]
    )
    @pytest.mark.parametrize("image_format", ["PNG", "JPEG", "AVIF"])
    def test_whatever_an_encoder_raises(self, tmp_path, monkeypatch, image_format, error):
        def fail(*_, **__):
            raise error

        monkeypatch.setattr(image_encode, "_pillow", fail)
        path = tmp_path / "x"
        with pytest.raises(RedactionError):
            write(path, sample_pixels(SIZE_WH), image_format=image_format)
        assert not path.exists()

    def test_an_encoder_that_gives_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setattr(cv2, "imencode", lambda *_: (False, None))
        path = tmp_path / "x"
        with pytest.raises(RedactionError, match="PNG"):
            write(path, sample_pixels(SIZE_WH, dtype=np.uint16))
        assert not path.exists()
