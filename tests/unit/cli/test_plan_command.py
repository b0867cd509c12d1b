"""``saferedact plan`` on real files."""

import json

import pytest
from click.testing import CliRunner

from saferedact.cli import cli
from saferedact.plan import MediaRecord, edit, load_plan, save_plan
from saferedact.testing.plans import sample_plan


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "plan.json"
    save_plan(sample_plan(), path)
    return path


def run(*arguments, code=0):
    result = CliRunner().invoke(cli, ["plan", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def decisions(path):
    return {region.id: region.decision for region in load_plan(path).regions}


def test_show_lists_regions_and_detectors(path):
    lines = run("show", path).stdout.splitlines()
    assert lines[0].split() == [
        "id",
        "label",
        "frame",
        "box",
        "or",
        "time",
        "score",
        "operator",
        "decision",
        "review",
    ]
    assert lines[2].split() == [
        "f2",
        "face",
        "2",
        "-8,300,60,380",
        "0.25",
        "frost",
        "proposed",
        "review",
    ]
    assert lines[4].split() == [
        "m1",
        "hidden-data",
        "-",
        "exif,",
        "4096",
        "bytes",
        "1.00",
        "drop",
        "accepted",
    ]
    assert lines[5:] == [
        "4 of 4 regions",
        "centerface 1 ran: face",
        "plates 0 did not run (no-detector): plate",
    ]


def test_a_box_is_shown_exactly_so_that_it_can_be_given_back(path):
    run("add", path, "--box", "-12345.125,0,600.375,1048575.875")
    assert " -12345.125,0,600.375,1048575.875 " in run("show", path).stdout


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--label", "face"], ["f1", "f2"]),
        (["--min-score", "0.5"], ["f1", "p1", "m1"]),
        (["--max-score", "0.5"], ["f2"]),
        (["--frame", "0", "--label", "plate"], ["p1"]),
        (["--label", "nothing"], []),
    ],
)
def test_show_as_json_holds_what_was_asked_for(path, options, ids):
    tree = json.loads(run("show", path, "--json", *options).stdout)
    assert [region["id"] for region in tree["regions"]] == ids
    assert tree["schema"] == "saferedact.plan/1"
    assert len(tree["detectors"]) == 2


@pytest.mark.parametrize(
    ("options", "rejected"),
    [
        (["--id", "f1", "--id", "p1"], {"f1", "p1"}),
        (["--label", "face"], {"f1", "f2"}),
        (["--max-score", "0.3"], {"f2"}),
        (["--min-score", "0.5"], {"f1", "p1"}),
        (["--frame", "2"], {"f2"}),
        (["--all"], {"f1", "f2", "p1"}),
    ],
)
def test_reject_takes_the_chosen_regions_and_never_hidden_data(path, options, rejected):
    output = run("reject", path, *options, "--reason", "RR-03").stdout
    assert output == f"changed {len(rejected)} of 4 regions\n"
    plan = load_plan(path)
    assert {r.id for r in plan.regions if r.decision == "rejected"} == rejected
    assert {r.id for r in plan.regions if r.reason_code == "RR-03"} == rejected


def test_accept_all(path):
    run("accept", path, "--all")
    assert set(decisions(path).values()) == {"accepted"}


def test_an_edit_can_go_to_another_file_and_replaces_none(path, tmp_path):
    out = tmp_path / "out.json"
    before = path.read_bytes()
    output = run("accept", path, "--id", "f1", "-o", out, "--json").stdout
    assert json.loads(output) == {"changed": ["f1"]}
    assert path.read_bytes() == before
    assert decisions(out)["f1"] == "accepted"
    assert "exists already" in run("accept", path, "--all", "-o", out, code=2).stderr
    assert decisions(out)["f2"] == "proposed"


def test_add(path):
    run("add", path, "--box", "1.1,2,30,40", "--frame", "1", "--label", "scar")
    added = load_plan(path).regions[-1]
    assert (added.id, added.label, added.frame, added.decision) == ("box-1", "scar", 1, "accepted")
    assert added.xyxy == (1.0, 2.0, 30.0, 40.0)
    run("add", path, "--box", "-5,-5,9,9", "--operator", "frost", "--shape", "ellipse")
    added = load_plan(path).regions[-1]
    assert (added.id, added.operator, added.shape, added.xyxy[0]) == (
        "box-2",
        "frost",
        "ellipse",
        -5.0,
    )


def test_set(path):
    options = ["--operator", "solid", "--shape", "rectangle", "--reason", "A1", "--person", "W1"]
    run("set", path, "--label", "face", *options)
    expected = sample_plan()
    ids = ["f1", "f2"]
    expected = edit.set_shape(edit.set_operator(expected, ids, "solid"), ids, "rectangle")
    expected = edit.set_person_ref(edit.set_reason_code(expected, ids, "A1"), ids, "W1")
    assert load_plan(path) == expected


def test_hidden_data_can_have_a_reason(path):
    run("set", path, "--id", "m1", "--reason", "A1")
    assert load_plan(path) == edit.set_reason_code(sample_plan(), ["m1"], "A1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["accept", "PLAN"], "say which regions"),
        (["accept", "PLAN", "--all", "--label", "face"], "--all goes with no other"),
        (["accept", "PLAN", "--all", "--id", "f1"], "--all goes with no other"),
        (["accept", "PLAN", "--id", "nobody"], "the plan has no region for 1 of the ids"),
        (["accept", "PLAN", "--label", "nothing"], "no region of the plan matches"),
        (["reject", "PLAN", "--id", "m1"], "hidden data, which is always dropped"),
        (["reject", "PLAN", "--label", "hidden-data"], "no region of the plan matches"),
        (["reject", "PLAN", "--all", "--reason", "Jane said so"], "$.reason_code"),
        (["set", "PLAN", "--all"], "say what to set"),
        (["set", "PLAN", "--id", "f1", "--person", "Jane"], "$.person_ref"),
        (["set", "PLAN", "--id", "f1", "--operator", "drop"], "--operator"),
        (["accept", "PLAN", "--max-score", "2"], "--max-score"),
        (["add", "PLAN"], "--box"),
        (["add", "PLAN", "--box", "1,2,3"], "four numbers"),
        (["add", "PLAN", "--box", "a,b,c,d"], "four numbers"),
        (["add", "PLAN", "--box", "nan,0,1,1"], "finite"),
        (["add", "PLAN", "--box", "0,0,1,1", "--frame", "3"], "number of frames"),
        (["show", "missing.json"], "the plan cannot be read"),
    ],
)
def test_mistakes_end_with_code_2_and_change_nothing(path, arguments, message):
    before = path.read_bytes()
    arguments = [str(path) if argument == "PLAN" else argument for argument in arguments]
    result = run(*arguments, code=2)
    assert message in result.stderr
    assert result.stdout == ""
    assert path.read_bytes() == before


def test_a_plan_with_problems_is_refused_with_all_of_them(path):
    path.write_bytes(path.read_bytes().replace(b'"score": 0.9', b'"score": 9, "Jane": 1'))
    result = run("accept", path, "--all", code=2)
    assert "$.regions[0].score" in result.stderr
    assert "$.regions[0]: has an unknown key" in result.stderr
    assert "Jane" not in result.output


@pytest.mark.parametrize("made", ["track", "page"])
@pytest.mark.parametrize("options", [["--all"], ["--label", "face"], ["--frame", "4"]])
def test_regions_of_films_and_documents_are_chosen_like_those_of_pictures(tmp_path, made, options):
    kind = {"track": "video", "page": "pdf"}[made]
    media = MediaRecord(
        kind=kind, format="ANY", width=90, height=90, frames=9,
        time_base=(1, 30) if kind == "video" else None,
    )  # fmt: skip
    plan = sample_plan().model_copy(update={"media": media, "regions": sample_plan().regions[3:]})
    path = tmp_path / "plan.json"
    save_plan(plan, path)
    last = ["--last-frame", "7"] if kind == "video" else []
    run("add", path, "--box", "1,2,30,40", "--frame", "4", *last)
    added = load_plan(path).regions[-1]
    assert added.kind == made
    assert added.frame == ((4, 7) if kind == "video" else 4)
    run("set", path, *options, "--operator", "frost")
    assert load_plan(path).regions[-1].operator == "frost"
    run("reject", path, *options)
    assert decisions(path) == {"m1": "accepted", "box-1": "rejected"}
