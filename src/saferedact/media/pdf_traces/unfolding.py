"""How often forms paint forms: counted before an engine unfolds them, which doubles at each level."""

import re
from collections import Counter
from typing import Any

from saferedact.errors import LimitExceededError

__all__ = ["check_unfolding", "painted_names"]

_MOST_PAINTED = 100_000
"""Forms that one page paints, forms in forms counted as often as they are painted. Maps have thousands."""

_PAINT = re.compile(rb"/([^\s/\[\]<>(){}%]+)\s+Do\b")


def painted_names(data: bytes) -> "Counter[str]":
    """Return how often content paints each name."""
    return Counter("/" + name.decode("latin-1") for name in _PAINT.findall(data))


def check_unfolding(contents: list[tuple[Any, bytes]]) -> None:
    """Refuse pages whose forms paint each other, or more forms than a page has.

    Parameters
    ----------
    contents : list of (resources, data)
        Resources and content of each page.

    Raises
    ------
    LimitExceededError
        If they do.
    """
    known: dict[tuple[int, int], int] = {}
    for resources, data in contents:
        _count(resources, data, known, ())


def _count(
    resources: Any,
    data: bytes,
    known: dict[tuple[int, int], int],
    above: tuple[tuple[int, int], ...],
) -> int:
    import pikepdf

    forms = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(forms, pikepdf.Dictionary):
        return 1
    total = 1
    for name, times in painted_names(data).items():
        form = forms.get(name)
        if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != pikepdf.Name.Form:
            continue
        key = form.objgen
        if key in above or len(above) > 30:  # writers nest fewer than ten
            msg = "forms of the PDF paint each other without end"
            raise LimitExceededError(msg)
        if key not in known:
            try:
                inner = bytes(form.read_bytes())
            except pikepdf.PdfError:
                inner = b""
            known[key] = _count(form.get("/Resources", resources), inner, known, (*above, key))
        total += times * known[key]
        if total > _MOST_PAINTED:
            msg = f"a page of the PDF paints more than {_MOST_PAINTED} forms"
            raise LimitExceededError(msg)
    return total
