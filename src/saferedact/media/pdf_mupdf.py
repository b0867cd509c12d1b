"""The one place that imports PyMuPDF, which is under the AGPL-3.0 or a commercial licence."""

from typing import Any

__all__ = ["mupdf", "mupdf_errors"]


def mupdf() -> Any:
    """Return the module; it has no types."""
    import pymupdf

    return pymupdf


def mupdf_errors() -> tuple[type[Exception], ...]:
    """Return what it raises for a damaged document.

    Its upper layer raises errors of Python's own, the code below those of a base class of its own.
    """
    return (RuntimeError, ValueError, ArithmeticError, mupdf().mupdf.FzErrorBase)
