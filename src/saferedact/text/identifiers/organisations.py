"""Schools and places of work: by their last word, by the word before them, and by fields of forms."""

import re
from collections.abc import Iterable, Iterator, Mapping

from saferedact.text.identifiers.place import NAME_BACK
from saferedact.text.identifiers.words import Places, matches_at
from saferedact.text.spans import TextSpan

__all__ = ["ORGANISATION_WORDS", "find_organisations"]

_REACH = 90

_SCHOOL = (
    r"School|Academy|College|Nursery|Sixth Form|Primary|Infants?|Juniors?|High|Grammar|Preschool|Pre-school"
    r"|Kindergarten|University"
)
_WORK = (
    r"Solicitors|Ltd|Limited|LLP|PLC|plc|Hospital|Infirmary|Medical Centre|Health Centre|Surgery|Foodbank"
    r"|Food Bank|Care Home|Nursing Home|Clinic|Hotel|Inn|Arms|Church|Mosque|Temple|Gurdwara|Synagogue|Garage"
    r"|Salon|Barbers|[Dd]epot|[Ww]arehouse|[Ss]ervices|Pharmacy|Library|Leisure Centre|Community Centre|Social Club|FC|Football Club|Rugby Club|Choir"
    r"|Hospice|Supermarket|Takeaway|Bakery|Cafe|Nurseries|Trust|Charity|Associates|Taxis|Cabs|Nail Bar|Motors"
    r"|Fish Bar|Restaurant|Pizza|Gym|Stores|Builders|Plumbing|Roofing|Electrical|Logistics|Transport|Haulage|Security|Cleaning"
    r"|Catering|Dental Practice|Dental|Practice|Vets|Opticians|Post Office|Construction|Scaffolding|Recruitment|& Sons|and Sons|& Co"
)
_NO_NAME = (
    r"(?:the|a|an|my|his|her|our|your|their|this|that|some|any|no|same|new|old|other|another|own|whole|every|each|last|first|one|local"
    r"|big|little|special|private|public|state|boarding|secondary|primary|infant|junior|high|middle|nursery|grammar|sunday|day|night|after"
    r"|before|mental|general|children's|childrens|cottage|teaching|royal|to|at|in|from|of|off|for|with|and|or|but|about|near|when|while"
    r"|went|go|goes|going|left|leave|leaves|start|starts|started|finish|finished|got|get|back|was|is|were|been|be|he|she|they|we|i|you|it)"
)
_NAME_SPOKEN = re.compile(
    rf"(?<![^\W_])(?:at|from|in|near|outside|to|attends?|attended|of)[ ](?P<id>(?:the[ ])?(?:(?!{_NO_NAME}[ ])[a-z][a-z']+[ ]){{1,3}})$"
)
"""A name in small letters before the word for a school or an inn: "from the bell inn"."""

_SPOKEN_SCHOOLS = frozenset(
    "school academy college nursery primary infants juniors uni university".split()
)

_ORGANISATION = re.compile(
    r"[ ](?=[A-Z&]|plc|depot|warehouse|services|and Sons)"
    rf"(?:(?P<school>{_SCHOOL}|{_SCHOOL.upper()})|(?P<work>{_WORK}|{_WORK.upper()}))(?!\w)"
)
"""With the blank before it, without which there is no name: a matcher looks for blanks fastest."""

_BRANCH_TOWN = re.compile(
    r"[ ](?:[Dd]epot|[Ww]arehouse)[ ](?:in|at|on)[ ][A-Z][\w'\-]+(?:[ ][A-Z][\w'\-]+)?"
)
"""Of a depot the town is part of the name: "the Amazon depot in Rugeley"."""

_MORE_SCHOOL = re.compile(rf"(?:[ ](?:{_SCHOOL}|for (?:Girls|Boys))){{0,3}}")
_WELSH_PLACE = re.compile(
    r"(?<!\w)(?P<kind>Ysgol|Ysbyty|Coleg|Prifysgol|Meddygfa)(?:[ ](?:y|yr|[A-Z][\w'\-]*)){1,4}"
)
_EMPLOYER = re.compile(
    r"(?<!\w)(?i:works?|working|worked|employed|job|shifts?|drives?|delivers?|cleans?|gweithio|studies|studying|teaches)[ ](?:[a-z]+[ ]){0,4}?(?i:at|for|by|in|yn|i)[ ](?:the[ ])?"
    r"(?P<id>[A-Z][\w'&.\-]*(?:(?<!\w{4}\.)[ ](?:[A-Z&][\w'&.\-]*|of|and|in|on|depot|branch|store)){0,5}(?<![ ](?:of|on|in))(?<![ ]and)(?<!\.))"
)
_OCCUPATION = re.compile(
    r"(?<!\w)(?i:manager|chef|cook|nurse|teacher|driver|cleaner|porter|assistant|receptionist|clerk|worker|carer|wait(?:er|ress)"
    r"|bar ?(?:man|maid|tender)|mechanic|guard|supervisor|cashier|apprentice|shift|job|trainee|colleagues?|staff|employee|landlord|landlady|owner"
    r"|director|head ?teacher|pupil|student)[ ](?i:at|for|with|from|of)[ ]"
    r"(?:the[ ])?(?P<id>[A-Z][\w'&.\-]*(?:(?<!\w{4}\.)[ ](?:[A-Z&][\w'&.\-]*|of|and|in)){0,5}(?<![ ](?:of|in))(?<![ ]and)(?<!\.))"
)
_EMPLOYER_SPOKEN = re.compile(
    r"(?<!\w)(?:works?|working|worked|shifts?|nights|days)[ ](?:(?!at |for )[a-z]+[ ]){0,4}?(?:at|for)[ ](?:the[ ])?(?P<id>(?!(?:the|a|an|his|her|my|our|their|it|home|night|nights"
    r"|least|all|that|this|you|me|us|them|him|times|work|what|which|once|first|last|about|as|some|any|school|college)\b)[a-z][\w']{2,}"
    r"(?:[ ](?:(?:and|&|of)[ ][a-z]\w+|(?!(?:in|on|at|by|for|of|and|to|so|but|or|with|now|then|when|who|which|that|is|was|as|if|near|from)\b)[a-z]\w+))?)"
)
_EMPLOYER_FIELD = re.compile(
    r"(?:^|(?<=[ \t]{2})|(?<=\|)|(?<=\| ))(?i:employer|workplace|place of work|occupation|employed by|cyflogwr)[ \t]*:[ \t]*(?P<id>[^\n,;]{2,60}?)(?=[ \t]{2}|[\n,;.]|$)",
    re.MULTILINE,
)
_SCHOOL_FIELD = re.compile(
    r"(?:^|(?<=[ \t]{2})|(?<=\|)|(?<=\| ))(?i:school|college|nursery|university|ysgol)[ \t]*:[ \t]*(?P<id>[^\n,;]{2,60}?)(?=[ \t]{2}|[\n,;.]|$)",
    re.MULTILINE,
)


def find_organisations(text: str, places: Mapping[str, Places]) -> Iterator[TextSpan]:
    """Find schools and places of work by their last word, or by the word before them.

    Parameters
    ----------
    text : str
        Normalised text.
    places : mapping
        Where the words of `ORGANISATION_WORDS` are.

    Yields
    ------
    TextSpan
        Of kind ``"school"`` or ``"workplace"``.
    """
    for match in _ORGANISATION.finditer(text):
        before = max(0, match.start() + 1 - _REACH)
        name = NAME_BACK.search(text[before : match.start() + 1])
        if name is None:
            continue
        end = match.end()
        more = _MORE_SCHOOL.match(text, end)
        if match["school"] and more is not None:
            end = more.end()
        branch = _BRANCH_TOWN.match(text, match.start())
        if branch is not None:
            end = branch.end()
        yield _place(before + name.start(), end, "school" if match["school"] else "workplace", 0.6)
    for start, end in places["spoken-place"]:
        name = _NAME_SPOKEN.search(text, max(0, start - _REACH), start)
        if name is not None and text[start:end].islower():
            kind = "school" if text[start:end] in _SPOKEN_SCHOOLS else "workplace"
            yield _place(name.start("id"), end, kind, 0.4)
    for match in matches_at(text, _WELSH_PLACE, places["welsh-place"]):
        kind = "school" if match["kind"] in {"Ysgol", "Coleg", "Prifysgol"} else "workplace"
        yield _place(match.start(), match.end(), kind, 0.7)
    for group, regex, kind in (
        ("work", _EMPLOYER, "workplace"),
        ("occupation", _OCCUPATION, "workplace"),
        ("work", _EMPLOYER_SPOKEN, "workplace"),
        ("employer-field", _EMPLOYER_FIELD, "workplace"),
        ("school-field", _SCHOOL_FIELD, "school"),
    ):
        for match in matches_at(text, regex, places[group]):
            score = 0.4 if regex is _EMPLOYER_SPOKEN else 0.6
            yield _place(match.start("id"), match.end("id"), kind, score)


ORGANISATION_WORDS: dict[str, Iterable[str]] = {
    "welsh-place": "ysgol ysbyty coleg prifysgol meddygfa".split(),
    "spoken-place": (
        "inn arms hotel school academy college nursery primary infants juniors uni university hospital infirmary "
        "hospice surgery church mosque temple pharmacy clinic"
    ).split(),
    "work": (
        "work works working worked employed job shift shifts drive drives deliver delivers clean cleans gweithio nights days "
        "studies studying teaches"
    ).split(),
    "occupation": (
        "manager chef cook nurse teacher driver cleaner porter assistant receptionist clerk worker carer waiter "
        "waitress bar barman barmaid bartender mechanic guard supervisor cashier apprentice shift job trainee "
        "colleague colleagues staff employee landlord landlady owner director head headteacher pupil student"
    ).split(),
    "employer-field": "employer workplace place occupation employed cyflogwr".split(),
    "school-field": "school college nursery university ysgol".split(),
}
"""Words that the rules for organisations begin with, by group: they are looked for where these are."""


def _place(start: int, end: int, kind: str, score: float) -> TextSpan:
    return TextSpan(start, end, "identifier", kind, score, "identifiers")
