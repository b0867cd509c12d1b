"""What stands beside names: the patterns of cues, fields, senders and stamps.

Every repetition is bounded, so that no text makes a pattern slow. What is done with them is in
`saferedact.text.cues`.
"""

import re
from dataclasses import dataclass

from saferedact.text.chat_lines import STAMP
from saferedact.text.runs import RUN, UPPER

__all__ = [
    "AFTER",
    "CIPHER",
    "CIPHER_WORDS",
    "CUES_OF",
    "EPITHET",
    "FIELD",
    "FIELDS",
    "FIELD_END",
    "FIRST_WORD",
    "HANDLE_LIKE",
    "LONE_LINE",
    "QUOTED",
    "SENDER_AFTER_STAMP",
    "SENDER_BEFORE_STAMP",
    "SENDER_LINE",
    "SIGN_OFF",
    "SIGN_OFF_WORDS",
    "SURNAME_FIRST",
    "SURNAME_INITIAL",
    "SURNAME_LAST",
    "VALUE_STOP",
    "Cue",
]

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
    r"(?:[ \t]+(?:him|her|them)sel(?:f|ves))?[ \t]+(?:only[ \t]+|locally[ \t]+|to[ \t]+\w{2,10}[ \t]+)?as|"
    r"(?:know|knows|knew)[ \t]+(?:(?:him|her|them)[ \t]+)?(?:only[ \t]+)?as|"
    r"identifies (?:him|her)self as|also known as|a\.?k\.?a\.?|alias|nicknamed|nickname is|called|calls? (?:him|her|them)sel(?:f|ves)(?:[ ]the(?![^\W_]))?|"
    r"calls? (?:me|him|her|them|us)|goes by|formerly|n[eé]e|in (?:the )?name of|on behalf of|i am|i'm|this is|it's|its|speaking to|"
    r"spoke(?:n)? (?:to|with)|enw i yw|fy enw)"
)
CIPHER = re.compile(
    rf"(?<![^\W_])(?:witness|victim|complainant|child|person|male|female|subject|source|officer)[ \t]+([{UPPER}])(?![^\W_'\u2019.])",
    re.IGNORECASE,
)
"""Witness A: a court's cipher hides a name already, so that it is only possibly one to remove."""

CIPHER_WORDS = frozenset(
    "witness victim complainant child person male female subject source officer".split()
)
"""How it begins."""

_OPENING = r"[ \t]*[:,]?[ \t]*[\"\u201c'\u2018(]?[ \t]*"

_GREETING = (
    r"(?:dear|hi|hello|hey|hiya|oi|cheers|thanks|ta|regards|wishes|sincerely|faithfully|love|truly|"
    r"morning|afternoon|evening|sorry|please|yo|tell|ask|told|asked|with|met|saw|our|bring)"
    r"[ \t]*[,.!]?[ \t]*(?:\r?\n[ \t]*){0,3}"
)


@dataclass(frozen=True, slots=True)
class Cue:
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
        Cue(re.compile(rf"{_RANK}\.?{_COLLAR}[ \t,]+", _I), 0.9, known_only=False),
        (
            "a acc acting arolygydd assistant ch chief chinsp constabl constable custody cwnstabl d dc dcc "
            "dci deputy detective di ds dsu insp inspector pc pcso police ps rhingyll sergeant sgt spc "
            "special staff superintendent supt t tdc temporary wpc"
        ),
    ),
    (
        Cue(re.compile(rf"{_TITLE}\.?(?<![ \t])[ \t]+", _I), 0.85, known_only=False),
        _TITLE.strip("(?:)").replace("|", " "),
    ),
    (
        Cue(
            re.compile(rf"{_ROLE}s?(?:[ \t]+\d{{1,6}}|[ \t]+[A-Z](?=[ \t]*[:(]))?{_OPENING}", _I),
            0.6,
            known_only=True,
        ),
        (
            "accused aggrieved appropriate author boyfriend brother brothers carer carers chair chairman chairwoman child "
            "colleague colleagues complainant complainants cousin cousins custody dad daughter daughters defendant "
            "defendants detained detainee driver drivers ex father fiance fiancee fianc\u00e9 "
            "fianc\u00e9e foster friend friends girlfriend guardian husband informant interpreter interview "
            "interviewer landlord manager mate mates mother mum name names neighbor neighbour neighbours nephew "
            "niece nominal occupant offender offenders officer officers oic owner parent parents partner passenger "
            "passengers photo photograph pictured prepared prisoner recorded reported signed sister sisters "
            "social solicitor son sons spokesman spokesperson spokeswoman statement suspect suspects teacher "
            "tenant victim victims wife witness witnesses written"
        ),
    ),
    (
        Cue(re.compile(rf"{_INTRODUCED}{_OPENING}", _I), 0.7, known_only=True),
        (
            "a aka alias also call called calls described enw formerly full fy goes her his i identified "
            "identifies in introduced it its knew know known knows my name named names nee n\u00e9e nickname nicknamed on speaking "
            "spoke spoken the their this whose your"
        ),
    ),
    (
        Cue(re.compile(_GREETING, _I), 0.3, known_only=True),
        (
            "afternoon ask asked bring cheers dear evening faithfully hello hey hi hiya love met "
            "morning oi our please regards saw sincerely sorry ta tell thanks told truly wishes with yo"
        ),
    ),
)
"""Cues with the words that they begin with: asking a dictionary at each word is four times as fast as
asking five patterns at each letter."""


def _by_first_word() -> dict[str, tuple[Cue, ...]]:
    found: dict[str, tuple[Cue, ...]] = {}
    for cue, first_words in _CUES:
        for word in first_words.split():
            found[word] = (*found.get(word, ()), cue)
    return found


CUES_OF = _by_first_word()

FIRST_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{1,15}")

SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|many|yours|with|all)[ \t]+)*(?:regards|wishes|thanks|cheers|sincerely|"
    r"faithfully|truly|love)[ \t]*[,.!]?[ \t]*(?:\r?\n[ \t]*){1,3}|(?:regards|cheers|thanks)[ \t]*,[ \t]*(?=[^\n]{2,40}$)",
    _I,
)

SIGN_OFF_WORDS = frozenset(
    "kind best warm many yours with all regards wishes thanks cheers sincerely faithfully truly love".split()
)
"""How it begins."""

AFTER = re.compile(
    r"(?:,[ \t]*(?:who is[ \t]+|aged[ \t]+)?\d{1,2}(?=[ \t]*[,.;)]|[ \t]+(?:and|of|from|was|who)\b|[ \t]*$)"
    r"|[ \t]*\([ \t]*(?:aged[ \t]+)?\d{1,2}[ \t]*\)"
    r"|[ \t]+(?:said|says|told|asked|replied|stated|added|claimed|denied|denies|admitted|texted|messaged|"
    r"wrote|speaking|here\b)|[ \t]+(?P<weak>saw|went|was|is|has|had|will|came|took|gave|paid|left|got|met|ran|sold|bought|drove|hit|rang|phoned|knew|knows|thinks|thought|wants|wanted|lives|lived|works|worked|died|stole|loves|hates|might|wont)(?![^\W_])"
    r"|[ \t]*[<(\[][^\s<>()\[\]]{1,60}@[^\s<>()\[\]]{1,60}[>)\]]"
    r"|[ \t]+[(]?(?:\+44|0)[ ]?7\d{3})",
    re.MULTILINE,
)
"""What follows a name: an age, a verb of speech, an address of e-mail, a mobile number."""

FIELDS = frozenset(
    "name fullname surname familyname lastname forename forenames firstname middlename "
    "middlenames givenname givennames knownas alias aliases aka nickname maidenname previousname "
    "othernames suspect suspectname suspects victim victimname victims defendant defendants "
    "accused complainant aggrieved informant caller callername offender nominal subject witness "
    "witnesses witnessname detainedperson detainee prisoner dp arrestedperson arrestingofficer "
    "custodysgt custodysergeant custodyofficer escortingofficer officer officers oic "
    "officerincase officerinthecase reportingofficer attendingofficer investigatingofficer "
    "interviewer interviewingofficer interviewofficer interviewee seniorofficer supervisor "
    "appropriateadult solicitor legalrep legalrepresentative interpreter doctor gp nurse "
    "socialworker teacher parent parents mother father mum dad guardian carer child children "
    "nextofkin partner spouse patient applicant claimant respondent appellant driver passenger "
    "passengers keeper registeredkeeper owner tenant landlord occupant author signed signature "
    "signedby reportedby recordedby takenby writtenby preparedby completedby approvedby createdby "
    "photo photoby credit pictured contact contactname cardholder accountholder accountname payee "
    "holder from to cc bcc sender recipient replyto attendees attended apologies present chair "
    "minutes enw diffynnydd tyst exhibitedby producedby seizedby requestedby personspresent "
    "inpresenceof".split()
)
"""Fields of forms, messages and minutes whose value is a name; small letters, no blanks, so that a
scan's "Def endant" is one too."""

FIELD = re.compile(
    r"(?:^|(?<![ \t])[ \t]{2,}+|[/|;][ \t]*+)([^\W\d_][^\n:=]{1,34}?)"
    r"[ \t]*+(?:(?:\d{1,2}|\([^)\n]{1,12}\))[ \t]*+)?[:=][ \t]*+(?=\S)",
    re.MULTILINE,
)
"""Blanks are taken whole: shared between two places, eight thousand of them would take ten seconds."""
FIELD_END = re.compile(r"[ ]{2,}|[\n\t|]")

SURNAME_FIRST = re.compile(
    rf"(?<![^\W_])((?:(?:VAN|VON|DE|DER|BIN|ST|O|AL|EL|LE|LA|MC|MAC)[ '\u2019-]){{0,2}}[{UPPER}0][{UPPER}01'\u2019-]{{1,30}}(?![^\W_]))"
    rf",[ \t]{{0,2}}((?:[{UPPER}][^\W_]+(?:['\u2019-][^\W_]+)*)(?:[ \t](?:[{UPPER}][^\W_]*(?:['\u2019-][^\W_]+)*\.?)){{0,3}})"
)
SURNAME_LAST = re.compile(
    rf"(?<![^\W_])((?:[{UPPER}][^\W\d_A-Z]+(?:-[{UPPER}][^\W\d_]+)?[ \t]){{1,3}})([{UPPER}]{{2,}}(?:['\u2019-][{UPPER}]{{2,}})*)(?![^\W_])"
)

EPITHET = re.compile(
    rf"(?<![^\W_])(?P<big>Big|Lil'?|Little|Wee|Tiny|Tall|Fat|Mad|Crazy|Skinny|Slim)[ ](?P<word>[{UPPER}][^\W\d_]{{0,15}})(?![^\W_])"
)
"""What stands before a name or nickname in the mouth of friends."""

QUOTED = re.compile(
    rf"(?<![^\W_])(?:male|female|man|woman|lad|boy|girl|suspect|nominal|subject|person|dealer|runner|associate|mate|friend)s?"
    rf"[ ][\"\u201c'\u2018]([{UPPER}][^\W\d_]{{1,20}}(?:[ ][{UPPER}][^\W\d_]{{0,20}})?)[\"\u201d'\u2019]"
)
"""Somebody known by a name in quotes alone: male "Fingers"."""

SURNAME_INITIAL = re.compile(
    rf"(?<![^\W_])([{UPPER}][^\W\d_]{{2,30}}(?:['\u2019-][^\W_]{{1,30}})*),[ ]([{UPPER}])\.?(?=[;)\n|]|[ ]?$)",
    re.MULTILINE,
)
"""In lists: "Mbeki, S;"."""

SENDER_AFTER_STAMP = re.compile(rf"^[ \t]*{STAMP}[ ]*([^\n:<>]{{1,40}}?)[ ]*[:>][ ]", re.MULTILINE)
SENDER_BEFORE_STAMP = re.compile(
    r"^[ \t]*([^\n\u2014\u2013|:]{1,40}?)[ ]*(?:[-\u2013\u2014|\u2022][ ]*|,[ ]|[ ](?=\())"
    r"\(?(?:(?:today|yesterday|mon|tue|wed|thu|fri|sat|sun)[a-z]*,?[ ](?:at[ ])?|\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4},?[ ]"
    r"|\d{1,2}[ ][A-Za-z]{3,9}[ ]\d{2,4},?[ ])?(?:at[ ])?\d{1,2}[:.]\d{2}",
    _I,
)
SENDER_LINE = re.compile(r"^[ \t]*([^\W\d_][^\n:<>@#/]{0,28}?)[ ]?:[ ](?=\S)", re.MULTILINE)
LONE_LINE = re.compile(
    rf"^[ \t]*({RUN.pattern})[ \t]*\r?\n(?=[^\n]{{0,300}}\n?[ \t]*{STAMP}[ \t]*$)", re.MULTILINE
)

HANDLE_LIKE = re.compile(r"[\d_#@/\\+]|\w\.\w")

VALUE_STOP = frozenset(
    "unknown none nil yes no tbc tba refused withheld anonymous male female unnamed".split()
)
