"""UK identifiers: each kind valid, invalid, spaced, misread and inside a sentence. All are invented."""

import pytest

from saferedact.text.identifiers import RECOGNISERS, _lines_with, find_identifiers
from saferedact.text.identifiers.recogniser import Recogniser, pattern
from saferedact.text.identifiers.words import WordIndex

USED = 0.35  # the least score of identifiers in the policy that comes with the package
PLATE_USED = 0.25


def covered(text, value, kind=None):
    """Best score of spans of a kind that together cover every letter and digit of the value."""
    at = text.index(value)
    spans = [
        span for span in find_identifiers(text)
        if (kind is None or span.kind == kind)
        and span.score >= (PLATE_USED if span.label == "plate" else USED)
    ]  # fmt: skip
    points = {point for span in spans for point in range(span.start, span.end)}
    wanted = {at + i for i, char in enumerate(value) if char.isalnum()}
    if not wanted <= points:
        return 0.0
    return max(span.score for span in spans if span.start < at + len(value) and at < span.end)


# kind: value, text in which {} stands for it
FOUND = [
    ("vrm", "yankee november nine nine kilo tango bravo", "index {} stopped"),
    ("number", "alpha bravo one two three four five six", "reference {}"),
    ("age", "fourteen", "she was only {} at the time"),
    ("age", "12", "she is only {}."),
    ("age", "thirty five", "he must be about {}"),
    ("age", "15", "a boy of {} was hurt"),
    ("age", "nineteen nearly twenty", "how old is she / MUM: she's {} now"),
    ("handle", "ghostface", "he goes by {} on discord"),
    ("handle", "sniperLee", "gamertag {}"),
    ("handle", "otter.pop", "username was {}"),
    ("username", "otter-pop", "reddit u/{}"),
    ("workplace", "bell inn", "knew him from the {}"),
    ("workplace", "Parcelforce", "drives a van for {}"),
    ("workplace", "Fox and Hounds", "landlord of the {}"),
    ("workplace", "red lion", "works behind the bar at the {}"),
    ("school", "westfield academy", "he goes to {} now"),
    ("address", "beech grove", "lives on {} by the shops"),
    ("address", "king street", "above the chippy on {}"),
    ("address", "moss lane", "round the back of {}"),
    ("address", "number nine", "they are outside {} now"),
    ("address", "number 14", "he lives at {}."),
    ("address", "The Old Forge, Church Lane, Ansty", "of {}"),
    ("address", "Rose Cottage, Nether Wallop", "c/o {}"),
    ("address", "22a marine parade whitby yo21 3pr", "address is {}"),
    ("address", "forty two, Garth Street", "number {}"),
    ("nhs", "943 476 5919", "Patient {} attended"),
    ("nhs", "9434765919", "{}"),
    ("nhs", "943-476-5919", "NHS no {}."),
    ("nhs", "943 476\n5919", "NHS no {}."),
    ("nhs", "943 476 5918", "NHS number: {}"),  # wrong check digit
    ("nhs", "943 476 59I9", "NHS number: {}"),  # misread
    ("nhs", "943 476 5919", "x({})y"),
    ("chi", "0101010001", "CHI {} admitted"),
    ("chi", "010101 0001", "CHI: {}"),
    ("hc-number", "320 000 0013", "H&C number {}"),
    ("nino", "AB123456C", "{}"),
    ("nino", "AB 12 34 56 C", "NI number {} given"),
    ("nino", "QQ 12 34 56 C", "NI: {}"),  # a prefix for examples
    ("nino", "TN123456", "NINO {}"),
    ("nino", "ab123456c", "my ni is {} ok"),
    ("nino", "jt 41 28 76 c", "national insurance number its {}"),
    ("utr", "1955839661", "UTR {}"),
    ("utr", "19558 39661", "tax reference {}"),
    ("utr", "1955839662", "UTR: {}"),
    ("upn", "B801200005001", "{}"),
    ("upn", "B 801 2000 05001", "UPN {}"),
    ("upn", "C801200005001", "pupil {}"),
    ("uln", "1000000043", "ULN {}"),
    ("uln", "100 000 0043", "learner number {}"),
    ("dvla", "KEMBL702024S99AB", "licence {}"),
    ("dvla", "KEMBL 702024 S99AB", "{}"),
    ("dvla", "KEMBL702024S99AB 12", "driver number {}"),
    ("dvla", "NAIR9803142P99CD", "{}"),
    ("dvla", "NAIR98O3142P99CD", "licence {}"),
    ("dvla", "12345678", "DVA licence number {}"),
    ("passport", "123456789", "passport {}"),
    ("passport", "AB1234567", "Passport no: {}"),
    ("brp", "ZX1234567", "BRP {}"),
    ("brp", "ZXX123456", "residence permit {}"),
    ("share-code", "W8T 4K2 9QZ", "share code {}"),
    ("share-code", "WLX97K2QZ", "right to work: {}"),
    ("social-care", "10482", "Liquidlogic ID: {}"),
    ("social-care", "0482113", "Mosaic {}"),
    ("pnc", "2019/0312456P", "PNC ID: {}"),
    ("pnc", "19/312456P", "{} on file"),
    ("pnc", "2019/0312456A", "PNC {}"),
    ("cro", "123456/09Z", "CRO: {}"),
    ("cro", "SF09/123456Z", "{}"),
    ("custody", "42CV/2213/24", "CUSTODY RECORD {}"),
    ("crime-ref", "42/123456/24", "crime number {}"),
    ("crime-ref", "2400187345", "quoting reference {}"),
    ("crime-ref", "DP-20240612-233", "{}"),
    ("crime-ref", "12345/26", "log {} of 3 May"),
    ("crime-ref", "342 of 3 June", "quote log {}."),
    ("crime-ref", "512 of 03/06/26", "incident number {}"),
    ("urn", "12AB1234524", "URN {}"),
    ("urn", "12/AB/12345/24", "{}"),
    ("court-case", "T20267001", "case {}"),
    ("court-case", "01CW0298124", "CASE NO {}"),
    ("collar", "4471", "PC {} attended"),
    ("collar", "G1347", "PC {} Sinclair"),
    ("collar", "310C", "Collar No. PC {}"),
    ("collar", "2218 and 4471", "officers {} said"),
    ("collar", "C4127", "From: Weller, Tom ({})"),
    ("collar", "three four seven one", "police constable {} weller"),
    ("phone", "07700 900345", "call {} now"),
    ("phone", "07700900345", "{}"),
    ("phone", "+44 7700 900 345", "{}: hi"),
    ("phone", "+44 (0)7700 900345", "{}"),
    ("phone", "0044 7700 900345", "{}"),
    ("phone", "(020) 7946 0123", "tel {}"),
    ("phone", "01632-960001", "{}"),
    ("phone", "01632 960\n001", "{}"),
    ("phone", "7700 900 345", "my number is {}"),
    ("phone", "O7700 9OO345", "ph0ned {}"),
    ("phone", "0 7 7 0 0 9 0 0 3 4 5", "my number is {} dont save it"),
    ("phone", "oh seven seven hundred nine double oh three four five", "its {} ok"),
    ("phone", "zero seven seven double zero, nine hundred, three four five", "on {}"),
    ("phone", "+1 202 555 0123", "from {}"),
    ("email", "priya.nair@northmoor.example", "to {}, please"),
    ("email", "p_nair+x@mail.northmoor.example", "<{}>"),
    ("email", "priya dot nair at northmoor dot example", "its {} ok"),
    ("email", "priya.nair (at) northmoor (dot) example", "{}"),
    ("email", "priya.nair [at] northmoor.example", "{}"),
    ("url", "https://northmoor.example/people/42", "see {}."),
    ("url", "www.northmoor.example", "see {} now"),
    ("url", "northmoor.co.uk/x", "see {}"),
    ("handle", "@stu_kemble_wx", "i am {} there"),
    ("handle", "stu.kemble.9", "facebook.com/{}"),
    ("handle", "ash.kxo", "snap: {} tiktok"),
    ("handle", "kemble_99", "add my insta {} pls"),
    ("handle", "#StuartKemble", "share {}"),
    ("username", "decoy_daisy", "then {}: he sent"),
    ("username", "shadowboy99", "i am {} there"),
    ("username", "velvet-otter", "used the name {}."),
    ("username", "throwaway_lud44", "by u/{}"),
    ("ip", "203.0.113.9", "from {} at"),
    ("ip", "2001:db8::8a2e:370:7334", "IP {}"),
    ("mac", "00:1A:2B:3C:4D:5E", "{}"),
    ("mac", "00-1a-2b-3c-4d-5e", "{}"),
    ("imei", "490154203237518", "IMEI {}"),
    ("imei", "49-015420-323751-8", "{}"),
    ("imei", "490154203237517", "handset IMEI {}"),
    ("imsi", "234150999999999", "IMSI {}"),
    ("iccid", "8944110068256270054", "SIM {}"),
    ("iban", "GB82 WEST 1234 5698 7654 32", "{}"),
    ("iban", "GB82WEST12345698765432", "IBAN {}"),
    ("iban", "GB83WEST12345698765432", "IBAN {}"),
    ("card", "4000 0000 0000 0002", "card {}"),
    ("card", "4000000000000002", "{}"),
    ("card", "3400 000000 00009", "amex {}"),
    ("bank-account", "20-99-41 40718826", "paid to {}"),
    ("bank-account", "20-99-41 and account number 40718826", "sort code {}"),
    ("bank-account", "20-99-41", "sort code {}"),
    ("bank-account", "40718826", "account no. {}"),
    ("dob", "14/03/1989", "DOB: {}"),
    ("dob", "21 Sept 1978", "born {} in Leeds"),
    ("dob", "02.07.07", "Kyle DOB {} given"),
    ("dob", "March 3rd, 2001", "date of birth {}"),
    ("dob", "third of june nineteen ninety one", "your date of birth the {} yes"),
    ("dob", "12/12/2001", "gave name Faith Barker, {}"),
    ("age", "47", "Mark Field, {}, of Leeds"),
    ("age", "52", "Colin Stubbs ({}) from"),
    ("age", "13", "a {}-year-old girl"),
    ("age", "35", "AGE: {}"),
    ("age", "13", "lol im {} btw"),
    ("age", "nineteen", "she's {}."),
    ("postcode", "SW1A 1AA", "at {}."),
    ("postcode", "CV1 2GT", "Coventry, {}"),
    ("postcode", "cv1 2gt", "my postcode is {}"),
    ("postcode", "CV12GT", "{}"),
    ("postcode", "GIR 0AA", "{}"),
    ("address", "12 Alder Close, Long Eaton", "of {}, believed"),
    ("address", "Flat 3, 88 Chapel Street, Salford, M3 5JF", "of {}, appeared"),
    ("address", "27 fuller st", "ur at {}??"),
    ("address", "twenty two cromwell street", "i am at {} now"),
    ("address", "Rose Cottage, Mill Lane", "lives at {}."),
    ("address", "l4 Canal View", "noise at {}"),
    ("address", "Heol y Bont, Aberystwyth", "yn {}. Mae"),
    ("address", "64 FFORDD LAS", "{}"),
    ("address", "5 Maes yr Haf", "lives at {} now"),
    ("address", "7 LON GOED", "{}"),
    ("address", "21 Bryn Awel", "{}"),
    ("address", "19B Rye Lane,\nLondon, SE15 4ST", "reside at {}."),
    ("address", "14 Bryn Awel, Pontyclun, CF72 9AA", "lives at {} now"),
    ("address", "14 Bryn Awel", "lives at {} now"),
    ("address", "3 The Hollow, Leeds", "Home address: {}"),
    ("username", "bananaduck", "bananaduck: hi\n{}: u there\nbananaduck: ok"),
    ("workplace", "Silverline Taxis", "a driver for {} said"),
    ("dob", "14 03 1989", "date of birth is {} ok"),
    ("dob", "fourteenth of march nineteen eighty nine", "date of birth?\nyeah its {}"),
    ("collar", "4418", "exhibit,officer\nKB/1,{}\n"),
    ("dob", "14/03/1989", 'name;DOB\nX;"{}"\nY;'),
    ("dob", "1989-03-14", "name | date of birth | x\nX | {} | 2"),
    ("age", "61", "who\tAge\nX\t{}"),
    ("school", "Larkhill Academy", "Year 9 head, {})"),
    ("school", "Holy Trinity CE Primary School", "TA, {}, 4 May"),
    ("school", "Westbury High", "goes to {} with her"),
    ("school", "Ysgol Penllyn", "yn {} nawr"),
    ("workplace", "Harcourt Bell Solicitors", "of {} called"),
    ("workplace", "Asda in Corby", "his wife works at {}"),
    ("workplace", "Ysbyty Bronglais", "gweithio yn {}."),
    ("lat-long", "51.5074, -0.1278", "at {}."),
    ("lat-long", "51\u00b030'26\"N 0\u00b07'39\"W", "at {}"),
    ("os-grid", "TQ 30123 80456", "grid ref {}"),
    ("os-grid", "SK123456", "grid {}"),
    ("what3words", "///filled.count.soap", "at {}"),
    ("what3words", "filled.count.soap", "what3words {}"),
    ("number", "0337714", "box {} of"),
    ("vrm", "YN99 KTB", "a {} outside"),
    ("vrm", "YN99KTB", "{}"),
    ("vrm", "yn99 ktb", "the car was {}"),
    ("vrm", "YN99 KT8", "vehicle {}"),
    ("vrm", "A1 BCD", "{} (R Nunn)"),
    ("vrm", "ABC 123D", "{}"),
    ("vrm", "KAZ 4312", "{} NI"),
    ("vrm", "1234 AB", "vehicle {} dateless"),
    ("vrm", "123 AB", "trade plate {}"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "sentence"), FOUND)
def test_found(kind, value, sentence):
    assert covered(sentence.format(value), value, kind) >= PLATE_USED


def test_every_recogniser_of_the_table_is_tested():
    assert {recogniser.kind for recogniser in RECOGNISERS} <= {kind for kind, *_ in FOUND}


def test_every_recogniser_names_its_source():
    assert all(recogniser.reference for recogniser in RECOGNISERS)


@pytest.mark.parametrize(
    ("valid", "invalid", "kind"),
    [
        ("943 476 5919", "943 476 5918", "nhs"),
        ("0101010001", "0101010002", "chi"),
        ("1955839661", "2955839661", "utr"),
        ("B801200005001", "C801200005001", "upn"),
        ("2019/0312456P", "2019/0312456A", "pnc"),
        ("123456/09Z", "123456/09A", "cro"),
        ("490154203237518", "490154203237517", "imei"),
        ("4000000000000002", "4000000000000003", "card"),
        ("GB82WEST12345698765432", "GB83WEST12345698765432", "iban"),
        ("AB123456C", "TN123456C", "nino"),
    ],
)
def test_a_failed_check_lowers_the_score_and_never_drops(valid, invalid, kind):
    def score(value):
        return max(span.score for span in find_identifiers(value) if span.kind == kind)

    assert score(valid) > score(invalid) > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "7",
        "\n",
        "The meeting on 14/06/2026 began at 18:02 and ended at 19.30.",
        "It cost 250 pounds, or 1,200 in all, in 2026.",
        "Chapter 12, page 340, section 4.2.",
        "Call 101 or 999.",
        "He drove along the A483 and the M25.",
        "See https://www.northmoor.police.uk/appeal for more.",
        "The court is open. The road is closed.",
        "He was 5 minutes late. She was one of many. It is 12 miles.",
        "He went to the local school and left the old school at nine.",
        "She lives in a new house on the hill, near the church.",
        "He is in the hotel. My account was hacked.",
        "India and Lima are far away. Mike, Oscar and Victor.",
    ],
)
def test_left_alone(text):
    assert [span for span in find_identifiers(text) if span.score >= USED] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3\u06601\u0660\u0660\u0660\u0660\u0660\u0660\u0660", "chi"),
        ("SMITH\u0660\u0661\u0662\u0663\u0664\u0665JO9AA", "dvla"),
        ("1\u0662\u0663 456 7890", "uln"),
        ("AB\u0660\u0661 02 03 A", "nino"),
        ("ring \u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663", "phone"),
    ],
)
def test_digits_of_other_scripts_are_digits_to_forms_and_checks(text, kind):
    assert kind in {span.kind for span in find_identifiers(text)}


def test_a_row_that_looks_like_a_heading_hides_nothing_below_it():
    text = "name,born,what\nA,01/02/1990,school\nB,03/04/1991,Hill Primary\n\nC,05/06/1992,x"
    spans = [span for span in find_identifiers(text) if span.score >= USED]
    found = {text[span.start : span.end]: span.kind for span in spans}
    assert found["03/04/1991"] == "dob"
    assert found["Hill Primary"] == "school"
    assert "05/06/1992" not in found


def test_spans_lie_in_the_source():
    text = "NHS n\u00ado 943\u200b 476 5919"
    spans = [span for span in find_identifiers(text) if span.kind == "nhs"]
    assert [text[span.start : span.end] for span in spans] == ["943\u200b 476 5919"]


@pytest.mark.parametrize("row", [row for row in RECOGNISERS if row.leads or row.signs])
def test_looking_at_certain_places_alone_misses_nothing(row):
    text = "\n".join(sentence.format(value) for _, value, sentence in FOUND)
    places = WordIndex({"row": row.leads}).places(text)["row"]
    if row.leads:
        found = list(row.find_at(text, places))
    else:
        found = [
            span
            for start, end in _lines_with(text, row.signs)
            for span in row.find(text, start, end)
        ]
    assert found == row.find(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", []),
        ("@", ["@"]),
        ("a\n@\n", ["@\n"]),
        ("@\n@\nb\n@@", ["@\n@\n", "@@"]),
        ("\n\n@", ["@"]),
    ],
)
def test_lines_with_a_sign(text, lines):
    assert [text[start:end] for start, end in _lines_with(text, ("@", "x"))] == lines
    assert list(_lines_with(text, ())) == [(0, len(text))]


def test_rows_of_a_policy_join_the_table():
    row = Recogniser("locker", pattern(r"LK\d{3}"), score=0.7, reference="test")
    found = find_identifiers("in LK123 now", more=[row])
    assert any((span.kind, span.start, span.end) == ("locker", 3, 8) for span in found)


HOSTILE = [
    "1" * 20_000, "1 " * 10_000, "a1" * 10_000, "1-" * 10_000, "A " * 10_000, "Aa " * 8_000,
    "0.1." * 5_000, "@" * 20_000, "a@" * 10_000, "a." * 10_000, "a_" * 10_000, "one " * 5_000,
    " at " * 5_000, "dot " * 5_000, "St " * 7_000, "Flat 1, " * 3_000, "1:" * 10_000, "///" * 7_000,
    "http://" * 3_000, "how old " * 3_000, "12/" * 7_000, "\n" * 20_000, "born the " * 3_000, "x#1" * 7_000,
    "School " * 3_000, "1 Aa " * 5_000, "1 " + "Aa " * 8_000, "1 " + "aa" * 10_000 + " CV1 2GT", "born " * 4_000,
    "CV1 2GT " * 3_000, "aa: " * 6_000, "aa: \n" * 5_000, "works at A " * 2_000, "age,age\n" * 3_000, "age," * 5_000, "age,dob\n" + "1,2\n" * 5_000, "address: " * 3_000, "+44 (0) " * 3_000, "O0" * 10_000, "l1 " * 7_000, "PC " * 7_000, "snap is " * 3_000,
    "works aa " * 3_000, "at the aa bb " * 3_000 + "school", "school " * 3_000, "at aa school " * 3_000, "yankee " * 5_000,
    "yankee 1 " * 3_000, "lives on aa bb road " * 2_000, "lives on " + "aa " * 8_000 + "road", "The Aa, " * 3_000 + "Aa Street",
    "on aa " * 6_000 + "street", "outside number " * 3_000, "A_B " * 9_000, "a_" * 9_000, "_" * 20_000, "aB" * 9_000 + "_",
    "Log 1 of " * 3_000, "u/" * 9_000, "goes by aa on " * 3_000, "Aa Cottage, " * 3_000, "she was only " * 3_000, "1 two " * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_come_to_an_end(text):
    """A search that backtracks without bound would not."""
    assert all(0 <= span.start < span.end <= len(text) for span in find_identifiers(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the Royal Friends of Westbury Hospital", "Royal Friends of Westbury Hospital"),
        ("at Sisters of Mercy Hospital", "Sisters of Mercy Hospital"),
        ("She works at Westbury Infirmary. She left", "Westbury Infirmary"),
        ("a nurse at Westbury Infirmary. She left", "Westbury Infirmary"),
    ],
)
def test_a_place_of_work_is_without_the_next_sentence(text, place):
    found = [text[s.start : s.end] for s in find_identifiers(text) if s.kind == "workplace"]
    assert found == [place]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("on the street", "address"),
        ("down the main road", "address"),
        ("the priority value is 50.", "age"),
        ("as rfc2119 says, in utf8", "username"),
        ("see figure12 and int32", "username"),
    ],
)
def test_what_only_looks_like_one(text, kind):
    assert not [s for s in find_identifiers(text) if s.kind == kind and s.score >= USED]


_CONSTANTS = "ALIAS_OFFSET GLOB_OFFSET MAGIC_OFFSET PARENT_OFFSET LITERAL_OFFSET ICON_OFFSET"
_FUNCTIONS = "lib_read_tag lib_write_tag lib_copy_node lib_find_node lib_check_version lib_print"


def usernames(text):
    found = (s for s in find_identifiers(text) if s.kind in {"username", "handle"})
    return list(dict.fromkeys(text[s.start : s.end] for s in found if s.score >= USED))


@pytest.mark.parametrize("words", [_CONSTANTS, _FUNCTIONS])
def test_words_of_programs_are_no_user_names(words):
    assert usernames(words) == []
    assert usernames(words + " RANGE_START fileName") == []
    assert usernames(words.rpartition(" ")[0]) == words.split()[:-1]  # five may be people


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{_CONSTANTS}\nghost_otter: who is this", ["ghost_otter"]),
        (f"{_CONSTANTS}\nGHOST_OTTER: WHO IS THIS", ["GHOST_OTTER"]),
        (f"{_CONSTANTS} RANGE_START\nRANGE_START: yes", ["RANGE_START"]),  # it sends
        (f"{_CONSTANTS}\nask otter_pop or sarah_offset", ["otter_pop", "sarah_offset"]),
        (f"{_CONSTANTS}\nsnapchat ICON_OFFSET", ["ICON_OFFSET"]),
        (f"{_CONSTANTS} @icon_offset", ["@icon_offset"]),
        (
            "gilly_x kez_x daz_x liv_x tash_x bex_x",
            "gilly_x kez_x daz_x liv_x tash_x bex_x".split(),
        ),
        ("gilly_ldn kez_ldn daz_ldn liv_ldn tash_ldn bex_ldn", 6),
        ("otter_2008 badger_2008 ghost_2008 rider_2008 puffin_2008 weasel_2008", 6),
    ],
)
def test_user_names_among_words_of_programs_are_found(text, names):
    found = usernames(text)
    assert len(found) == names if isinstance(names, int) else found == names


_LISTING = "00000020\n00 05 64 69 66 66 09 0a\n3e 30 3d 00 04 2a 2a 2a\n|..diff..>0=..***|\n"


def test_a_listing_of_bytes_is_no_number():
    assert not [s for s in find_identifiers(_LISTING) if s.kind in {"phone", "number"}]
    inside = _LISTING + "Tel: 07700 900482"
    assert [inside[s.start : s.end] for s in find_identifiers(inside) if s.kind == "phone"] == [
        "07700 900482"
    ]


@pytest.mark.parametrize(
    "text", ["07 70 09 00 48 2", "Tel: 01 63 29 60 04 8", "45 39 14 88 03 43 64 67"]
)
def test_pairs_of_digits_alone_are_a_number(text):
    assert any(s.kind in {"phone", "card", "number"} for s in find_identifiers(text))


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("the type text/x-content is used", None),
        ("it is used with the name attribute.", None),
        ("add me on insta jo.bloggs please", "jo.bloggs"),
        ("snap - jbloggs", "jbloggs"),
        ("Snap: jbloggs", "jbloggs"),
        ("using the name jo-bloggs. Then", "jo-bloggs"),
    ],
)
def test_a_service_joined_to_a_word_and_the_end_of_a_sentence_make_no_user_name(text, handle):
    found = [
        text[s.start : s.end] for s in find_identifiers(text) if s.kind in {"handle", "username"}
    ]
    assert found == ([] if handle is None else [handle])
