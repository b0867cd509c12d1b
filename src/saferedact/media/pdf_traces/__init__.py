"""What a PDF holds and its pages do not show: one comparison for text and pictures, one walk for objects."""

from saferedact.media.pdf_traces.read import read_pdf_traces

__all__ = ["read_pdf_traces"]
