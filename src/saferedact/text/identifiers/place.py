"""Places: postcodes, addresses, coordinates."""

import re
from collections.abc import Iterable, Iterator, Mapping

from saferedact.text.identifiers.recogniser import MANY_DIGITS, Recogniser, cue, pattern
from saferedact.text.identifiers.words import Places, matches_at
from saferedact.text.spans import TextSpan

__all__ = ["ADDRESS_WORDS", "NAME_BACK", "PLACE", "PLACE_WITHOUT_DIGITS", "find_addresses"]

_INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"
_POSTCODE = (
    rf"(?:GIR[ ]?0AA|(?:[A-PR-UWYZ]\d{{1,2}}|[A-PR-UWYZ][A-HK-Y]\d{{1,2}}|[A-PR-UWYZ]\d[A-HJKPSTUW]"
    rf"|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY])[ \t]{{0,2}}\n?{_INWARD})"
)
_POSTCODE_SOURCE = "Royal Mail PAF; BS 7666: six forms and GIR 0AA"

PLACE: tuple[Recogniser, ...] = (
    Recogniser(
        "postcode", pattern(_POSTCODE, any_case=False), score=0.85, reference=_POSTCODE_SOURCE
    ),
    Recogniser(
        "postcode",
        pattern(_POSTCODE),
        score=0.6,
        cued=0.9,
        cue=cue(r"post ?code|address|addr|lives?|street|road"),
        reference=_POSTCODE_SOURCE,
    ),
    Recogniser(
        "postcode",  # read with errors in the digits and letters of the inward part
        pattern(r"[A-PR-UWYZ][A-HK-Y]?[\dOISBZ]{1,2}[ ]?[\dOISBZ][A-Z0158]{2}", any_case=False),
        score=0.36,
        cued=0.7,
        cue=cue(r"post ?code|address|addr|lives?|street|road"),
        accept=lambda found: any(char.isdigit() for char in found),
        reference=_POSTCODE_SOURCE,
    ),
    Recogniser(
        "postcode",
        pattern(r"(?:post ?code)[ \t]*(?:is|area|:|=)?[ \t]*(?P<id>[A-Z]{1,2}\d{1,2}[A-Z]?)"),
        score=0.7,
        reference="The outward part after the word",
    ),
    Recogniser(
        "lat-long",
        digits=MANY_DIGITS,
        regex=re.compile(
            r"(?<![\w.])[+\-]?\d{1,2}\.\d{3,12}[ ]?\u00b0?[ ]?[NS]?[ \t]*[,;/ ][ \t]*[+\-]?\d{1,3}\.\d{3,12}(?:[ ]?\u00b0?[ ]?[EW](?!\w))?"
            r"|(?<![\w.])\d{1,2}[ ]?(?:\u00b0|deg)[ ]?\d{1,2}(?:\.\d+)?[ ]?(?:'|min)?[ ]?(?:\d{1,2}(?:\.\d+)?[ ]?(?:\"|''|sec)?)?[ ]?[NS]"
            r"[ ,;/]{0,3}\d{1,3}[ ]?(?:\u00b0|deg)[ ]?\d{1,2}(?:\.\d+)?[ ]?(?:'|min)?[ ]?(?:\d{1,2}(?:\.\d+)?[ ]?(?:\"|''|sec)?)?[ ]?[EW](?!\w)",
            re.IGNORECASE,
        ),
        score=0.85,
        reference="ISO 6709: degrees as decimals, or with minutes and seconds",
    ),
    Recogniser(
        "os-grid",
        pattern(
            r"[HNOST][A-HJ-Z][ ]?(?:\d{5}[ ]?\d{5}|\d{4}[ ]?\d{4}|\d{3}[ ]?\d{3}|\d{2}[ ]\d{2})",
            any_case=False,
        ),
        score=0.55,
        cued=0.9,
        cue=cue(r"grid(?: ?ref(?:erence)?)?|os(?: ?gr| ?grid)?|ngr|osgr|map ref(?:erence)?"),
        reference="Ordnance Survey, National Grid: two letters and an even number of digits",
    ),
)

_NUMBER_WORDS = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:one|a)[ ]hundred(?:[ ]and)?(?:[ ][a-z]+(?:[ \-][a-z]+)?)?|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|one|two|three|four|five|six|seven|eight|nine)"
)

PLACE_WITHOUT_DIGITS: tuple[Recogniser, ...] = (
    Recogniser(
        "what3words",
        re.compile(
            r"(?<![:\w/])/{2,3}[ ]?[a-z]{2,20}[.\u00b7][a-z]{2,20}[.\u00b7][a-z]{2,20}(?![\w/])",
            re.IGNORECASE,
        ),
        score=0.95,
        signs=("//",),
        reference="what3words: three slashes, three words, dots",
    ),
    Recogniser(
        "what3words",
        re.compile(
            r"(?<!\w)(?:what ?3 ?words?|what three words|w3w)[ \t]*(?:is|:|=|-|location|address)*[ \t]*(?P<id>[a-z]{2,20}[. ]{1,2}[a-z]{2,20}[. ]{1,2}[a-z]{2,20})(?!\w)",
            re.IGNORECASE,
        ),
        score=0.85,
        signs=("3", "three", "Three", "THREE"),
        reference="what3words after the word",
    ),
    Recogniser(
        "address",
        re.compile(
            rf"(?<![^\W_])(?:outside|opposite|behind|from|at)[ ](?P<id>(?:number|no\.?)[ ](?:{_NUMBER_WORDS}|\d{{1,4}}[a-z]?))"
            r"(?![\w/]|[.,]\d|[ -](?:in|on)[ ](?:the|a)[ ](?:list|charts?|world|country))",
            re.IGNORECASE,
        ),
        score=0.4,
        leads=frozenset({"outside", "opposite", "behind", "from", "at"}),
        reference="A house by its number alone",
    ),
)

_STREET_TYPES = (
    r"Street|St|Road|Rd|Lane|Ln|Avenue|Ave?|Close|Cl|Drive|Dr|Way|Court|Ct|Crescent|Cres|Place|Pl|Gardens?|Gdns"
    r"|Grove|Gr|Terrace|Terr?|Walk|Row|Mews|Hill|Rise|View|Green|Square|Sq|Parade|Park|Quay|Wharf|Yard|Gate"
    r"|Broadway|Embankment|Esplanade|Promenade|Boulevard|Vale|Croft|Fold|Brow|Bank|Circus|Meadows?|Wynd"
    r"|Loan|Brae|Bridge|Passage|Alley|Chase|Dene|Garth|Heights|Mead|Mount|Orchard|Causeway|Parkway|Highway|Market|End|Cottages|Buildings|Villas"
    r"|House|Lodge|Farm|Fields?|Woods?|Hall|Cross|Common|Moor|Leas?|Leys?|Ridge|Cliff|Spinney|Copse|Paddocks?|Dell"
    r"|Glade|Glebe|Nook|Holt|Hurst|Side|Top|Head|Bottom|Maltings|Mill|Foundry|Stables|Warren|Crest|Beck|Hollow|Pastures?"
    r"|Acres?|Reach|Approach|Link|Drove|Ride|Pightle|Backs?|Cottage|Point|Tower|Flats"
)
_AMBIGUOUS_TYPES = frozenset(
    (
        "st dr way court ct place pl park hill green view bank gate bridge walk row rise mount "
        "chase av cl gr market end house lodge farm field fields wood woods hall cross common "
        "moor lea leas ley leys ridge cliff copse paddock paddocks dell glade glebe nook holt "
        "hurst side top head bottom maltings mill foundry stables warren crest beck hollow "
        "pasture pastures acre acres reach approach link drove ride pightle back backs cottage "
        "point tower flats yard flat parade mead orchard heights meadow meadows passage alley "
        "square fold brow circus loan cottages buildings villas "
    ).split()
)
"""Street types that are ordinary words, titles or names too: they make an address only after a house
number."""

_STREET_WORDS = frozenset(
    word
    for kind in _STREET_TYPES.lower().split("|")
    for word in ({kind} if kind[-1] != "?" else {kind[:-1], kind[:-2]})
)
_WELSH_TYPES = tuple("Heol Hewl Ffordd Stryd L\u00f4n Rhodfa Maes Clos Cilgant Rhes".split())
_WELSH_AMBIGUOUS = tuple("Lon Teras Llys Cwrt Bryn Parc Gerddi Rhiw Trem".split())
"""Beginnings of streets in Welsh, and those that are names of people and places too: after a house number alone."""

_WELSH_STREET = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(f'{t}|{t.upper()}' for t in (*_WELSH_TYPES, *_WELSH_AMBIGUOUS))})"
    r"(?:[ ](?:yr?|Yr?|YR|[A-Z][\w'\-]*)(?!\w)){1,4}"
)
_WORD = r"(?:[A-Z][\w'\-]*|(?:of|the|de|le|la|upon|y|yr|on(?=[ ](?:Trent|Sea|Thames|Tyne|Tees|Avon|Wye|Dee|the)))(?=[ ][A-Z]))"
_HOUSE = (
    r"(?:(?:Garden|Basement|Ground Floor|First Floor|Top Floor|Upper|Lower)[ ]Flat,?[ ])?(?:(?:Flat|Apt|Apartment|Unit|Room|Suite|Plot|Fflat)[ ]?\d{0,4}[A-Za-z]?(?:/\d{1,3})?[ ]?,?[ ]{0,2}\n?)?"
    r"(?:[lIO]{0,2}\d(?:[\dlIO]{0,3}[A-Za-z]?)(?:[ ]?[\-/&][ ]?\d{1,4}[A-Za-z]?)?[ ]?,?[ ]{1,2})"
)
_NUMBERED_NAME = re.compile(
    rf"(?<![\w/.])(?:the[ ])?{_HOUSE}(?!of[ ])(?:[^\W\d_][\w'\-.]*(?<!\w{{4}}\.)[ ]{{1,2}}){{1,4}}$",
    re.IGNORECASE,
)
"""Number and name of a street. "52, of Westbury Cross" is an age and a town; a word with a stop that
is no abbreviation ends a sentence: "on 3 March. DC Field"."""

_NAMED_BEFORE = re.compile(
    r"(?<![\w'])(?:(?:Flat|Apartment|Unit|Room)[ ]\d{1,4}[A-Za-z]?,?[ ])?(?:(?:[A-Z][\w'\-]*[ ]){1,4}(?:House|Cottage|Farm|Lodge|Villa|Court|Flats?|Hall|Barn|Mill|Heights|Tower),[ ])?(?:[A-Z][\w'\-]*[ ]{1,2}){1,3}$"
)
_NO_STREET = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Police|PC|DC|Officers?|Men|Women|People"
    r"|Counts?|Charges?|Years?|Months?|Days?|Hours?|GMT|BST|UTC|AM|PM|Mr|Mrs|Ms|Miss)"
)
"""What follows a number that is no house: months, days, people, charges."""

_SPOKEN_NAME = re.compile(
    rf"(?<![^\W_])(?:(?:flat|number)[ ])?{_NUMBER_WORDS},?[ ](?:[^\W\d_]+[ ]){{1,3}}$",
    re.IGNORECASE,
)
_LIVES_BEFORE = re.compile(
    r"(?<![^\W_])(?:lives?|living|lived|stay(?:s|ing|ed)?|moved|house|flat|address|door|doors)[ ](?:is[ ])?(?:on|in|at|to|down|off|up)[ ]"
    r"(?P<name>(?:(?!(?:the|a|an|my|his|her|our|your|their|this|that|some|same|new|old|big|own|one|of|and|with)[ ])[a-z][a-z']+[ ]){1,2})$"
)
"""Where somebody lives, in small letters: "lives on beech grove"."""

_STREET_BEFORE = re.compile(
    r"(?<![^\W_])(?:on|off|down|along|up|near|at|in|of|from|onto|past|opposite)[ ]"
    r"(?P<name>(?!(?:the|a|an|my|his|her|our|your|their|this|that|some|any|same|new|old|big|own|one|of|and|with|every|each"
    r"|no|which|what|another|other|main|side|busy|quiet|dark|wrong|right|next|back|long|narrow|whole|middle|country|public"
    r"|cross|dirt|open)[ ])[a-z][a-z']+[ ](?:[a-z][a-z']+[ ])?)$"
)
"""A street in small letters without a house: "off brook street"."""

_HOUSE_NAME_BEFORE = re.compile(
    r"(?<![\w'])(?:The[ ](?:[A-Z][\w'\-]*[ ]?){1,3}|(?:[A-Z][\w'\-]*[ ]){1,2}(?:Forge|Rectory|Vicarage|Manor|Grange|Barn|Stables"
    r"|Bungalow|Chapel|Priory|Gatehouse|Granary|View|Gables|Firs|Elms|Oaks|Laurels|Orchard|Nook|Haven|Croft|Place)),[ ]$"
)
"""The name of a house before that of its street."""

NAME_BACK = re.compile(r"[A-Z][\w'.\-]*[ ](?:(?:[A-Z][\w'.\-]*|of|and|&|the)[ ]){0,5}$")
"""Capitals before the last word of a name of a house, a school or a company."""

_HOUSE_AND_TOWN = re.compile(
    r"[ ](?<=[a-z'][ ])(?:Cottage|Farm|Farmhouse|Lodge|Barn|Bungalow|Rectory|Vicarage|Grange),[ ](?:[A-Z][\w'\-]+)(?:[ ][A-Z][\w'\-]+)?"
)
_NO_TOWN = (
    r"(?:Dear|Thank|Yours|Hello|Hi|Re|Ref|Date|Tel|Email|From|To|Subject|Mr|Mrs|Ms|Miss|Dr)\b"
)
"""How the line after an address begins if it is none of it."""

_TAIL = re.compile(
    rf"(?:(?:,[ ]{{0,2}}|,?[ ]{{0,2}}\n(?![ ]{{0,2}}(?:{_NO_TOWN}|[\w' \-]{{1,40}}:)))[ ]{{0,2}}{_WORD}(?:[ \-]{_WORD}){{0,4}}"
    rf"(?=[,.;:)\n]|$|[ ](?:{_POSTCODE}|[a-z(])))"
    rf"{{0,3}}(?:,?[ ]{{0,2}}\n?[ ]{{0,2}}{_POSTCODE})?"
)
_REACH = 90


def find_addresses(text: str, places: Mapping[str, Places]) -> Iterator[TextSpan]:
    """Find postal addresses by their street: house number or name, street, then town and postcode.

    Parameters
    ----------
    text : str
        Normalised text.
    places : mapping
        Where the words of `ADDRESS_WORDS` are.

    Yields
    ------
    TextSpan
        Of kind ``"address"``, from the flat or house to the end of town or postcode.
    """
    for start, end in places["street"]:
        found = _street_start(text, start, text[start:end])
        if found is not None:
            dot = text[end : end + 1] == "."
            yield _address(text, found[0], end + dot, found[1])
    for group, regex, score in (
        ("before-address", _PREPOSITION, 0.5),
        ("address-field", _ADDRESS_FIELD, 0.8),
    ):
        for match in matches_at(text, regex, places[group]):
            yield _address(text, match.start("id"), match.end("id"), score)
    for match in _HOUSE_AND_TOWN.finditer(text):
        name = NAME_BACK.search(text, max(0, match.start() - _REACH), match.start() + 1)
        if name is not None:
            yield _address(text, name.start(), match.end(), 0.5)
    for match in _POSTCODE_AT.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        lines = _BEFORE_POSTCODE.search(before)
        if lines is not None:
            yield _address(text, match.start() - len(lines[0]), match.end(), 0.9)
    yield from _in_welsh(text, places["welsh-street"])


def _in_welsh(text: str, places: Places) -> Iterator[TextSpan]:
    """Find streets whose type comes first."""
    for match in matches_at(text, _WELSH_STREET, places):
        number = re.search(
            rf"(?<![\w/]){_HOUSE}$", text[max(0, match.start() - 40) : match.start()]
        )
        if number is None and match[0].split()[0].title() in _WELSH_AMBIGUOUS:
            continue
        start = match.start() - (len(number[0]) if number else 0)
        yield _address(text, start, match.end(), 0.8 if number else 0.55)


_PREPOSITION = re.compile(
    rf"(?<![^\W_])(?:(?i:at|of|from|near|outside|visited|address(?:[ ]is)?|lives?|no\.?|number))[ ](?:no\.?[ ]|number[ ])?"
    rf"(?P<id>{_HOUSE}(?:[Tt]he[ ])?(?!{_NO_STREET})[A-Z][\w']+(?:[ ][A-Z][\w']+){{0,3}})(?![\w])"
)
_ADDRESS_FIELD = re.compile(
    r"(?:^|(?<=[ \t]{2})|(?<=\| ))(?i:(?:home |current |bail |last known )?addr(?:ess)?|cyfeiriad|residing at|resides at)[ \t]*[:=][ \t]*"
    r"(?![A-Za-z][A-Za-z ]{1,22}:(?:[ ]|$))(?P<id>[^\n|]{5,160}?)"  # the head of the next field is no value
    r"(?=[ \t]{2}|\n|\||$)",
    re.MULTILINE,
)
_POSTCODE_AT = re.compile(rf"(?<![^\W_])(?:{_POSTCODE}|{_POSTCODE.lower()})(?![^\W_])")
_BEFORE_POSTCODE = re.compile(
    rf"(?<![\w/.]){_HOUSE}(?:[^\W\d_][\w'.\-]*(?:,[ ]?\n?|[ ]\n?|\n)[ ]?){{1,8}}$"
)


def _street_start(text: str, start: int, kind: str) -> tuple[int, float] | None:
    before = text[max(0, start - _REACH) : start]
    if not before or before[-1] not in " \n":
        return None
    for regex, score in ((_NUMBERED_NAME, 0.9), (_SPOKEN_NAME, 0.7)):
        found = regex.search(before)
        if found is not None:
            return start - len(found[0]), score
    if kind.islower():
        named = _LIVES_BEFORE.search(before)
        if named is None and kind not in _AMBIGUOUS_TYPES:
            named = _STREET_BEFORE.search(before)
        return None if named is None else (start - len(named["name"]), 0.4)
    if kind.lower() in _AMBIGUOUS_TYPES:
        return None
    found = _NAMED_BEFORE.search(before)
    if found is None:
        return None
    first = start - len(found[0])
    house = _HOUSE_NAME_BEFORE.search(text, max(0, first - _REACH), first)
    return (house.start() if house else first), 0.5


def _address(text: str, start: int, end: int, score: float) -> TextSpan:
    tail = _TAIL.match(text, end)
    if tail is not None:
        end = tail.end()
    return TextSpan(start, end, "identifier", "address", score, "identifiers")


ADDRESS_WORDS: dict[str, Iterable[str]] = {
    "street": _STREET_WORDS,
    "before-address": "at of from near outside visited address live lives no number".split(),
    "address-field": "home current bail last addr address cyfeiriad residing resides".split(),
    "welsh-street": [word.lower() for word in (*_WELSH_TYPES, *_WELSH_AMBIGUOUS)],
}
"""Words that the rules for addresses begin with, and the types of streets, by group: they are looked for
where these are."""
