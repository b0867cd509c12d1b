"""Digests of redacted planes: the same on every platform and with every version of numpy.

``python tests/unit/frames/test_golden.py`` rewrites the file; review the difference.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from saferedact.frames import redact_planes
from saferedact.frames.formats import FORMATS
from saferedact.geometry import Grid
from saferedact.testing.frames import empty_frame

GOLDEN = Path(__file__).parents[2] / "golden" / "frames.json"
FORMAT_NAMES = ("gray", "rgb24", "rgba", "yuv420p", "yuv422p10le", "yuv444p16le", "nv12")
BOXES = [[-8, 10, 40, 61.5], [30, 50, 90, 90], [100, 20, 101, 21], [120, 70, 500, 500]]
CASES = [
    (operator, shape, name)
    for operator in ("solid", "frost", "mosaic", "blur")
    for shape in ("rectangle", "ellipse")
    for name in FORMAT_NAMES
]


def digest(operator, shape, name):
    frame = empty_frame(FORMATS[name], (333, 271), color_range="limited")
    for number, channel in enumerate(frame.channels()):
        height, width = channel.array.shape
        y, x = np.mgrid[:height, :width]
        texture = (x * (7 + number) + y * (3 + 2 * number) + x * y // 16) << (frame.bit_depth - 8)
        channel.array[...] = texture & ((1 << frame.bit_depth) - 1)
    redact_planes(
        frame,
        BOXES,
        operator=operator,
        shape=shape,
        grid=Grid((8, 8)),
        color=(40, 90, 160),
        seeds=[1, 2, 3, 2**63],
        keep_out=[[40, 0, 60, 40]],
        allow_reversible=True,
    )
    sha256 = hashlib.sha256()
    for plane in frame.planes:
        sha256.update(plane.array.astype(plane.array.dtype.newbyteorder("<")).tobytes())
    return sha256.hexdigest()


@pytest.mark.parametrize(("operator", "shape", "name"), CASES)
def test_planes_are_those_on_record(operator, shape, name):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert digest(operator, shape, name) == golden[f"{operator} {shape} {name}"]


if __name__ == "__main__":
    digests = {" ".join(case): digest(*case) for case in CASES}
    GOLDEN.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
