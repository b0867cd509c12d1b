"""Expressions of a policy: what is allowed, and what is refused and why."""

import pytest

from saferedact.text.patterns import PatternProblem, check_pattern


@pytest.mark.parametrize(
    "expression",
    [
        "a",
        r"\d{2}CV/\d{1,5}/\d{2}",
        r"[A-Z]{2}\d{6}",
        r"(?:CR|OC)[ /-]?\d{4,9}",
        r"(AB|CD){2}",
        r"[]a]b",
        r"[^\]]\.",
        "[^]a]b",
        r"[\]a]b",
        r"\d\d\d?",
        "(" * 20 + "a" + ")" * 20,
        "(a)" * 21,
        "~x",
    ],
)
def test_allowed(expression):
    check_pattern(expression)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "empty"),
        ("a?", "empty"),
        ("(?:)", "empty"),
        ("a|", "empty"),
        ("a*", "alone"),
        ("[^][]+]", "alone"),  # a class of ] and [, any number of times
        ("a+", "alone"),
        ("a{2,}", "alone"),
        ("^a", "alone"),
        ("a$", "alone"),
        (".", "alone"),
        ("a{2}{3}", "once"),
        ("a??", "once"),
        ("a{2}?", "once"),
        ("a{3,2}", "below"),
        ("(a", "not closed"),
        ("(" * 21 + "a" + ")" * 21, "within groups"),
        ("(" * 200, "within groups"),
        ("[a", "not closed"),
        ("[a\\", "not closed"),
        ("a)", "not opened"),
        ("(?=a)", "groups"),
        ("(?P<x>a)", "groups"),
        (r"(a)\1", "escape"),
        (r"\b", "escape"),
        ("a\\", "escape"),
        (r"(a?){20}b", "ways"),
        (r"\d{0,50}\d{0,50}x", "ways"),
        ("(?:aa|aaa){11}", "ways"),
        ("a{201}", "characters"),
        ("a" * 201, "characters"),
        ("[z-a]", "regular"),
    ],
)
def test_refused(expression, why):
    with pytest.raises(PatternProblem, match=why) as caught:
        check_pattern(expression)
    assert not expression or len(expression) < 3 or expression not in str(caught.value)
