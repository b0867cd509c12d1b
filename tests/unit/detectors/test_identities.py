"""Names and identifiers of a text as a whole: policy, case file, numbering, failing detectors."""

import pytest

import saferedact
from saferedact.casefile import load_case
from saferedact.detectors.base import DetectorInfo, TextDetector
from saferedact.detectors.identities import IdentityEngine, find_identities
from saferedact.detectors.placeholders import Placeholders
from saferedact.detectors.replace_text import redact_pieces, redact_text
from saferedact.errors import (
    DetectorError,
    InputError,
    LimitExceededError,
    PolicyInvalidError,
    RedactionError,
)
from saferedact.policy import load_policy
from saferedact.policy_tables import TextOptions
from saferedact.text.spans import TextSpan


class Finder:
    """Finds given words with given scores, as a name detector would."""

    def __init__(self, **scores):
        self._scores = scores
        self.info = DetectorInfo("finder", "1", ("name",))

    def detect(self, text, *, language="en"):
        return [
            TextSpan(at, at + len(word), "name", "person", score, "finder")
            for word, score in self._scores.items()
            for at in range(len(text))
            if text.startswith(word.replace("_", " "), at)
        ]


NOBODY = [Finder()]


def case_of(*people):
    head = '[case]\nstage = "charged"\njurisdiction = "england_wales"\n'
    tables = "".join(f"[[people]]\n{person}\n" for person in people)
    return load_case(f'schema = "saferedact.case/1"\n{head}{tables}'.encode())


DEFENDANT = (
    'ref = "D1"\nrole = "defendant"\nname = "Stuart Kemble"\naliases = ["Stu"]\nage = 52\n'
    'publishable = true\npublishable_fields = ["name", "age", "town"]\n'
    'addresses = ["27 Fuller Street, Westbury Cross"]\nvehicles = ["YN99 KTB"]'
)
SON = 'ref = "W1"\nrole = "witness"\nname = "Oscar Kemble"\nunder_18 = true'
COMPLAINANT = (
    'ref = "C1"\nrole = "complainant"\nname = "Priya Nair"\naliases = ["Pri"]\n'
    'phones = ["07700 900345"]\nemails = ["pn@northmoor.example"]\nschools = ["Westbury College"]'
)


def policy_with(**changes):
    policy = load_policy()
    return policy.model_copy(update=changes)


def texts(text, **options):
    options.setdefault("detectors", NOBODY)
    return [
        (text[span.start : span.end], span.kind, span.person_ref)
        for span in find_identities(text, **options)
    ]


def test_public_names():
    assert saferedact.find_identities is find_identities
    assert saferedact.redact_text is redact_text
    assert isinstance(NOBODY[0], TextDetector)


def test_nothing_in_nothing():
    assert find_identities("", detectors=NOBODY) == []
    assert redact_text("", detectors=NOBODY) == ("", [])


def test_identifiers_and_names_are_joined():
    found = texts("Ann on 07700 900345", detectors=[Finder(Ann=0.9)])
    assert found == [("Ann", "person", None), ("07700 900345", "phone", None)]


def test_the_policys_scores_decide():
    detectors = [Finder(Ann=0.1, Bob=0.2)]
    assert texts("Ann saw Bob", detectors=detectors) == [("Bob", "person", None)]


def test_the_policys_labels_decide():
    policy = load_policy()
    only_plates = policy.model_copy(update={"labels": {"plate": policy.labels["plate"]}})
    found = find_identities("Ann in YN99 KTB, 07700 900345", policy=only_plates)
    assert [span.label for span in found] == ["plate"]


def test_a_name_found_once_is_found_everywhere():
    text = "Priya Havercroft came. HAVERCROFT left; P. Havercroft, and priya too. Will they?"
    found = texts(text, detectors=[Finder(Priya_Havercroft=0.9)])
    assert [value for value, *_ in found] == [
        "Priya Havercroft", "HAVERCROFT", "P. Havercroft", "priya",
    ]  # fmt: skip


def test_names_of_a_list_stay_apart():
    found = texts("Anna Bell, Carl Dunn", detectors=[Finder(Anna_Bell=0.9, Carl_Dunn=0.9)])
    assert [value for value, *_ in found] == ["Anna Bell", "Carl Dunn"]


def test_a_name_before_a_place_of_work_is_a_name():
    text = "Priya Nair of Westbury Infirmary"
    detectors = [Finder(Priya_Nair=0.9)]
    assert redact_text(text, detectors=detectors)[0] == "[NAME] of [WORKPLACE]"
    assert redact_text(text, detectors=NOBODY)[0] == "[WORKPLACE]"  # covered, whoever it is


def test_a_name_that_is_only_possible_is_not_swept():
    found = texts(
        "Priya Havercroft came. Havercroft left.", detectors=[Finder(Priya_Havercroft=0.3)]
    )
    assert [value for value, *_ in found] == ["Priya Havercroft"]


def test_people_of_the_case_have_references():
    text = "Miss Nair (Pri) of Westbury College: pn@northmoor.example, +44 7700 900 345"
    found = texts(text, case=case_of(COMPLAINANT))
    assert {(value, ref) for value, _, ref in found} >= {
        ("Nair", "C1"),
        ("Pri", "C1"),
        ("Westbury College", "C1"),
        ("pn@northmoor.example", "C1"),
        ("+44 7700 900 345", "C1"),
    }
    assert {ref for *_, ref in found} == {"C1"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Stuart Kemble, 52, was charged.", "Stuart Kemble, 52, was charged."),
        ("Kemble denies it.", "Kemble denies it."),
        ("Stu said no.", "Stu said no."),
        ("Oscar Kemble is his son.", "[NAME] is his son."),
        ("Oscar is his son.", "[NAME] is his son."),
        ("Stuart Kemble, 53, was", "Stuart Kemble, [AGE], was"),
        ("at 27 Fuller Street", "at [ADDRESS]"),
        ("in YN99 KTB", "in [PLATE]"),
    ],
)
def test_a_publishable_name_stays_and_nothing_else(text, left):
    case = case_of(DEFENDANT, SON)
    detectors = [Finder(Stuart_Kemble=0.9, Kemble=0.9, Stu=0.9)]
    assert redact_text(text, case=case, detectors=detectors)[0] == left


@pytest.mark.parametrize(
    ("publishable", "protected", "text", "left"),
    [
        # Two people of one name: nobody can tell which of them a text means.
        ("Sam Hill", "Sam Hill", "Sam Hill spoke of Sam Hill.", "[NAME] spoke of [NAME]."),
        # A whole name that is a part of another one.
        (
            "Alan Marie Smith",
            "Marie Smith",
            "Alan Marie Smith hit Marie Smith.",
            "Alan Marie Smith hit [NAME].",
        ),
        ("Lee Carter", "Lee", "Lee Carter hit Lee; Carter left.", "Lee Carter hit [NAME]; Carter left."),
        # A surname that is a forename, and the other way round.
        ("Jordan Blake", "Casey Jordan", "Jordan Blake hit Jordan.", "Jordan Blake hit [NAME]."),
        ("Casey Jordan", "Jordan Blake", "Casey Jordan hit; Jordan left.", "Casey Jordan hit; Jordan left."),
    ],
)  # fmt: skip
def test_what_means_a_protected_person_as_surely_is_no_publishable_name(
    publishable, protected, text, left
):
    case = case_of(
        f'ref = "D1"\nrole = "defendant"\nname = "{publishable}"\npublishable = true',
        f'ref = "C1"\nrole = "complainant"\nname = "{protected}"',
    )
    assert redact_text(text, case=case, detectors=NOBODY)[0] == left


def test_a_pet_form_alone_is_no_name_that_may_be_seen():
    """Lily can be short for Elizabeth, who is charged; here she is a child that no case lists."""
    case = case_of(
        'ref = "D1"\nrole = "defendant"\nname = "Elizabeth Ann Pugh-Kemble"\npublishable = true'
    )
    text = "Elizabeth hit Lily. Elizabeth Ann Pugh-Kemble. Lily. Kemble, or Pugh-Kemble, left."
    redacted, _ = redact_text(text, case=case, detectors=[Finder(Lily=0.9, Kemble=0.9)])
    assert redacted == text.replace("Lily", "[NAME]")


@pytest.mark.parametrize(
    "name",
    [
        "\u24c5\u24c7\u24be\u24ce\u24b6 \u24c3\u24b6\u24be\u24c7",  # in circles: signs, not letters
        "\U0001f17f\U0001f181\U0001f178\U0001f188\U0001f170",
        "P\u0336r\u0336i\u0336y\u0336a\u0336",
    ],
)
def test_names_in_fancy_writing_are_replaced(name):
    case = case_of(COMPLAINANT)
    assert redact_text(f"said {name}.", case=case, detectors=NOBODY)[0] == "said [NAME]."
    assert redact_text(f"{name} [NAME].", case=case, detectors=NOBODY)[0] == "[NAME] [NAME]."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Priya%20N%61ir", "[NAME]"),
        ("see Olivia%20Bramhall.pdf", "see [NAME].pdf"),
        ("https://x.example/p?u=Priya%20Nair&session=8271abc", "[URL]"),
        ("N&#97;ir and Na\\u0069r", "[NAME] and [NAME]"),
        ("token UHJpeWEgTmFpcg== end", "token [NAME] end"),
        ("cGhvbmUgMDc3MDAgOTAwMzQ1", "[PHONE]"),
    ],
)
def test_escaped_letters_are_read(text, left):
    case = case_of('ref = "C1"\nrole = "complainant"\nname = "Priya Nair"')
    finder = [Finder(Olivia_Bramhall=0.9)]
    assert redact_text(text, case=case, detectors=finder)[0] == left


def test_a_name_that_a_scan_would_take_for_it_is_another_one():
    case = case_of('ref = "D1"\nrole = "defendant"\nname = "Neil Kemble"\npublishable = true')
    redacted, _ = redact_text("Neil hit Nell.", case=case, detectors=[Finder(Neil=0.9, Nell=0.9)])
    assert redacted == "Neil hit [NAME]."


def test_an_address_of_two_people_is_that_of_the_protected_one():
    shared = 'addresses = ["27 Fuller Street, Westbury Cross"]'
    may = DEFENDANT.replace('"town"]', '"town", "address"]')
    text = "at 27 Fuller Street, Westbury Cross"
    alone = redact_text(text, case=case_of(may), detectors=NOBODY)[0]
    both = redact_text(text, case=case_of(may, f"{COMPLAINANT}\n{shared}"), detectors=NOBODY)[0]
    assert (alone, both) == (text, "at [ADDRESS]")


def test_a_policy_can_take_publishable_names_too():
    policy = load_policy()
    strict = policy.model_copy(
        update={"text": policy.text.model_copy(update={"publishable_names": "redact"})}
    )
    redacted, _ = redact_text(
        "Stuart Kemble, 52, was", policy=strict, case=case_of(DEFENDANT), detectors=NOBODY
    )
    assert redacted == "[NAME], [AGE], was"


def test_an_address_and_a_vehicle_may_be_publishable():
    person = DEFENDANT.replace('"town"]', '"town", "address", "vehicle"]')
    text = "at 27 Fuller Street, Westbury Cross in YN99 KTB"
    assert redact_text(text, case=case_of(person), detectors=NOBODY)[0] == text


def test_numbers_stand_for_people():
    policy = load_policy()
    numbered = policy.model_copy(
        update={"text": policy.text.model_copy(update={"replacement": "numbered"})}
    )
    text = "Priya Nair met Ann. Miss Nair and ANN left on 07700 900345."
    redacted, _ = redact_text(
        text, policy=numbered, case=case_of(COMPLAINANT), detectors=[Finder(Ann=0.9, ANN=0.9)]
    )
    assert redacted == "[NAME 01] met [NAME 02]. Miss [NAME 01] and [NAME 02] left on [PHONE]."


def test_placeholders_are_left():
    text = "[NAME] and [NAME 12] on [PHONE], [NHS] [SMITH]"
    found = texts(text, detectors=[Finder(NAME=0.9, PHONE=0.9, SMITH=0.9)])
    assert [value for value, *_ in found] == ["SMITH"]


def test_what_shows_only_after_a_replacement_goes_as_well():
    class Second:
        info = DetectorInfo("second", "1", ("name",))

        def detect(self, text, *, language="en"):
            at = text.find("Bob")
            found = at >= 0 and "Ann" not in text
            return [TextSpan(at, at + 3, "name", "person", 0.9, "second")] if found else []

    redacted, spans = redact_text("Ann, then Bob", detectors=[Finder(Ann=0.9), Second()])
    assert redacted == "[NAME], then [NAME]"
    assert [(span.start, span.end) for span in spans] == [(0, 3), (10, 13)]


def test_a_text_that_never_comes_to_rest_is_refused():
    class Endless:
        info = DetectorInfo("endless", "1", ("name",))

        def __init__(self):
            self._looks = 0

        def detect(self, text, *, language="en"):
            self._looks += 1
            at = text.index("word") + self._looks % 2
            return [TextSpan(at, at + 1, "name", "person", 0.9, "endless")] if text else []

    with pytest.raises(RedactionError, match="still found"):
        redact_text("word " * 40, detectors=[Endless()])


def test_pieces_are_cut_where_they_end():
    engine = IdentityEngine.of("release", None, "en", [Finder(Ann_Bee=0.9)])
    text = "Ann Bee x"
    result = redact_pieces(text, [(0, 3), (4, 9)], engine)
    assert result.pieces == ["[NAME]", "[NAME] x"]
    assert [(span.start, span.end) for span in result.spans] == [(0, 3), (4, 7)]
    assert redact_pieces(text, [(0, 4)], engine).pieces == ["[NAME]"]
    assert redact_pieces(text, [], engine).pieces == []


def test_patterns_of_the_policy(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'schema = "saferedact.policy/1"\nname = "own"\nextends = "release"\n'
        '[[patterns]]\nname = "locker"\nregex = "nm~l\\\\d{4}"\ncues = ["locker no."]\n'
        "score = 0.2\ncued_score = 0.9\n"
        '[[patterns]]\nname = "tag"\nregex = "zz[a-z]{3}"\nlabel = "plate"\n'
    )
    text = "locker no. NM~L1234 and zzabc; " + "then " * 12 + "NM~L1234 again"
    assert redact_text(text, policy=path, detectors=NOBODY)[0] == (
        "locker no. [LOCKER] and [TAG]; " + "then " * 12 + "NM~L1234 again"
    )


@pytest.mark.parametrize(
    "rows",
    [
        'name = "x1"\nregex = "a"',
        'name = "abc"\nregex = "a+"',
        'name = "abc"\nregex = "a"\nlabel = "face"',
        'name = "abc"\nregex = "a"\ncues = [""]',
        'name = "abc"',
    ],
)
def test_bad_patterns_are_refused(tmp_path, rows):
    path = tmp_path / "own.toml"
    path.write_text(
        'schema = "saferedact.policy/1"\nname = "own"\nextends = "release"\n[[patterns]]\n' + rows
    )
    with pytest.raises(PolicyInvalidError, match=r"patterns\[0\]"):
        load_policy(path)


class Broken:
    info = DetectorInfo("broken", "1", ("name",))

    def __init__(self, error):
        self._error = error

    def detect(self, text, *, language="en"):
        raise self._error


def test_a_detector_that_fails_is_an_error_without_the_text():
    with pytest.raises(DetectorError, match=r"broken failed \(RuntimeError\)") as caught:
        find_identities("Ann", detectors=[Broken(RuntimeError("Ann"))])
    assert "Ann" not in str(caught.value)
    with pytest.raises(DetectorError, match="not now"):
        find_identities("Ann", detectors=[Broken(DetectorError("not now"))])


def test_limits():
    policy = policy_with(limits={"max_text_chars": 5})
    with pytest.raises(LimitExceededError, match="6 characters"):
        find_identities("abcdef", policy=policy, detectors=NOBODY)
    with pytest.raises(LimitExceededError):
        redact_text("abcdef", policy=policy, detectors=NOBODY)
    assert find_identities("abcde", policy=policy, detectors=NOBODY) == []


def test_unknown_policy():
    with pytest.raises(InputError):
        find_identities("a", policy="nothing", detectors=NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 07700 900345 \udfff",
        "\u202e07700 900345\u202c",
        "\u05e9\u05dc\u05d5\u05dd 07700 900345 \u0645\u0631\u062d\u0628\u0627",
        "e\u0301\u0301\u0301 07700 900345 \u0301",
        "\x00\x01 07700 900345",
    ],
)
def test_odd_characters_hide_nothing_and_stay(text):
    redacted, _ = redact_text(text, detectors=NOBODY)
    assert redacted == text.replace("07700 900345", "[PHONE]")


@pytest.mark.parametrize(
    "text",
    [
        "Year group: 10\nSchool: Larkhill Academy\nSEN status: none",
        "Address: 12 Alder Close, Leeds: PC 4418\nCustody Sgt: 2231",
        "School: [SCHOOL]\nx",
        "ADDRESS: [ADDRESS]: [COLLAR] [NAME]\n",
    ],
)
def test_a_field_that_a_placeholder_fills_is_no_find(text):
    redacted, _ = redact_text(text, detectors=NOBODY)
    assert find_identities(redacted, detectors=NOBODY) == []
    assert redact_text(redacted, detectors=NOBODY)[0] == redacted


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ifan, from Llanidloes, said", "Llanidloes"),
        ("missing from Tarbert, Isle of Harris, on", "Tarbert, Isle of Harris"),
        ("She lives in Stoke-on-Trent.", "Stoke-on-Trent"),
        ("drove to Long Eddering with", "Long Eddering"),
        ("HE LIVES IN WIDNES AND WORKS", "WIDNES"),
        ("tbone from stonebridge?", "stonebridge"),
        ("he moved to hull with us", "hull"),
        ("shes up in long eaton now", "long eaton"),
        ("at the shop in pontypridd", "pontypridd"),
        ("sent back to hmp altcourse", "altcourse"),
        ("he drove to widnes", "widnes"),
    ],
)
def test_towns_go_only_where_the_policy_says_so(text, place):
    assert find_identities(text, detectors=NOBODY) == []
    spans = find_identities(
        text, policy=policy_with(text=TextOptions(towns="redact")), detectors=NOBODY
    )
    assert [(text[s.start : s.end], s.kind, s.score) for s in spans] == [(place, "place", 0.35)]


@pytest.mark.parametrize(
    "text",
    [
        "in March, from Monday to Friday, of May",
        "from over there and from yesterday",
        "i want to bury him at home, in bed",
        "from start to finish",
        "went from bad to worse",
    ],
)
def test_months_and_ordinary_words_are_no_towns(text):
    assert (
        find_identities(
            text, policy=policy_with(text=TextOptions(towns="redact")), detectors=NOBODY
        )
        == []
    )


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        (0, 6, []),
        (0, 14, ["Smith"]),
        (7, 14, ["Smith, "]),
        (7, 19, ["Smith"]),
        (0, 27, ["Smith, [AGE], of x"]),
        (22, 27, ["f x"]),
    ],
)
def test_placeholders_at_the_ends_of_a_find_are_no_part_of_it(start, end, kept):
    text = "[NAME] Smith, [AGE], of x"
    placeholders = Placeholders(load_policy())
    masked = placeholders.mask(text)
    span = TextSpan(start, min(end, len(text)), "name", "person", 0.9, "test")
    spared = list(placeholders.spare([span], masked))
    assert [text[s.start : s.end] for s in spared] == kept


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[DOB 010190]", "[DOB [DOB]]"),
        ("PC [COLLAR 4321]", "PC [COLLAR [COLLAR]]"),
        ("PC [NAME 01] and [DOB]", "PC [NAME 01] and [DOB]"),
    ],
)
def test_what_people_write_in_brackets_is_no_placeholder(text, left):
    assert redact_text(text, detectors=NOBODY)[0] == left


def test_the_month_of_a_date_is_not_found_again():
    text = "Anna April left in April. April was seen on April 3."
    found = find_identities(text, detectors=[Finder(Anna_April=0.9)])
    starts = {span.start for span in found if span.kind == "person"}
    assert 0 in starts
    assert starts.isdisjoint({19, 44})


@pytest.mark.parametrize(
    ("text", "score", "found"),
    [
        ("the URI of it, and the uri again", 0.7, ["URI"]),
        ("the URI of it, and the uri again", 0.9, ["URI", "uri"]),
        ("THE URI OF IT, and THE uri AGAIN", 0.7, ["URI", "uri"]),
        ("then Quirke left, and quirke again", 0.7, ["Quirke", "quirke"]),
    ],
)
def test_acronyms_are_not_looked_for_again_unless_they_are_surely_names(text, score, found):
    first = found[0]
    spans = find_identities(text, detectors=[Finder(**{first: score})])
    assert [text[s.start : s.end] for s in spans if s.kind == "person"] == found
