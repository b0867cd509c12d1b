"""Twelve releases as folders, clean ones too: what must be found in each, and what must not be."""

import hashlib
import json
import re

import numpy as np
import pytest

from saferedact import check
from saferedact.casefile import load_case
from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.errors import InputError
from saferedact.pipeline.check import check_text
from saferedact.report import dump_report, load_report
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import OPTIONS, base_case
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures

pytestmark = pytest.mark.model  # wording is judged by grammar


CLEAN_STATEMENT = """\
Stuart Kemble, 52, of Westbury Cross, has been charged with fraud by false representation.

He was released on bail and will appear at Northmoor Crown Court on Monday 30 November.

Criminal proceedings are active. Please do not post anything that could prejudice them.
Anyone with information is asked to call 101.
"""
CLEAN_APPEAL = """\
Officers are appealing for witnesses after a collision in Westbury Cross on Sunday.

Anyone with dashcam footage is asked to call 101. A man has been arrested and bailed.
"""


def complainant(**more):
    people = base_case()["people"]
    people[1] = {**people[1], **more}
    return people


def child():
    return {"ref": "K1", "role": "witness", "name": "Oscar Tennyson", "under_18": True}


def suspect(**more):
    return [{"ref": "S1", "role": "suspect", "name": "Stuart Kemble", "sex": "male", **more}]


ARREST = {"stage": "arrested", "charged_on": None, "custody_status": "pre_charge_bail"}
SEXUAL = {"offence_category": "sexual", "offence_text": "voyeurism"}

# name: (case, files, expected rules, rules that must not fire); a file of None is a picture with a
# face in it, of () one without
RELEASES = {
    "clean-charge": (base_case(), {"statement.txt": CLEAN_STATEMENT}, set(), {"*"}),
    "clean-appeal": (
        base_case(case=ARREST, release={"type": "appeal"}, people=suspect()),
        {"appeal.md": CLEAN_APPEAL},
        set(),
        {"*"},
    ),
    "clean-sexual-charge": (
        base_case(case=SEXUAL, people=complainant(relation_to={"D1": "lodger"})),
        {
            "statement.txt": "Stuart Kemble, 52, has been charged with voyeurism. "
            "He will appear before Northmoor Crown Court.\n"
        },
        set(),
        {"*"},
    ),
    "named-complainant": (
        base_case(case=SEXUAL),
        {
            "statement.txt": "Stuart Kemble was charged with voyeurism.\n",
            "caption.srt": "1\n00:00:01,000 --> 00:00:03,000\nMs Nair, come in\n",
        },
        {"ID-03", "ID-07", "RR-01"},
        {"RR-02", "RR-09", "PJ-01", "PJ-05"},
    ),
    "jigsaw-of-two-files": (
        base_case(case=SEXUAL, people=complainant(relation_to={"D1": "lodger"})),
        {
            "statement.txt": "Stuart Kemble, 52, was charged with voyeurism.\n",
            "web/page.html": "<p>The <b>24-year-old</b> <i>student nurse</i> was his lodger.</p>",
        },
        {"JG-01", "JG-02", "RR-01"},
        {"ID-03", "RR-09", "OJ-01"},
    ),
    "prejudice": (
        base_case(),
        {
            "post.txt": "Prolific burglar Stuart Kemble has nine previous convictions. "
            "DNA on the glove matched him. He is expected to plead guilty and faces ten years "
            "in prison. Share this everywhere, find him.\n"
        },
        {"PJ-01", "PJ-04", "PJ-07", "PJ-09", "PJ-14", "PJ-15"},
        {"RR-01", "RR-09", "ID-03"},
    ),
    "named-before-charge": (
        base_case(case=ARREST, release={"type": "arrest"}, people=suspect(handles=["@stu_k"])),
        {"post.txt": "We arrested Stuart Kemble today. See @stu_k.\n"},
        {"RR-09", "ID-03"},
        {"OJ-01", "PJ-01", "RR-01"},
    ),
    "child-under-order": (
        base_case(
            people=[*complainant(), child()],
            restrictions=[
                {
                    "type": "s45",
                    "court": "Crown Court",
                    "made_on": "date:2026-11-19",
                    "terms": "nothing to identify K1",
                    "protects": ["K1"],
                    "expires": "K1 is 18",
                }
            ],
        ),
        {"statement.txt": "Oscar Tennyson, a schoolboy, saw it. Stuart Kemble is charged.\n"},
        {"RR-04", "ID-03", "VP-03"},
        {"RR-01", "RR-05", "CF-04", "CF-05"},
    ),
    "faces": (
        base_case(
            assets=[
                {
                    "id": "i1",
                    "path": "street.png",
                    "source": "bwv",
                    "original_sha256": "1" * 64,
                    "copyright_owner": "Police",
                }
            ]
        ),
        {"street.png": None, "statement.txt": CLEAN_STATEMENT},
        {"ID-02"},
        {"PV-01", "PV-05", "ID-05", "PJ-01"},
    ),
    "redacted-here-visible-there": (
        base_case(),
        {
            "statement.txt": "[NAME] told us. Stuart Kemble is charged.\n",
            "priya_nair.csv": "name,phone\nPriya Nair,07700 900345\n",
        },
        {"JG-06", "ID-03", "ID-04"},
        {"RR-01", "RR-04", "OJ-01"},
    ),
    "stale-and-unapproved": (
        base_case(
            case={"stage_confirmed_at": "date:2026-11-17T08:00:00Z"},
            approvals=[],
            release={"takedown_review_on": None},
        ),
        {"street.png": (), "statement.txt": CLEAN_STATEMENT},
        {"CF-02", "PV-03", "PV-01", "PV-05", "PV-10"},
        {"ID-02", "CF-01", "RR-01"},
    ),
    "over-redacted": (
        base_case(),
        {"statement.txt": "[NAME 1], 52, has been charged with fraud.\n"},
        {"OJ-01"},
        {"ID-03", "RR-09", "PJ-16"},
    ),
}
QUIET = {"PV-09", "PV-03", "CF-06"}
"""Rules that say something of every release that is made in these tests: told, not held against."""


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
            continue
        pixels = np.full((60, 80, 3), 128, dtype=np.uint8)
        if content is None:
            plant(pixels, [(10, 10, 30, 40)])
        write_pictures(path, pixels)


@pytest.mark.parametrize("name", RELEASES)
def test_a_release(tmp_path, name):
    tree, files, expected, must_not_fire = RELEASES[name]
    folder = tmp_path / "release"
    folder.mkdir()
    write(folder, files)
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(tree))
    report = check(
        folder,
        case=case,
        detectors=[PlantedDetector()],
        finder=lambda _: [],
        image_text=None,
        options=OPTIONS,
    )
    found = {finding.rule_id for finding in report.findings}
    assert expected <= found
    if "*" in must_not_fire:
        assert found <= QUIET
        assert report.verdict != "blocked"
    else:
        assert not must_not_fire & found
    assert load_report(dump_report(report)) == report
    assert {asset.id for asset in report.assets} >= {f.location.asset for f in report.findings} - {
        None
    }


def test_without_a_case_file_the_report_says_what_did_not_run(tmp_path):
    (tmp_path / "a.txt").write_text("The paedophile was caught. He has form for this.")
    report = check(tmp_path, detectors=[], finder=lambda _: [], image_text=None)
    not_run = {check.name: check.reason for check in report.checks_not_run}
    assert not_run["RR-01"] == not_run["CF-01"] == "needs a case file"
    assert "PJ-04" in {finding.rule_id for finding in report.findings}
    assert report.verdict == "review"


def test_what_cannot_be_read_is_a_finding_and_no_pass(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(b"0")
    (tmp_path / "page.pdf").write_bytes(b"%PDF")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "thing.bin").write_bytes(b"1")
    (tmp_path / "link.txt").symlink_to(tmp_path / "thing.bin")
    report = check(tmp_path, detectors=[PlantedDetector()], finder=None, image_text=None)
    unread = [f.location.asset for f in report.findings if f.rule_id == "CF-06"]
    assert len(set(unread)) == 5
    assert report.verdict == "review"


def test_the_case_file_must_not_lie_in_the_release(tmp_path):
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(base_case()))
    with pytest.raises(InputError, match="move it out"):
        check(tmp_path, case=case, detectors=[], finder=None, image_text=None)


def test_nothing_to_check(tmp_path):
    with pytest.raises(InputError, match="holds no files"):
        check(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        check(tmp_path / "missing")
    with pytest.raises(InputError, match="no such rule"):
        check(tmp_path, rules=["XX-99"])


def test_earlier_releases_are_put_beside_this_one(tmp_path):
    tree = base_case(
        case=SEXUAL,
        people=complainant(relation_to={"D1": "lodger"}),
        release={"prior_releases": [{"id": "R1", "path": "earlier"}]},
    )
    write(tmp_path / "earlier", {"old.txt": "The complainant was a lodger.\n"})
    write(tmp_path / "release", {"statement.txt": "Stuart Kemble was charged.\n"})
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(tree))
    report = check(
        tmp_path / "release", case=case, detectors=[], finder=None, image_text=None, options=OPTIONS
    )
    assert {"JG-01", "JG-07"} <= {finding.rule_id for finding in report.findings}


def test_an_earlier_release_that_is_gone_is_told(tmp_path):
    tree = base_case(release={"prior_releases": [{"id": "R1", "path": "gone"}]})
    write(tmp_path / "release", {"statement.txt": CLEAN_STATEMENT})
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(tree))
    report = check(
        tmp_path / "release", case=case, detectors=[], finder=None, image_text=None, options=OPTIONS
    )
    assert any("earlier release cannot be read" in finding.message for finding in report.findings)


def test_one_file_and_a_text(tmp_path):
    path = tmp_path / "statement.txt"
    path.write_text(CLEAN_STATEMENT, encoding="utf-8")
    case = load_case(case_toml(base_case()))
    report = check(path, case=case, detectors=[], finder=None, image_text=None, options=OPTIONS)
    assert report.artifact_sha256 == hashlib.sha256(CLEAN_STATEMENT.encode()).hexdigest()
    assert {f.rule_id for f in report.findings} <= QUIET
    same = check_text(CLEAN_STATEMENT, case=case, finder=None, options=OPTIONS)
    assert same.artifact_sha256 == report.artifact_sha256


def test_places_lead_to_the_words(tmp_path):
    html = '<p title="Priya Nair">A &amp; B</p>\n<p>It was\nPriya&nbsp;<b>Nair</b>.</p>'
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"who": "Priya N\u0061ir", "x": "\u00e9"}))
    tree = base_case()
    report = check(
        tmp_path,
        case=load_case(case_toml(tree)),
        detectors=[],
        finder=None,
        image_text=None,
        rules=["ID-03"],
    )
    page = next(
        a.id
        for a in report.assets
        if a.kind == "text" and a.sha256 == hashlib.sha256(html.encode()).hexdigest()
    )
    places = [
        place
        for f in report.findings
        if f.location.asset == page
        for place in (f.location, *f.also_at)
    ]
    shown = {html[p.start : p.end] for p in places}
    assert "Priya Nair" in shown
    assert any("Nair" in words and "Priya&nbsp;" in words for words in shown)
    assert {place.line for place in places} == {1, 3}
    assert len({f.location.asset for f in report.findings}) == 2


def test_files_are_shown_without_the_names_in_them(tmp_path):
    (tmp_path / "Priya_Nair_and_Jo_Bloggs.txt").write_text("nothing")

    case = load_case(case_toml(base_case()))
    report = check(tmp_path, case=case, detectors=[], finder=None, image_text=None)
    assert report.assets[0].name == "[NAME]_and_[NAME].txt"
    assert "ID-03" in {finding.rule_id for finding in report.findings}


def test_progress_is_told(tmp_path):
    write(tmp_path, {"a.txt": "a", "b.txt": "b"})
    seen = []
    check(
        tmp_path,
        detectors=[],
        finder=None,
        image_text=None,
        progress=lambda *step: seen.append(step),
    )
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.model
def test_text_and_identifiers_in_a_picture_are_read(tmp_path):
    import cv2

    pixels = np.full((260, 760, 3), 255, dtype=np.uint8)
    for row, words in enumerate(
        ["Dear Priya Nair,", "please call 07700 900345", "27 Fuller Street"]
    ):
        cv2.putText(pixels, words, (20, 60 + 80 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    write_pictures(tmp_path / "letter.png", pixels)
    (tmp_path / "note.txt").write_text(
        "The man who rang, Gwilym Penhaligon, gave NHS 943 476 5919.\n"
    )
    report = check(tmp_path, case=load_case(case_toml(base_case())), options=OPTIONS)
    found = {(f.rule_id, f.person) for f in report.findings}
    assert {("ID-03", "C1"), ("ID-04", "C1"), ("ID-09", "D1"), ("ID-06", None)} <= found
    name = next(f for f in report.findings if (f.rule_id, f.person) == ("ID-03", "C1"))
    assert name.location.channel == "ocr"
    assert name.location.xyxy[1] < 70
    assert "Nair" not in dump_report(report).decode()


def line_of(words, y):
    places = [match.span() for match in re.finditer(r"\S+", words)]
    ends = np.array(places, dtype=np.int64).reshape(-1, 2)
    return TextLine(
        quad=np.float32([[5, y], [70, y], [70, y + 10], [5, y + 10]]),
        text=words,
        score=0.9 if words else 0.1,
        start=ends[:, 0],
        end=ends[:, 1],
        along=np.float32(ends / max(len(words), 1)),
    )


def test_what_a_reader_of_pictures_reads_is_checked_line_by_line(tmp_path):
    def read(image):
        assert image.shape[2] == 3
        lines = [("Dear Priya", 10), ("Nair, hello", 30), ("", 50)]
        return arrange([line_of(words, y) for words, y in lines])

    write(tmp_path, {"a.png": ()})
    case = load_case(case_toml(base_case()))
    report = check(tmp_path, case=case, detectors=[], finder=None, image_text=read)
    found = [f for f in report.findings if f.rule_id == "ID-03"]
    assert {place.channel for f in found for place in (f.location, *f.also_at)} == {"ocr"}
    assert any(place.xyxy for f in found for place in (f.location, *f.also_at))
    assert not any("text in pictures" in check_.reason for check_ in report.checks_not_run)
