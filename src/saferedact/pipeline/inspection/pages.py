"""What a page of HTML holds and does not show. Its words are read as text whether shown or not."""

import tempfile
from pathlib import Path

from saferedact.document_io import read_bounded
from saferedact.media.markup import files_inside, read_markup, ruled_elsewhere
from saferedact.pipeline.inspection.as_material import Looked
from saferedact.pipeline.inspection.worker import Inspector
from saferedact.text.decode import decode_text
from saferedact.traces import Trace

__all__ = ["PAGE_SUFFIXES", "hidden_in_page"]

PAGE_SUFFIXES = frozenset({".html", ".htm"})

_MAX_PAGE_BYTES = 10 * 1024**2
"""As of any text; a longer one is refused before this looks."""


def hidden_in_page(path: Path, inspector: Inspector) -> Looked:
    """Find what markup and inline styles hide and what files in the page do, and what was not looked at.

    Parameters
    ----------
    path : Path
        The page. Opened read-only.
    inspector : Inspector
        Who looks into the files inside.

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
    traces, gaps = _inside(page, inspector)
    if ruled_elsewhere(page):
        gaps.append("what style sheets and scripts of the page hide was not looked at")
    return Looked("text", (), (*read_markup(page).traces, *traces), tuple(gaps), inspected=True)


def _inside(page: str, inspector: Inspector) -> tuple[list[Trace], list[str]]:
    """Look into the files that a page carries in its own addresses."""
    traces: list[Trace] = []
    gaps: list[str] = []
    with tempfile.TemporaryDirectory(prefix="saferedact-") as folder:
        for number, (place, data) in enumerate(files_inside(page)):
            if data is None:
                gaps.append(f"{place}: it cannot be looked into")
                continue
            inside = Path(folder, f"{number}")
            inside.write_bytes(data)
            inspection = inspector.inspect(inside)
            traces += [trace.within(place) for trace in inspection.traces]
            gaps += [f"{place}: {reason}" for reason in inspection.unread]
    return traces, gaps
