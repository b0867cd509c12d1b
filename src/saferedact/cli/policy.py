"""``saferedact policy``: list, show, check."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from saferedact.cli._common import emit_json, json_option
from saferedact.policy import load_policy, policy_names

__all__ = ["policy"]


@click.group()
def policy() -> None:
    """Show the policies.

    A policy says what is looked for, how sure one must be, and what hides it. Of your own, write
    a TOML file with extends = "release" and what differs.
    """


@policy.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the policies that come with the program; the first is the default."""
    policies = [load_policy(name) for name in policy_names()]
    if as_json:
        shown = {"name", "description"}
        emit_json(
            {"policies": [{**p.model_dump(include=shown), "sha256": p.sha256} for p in policies]}
        )
        return
    for entry in policies:
        click.echo(f"{entry.name}  {entry.description}")


@policy.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a policy, built in or a TOML file, with all that it extends, as TOML."""
    loaded = load_policy(name)
    if as_json:
        tree = loaded.model_dump(mode="json", by_alias=True)
        emit_json({"policy": tree, "sha256": loaded.sha256})
        return
    click.echo("\n".join(_toml_lines(loaded)))


@policy.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@json_option
def check(path: Path, as_json: bool) -> None:
    """Tell whether a FILE is a valid policy, and list every problem if it is not."""
    loaded = load_policy(path)
    if as_json:
        emit_json({"name": loaded.name, "sha256": loaded.sha256})
    else:
        click.echo(f"the policy {loaded.name} is valid (sha256 {loaded.sha256})")


def _toml_lines(model: BaseModel) -> Iterator[str]:
    """Write a model as TOML, and above each key what it means, the first time it comes."""
    explained: set[str] = set()
    yield from _table_lines(model, "", explained)


def _table_lines(model: BaseModel, table: str, explained: set[str]) -> Iterator[str]:
    subtables: list[tuple[str, BaseModel]] = []
    values: list[str] = []
    for field_name, field in type(model).model_fields.items():
        key = field.alias or field_name
        value = getattr(model, field_name)
        if isinstance(value, BaseModel):
            subtables.append((key, value))
        elif isinstance(value, Mapping) and any(isinstance(v, BaseModel) for v in value.values()):
            subtables += [(f"{key}.{name}", entry) for name, entry in value.items()]
        else:
            if field.description and field.description not in explained:
                values.append(f"# {field.description}")
                explained.add(field.description)
            values.append(f"{key} = {_toml_value(value)}")
    if table and values:
        yield from ("", f"[{table}]")
    yield from values
    for key, entry in subtables:
        yield from _table_lines(entry, f"{table}.{key}" if table else key, explained)


def _toml_value(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{key} = {_toml_value(entry)}" for key, entry in value.items()) + "}"
        )
    # JSON of texts, numbers, truth values and lists is TOML too, but for escapes of two parts.
    written = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isascii() else f"\\U{ord(char):08x}" for char in written)
