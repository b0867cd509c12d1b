"""Names that no list needs to hold, found by what stands beside them."""

from collections import Counter

import pytest

from saferedact.text.cue_patterns import CUES_OF, FIELD
from saferedact.text.cues import find_cued_names
from saferedact.text.evidence import LIKELY


def found(text):
    best = {}
    for span in find_cued_names(text):
        name = text[span.start : span.end]
        best[name] = max(best.get(name, 0), span.score)
    return best


@pytest.mark.parametrize(
    ("text", "name", "least"),
    [
        # titles and ranks, with a collar number in between
        ("Mr Qvxorel left", "Qvxorel", 0.8),
        ("Mrs. Qvxorel left", "Qvxorel", 0.8),
        ("DC Qvxorel left", "Qvxorel", 0.85),
        ("T/DS Qvxorel left", "Qvxorel", 0.85),
        ("PC 4471 HUSSAIN", "HUSSAIN", 0.85),
        ("PCSO 7733 Dale", "Dale", 0.85),
        ("police constable three four seven one hughes said", "hughes", 0.2),
        ("Detective Chief Inspector Qvxorel", "Qvxorel", 0.85),
        ("y Cwnstabl Qvxorel", "Qvxorel", 0.85),
        ("Mr King said", "King", 0.8),
        ("mr rose said", "rose", 0.8),
        ("pc field said", "field", 0.2),
        # form fields, also badly scanned
        ("Name: Qvxorel Plimp", "Qvxorel Plimp", 0.5),
        ("Suspect (1): Qvxorel", "Qvxorel", 0.5),
        ("Def endant: Sarah Whitfield", "Sarah Whitfield", 0.8),
        ("DOB: 1/1/1980   Mother: Qvxorel", "Qvxorel", 0.5),
        ("To: Qvxorel Plimp; Sarah Whitfield", "Sarah Whitfield", 0.8),
        # roles without a colon
        ("Victim Ewa Nowak rang", "Ewa Nowak", 0.8),
        ("his wife Sarah said", "Sarah", 0.8),
        ("Witness A rang", "A", 0.2),
        # surname first
        ("SMITH, John Paul", "SMITH, John Paul", 0.8),
        ("VAN DIJK, Pieter", "VAN DIJK, Pieter", 0.8),
        ("NG, Wai Man", "NG, Wai Man", 0.4),
        ("Dariusz NOWAK was there", "Dariusz NOWAK", 0.8),
        # introductions and nicknames
        ("my name is Qvxorel", "Qvxorel", 0.5),
        ("this is Sarah speaking", "Sarah", 0.85),
        ("known only as 'Big Dave' here", "Dave", 0.0),
        ("known as Spud here", "Spud", 0.4),
        # greetings and sign-offs
        ("Dear Sarah,", "Sarah", 0.5),
        ("Kind regards,\n\nQvxorel", "Qvxorel", 0.8),
        ("Regards, Bex", "Bex", 0.8),
        # what follows
        ("Qvxorel Plimp, 47, of no fixed abode", "Qvxorel Plimp", 0.6),
        ("Sarah Whitfield (47)", "Sarah Whitfield", 0.8),
        ("Hunter Chase <h@x.example>", "Hunter Chase", 0.8),
        ("then Will said so", "Will", 0.2),
        ("with Sarah Whitfield again", "Sarah Whitfield", 0.5),
        ("Police inspector Sarah Whitfield, 47, left", "Sarah Whitfield", 0.8),
        ("Officers: Sarah Whitfield, 22 Alder Close", "Sarah Whitfield", 0.8),
        ("QVXOREL, Rose", "QVXOREL, Rose", 0.4),
        ("wife Sarah's sister", "Sarah", 0.8),
        # chats
        ("[12/03/2024, 10:22:01] Qvxorel: hi", "Qvxorel", 0.5),
        ("12/03/2024, 10:22 - Sarah: hi", "Sarah", 0.8),
        ("Sarah W \u2014 Today at 22:10\nhi", "Sarah W", 0.8),
        ("Sarah Whitfield\nhi there\n12 Mar 2024, 10:22", "Sarah Whitfield", 0.5),
        ("jay: wagwan\nmo: ok\njay: who", "jay", 0.4),
        # what people are known by
        ("the lad I know as Lamps.", "Lamps", 0.2),
        ("known to all as Spud.", "Spud", 0.2),
        ('a male "Fingers" ran', "Fingers", 0.2),
        ("Witness B rang. I know B well", "B", 0.2),
        ("Sign-in: Mbeki, S; Whitfield, T.", "Whitfield, T", 0.4),
        ("Qvxorel, S; others", "Qvxorel, S", 0.2),
        ("then May sold it", "May", 0.2),
        ("Rev. T. 0kafor rang", "T. 0kafor", 0.8),
    ],
)
def test_names(text, name, least):
    if least:
        assert found(text).get(name, 0) >= least
    else:
        assert any(name in other for other in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The constable said nothing.",
        "He asked for it.",
        "We appeal for witnesses after a crash.",
        "a copy with the Canon. Her referee was late",
        "user_8823: hi",
        "Alder Close: shut",
        "...: hi",
        "one two three four five: hi",
        "witness a rang",
        "known as the one",
        "Police said so",
        "THE END, Sarah",
        "Suspect: A man",
        "with Alder Close",
        "Name: user_1",
        "07700 900123: hi",
        "Name: unknown",
        "Subject: meeting",
        "Yours sincerely,\nA worried parent",
        "NO REPORTS, KEEPER LATE",
        "22 ELM GROVE, L8 3TB",
        'a male "The" ran',
        "Section B is long. I know B well",
        "witness a rang, and a car",
        "Witness 0ver eighteen",
    ],
)
def test_no_names(text):
    assert found(text) == {}


def test_every_cue_begins_with_a_word_that_leads_to_it():
    cues = {id(cue): cue for group in CUES_OF.values() for cue in group}
    assert len(cues) == 5
    for word, group in CUES_OF.items():
        for cue in group:
            tails = (
                "",
                ". ",
                " constable ",
                " officer ",
                " case ",
                " by ",
                " is ",
                " as ",
                " me ",
                "'s ",
            )
            more = (
                "ed person ", " adult ", " sgt ", " worker ", " carer ", "name ", " of ", " known as ",
                " himself as ", " to ", " name of ", " behalf of ", " am ", " in case ", "/insp ", "/ds ",
                " full name is ", " name is ", " i yw ", "l name is ", " person ", "-wife ", " enw ", ".k.a. ",
            )  # fmt: skip
            assert any(cue.pattern.match(word + tail + " X") for tail in (*tails, *more)), word


def test_long_lists_of_recipients_are_read_to_their_end():
    text = "To: " + "; ".join(["Sarah Whitfield"] * 400)
    assert sum(text[s.start : s.end] == "Sarah Whitfield" for s in find_cued_names(text)) == 400


def test_a_cipher_is_found_wherever_its_letter_stands():
    text = "Witness B's car. I know B as a friend. B. and C did"
    spans = find_cued_names(text)
    assert {span.start for span in spans if text[span.start : span.end] == "B"} == {8, 24, 39}


def test_a_field_ends_where_the_next_begins():
    names = found("Victim: Qvxorel / Suspect: Plimp / DOB: Zzyx")
    assert {"Qvxorel", "Plimp"} <= names.keys()
    assert "Suspect" not in names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One was called Spud, and then Spud ran.", {"Spud": 2}),
        ("everyone calls him spud innit", {"spud": 1}),
        ("His nickname is Skinny. The other was skinny. Skinny laughed.", {"Skinny": 2}),
        ("Skinny dogs. He is known as Skinny.", {"Skinny": 1}),
        ("She called the police and called again.", {}),
        ("known as county lines", {}),
    ],
)
def test_nicknames_that_are_ordinary_words(text, expected):
    found = Counter(text[span.start : span.end] for span in find_cued_names(text))
    assert {
        word: count
        for word, count in found.items()
        if word.lower() in {"spud", "skinny", "police", "county"}
    } == expected


@pytest.mark.parametrize("text", ["March was cold.", "August is dry."])
def test_months_before_a_verb_are_no_names(text):
    assert find_cued_names(text) == []


def test_the_name_of_an_office_after_a_role_is_hardly_a_name():
    (found,) = find_cued_names("Witness Care Unit")
    assert found.score < LIKELY
    (found,) = find_cued_names("Witness Tom Care, a nurse")
    assert found.score >= LIKELY


@pytest.mark.parametrize("blank", [" ", "\t", " \t"])
def test_blanks_without_end_are_gone_through_once(blank):
    """Every way to share them between two places would be tried: of so many, for hours."""
    assert FIELD.search("The picture" + 50_000 * blank + "was taken.") is None
    (found,) = FIELD.finditer("a" + 50_000 * blank + "Name (2)" + 9 * blank + ": Nair")
    assert found[1] == "Name"
