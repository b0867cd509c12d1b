"""Files of a release on their way to the checks: what they are called, and that all they say is read."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from saferedact import check, release
from saferedact.casefile import load_case, release_place
from saferedact.errors import InputError, RedactionError
from saferedact.pipeline import release_files
from saferedact.pipeline.release_materials import asset_ids
from saferedact.pipeline.text_segments import text_segments
from saferedact.policy import load_policy
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import OPTIONS, base_case, case_of
from saferedact.testing.detectors import PlantedDetector, write_pictures


def judged(folder, files, *rules, **changes):
    folder.mkdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = check(
        folder,
        case=case_of(base_case(**changes)),
        detectors=(),
        finder=None,
        image_text=None,
        parser=None,
        options=OPTIONS,
        rules=rules,
    )
    return report, [(f.rule_id, f.level, f.location.asset) for f in report.findings]


def test_two_files_never_have_one_id(tmp_path):
    """A case that calls its second file as reports called it once must not hide the first."""
    files = {"a.txt": "Priya Nair was there.", "b.txt": "Stuart Kemble was charged."}
    assets = [{"id": "file-1", "path": "b.txt"}]
    report, found = judged(tmp_path / "r", files, "ID-03", assets=assets)
    assert found == [("ID-03", "BLOCK", "file-1.2")]
    assert [(a.id, a.name) for a in report.assets] == [("file-1.2", "a.txt"), ("file-1", "b.txt")]


def test_ids_of_files():
    assets = [{"id": "file-1", "path": "c"}, {"id": "file-1.2", "path": "d"}]
    case = case_of(base_case(assets=assets))
    assert asset_ids(["a", "b", "c"], None) == ["file-1", "file-2", "file-3"]
    assert asset_ids(["a", "b", "c", "d"], case) == ["file-1.3", "file-2", "file-1", "file-1.2"]
    assert asset_ids([], case) == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("a.jpg", "a.jpg"),
        ("a\\b.jpg", "a/b.jpg"),
        ("./a//b.jpg", "a/b.jpg"),
        ("Sia\u0302n.jpg", "Si\u00e2n.jpg"),
    ],
)
def test_places_are_written_in_one_way(typed, place):
    assert release_place(typed) == place


def test_what_a_case_says_of_a_file_is_used_however_its_place_is_typed(tmp_path):
    for number, typed in enumerate((".\\web\\Sia\u0302n.txt", "web/Si\u00e2n.txt")):
        assets = [{"id": "t1", "path": typed, "distressing": True}]
        _, found = judged(
            tmp_path / str(number), {"web/Si\u00e2n.txt": "Text."}, "VP-08", "CF-06", assets=assets
        )
        assert found == [("VP-08", "INFO", "t1")]


def test_a_listed_file_that_the_release_does_not_hold_is_told(tmp_path):
    assets = [{"id": "t1", "path": "Custody/man.txt", "distressing": True}]
    report, found = judged(
        tmp_path / "r", {"custody/man.txt": "Text."}, "VP-08", "CF-06", assets=assets
    )
    assert found == [("CF-06", "WARN", None)]
    assert "t1 of the case file" in report.findings[0].message


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv", "a.json", "a.vtt"])
def test_a_text_that_cannot_be_read_is_no_pass(tmp_path, name):
    """Beside another text, too, and whatever its kind."""
    files = {name: b"Priya Nair\0", "ok.txt": "A man was charged."}
    _, found = judged(tmp_path / "r", files, "CF-06")
    assert found == [("CF-06", "WARN", "file-1")]


@pytest.mark.parametrize(
    "name", ["PriyaNair.txt", "nair_p.txt", "p.nair.txt", "web/NAIR-priya-2.txt", "priyanair99.txt"]
)
def test_spellings_in_the_name_of_a_file(tmp_path, name):
    _, found = judged(tmp_path / "r", {name: "Text."}, "HD-07")
    assert found == [("HD-07", "BLOCK", "file-1")]


def test_a_file_name_that_says_nothing(tmp_path):
    _, found = judged(tmp_path / "r", {"private.txt": "Text.", "fair-play.txt": "Text."}, "HD-07")
    assert found == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>Si&acirc;n N&#97;ir</p>",
        "<p>Si\u00e2n N<b>a</b>ir</p>",
        "<img alt=Nair>",
        '<img alt="x > Nair > y">',
        "<a href='mailto:x?subject=Si%C3%A2n%20Nair'>x</a>",
    ],
)
def test_markup_parts_no_words(tmp_path, page):
    people = base_case()["people"]
    people[1]["name"] = "Si\u00e2n Nair"
    _, found = judged(tmp_path / "r", {"a.html": page}, "ID-03", people=people)
    assert ("ID-03", "BLOCK", "file-1") in found


def test_a_page_without_such_markup_is_read_once(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("<h1>Hello</h1>\n<p class='x'>you</p>", encoding="utf-8")
    assert [s.joined for s in text_segments(path)] == [False]


@pytest.mark.parametrize("tag", ["v", "v.loud.young"])
def test_a_voice_of_a_caption_is_read(tmp_path, tag):
    caption = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<{tag} Priya Nair>Hello\n"
    _, found = judged(tmp_path / "r", {"a.vtt": caption}, "ID-03")
    assert ("ID-03", "BLOCK", "file-1") in found


def told(tmp_path, case):
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in" / "statement.txt").write_text("Stuart Kemble, 52, was charged.\n")
    return release(
        tmp_path / "in",
        tmp_path / "out",
        case=case,
        detectors=(),
        text_detectors=(),
        image_text=None,
        options=OPTIONS,
    )


@pytest.mark.model
def test_a_release_is_put_beside_earlier_ones(tmp_path):
    people = base_case()["people"]
    people[1]["relation_to"] = {"D1": "lodger"}
    tree = base_case(
        case={"offence_category": "sexual"},
        people=people,
        release={"prior_releases": [{"id": "R1", "path": "earlier"}]},
    )
    (tmp_path / "earlier").mkdir()
    (tmp_path / "earlier" / "old.txt").write_text("The complainant was a lodger.\n")
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(tree))
    assert {"JG-01", "RR-01"} <= {f.rule_id for f in told(tmp_path, case).findings}
    loaded = load_case(case)  # from nowhere, a path leads nowhere: that is told
    messages = [f.message for f in told(tmp_path, loaded).findings]
    assert any("an earlier release cannot be read" in message for message in messages)


def test_a_case_file_in_its_release_is_refused_before_anything_is_read(tmp_path):
    (tmp_path / "in").mkdir()
    case = tmp_path / "in" / "case.txt"
    case.write_bytes(case_toml(base_case()))
    with pytest.raises(InputError, match="the case file lies in the release"):
        told(tmp_path, case)


@pytest.mark.model
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names are text elsewhere")
def test_names_that_are_no_text_are_written_anew(tmp_path):
    """Archives from other systems leave them."""
    folder = os.fsencode(tmp_path / "in")
    (tmp_path / "in").mkdir()
    for name in (b"caf\xe9.txt", b"Priya Nair \xff.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_text("Text.")
    report = told(tmp_path, case_of(base_case()))
    assert report.verdict != "blocked"
    names = json.loads((tmp_path / "out" / "names.json").read_text(encoding="utf-8"))
    assert set(names) == {"file-0001.txt", "file-0002.txt"}
    assert os.fsencode(sorted(names.values())[1]) == b"caf\xe9.txt"


def test_what_a_policy_leaves_out_is_not_said_to_have_been_looked_for(tmp_path):
    """A detector of codes sees no face, and without its label nobody looks for one."""
    pixels = np.full((60, 80, 3), 128, dtype=np.uint8)
    write_pictures(tmp_path / "a.png", pixels)
    whole = load_policy("release")
    rows = (
        (whole, "face", True, True),
        (whole, "code", False, True),
        (_without(whole, "face"), "face", False, True),
        (_without(whole, "name"), "face", True, False),
        (_without(whole, "identifier"), "face", True, False),
    )
    for policy, label, faces, finder in rows:
        report = check(
            tmp_path,
            policy=policy,
            detectors=[PlantedDetector(label=label)],
            finder=lambda _: [],
            image_text=None,
            parser=None,
        )
        not_run = {(c.name, c.reason) for c in report.checks_not_run}
        assert (("ID-02", "nobody looked for faces in the pictures") in not_run) is not faces
        assert any(r.startswith("names and identifiers that") for _, r in not_run) is not finder


def _without(policy, label):
    return policy.model_copy(
        update={"labels": {k: rule for k, rule in policy.labels.items() if k != label}}
    )


def _redacted(monkeypatch, meanwhile=lambda: None):
    """Note which files are redacted, and do something after each."""
    honest, seen = release_files.redact_text_file, []

    def noted(*args, **options):
        seen.append(args)
        done = honest(*args, **options)
        meanwhile()
        return done

    monkeypatch.setattr(release_files, "redact_text_file", noted)
    return seen


@pytest.mark.parametrize(
    ("name", "data", "error", "called"),
    [
        ("web/notes.txt", b"a\0b", InputError, r"file-2 \(web/notes.txt\): the file is not a text"),
        ("Priya Nair.txt", b"a\0b", InputError, r"file-1 \(\[NAME\].txt\): "),
        ("thing.bin", b"1", RedactionError, r"file-2 \(thing.bin\) cannot be redacted"),
    ],
)
def test_a_file_that_stops_a_release_is_called_so_that_it_is_found(
    tmp_path, name, data, error, called
):
    path = tmp_path / "in" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    with pytest.raises(error, match=called):
        told(tmp_path, case_of(base_case()))
    assert not (tmp_path / "out").exists()


def test_a_link_to_nowhere_is_a_link(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "z.txt").symlink_to(tmp_path / "nothing")
    with pytest.raises(RedactionError, match=r"file-2 \(z.txt\) is a link"):
        told(tmp_path, case_of(base_case()))


def test_another_original_stops_a_release_before_its_work(tmp_path, monkeypatch):
    seen = _redacted(monkeypatch)
    assets = [{"id": "s1", "path": "statement.txt", "original_sha256": "1" * 64}]
    with pytest.raises(RedactionError, match=r"s1 .* is not the original"):
        told(tmp_path, case_of(base_case(assets=assets)))
    assert not seen


@pytest.mark.model
def test_an_original_that_changes_meanwhile_stops_the_release(tmp_path, monkeypatch):
    original = tmp_path / "in" / "statement.txt"
    _redacted(monkeypatch, lambda: original.write_text("Other."))
    with pytest.raises(RedactionError, match=r"statement.txt.* was changed while"):
        told(tmp_path, case_of(base_case()))
    assert not (tmp_path / "out").exists()


def test_lines_of_json_are_read_with_their_escapes(tmp_path):
    lines = '{"a": "Pri\\u0079a N\\u0061ir"}\n{"a": "x"}\n'
    _, found = judged(tmp_path / "r", {"a.json": lines}, "ID-03")
    assert ("ID-03", "BLOCK", "file-1") in found


def test_a_number_that_goes_over_two_captions_is_read(tmp_path):
    captions = (
        "1\n00:00:01,000 --> 00:00:02,000\nring 07700\n\n2\n00:00:02,000 --> 00:00:03,000\n900345\n"
    )
    _, found = judged(tmp_path / "r", {"a.srt": captions}, "ID-04")
    assert ("ID-04", "BLOCK", "file-1") in found
    read = text_segments(tmp_path / "r" / "a.srt")[-1]
    assert read.joined
    assert read.text == "ring 07700 900345"
