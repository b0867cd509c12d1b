"""Documents through the whole pipeline: pictures on pages, plans, operators, kills, contact sheets."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner

from saferedact.cli import cli
from saferedact.errors import InputError, VerificationError
from saferedact.pipeline import apply, detect, verify
from saferedact.pipeline.contact_sheet import write_contact_sheets
from saferedact.pipeline.redact import redact_with_plan
from saferedact.plan import PageRegion, dump_plan, edit, load_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import MARK_RGB, PlantedDetector, plant
from saferedact.testing.pdfs import Paper, Secrets, make_channel


def text_of(path, page=0):
    document = pypdfium2.PdfDocument(path)
    text = document[page].get_textpage().get_text_range()
    document.close()
    return " ".join(text.split())


def pixels_of(path, page=0, scale=1):
    document = pypdfium2.PdfDocument(path)
    pixels = document[page].render(scale=scale).to_numpy()[:, :, 2::-1].copy()
    document.close()
    return pixels


def photograph(path):
    """Write a page with a picture that holds a mark, and a line of text."""
    paper = Paper(Secrets("Harriet", "Osgathorp", "07700 900456"))
    pixels = np.full((200, 300, 3), 120, dtype=np.uint8)
    plant(pixels, [(100, 50, 160, 120)])
    paper.resource("/XObject", "/I1", paper.image(pixels))
    paper.content("q 300 0 0 200 60 30 cm /I1 Do Q")
    path.write_bytes(paper.saved())


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("policy", ["release", "frost"])
def test_a_face_on_a_page_is_hidden(tmp_path, policy):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    photograph(source)
    result = redact_with_plan(source, target, detectors=[PlantedDetector()], policy=policy)
    (region,) = result.plan.visible_regions()
    assert region.label == "face"
    shown = np.abs(pixels_of(target).astype(int) - MARK_RGB).max(axis=2)
    assert shown.min() > 60
    assert "Minutes of the parish" in text_of(target)
    assert np.abs(pixels_of(source).astype(int) - MARK_RGB).max(axis=2).min() <= 60


def test_apply_and_verify_by_a_plan(tmp_path, engine):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("table-cells", source)
    engine.know(secrets.name, phones=[secrets.phone])
    plan = load_plan(dump_plan(detect(source, detectors=[])))
    assert plan.media.kind == "pdf"
    assert all(isinstance(region, PageRegion) for region in plan.visible_regions())
    info = apply(source, plan, target)
    assert (info.kind, info.frames) == ("pdf", 1)
    assert verify(source, target, plan, detectors=[]).verdict != "blocked"
    assert secrets.last not in text_of(target)
    with pytest.raises(InputError):
        apply(source, plan, source, overwrite=True)


def test_verify_blocks_the_untouched_file(tmp_path, engine):
    source = tmp_path / "a.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name)
    plan = detect(source, detectors=[])
    report = verify(source, source, plan, detectors=[])
    assert report.verdict == "blocked"
    assert {finding.rule_id for finding in report.findings} >= {"VF-02", "VF-03"}
    assert secrets.last not in report.model_dump_json()


def test_what_was_given_back_stays(tmp_path, engine):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name, phones=[secrets.phone])
    plan = detect(source, detectors=[])
    names = edit.select(plan, label="name")
    plan = edit.reject(plan, names)
    apply(source, plan, target)
    assert secrets.name in text_of(target)
    assert secrets.phone not in text_of(target)
    assert verify(source, target, plan, detectors=[]).verdict != "blocked"


@pytest.mark.usefixtures("engine")
def test_a_box_that_a_person_drew(tmp_path):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    make_channel("plain-text", source)
    plan = edit.add_box(detect(source, detectors=[]), xyxy=(38, 85, 200, 105), label="name")
    apply(source, plan, target)
    assert "witness" not in text_of(target)
    assert (pixels_of(target)[88:102, 45:60] == 0).all()


@pytest.mark.parametrize(("mode", "kept"), [("line", False), ("raster", False), ("label", True)])
def test_modes_of_a_label(tmp_path, engine, mode, kept):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name)
    release = load_policy("release")
    labels = {
        label: rule.model_copy(update={"on_pages": mode}) for label, rule in release.labels.items()
    }
    policy = release.model_copy(update={"labels": labels})
    result = redact_with_plan(source, target, detectors=[], policy=policy)
    assert ("that evening" in text_of(target)) is kept
    assert any("picture" in note for note in result.report.notes) is (mode == "raster")
    assert (pixels_of(target)[90:100] < 60).any()


def test_reason_codes_on_covers(tmp_path, engine):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name)
    release = load_policy("release")
    policy = release.model_copy(
        update={"documents": release.documents.model_copy(update={"words": "reason"})}
    )
    plan = detect(source, detectors=[], policy=policy)
    plan = edit.set_reason_code(plan, edit.select(plan), "S40.2")
    apply(source, plan, target, policy=policy)
    assert "[S40.2]" in text_of(target)


@pytest.mark.usefixtures("engine")
def test_contact_sheet(tmp_path):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    photograph(source)
    result = redact_with_plan(source, target, detectors=[PlantedDetector()])
    (sheet,) = write_contact_sheets([(target, result.plan)], tmp_path / "sheet.png")
    assert sheet.stat().st_size > 1000


def test_a_leak_becomes_a_picture_and_a_second_one_is_refused(tmp_path, engine, monkeypatch):
    from saferedact.media.pdf_search import Leak

    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel("plain-text", source)
    engine.know(secrets.name)
    answers = [[Leak(0, "text-pdfium")], [], []]  # the third is the proof
    module = sys.modules["saferedact.pipeline.pdf.carry_out"]  # the package names its function so
    monkeypatch.setattr(module, "search_pdf", lambda *_, **__: iter([({}, answers.pop(0))]))
    result = redact_with_plan(source, target, detectors=[])
    assert any("could not be proven clean" in note for note in result.report.notes)
    answers = [[Leak(0, "text-pdfium")], [Leak(0, "stream")]]
    with pytest.raises(VerificationError, match=r"page 1 \(channel stream\)"):
        redact_with_plan(source, tmp_path / "c.pdf", detectors=[])
    assert not (tmp_path / "c.pdf").exists()


@pytest.mark.usefixtures("engine")
def test_pages_that_nobody_read_are_told(tmp_path):
    source = tmp_path / "a.pdf"
    photograph(source)
    result = redact_with_plan(source, tmp_path / "b.pdf", detectors=[PlantedDetector()])
    assert "VF-09" in {finding.rule_id for finding in result.report.findings}


@pytest.mark.usefixtures("engine")
def test_probe_and_password_file(tmp_path):
    source = tmp_path / "a.pdf"
    make_channel("info", source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.save(source, encryption=pikepdf.Encryption(owner="o", user="p\u00e4ss", R=6))
    (tmp_path / "password.txt").write_text("p\u00e4ss\nmore\n", encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(cli, ["probe", str(source)]).exit_code == 2
    result = runner.invoke(
        cli, ["probe", str(source), "--password-file", str(tmp_path / "password.txt"), "--json"]
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)["dropped"]["pdf-info"] == 1
    assert runner.invoke(cli, ["probe", str(source)]).exit_code == 2  # forgotten afterwards


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_killed_in_the_middle(tmp_path):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    make_channel("plain-text", source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        for _ in range(200):
            pdf.pages.append(pdf.pages[0])
        pdf.save(source)
    script = (
        "from saferedact.pipeline.pdf import finder\n"
        "finder.text_engine = lambda search: lambda text: []\n"
        "from saferedact.pipeline.redact import redact_with_plan\n"
        f"redact_with_plan({str(source)!r}, {str(target)!r}, detectors=[])\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.02)
        time.sleep(0.5)
    finally:
        process.kill()
        process.wait()
    assert not target.exists()
