"""Words that belong to no name: titles before it, grammar around it, fields of forms beside it.

Models take "DC Will Young" or "your" for a name as a whole. Leaving these words out vetoes nobody:
what is a name in the same stretch stays. No word is here that people bear as a surname, but for the
titles, which are left out only at the beginning of a name (John Major keeps his).
"""

import re
from functools import lru_cache

from saferedact.text.lexicon import Strength, fold, strength_of, words

__all__ = [
    "TITLES",
    "in_welsh",
    "is_code",
    "is_head",
    "is_month_of_date",
    "is_title",
    "never_in_name",
]

TITLES = frozenset(
    "mr mrs ms miss mx mister missus master dr doctor prof professor sir dame lady lord rev reverend fr "
    "father sister brother mother imam rabbi canon judge hhj recorder justice magistrate coroner cllr "
    "councillor major captain capt lieutenant lt colonel col corporal cpl private nurse sgt sergeant pc dc "
    "ds di dci dsu ps pcso wpc tdc spc insp inspector supt superintendent constable detective commissioner "
    "commander acc dcc cc const chinsp officer cwnstabl rhingyll arolygydd auntie aunty aunt uncle nana "
    "nanna nan gran grandad grandpa granny grandma mum dad counsel witness victim suspect defendant "
    "complainant accused solicitor mother barrister prime minister president general king queen prince princess chancellor secretary "
    "senator governor mayor mayoress ambassador chairman chairwoman chair director petty pi oic dp keeper escort subscriber patient  agent cousin hiya hi hello dear hey cheers "
    "thanks regards sting op operation det detsgt detective ringleader foreman cellmate gaoler handler honour barnwr rep alias aka caller paramedic usher misper neck clerk special".split()
)
"""Titles, ranks, roles and greetings: part of no name that begins with them."""

_GRAMMAR = frozenset(
    "a about after again against all also am an and any are as at back be because been before being below "
    "between both but by can could did do does doing down during each few for from further had has have "
    "having he her here hers herself him himself his how i if in into is it its itself just me more most "
    "my myself no nor not now of off on once only or other our ours out over own same she should so some "
    "such than that the their theirs them themselves then there these they this those through to too under "
    "until up very was we were what when where which while who whom whose why with would you your yours "
    "re ve ll im ive hes shes theyre youre dont didnt wont cant isnt wasnt thats whats yeah yep nah yes er "
    "erm um uh ok okay innit wagwan obvs lol omg btw pls plz u ur hiya today yesterday tomorrow monday "
    "tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december jan feb mar apr jun jul aug sept sep oct nov dec tue tues weds thu thur thurs".split()
) - {
    "march",
    "april",
    "june",
    "august",
    "mar",
    "jun",
    "jan",
    "own",
    "few",
    "so",
    "to",
    "an",
    "do",
    "her",
    "u",
    "a",
    "i",
}
_GRAMMAR_SMALL = frozenset(
    "a i so to an do her u own few new old need want wants march august s t said says told asked went came took got left gave".split()
)
"""Grammar that is also a name (Jan, April, To, An) belongs to none only when written small."""

_FIELDS = frozenset(
    "dob d.o.b name names surname forename address postcode tel phone mobile email mail fax custody nino "
    "iban imei imsi iccid bic swift ip mac nhs pnc cro urn vrm vin id ref reference no nos number url www "
    "http https subject sent date time cc bcc kc qc mp mbe obe jp ta bsc phd llb esq ce snapchat whatsapp "
    "facebook instagram tiktok telegram discord messenger twitter youtube kik sms mms usb sim cctv bwv anpr "
    "uk gb usa eu cps nfa chis mg5 mg11 iphone android samsung "
    "street road lane close avenue crescent terrace court school hospital council police magistrates".split()
) - {"lane", "court", "street", "close", "road", "no"}
"""Fields, kinds of numbers, services and postnominals."""

_NAMES_TOO = frozenset({"swift", "ip", "vin", "mac", "sim", "nino"})
"""Fields that are names of people with one capital: Taylor Swift, Ip Man, Mac Giolla."""

_WELSH = frozenset(
    "a ac ag am ar at aeth bachgen blwydd bod bydd byddai cael cafodd clywodd cyn cysylltwch chafodd daeth "
    "dan dau dros dweud dwy dyddiad dyfynnu ddyfynnu dyn dynes dywedodd ddywedodd ei ein eich eu ffoniwch "
    "fod fy ffordd gan gerbron gweithio gwelodd gwadodd gyda gyfer hefyd heddlu heol hi hyn iddi iddo "
    "llys ynadon goron mae mai mewn menyw merch mwy na nad nac neu ni nid nos o oed oedd ohono ond os pan "
    "plediodd plentyn roedd rhai rhwng siaradwch stryd sy sydd tua tan un wedi welwch wrth wyf y yr yn yng "
    "ym yma ymddangosodd ysbyty ysgol adnabod arestio bont dda wyddoch unrhyw bu farw chwaer brawd mam tad ffrind chwilio "
    "gwelwyd ddiwethaf diwethaf heddlu gogledd cymru cymraeg tafarn ymosod ymosododd diolchodd dirwy carchar ynadon gerllaw "
    "siarad ger bron ymddangos cymorth anafu diolch yno gwadu gwrthododd cafwyd cyhuddo gyhuddo rhywun teulu mab gŵr gwraig".split()
)
"""The commonest words of Welsh reports: to models trained on English they look like names."""

_WELSH_ONLY = _WELSH - set("a ac am ar at o i un or on chi dan tan pan mae".split()) | {
    "yn",
    "gan",
    "wedi",
    "gyda",
}
"""Those that are no words of English, but for names."""

_GOODS = frozenset(
    "adidas aldi alsatian amazon argos asda b&q barclays bmw cannabis casio cocaine currys deliveroo "
    "ebay esso fiat fiesta g4s gillette google greggs halfords heroin homebase hsbc huawei hyundai "
    "ikea insta ketamine kfc kitkat labrador lancome lego lenovo lidl lloyds mazda mcdonalds microsoft "
    "mitsubishi mondeo monzo motorola natwest netflix nike nintendo nissan nokia nspcc onlyfans passat "
    "patreon paypal playstation primark puma qashqai reebok rnli rottweiler rspca sainsburys santander "
    "screwfix serco shein spaniel spotify stagecoach starbucks superdrug tesco texaco tiktok toyota "
    "transit tsb uber vauxhall vinted volkswagen volvo waitrose wetherspoons wifi wilko woolworths "
    "xbox yamaha yha corsa astra micra kindle minecraft cisco jaguar eastenders crimestoppers geoamey "
    "mozilla firefox iana ietf gnome kde linux unix debian ubuntu ascii mime mimetype xml xmlns html xhtml svg json msword usr".split()
)
"""Shops, makes, services, programs, formats and drugs that nobody is called after; in police texts they stand where names do."""

_NEVER = frozenset(
    "todayat yesterdayat licence license emergency uln upn hosp allergies madam weekday unknown "
    "asleep awake shoplifted clothing cigarettes assistant rescue stop age gender ethnicity nationality "
    "telephone postcode occupation employer num nums wtf lmao tbh rn tmrw xx xxx witness witnesses victim "
    "victims suspect suspects defendant defendants complainant complainants accused statement statements  exhibit ex states route rota".split()
)
"""Words of forms and messages, roles that nobody is called after, and what a reader of small print makes
of "Today at"."""

_SPELLINGS = frozenset(
    "yh ye yo oi oh yest aye fuming wots jst yep yeh yea frm wiv wid wit wivout aswell alot gonna wanna gotta gunna dunno lemme gimme kinda sorta tryna finna "
    "wud cud shud wudnt cudnt shudnt didn didnt doesnt doesn dont isnt aint hasnt havent wasntnt wouldnt couldnt shouldnt "
    "wont cant thats whats wheres hows whos theres heres shes hes theyre youre were ive youve weve theyve youll theyll im "
    "abt bout tho thru cos coz cuz bc tht dat dis dem dere wen wer wot wat nowt owt summat sumthing summet sum some1 any1 every1 "
    "no1 sum1 evry evryone every1 everythin nothin somethin anythin doin goin comin sayin talkin gettin bein havin lookin tellin "
    "askin waitin livin drivin startin ppl peeps fam fams lol lmao lmfao rofl omg omfg wtf ffs smh tbh imo idk idc ikr btw "
    "rn atm asap tmrw tmoz tomoz tonite 2nite 2day 2moro tmw tday hol hols uni vid vids pic pics msg msgs txt txts convo info "
    "nah naw och haha hahaha hehe heya heyy heyyy hiya hii oii wagwan safe bare peng peak wasteman mandem gyaldem "
    "gyal ting tings innit bruv bruh blud cuz cuzzy fella fellas lads geeza luv hun hunni hunny babes bby xxx xoxo kk okk okie "
    "yest yday nite nites thurs tues weds  thnx thx ta cheers soz sozz srry plz pls pleez thankyou wel wll "
    "aint gotcha whatcha watcha dya jeez jus js jst ova ere ur urs urself yall ya yous youse yourself theirself hisself "
    "snitched bled buzzin fumin gutted snapchatted insta snapchat facebook whatsapp tiktok youtube xbox playstation".split()
)
"""How messages spell words of everyday, which no list of words holds."""

_HARD = (
    _GRAMMAR
    | _FIELDS
    | _GOODS
    | _NEVER
    | (_WELSH - {"un", "tan", "ni", "pan", "mai", "bont", "ag", "na", "bod", "dan"})
)

_LEAST_WELSH, _AROUND = 4, 120
"""Different Welsh words among those so many code points around that make a sentence Welsh."""

_SMALL_WORD = re.compile(r"(?<![^\W_])[a-z\u00e0-\u00ff\u0175\u0177]+(?![^\W_])")


def in_welsh(text: str, position: int) -> bool:
    """Say whether the sentence around a place is Welsh: its small words are names to English models.

    Parameters
    ----------
    text : str
        The text.
    position : int
        Place of the word.
    """
    around = text[max(position - _AROUND, 0) : position + _AROUND]
    return len(_WELSH_ONLY & set(_SMALL_WORD.findall(around))) >= _LEAST_WELSH


_SMALL_LETTERS = frozenset("aeinqstuvy")
"""Words of one letter, in English, Welsh and messages, and what is left of "it's" and "don't"."""

_HEADS = frozenset(
    "to from cc bcc re fw fwd x subject sent date add ress im vict ress message original".split()
)

_CODE_DIGITS = re.compile(r"[279]")


@lru_cache(maxsize=16_384)
def never_in_name(word: str) -> bool:
    """Say whether a word belongs to no name wherever it stands.

    Parameters
    ----------
    word : str
        One word in its own case.
    """
    key = fold(word)
    if len(key) < 2:
        return (
            word in _SMALL_LETTERS or word.isdigit()
        )  # others may be an initial, or the O of O Connor
    if key in _NAMES_TOO and word.istitle():
        return False
    return (
        key in _HARD
        or (word.islower() and (key in _GRAMMAR_SMALL or key in _SPELLINGS))
        or is_code(word)
    )


_NAMES_IN_SMALL = frozenset({"Di", "Col"})
"""Forenames that are ranks in capitals alone, or nearly so."""


def is_title(word: str) -> bool:
    """Say whether a word is no part of a name that begins with it."""
    return fold(word) in TITLES and word not in _NAMES_IN_SMALL


def is_head(word: str) -> bool:
    """Say whether a word with a colon behind it is the head of a line, not a name before one."""
    return fold(word) in _HEADS or is_title(word)


_MONTHS_AND_NAMES = frozenset("march april may june august mar apr jun jan".split())
_ORDINAL = (
    r"(?:twenty |thirty |twenty-|thirty-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_BEFORE_MONTH = re.compile(
    rf"(?<![^\W_])(?:[0-3]?\d(?:st|nd|rd|th)?|{_ORDINAL})(?:[ ,]{{1,2}}of)?[ ]$", re.IGNORECASE
)
_SOME_TIME = re.compile(
    r"(?<![^\W_])(?:in|since|until|during|early|late|mid|last|next)[ -]$", re.IGNORECASE
)
_YEAR_OR_DAY = re.compile(
    r",?[ ](?:19|20)\d\d(?!\d)|,?[ ](?:nineteen|twenty|two thousand)\b"
    r"|[ ][0-3]?\d(?:st|nd|rd|th)?(?![\w:/]|[.,]\d|[ ](?:said|and|was|is|who)\b)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![^\W_])"
)
_NO_NAME = (
    r"(?:January|Feb(?:ruary)?|March|July|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_TO_MONTH = re.compile(
    rf"[ ](?:to|until|till|through)[ ]{_MONTH}|[ ](?:and|or)[ ]{_NO_NAME}(?![^\W_])|[ ]?[-/][ ]?{_MONTH}"
)
_FROM_MONTH = re.compile(
    rf"(?<![^\W_])(?:{_MONTH}(?:[ ](?:to|until|till|through)[ ]|[ ]?[-/][ ]?)|{_NO_NAME}[ ](?:and|or)[ ])$"
)
"""Two months; "April and June" may be two people."""

_NAME_NEXT = re.compile(r"['\u2019-]|[ ][A-Z][^\W_]")


def is_month_of_date(text: str, start: int, end: int) -> bool:
    """Say whether a word is the month of a date ("9 May", "in June", "April 2021"), not who is called so.

    Parameters
    ----------
    text : str
        The text.
    start, end : int
        Place of the word, half-open.
    """
    if text[start:end].casefold() not in _MONTHS_AND_NAMES:
        return False
    if _BEFORE_MONTH.search(text, max(start - 20, 0), start) or _YEAR_OR_DAY.match(text, end):
        return True
    if _TO_MONTH.match(text, end) or _FROM_MONTH.search(text, max(start - 20, 0), start):
        return True
    in_some = _SOME_TIME.search(text, max(start - 8, 0), start) is not None
    return in_some and _NAME_NEXT.match(text, end) is None


def is_code(word: str) -> bool:
    """Say whether a word with digits is a number or a code, rather than a name badly scanned."""
    digits = sum(map(str.isdigit, word))
    if not digits:
        return False
    if word[0].isdigit() and len(word) > 1 and word[1:].isalpha():  # 0kafor, but 0ver
        return not _is_misread(word)
    if digits == 1 and _is_misread(word):  # Hu9hes
        return False
    return (
        len(word) < 3
        or digits > 2
        or 2 * digits > len(word)
        or _CODE_DIGITS.search(word) is not None
    )


_READ_AS = {
    "0": "o",
    "1": "il",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "gb",
    "7": "t",
    "8": "b",
    "9": "g",
}
_LEAST_MISREAD = 5  # letters and digits; shorter words are codes


def _is_misread(word: str) -> bool:
    """Say whether a word is surely a name but for one letter, which a reader of scans took for a digit."""
    key = fold(word)
    at = next((place for place, char in enumerate(key) if char.isdigit()), None)
    if at is None or len(key) < _LEAST_MISREAD:
        return False
    known = words()
    return any(
        strength_of(known.get(key[:at] + letter + key[at + 1 :], 0)) >= Strength.WEAK
        for letter in _READ_AS.get(key[at], "")
    )
