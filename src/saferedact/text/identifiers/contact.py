"""Ways to reach somebody: telephone, e-mail, web, names used online; also spoken and disguised."""

import re
from collections.abc import Iterator

from saferedact.text.chat_lines import chat_lines
from saferedact.text.identifiers.checks import phone_check
from saferedact.text.identifiers.recogniser import MANY_DIGITS, Recogniser, cue, pattern
from saferedact.text.lexicon import is_ordinary
from saferedact.text.spans import TextSpan

__all__ = [
    "CONTACT",
    "CONTACT_WITHOUT_DIGITS",
    "find_disguised_emails",
    "find_senders",
]

_PHONE_CUE = (
    r"tel(?:ephone)?|phone|mob(?:ile)?|call(?:ed|ing|s)?|ring|text(?:ed)?|whats ?app|number|num|no\.?|fax|contact"
    r"|cell|rhif|ffon(?:iwch)?|sms|msg|t|m|nok"
)
_PLATFORM = (
    r"snap(?:chat)?|sc|insta(?:gram)?|ig|tik ?tok|kik|telegram|tg|discord|whats ?app|fb|facebook|messenger"
    r"|psn|xbox|gamertag|twitter|x|user ?name|user|handle|profile|screen ?name|skype|steam|roblox|wickr"
    r"|signal|twitch|youtube|yubo|onlyfans|vinted|ebay|reddit|threads|bereal|account"
)
_PLATFORM_WORDS = frozenset(
    "snap snapchat sc insta instagram ig tik tiktok kik telegram tg discord whats whatsapp fb facebook messenger "
    "psn xbox gamertag twitter x user username handle profile screen screenname skype steam roblox wickr signal "
    "twitch youtube yubo onlyfans vinted ebay reddit threads bereal account".split()
)
"""How `_PLATFORM` begins."""

_OFFICIAL_HOST = (
    r"(?:[\w\-]+\.)*(?:police\.uk|gov\.uk|gov\.scot|gov\.wales|parliament\.uk|nhs\.uk|judiciary\.uk"
    r"|crimestoppers-uk\.org|victimsupport\.org\.uk|childline\.org\.uk|samaritans\.org|nspcc\.org\.uk)"
)
"""Hosts that press releases name for everybody: found, with a score below any threshold."""

_TLD = (
    r"com|co\.uk|org\.uk|org|net|uk|info|biz|io|me|tv|gg|ly|app|dev|eu|ie|scot|wales|cymru|online|site"
    r"|xyz|live|social|example|test|invalid|chat|link|page"
)

_STANDARD = re.compile(
    r"(?:rfc|utf|iso|sha|ucs|mpeg|ipv|crc|aes|rsa|tls|ssl|latin|cp|ascii|unicode)[._]?\d{1,6}"
    r"|(?:python|html|sql)[._]?\d"
    r"|(?:int|uint|float|char|short|long|word|dword|card|big|little|host|base|arm|amd|win)(?:8|16|32|64|128)"
    r"|(?:fig|figure|table|section|chapter|appendix)[._]?\d{1,3}",
    re.IGNORECASE,
)
"""Names of standards, types and parts of a document, which end with a number as user names do."""

CONTACT: tuple[Recogniser, ...] = (
    Recogniser(
        "phone",  # Great Britain: trunk 0, nine or ten digits
        digits=MANY_DIGITS,
        # it begins with what a matcher can look for; what may not stand before comes second
        regex=re.compile(
            r"[(0](?<![\w.+][(0])(?:(?<=0)|(?<=\()0)(?:[ \t().\-/\u00b7]{0,3}\n?\d){9,10}(?![^\W_])"
        ),
        score=0.75,
        check=phone_check,
        cued=0.95,
        cue=cue(_PHONE_CUE),
        reference="Ofcom, National Telephone Numbering Plan",
    ),
    Recogniser(
        "phone",  # international
        digits=MANY_DIGITS,
        regex=re.compile(
            r"(?<![\w.])(?:\+[ ]?|00[ ]?)[1-9]\d{0,2}[ \-.]?(?:\(0\)[ ]?)?\(?(?:\d[ \t().\-/]{0,3}\n?){6,12}\d(?![^\W_])"
        ),
        score=0.8,
        check=phone_check,
        checked=0.95,
        reference="ITU-T E.164",
    ),
    Recogniser(
        "phone",  # country code without its plus; mobile without its zero
        digits=MANY_DIGITS,
        regex=pattern(r"44[ \-]?(?:\(0\)[ ]?)?(?:\d[ .\-]?){9}\d|7\d{3}[ .\-]?\d{3}[ .\-]?\d{3}"),
        score=0.5,
        cued=0.85,
        cue=cue(_PHONE_CUE),
        reference="ITU-T E.164; Ofcom",
    ),
    Recogniser(
        "phone",  # local numbers, and numbers with a part hidden
        pattern(
            r"\d{3}[ \-]\d{4}|\d{5,8}|\d{4}[ \-]\d{4}|0\d{2,4}[ \-]?[\d*xX]{3,4}[ \-]?[\d*xX]{3,4}"
        ),
        score=0.2,
        cued=0.6,
        cue=cue(r"tel(?:ephone)?|phone|mob(?:ile)?|fax|cell|ffon|call(?:ed)?|ring|text"),
        reference="Ofcom, National Telephone Numbering Plan",
    ),
    Recogniser(
        "username",  # letters with digits at the end: shadowboy99; Discord's old name#1234
        pattern(
            r"[a-z][a-z]{2,}[._]?\d{2,6}|(?!Todayat|Yesterdayat)[A-Z][a-z]{2,}[A-Za-z]*[._]?\d{2,6}|[\w.]{2,32}#\d{4}",
            any_case=False,
        ),
        score=0.45,
        cued=0.85,
        cue=cue(_PLATFORM),
        accept=lambda found: _STANDARD.fullmatch(found) is None,
        reference="Practice of chat services",
    ),
)

_NAME_WITH_SIGN = r"(?P<id>(?=[A-Za-z]{0,30}(?:[\d_]|[.\-]\w))[A-Za-z0-9_][\w.\-]{1,31}(?<![.\-]))"

CONTACT_WITHOUT_DIGITS: tuple[Recogniser, ...] = (
    Recogniser(
        "email",
        re.compile(
            r"(?<![\w.+\-])[\w.!#$%&'*+\-=?^{|}~]{1,64}[ ]?@[ ]?(?:[\w\-]{1,63}\.){1,8}[\w\-]{2,24}(?!\w)"
        ),
        score=0.95,
        signs=("@",),
        reference="RFC 5322 addr-spec, without quoted local parts; any domain",
    ),
    Recogniser(
        "email",
        re.compile(r"(?<![\w.+\-])[\w.+\-]{2,64}@[\w\-]{2,63}(?![\w.@])"),
        score=0.6,
        signs=("@",),
        reference="An address with its domain cut off",
    ),
    Recogniser(
        "handle",
        re.compile(r"(?<![\w@/.])@[ ]?[A-Za-z0-9_][\w.\-]{1,30}(?<![.\-])"),
        score=0.9,
        signs=("@",),
        reference="Practice of social networks",
    ),
    Recogniser(
        "handle",
        re.compile(r"(?<![\w#&])#(?:[A-Z][a-z]+){2,4}\b"),
        score=0.5,
        signs=("#",),
        reference="Hashtags written as two to four words, as names are",
    ),
    Recogniser(
        "handle",
        re.compile(
            r"(?<![^\W_])(?:facebook|fb|instagram|tiktok|snapchat|twitter|x|t|telegram|discord|threads|youtube|twitch"
            r"|linkedin|onlyfans|reddit|kik|wa|vk)\.(?:com|me|gg|tv|net)/(?:add/|in/|u/|user/|c/|profile\.php\?id=|@)?"
            r"(?P<id>[\w.\-]{2,60}(?<![.\-]))",
            re.IGNORECASE,
        ),
        score=0.95,
        signs=("/",),
        reference="Profile links",
    ),
    Recogniser(
        "handle",
        re.compile(
            rf"(?<![^\W_])(?:{_PLATFORM})(?:[ \t]+(?:is|name|id|account|handle|user(?:name)?|me|called|aka)){{0,3}}"
            r"(?:[ \t]*[:=][ \t]*|[ \t]+-[ \t]*|-[ \t]+)@?(?P<id>[A-Za-z0-9_][\w.\-]{1,31}(?<![.\-]))",
            re.IGNORECASE,
        ),
        score=0.8,
        leads=_PLATFORM_WORDS,
        reference="A name after the name of a service and a colon",
    ),
    Recogniser(
        "handle",
        re.compile(
            rf"(?<![^\W_])(?:{_PLATFORM})(?:[ \t]+(?:is|was|name|id|account|handle|user(?:name)?|called|aka)){{0,3}}"
            r"[ \t]+['\"@]?(?P<id>(?=[A-Za-z]{0,30}(?:[\d_]|\.\w)|(?-i:[A-Za-z]{0,30}[a-z][A-Z]))[A-Za-z0-9_][\w.\-]{1,31}(?<![.\-]))",
            re.IGNORECASE,
        ),
        score=0.7,
        leads=_PLATFORM_WORDS,
        reference="A name with a digit, dot, underscore or inner capital after the name of a service",
    ),
    Recogniser(
        "handle",
        re.compile(
            r"(?<![^\W_])(?:called|named|goes by|going by|known as|under)[ ]['\"]?(?P<id>[A-Za-z0-9_][\w.\-]{2,31}(?<![.\-]))['\"]?"
            r"[ ]on[ ](?:snap(?:chat)?|insta(?:gram)?|ig|tik ?tok|kik|telegram|discord|whats ?app|fb|facebook|messenger|psn|xbox"
            r"|twitter|skype|steam|roblox|twitch|youtube|yubo|onlyfans|vinted|reddit)(?![^\W_])",
            re.IGNORECASE,
        ),
        score=0.6,
        leads=frozenset({"called", "named", "goes", "going", "known", "under"}),
        reference="A name that somebody is said to go by on a service",
    ),
    Recogniser(
        "username",
        re.compile(
            r"(?:(?<![\w.@/])|(?<=\bu/))(?=\w{0,30}[A-Za-z])[A-Za-z0-9]{1,30}(?:_{1,3}[A-Za-z0-9]{1,30}){1,4}_{0,3}(?!\w)"
        ),
        score=0.5,
        signs=("_",),
        reference="Words joined by underscores: the form of names of chat services",
    ),
    Recogniser(
        "username",
        re.compile(rf"(?<=\bu/){_NAME_WITH_SIGN}"),
        score=0.7,
        signs=("u/",),
        reference="Practice of a forum: u/ before a name with a digit, dash or underscore",
    ),
    Recogniser(
        "username",
        re.compile(
            r"(?<![^\W_])(?:using|used|under|with|by|called|goes by)[ ](?:the[ ])?"
            rf"(?:user ?name|screen ?name|name|handle|alias|nick(?:name)?)[ ]['\"]?{_NAME_WITH_SIGN}"
        ),
        score=0.7,
        leads=frozenset({"using", "used", "under", "with", "by", "called", "goes"}),
        reference="A name with a digit, dash or underscore after the word",
    ),
    Recogniser(
        "username",  # a chat's sender that is no ordinary word
        re.compile(
            r"(?:^|(?<=\n)|(?<=\] )|(?<=- )|(?<=[.!?] ))(?P<id>[a-z][\w.\-]{0,30}[\d_.][\w.\-]{0,20}|[a-z]+[A-Z]\w{0,30}|x{1,2}\w+x{1,2})(?=[ ]?:[ ])"
        ),
        score=0.7,
        reference="Exports of chat services: sender, colon, message",
    ),
    Recogniser(
        "url",
        re.compile(rf"(?:https?|hxxps?|ftp)://{_OFFICIAL_HOST}(?:/[^\s<>\"']*)?", re.IGNORECASE),
        score=0.2,
        signs=("://",),
        reference="RFC 3986; official hosts",
    ),
    Recogniser(
        "url",
        re.compile(
            rf"(?:(?:https?|hxxps?|ftp)://(?!{_OFFICIAL_HOST}(?![\w.\-]))|(?<![\w.@/])www\.(?!{_OFFICIAL_HOST}(?![\w.\-])))"
            r"[^\s<>\"']{2,2000}(?<![.,;:!?)\]])",
            re.IGNORECASE,
        ),
        score=0.9,
        signs=("://", "www.", "WWW."),
        reference="RFC 3986",
    ),
    Recogniser(
        "url",
        re.compile(
            rf"(?<![\w.@/\-])(?:[\w\-]{{1,63}}\.){{1,5}}(?:{_TLD})(?![\w\-])(?:/[^\s<>\"']{{0,2000}}(?<![.,;:!?)\]]))?",
            re.IGNORECASE,
        ),
        score=0.5,
        accept=lambda found: (
            re.match(_OFFICIAL_HOST + r"(?![\w.\-])", found, re.IGNORECASE) is None
        ),
        reference="A host without its scheme",
    ),
)

_AT = re.compile(
    r"(?:(?<![ \t])[ \t]*+[(\[{<]at[)\]}>][ \t]*|[ \t]at[ \t])(?:[\w\-]{1,63})"
    r"(?:(?:[ \t]*(?:[(\[{<]dot[)\]}>]|\.)[ \t]*|[ \t]dot[ \t])[\w\-]{2,24}){1,5}",
    re.IGNORECASE,
)
_LOCAL_PART = re.compile(
    r"[\w.+\-]{1,64}(?:[ \t]*(?:[(\[{<]dot[)\]}>]|[ ](?:dot|underscore|dash|hyphen)[ ])[ \t]*[\w.+\-]{1,30}){0,4}$",
    re.IGNORECASE,
)
_LOCAL_REACH = 120


def find_disguised_emails(text: str) -> Iterator[TextSpan]:
    """Find addresses with "at" and "dot" in words or brackets.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    TextSpan
        From the first word of the local part to the end of the domain.
    """
    for match in _AT.finditer(text):
        if "dot" not in match[0].lower() and not re.match(r"[ \t]*[(\[{<]", match[0]):
            continue
        before = max(0, match.start() - _LOCAL_REACH)
        local = _LOCAL_PART.search(text[before : match.start()])
        if local is not None:
            yield TextSpan(
                before + local.start(), match.end(), "identifier", "email", 0.85, "identifiers"
            )


_SENDER = re.compile(r"[a-z][\w.\-]{2,30}")


def find_senders(text: str) -> Iterator[TextSpan]:
    """Find senders of a chat that are written as one word in small letters, as user names are.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    TextSpan
        Of kind ``"username"``: a word that begins two lines or more, before a colon, and is no
        ordinary word as the heads of forms are.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for line in chat_lines(text):
        if line.sender is not None and _SENDER.fullmatch(text, *line.sender):
            places.setdefault(text[slice(*line.sender)], []).append(line.sender)
    for word, spans in places.items():
        if len(spans) > 1 and not is_ordinary(word):
            for start, end in spans:
                yield TextSpan(start, end, "identifier", "username", 0.5, "identifiers")
