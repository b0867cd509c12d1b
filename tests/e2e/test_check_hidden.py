"""check on files made by other programs: one report that says what to do, and tells no secret."""

import numpy as np
import pytest
from PIL import Image

from saferedact.checks.base import CheckOptions
from saferedact.errors import InputError
from saferedact.frames import redact_regions
from saferedact.pipeline.check import check
from saferedact.plan import dump_plan
from saferedact.testing.checks import NOW
from saferedact.testing.leaks import BENIGN, LEAKS
from saferedact.testing.leaks.pdf_page import SECRET
from saferedact.testing.leaks.scenes import face_place, photograph
from saferedact.testing.plans import sample_plan

pytestmark = pytest.mark.model  # wording is judged by grammar


NOBODY = {"detectors": (), "finder": None, "image_text": None, "options": CheckOptions(now=NOW)}


def checked(path, **options):
    return check(path, **NOBODY, **options)


def test_a_mixed_folder(tmp_path):
    names = (
        *("rectangle.pdf", "hidden_sheet.xlsx", "thumbnail.jpg", "nested.zip", "notes.pptx"),
        *("cropped.png", "thread.eml", "earlier_revision.pdf"),
    )
    for name in names:
        (tmp_path / name).write_bytes(LEAKS[name]())
    report = checked(tmp_path)
    found = {(finding.location.asset, finding.rule_id) for finding in report.findings}
    files = {f"file-{n}": name for n, name in enumerate(sorted(names), 1)}
    told = {(files[asset], rule) for asset, rule in found}
    assert {
        ("rectangle.pdf", "WR-01"),
        ("hidden_sheet.xlsx", "HD-05"),
        ("thumbnail.jpg", "HD-02"),
        ("nested.zip", "HD-05"),
        ("notes.pptx", "HD-04"),
        ("cropped.png", "WR-06"),
        ("thread.eml", "HD-11"),
        ("earlier_revision.pdf", "HD-06"),
    } <= told
    assert report.verdict == "blocked"
    written = report.model_dump_json()
    for word in SECRET.split():
        assert word not in written
    box = next(f for f in report.findings if f.rule_id == "WR-01")
    assert box.location.part == "page 1"
    assert box.location.xyxy is not None
    assert box.next_step


def test_files_without_hidden_data(tmp_path):
    for name in ("letter.pdf", "word.docx", "plain.eml"):
        (tmp_path / name).write_bytes(BENIGN[name]())
    report = checked(tmp_path)
    assert not {f.rule_id for f in report.findings if f.rule_id[:2] in ("HD", "WR")}
    assert "HD-04" in {run.name for run in report.checks_run}


@pytest.fixture
def marked(tmp_path):
    """A picture with a mosaic, and plans that hide its place in two ways."""
    picture = photograph(seed=20)
    redact_regions(picture, [(240, 160, 400, 320)], operator="mosaic", allow_reversible=True)
    path = tmp_path / "a.png"
    Image.fromarray(picture).save(path)
    return path


def plan_at(xyxy, operator="frost"):
    plan = sample_plan()
    region = plan.regions[0].model_copy(update={"xyxy": xyxy, "operator": operator})
    return plan.model_copy(update={"regions": (region,)})


def rules(report):
    return {finding.rule_id for finding in report.findings}


def test_a_plan_excuses_what_it_hides_safely(marked, tmp_path):
    there, away = (240.0, 160.0, 400.0, 320.0), (0.0, 0.0, 20.0, 20.0)
    assert "WR-02" in rules(checked(marked))
    assert "WR-02" not in rules(checked(marked, plan=plan_at(there)))
    assert "WR-02" in rules(checked(marked, plan=plan_at(away)))
    stored = tmp_path / "plan.json"
    stored.write_bytes(dump_plan(plan_at(there, "solid")))
    assert "WR-02" not in rules(checked(marked, plan=str(stored)))


def test_a_plan_is_of_one_file(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("News.")
    with pytest.raises(InputError, match="one file"):
        checked(tmp_path, plan=plan_at((0.0, 0.0, 9.0, 9.0)))


def test_frost_is_no_weak_mark(tmp_path):
    picture = photograph(seed=20)
    redact_regions(picture, np.array([face_place()], np.float32), operator="frost")
    path = tmp_path / "a.png"
    Image.fromarray(picture).save(path)
    assert not {rule for rule in rules(checked(path)) if rule.startswith("WR")}
