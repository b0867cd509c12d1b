"""Files from bytes, and what a scan of them says."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from saferedact.limits import DEFAULT_LIMITS
from saferedact.media.hidden_data import scan_hidden_data


@pytest.fixture
def scan(tmp_path: Path):
    """Scan bytes as a file; items as (channel, offset, length)."""

    def scan_bytes(data: bytes, limits=DEFAULT_LIMITS) -> list[tuple[str, int, int]]:
        path = tmp_path / "picture"
        path.write_bytes(data)
        items = scan_hidden_data(path, limits=limits)
        return [(item.channel, item.offset, item.length) for item in items]

    return scan_bytes


@pytest.fixture(scope="session")
def saved():
    """Save noise (nothing compresses away) with Pillow; bytes of the file."""

    def save(
        file_format: str, mode: str = "RGB", size_wh=(37, 29), frames: int = 1, **options: Any
    ):
        random = np.random.default_rng(0)
        pictures = []
        for _ in range(frames):
            samples = random.integers(0, 256, (size_wh[1], size_wh[0], 4), dtype=np.uint8)
            image = Image.frombytes("RGBA", size_wh, samples.tobytes())
            pictures.append(image.convert(mode) if mode != "RGBA" else image)
        if frames > 1:
            options |= {"save_all": True, "append_images": pictures[1:]}
        buffer = io.BytesIO()
        pictures[0].save(buffer, file_format, **options)
        return buffer.getvalue()

    return save
