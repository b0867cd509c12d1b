"""``saferedact detect`` with a detector that finds planted marks."""

import sys

import pytest

from saferedact.cli import detect as module
from saferedact.detectors import registry
from saferedact.errors import DetectorModelMissing
from saferedact.plan import load_plan
from saferedact.policy import load_policy
from saferedact.testing.images import image_with_hidden_data

BUILT_IN = dict(registry._BUILT_IN)

pytestmark = pytest.mark.usefixtures("planted")


def test_a_plan_is_written_and_the_source_left_alone(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    before = source.read_bytes()
    out = tmp_path / "a.plan.json"
    shown = run("detect", source, "-o", out)
    assert shown.stdout == f"1 region (0 to review), 0 pieces of hidden data: {out}\n"
    assert shown.stderr == ""
    plan = load_plan(out)
    assert [region.label for region in plan.regions] == ["face"]
    assert plan.policy_sha256 == load_policy("release").sha256
    assert source.read_bytes() == before


def test_json(tmp_path, picture, run):
    source = picture(tmp_path / "a.png", (2, 2, 9, 9), (40, 40, 60, 60))
    assert run("detect", source, "-o", tmp_path / "p", "--policy", "frost", "--json").json == {
        "plan": str(tmp_path / "p"),
        "regions": 2,
        "needs_review": 0,
        "hidden_data": 0,
        "not_available": [],
    }


def test_hidden_data_are_counted(tmp_path, run):
    image_with_hidden_data("JPEG", tmp_path / "a.jpg")
    tree = run("detect", tmp_path / "a.jpg", "-o", tmp_path / "p.json", "--json").json
    listed = [r for r in load_plan(tmp_path / "p.json").regions if r.kind == "metadata"]
    assert tree["hidden_data"] == len(listed) > 0


def test_an_existing_plan_is_refused_before_the_work(tmp_path, picture, run, monkeypatch):
    source = picture(tmp_path / "a.png")
    out = tmp_path / "plan.json"
    out.write_bytes(b"mine")
    with monkeypatch.context() as patch:
        patch.setattr(module, "run", None)
        shown = run("detect", source, "-o", out, "--json", code=2)
    assert shown.json["error"]["message"] == "the plan exists already; --overwrite replaces it"
    assert out.read_bytes() == b"mine"
    run("detect", source, "-o", out, "--overwrite")
    assert len(load_plan(out).regions) == 1


def test_a_plan_is_never_written_over_its_source(tmp_path, picture, run):
    source = picture(tmp_path / "a.png")
    before = source.read_bytes()
    shown = run("detect", source, "-o", source, "--overwrite", "--json", code=2)
    assert shown.json["error"]["code"] == "destination"
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.png", "-o", "p.json"], "there is no such file"),
        ([".", "-o", "p.json"], "this is not a regular file"),
        (["a.png", "-o", "nowhere/p.json"], "the folder for the plan does not exist"),
        (["a.png", "-o", "p.json", "--policy", "nobody"], "there is no such policy"),
        (["a.png"], "Missing option '-o'"),
    ],
)
def test_mistakes(here, run, arguments, message):
    shown = run("detect", *arguments, code=2)
    assert message in shown.stderr
    assert [path.name for path in here.iterdir()] == ["a.png"]


@pytest.fixture
def no_model(planted, monkeypatch, tmp_path):  # noqa: ARG001  undone here, so it has to come first
    """Use the real detector on a machine that does not have its model."""
    monkeypatch.setattr(registry, "_BUILT_IN", BUILT_IN)
    monkeypatch.setenv("SAFEREDACT_MODELS", str(tmp_path / "none"))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    "arguments",
    [
        ["detect", "a.png", "-o", "out"],
        ["redact", "a.png", "-o", "out"],
        ["verify", "a.png", "a.png", "plan.json"],
        ["demo", "out"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_without_its_model_nothing_is_done_offline(here, run, arguments):
    shown = run(*arguments, "--offline", code=DetectorModelMissing.exit_code)
    assert "'centerface' is not on this machine" in shown.stderr
    assert "fetching is forbidden here (--offline)" in shown.stderr
    assert [path.name for path in here.iterdir()] == ["a.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses such names")
def test_what_is_written_prints(tmp_path, picture, run):
    out = tmp_path / "\x1b[31m.json"
    assert run("detect", picture(tmp_path / "a.png"), "-o", out).stdout.rstrip("\n").isprintable()
