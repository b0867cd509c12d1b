"""Plans, policies, case files and reports, from the models that read them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from pydantic import BaseModel
from tools.reference.markdown import cell, parameters, table

from saferedact.casefile import CaseFile
from saferedact.casefile.model import CASE_MODELS
from saferedact.plan import model as plan_model
from saferedact.policy import Policy
from saferedact.policy_tables import (
    DetectorOptions,
    DocumentOptions,
    FaceDetectorOptions,
    LabelRule,
    PatternRule,
    TextOptions,
    VideoOptions,
)
from saferedact.report.model import REPORT_MODELS, Report

__all__ = ["case_file", "keys_of", "plan", "policy", "report"]

Schema = Mapping[str, Any]

_TYPES = {
    "array": "list",
    "boolean": "true or false",
    "integer": "whole number",
    "null": "nothing",
    "number": "number",
    "object": "table",
    "string": "text",
}
_FORMATS = {"date": "day, as 2026-01-31", "date-time": "time with its zone"}
_COMMON = {
    "decision": "What a person decided",
    "kind": "Kind of region",
    "operator": "What hides it",
    "schema": "Version of the form of the file",
}
_NO_BOUND = 2**31
_REFERS = re.compile(r"As in `(\w+)`\.?")


def policy() -> str:
    """Write every key of a policy."""
    return _key_table(
        Policy,
        (
            LabelRule,
            DetectorOptions,
            FaceDetectorOptions,
            DocumentOptions,
            TextOptions,
            PatternRule,
            VideoOptions,
        ),
    )


def case_file() -> str:
    """Write every key of a case file."""
    return _key_table(CaseFile, CASE_MODELS)


def report() -> str:
    """Write every field of a report."""
    return _key_table(Report, REPORT_MODELS, mode="serialization")


def plan() -> str:
    """Write every field of a plan, and of each kind of region."""
    kinds = get_args(plan_model.Region)
    models = (plan_model.MediaRecord, plan_model.DetectorRecord)
    parts = [_key_table(plan_model.Plan, models)]
    for kind in kinds:
        name = kind.model_fields["kind"].default
        parts.append(f"### Regions of kind `{name}`\n\n{(kind.__doc__ or '').splitlines()[0]}")
        parts.append(_key_table(kind, ()))
    return "\n\n".join(parts)


def keys_of(top: type[BaseModel], models: tuple[type[BaseModel], ...] = ()) -> list[str]:
    """List the dotted keys of a document."""
    return [key for key, _, _, _ in _keys(top, models, "validation")]


def _key_table(
    top: type[BaseModel], models: tuple[type[BaseModel], ...], mode: str = "validation"
) -> str:
    rows = [
        (f"`{key}`", cell(meaning), f"{value}; {default}" if default else value)
        for key, value, default, meaning in _keys(top, models, mode)
    ]
    return table(("key", "meaning", "value"), rows)


def _keys(
    top: type[BaseModel], models: tuple[type[BaseModel], ...], mode: str
) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, kind of value, default and meaning of every field, depth first."""
    schema = top.model_json_schema(by_alias=True, mode=cast("Any", mode))
    by_name = {model.__name__: model for model in models}
    yield from _walk("", top, schema, schema.get("$defs", {}), by_name)


def _walk(
    prefix: str,
    model: type[BaseModel],
    schema: Schema,
    definitions: Mapping[str, Schema],
    by_name: Mapping[str, type[BaseModel]],
) -> Iterator[tuple[str, str, str, str]]:
    meanings = _meanings(model)
    required = set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        child = _child(field, by_name)
        value = _value(field, definitions)
        default = "required" if name in required else _default(field)
        meaning = meanings.get(name) or (_first_line(by_name[child]) if child else "")
        yield prefix + name, value, default, meaning or _COMMON.get(name, "")
        if child is not None:
            inner = "LABEL." if "additionalProperties" in field else ""
            yield from _walk(
                f"{prefix}{name}.{inner}",
                by_name[child],
                definitions[child],
                definitions,
                by_name,
            )


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().partition("\n")[0]


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """Words about each field, by the name it has in a file: the docstring's, else the field's."""
    words = parameters(model)
    found = {}
    for name, field in model.model_fields.items():
        said = words.get(name) or field.description or ""
        if refers := _REFERS.fullmatch(said):
            said = parameters(getattr(plan_model, refers[1])).get(name, "")
        found[field.alias or name] = said
    for name, computed in model.model_computed_fields.items():
        found[name] = " ".join((computed.description or "").split())
    return found


def _child(field: Schema, by_name: Mapping[str, type[BaseModel]]) -> str | None:
    """Return the model that a field holds, in a list or a table too, if it is one to go into."""
    for part in (
        field,
        field.get("items", {}),
        field.get("additionalProperties", {}),
        *field.get("anyOf", ()),
    ):
        if isinstance(part, Mapping) and "$ref" in part:
            name = str(part["$ref"]).rsplit("/", 1)[-1]
            if name in by_name:
                return name
    return None


def _default(field: Schema) -> str:
    value = field.get("default")
    if "const" in field or value is None or value in ({}, [], "") or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        value = str(value).lower()
    return f"default `{value}`".replace("'", '"')


def _value(field: Schema, definitions: Mapping[str, Schema]) -> str:
    if "$ref" in field:
        inner = definitions[str(field["$ref"]).rsplit("/", 1)[-1]]
        return "table" if "properties" in inner else _value(inner, definitions)
    values = [field["const"]] if "const" in field else field.get("enum")
    if values is not None:
        return ", ".join(f"`{value}`" for value in values)
    alternatives = field.get("anyOf") or field.get("oneOf")
    if alternatives:
        return " or ".join(dict.fromkeys(_value(part, definitions) for part in alternatives))
    kind = str(field.get("type", ""))
    if kind == "array":
        return _list(field, definitions)
    return _FORMATS.get(str(field.get("format", "")), _TYPES.get(kind, kind)) + _bounds(field)


def _list(field: Schema, definitions: Mapping[str, Schema]) -> str:
    if "prefixItems" in field:
        count = len(field["prefixItems"])
        return f"list of {count}: {_value(field['prefixItems'][0], definitions)}"
    inner = field.get("items", {})
    if "oneOf" in inner:
        return "list of regions"
    words = _value(inner, definitions) if inner else ""
    return (
        f"list of {words}{'s' if words in {'table', 'text', 'whole number'} else ''}"
        if words
        else "list"
    )


def _bounds(field: Schema) -> str:
    """Word the bounds that people can run into; 2**31 and 2**63 are none of them."""
    least = field.get("minimum")
    above = field.get("exclusiveMinimum")
    most = field.get("maximum")
    if most is not None and most >= _NO_BOUND:
        most = None
        least = None if least is not None and least < 0 else least
    if least is not None and most is not None:
        return (
            f", {least:,g} to {most:,g}" if most < 10_000 else f", {int(least):,} to {int(most):,}"
        )
    if above is not None and most is not None:
        return f", above {above:g}, to {most:g}"
    if least is not None:
        return f", from {least:g}"
    return f", above {above:g}" if above is not None else ""
