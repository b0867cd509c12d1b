"""Files that hide nothing, though each has something that a careless check would call hidden."""

from collections.abc import Callable

from saferedact.testing.leaks.benign_files import BENIGN_FILES
from saferedact.testing.leaks.benign_pdfs import BENIGN_PDFS
from saferedact.testing.leaks.benign_pictures import BENIGN_PICTURES
from saferedact.testing.leaks.open_documents import BENIGN_OPEN
from saferedact.testing.leaks.written import BENIGN_WRITTEN

__all__ = ["BENIGN"]

BENIGN: dict[str, Callable[[], bytes]] = {
    **BENIGN_PDFS,
    **BENIGN_PICTURES,
    **BENIGN_FILES,
    **BENIGN_OPEN,
    **BENIGN_WRITTEN,
}
"""Makers of files by name; the name ends as the file would."""
