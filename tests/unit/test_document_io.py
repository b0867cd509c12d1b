"""Files of documents: limits, the loopholes of JSON, whole files or none."""

import pytest

from saferedact.document_io import MAX_PROBLEMS, read_bounded, read_json_object, read_toml
from saferedact.errors import InputError

KNOWN = frozenset({"a", "b"})


def names_in(folder):
    return [entry.name for entry in folder.iterdir()]


def read(data, max_bytes=10_000_000):
    return read_json_object(data, max_bytes=max_bytes, known=KNOWN)


def test_an_object_is_read():
    assert read(b'{"a": [1, 2.5, "\\u00e9\\ud83d\\ude00", null]}') == (
        {"a": [1, 2.5, "é😀", None]},
        [],
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is not JSON (line 1, column 1)"),
        (b'{"a":\n 1,,}', "is not JSON (line 2, column 4)"),
        (b"\xef\xbb\xbf{}", "is not JSON (line 1, column 1)"),
        (b"\xff{}", "is not valid UTF-8, or holds half of a surrogate pair"),
        (b'{"a": "\\ud800"}', "is not valid UTF-8, or holds half of a surrogate pair"),
        (b'{"\\uDFFF": 1}', "is not valid UTF-8, or holds half of a surrogate pair"),
        (b"[" * 200_000, "is nested too deeply"),
        (b'"a"', "must be an object"),
        (b"null", "must be an object"),
        (b"{" + b",".join(b'"%d":1' % n for n in range(65)) + b"}", "holds an object with more"),
        (b"{" + b'"a":1,' * 65 + b'"b":1}', "holds an object with more"),
    ],
)
def test_what_is_no_usable_object_is_refused(data, fault):
    tree, problems = read(data)
    assert tree is None
    ((where, what),) = problems
    assert where == "$"
    assert what.startswith(fault)


def test_the_size_is_checked_before_parsing():
    assert read(b"{" * 11, max_bytes=10) == (None, [("$", "is larger than 10 bytes")])
    assert read(b'{"a": 123}', max_bytes=10)[0] == {"a": 123}


@pytest.mark.parametrize("digits", ["9" * 21, "-" + "9" * 21, "1" + "0" * 10_000])
def test_endless_integers_become_what_no_field_accepts(digits):
    tree, _ = read(b'{"a": %s}' % digits.encode())
    assert tree == {"a": float("inf")}


def test_integers_of_64_bits_are_exact():
    assert read(b'{"a": -9223372036854775808}')[0] == {"a": -(2**63)}


def test_each_duplicate_key_has_its_place():
    tree, problems = read(b'{"a": 1, "a": {"b": 1, "b": 2, "b": 3}, "c": [{"d": 1, "d": 1}]}')
    assert tree == {"a": {"b": 3}, "c": [{"d": 1}]}
    assert sorted(problems) == [
        ("$.*[0].*", "comes more than once"),
        ("$.a", "comes more than once"),
        ("$.a.b", "comes more than once"),
        ("$.a.b", "comes more than once"),
    ]


def test_the_list_of_duplicates_ends():
    _, problems = read(b'{"a": [' + b",".join([b'{"b":0,"b":0}'] * 5 * MAX_PROBLEMS) + b"]}")
    assert len(problems) == MAX_PROBLEMS


def test_reading_stops_after_the_limit(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    assert read_bounded(path, 10, what="plan") == b"x" * 11
    assert read_bounded(path, 100, what="plan") == b"x" * 100


@pytest.mark.parametrize("name", ["missing", ".", "null\0character"])
def test_a_file_that_cannot_be_read_is_an_input_error_without_its_path(tmp_path, name):
    with pytest.raises(InputError, match="the plan cannot be read") as caught:
        read_bounded(tmp_path / name, 10, what="plan")
    assert tmp_path.name not in str(caught.value)


def test_toml_is_read_as_editors_of_windows_save_it():
    data = b'\xef\xbb\xbf# a case\r\nname = "x"\r\n'
    assert read_toml(data, max_bytes=100) == ({"name": "x"}, "")
    assert read_toml(b"\xef\xbb\xbf" * 2, max_bytes=100)[0] is None
