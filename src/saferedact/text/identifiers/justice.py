"""References of police, prosecutors and courts. Forms vary by force: a policy adds its own."""

from saferedact.text.identifiers.checks import cro_check, pnc_check
from saferedact.text.identifiers.dates import DATE
from saferedact.text.identifiers.recogniser import Recogniser, cue, pattern

__all__ = ["COLLAR_CUE", "JUSTICE"]

_REFERENCE = (
    r"crime|occurrence|incident|log|ref(?:erence)?|quot(?:e|ing)|cad|niche|stormm?|iuid|case|crn"
    r"|urn|mg\d{1,2}|ddyfynnu|cyfeirnod|investigation|report"
)
_COURT = r"case|court|trial|indictment|claim|crown|magistrates|before|cause|listed"

COLLAR_CUE = (
    r"pc|dc|ds|ps|tdc|dpc|wpc|pcso|sgt|sergeant|insp|inspector|di|dci|sc|dii|cso|pso"
    r"|(?:police |detective |special )?constables?|officer|oic|collar|shoulder|warrant|badge|epaulette"
    r"|cwnstabl|rhingyll|swyddog"
)

JUSTICE: tuple[Recogniser, ...] = (
    Recogniser(
        "pnc",
        pattern(r"(?:\d{2}|(?:19|20)\d{2}) ?/ ?\d{1,7} ?[A-HJ-NP-RT-Z]"),
        score=0.5,
        cued=0.9,
        cue=cue(r"pnc(?: ?id)?|police national computer"),
        check=pnc_check,
        reference="hmpps-person-record, PNCIdentifier.kt",
    ),
    Recogniser(
        "cro",
        pattern(r"\d{1,6}/\d{2}[A-HJ-NP-RT-Z]|SF\d{2}/\d{1,6}[A-HJ-NP-RT-Z]"),
        score=0.5,
        cued=0.9,
        cue=cue(r"cro(?: ?no\.?)?|criminal records? office"),
        check=cro_check,
        reference="hmpps-person-record, CROIdentifier.kt",
    ),
    Recogniser(
        "custody",
        pattern(r"\d{0,2}[A-Z]{1,4}/\d{2,6}/\d{2,4}"),
        score=0.7,
        cued=0.9,
        cue=cue(r"custody|detention|detained|dp"),
        reference="Practice: station code, running number, year; varies by force",
    ),
    Recogniser(
        "urn",
        pattern(r"\d{2}[A-Z\d]{2}\d{7,9}|\d{2}/[A-Z\d]{2}/\d{5,7}/\d{2}|[A-Z]{2}/\d{3,7}/\d{2}"),
        score=0.6,
        cued=0.9,
        cue=cue(r"urn|unique reference|cps|mg\d{1,2}"),
        reference="CPS, Unique Reference Number: force, unit, number, year",
    ),
    Recogniser(
        "crime-ref",
        pattern(
            r"\d{2}[ *]\d{6,9}|\d{2}/\d{4,7}/\d{2}|\d{4,8}[/\-]\d{2}|[A-Z]{1,4}[ \-/]?\d{6,8}[\-/]\d{1,6}"
            r"|(?:CR|CI|OC|NC|CAD)[ /\-]?\d{3,9}(?:/\d{2,4})?|[A-Z]\d{8,10}"
        ),
        score=0.5,
        cued=0.85,
        cue=cue(_REFERENCE),
        reference="Practice of forces (Niche, Athena, CRIS); varies",
    ),
    Recogniser(
        "crime-ref",
        pattern(
            rf"(?:{_REFERENCE})[ \t]*(?:id|no\.?|number|code)?[ \t]*(?:is|of)?[ \t]*[:#=\-]?[ \t]*#?(?P<id>(?=[A-Z/\-]{{0,6}}\d)[A-Z\d][A-Z\d/\-]{{2,20}}[A-Z\d])"
        ),
        score=0.7,
        accept=lambda found: sum(char.isdigit() for char in found) >= 2,
        reference="A reference by its cue word",
    ),
    Recogniser(
        "court-case",
        pattern(
            r"[TSA] ?(?:19|20)\d{6}|[TSAU]\d{8}|\d{2}[A-Z]{2}\d{7}\d?|[A-Z]{2}\d{2}[A-Z]\d{5}|[A-Z]\d{2}[A-Z]{2}\d{3}"
        ),
        score=0.6,
        cued=0.9,
        cue=cue(_COURT),
        reference="HMCTS: Crown Court T/S/A numbers, Common Platform, civil claims",
    ),
    Recogniser(
        "collar",
        pattern(
            rf"(?:{COLLAR_CUE})(?![^\W\d_])[ \t]*(?:no\.?|number|num|#)?[ \t]*[:.#\-]?[ \t]*"
            r"(?P<id>(?:(?:pc|dc|ps|ds)[ ]?)?[A-Z]{0,2}[ ]?\d{2,6}[A-Z]{0,2})"
        ),
        score=0.85,
        reference="Practice: collar, shoulder and warrant numbers after a rank or the word",
    ),
    Recogniser(
        "collar",
        pattern(
            r"(?:officers|constables|pcs|dcs|pcsos)[ ](?P<id>\d{2,6}(?:(?:,[ ]?|,?[ ]and[ ]|[ ]&[ ])\d{2,6}){0,8})"
        ),
        score=0.8,
        reference="Practice: several numbers after a rank",
    ),
    Recogniser(
        "crime-ref",
        pattern(
            rf"(?:log|incident|cad|event|occurrence)[ \t]*(?:no\.?|number|num|ref(?:erence)?\.?)?[ \t]*[:#]?[ \t]*(?P<id>\d{{1,5}}[ ]of[ ](?:the[ ])?{DATE})"
        ),
        score=0.7,
        reference="Practice of control rooms: the day's running number and the day",
    ),
    Recogniser(
        "crime-ref",
        pattern(r"(?:[a-z]{2}|\d{2})(?:[ ]slash[ ]\w{2,7}){1,3}"),
        score=0.7,
        reference="A reference with its strokes spoken",
    ),
    Recogniser(
        "collar",
        pattern(r"(?<=\()[A-Z]{1,2}\d{3,5}(?=\))"),
        score=0.5,
        reference="Practice: a collar number in brackets after a name in police e-mail",
    ),
)
