"""Names of files: a warning in the report, and neutral names."""

import json
import stat
import sys

import pytest

from saferedact.media import image_formats, video_mux
from saferedact.pipeline.file_names import SUFFIXES, name_findings, neutral_names, shown_name
from saferedact.pipeline.text_segments import TEXT_SUFFIXES
from saferedact.policy import load_policy

pytestmark = pytest.mark.usefixtures("planted")

POLICY = load_policy()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("", None),
        ("a", None),
        ("portrait.jpg", None),
        ("IMG_20260612_123456.jpg", None),
        ("DSC00012.JPG", None),
        ("screenshot-2.png", None),
        ("priya_nair_statement.pdf", "person"),
        ("YN99KTB_front.jpg", "vrm"),
        ("case 4/scan 07700 900345.png", "phone"),
    ],
)
def test_what_a_path_says(name, kinds):
    findings = name_findings(name, policy=POLICY)
    if kinds is None:
        assert findings == []
        return
    (finding,) = findings
    assert (finding.rule_id, finding.level) == ("VF-08", "WARN")
    assert f"({kinds})" in finding.message
    assert "nair" not in finding.message.lower()


def test_shown_names_hold_no_identity():
    assert shown_name("priya_nair.pdf", policy=POLICY) == "[NAME].pdf"
    assert shown_name("portrait.jpg", policy=POLICY) == "portrait.jpg"


def test_neutral_names_are_different_and_keep_the_suffix():
    assert neutral_names([]) == {}
    assert neutral_names(["x/b.JPG", "a", "x/b.JPG"]) == {
        "x/b.JPG": "file-0001.jpg",
        "a": "file-0002",
    }
    many = neutral_names(f"{n}.png" for n in range(12_000))
    assert len(set(many.values())) == 12_000


@pytest.fixture
def folder(tmp_path, picture):
    picture(tmp_path / "in" / "one.png")
    picture(tmp_path / "in" / "priya nair" / "two.png")
    return tmp_path


def test_a_warning_in_the_report(folder, run):
    done = run("redact", folder / "in", "-o", folder / "out", "--json")
    by_name = {file["name"]: file["report"] for file in done.json["files"]}
    rules = {
        name: [finding["rule_id"] for finding in report["findings"] if finding["level"] == "WARN"]
        for name, report in by_name.items()
    }
    assert "VF-08" in rules["priya nair/two.png"]
    assert "VF-08" not in rules["one.png"]
    assert all(
        "file-names" in {check["name"] for check in report["checks_run"]}
        for report in by_name.values()
    )


def test_neutral_names_with_their_map_beside_the_plans(folder, run):
    done = run(
        "redact", folder / "in", "-o", folder / "out", "--plans", folder / "plans", "--safe-names",
        "--json",
    )  # fmt: skip
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["file-0001.png", "file-0002.png"]
    kept = folder / "plans" / "names.json"
    assert sorted(json.loads(kept.read_text("utf-8")).values()) == ["one.png", "priya nair/two.png"]
    assert sys.platform == "win32" or stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "VF-08" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["-o", "out", "--safe-names"], "--plans"),
        (["-o", "out", "--safe-names", "--plans", "out/plans"], "published"),
        (["-o", "out", "--safe-names", "--plans", "out"], "published"),
    ],
)
def test_the_map_is_never_published(folder, monkeypatch, run, arguments, text):
    monkeypatch.chdir(folder)
    done = run("redact", "in", *arguments, "--json", code=2)
    assert text in done.json["error"]["message"]
    assert not (folder / "out").exists()


def test_neutral_names_need_a_folder(folder, monkeypatch, run):
    monkeypatch.chdir(folder)
    arguments = (
        "redact",
        "in/one.png",
        "-o",
        "x.png",
        "--safe-names",
        "--plans",
        "plans",
        "--json",
    )
    assert "folder" in run(*arguments, code=2).json["error"]["message"]


def test_messages_do_not_name_people(folder, run):
    (folder / "in" / "priya nair" / "notes.xyz").write_text("no picture")
    shown = run("redact", str(folder / "in"), "-o", str(folder / "out"), code=2)
    assert "nair" not in shown.stderr.lower()
    assert "one.png: 1 region" in shown.stderr
    assert "[NAME]" in shown.stderr
    assert "(file 2)" in shown.stderr


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Statement of Priya.Nair", "Statement of [NAME]"),
        ("letter.Priya Nair", "letter.[NAME]"),
        ("priya.nair", "[NAME]"),
        ("priya_nair.DOCX", "[NAME].DOCX"),
        ("priya nair.dav", "[NAME].dav"),
    ],
)
def test_what_follows_the_last_dot_is_looked_at_unless_it_is_a_kind_of_file(name, shown):
    assert shown_name(name, policy=POLICY) == shown
    assert "nair" not in neutral_names([name])[name].lower()


def test_every_kind_of_file_that_is_read_is_known_by_its_suffix():
    assert TEXT_SUFFIXES | set(image_formats._SUFFIXES) | set(video_mux._FORMATS) <= SUFFIXES


def test_neutral_names_are_nobody_elses_and_say_what_is_written():
    taken = ["file-0001.jpg", "FILE-0003.JPG", "file-0002.png"]
    assert neutral_names(["a.jpg", "b.jpg", "c.dav"], taken=taken) == {
        "a.jpg": "file-0002.jpg",
        "b.jpg": "file-0004.jpg",
        "c.dav": "file-0005.mp4",
    }
