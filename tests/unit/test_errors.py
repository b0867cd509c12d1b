import inspect
import pickle
import re
import subprocess
import sys

import pytest

from saferedact import errors
from saferedact.errors import (
    CaseFileInvalidError,
    DependencyMissingError,
    DetectorModelMissing,
    InputError,
    PlanInvalidError,
    PolicyInvalidError,
    SaferedactError,
)

CLASSES = [
    value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, SaferedactError) and not name.startswith("_")
]
DOCUMENTS = [CaseFileInvalidError, PlanInvalidError, PolicyInvalidError]


def example_of(kind):
    problems = [("$.regions[0].xyxy", "has no area"), ("$", "is empty")]
    return kind(problems) if kind in DOCUMENTS else kind("what is wrong")


def documented_tree():
    """Rows of the tree in the module's docstring: name, other base, exit code, depth."""
    tree = errors.__doc__.split("::", 1)[1].split("\n\nA foreign", 1)[0]
    rows = re.findall(r"^ {4}([│├└─ ]*)(\w+)(?: \((\w+)\))?(?: +exit (\d+))?", tree, re.MULTILINE)
    return [
        (name, other, int(code) if code else None, len(lead)) for lead, name, other, code in rows
    ]


def test_the_documented_tree_is_the_real_one():
    path = []
    seen = []
    for name, other, code, depth in documented_tree():
        kind = getattr(errors, name)
        while path and path[-1][1] >= depth:
            path.pop()
        if path:
            parent = getattr(errors, path[-1][0])
            assert issubclass(kind, parent)
            assert kind.exit_code == (parent.exit_code if code is None else code)
        if other:
            assert other in {base.__name__ for base in kind.__mro__}
        path.append((name, depth))
        seen.append(name)
    assert sorted(seen) == sorted(kind.__name__ for kind in CLASSES)


def test_every_class_is_public():
    assert {kind.__name__ for kind in CLASSES} == set(errors.__all__) - {"Problem"}


def test_codes_tell_the_errors_apart():
    codes = [kind.code for kind in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in codes)


def test_no_error_exits_like_success_or_like_a_bug():
    assert SaferedactError.exit_code == errors.EXIT_BUG == 70
    for kind in set(CLASSES) - {SaferedactError}:
        assert 1 <= kind.exit_code <= 7


@pytest.mark.parametrize("kind", CLASSES)
def test_the_message_is_the_text_for_people(kind):
    error = example_of(kind)
    assert error.message == str(error)
    assert "what is wrong" in error.message or "$.regions[0].xyxy: has no area" in error.message


def test_an_error_without_a_text_says_its_code():
    assert DetectorModelMissing().message == "model-missing"


def test_errors_are_caught_as_the_builtin_kinds_that_callers_expect():
    assert issubclass(InputError, ValueError)
    assert issubclass(DependencyMissingError, ImportError)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_error_names_every_problem(kind):
    error = example_of(kind)
    assert error.problems == (("$.regions[0].xyxy", "has no area"), ("$", "is empty"))
    assert str(error) == (
        f"the {kind.document} is not valid: $.regions[0].xyxy: has no area; $: is empty"
    )


def test_a_document_error_keeps_a_million_problems_and_shows_twenty():
    error = PlanInvalidError([(f"$.regions[{i}]", "is wrong") for i in range(21)])
    assert len(error.problems) == 21
    assert "$.regions[19]: is wrong; and 1 more" in str(error)
    assert "$.regions[20]" not in str(error)
    just = PlanInvalidError([(f"$.regions[{i}]", "is wrong") for i in range(20)])
    assert str(just).endswith("$.regions[19]: is wrong")


def test_a_later_change_of_the_callers_list_changes_no_error():
    problems = [("$", "is empty")]
    error = PlanInvalidError(problems)
    problems.clear()
    assert error.problems == (("$", "is empty"),)


RELAY = """
import pickle, sys
errors = pickle.load(sys.stdin.buffer)
pickle.dump(errors, sys.stdout.buffer)
"""


def test_every_error_survives_the_way_through_another_process():
    sent = [example_of(kind) for kind in CLASSES]
    done = subprocess.run(
        [sys.executable, "-c", RELAY], input=pickle.dumps(sent), capture_output=True, check=True
    )
    received = pickle.loads(done.stdout)
    for before, after in zip(sent, received, strict=True):
        assert type(after) is type(before)
        assert str(after) == str(before)
        assert after.message == before.message
        assert getattr(after, "problems", None) == getattr(before, "problems", None)
