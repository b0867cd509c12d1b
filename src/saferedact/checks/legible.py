"""What can be read off screens, forms, cards and pages in pictures (ID-10).

What something is told by its own words: a form has headings, a chat has its times and ticks, an identity
card says that it is one. What other pictures show a language network tells from posters, signs and packages
(`identifying`); without one, much text counts unless it is written for the public. Pages of a PDF are what is published, so much text there is
nothing; a card or a password on one of them is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from saferedact.checks.base import Context, Hit, Judge, Place, trigger
from saferedact.checks.identifying import legible, picture_texts
from saferedact.checks.material import Material, Segment

__all__: list[str] = []

_PARTLY = "some screens, forms, cards and notes pass: a person must look"
"""Figures are in docs/accuracy.md."""

_LEGIBLE_WORDS = 25
"""Words read in one picture from which it is called a page or screen where no network reads it: a shop front has
fewer."""

_Lines = Sequence[Segment]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Something to read, and the words by which it is known.

    Parameters
    ----------
    what : str
        What is told.
    heading : re.Pattern
        Words that only it has: enough beside one of `signs`.
    signs : re.Pattern or None
        Words that other things have too; None where the heading is enough.
    least : int
        Different signs that are enough without a heading.
    on_pages : bool
        Whether it counts on a page of a PDF as well.
    """

    what: str
    heading: re.Pattern[str]
    signs: re.Pattern[str] | None
    least: int = 3
    on_pages: bool = False


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_KINDS = (
    _Kind(
        "a password or a code for access is legible",
        _words(
            r"\b(?:pass ?word|pass ?code|wi-?fi (?:key|code)|door code|alarm code|key ?safe code|PIN)"
            r"(?: (?:no|number|is))?\s*[:=-]?\s*(?=\S*\d)[^\s:=-]{3,}"
        ),
        None,
        on_pages=True,
    ),
    _Kind(
        "an identity card, licence or passport is legible",
        _words(
            r"\b(?:driving licence|identity card|passport|warrant card|residence permit|bus pass"
            r"|citizen ?card|(?:staff|student) (?:id|card))\b"
        ),
        _words(
            r"\b(?:valid (?:until|from)|expir(?:y|es)|date of (?:birth|issue|expiry)|nationality|surname"
            r"|given names?|forenames?|(?:card|licence|staff|student|passport) (?:no|number)|holder"
            r"|place of birth|DVLA|DVA)\b"
        ),
        on_pages=True,
    ),
    _Kind(
        "a form or a page of a case file is legible",
        _words(
            r"\b(?:witness statement|MG ?(?:3|5|6|11|15)|custody record|crime report|incident log"
            r"|exhibit (?:label|list)|pocket ?(?:note)?book|charge sheet|medical (?:record|note)s?"
            r"|care plan|official[- ]sensitive|record of interview|disclosure schedule)\b"
        ),
        _words(
            r"\b(?:d\.?o\.?b\b|date of birth|occupation|surname|forenames?|next of kin|signed|signature"
            r"|witnessed by|statement of|exhibit (?:no|ref)|URN|CAD|OIC|collar no|NHS (?:no|number)"
            r"|diagnosis|allergies|hospital no|patient|name|address|telephone|date)\b"
        ),
        least=4,
    ),
    _Kind(
        "a screen with messages is legible",
        _words(
            r"\b(?:inbox \(?\d|whatsapp|type a message|last seen (?:today|yesterday|at)|is typing|reply all)"
        ),
        _words(
            r"\b(?:subject|from|to|cc|sent):|\b(?:inbox|drafts|outbox|delivered|read \d\d?:\d\d|online"
            r"|reply|forward|unread)\b|\b\d{1,2}:\d{2}\b"
        ),
    ),
    _Kind(
        "a screen of a program is legible",
        _words(
            r"\b(?:PNC|Niche(?: RMS)?|STORM|Athena|PND|HOLMES) (?:search|record|enquiry|nominal|log)\b"
            r"|\bfile\W+edit\W+view\b"
        ),
        _words(
            r"\b(?:file|edit|view|search|log ?(?:in|out|off)|user ?name|save|cancel|print|settings"
            r"|results|record \d+ of \d+|nominal|help|tools|window|page \d+ of \d+)\b"
        ),
        least=4,
    ),
)
"""What can be told by its words, the worst first."""

_FOR_THE_PUBLIC = re.compile(
    r"\b(?:appeal|crimestoppers|call (?:us )?(?:on )?(?:101|999)|missing person|wanted|police\.uk|witness(?:es)? "
    r"(?:appeal|wanted)|have you seen|do you (?:know|recognise)|information\?|reward|join us|open day|"
    r"report it|stay safe|www\.|gov\.uk|follow us|scan (?:me|the code|here))|#\w{3,}|(?<!\w)@\w{3,}",
    re.IGNORECASE,
)
"""Words of what is made to be read by everyone: posters, title cards, captions."""


@trigger("ID-10", "pictures", "ocr", helped_by=("describer",), partly=_PARTLY)
def _pages(context: Context) -> Iterator[Hit]:
    judge = context.judges.identifying
    for material in context.current:
        on_page = material.kind == "pdf"
        others = []
        for lines in _read_lines(material).values():
            what = _what(lines, on_page=on_page)
            if what is not None:
                yield Hit(what, (Place(material, _longest(lines)),))
            elif not on_page:
                others.append(lines)
        for page in _with_much(others) if judge is None else _believed(judge, others):
            what = "a picture holds legible text of a page, a notebook, a card or a screen"
            yield Hit(what, (Place(material, _longest(page)),))
        codes = tuple(Place(material, sight=s) for s in material.sights if s.label == "code")
        if codes:
            yield Hit("a bar code or QR code is visible", codes)


def _read_lines(material: Material) -> dict[tuple[int | None, str], list[Segment]]:
    """Return the lines that were read in each frame, page or picture, each once."""
    lines: dict[tuple[int | None, str], list[Segment]] = defaultdict(list)
    for segment in material.segments:
        if segment.origin == "ocr" and not segment.joined:
            lines[segment.frame, segment.part].append(segment)
    return lines


def _what(lines: Iterable[Segment], *, on_page: bool) -> str | None:
    """Tell what a picture with these lines shows by words of its own; None if there are none."""
    text = _text(lines)
    public = _FOR_THE_PUBLIC.search(text) is not None
    for kind in _KINDS:
        if (kind.on_pages or not on_page) and _is(kind, text, public=public):
            return kind.what
    return None


def _with_much(pictures: Iterable[_Lines]) -> Iterator[_Lines]:
    """Yield the pictures with much text that is not written for the public."""
    for lines in pictures:
        text = _text(lines)
        if len(text.split()) >= _LEGIBLE_WORDS and not _FOR_THE_PUBLIC.search(text):
            yield lines


def _believed(judge: Judge, pictures: Sequence[_Lines]) -> Iterator[_Lines]:
    """Yield the pictures of which the network believes that a part is not for the public."""
    parts = [picture_texts([line.text for line in lines]) for lines in pictures]
    told = legible(judge, {text for texts in parts for text in texts})
    for lines, texts in zip(pictures, parts, strict=True):
        if not told.isdisjoint(texts):
            yield lines


def _text(lines: Iterable[Segment]) -> str:
    return "\n".join(line.text for line in lines)


def _is(kind: _Kind, text: str, *, public: bool) -> bool:
    heading = kind.heading.search(text)
    if kind.signs is None:
        return heading is not None
    rest = text if heading is None else text[: heading.start()] + text[heading.end() :]
    signs = {match[0].casefold() for match in kind.signs.finditer(rest)}
    if heading is not None:
        return bool(signs)
    return len(signs) >= kind.least and not public


def _longest(lines: Iterable[Segment]) -> Segment:
    return max(lines, key=lambda line: len(line.text))
