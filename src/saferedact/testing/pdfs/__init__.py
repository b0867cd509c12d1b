"""Small PDFs that each hide, or show, a secret in one way: one file per channel, seeded.

A channel is a place where a PDF keeps text. `make_channel` writes a document of one page or two in
which a fictional name and a telephone number stand in that place, and nowhere else. Everything is
built from objects and content streams by hand, since writers of PDFs do not make such files.
"""

# Each module enters its channels into the registry, in this order.
from saferedact.testing.pdfs import text  # isort: skip
from saferedact.testing.pdfs import fonts  # isort: skip
from saferedact.testing.pdfs import unseen  # isort: skip
from saferedact.testing.pdfs import pictures  # isort: skip
from saferedact.testing.pdfs import annotations  # isort: skip
from saferedact.testing.pdfs import beside  # isort: skip
from saferedact.testing.pdfs.fonts import write_embedded
from saferedact.testing.pdfs.paper import Paper, Secrets, picture_of, secrets_for
from saferedact.testing.pdfs.registry import MAKERS, PIXEL_CHANNELS, make_channel

__all__ = [
    "CHANNELS",
    "PIXEL_CHANNELS",
    "Paper",
    "Secrets",
    "annotations",
    "beside",
    "fonts",
    "make_channel",
    "picture_of",
    "pictures",
    "secrets_for",
    "text",
    "unseen",
    "write_embedded",
]

CHANNELS = tuple(MAKERS)
"""Names of all channels."""
