"""Schools and places of work beside names: where "Priya Nair of Westbury Infirmary" is divided.

The rule for a place of work takes the capitals before it, and cannot tell a person's from its own. When
all names are known, they can be taken out: what is left is the place, and the name is a name.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from saferedact.text.not_names import is_title
from saferedact.text.spans import TextSpan

__all__ = ["divided_at_names"]

_PLACES = frozenset({"school", "workplace"})

_BETWEEN = re.compile(r"[ ](?:of|at|and|from|with|for)[ ](?:the[ ])?(?=\w[^\n]*[ ]\w)")
"""What parts a person from a place of two words or more: "Hall and Sons" is one name of a company."""

_WORD = re.compile(r"[^\W_]+")
_JOINING = frozenset({"and", "of", "the", "at", "for", "from", "with"})

_LONGEST = 200  # code points; no find of a place of work reaches further back


def divided_at_names(text: str, spans: Iterable[TextSpan], *, least: float) -> list[TextSpan]:
    """Take people's names out of the finds of schools and places of work.

    Parameters
    ----------
    text : str
        The text of the spans' positions.
    spans : iterable of TextSpan
        All finds.
    least : float
        Score from which a name is one: what is less sure stays covered by the place.

    Returns
    -------
    list of TextSpan
        All other spans as they are. Of a divided find, only words that join the parts are covered no
        more.
    """
    known = list(spans)
    names = sorted(span for span in known if span.kind == "person" and span.score >= least)
    starts = [name.start for name in names]
    divided: list[TextSpan] = []
    for span in known:
        if span.kind not in _PLACES or span.person_ref is not None:
            divided.append(span)
            continue
        first = bisect_right(starts, span.start - _LONGEST)
        last = bisect_right(starts, span.end)
        divided += _parts(text, span, names[first:last])
    return divided


def _parts(text: str, span: TextSpan, names: Iterable[TextSpan]) -> Iterator[TextSpan]:
    start = span.start
    for name in names:
        after = _BETWEEN.match(text, name.end, span.end)
        if name.end <= start or after is None:
            continue
        if name.start > start:
            yield from _trimmed(text, replace(span, start=start, end=name.start))
        start = after.end()
    yield replace(span, start=start)


def _trimmed(text: str, span: TextSpan) -> Iterator[TextSpan]:
    """Yield what is left before a name without joining words and titles at its ends, if anything."""
    words = [
        word
        for word in _WORD.finditer(text, span.start, span.end)
        if word[0].lower() not in _JOINING and not is_title(word[0])
    ]
    if words:
        yield replace(span, start=words[0].start(), end=words[-1].end())
