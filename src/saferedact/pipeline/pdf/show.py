"""What a document is, and a few of its pages for a contact sheet."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from saferedact.limits import Limits
from saferedact.media.base import MediaInfo
from saferedact.media.pdf_worker import open_pdf
from saferedact.pipeline.medium import Tile
from saferedact.plan import Plan, VisibleRegion

__all__ = ["describe", "tiles"]

_PAGES_SHOWN = 4  # the first, the last, and two between
_DPI = 72.0


def describe(path: Path, *, limits: Limits) -> MediaInfo:
    """Say what a document is."""
    with open_pdf(path, limits=limits) as document:
        sizes = document.facts.sizes
        return MediaInfo(
            kind="pdf",
            format="PDF",
            size_wh=(
                math.ceil(max(width for width, _ in sizes)),
                math.ceil(max(height for _, height in sizes)),
            ),
            frames=len(sizes),
            bit_depth=8,
            channels=3,
            notes=document.facts.notes,
        )


def tiles(redacted: Path, plan: Plan, *, limits: Limits) -> Iterator[Tile]:
    """Show up to four pages of a redacted document; lines that were set anew carry no outlines."""
    with open_pdf(redacted, limits=limits) as document:
        last = len(document.facts.sizes) - 1
        for page in sorted({round(i * last / (_PAGES_SHOWN - 1)) for i in range(_PAGES_SHOWN)}):
            shown: list[VisibleRegion] = [
                region
                for region in plan.visible_regions()
                if region.frame == page and region.operator not in ("label", "line")
            ]
            outlines = np.array([region.xyxy for region in shown], dtype=np.float32)
            yield Tile(document.picture(page, _DPI), outlines.reshape(-1, 4), tuple(shown))
