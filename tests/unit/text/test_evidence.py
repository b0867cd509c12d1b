"""How the opinions of several recognisers become one list of names."""

import pytest

from saferedact.text.evidence import DOUBTFUL, LIKELY, POSSIBLE, REPEATED, SURE, TOGETHER, combine
from saferedact.text.spans import TextSpan


def span(text, part, score, source="spacy"):
    start = text.index(part)
    return TextSpan(start, start + len(part), "name", "person", score, source)


def named(text, *spans, **options):
    return [(text[s.start : s.end], s.score) for s in combine(text, spans, **options)]


def test_nothing():
    assert combine("", []) == []
    assert combine("no name here", []) == []


def test_one_opinion_keeps_its_score():
    text = "then Sarah left"
    assert combine(text, [span(text, "Sarah", POSSIBLE)]) == [
        TextSpan(5, 10, "name", "person", POSSIBLE, "spacy")
    ]


def test_two_opinions_are_surer_than_each():
    text = "then Sarah left"
    (name,) = combine(text, [span(text, "Sarah", 0.5), span(text, "Sarah", 0.6, "cues")])
    assert name.score == pytest.approx(0.8)
    assert name.source == "cues"


def test_a_second_look_is_no_second_opinion():
    text = "then Sarah left"
    twice = [span(text, "Sarah", 0.5, "cues:mended"), span(text, "Sarah", 0.6, "cues:shown")]
    assert combine(text, twice)[0].score == 0.6


def test_what_is_too_faint_is_left_out():
    text = "then Sarah left"
    assert named(text, span(text, "Sarah", 0.1)) == []
    assert named(text, span(text, "Sarah", 0.1), least=0.05) == [("Sarah", 0.1)]


def test_half_a_word_is_the_whole_word():
    text = "then Sarah left"
    assert named(text, span(text, "ara", 0.9)) == [("Sarah", 0.9)]


def test_a_possessive_stays():
    text = "then Sarah's car"
    assert named(text, span(text, "Sarah's", 0.9)) == [("Sarah", 0.9)]


@pytest.mark.parametrize(
    ("text", "seen", "left"),
    [
        ("then DC Will Young left", "DC Will Young", "Will Young"),
        ("Judge Okonkwo KC left", "Judge Okonkwo KC", "Okonkwo"),
        ("it is your turn", "your", None),
        ("licence THORN803148AJ9KL", "THORN803148AJ9KL", None),
        ("SGT: Okonkwo", "SGT: Okonkwo", "Okonkwo"),
        ("A worried parent", "A", None),
        ("John Major left", "John Major", "John Major"),
        ("ghost_zxqw#4471", "ghost_zxqw", None),
        ("write to sarah.qqz@x.example", "sarah.qqz", "sarah"),
    ],
)
def test_words_that_are_in_no_name(text, seen, left):
    expected = [] if left is None else [(left, 0.9)]
    assert named(text, span(text, seen, 0.9)) == expected


def test_a_cue_keeps_mr_king():
    text = "Mr King left"
    assert named(text, span(text, "King", 0.85, "cues")) == [("King", 0.85)]
    assert named(text, span(text, "King", 0.85)) == []


def test_the_words_of_one_name_carry_each_other():
    text = "then Zuzanna Quirke left"
    seen = [span(text, "Zuzanna Quirke", 0.3), span(text, "Zuzanna", 0.9, "gazetteer")]
    scores = dict(named(text, *seen))
    assert scores["Zuzanna"] == pytest.approx(0.93)
    assert scores["Quirke"] == pytest.approx(TOGETHER * 0.93)


def test_but_not_over_a_line_end():
    text = "Patient: Zuzanna\nPractice: Glen"
    seen = [span(text, "Zuzanna\nPractice", 0.3), span(text, "Zuzanna", 0.9, "gazetteer")]
    assert dict(named(text, *seen))["Practice"] == 0.3


def test_neighbours_of_one_tier_are_one_name():
    text = "then Jes\u00fas Garc\u00eda-M\u00e1rquez, left"
    seen = [
        span(text, "Jes\u00fas", 0.9),
        span(text, "Garc\u00eda", 0.95),
        span(text, "M\u00e1rquez", 0.9),
    ]
    assert named(text, *seen) == [("Jes\u00fas Garc\u00eda-M\u00e1rquez", 0.9)]


def test_neighbours_of_two_tiers_are_two():
    text = "then Sarah Whitfield left"
    seen = [span(text, "Sarah", SURE), span(text, "Whitfield", LIKELY)]
    assert [name for name, _ in named(text, *seen)] == ["Sarah", "Whitfield"]


def test_a_sure_name_is_found_again():
    text = "Mark Field left. Field said the field was wet."
    assert named(text, span(text, "Mark Field", 0.9)) == [
        ("Mark Field", 0.9),
        ("Field", REPEATED),
    ]


def test_a_sure_name_in_small_letters_is_found_again_in_small_letters():
    text = "liam did it. then liam ran"
    assert [name for name, _ in named(text, span(text, "liam", 0.9))] == ["liam", "liam"]


def test_an_unsure_name_is_not_looked_for():
    text = "Field left. Field said so."
    assert named(text, span(text, "Field", 0.6)) == [("Field", 0.6)]


def test_a_very_long_word():
    text = "a" * 1000
    assert (
        sum(
            s.end - s.start for s in combine(text, [TextSpan(500, 501, "name", "person", 0.6, "x")])
        )
        < 200
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Isla-Mae", "Isla-Mae"),
        ("Ellie Mae, 6", "Ellie Mae"),
        ("Mae Dafydd yn gweithio", "Dafydd"),
        ("a-Mae", "Mae"),
        ("well-to", None),
    ],
)
def test_second_halves_of_forenames(text, name):
    end = text.find(",") if "," in text else len(text)
    found = combine(text, [TextSpan(0, end, "name", "person", 0.9, "rampart")])
    seen = [text[span.start : span.end] for span in found]
    assert (name in seen) if name else "to" not in seen


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Priya Nair. Anna Bell left", ["Priya Nair", "Anna Bell"]),
        ("then P. Nair left", ["P. Nair"]),
        ("then Wm. Nair left", ["Wm. Nair"]),
        ('then Priya "Pri" Nair left', ['Priya "Pri" Nair']),
    ],
)
def test_a_full_stop_ends_a_name_unless_it_shortens_a_word(text, names):
    seen = [span(text, part, 0.9) for name in names for part in name.split()]
    assert [name for name, _ in named(text, *seen)] == names


@pytest.mark.parametrize(
    "text",
    [
        "the attribute <globs> holds a word",
        "the attribute <comment> holds a word",
        "the <XFS> file holds the icons of a type",
        "then <newFlag> is set and the rest is read",
        "a node of <SuffixTreeNode> is read next",
    ],
)
def test_what_is_not_written_as_a_name_is_possible_at_most_on_one_word(text):
    plain = text.replace("<", "").replace(">", "")
    part = text[text.index("<") + 1 : text.index(">")]
    assert named(plain, span(plain, part, 0.7)) == [(part, DOUBTFUL)]
    assert named(plain, span(plain, part, 0.9)) == [(part, 0.9)]
    faint = span(plain, part, 0.2, "gazetteer")
    assert named(plain, span(plain, part, 0.7), faint) == [(part, DOUBTFUL)]
    twice = named(plain, span(plain, part, 0.5), span(plain, part, 0.5, "rampart"))
    assert twice == [(part, 0.75)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("then sarah left", "sarah"),
        ("then quirke left", "quirke"),
        ("then McBride left with it", "McBride"),
        ("then SarahWhitfield left with it", "SarahWhitfield"),
        ("BELL LEFT WITH IT", "BELL"),
        ("then KHAN left", "KHAN"),
        ("then Quirke left", "Quirke"),
    ],
)
def test_what_is_written_as_a_name_keeps_its_score(text, part):
    seen = [span(text, part, 0.7)]
    if part == "quirke":  # of no list, but a listed name is beside it in the same find
        text = "then zuzanna quirke left"
        seen = [span(text, "zuzanna quirke", 0.7)]
        part = "zuzanna quirke"
    assert named(text, *seen) == [(part, 0.7)]


def test_a_small_letter_that_a_cue_names_begins_a_nickname():
    text = "kieron said t bone did"
    assert named(text, span(text, "t bone", 0.2, "cues")) == [("t bone", 0.2)]
    assert named(text, span(text, "t bone", 0.9)) == [("bone", 0.9)]
