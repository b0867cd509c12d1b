"""Files that hide something, a channel each, and files like them that hide nothing; all invented."""

from saferedact.testing.leaks.benign import BENIGN
from saferedact.testing.leaks.mails import MAIL_LEAKS
from saferedact.testing.leaks.office import OFFICE_LEAKS
from saferedact.testing.leaks.open_documents import OPEN_LEAKS
from saferedact.testing.leaks.pdf_structure import PDF_STRUCTURE_LEAKS
from saferedact.testing.leaks.pdf_visible import PDF_VISIBLE_LEAKS
from saferedact.testing.leaks.pictures import PICTURE_LEAKS
from saferedact.testing.leaks.written import WRITTEN_LEAKS

__all__ = ["BENIGN", "LEAKS"]

LEAKS = {
    **PDF_VISIBLE_LEAKS,
    **PDF_STRUCTURE_LEAKS,
    **PICTURE_LEAKS,
    **OFFICE_LEAKS,
    **MAIL_LEAKS,
    **OPEN_LEAKS,
    **WRITTEN_LEAKS,
}
"""Makers of files by name: each hides the secret, or a part of a picture, in one channel."""
