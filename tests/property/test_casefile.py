"""Any bytes give a case file or one error that lists every fault and tells no content."""

import tomllib

from hypothesis import example, given
from hypothesis import strategies as st

from saferedact.casefile import CaseFile, load_case
from saferedact.errors import CaseFileInvalidError
from saferedact.testing.cases import CASE_TOML, SECRETS, case_toml, case_trees

SECRET = "Jane Secretperson"
VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(
        [SECRET, "", "date:1979-05-27", "date:1979-05-27T00:00:00Z", "\u202e", "x" * 600]
    ),
    st.lists(st.just(SECRET), max_size=3),
    st.dictionaries(st.sampled_from([SECRET, "ref", "id", "D1"]), st.just(SECRET), max_size=2),
)


def load_or_problems(data):
    try:
        case = load_case(data)
    except CaseFileInvalidError as error:
        return None, error
    assert isinstance(case, CaseFile)
    return case, None


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"[case]\n[case]")
def test_any_bytes(data):
    load_or_problems(data)


@given(st.integers(0, len(CASE_TOML) - 1), st.binary(max_size=6), st.integers(0, 30))
def test_any_damage_of_a_case(at, insert, skip):
    data = CASE_TOML.encode()
    _, error = load_or_problems(data[:at] + insert + data[at + skip :])
    assert error is None or not any(secret in str(error) for secret in SECRETS)


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(child, (*path, key))


def with_change(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_change(value[path[0]], path[1:], new)
    return copy


@given(case_trees(), st.data())
def test_any_value_at_any_place(tree, data):
    path = data.draw(st.sampled_from([p for p in places(tree) if p]))
    changed = with_change(tree, path, data.draw(VALUES))
    text = case_toml(changed)
    try:
        tomllib.loads(text.decode())
    except tomllib.TOMLDecodeError:
        text = text.replace(b"NaN", b"nan").replace(b"Infinity", b"inf")
    _, error = load_or_problems(text)
    if error is not None:
        assert SECRET not in str(error)
        names = [p["name"] for p in tree["people"]]
        assert not any(name in str(error) for name in names)


@given(case_trees())
def test_a_valid_case_is_read_whole(tree):
    case, error = load_or_problems(case_toml(tree))
    assert error is None
    assert [p.name for p in case.people] == [p["name"] for p in tree["people"]]
    assert {p.ref for p in case.protected} == {p["ref"] for p in tree["people"][1:]}
