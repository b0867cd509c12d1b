"""Spellings of names and other values that the sweep finds, and what it leaves."""

import pytest

from saferedact.errors import LimitExceededError
from saferedact.text import sweep as sweep_module
from saferedact.text.diminutives import related_forenames
from saferedact.text.fold import fold, fold_text, skeleton, skeleton_text
from saferedact.text.name_forms import name_forms, plain_name
from saferedact.text.sweep import Seed, Sweeper, sweep

PEOPLE = (
    Seed("Priya Nair", "person", "C1"),
    Seed("Mr Stuart James Kemble", "person", "D1"),
    Seed("KEMBLE, Oscar", "person", "W1", surname_alone=False),
    Seed("S\u00e9an O'Neill-Smith", "person", "W2"),
    Seed("Peter van der Berg", "person", "W3"),
    Seed("Alan Havercroft", "person", "W4"),
    Seed("Ewan MacDonald", "person", "W5"),
    Seed("Mark Field", "person", "W6"),
    Seed("07700 900345", "phone", "C1"),
    Seed("YN99 KTB", "vrm", "D1"),
    Seed("@stu_kemble_wx", "handle", "D1"),
    Seed("27 Fuller Street, Westbury Cross", "address", "D1"),
    Seed("Westbury College", "school", "C1"),
)


def found(text, seeds=PEOPLE, **options):
    spans = sweep(text, seeds, **options)
    return [(text[s.start : s.end], s.kind, s.person_ref) for s in spans if s.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "value", "ref"),
    [
        ("PRIYA NAIR", "PRIYA NAIR", "C1"),
        ("Nair, Priya", "Nair, Priya", "C1"),
        ("Nair P", "Nair P", "C1"),
        ("Pr iya Na ir", "Pr iya Na ir", "C1"),
        ("priyanair99", "priyanair", "C1"),
        ("Stuart Kemble", "Stuart Kemble", "D1"),
        ("S. J. Kemble", "S. J. Kemble", "D1"),
        ("Stuart J Kemble", "Stuart J Kemble", "D1"),
        ("Kemble, Stuart J.", "Kemble, Stuart J", "D1"),
        ("James Kemble", "James Kemble", "D1"),
        ("Stu Kemble", "Stu Kemble", "D1"),
        ("Kemble's", "Kemble", "D1"),
        ("the Kembles", "Kemble", "D1"),
        ("K3MBLE", "K3MBLE", "D1"),
        ("Kernble", "Kernble", "D1"),
        ("Kem-\nble", "Kem-\nble", "D1"),
        ("Kem- \r\n        ble", "Kem- \r\n        ble", "D1"),
        ("saw Priya Nair-\nshe left", "Priya Nair", "C1"),  # a dash
        ("saw Havercroft-\n  then", "Havercroft", "W4"),
        ("Oscar", "Oscar", "W1"),
        ("Oscar Kemble", "Oscar Kemble", "W1"),
        ("Sean ONeill Smith", "Sean ONeill Smith", "W2"),
        ("O\u2019Neill", "O\u2019Neill", "W2"),
        ("van der Berg", "van der Berg", "W3"),
        ("Vanderberg", "Vanderberg", "W3"),
        ("Mr Berg", "Berg", "W3"),
        ("P r i y a ,     N a i r", "P r i y a ,     N a i r", "C1"),
        ("Haverc roft", "Haverc roft", "W4"),
        ("Havercr0ft", "Havercr0ft", "W4"),
        ("Havercrofl", "Havercrofl", "W4"),
        ("McDonald", "McDonald", "W5"),
        ("Mark Field", "Mark Field", "W6"),
        ("+44 (0)7700-900345", "+44 (0)7700-900345", "C1"),
        ("O7700 9OO345", "O7700 9OO345", "C1"),
        ("yn99ktb", "yn99ktb", "D1"),
        ("YN99 KT8", "YN99 KT8", "D1"),
        ("Stu Kemble WX", "Stu Kemble WX", "D1"),
        ("27 fuller st", "27 fuller st", "D1"),
        ("27 Fuller Street,\nWestbury Cross", "27 Fuller Street,\nWestbury Cross", "D1"),
        ("WESTBURY COLLEGE", "WESTBURY COLLEGE", "C1"),
    ],
)
def test_found_as_one_span_with_its_reference(text, value, ref):
    assert (value, ref) in {(one, who) for one, _, who in found(f"so {text} now")}


def test_a_surname_alone_does_not_mean_somebody_who_shares_it():
    assert {ref for _, _, ref in found("Kemble")} == {"D1"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "the air force",
        "a nairobi trip",
        "mark the field",
        "0770",
        "1234567890",
        "remarkable",
    ],
)
def test_left(text):
    assert found(text) == []


def test_an_ordinary_word_in_small_letters_is_only_possible():
    spans = sweep("in the field", PEOPLE)
    assert [(span.start, span.person_ref) for span in spans] == [(7, "W6")]
    assert spans[0].score < 0.3


def test_misread_words_are_not_looked_for_when_not_asked():
    assert found("Havercrofl", fuzzy=False) == []


def test_nothing_known_nothing_found():
    assert sweep("Priya Nair", []) == []
    assert sweep("Priya", [Seed("", "person"), Seed("x", "handle"), Seed("12", "phone")]) == []


def test_a_seed_shows_no_value():
    assert "Priya" not in repr(Seed("Priya Nair", "person", "C1"))


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("", set()),
        ("Mr", set()),
        ("Pri", {"pri"}),
        ("Jo Ng", {"jong", "ngjo", "jng", "ngj", "ng", "jo"}),
        ("Ali bin", {"alibin"}),
    ],
)
def test_forms(name, forms):
    assert forms <= {form.text for form in name_forms(name)}
    assert bool(forms) == bool(list(name_forms(name)))


def test_short_forms_go_both_ways():
    assert "bob" in related_forenames("robert")
    assert "robert" in related_forenames("bob")
    assert related_forenames("xyz") == frozenset()
    assert "bob" not in related_forenames("bob")


def test_folding():
    assert fold("\u0141uk\u00e1\u0161 O'Neill-St. \u00df") == "lukasoneillstss"
    assert skeleton("kernble") == skeleton("kemble")
    assert skeleton("c1ark") == skeleton("clark") == skeleton("dark")
    folded = fold_text("A b-\u00c6c")
    assert (folded.text, folded.places, folded.starts) == ("abaec", [0, 2, 4, 4, 5], [0, 1, 2])
    bones = skeleton_text(fold_text("rn r n"))
    assert (bones.text, bones.places, bones.starts) == ("mrn", [0, 3, 5], [0, 1, 2])
    assert [bones.is_end(position) for position in (1, 2, 3)] == [True, True, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna Bell, Carl Dunn", ["Anna Bell", "Carl Dunn"]),
        ("Anna Bell\nCarl Dunn", ["Anna Bell", "Carl Dunn"]),
        ("Bell, Anna", ["Bell, Anna"]),
    ],
)
def test_neighbours_nobody_listed_are_two_people(text, found):
    seeds = [Seed("Anna Bell", "person"), Seed("Carl Dunn", "person")]
    assert [text[span.start : span.end] for span in sweep(text, seeds)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pri, Pri", ["Pri", "Pri"]),
        ("Nair, Pri", ["Nair, Pri"]),
    ],
)
def test_parts_of_a_listed_person_are_one_unless_a_word_is_said_twice(text, found):
    seeds = [Seed("Priya Nair", "person", "C1"), Seed("Pri", "person", "C1")]
    assert [text[span.start : span.end] for span in sweep(text, seeds)] == found


def test_two_words_of_one_cell_are_one_name():
    seeds = [Seed("Nair", "person"), Seed("Priya", "person")]
    assert [v for v, *_ in found('1,"Nair, Priya",2', seeds)] == ["Nair, Priya"]
    assert [v for v, *_ in found("name: Nair, Priya \nphone: 1", seeds)] == ["Nair, Priya"]
    assert [v for v, *_ in found("1, Nair, Priya, 2", seeds)] == ["Nair", "Priya"]


@pytest.mark.parametrize("text", ["N a i r ,     J o", "J o         N a i r", "Jo          Nair"])
def test_a_name_whose_letters_are_set_apart_is_found_across_wide_blanks(text):
    # two letters alone, "J o", are no word set apart
    assert found(text, [Seed("Jo Nair", "person", "C9")]) == [(text, "person", "C9")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Kemble A", "Kemble A"),
        ("Kemble, A.", "Kemble, A"),
        ("kemble b", "kemble"),
        ("Kemble, a builder", "Kemble"),
        ("kemble a builder", "kemble"),
        ("Kemble's", "Kemble"),
    ],
)
def test_an_article_after_a_surname_is_no_initial(text, value):
    assert found(text, [Seed("Ashley Kemble", "person", "C9")]) == [(value, "person", "C9")]


@pytest.mark.parametrize(
    ("listed", "text"),
    [
        ("Sarah Jones OBE", "Sarah Jones"),
        ("Sarah Jones OBE", "Jones"),
        ("Mark Osei KC", "Osei"),
        ("John Smith Jr", "John Smith"),
        ("John Smith, Jr.", "John Smith"),
        ("John Smith Senior", "Smith"),
        ("John Senior", "John Senior"),
        ("Sandeep KC", "Sandeep KC"),
        ("Dr Priya Nair MBBS", "Priya Nair"),
        ("Di Marsh", "Di Marsh"),
        ("DI Marsh", "Marsh"),
        ("Priya Nair (n\u00e9e Patel)", "Priya Nair"),
        ("Priya Nair (n\u00e9e Patel)", "Nair"),
        ("Priya Nair (n\u00e9e Patel)", "Priya Patel"),
        ("Priya Nair (n\u00e9e Patel)", "Patel"),
        ("Priya Nair formerly Priya Anand", "Anand"),
        ("Priya Nair aka Biscuit", "Biscuit"),
        ('Robert "Spud" Osei', "Spud"),
        ("Priya Nair (Pri)", "Pri"),
        ("Priya Nair (Pri)", "Priya Nair"),
        ("Llewellyn-Pugh, Si\u00e2n", "Pugh"),
        ("Llewellyn-Pugh, Si\u00e2n", "Llewellyn"),
        ("\u0421\u0430\u0440\u0430 \u041b\u0438\u0441", "\u0421\u0430\u0440\u0430"),  # look-alikes alone
        ("\u041e\u043a\u0441\u0430\u043d\u0430 \u041b\u0438\u0441", "\u041e\u041a\u0421\u0410\u041d\u0410 \u041b\u0418\u0421"),
        ("\u0386\u03bd\u03bd\u03b1 \u039d\u03ac\u03ba\u03bf\u03c2", "\u0391\u039d\u039d\u0391 \u039d\u0391\u039a\u039f\u03a3"),  # capitals lose their accents
        ("+44 (0)7700 900345", "\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0663\u0664\u0665"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_the_case_lists_it(listed, text):
    seed = Seed(listed, "phone" if listed.startswith("+") else "person", "C1")
    assert text in {value for value, _, ref in found(text, [seed]) if ref == "C1"}


@pytest.mark.parametrize(
    ("kind", "listed", "text"),
    [
        ("address", "Ty Mawr, Llanelli", "Ty Mawr"),
        ("address", "The Elms", "The Elms"),
        ("address", "2 Bay Rd", "2 Bay Road"),
        ("address", "2 Bay Road", "2 Bay Rd"),
        ("address", "4 Elm Road, Northmoor", "4 Elm Rd"),
        ("address", "Flat 3, 12 High St", "Flat 3, 12 High Street"),
        ("phone", "4521", "4521"),
        ("phone", "ext 521", "521"),
    ],
)
def test_short_values_are_found(kind, listed, text):
    seed = Seed(listed, kind, "C1")
    assert [(text, kind, "C1")] == found(f"at {text}, he said", [seed])


@pytest.mark.parametrize(
    ("kind", "listed", "text"),
    [
        ("address", "Flat 3, 12 High Street", "in Flat 3 he said"),
        ("address", "27a, Mill Row", "on page 27a of it"),
        ("phone", "4521", "84521 and 45210"),
        ("phone", "12", "12 of them"),
    ],
)
def test_parts_of_short_values_are_left(kind, listed, text):
    assert found(text, [Seed(listed, kind, "C1")]) == []


@pytest.mark.parametrize(
    ("listed", "left"),
    [
        ("Sarah Jones OBE", "OBE"),
        ("John Smith Jr", "Jr"),
        ("John Smith, Jr.", "jr"),
        ('Jo "-->" Smith', "-->"),
        ("Priya Nair (n\u00e9e Patel)", "n\u00e9e"),
    ],
)
def test_what_stands_beside_a_name_is_no_name(listed, left):
    assert not found(left, [Seed(listed, "person", "C1")])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("", ""),
        ("Spud", "Spud"),
        ("NAIR, Priya", "Priya NAIR"),
        ("Smith, Jr.", "Smith Jr."),
        ("Dr Priya Nair MBBS", "Priya Nair"),
        ("Priya Nair (n\u00e9e Patel)", "Priya Nair"),
        ("n\u00e9e Patel", "n\u00e9e Patel"),
    ],
)
def test_a_name_without_what_stands_beside_it(name, plain):
    assert plain_name(name) == plain


def test_names_without_number_are_all_looked_for():
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"Q{a}{b}{c}ol Vr{b}{a}{c}in" for a in letters for b in letters for c in letters[:4]]
    found = Sweeper([Seed(name, "person") for name in names], fuzzy=False).find(names[-1])
    assert [(span.start, span.end) for span in found] == [(0, len(names[-1]))]


def test_more_seeds_than_memory_should_hold_are_refused(monkeypatch):
    monkeypatch.setattr(sweep_module, "MOST_SEEDS", 2)
    two = [Seed("Priya Nair", "person"), Seed("Priya Nair", "person"), Seed("Oscar", "person")]
    assert Sweeper(two).find("Oscar")
    with pytest.raises(LimitExceededError, match="more than 2 names") as refused:
        Sweeper([*two, Seed("Zuleika", "person")])
    assert "Zuleika" not in str(refused.value)
