"""Names by what stands beside them: titles, ranks, form fields, senders, sign-offs, introductions.

Works on names that no list holds. A cue is found by a pattern, the name is the run of capitals
(`saferedact.text.runs`) that begins where the cue ends, or ends where it begins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from saferedact.text.gazetteer import name_strength
from saferedact.text.lexicon import ORDINARY, fold
from saferedact.text.not_names import is_title, never_in_name
from saferedact.text.runs import RUN, UPPER, words_of
from saferedact.text.spans import TextSpan

__all__ = ["find_cued_names"]

SOURCE = "cues"

_I = re.IGNORECASE | re.MULTILINE

_NUMBER_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|treble)"
_COLLAR = (
    rf"(?:[ \t]+(?:no\.?[ \t]*)?(?:[A-Z]{{0,2}}\d{{2,6}}[A-Z]{{0,2}}|{_NUMBER_WORD}(?:[ \t]+{_NUMBER_WORD}){{1,6}})"
    r"(?![^\W_]))?"
)
_RANK = (
    r"(?:T/|A/|D/)?(?:PCSO|PC|WPC|DC|TDC|DS|DI|DCI|DSU|PS|SPC|CH/?INSP|SUPT|INSP|SGT|ACC|DCC|"
    r"(?:police|detective|special|temporary|acting|custody|chief|deputy|assistant|staff)"
    r"(?:[ \t]+(?:police|chief|detective))?[ \t]+"
    r"(?:constable|sergeant|sgt|inspector|insp|superintendent|supt|commissioner|support officer)|"
    r"constable|sergeant|inspector|superintendent|cwnstabl|rhingyll|arolygydd|constabl)"
)
_TITLE = (
    r"(?:mr|mrs|ms|miss|mx|mister|missus|master|dr|doctor|prof|professor|sir|dame|lady|lord|rev|reverend|"
    r"fr|father|sister|imam|rabbi|canon|judge|hhj|recorder|justice|magistrate|coroner|cllr|councillor|"
    r"major|captain|capt|lieutenant|lt|colonel|col|corporal|cpl|private|nurse|solicitor|barrister|"
    r"counsel|auntie|aunty|aunt|uncle|nana|nanna|nan|gran|grandad|grandpa|granny|grandma)"
)
_ROLE = (
    r"(?:victim|suspect|defendant|accused|complainant|aggrieved|informant|offender|nominal|witness|"
    r"detainee|detained person|prisoner|appropriate adult|interviewer|interpreter|oic|officer in (?:the )?case|"
    r"custody sgt|solicitor|social worker|teacher|foster carer|carer|landlord|tenant|occupant|driver|passenger|"
    r"officer|colleague|author|signed|reported by|recorded by|written by|prepared by|statement of|interview of|"
    r"photo(?:graph)?(?: by)?|pictured|child|mother|father|mum|dad|parent|guardian|partner|husband|wife|"
    r"ex-wife|ex-husband|ex|brother|sister|son|daughter|cousin|friend|mate|neighbour|neighbor|boyfriend|"
    r"girlfriend|fianc[eé]e?|nephew|niece|manager|owner|spokes(?:man|woman|person)|chair(?:man|woman)?|name)"
)
_INTRODUCED = (
    r"(?:(?:my|his|her|their|your|the|whose)?[ \t]*(?:full[ \t]+)?names?[ \t]*(?:is|was|'s|as|given as|of)|"
    r"names?[ \t]+(?:him|her|them)(?:self)?|(?:known|named|identified|introduced|described)"
    r"(?:[ \t]+(?:him|her|them)sel(?:f|ves))?[ \t]+(?:only[ \t]+|locally[ \t]+)?as|"
    r"identifies (?:him|her)self as|also known as|a\.?k\.?a\.?|alias|nicknamed|called|call me|"
    r"goes by|formerly|n[eé]e|in (?:the )?name of|on behalf of|i am|i'm|this is|it's|its|speaking to|"
    r"spoke(?:n)? (?:to|with)|enw i yw|fy enw)"
)
_CIPHER = re.compile(
    rf"(?<![^\W_])(?:witness|victim|complainant|child|person|male|female|subject|source|officer)[ \t]+([{UPPER}])(?![^\W_'\u2019.])",
    re.IGNORECASE,
)
"""Witness A: a court's cipher hides a name already, so that it is only possibly one to remove."""

_OPENING = r"[ \t]*[:,]?[ \t]*[\"\u201c'\u2018(]?[ \t]*"

_GREETING = (
    r"(?:dear|hi|hello|hey|hiya|oi|cheers|thanks|ta|regards|wishes|sincerely|faithfully|love|from|truly|"
    r"morning|afternoon|evening|sorry|please|yo|tell|ask|told|asked|with|met|saw|our|bring)"
    r"[ \t]*[,.!]?[ \t]*(?:\r?\n[ \t]*){0,3}"
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """What leads to a name.

    Parameters
    ----------
    pattern : re.Pattern
        Matches from the cue's first letter to the name's.
    score : float
        Of a run after it.
    known_only : bool
        Whether words that no list holds make it less sure, known ones surer.
    """

    pattern: re.Pattern[str]
    score: float
    known_only: bool


_CUES = (
    (
        _Cue(re.compile(rf"{_RANK}\.?{_COLLAR}[ \t,]+", _I), 0.9, known_only=False),
        "a acc acting arolygydd assistant ch chief chinsp constabl constable custody cwnstabl d dc dcc "
        "dci deputy detective di ds dsu insp inspector pc pcso police ps rhingyll sergeant sgt spc "
        "special staff superintendent supt t tdc temporary wpc",
    ),
    (
        _Cue(re.compile(rf"{_TITLE}\.?(?<![ \t])[ \t]+", _I), 0.85, known_only=False),
        _TITLE.strip("(?:)").replace("|", " "),
    ),
    (
        _Cue(
            re.compile(rf"{_ROLE}s?(?:[ \t]+\d{{1,6}}|[ \t]+[A-Z](?=[ \t]*[:(]))?{_OPENING}", _I),
            0.6,
            known_only=True,
        ),
        "accused aggrieved appropriate author boyfriend brother brothers carer carers chair chairman chairwoman child "
        "colleague colleagues complainant complainants cousin cousins custody dad daughter daughters defendant "
        "defendants detained detainee driver drivers ex father fiance fiancee fianc\u00e9 "
        "fianc\u00e9e foster friend friends girlfriend guardian husband informant interpreter interview "
        "interviewer landlord manager mate mates mother mum name names neighbor neighbour neighbours nephew "
        "niece nominal occupant offender offenders officer officers oic owner parent parents partner passenger "
        "passengers photo photograph pictured prepared prisoner recorded reported signed sister sisters "
        "social solicitor son sons spokesman spokesperson spokeswoman statement suspect suspects teacher "
        "tenant victim victims wife witness witnesses written",
    ),
    (
        _Cue(re.compile(rf"{_INTRODUCED}{_OPENING}", _I), 0.7, known_only=True),
        "a aka alias also call called described enw formerly full fy goes her his i identified "
        "identifies in introduced it its known my name named names nee n\u00e9e nicknamed on speaking "
        "spoke spoken the their this whose your",
    ),
    (
        _Cue(re.compile(_GREETING, _I), 0.3, known_only=True),
        "afternoon ask asked bring cheers dear evening faithfully from hello hey hi hiya love met "
        "morning oi our please regards saw sincerely sorry ta tell thanks told truly wishes with yo",
    ),
)
"""Cues with the words that they begin with: asking a dictionary at each word is four times as fast as
asking five patterns at each letter."""


def _by_first_word() -> dict[str, tuple[_Cue, ...]]:
    found: dict[str, tuple[_Cue, ...]] = {}
    for cue, first_words in _CUES:
        for word in first_words.split():
            found[word] = (*found.get(word, ()), cue)
    return found


_CUES_OF = _by_first_word()

_FIRST_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{1,15}")

_SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|many|yours|with|all)[ \t]+)*(?:regards|wishes|thanks|cheers|sincerely|"
    r"faithfully|truly|love)[ \t]*[,.!]?[ \t]*(?:\r?\n[ \t]*){1,3}|(?:regards|cheers|thanks)[ \t]*,[ \t]*(?=[^\n]{2,40}$)",
    _I,
)

_AFTER = re.compile(
    r"(?:,[ \t]*(?:who is[ \t]+|aged[ \t]+)?\d{1,2}(?=[ \t]*[,.;)]|[ \t]+(?:and|of|from|was|who)\b|[ \t]*$)"
    r"|[ \t]*\([ \t]*(?:aged[ \t]+)?\d{1,2}[ \t]*\)"
    r"|[ \t]+(?:said|says|told|asked|replied|stated|added|claimed|denied|denies|admitted|texted|messaged|"
    r"wrote|speaking|here\b)"
    r"|[ \t]*[<(\[][^\s<>()\[\]]{1,60}@[^\s<>()\[\]]{1,60}[>)\]]"
    r"|[ \t]+[(]?(?:\+44|0)[ ]?7\d{3})",
    re.MULTILINE,
)
"""What follows a name: an age, a verb of speech, an address of e-mail, a mobile number."""

_FIELDS = frozenset(
    "name fullname surname familyname lastname forename forenames firstname middlename middlenames givenname "
    "givennames knownas alias aliases aka nickname maidenname previousname othernames suspect suspectname "
    "suspects victim victimname victims defendant defendants accused complainant aggrieved informant "
    "caller callername offender nominal subject witness witnesses witnessname detainedperson detainee "
    "prisoner dp arrestedperson arrestingofficer custodysgt custodysergeant custodyofficer escortingofficer "
    "officer officers oic officerincase officerinthecase reportingofficer attendingofficer "
    "investigatingofficer interviewer interviewingofficer interviewofficer interviewee seniorofficer "
    "supervisor appropriateadult solicitor legalrep legalrepresentative interpreter doctor gp nurse "
    "socialworker teacher parent parents mother father mum dad guardian carer child children nextofkin "
    "partner spouse patient applicant claimant respondent appellant driver passenger passengers keeper "
    "registeredkeeper owner tenant landlord occupant author signed signature signedby reportedby "
    "recordedby takenby writtenby preparedby completedby approvedby createdby photo photoby credit "
    "pictured contact contactname cardholder accountholder accountname payee holder from to cc bcc "
    "sender recipient replyto attendees attended apologies present chair minutes enw diffynnydd tyst "
    "exhibitedby producedby seizedby requestedby personspresent inpresenceof".split()
)
"""Fields of forms, messages and minutes whose value is a name; small letters, no blanks, so that a
scan's "Def endant" is one too."""

_FIELD = re.compile(
    r"(?:^|[ \t]{2,}|[/|;][ \t]*)([^\W\d_][^\n:=]{1,34}?)[ \t]*(?:\d{1,2}|\([^)\n]{1,12}\))?[ \t]*[:=][ \t]*(?=\S)",
    re.MULTILINE,
)
_FIELD_END = re.compile(r"[ ]{2,}|[\n\t|]")
_MAX_FIELD = 2000  # code points of a value: a line of two hundred recipients
_NOT_LETTER = re.compile(r"[^a-z]+")

_SURNAME_FIRST = re.compile(
    rf"(?<![^\W_])((?:(?:VAN|VON|DE|DER|BIN|ST|O|AL|EL|LE|LA|MC|MAC)[ '\u2019-]){{0,2}}[{UPPER}0][{UPPER}01'\u2019-]{{1,30}}(?![^\W_]))"
    rf",[ \t]{{0,2}}((?:[{UPPER}][^\W_]+(?:['\u2019-][^\W_]+)*)(?:[ \t](?:[{UPPER}][^\W_]*(?:['\u2019-][^\W_]+)*\.?)){{0,3}})"
)
_SURNAME_LAST = re.compile(
    rf"(?<![^\W_])((?:[{UPPER}][^\W\d_A-Z]+(?:-[{UPPER}][^\W\d_]+)?[ \t]){{1,3}})([{UPPER}]{{2,}}(?:['\u2019-][{UPPER}]{{2,}})*)(?![^\W_])"
)

_STAMP = (
    r"\[?(?:\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}|\d{1,2}[ ][A-Za-z]{3,9}[ ]\d{2,4})?[,]?[ ]?"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u202f\u00a0]?[AaPp]\.?[Mm]\.?)?\]?[ ]?(?:[-\u2013\u2014|][ ])?"
)
_SENDER_AFTER_STAMP = re.compile(
    rf"^[ \t]*{_STAMP}[ ]*([^\n:<>]{{1,40}}?)[ ]*[:>][ ]", re.MULTILINE
)
_SENDER_BEFORE_STAMP = re.compile(
    r"^[ \t]*([^\n\u2014\u2013|:]{1,40}?)[ ]*(?:[-\u2013\u2014|\u2022][ ]*|,[ ]|[ ](?=\())"
    r"\(?(?:(?:today|yesterday|mon|tue|wed|thu|fri|sat|sun)[a-z]*,?[ ](?:at[ ])?|\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4},?[ ]"
    r"|\d{1,2}[ ][A-Za-z]{3,9}[ ]\d{2,4},?[ ])?(?:at[ ])?\d{1,2}[:.]\d{2}",
    _I,
)
_SENDER_LINE = re.compile(r"^[ \t]*([^\W\d_][^\n:<>@#/]{0,28}?)[ ]?:[ ](?=\S)", re.MULTILINE)
_LONE_LINE = re.compile(
    rf"^[ \t]*({RUN.pattern})[ \t]*\r?\n(?=[^\n]{{0,300}}\n?[ \t]*{_STAMP}[ \t]*$)", re.MULTILINE
)

_HANDLE_LIKE = re.compile(r"[\d_#@/\\+]|\w\.\w")

_VALUE_STOP = frozenset(
    "unknown none nil yes no tbc tba refused withheld anonymous male female unnamed".split()
)


def find_cued_names(text: str, *, source: str = SOURCE) -> list[TextSpan]:
    """Find names by their surroundings.

    Parameters
    ----------
    text : str
        Normalised text, or its truecased copy.
    source : str
        Name of the recogniser in the spans.

    Returns
    -------
    list of TextSpan
        In order of their start. A stretch may be found more than once.
    """
    found = [
        *_after_cues(text),
        *_before_cues(text),
        *_fields(text),
        *_surnames_in_capitals(text),
        *_senders(text),
    ]
    return [
        TextSpan(start, end, "name", "person", score, source)
        for start, end, score in sorted(set(found))
    ]


_Found = tuple[int, int, float]


def _run_at(text: str, position: int) -> tuple[int, int, int] | None:
    """Take the run that begins at a position: where it ends, and the best strength of its words."""
    match = RUN.match(text, position)
    if match is None:
        return _small_word_at(text, position)
    end = start = position
    best = 0
    first = True
    for word in words_of(text, position, match.end()):
        if first and is_title(word.text):
            continue
        flags, strength = (0, 1) if word.is_initial else name_strength(word.text)
        if (strength == 0 and flags & ORDINARY) or never_in_name(word.text):
            break
        if first:
            start, first = word.start, False
        end, best = word.end, max(best, strength)
    return (start, end, best) if end > position else None


_SMALL = re.compile(r"[^\W\d_]{2,20}(?:'[^\W\d_]+)?(?:[ \t-][^\W\d_]{2,20}){0,1}")


def _small_word_at(text: str, position: int) -> tuple[int, int, int] | None:
    """Take a name in small letters: the truecased copy leaves Rose and Green small."""
    word = next(words_of(text, position, min(position + 24, len(text))), None)
    if word is None or word.start != position or not word.text.islower():
        return None
    _, strength = name_strength(word.text)
    return (word.start, word.end, strength - 1) if strength >= 2 else None


def _after_cues(text: str) -> Iterator[_Found]:
    for word in _FIRST_WORD.finditer(text):
        for cue in _CUES_OF.get(word[0].lower(), ()):
            match = cue.pattern.match(text, word.start())
            run = _run_at(text, match.end()) if match else None
            if run is None:
                continue
            start, end, best = run
            if cue.known_only:
                score = cue.score + (-0.2, 0.0, 0.25, 0.25)[best]
            else:
                score = cue.score
            if score >= 0.2 and (text[start].isupper() or best):
                yield start, end, min(score, 0.95)
    for cue in _SIGN_OFF.finditer(text):
        run = _run_at(text, cue.end())
        if run is not None and text[run[0]].isupper():
            yield run[0], run[1], 0.8

    for cipher in _CIPHER.finditer(text):
        if text[cipher.start(1)].isupper():
            yield *cipher.span(1), 0.2


def _before_cues(text: str) -> Iterator[_Found]:
    for run in RUN.finditer(text):
        cue = _AFTER.match(text, run.end())
        if cue is None:
            continue
        words = list(words_of(text, run.start(), run.end()))
        kept: list[int] = []
        best = 0
        end = 0
        for word in reversed(words):
            flags, strength = (0, 1) if word.is_initial else name_strength(word.text)
            if (strength == 0 and flags & ORDINARY) or never_in_name(word.text):
                break
            kept.append(word.start)
            end = end or word.end
            best = max(best, strength)
        if not kept:
            continue
        if "@" in cue[0] or cue[0][0] in ",(" or cue[0].lstrip()[0] in "(":
            score = 0.85 if best >= 2 else 0.6
        else:
            score = (0.0, 0.25, 0.6, 0.7)[best]
        if score >= 0.2:
            yield kept[-1], end, score


def _fields(text: str) -> Iterator[_Found]:
    for field in _FIELD.finditer(text):
        if _NOT_LETTER.sub("", fold(field[1])) not in _FIELDS:
            continue
        last = min(field.end() + _MAX_FIELD, len(text))
        end = _FIELD_END.search(text, field.end(), last)
        yield from _names_in_value(text, field.end(), end.start() if end else last)


def _names_in_value(text: str, start: int, end: int) -> Iterator[_Found]:
    """Take every run of a field's value, until prose begins."""
    position = start
    while position < end:
        run = RUN.search(text, position, end)
        gap = text[position : run.start() if run else end]
        if run is None:
            break
        if sum(map(str.islower, gap)) > 6:  # a sentence, not a list of names
            break
        taken = _run_at(text, run.start())
        position = run.end()
        if taken is None or fold(text[taken[0] : taken[1]]) in _VALUE_STOP:
            continue
        if _HANDLE_LIKE.match(text, taken[1]):
            continue
        yield taken[0], min(taken[1], end), 0.85 if taken[2] >= 2 else 0.7 if taken[2] else 0.5


def _surnames_in_capitals(text: str) -> Iterator[_Found]:
    for match in _SURNAME_FIRST.finditer(text):
        surname = list(words_of(text, *match.span(1)))
        forename = list(words_of(text, *match.span(2)))
        if any(never_in_name(word.text) or is_title(word.text) for word in (*surname, forename[0])):
            continue
        known = max(name_strength(word.text)[1] for word in forename)
        borne = max(name_strength(word.text)[1] for word in surname)
        if known + borne >= 3:
            yield match.start(), match.end(), 0.85
        elif known + borne:
            yield match.start(), match.end(), 0.4
    for match in _SURNAME_LAST.finditer(text):
        if any(name_strength(word.text)[1] >= 2 for word in words_of(text, *match.span(1))):
            words = [w for w in words_of(text, *match.span()) if name_strength(w.text)[1]]
            yield words[0].start, match.end(), 0.8


def _senders(text: str) -> Iterator[_Found]:
    for pattern in (_SENDER_AFTER_STAMP, _SENDER_BEFORE_STAMP):
        for match in pattern.finditer(text):
            yield from _sender(text, match, 0.6)
    lines: dict[str, list[re.Match[str]]] = {}
    for match in _SENDER_LINE.finditer(text):
        lines.setdefault(fold(match[1]), []).append(match)
    for sender, matches in lines.items():
        # one line with a colon is a heading or a note; the same twice is somebody who speaks
        for match in matches:
            if _NOT_LETTER.sub("", sender) not in _FIELDS and (
                len(matches) > 1 or match[1][0].isupper()
            ):
                yield from _sender(text, match, 0.5 if len(matches) > 1 else 0.2)
    for match in _LONE_LINE.finditer(text):
        yield from _sender(text, match, 0.3)


def _sender(text: str, match: re.Match[str], score: float) -> Iterator[_Found]:
    name = match[1]
    if _HANDLE_LIKE.search(name) or len(name.split()) > 4:
        return
    found = [name_strength(word.text) for word in words_of(text, *match.span(1))]
    if not found:
        return
    if any(strength >= 2 for _, strength in found):
        yield *match.span(1), min(score + 0.3, 0.9)
    elif not any(flags & ORDINARY for flags, _ in found):
        yield *match.span(1), score - 0.1
