"""README.md and docs/ tell everything that can be typed, imported, read in a report or set."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

import saferedact
from saferedact import errors
from saferedact.casefile import (
    Approval,
    Asset,
    CaseDetails,
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
from saferedact.policy import (
    DetectorOptions,
    FaceDetectorOptions,
    LabelRule,
    Policy,
    VideoOptions,
    policy_names,
)

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


def test_every_option(text):
    options = {
        f"{name} {max(option.opts, key=len)}" for name, found in commands() for option in found
    }
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    undocumented = []
    for entry in sorted(options):
        name, option = entry.rsplit(" ", 1)
        rows = [row for row in lines if missing(row.split("|")[1], [name]) == []]
        short = {"--output": "-o"}.get(option, option)
        if all(missing(row, [option]) and missing(row, [short]) for row in rows):
            undocumented.append(entry)
    assert undocumented == []


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
        if f"| {error.exit_code} | `{error.__name__}` | `{error.code}` |" not in rows
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
    rows = set(text.splitlines())
    undocumented = [
        f"{table}.{name}"
        for table, model in tables.items()
        for name, field in model.model_fields.items()
        if field.description and f"| `{table}.{name}` | {field.description} |" not in rows
    ]
    assert undocumented == []


def test_every_publishing_rule(text):
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    undocumented = [
        rule.id
        for rule in catalogue().rules
        if not any(row.startswith(f"| {rule.id} | {rule.level} | {rule.title} |") for row in rows)
    ]
    assert undocumented == []


def test_every_environment_variable(text):
    variables = {name for source in sources() for name in re.findall(r'"(SAFEREDACT_\w+)"', source)}
    assert len(variables) >= 3
    assert missing(text, variables) == []


def test_every_format(text):
    assert missing(text.upper(), set(_TRAITS)) == []


def test_the_offline_page_names_every_wheel_that_carries_a_model():
    page = (ROOT / "docs" / "offline.md").read_text("utf-8")
    with (ROOT / "src" / "saferedact" / "models" / "models.toml").open("rb") as file:
        models = tomllib.load(file)["model"]
    for model in models:
        assert f"{model['distribution']}=={model['version']}" in page
