"""``saferedact text``: files and standard input, structure, errors, names of files."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from saferedact.cli import cli
from saferedact.detectors import identities
from saferedact.detectors.names import NameDetector, rule_recognisers
from saferedact.errors import LimitExceededError
from saferedact.policy import load_policy


@pytest.fixture(autouse=True)
def rules_alone(monkeypatch):
    """Look for names by rules, which need no model."""
    from saferedact.cli import text as module

    detector = NameDetector(rule_recognisers())
    monkeypatch.setattr(identities, "_names", lambda **_: detector)
    monkeypatch.setattr(module, "ensure_models", lambda *_, **__: None)


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(
        'schema = "saferedact.case/1"\n[case]\nstage = "charged"\njurisdiction = "england_wales"\n'
        '[[people]]\nref = "C1"\nrole = "complainant"\nname = "Priya Nair"\naliases = ["P"]\n'
    )
    return path


CHAT = (
    "12/05/2026, 18:02 - Priya Nair: my number is 07700 900345\r\n"
    "12/05/2026, 18:03 - +44 7700 900765: ok, I am at 27 Fuller Street\r\n"
)
REDACTED_CHAT = (
    "12/05/2026, 18:02 - [NAME]: my number is [PHONE]\r\n"
    "12/05/2026, 18:03 - [PHONE]: ok, I am at [ADDRESS]\r\n"
)


def test_standard_input_to_standard_output():
    result = CliRunner().invoke(cli, ["text"], input=CHAT.encode())
    assert result.exit_code == 0
    assert result.stdout_bytes == REDACTED_CHAT.encode()
    assert result.stderr == "standard input: 4 identities replaced\n"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.txt", CHAT, REDACTED_CHAT),
        ("a.csv", 'name,phone\n"Nair, Priya",07700900345\n', 'name,phone\n"[NAME]",[PHONE]\n'),
        ("a.json", '{"phone": 447700900345, "n": [1]}', '{"phone": "[PHONE]", "n": [1]}'),
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nCall 07700\n900345 now\n",
            "1\n00:00:01,000 --> 00:00:02,000\nCall [PHONE]\n[PHONE] now\n",
        ),
        ("a.html", '<p title="07700 900345">x</p>', '<p title="[PHONE]">x</p>'),
        ("a.md", "# Call\n\n* 07700 900345\n", "# Call\n\n* [PHONE]\n"),
    ],
)
def test_structure_stays(tmp_path, run, name, before, after):
    (tmp_path / name).write_bytes(before.encode())
    run("text", tmp_path / name, "-o", tmp_path / f"out-{name}")
    assert (tmp_path / f"out-{name}").read_bytes() == after.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_the_encoding_stays(tmp_path, run, encoding):
    (tmp_path / "a.txt").write_bytes("caf\u00e9 \u2013 07700 900345\n".encode(encoding))
    run("text", tmp_path / "a.txt", "-o", tmp_path / "b.txt")
    assert (tmp_path / "b.txt").read_bytes() == "caf\u00e9 \u2013 [PHONE]\n".encode(encoding)


def test_lines_in_two_encodings_are_told(tmp_path, run):
    (tmp_path / "a.txt").write_bytes("caf\u00e9\n".encode() + "caf\u00e9\n".encode("cp1252"))
    done = run("text", tmp_path / "a.txt", "-o", tmp_path / "b.txt")
    assert "two encodings" in done.stderr
    assert (tmp_path / "b.txt").read_text("utf-8") == "caf\u00e9\ncaf\u00e9\n"


def test_json_lists_places_and_no_text(tmp_path, run, case):
    (tmp_path / "a.txt").write_text("Miss Nair, 07700 900345")
    done = run("text", tmp_path / "a.txt", "--case", case, "--json")
    (file,) = done.json["files"]
    assert file["encoding"] == "utf-8"
    assert [(s["start"], s["end"], s["kind"], s["person_ref"]) for s in file["spans"]] == [
        (5, 9, "person", "C1"),
        (11, 23, "phone", None),
    ]
    assert not file["spans"][1]["needs_review"]
    assert "Nair" not in done.stdout + done.stderr
    assert "single letter" in done.stderr  # an alias that cannot be looked for


def test_json_places_of_escaped_strings_are_those_of_the_string(tmp_path, run):
    (tmp_path / "a.json").write_text('["caf\\u00e9 07700 900345"]')
    done = run("text", tmp_path / "a.json", "--json")
    (span,) = done.json["files"][0]["spans"]
    assert (span["start"], span["end"]) == (1, 25)


def test_several_files_go_to_a_folder_and_one_bad_file_does_not_stop_the_others(tmp_path, run):
    (tmp_path / "a.txt").write_text("07700 900345")
    (tmp_path / "priya_nair.txt").write_bytes(b"a\0b")
    names = (tmp_path / "a.txt", tmp_path / "priya_nair.txt")
    done = run("text", *names, "-o", tmp_path / "out", "--json", code=2)
    assert (tmp_path / "out" / "a.txt").read_text() == "[PHONE]"
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a.txt"]
    assert done.json["files"][1]["error"]["code"] == "input"
    assert "priya" not in (done.stdout + done.stderr).lower()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Be in a folder of texts that each go wrong in a way of their own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    for name in ("a.txt", "a.csv", "a.png", "there.txt", "deep/a.txt"):
        (tmp_path / name).write_text("Ann Bee 07700 900345")
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    (tmp_path / "long.txt").write_bytes(b"a" * 41)
    (tmp_path / "short.toml").write_text(
        'schema = "saferedact.policy/1"\nname = "short"\nextends = "release"\n'
        "[limits]\nmax_text_chars = 10\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["gone.txt"], 2, "cannot be read"),
        (["a.png"], 2, "--format"),
        (["a.txt", "-o", "a.txt", "--overwrite"], 2, "originals"),
        (["a.txt", "-o", "there.txt"], 2, "exists"),
        (["a.txt", "-", "-o", "out"], 2, "standard input"),
        (["a.txt", "deep/a.txt", "-o", "out"], 2, "one place"),
        (["a.txt", "a.csv", "-o", "there.txt"], 2, "folder"),
        (["binary.txt"], 2, "null"),
        (["a.txt", "--format", "json"], 2, "not JSON"),
        (["a.txt", "--policy", "nothing"], 2, "policy"),
        (["a.txt", "--case", "a.csv"], 2, "case"),
        (["a.txt", "--language", "xx"], 2, "language"),
        (["long.txt", "--policy", "short.toml"], 3, "limit"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(folder, run, arguments, code, text):
    before = sorted(path.name for path in folder.rglob("*"))
    done = run("text", *arguments, "--json", code=code)
    assert text in done.json["error"]["message"]
    assert "Ann" not in done.stdout + done.stderr
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_several_files_need_a_folder(tmp_path, run):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("07700 900345")
    assert "folder" in run("text", tmp_path / "a.txt", tmp_path / "b.txt", code=2).stderr


def test_a_long_single_line(tmp_path, run):
    line = "word 07700 900345 " * 4_000
    (tmp_path / "a.txt").write_text(line)
    run("text", tmp_path / "a.txt", "-o", tmp_path / "b.txt")
    assert (tmp_path / "b.txt").read_text() == line.replace("07700 900345", "[PHONE]")


def test_overwrite(tmp_path, run):
    (tmp_path / "a.txt").write_text("07700 900345")
    (tmp_path / "b.txt").write_text("old")
    run("text", tmp_path / "a.txt", "-o", tmp_path / "b.txt", "--overwrite")
    assert (tmp_path / "b.txt").read_text() == "[PHONE]"


def test_help_names_every_format(run):
    assert "jsonl" in run("text", "--help").stdout


def test_of_an_endless_standard_input_no_more_is_read_than_a_text_may_have(monkeypatch):
    class Endless:
        def read(self, size=-1):
            assert 0 < size < 1_000
            return b"a" * size

    module = import_module("saferedact.cli.text")
    policy = load_policy().model_copy(update={"limits": {"max_text_chars": 100}})
    engine = identities.IdentityEngine.of(policy, None, "en", [])
    monkeypatch.setattr(module.sys, "stdin", SimpleNamespace(buffer=Endless()))
    with pytest.raises(LimitExceededError):
        module._redact_one("-", None, engine, None)
