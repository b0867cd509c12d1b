"""What plans, policies and reports have in common: strict models, and faults in our own words.

pydantic's texts quote the input. Ours never do: a `Problem` shows field names that this program
defined, list positions and rules, nothing that was read from the file.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from saferedact.errors import Problem

__all__ = [
    "Document",
    "Line",
    "Loc",
    "Words",
    "at_most",
    "field_names",
    "path_text",
    "problems_of",
    "rule",
    "rules",
]

Loc = tuple[int | str, ...]
"""Where in a document: field names and list positions from the top."""

_RULE = "saferedact_rule"

# Types of faults whose text needs nothing but a value of the schema, as pydantic names them.
_TEXTS = {
    "bool_type": "must be true or false",
    "date_type": "must be a day, as 2026-01-31",
    "datetime_type": "must be a time, as 2026-01-31T09:00:00Z",
    "dict_type": "must be an object",
    "finite_number": "must be a finite number",
    "float_type": "must be a number",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_type": "must be a whole number",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "mapping_type": "must be an object",
    "missing": "is missing",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_type": "must be a text",
    "timezone_aware": "must have a time zone, as Z or +01:00",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "tuple_type": "must be a list",
    "union_tag_invalid": "must be of kind {expected_tags}",
    "union_tag_not_found": "must have a kind",
}


class Document(BaseModel):
    """Base of every model that is read from or written to a file.

    Strict (a text is no number), closed (no unknown keys), frozen, without NaN and infinity. Its
    errors never quote the input.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


def rule(text: str) -> PydanticCustomError:
    """Make the error that a validator of ours raises; `text` is shown as it is.

    Parameters
    ----------
    text : str
        The rule that is broken, without content of the file.
    """
    return PydanticCustomError(_RULE, "{text}", {"text": text})


def rules(title: str, faults: Iterable[tuple[Loc, str]]) -> ValidationError:
    """Make the error that a validator of a whole model raises, for faults at several places.

    pydantic takes them over into its own list, each with its place.

    Parameters
    ----------
    title : str
        Name of the model.
    faults : iterable of (tuple, str)
        Place within the model, and the rule that is broken there.
    """
    return ValidationError.from_exception_data(
        title, [InitErrorDetails(type=rule(text), loc=loc, input=None) for loc, text in faults]
    )


def at_most(count: int) -> BeforeValidator:
    """Refuse a list with more than `count` entries before any entry is looked at.

    pydantic's ``max_length`` is checked after the entries, so that a hostile list costs one fault
    for each of its millions of entries.
    """

    def check(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > count:
            raise rule(f"must have at most {count} entries")
        return value

    return BeforeValidator(check)


def _one_line(text: str) -> str:
    if not text.isprintable():
        fault = "must be one line of printable characters"
        raise rule(fault)
    return text


Line = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
"""A short text for people. It cannot steer a terminal."""


Words = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_one_line)]
"""A `Line` that is not empty."""


def field_names(*models: type[BaseModel]) -> frozenset[str]:
    """Names that the models give to their fields in a file; the only names a problem may show."""
    return frozenset(
        field.alias or name for model in models for name, field in model.model_fields.items()
    )


def path_text(loc: Iterable[int | str], known: frozenset[str]) -> str:
    """Word a place as ``$.regions[0].xyxy``.

    A key that is not one of ours came from the file, and is shown as ``*``.
    """
    steps = [
        f"[{step}]" if isinstance(step, int) else f".{step if step in known else '*'}"
        for step in loc
    ]
    return "$" + "".join(steps)


def problems_of(
    error: ValidationError,
    *,
    known: frozenset[str],
    tags: frozenset[str] = frozenset(),
    root: Loc = (),
) -> list[Problem]:
    """Word every fault that pydantic found.

    Parameters
    ----------
    error : ValidationError
        What pydantic raised.
    known : frozenset of str
        Field names that may be shown (`field_names`).
    tags : frozenset of str
        Tags of discriminated unions, which pydantic puts into its places though no file has them.
    root : tuple of str and int
        Place in the file of the object that was validated.

    Returns
    -------
    list of Problem
        One for each fault, without any content of the file.
    """
    problems: list[Problem] = []
    for fault in error.errors(include_url=False, include_input=False):
        loc: Loc = (*root, *(step for step in fault["loc"] if step not in tags))
        kind = fault["type"]
        if kind == "extra_forbidden":
            loc, text = loc[:-1], "has an unknown key"
        elif loc[-1:] == ("[key]",):
            loc, text = loc[:-2], "has an unknown key"
        elif kind == _RULE:
            text = fault["msg"]
        else:
            text = _TEXTS.get(kind, "is not a valid value").format_map(fault.get("ctx", {}))
        problems.append((path_text(loc, known), text))
    return problems
