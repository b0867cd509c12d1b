"""Faults are worded by us: places made of our own names, rules of the schema, no content."""

from collections.abc import Mapping
from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError

from saferedact.documents import Document, at_most, field_names, path_text, problems_of, rule


class Leaf(Document):
    kind: Literal["leaf"] = "leaf"
    size: Annotated[float, Field(gt=0, le=10)] = 1.0
    text: Annotated[str, Field(min_length=1, max_length=3)] = "a"


class Tree(Document):
    tree_name: str = Field(default="t", alias="name")
    leaves: Annotated[tuple[Leaf, ...], Field(strict=False), at_most(2)] = ()
    by_name: Mapping[Literal["x"], Leaf] = Field(default={})
    flag: bool = False
    one: Leaf = Leaf()


KNOWN = field_names(Tree, Leaf)


def problems(value):
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate(value)
    return problems_of(caught.value, known=KNOWN)


def test_names_of_fields_are_those_in_the_file():
    assert {"name", "leaves", "by_name", "flag", "one", "kind", "size", "text"} == KNOWN


@pytest.mark.parametrize(
    ("loc", "text"),
    [
        ((), "$"),
        (("leaves", 3, "size"), "$.leaves[3].size"),
        (("leaves", "Jane"), "$.leaves.*"),
    ],
)
def test_places(loc, text):
    assert path_text(loc, KNOWN) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Jane": 1}, ("$", "has an unknown key")),
        ({"leaves": [{"Jane": 1}]}, ("$.leaves[0]", "has an unknown key")),
        ({"by_name": {"Jane": {}}}, ("$.by_name", "has an unknown key")),
        ({"by_name": []}, ("$.by_name", "must be an object")),
        ({"name": 3}, ("$.name", "must be a text")),
        ({"flag": 1}, ("$.flag", "must be true or false")),
        ({"one": 1}, ("$.one", "must be an object")),
        ({"one": {"size": 0}}, ("$.one.size", "must be greater than 0.0")),
        ({"one": {"size": 11}}, ("$.one.size", "must be at most 10.0")),
        ({"one": {"size": float("nan")}}, ("$.one.size", "must be a finite number")),
        ({"one": {"text": ""}}, ("$.one.text", "must have at least 1 characters")),
        ({"one": {"text": "Jane"}}, ("$.one.text", "must have at most 3 characters")),
        ({"one": {"kind": "Jane"}}, ("$.one.kind", "must be 'leaf'")),
        ({"one": {"text": "\ud800"}}, ("$.one.text", "is not a valid value")),
        ({"leaves": "Jane"}, ("$.leaves", "must be a list")),
        ({"leaves": [1, 2, 3]}, ("$.leaves", "must have at most 2 entries")),
    ],
)
def test_each_kind_of_fault_has_a_place_and_a_text(value, expected):
    assert problems(value) == [expected]


def test_all_faults_are_listed():
    assert len(problems({"name": 1, "flag": 1, "leaves": [{"size": "1"}, {"text": 2}]})) == 4


def test_a_place_starts_at_the_root_that_is_given():
    with pytest.raises(ValidationError) as caught:
        Leaf.model_validate({"size": "1"})
    found = problems_of(caught.value, known=KNOWN, root=("leaves", 7))
    assert found == [("$.leaves[7].size", "must be a number")]


def test_a_rule_is_shown_as_it_is():
    assert rule("braces {x} stay").message() == "braces {x} stay"


def test_pydantic_does_not_quote_the_input_either():
    with pytest.raises(ValidationError) as caught:
        Leaf(size="Jane")
    assert "Jane" not in str(caught.value)
