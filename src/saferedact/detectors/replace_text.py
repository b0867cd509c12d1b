"""Replace what identifies somebody in a text by placeholders that say nothing but its kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from saferedact.casefile import CaseFile
from saferedact.detectors.base import TextDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.placeholders import Placeholders
from saferedact.errors import RedactionError
from saferedact.policy import Policy
from saferedact.text.normalize import says_something
from saferedact.text.offsets import MappedText
from saferedact.text.spans import TextSpan, merge

__all__ = ["RedactedText", "redact_pieces", "redact_text"]

_MOST_ROUNDS = 8
"""Looks at a redacted text for what only shows then, as a number after a removed name. Two end it in
practice; a text that still changes after eight is refused."""

_Place = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class RedactedText:
    """A text without identities.

    Parameters
    ----------
    pieces : list of str
        The new pieces.
    spans : list of TextSpan
        What was replaced, in code points of the text that was given; none overlapping.
    """

    pieces: list[str]
    spans: list[TextSpan]


def redact_text(
    text: str,
    *,
    policy: str | Path | Policy = "release",
    case: str | Path | CaseFile | None = None,
    language: str = "en",
    detectors: Sequence[TextDetector] | None = None,
) -> tuple[str, list[TextSpan]]:
    """Replace every name and identifier of a text.

    What replaces them is ``[NAME]``, ``[PHONE]`` and so on: it depends on the kind alone (and, if
    the policy asks for ``numbered``, on who it is), never on what it hides. The result is looked at
    again until nothing more is found, so that doing it twice changes nothing.

    Parameters
    ----------
    text : str
        Any text.
    policy : str or Path or Policy
        As for `find_identities`.
    case : str or Path or CaseFile or None
        As for `find_identities`.
    language : str
        ISO 639-1 code of the language that most of the text is in.
    detectors : sequence of TextDetector or None
        As for `find_identities`.

    Returns
    -------
    text : str
        The new text.
    spans : list of TextSpan
        What was replaced, in code points of the text that was given; none overlapping.

    Raises
    ------
    InputError
        If an argument is of no use.
    LimitExceededError
        If the text is longer than the policy's `max_text_chars`.
    DetectorError
        If a detector could not look.
    RedactionError
        If something is still found after many rounds.
    """
    engine = IdentityEngine.of(policy, case, language, detectors)
    engine.check(text)
    result = redact_pieces(text, [(0, len(text))], engine)
    return result.pieces[0], result.spans


def redact_pieces(text: str, places: Sequence[_Place], engine: IdentityEngine) -> RedactedText:
    """Replace every name and identifier of some pieces of a text that is read as a whole.

    Parameters
    ----------
    text : str
        The text: cells, lines or strings with what stands between them.
    places : sequence of (int, int)
        The pieces, half-open, in order, not overlapping. What lies between them is read, and stays.
    engine : IdentityEngine
        Who looks.

    Returns
    -------
    RedactedText
        Pieces in the order of `places`. An identity that reaches over several is replaced in each.

    Raises
    ------
    DetectorError
        If a detector could not look.
    RedactionError
        If something is still found after many rounds.
    """
    placeholders = Placeholders(engine.policy)
    mapped = MappedText(text, len(text))
    places = list(places)
    replaced: list[TextSpan] = []
    for _ in range(_MOST_ROUNDS):
        now = mapped.text
        found = _cut(merge(engine.find(now)), places, now)
        if not found:
            break
        for span in found:
            start, end = mapped.to_source(span.start, span.end)
            replaced.append(replace(span, start=start, end=end))
        edits = [(span.start, span.end, placeholders.write(span, now)) for span in found]
        mapped = mapped.edited(edits)
        places = _moved(places, edits)
    else:
        msg = f"names or identifiers are still found after {_MOST_ROUNDS} rounds of replacing"
        raise RedactionError(msg)
    return RedactedText([mapped.text[start:end] for start, end in places], merge(replaced))


def _cut(spans: list[TextSpan], places: Sequence[_Place], text: str) -> list[TextSpan]:
    """Cut spans at the ends of pieces; a part without a letter or digit hides nothing."""
    cut: list[TextSpan] = []
    at = 0
    for span in spans:
        while at < len(places) and places[at][1] <= span.start:
            at += 1
        for place in range(at, len(places)):  # a slice would copy all that follow, for every span
            start, end = places[place]
            if start >= span.end:
                break
            first, last = max(start, span.start), min(end, span.end)
            if first < last and says_something(text[first:last]):
                cut.append(replace(span, start=first, end=last))
    return cut


def _moved(places: Sequence[_Place], edits: Sequence[tuple[int, int, str]]) -> list[_Place]:
    """Return where the pieces are after edits, each of which lies within one of them."""
    moved: list[_Place] = []
    shift = at = 0
    for start, end in places:
        first = start + shift
        while at < len(edits) and edits[at][1] <= end:
            shift += len(edits[at][2]) - (edits[at][1] - edits[at][0])
            at += 1
        moved.append((first, end + shift))
    return moved
