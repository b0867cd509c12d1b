"""The vectorised core: regions of a frame, hidden in place.

`redact_regions` takes a numpy array or a PyAV frame and works on its own; `planes_of` and
`redact_planes` are the same in two steps, with the block grid of the source.

What it promises: after ``solid`` and ``frost`` no sample of the frame depends on a covered sample
(non-interference), and no sample outside the covered cells changes (locality). What it does not:
it neither finds anything to hide nor knows whether the regions are right.
"""

from saferedact.frames.masks import Shape, coverage_mask, covered_rectangles
from saferedact.frames.planes import ColorRange, FramePlanes, Plane, planes_of
from saferedact.frames.redact import REVERSIBLE, Operator, redact_planes, redact_regions

__all__ = [
    "REVERSIBLE",
    "ColorRange",
    "FramePlanes",
    "Operator",
    "Plane",
    "Shape",
    "coverage_mask",
    "covered_rectangles",
    "planes_of",
    "redact_planes",
    "redact_regions",
]
