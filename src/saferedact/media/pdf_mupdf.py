"""The one place that imports PyMuPDF, which is under the AGPL-3.0 or a commercial licence."""

from typing import Any

__all__ = ["mupdf"]


def mupdf() -> Any:
    """Return the module; it has no types."""
    import pymupdf

    return pymupdf
