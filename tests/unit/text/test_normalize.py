"""Normalised text, and the way back to the source."""

import pytest

from saferedact.text.normalize import normalize, truecase
from saferedact.text.offsets import apply_edits


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("", ""),
        ("a", "a"),
        ("Priya Nair", "Priya Nair"),
        ("O\u2019Neill \u201cStu\u201d", 'O\'Neill "Stu"'),
        ("\ufb01nn", "finn"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Pri\u00adya N\u200bair\ufeff", "Priya Nair"),
        ("\u202eriaN ayirP\u202c", "riaN ayirP"),
        ("\u0405tuart K\u0435mble", "Stuart Kemble"),  # Cyrillic letters among Latin ones
        ("\u0421\u043e\u0440\u0435", "Cope"),  # only look-alikes
        ("\u0418\u0432\u0430\u043d", "\u0418\u0432\u0430\u043d"),  # a Cyrillic word
        ("K\u0391\u03a4E", "KATE"),  # Greek
        ("S t u a r t  K e m b l e", "Stuart  Kemble"),
        ("S.t.u.a.r.t", "Stuart"),
        ("M r N a i r", "Mr Nair"),
        ("M.r.N.a.i.r", "Mr Nair"),
        ("Y N 9 9 K T B", "YN99KTB"),
        ("I am a b", "I am a b"),
        ("0 7 7 0 0 9 0 0 3 4 5", "07700900345"),
        ("192.0.2.1 and 1.2.3.4", "192.0.2.1 and 1.2.3.4"),
        ("Kem-\nble", "Kemble"),
        ("Kem- \r\n  ble", "Kemble"),
        ("Llewellyn-\nPugh", "Llewellyn-Pugh"),
        ("Nair-\nshe", "Nair-\nshe"),  # a dash after a name
        ("mar-\nsden", "marsden"),  # a name, of which the first half is one
        ("Tom-\nlingworth", "Tomlingworth"),
        ("some-\nthing", "something"),
        ("07700-\n900345", "07700-900345"),
        ("27\u201329 Fuller\u00a0Street", "27-29 Fuller Street"),
        ("\uff30\uff52\uff49", "Pri"),
        ("N\u0336a\u0336i\u0336r\u0336", "Nair"),  # struck out
        ("0\u03327\u03327 \u03320", "077 0"),  # underlined, the blank too
        ("N\u3164a\uffa0ir", "Nair"),  # fillers of Hangul, which show nothing
        ("\u0660\u0667\u0967\u09e7", "0711"),  # digits of Arabic, Devanagari and Bengali
        ("\u0301", ""),
        ("\u1d18\u0280\u026a\u028f\u1d00", "PRIYA"),  # small capitals
        ("\U0001f17d\U0001f150\U0001f178\U0001f161", "NAIR"),  # white on black
        ("a \ud800 b\x00", "a \ud800 b\x00"),
    ],
)
def test_what_looks_the_same_reads_the_same(source, plain):
    assert normalize(source).text == plain


@pytest.mark.parametrize(
    ("source", "found", "stretch"),
    [
        ("to Kem-\nble now", "Kemble", "Kem-\nble"),
        ("to S\u200btu\u00adart now", "Stuart", "S\u200btu\u00adart"),
        ("see P r i y a, then", "Priya", "P r i y a"),
        ("see P. .r. .i. .y. .a, then", "Priya", "P. .r. .i. .y. .a"),
        ("see P - r - i - y - a", "Priya", "P - r - i - y - a"),
        ("see N  a  i  r now", "Nair", "N  a  i  r"),
        ("see M. .r. .N. .a. .i. .r", "Mr Nair", "M. .r. .N. .a. .i. .r"),
        ("the \ufb01nn x", "finn", "\ufb01nn"),
        ("the \ufb01nn x", "i", "\ufb01"),  # half a ligature is the whole of it
        ("Zoe\u0308!", "Zo\u00eb", "Zoe\u0308"),
        ("x \u0405tu\u2019s", "Stu", "\u0405tu"),
        ("x N\u0336a\u0336 y", "Na", "N\u0336a\u0336"),
    ],
)
def test_a_find_maps_back_to_its_source(source, found, stretch):
    mapped = normalize(source)
    at = mapped.text.index(found)
    start, end = mapped.to_source(at, at + len(found))
    assert source[start:end] == stretch


@pytest.mark.parametrize(
    "text", ["", "a", "A  B  C", "1. .2. .3. .4", "I - a b - c - dog", "- a -- b"]
)
def test_few_or_unlike_gaps_are_no_letters_set_apart(text):
    assert normalize(text).text == text


def test_no_edit_is_the_identity():
    mapped = apply_edits("abc", [])
    assert (mapped.text, mapped.source_length, mapped.to_source(1, 3)) == ("abc", 3, (1, 3))


def test_what_is_deleted_inside_a_find_belongs_to_it():
    mapped = apply_edits("ab--cd", [(2, 4, "")])
    assert mapped.text == "abcd"
    assert mapped.to_source(1, 3) == (1, 5)
    assert mapped.to_source(0, 2) == (0, 2)
    assert mapped.to_source(2, 4) == (4, 6)


@pytest.mark.parametrize(
    ("source", "cased"),
    [
        ("", ""),
        ("a", "a"),
        ("42", "42"),
        ("STUART KEMBLE AND MRS MCDONALD-O'NEILL", "Stuart Kemble and Mrs McDonald-O'Neill"),
        ("i saw priya at the bus stop", "i saw Priya at the Bus Stop"),
        ("Stuart went home", "Stuart went home"),
        ("Bev: i saw priya", "Bev: i saw Priya"),
        ("<Bev> i saw priya", "<Bev> i saw Priya"),
        ("[12/03/2024, 10:22] Bev: GET OUT PRIYA", "[12/03/2024, 10:22] Bev: get out Priya"),
        ("Bev: I saw priya", "Bev: I saw priya"),
        ("Bev: 42", "Bev: 42"),
        ("STUART KEMBLE\nHe left", "Stuart Kemble\nHe left"),
        ("STRA\u00dfE \u0130NCE", "Stra\u00dfe \u0130nce"),  # letters whose case has two characters
    ],
)
def test_truecase(source, cased):
    assert truecase(source) == cased


def test_truecase_asks_what_is_common():
    assert truecase("i saw daz in town", {"i", "saw", "in", "town"}.__contains__) == (
        "i saw Daz in town"
    )
