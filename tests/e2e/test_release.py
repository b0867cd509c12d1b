"""A release is redacted, checked and written whole, or nothing is written."""

import hashlib
import json
import os
import stat
import sys
from importlib import import_module

import numpy as np
import pytest

from saferedact import release
from saferedact.casefile import load_case
from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.errors import DestinationError, RedactionError
from saferedact.policy import Policy, load_policy
from saferedact.report import load_report
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import OPTIONS, base_case
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels
from saferedact.testing.videos import Clip, write_clip
from saferedact.text.spans import TextSpan

pytestmark = pytest.mark.model  # wording is judged by grammar


pipeline_release = import_module("saferedact.pipeline.release")
release_files = import_module("saferedact.pipeline.release_files")

STATEMENT = (
    "Stuart Kemble, 52, has been charged with fraud.\n"
    "Priya Nair, of Westbury Infirmary, can be reached on 07700 900345.\n"
)


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "in"
    (folder / "web").mkdir(parents=True)
    (folder / "statement.txt").write_text(STATEMENT)
    (folder / "web" / "priya_nair.csv").write_text("who,phone\nPriya Nair,07700 900345\n")
    return folder


def made(source, tree, *, text_detectors=(), **more):
    case = source.parent / "case.toml"
    case.write_bytes(case_toml(tree))
    return release(
        source,
        source.parent / "out",
        case=case,
        detectors=[PlantedDetector()],
        text_detectors=text_detectors,
        image_text=None,
        options=OPTIONS,
        **more,
    )


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir())


def test_one_list_for_every_file(source, tmp_path):
    steps = []
    report = made(source, base_case(), progress=lambda *step: steps.append(step))
    assert report.verdict != "blocked", [f for f in report.findings if f.level == "BLOCK"]
    out = tmp_path / "out"
    published = sorted(
        p.relative_to(out / "publish").as_posix() for p in (out / "publish").rglob("*.*")
    )
    assert published == ["file-0001.csv", "statement.txt"]
    words = "".join((out / "publish" / name).read_text() for name in published)
    assert "Stuart Kemble" in words
    for secret in ("Nair", "Priya", "900345", "Infirmary"):
        assert secret not in words
    assert load_report(out / "report.json") == report
    assert "Do not publish" not in (out / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((out / "manifest.json").read_text())
    for entry in manifest["files"]:
        data = (out / "publish" / entry["path"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    original = hashlib.sha256(STATEMENT.encode()).hexdigest()
    assert original in {entry["original_sha256"] for entry in manifest["files"]}
    assert "nair" not in (out / "manifest.json").read_text().casefold()
    kept = out / "names.json"
    assert json.loads(kept.read_text()) == {"file-0001.csv": "web/priya_nair.csv"}
    assert sys.platform == "win32" or stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert steps == [(1, 2), (2, 2)]
    assert leftovers(tmp_path) == ["case.toml", "in", "out"]


def test_a_name_of_one_file_is_looked_for_in_all(source, tmp_path):
    """A caption in capitals shows a name that a recogniser saw in the statement alone."""

    class Statement:
        class info:  # noqa: N801
            name = "statement"

        def detect(self, text, *, language):
            at = text.find("Marjorie Tansley")
            return [TextSpan(at, at + 16, "name", "person", 0.9, "statement")] if at >= 0 else []

    (source / "statement.txt").write_text(STATEMENT + "Marjorie Tansley called the police.\n")
    (source / "caption.txt").write_text("LEFT: MRS TANSLEY, M. WITH A DOG\n")
    made(source, base_case(), text_detectors=[Statement()])
    words = (tmp_path / "out" / "publish" / "caption.txt").read_text().casefold()
    assert "tansley" not in words
    assert "dog" in words


def test_a_thorough_release_says_so(source, monkeypatch):
    picture = np.full((80, 100, 3), 120, np.uint8)
    plant(picture, [(20, 20, 50, 60)])
    write_pictures(source / "photo.png", picture)
    honest, asked = release_files.redact_with_plan, []

    def noted(*args, thorough, **options):
        asked.append(thorough)
        return honest(*args, thorough=thorough, **options)

    monkeypatch.setattr(release_files, "redact_with_plan", noted)
    report = made(source, base_case(), thorough=True)
    assert asked
    assert all(asked)
    assert "thorough" in {check.name for check in report.checks_run}


def test_what_cannot_be_redacted_away_is_refused(source, tmp_path):
    (source / "post.txt").write_text("The thief Stuart Kemble has two previous convictions.\n")
    report = made(source, base_case())
    assert report.verdict == "blocked"
    assert "PJ-01" in {finding.rule_id for finding in report.findings}
    assert leftovers(tmp_path) == ["case.toml", "in"]


def test_a_picture_waits_for_the_approval_of_its_digest(source):
    pixels = np.full((60, 80, 3), 128, dtype=np.uint8)
    plant(pixels, [(10, 10, 30, 40)])
    write_pictures(source / "street.png", pixels)
    tree = base_case(
        assets=[{"id": "i1", "path": "street.png", "source": "bwv", "copyright_owner": "Police"}]
    )
    first = made(source, base_case(**{**tree, "approvals": []}))
    assert {f.rule_id for f in first.findings if f.level == "BLOCK"} == {"PV-03"}
    signed = [{**a, "approves_sha256": first.artifact_sha256} for a in tree["approvals"]]
    second = made(source, {**tree, "approvals": signed})
    assert second.verdict != "blocked", second.findings
    assert second.artifact_sha256 == first.artifact_sha256
    assert "ID-02" not in {finding.rule_id for finding in second.findings}


def test_what_cannot_be_redacted_stops_the_release(source, tmp_path):
    (source / "thing.bin").write_bytes(b"1")
    with pytest.raises(RedactionError, match=r"file-2 \(thing.bin\) cannot be redacted"):
        made(source, base_case())
    assert leftovers(tmp_path) == ["case.toml", "in"]


def test_another_original_stops_the_release(source, tmp_path):
    asset = {"id": "s1", "path": "statement.txt", "original_sha256": "1" * 64}
    with pytest.raises(RedactionError, match=r"s1 \(statement.txt\) is not the original"):
        made(source, base_case(assets=[asset]))
    assert leftovers(tmp_path) == ["case.toml", "in"]


def test_destinations_that_are_none(source, tmp_path):
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(base_case()))
    for place, why in (
        (source / "out", "lies in"),
        (tmp_path, "exists"),
        (tmp_path / "a/b", "folder of"),
    ):
        with pytest.raises(DestinationError, match=why):
            release(source, place, case=case, text_detectors=[])


def test_a_link_stops_the_release(source, tmp_path):
    (source / "z.txt").symlink_to(source / "statement.txt")
    with pytest.raises(RedactionError, match="is a link"):
        made(source, base_case())
    assert leftovers(tmp_path) == ["case.toml", "in"]


def test_a_destination_that_appears_meanwhile_stays(source, tmp_path):
    def appear(done, total):
        if done == total:
            (tmp_path / "out").mkdir()

    with pytest.raises(DestinationError, match="appeared meanwhile"):
        made(source, base_case(), progress=appear)
    assert leftovers(tmp_path) == ["case.toml", "in", "out"]
    assert leftovers(tmp_path / "out") == []


def test_a_full_disk_leaves_nothing(source, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pipeline_release, "dump_report", refuse)
    with pytest.raises(RedactionError, match="could not be written: No space left"):
        made(source, base_case())
    assert leftovers(tmp_path) == ["case.toml", "in"]


def test_detectors_are_made_once_for_all_files_and_the_check(source, monkeypatch):
    for number in range(2):
        picture = np.full((60, 80, 3), 90 + number, np.uint8)
        write_pictures(source / f"p{number}.png", picture)
    made_for, looked = [], []

    class Looker(PlantedDetector):
        def detect(self, images, **options):
            looked.append(self)
            return super().detect(images, **options)

    def resolve(detectors, _policy, **options):
        made_for.append((detectors, options["case"] is not None))
        return [Looker()]

    monkeypatch.setattr(pipeline_release, "resolve_detectors", resolve)
    case = source.parent / "case.toml"
    case.write_bytes(case_toml(base_case()))
    release(
        source,
        source.parent / "out",
        case=case,
        text_detectors=[],
        image_text=None,
        options=OPTIONS,
    )
    assert made_for == [(None, True)]
    assert len(looked) >= 2 * 3  # to find, to verify, to check
    assert len(set(map(id, looked))) == 1


def test_a_name_of_a_picture_is_looked_for_in_all(source, tmp_path):
    """Text in pictures is looked for by a planted reader; a caption spells the name otherwise."""

    class Chat:
        class info:  # noqa: N801
            name = "chat"

        def detect(self, text, *, language):
            at = text.find("Marjorie Tansley")
            return [TextSpan(at, at + 16, "name", "person", 0.9, "chat")] if at >= 0 else []

    def read(_pixels):
        quad = np.array([[10, 20], [60, 20], [60, 30], [10, 30]], np.float32)
        words = np.array([0], np.int64), np.array([16], np.int64)
        spans = np.array([[0, 1]], np.float32)
        return arrange([TextLine(quad, "Marjorie Tansley", 0.9, *words, spans)])

    write_pictures(source / "photo.png", np.full((60, 80, 3), 90, np.uint8))
    (source / "caption.txt").write_text("LEFT: MRS TANSLEY, M. WITH A DOG\n")
    case = source.parent / "case.toml"
    case.write_bytes(case_toml(base_case()))
    seen = []

    def redacted(_item, _folder, engine, *_args, **_options):
        seen.append({name for person in engine.case.people for name in person.names})
        raise RedactionError("far enough")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline_release, "redacted", redacted)
        for detectors in ([PlantedDetector(name="text")], [PlantedDetector()]):
            with pytest.raises(RedactionError, match="far enough"):
                release(
                    source,
                    tmp_path / "out",
                    case=case,
                    detectors=detectors,
                    text_detectors=[Chat()],
                    image_text=read,
                    options=OPTIONS,
                )
    assert "Marjorie Tansley" in seen[0]
    assert "Marjorie Tansley" not in seen[1]  # who does not look for text reads none


def side_by_side(source, place, jobs):
    """Release and check a folder in several processes, with a policy that needs few networks."""
    case = source.parent / "case.toml"
    case.write_bytes(case_toml(base_case()))
    steps = []
    report = release(
        source,
        place,
        case=case,
        policy=plates_only(),
        image_text=None,
        options=OPTIONS,
        jobs=jobs,
        progress=lambda *step: steps.append(step),
    )
    return report, steps


def plates_only():
    tree = load_policy("release").model_dump(mode="json", by_alias=True)
    tree["labels"] = {"plate": tree["labels"]["plate"]}
    return Policy.model_validate(tree)


def test_files_side_by_side_give_the_same_release(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text("Stuart Kemble, 52, has been charged with fraud.\n")
    (source / "b.txt").write_text("Call 101.\n")
    for number in range(2):
        write_pictures(source / f"{number}.png", sample_pixels((40, 30), seed=number))
    alone, _ = side_by_side(source, tmp_path / "one", 1)
    together, steps = side_by_side(source, tmp_path / "two", 2)
    assert together.model_dump() == alone.model_dump()
    assert steps == [(n, 4) for n in (1, 2, 3, 4)]
    assert len({asset.sha256 for asset in alone.assets}) == 4  # so the files are the same bytes


def test_a_bad_file_ends_a_release_in_processes(source, tmp_path):
    (source / "bad.png").write_bytes(b"not a picture")
    with pytest.raises(RedactionError, match="take it out of the folder"):
        side_by_side(source, tmp_path / "out", 2)
    assert not (tmp_path / "out").exists()


def test_every_file_has_a_place_of_its_own(source, tmp_path):
    """Neutral names are not those of others, and films of two kinds may be written as one kind."""
    (source / "file-0001.csv").write_text("what,when\nkeys,today\n")
    for name in ("clip.mp4", "clip.avi"):
        write_clip(source / name, Clip(pts=tuple(range(0, 6 * 512, 512))))
    case = tmp_path / "case.toml"
    case.write_bytes(case_toml(base_case()))
    places = {
        item.place: item.new_place
        for item in release_files.items_of(
            sorted(source.rglob("*.*")), source, load_case(case), load_policy("release")
        )
    }
    assert places == {
        "clip.avi": "file-0001.mp4",
        "clip.mp4": "file-0002.mp4",
        "file-0001.csv": "file-0001.csv",
        "statement.txt": "statement.txt",
        "web/priya_nair.csv": "file-0003.csv",
    }
    (source / "clip.mp4").unlink()
    report = made(source, base_case())
    assert report.verdict != "blocked", [f for f in report.findings if f.level == "BLOCK"]
    out = tmp_path / "out" / "publish"
    published = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*"))
    assert published == ["clip.mp4", "file-0001.csv", "file-0002.csv", "statement.txt"]
    assert "keys" in (out / "file-0001.csv").read_text()
    assert "phone" in (out / "file-0002.csv").read_text()


def test_tables_and_lines_of_json_are_redacted_and_judged_like_other_texts(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    (source / "calls.tsv").write_text("who\twhen\nPriya Nair\t09:00\n")
    (source / "chat.jsonl").write_text('{"from": "Priya Nair", "text": "gone"}\n{"text": "home"}\n')
    report = made(source, base_case())
    assert report.verdict != "blocked", [f for f in report.findings if f.level == "BLOCK"]
    assert not [f for f in report.findings if f.rule_id == "CF-06"]
    published = tmp_path / "out" / "publish"
    assert (published / "calls.tsv").read_text() == "who\twhen\n[NAME]\t09:00\n"
    assert "Nair" not in (published / "chat.jsonl").read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", [b"note\xff.txt", b"priya_nair\xff.txt", b"a\nb.txt"])
def test_names_that_no_report_can_hold(tmp_path, name):
    source = tmp_path / "in"
    source.mkdir()
    path = source / os.fsdecode(name)
    try:
        path.write_text("Stuart Kemble was charged.\n")
    except OSError:
        pytest.skip("this file system has no such names")
    assert made(source, base_case()).verdict != "blocked"
    assert leftovers(tmp_path / "out" / "publish") == ["file-0001.txt"]
    told = json.loads((tmp_path / "out" / "names.json").read_text("ascii"))
    assert told == {"file-0001.txt": path.name}
