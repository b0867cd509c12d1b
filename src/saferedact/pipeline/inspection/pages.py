"""What a page of HTML holds and does not show. Its words are read as text whether shown or not."""

import re
from pathlib import Path

from saferedact.document_io import read_bounded
from saferedact.media.mail import html_texts
from saferedact.pipeline.inspection.as_material import Looked
from saferedact.text.decode import decode_text
from saferedact.traces import Trace

__all__ = ["PAGE_SUFFIXES", "hidden_in_page"]

PAGE_SUFFIXES = frozenset({".html", ".htm"})

_MAX_PAGE_BYTES = 10 * 1024**2
"""As of any text; a longer one is refused before this looks."""

_RULED_ELSEWHERE = re.compile(r"<(?:script|style|link)\b", re.IGNORECASE)
_INSIDE = re.compile(r"\bdata:(?:image|video|audio|application)/", re.IGNORECASE)


def hidden_in_page(path: Path) -> Looked:
    """Find comments and what inline styles hide, and say what was not looked at.

    Parameters
    ----------
    path : Path
        The page. Opened read-only.

    Returns
    -------
    Looked
        Without texts: those of the page are read elsewhere, hidden ones included.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    page = decode_text(read_bounded(path, _MAX_PAGE_BYTES, what="page")).text
    _, hidden = html_texts(page)
    gaps = []
    if _RULED_ELSEWHERE.search(page):
        gaps.append("what style sheets and scripts of the page hide was not looked at")
    if _INSIDE.search(page):
        gaps.append("files inside the page were not looked into")
    traces = (Trace("hidden-text", "markup", hidden),) if hidden.strip() else ()
    return Looked("text", (), traces, tuple(gaps), inspected=True)
