"""Spans of a text: what one recogniser saw, the union of several, and cover without overlap."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from saferedact.errors import InputError

__all__ = ["TextSpan", "merge", "union"]


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """A stretch of a text that names or identifies somebody. It holds no text.

    Parameters
    ----------
    start, end : int
        Code points of the source text, half-open.
    label : str
        Label of the policy: ``"name"``, ``"identifier"`` or ``"plate"``.
    kind : str
        What exactly, as ``"person"``, ``"nhs"`` or ``"postcode"``.
    score : float
        Confidence, 0 to 1.
    source : str
        The recogniser that saw it.
    person_ref : str or None
        Who it is, as a reference of the case file; never a name.

    Raises
    ------
    InputError
        If the stretch is empty or begins before the text, or `score` is not within 0 to 1.
    """

    start: int
    end: int
    label: str
    kind: str
    score: float
    source: str
    person_ref: str | None = None

    def __post_init__(self) -> None:
        """Check that the stretch and the score are possible."""
        if not 0 <= self.start < self.end:
            msg = f"a span must have 0 <= start < end, but got {self.start} and {self.end}"
            raise InputError(msg)
        if not 0 <= self.score <= 1:  # NaN fails too
            msg = "score must be finite and within 0 to 1"
            raise InputError(msg)


def union(spans: Iterable[TextSpan]) -> list[TextSpan]:
    """Join what several recognisers saw; nothing vetoes.

    Spans of one label, kind and person that share a code point become their hull, with the best
    score and the source of the span that has it. Spans of different labels, kinds or persons stay
    apart and may overlap.

    Parameters
    ----------
    spans : iterable of TextSpan
        In any order.

    Returns
    -------
    list of TextSpan
        Sorted by start. Every code point of the input is covered; doing it twice changes nothing.
    """
    groups: dict[tuple[str, str, str | None], list[TextSpan]] = {}
    for span in spans:
        groups.setdefault((span.label, span.kind, span.person_ref), []).append(span)
    joined: list[TextSpan] = []
    for group in groups.values():
        joined += [_hull(cluster, _surest(cluster)) for cluster in _clusters(group)]
    return sorted(joined, key=_position)


def merge(spans: Iterable[TextSpan]) -> list[TextSpan]:
    """Cover the same code points with spans that do not overlap.

    Spans that share a code point become their hull. It is called after its longest span (of equal
    ones the surest); its score is the best one, and it has a `person_ref` only if its spans speak
    of one person.

    Parameters
    ----------
    spans : iterable of TextSpan
        In any order.

    Returns
    -------
    list of TextSpan
        Sorted by start, none overlapping; doing it twice changes nothing.
    """
    return [_hull(cluster, _longest(cluster)) for cluster in _clusters(spans)]


def _position(span: TextSpan) -> tuple[int, int, str, str, str]:
    return (span.start, span.end, span.label, span.kind, span.person_ref or "")


def _clusters(spans: Iterable[TextSpan]) -> list[list[TextSpan]]:
    """Group spans that share code points, directly or through others."""
    clusters: list[list[TextSpan]] = []
    end = -1
    for span in sorted(spans, key=_position):
        if clusters and span.start < end:
            clusters[-1].append(span)
            end = max(end, span.end)
        else:
            clusters.append([span])
            end = span.end
    return clusters


def _surest(cluster: list[TextSpan]) -> TextSpan:
    return max(cluster, key=lambda span: (span.score, span.end - span.start, span.source))


def _longest(cluster: list[TextSpan]) -> TextSpan:
    return max(cluster, key=lambda span: (span.end - span.start, span.score, span.label, span.kind))


def _hull(cluster: list[TextSpan], named_after: TextSpan) -> TextSpan:
    if len(cluster) == 1:
        return named_after
    people = {span.person_ref for span in cluster} - {None}
    return replace(
        named_after,
        start=min(span.start for span in cluster),
        end=max(span.end for span in cluster),
        score=max(span.score for span in cluster),
        person_ref=people.pop() if len(people) == 1 else None,
    )
