"""What a page of HTML holds and does not show. Its words are read as text whether shown or not."""

import base64
import binascii
import re
import tempfile
from pathlib import Path
from urllib.parse import unquote_to_bytes

from saferedact.document_io import read_bounded
from saferedact.media.markup import read_markup
from saferedact.pipeline.inspection.as_material import Looked
from saferedact.pipeline.inspection.worker import Inspector
from saferedact.text.decode import decode_text
from saferedact.traces import Trace

__all__ = ["PAGE_SUFFIXES", "hidden_in_page"]

PAGE_SUFFIXES = frozenset({".html", ".htm"})

_MAX_PAGE_BYTES = 10 * 1024**2
"""As of any text; a longer one is refused before this looks."""

_MOST_FILES = 50
"""Files inside a page that are looked into; the page's size bounds theirs."""

_RULED_ELSEWHERE = re.compile(r"<(?:script|style|link)\b", re.IGNORECASE)
_INSIDE = re.compile(
    r"\bdata:(?:image|video|audio|application)/[\w.+-]{1,80}((?:;[\w=.-]{1,80}){0,5}),([^\"'()<>]*)",
    re.IGNORECASE,
)


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
    traces, gaps = files_inside(page, inspector)
    if _RULED_ELSEWHERE.search(page):
        gaps.append("what style sheets and scripts of the page hide was not looked at")
    return Looked("text", (), (*read_markup(page).traces, *traces), tuple(gaps), inspected=True)


def files_inside(page: str, inspector: Inspector) -> tuple[list[Trace], list[str]]:
    """Look into the files that a page carries in its own addresses.

    Parameters
    ----------
    page : str
        The page.
    inspector : Inspector
        Who looks into them.

    Returns
    -------
    list of Trace
        What they hide; places begin with the line.
    list of str
        What could not be looked at.
    """
    traces: list[Trace] = []
    gaps: list[str] = []
    with tempfile.TemporaryDirectory(prefix="saferedact-") as folder:
        for number, found in enumerate(_INSIDE.finditer(page)):
            if number == _MOST_FILES:
                gaps.append(f"more than {_MOST_FILES} files inside")
                break
            place = f"line {page.count(chr(10), 0, found.start()) + 1}, file inside"
            data = _decoded(found[2], coded="base64" in found[1].lower())
            if data is None:
                gaps.append(f"{place}: it cannot be decoded")
                continue
            inside = Path(folder, f"{number}")
            inside.write_bytes(data)
            inspection = inspector.inspect(inside)
            traces += [trace.within(place) for trace in inspection.traces]
            gaps += [f"{place}: {reason}" for reason in inspection.unread]
            if not (inspection.inspected or inspection.unread):
                gaps.append(f"{place}: files of this kind are not looked into")
    return traces, gaps


def _decoded(body: str, *, coded: bool) -> bytes | None:
    data = unquote_to_bytes(body)
    if not coded:
        return data
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
