"""Policies: the built-in ones, merging, and faults of a user's file."""

import pickle
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.errors import InputError, PolicyInvalidError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.policy import Policy, load_policy, policy_names
from saferedact.policy_tables import Label

MINE = 'schema = "saferedact.policy/1"\nextends = "release"\nname = "mine"\n'
WHOLE = """
schema = "saferedact.policy/1"
name = "whole"
undecided = "redact"
[labels.face]
operator = "solid"
min_score = 0.2
review_below = 0.4
"""


def load(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_policy(path)


def problems(tmp_path, text):
    with pytest.raises(PolicyInvalidError) as caught:
        load(tmp_path, text)
    return list(caught.value.problems)


@pytest.mark.parametrize("name", policy_names())
def test_built_in_policies_hide_everything_and_keep_nothing(name):
    policy = load_policy(name)
    assert policy.name == name
    assert policy.description
    assert set(policy.labels) == ({"face"} if name == "faces" else set(get_args(Label)))
    assert not policy.allow_reversible
    assert policy.metadata == "drop"
    assert policy.audio == "mute"
    assert all(rule.operator == "solid" for label, rule in policy.labels.items() if label != "face")


def test_the_built_in_policies_differ_where_they_say():
    release, frost, review = map(load_policy, ("release", "frost", "review"))
    assert policy_names()[0] == "release"
    assert load_policy() == release
    assert release.labels["face"].operator == "solid"
    assert frost.labels["face"].operator == "frost"
    assert (release.undecided, frost.undecided, review.undecided) == ("redact", "redact", "refuse")
    assert review.labels == release.labels


def test_a_policy_is_returned_as_it_is():
    policy = load_policy("frost")
    assert load_policy(policy) is policy


def test_what_a_file_does_not_say_is_taken_over_and_lists_are_replaced_whole(tmp_path):
    policy = load(
        tmp_path,
        MINE + "[labels.face]\noperator = 'frost'\ndilate = [1, 0, 0, 0.5]\n"
        "[detectors.faces]\norientations = 'all'\n[limits]\nmax_frames = 7\n",
    )
    release = load_policy("release")
    face = policy.labels["face"]
    assert (face.operator, face.dilate) == ("frost", (1.0, 0.0, 0.0, 0.5))
    assert (face.min_score, face.shape) == (
        release.labels["face"].min_score,
        release.labels["face"].shape,
    )
    assert {k: v for k, v in policy.labels.items() if k != "face"} == {
        k: v for k, v in release.labels.items() if k != "face"
    }
    assert policy.detectors.faces.orientations == "all"
    assert policy.effective_limits() == Limits(max_frames=7)
    assert release.effective_limits() == DEFAULT_LIMITS
    assert (policy.name, policy.description) == ("mine", "")


def test_a_built_in_that_itself_extends_can_be_extended(tmp_path):
    policy = load(tmp_path, MINE.replace("release", "frost"))
    assert policy.labels == load_policy("frost").labels


def test_without_extends_only_what_is_written_counts(tmp_path):
    policy = load(tmp_path, WHOLE)
    assert set(policy.labels) == {"face"}
    assert policy.labels["face"].dilate == (0.0, 0.0, 0.0, 0.0)


def test_the_name_must_be_ones_own(tmp_path):
    text = 'schema = "saferedact.policy/1"\nextends = "release"\n'
    assert problems(tmp_path, text) == [("$.name", "is missing")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("$.labels", "is missing")),
        ("x = \n", ("$", "is not TOML (line 1)")),
        ("a = 1\nb = 'Jane", ("$", "is not TOML (it ends too early)")),
        (b"\xff", ("$", "is not valid UTF-8")),
        ("x = " + "1" * 10_000, ("$", "is not TOML that can be read")),
        ("x = " + "[" * 50_000, ("$", "is not TOML that can be read")),
        ("#" * 300_000, ("$", "is larger than 262144 bytes")),
        (MINE.replace('"release"', '"../release"'), ("$.extends", "must be one of release")),
        (MINE.replace('"release"', "['release']"), ("$.extends", "must be one of release")),
        (MINE.replace("policy/1", "policy/2"), ("$.schema", "must be 'saferedact.policy/1'")),
        (MINE + "Jane = 1", ("$", "has an unknown key")),
        (MINE + "[labels.Jane]", ("$.labels", "has an unknown key")),
        ("labels = {}", ("$.labels", "must have at least 1")),
        (MINE + "[labels.face]\ncolour = 'red'", ("$.labels.face", "has an unknown key")),
        (MINE + "[labels.face]\ncolor = 'red'", ("$.labels.face.color", "must match the pattern")),
        (MINE + "[labels.face]\nmin_score = nan", ("$.labels.face.min_score", "must be a finite")),
        (MINE + "[labels.face]\nmin_score = 1.1", ("$.labels.face.min_score", "must be at most")),
        (
            MINE + "[labels.face]\ndilate = [0.1, -1, 0, 0]",
            ("$.labels.face.dilate[1]", "must be at least 0"),
        ),
        (MINE + "[labels.face]\ndilate = [0.1]", ("$.labels.face.dilate[1]", "is missing")),
        (MINE + 'description = "a\\u001b[2J"', ("$.description", "must be one line of printable")),
        (MINE + "metadata = 'keep'", ("$.metadata", "must be 'drop'")),
        (MINE + "audio = 1979-05-27", ("$.audio", "must be 'mute', 'drop' or 'keep'")),
        (MINE + "[limits]\nmax_frames = 0", ("$.limits.max_frames", "must be greater than 0")),
        (MINE + "[limits]\nmax_jane = 1", ("$.limits", "must have no other keys than max_fi")),
        (
            MINE + "[labels.face]\noperator = 'blur'",
            ("$.labels.face.operator", "must be solid or frost"),
        ),
        (
            MINE + "allow_reversible = true\n[labels.name]\noperator = 'blur'",
            ("$.labels.name.operator", "must be solid or frost"),
        ),
    ],
)
def test_faults_are_worded_without_content(tmp_path, text, expected):
    found = problems(tmp_path, text)
    assert any(where == expected[0] and what.startswith(expected[1]) for where, what in found), (
        found
    )
    assert not any("Jane" in f"{where}{what}" for where, what in found)


def test_every_fault_is_listed(tmp_path):
    text = MINE + "audio = 1\nundecided = 2\n[labels.face]\nshape = 3\nmin_score = 4\nx = 5\n"
    assert len(problems(tmp_path, text)) == 5
    blurred = "".join(f"[labels.{label}]\noperator = 'blur'\n" for label in ("face", "code"))
    assert len(problems(tmp_path, MINE + blurred)) == 2


def test_reversible_operators_need_leave_and_are_for_faces_alone(tmp_path):
    policy = load(tmp_path, MINE + "allow_reversible = true\n[labels.face]\noperator = 'mosaic'")
    for operator in ("mosaic", "blur"):
        assert policy.permits(operator, "face")
        assert not policy.permits(operator, "name")
        assert not policy.permits(operator, "a-label-of-the-force")
        assert not load_policy("release").permits(operator, "face")
    for operator in ("solid", "frost"):
        assert load_policy("release").permits(operator, "anything")


def test_colors(tmp_path):
    policy = load(tmp_path, MINE + "[labels.face]\ncolor = '#FF8000'")
    assert policy.color_of("face") == (255, 128, 0)
    assert policy.color_of("plate") == policy.color_of("a-label-of-the-force") == (0, 0, 0)


def test_the_digest_follows_the_meaning_and_not_the_spelling(tmp_path):
    one = load(tmp_path, MINE + "audio = 'drop'\nundecided = 'refuse'\n")
    two = load(tmp_path, "undecided = 'refuse'\n" + MINE + '# a note\naudio = "drop"\n')
    assert one.sha256 == two.sha256
    assert one.sha256 != load(tmp_path, MINE + "audio = 'drop'").sha256
    rule = "operator = 'solid'\nmin_score = 0.1\nreview_below = 0\n"
    tables = [f"[labels.{label}]\n{rule}" for label in ("name", "plate")]
    assert (
        load(tmp_path, WHOLE + "".join(tables)).sha256
        == load(tmp_path, WHOLE + "".join(tables[::-1])).sha256
    )
    assert len({load_policy(name).sha256 for name in policy_names()}) == len(policy_names())


def test_a_policy_survives_a_process_boundary():
    policy = load_policy("frost")
    again = pickle.loads(pickle.dumps(policy))
    assert again == policy
    assert again.sha256 == policy.sha256


def test_a_name_that_is_none_is_explained():
    with pytest.raises(InputError, match="the built-in ones are release, frost, review"):
        load_policy("Jane")


@pytest.mark.parametrize("path", ["missing.toml", "missing/policy", "null\0character.toml"])
def test_a_file_that_is_not_there_is_our_error(tmp_path, path):
    with pytest.raises(InputError, match="the policy cannot be read"):
        load_policy(tmp_path / path)


def test_a_file_without_a_suffix_is_found_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "mine").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    assert load_policy("mine").name == "mine"


toml_values = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from(["nan", "inf", "1e400", "'Jane'", "[]", "{}", "[[1]]", "1979-05-27", "0x1f"]),
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["name", "schema", "labels", "labels.face", "labels.face.dilate", "limits", "Jane"]
        ),
        toml_values,
        max_size=3,
    ),
    st.binary(max_size=20),
)
def test_any_text_gives_a_policy_or_one_error(tmp_path_factory, keys, tail):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    lines = [f"{key} = {str(value).lower()}" for key, value in keys.items()]
    for text in (MINE.encode() + "\n".join(lines).encode(), WHOLE.encode() + tail):
        path.write_bytes(text)
        with suppress(PolicyInvalidError):
            assert isinstance(load_policy(path), Policy)
