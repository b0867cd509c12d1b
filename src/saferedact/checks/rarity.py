"""Descriptions that fit few people (JG-05): the only one, the first one, a rare post, a tiny place.

They count where they are about somebody: a way that is the only one into a village is none. Who is accused
or speaks for an office is named anyway; a sentence about them alone does not count. What lists of words do not know is
found as a language network reads it (`identifying`); that was taught the difference.
"""

import re
from collections.abc import Iterator
from itertools import islice

from saferedact.checks.base import Context, Hit, Place, trigger
from saferedact.checks.identifying import described
from saferedact.checks.sentences import Sentence, sentences_of

__all__: list[str] = []

_PARTLY = "some descriptions that few people fit pass: a person must read the text"
"""Figures are in docs/accuracy.md."""

_FEW_FIT = "few people fit this description"

_FEW = 2_000
"""People in a place below which anybody there can be told by little; the rule base's figure."""

_SOMEBODY = (
    r"(?:girl|boy|child|pupil|student|schoolgirl|schoolboy|teenager|woman|man|mother|father|mum|dad|parent|"
    r"daughter|son|sister|brother|widow(?:er)?|pensioner|doctor|gp|nurse|midwife|dentist|vet|teacher|solicitor|"
    r"farmer|fisherman|firefighter|paramedic|officer|vicar|priest|imam|rabbi|survivor|witness|passenger|victim|"
    r"complainant|resident|tenant|employee|worker|apprentice|trainee|member|player|goalkeeper|swimmer|rider|jockey|"
    r"pilot|driver|shopkeeper|publican|family|couple|household|person|patient|cellist|harpist|organist|dancer)s?"
)
_KIND = r"(?:[\w'-]+ ){0,3}?"
_NOT_HIM = r"(?!(?:[\w'-]+ ){0,2}(?:suspect|defendant|accused|offender|arrest|charge)s?\b)"

_RARE = re.compile(
    # the only one, one of few
    rf"\bthe only {_NOT_HIM}{_KIND}{_SOMEBODY}\b(?! (?:arrested|charged|to be (?:arrested|charged)|involved|who can))|"
    rf"\b(?:one|two|three) of (?:only|just) (?:\w+|\d+) {_NOT_HIM}{_KIND}{_SOMEBODY}\b|"
    rf"\bone of (?:two|three|a handful of) {_NOT_HIM}{_KIND}{_SOMEBODY}\b|"
    # the first, the youngest
    rf"\bthe (?:\w+'s )?(?:first|youngest|oldest|tallest|fastest|last surviving) (?:ever )?{_NOT_HIM}{_KIND}{_SOMEBODY} "
    r"(?:ever |in |to |on |at |alive)|"
    rf"\b(?:county|national|european|world|olympic|paralympic|junior|under-\d\d) (?:[\w'-]+ ){{0,3}}?"
    r"(?:champion|medallist|record[- ]holder)\b|"
    # born together
    r"\b(?:identical |non-identical )?(?:twins?|triplets?|quadruplets?) (?:sisters?|brothers?|girls?|boys?|daughters?|"
    r"sons?|babies)\b|\b(?:her|his|a|one of) (?:identical )?(?:twins?|triplets?|quads)\b(?![- ](?:track|engine\w*|"
    r"town|bed|beds|room|cab|axle|tower\w*|carriageway))|\b(?:mother|father|mum|dad|parents?) of (?:\w+ )?(?:twins|triplets|"
    r"quadruplets)\b",
    re.IGNORECASE,
)
"""Few of a kind, of people only."""

_POST = re.compile(
    r"\b(?i:head ?(?:teacher|master|mistress)|head ?(?:boy|girl)|deputy head|vicar|priest|imam|rabbi|mayor|mayoress|"
    r"postmaster|postmistress|landlord|landlady|publican|gp|doctor|coach|captain|conductor|lead singer|lollipop "
    r"(?:man|lady|woman)|choirmaster|scout leader|church ?warden|harbour ?master|signalman|caretaker) (?:of|at|in) "
    r"(?:the |a )?(?=[A-Z]|(?:\w+ )?(?:village|school|church|pub|parish|surgery|choir|team|club)\b)",
)
"""A post that one person at a time has, with its place; not said of a post without its place."""

_TINY = re.compile(
    r"\b(?i:tiny|small|remote|little|isolated|close-knit) (?:\w+ )?(?:village|hamlet|island|settlement|community)\b|"
    r"\b(?i:in|of|from|at) (?:the |a )?(?:\w+ )?(?:hamlet|crofting township)\b|"
    r"\b(?:hamlet|isle) of [A-Z]|\b(?i:islanders?)\b",
)
_PEOPLE = re.compile(
    r"\b(?:population (?:of|is)|home to|community of|village of|island of|hamlet of)\s+(?:about |around |just |only |"
    r"under |fewer than |some )?(\d{1,3}(?:,\d{3})+|\d{2,6})\b(?: (?:people|residents|souls|inhabitants|households))?",
    re.IGNORECASE,
)
_CLUB_AND_AGE = re.compile(
    r"\b(?:plays?|played|swims?|swam|sings?|sang|dances?|rows?|rides?|trains?|competes?|boxes|runs?|member|captain|"
    r"goalkeeper|cadet)\b[^.]{0,30}\b(?:[A-Z][\w'-]+ ){1,4}(?:FC|RFC|CC|AFC|United|Rovers|Harriers|Club|Choir|Band|"
    r"Orchestra|Cadets|Scouts|Guides|Brownies|Academy|Juniors|Colts|Swimmers|Majorettes)\b",
)
_AGE = re.compile(
    r"\b\d{1,2}[- ]year[- ]olds?\b|\baged? \d{1,2}\b|\bunder-\d{1,2}s?\b", re.IGNORECASE
)

_SOMEBODY_AT_ALL = re.compile(
    rf"\b(?:{_SOMEBODY}|she|he|her|his|they|their|who|aged?|people|residents?)\b", re.IGNORECASE
)
_OFFICIAL = re.compile(
    r"\b(?:said|says|added|told|thanked|welcomed|commented|explained|urged|appealed)\b",
    re.IGNORECASE,
)


@trigger("JG-05", "text", helped_by=("describer",), partly=_PARTLY)
def _rare(context: Context) -> Iterator[Hit]:
    for found in described(context, "JG-05", list(_listed(context))):
        yield found if isinstance(found, Hit) else Hit(_FEW_FIT, (found,))
    yield from _small_places_of_case(context)


def _listed(context: Context) -> Iterator[Hit]:
    """Find descriptions by lists of words."""
    for place, position in context.texts():
        segment = place.segment
        if segment is None or segment.origin == "ocr":
            continue
        for sentence in sentences_of(segment.text):
            named = _names_somebody(context, place, position, sentence)
            for what, start, end in islice(_told(sentence, named=named), 1):
                spot = Place(place.material, segment, sentence.start + start, sentence.start + end)
                yield Hit(what, (spot,))


def _told(sentence: Sentence, *, named: bool) -> Iterator[tuple[str, int, int]]:
    """Yield the descriptions in a sentence that few people fit, the surest first."""
    text = sentence.text
    if match := _RARE.search(text):
        yield _FEW_FIT, *match.span()
    if not named and (match := _POST.search(text)):
        yield "one person has this post", *match.span()
    if not _SOMEBODY_AT_ALL.search(text) or (named and _OFFICIAL.search(text)):
        return
    for match in _PEOPLE.finditer(text):
        if int(match[1].replace(",", "")) < _FEW:
            yield "few people live in this place", *match.span()
    if match := _TINY.search(text):
        yield "few people live in this place", *match.span()
    if _AGE.search(text) and (match := _CLUB_AND_AGE.search(text)):
        yield "a club and an age together fit few people", *match.span()


def _names_somebody(context: Context, place: Place, position: int, sentence: Sentence) -> bool:
    """Tell whether a sentence names somebody whom nobody protects: whoever speaks for an office."""
    end = sentence.start + len(sentence.text)
    for mention in context.mentions.get((place.material.id, position), ()):
        if mention.label == "name" and sentence.start <= mention.start < end:
            person = context.person(mention.ref)
            if person is None or person.may_publish("name"):
                return True
    return False


def _small_places_of_case(context: Context) -> Iterator[Hit]:
    """Find the villages that the case file lists for protected people."""
    for person in context.case.people if context.case else ():
        village = person.quasi_identifiers.get("village")
        if not village or person.is_accused or person.may_publish("name"):
            continue
        loose = re.escape(str(village)).replace(r"\ ", r"[\s-]+")
        pattern = re.compile(rf"(?<!\w){loose}(?!\w)", re.IGNORECASE)
        for place, _ in context.texts():
            for match in pattern.finditer(place.segment.text if place.segment else ""):
                spot = Place(place.material, place.segment, match.start(), match.end())
                text = "a small place that the case file lists for a protected person"
                yield Hit(text, (spot,), person=person.ref)
