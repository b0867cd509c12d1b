"""``saferedact policy``: what is shown can be used again."""

import json
import tomllib

import pytest
from click.testing import CliRunner

from saferedact.cli import cli
from saferedact.policy import load_policy, policy_names

MINE = """
schema = "saferedact.policy/1"
extends = "frost"
name = "mine"
description = 'with "quotes", é and 😀'
[labels.face]
dilate = [1, 0, 0.5, 0]
[limits]
max_frames = 3
max_side = 9
"""


def run(*arguments, code=0):
    result = CliRunner().invoke(cli, ["policy", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def test_list():
    lines = run("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(policy_names())
    entries = json.loads(run("list", "--json").stdout)["policies"]
    assert [(entry["name"], entry["sha256"]) for entry in entries] == [
        (name, load_policy(name).sha256) for name in policy_names()
    ]
    assert all(entry["description"] for entry in entries)


@pytest.mark.parametrize("name", policy_names())
def test_what_is_shown_of_a_built_in_policy_is_the_same_policy(tmp_path, name):
    shown = run("show", name).stdout
    path = tmp_path / "shown.toml"
    path.write_text(shown, encoding="utf-8")
    assert load_policy(path) == load_policy(name)
    assert "extends" not in tomllib.loads(shown)
    for comment in ("# Detections below this score are ignored", "# Hidden data never leave"):
        assert shown.count(comment) == 1


def test_what_is_shown_of_a_file_is_the_same_policy(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    shown = tmp_path / "shown.toml"
    shown.write_text(run("show", path).stdout, encoding="utf-8")
    assert load_policy(shown) == load_policy(path)
    assert load_policy(shown).limits == {"max_frames": 3, "max_side": 9}


def test_show_as_json():
    tree = json.loads(run("show", "frost", "--json").stdout)
    assert tree["policy"]["schema"] == "saferedact.policy/1"
    assert tree["policy"]["labels"]["face"]["operator"] == "frost"
    assert tree["sha256"] == load_policy("frost").sha256


def test_check_of_a_good_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    digest = load_policy(path).sha256
    assert run("check", path).stdout == f"the policy mine is valid (sha256 {digest})\n"
    assert json.loads(run("check", path, "--json").stdout) == {"name": "mine", "sha256": digest}


def test_check_of_a_bad_file_lists_every_problem(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE + "[labels.name]\nJane = 1\nshape = 'Jane'\n", encoding="utf-8")
    result = run("check", path, code=2)
    assert "$.labels.name: has an unknown key" in result.stderr
    assert "$.labels.name.shape: must be 'rectangle' or 'ellipse'" in result.stderr
    assert "Jane" not in result.output


def test_check_of_a_missing_file_is_not_the_built_in_policy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "the policy cannot be read" in run("check", "release", code=2).stderr
    assert "there is no such policy" in run("show", "nothing", code=2).stderr
