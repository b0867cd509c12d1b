"""README.md and docs/ tell everything that can be typed, imported, read in a report or set."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_args

import click
import pytest

import saferedact
from saferedact import errors
from saferedact.casefile import (
    Approval,
    Asset,
    CaseDetails,
    CaseFile,
    LinkedCase,
    Override,
    Person,
    Release,
    Restriction,
)
from saferedact.checks.catalogue import catalogue
from saferedact.cli import cli
from saferedact.limits import Limits
from saferedact.media.hidden_data import CHANNELS
from saferedact.media.image_formats import _TRAITS
from saferedact.models import list_models
from saferedact.plan.model import DetectorRecord, MediaRecord, Plan
from saferedact.plan.regions import Region
from saferedact.policy import Policy, policy_names
from saferedact.policy_tables import DetectorOptions, FaceDetectorOptions, LabelRule, VideoOptions
from saferedact.report.model import REPORT_MODELS, Report

ROOT = Path(__file__).parents[2]
PACKAGE = Path(saferedact.__file__).parent


@pytest.fixture(scope="module")
def text():
    """All that users are given to read."""
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    )


def commands(command=cli, path=()):
    """Yield the words of every command that does something, and its options."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), (*path, name))
    else:
        yield " ".join(path), [p for p in command.params if isinstance(p, click.Option)]


def missing(text, words):
    """Return the words that stand nowhere in the text as words of their own."""
    return sorted(
        word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
    )


def sources():
    return [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]


def test_missing_finds_what_is_missing():
    assert missing("`--plans` and exit", ["--plan", "--plans", "exit", "it"]) == ["--plan", "it"]


def test_every_command(text):
    assert missing(text, {name for name, _ in commands()}) == []


def test_every_option():
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### ([^\n]+)$(.*?)(?=^### |\Z)", page, re.MULTILINE | re.DOTALL))
    undocumented = []
    for name, options in commands():
        rows = [row for row in sections.get(name, "").splitlines() if row.startswith("| `")]
        for option in options:
            described = [row for row in rows if missing(row.split(" | ")[0], option.opts) == []]
            if not option.help or not any(option.help.split()[0] in row for row in described):
                undocumented.append(f"{name} {option.opts}")
    assert undocumented == []


def test_every_command_says_what_it_does():
    assert [name for name, _ in commands() if not cli_help(name)] == []


def cli_help(name):
    command = cli
    for word in name.split():
        command = command.get_command(click.Context(command), word)
    return command.help


def test_every_public_name(text):
    assert missing(text, set(saferedact.__all__) - {"__version__"}) == []


def error_types(root=errors.SaferedactError):
    yield root
    for error in root.__subclasses__():
        yield from error_types(error)


def test_every_error_with_its_code_and_exit_code(text):
    rows = [line for line in text.splitlines() if line.startswith("|")]
    public = {error for error in error_types() if error.__name__ in errors.__all__}
    undocumented = [
        error.__name__
        for error in public - {errors.SaferedactError}
        if not any(
            row.startswith(f"| {error.exit_code} | `{error.__name__}` | `{error.code}` | ")
            for row in rows
        )
    ]
    assert sorted(undocumented) == []


@pytest.mark.parametrize("exit_code", [0, errors.EXIT_BUG, 130, 141])
def test_every_other_exit_code(text, exit_code):
    assert re.search(rf"^\| {exit_code} \|", text, re.MULTILINE)


def test_every_key_of_a_policy(text):
    keys = {field.alias or name for name, field in Policy.model_fields.items()}
    keys |= {f"labels.LABEL.{name}" for name in LabelRule.model_fields}
    keys |= {
        f"detectors.{group}.{name}"
        for group in DetectorOptions.model_fields
        for name in FaceDetectorOptions.model_fields
    }
    keys |= {f"video.{name}" for name in VideoOptions.model_fields}
    keys -= {"labels", "detectors", "video"}  # tables
    assert missing(text, keys | {"extends"} | set(policy_names())) == []


def test_every_limit(text):
    assert missing(text, {field.name for field in fields(Limits)}) == []


def test_every_channel_of_hidden_data_with_what_it_means(text):
    rows = set(text.splitlines())
    undocumented = [
        channel for channel, means in CHANNELS.items() if f"| `{channel}` | {means} |" not in rows
    ]
    assert undocumented == []


def test_every_rule(text):
    rules = {rule for source in sources() for rule in re.findall(r'"(VF-\d\d)"', source)}
    assert len(rules) >= 6
    assert missing(text, rules) == []


def test_every_key_of_a_case_file(text):
    tables = {
        "case": CaseDetails,
        "release": Release,
        "restrictions": Restriction,
        "people": Person,
        "assets": Asset,
        "approvals": Approval,
        "overrides": Override,
        "linked_cases": LinkedCase,
    }
    undocumented = [
        f"{table}.{name}"
        for table, model in tables.items()
        for name, field in model.model_fields.items()
        if f"| `{table}.{name}` | {field.description or ''}" not in text
    ]
    assert undocumented == []


@pytest.mark.parametrize("page", ["case-file", "plan", "policy", "report"])
def test_every_key_says_what_it_means(page):
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    assert [row[0] for row in rows if len(row) < 3 or not row[1].strip()] == []


@pytest.mark.parametrize(
    ("page", "top"),
    [("case-file", CaseFile), ("plan", Plan), ("policy", Policy), ("report", Report)],
)
def test_every_key_of_every_table_inside(page, top):
    """By the schema, so that a model that is nested anew cannot be left out by the writer."""
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(?:[\w.]+\.)?(\w+)` ", text, re.MULTILINE)
    schema = top.model_json_schema(mode="serialization")
    tables = [schema, *schema["$defs"].values()]
    names = [name for table in tables for name in table.get("properties", ())]
    assert sorted(set(names) - set(documented)) == []
    assert len(documented) >= len(set(names))


@pytest.mark.parametrize("model", [*REPORT_MODELS, Plan, MediaRecord, DetectorRecord])
def test_every_field_of_reports_and_plans(model):
    page = "report" if model in REPORT_MODELS else "plan"
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    names = {field.alias or name for name, field in model.model_fields.items()}
    names |= set(model.model_computed_fields) if page == "report" else set()
    assert [
        n for n in sorted(names) if not re.search(rf"^\| `([\w.]+\.)?{n}` ", text, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("region", get_args(Region))
def test_every_field_of_a_region(region):
    text = (ROOT / "docs" / "reference" / "plan.md").read_text(encoding="utf-8")
    kind = region.model_fields["kind"].default
    section = text.partition(f"### Regions of kind `{kind}`")[2].partition("###")[0]
    assert [name for name in region.model_fields if f"| `{name}` | " not in section] == []


def test_every_publishing_rule(text):
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    sections = dict(
        re.findall(r"^#### ([A-Z]{2}-\d\d): (.*?)(?=^###|\Z)", text, re.MULTILINE | re.DOTALL)
    )
    undocumented = [
        rule.id
        for rule in catalogue().rules
        if not any(
            re.match(rf"\| \[{rule.id}\]\(#[^)]*\) \| {rule.level} \| ", row) for row in rows
        )
        or not all(
            words in sections.get(rule.id, "")
            for words in (rule.title, rule.reason, rule.next_step, *rule.sources)
        )
    ]
    assert undocumented == []


def test_every_source_with_its_mark(text):
    marks = {"V": "read", "P": "read in part", "U": "**not verified**", "N": "none needed"}
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `")}
    undocumented = [
        key
        for key, source in catalogue().sources.items()
        if f"| {marks[source.mark]}" not in rows.get(key, "")
        or (source.unverified and "not verified" not in rows[key] and source.mark == "V")
    ]
    assert undocumented == []


def test_the_page_on_law_marks_what_is_not_verified():
    page = (ROOT / "docs" / "explanation" / "law.md").read_text(encoding="utf-8")
    claims = re.findall(r"\(?`([A-Z0-9-]+)`, (read in part|read|not verified)\)?", page)
    assert len(claims) > 30
    sure = {"V": {"read", "read in part", "not verified"}, "P": {"read in part", "not verified"}}
    wrong = [
        (key, mark)
        for key, mark in claims
        if key not in catalogue().sources
        or mark not in sure.get(catalogue().sources[key].mark, {"not verified"})
    ]
    assert wrong == []


def test_every_environment_variable(text):
    variables = {name for source in sources() for name in re.findall(r'"(SAFEREDACT_\w+)"', source)}
    assert len(variables) >= 3
    assert missing(text, variables) == []


def test_every_format(text):
    assert missing(text.upper(), set(_TRAITS)) == []


def test_the_offline_page_names_every_wheel_that_carries_a_model():
    page = (ROOT / "docs" / "how-to" / "offline.md").read_text("utf-8")
    with (ROOT / "src" / "saferedact" / "models" / "models.toml").open("rb") as file:
        models = tomllib.load(file)["model"]
    for model in models:
        assert f"{model['distribution']}=={model['version']}" in page


def distributions(*extras):
    """Names of what the plain package needs, and these extras."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    optional = project["optional-dependencies"]
    needed = [*project["dependencies"], *(name for extra in extras for name in optional[extra])]
    return {re.split(r"[\[>=]", requirement)[0] for requirement in needed} - {"saferedact"}


def test_every_dependency_and_every_model_has_its_licence():
    page = (ROOT / "docs" / "licences.md").read_text("utf-8").lower()
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    names = distributions("fast", "office", "demo", "docs", "test", "lint")
    assert missing(rows, names | {model.name for model in list_models()}) == []


def test_every_dependency_has_its_reason():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8").lower()
    reasons = page.partition("## dependencies, and why")[2]
    assert missing(reasons, distributions("fast", "office", "docs")) == []
