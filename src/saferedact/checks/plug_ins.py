"""Checks of other packages: listed freely, loaded only when somebody names them.

A plug-in is an entry point of the group ``saferedact.checks`` that leads to an `ExtraCheck`, or to a
callable without arguments that returns one. Code that ran by merely being installed could leak the
very data we hide, so nothing is imported to list what there is.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from saferedact.checks.base import Context, Hit
from saferedact.errors import DetectorError, InputError, SaferedactError
from saferedact.report import Level

__all__ = ["GROUP", "ExtraCheck", "extra_check_names", "load_extra_checks"]

GROUP = "saferedact.checks"

_ID = re.compile(r"X[A-Z]-[0-9]{2}")
_LEVELS = frozenset({"BLOCK", "WARN", "INFO"})
_LONGEST = 200  # code points of a title or a next step


@dataclass(frozen=True, slots=True)
class ExtraCheck:
    """A rule that does not come with saferedact.

    Parameters
    ----------
    id : str
        X, a letter and two digits, as ``XF-01``: never the id of a rule of the catalogue.
    title, next_step : str
        What is wrong, and what to do; at most 200 code points. Never words of the material.
    level : {"BLOCK", "WARN", "INFO"}
        Level of a hit that names none.
    run : callable
        Takes the `saferedact.checks.base.Context`, yields `saferedact.checks.base.Hit`.
    """

    id: str
    title: str
    next_step: str
    level: Level
    run: Callable[[Context], Iterable[Hit]]


def extra_check_names() -> tuple[str, ...]:
    """List the plug-ins that are installed, without loading any."""
    return tuple(sorted(_installed()))


def load_extra_checks(wanted: Sequence[str | ExtraCheck]) -> tuple[ExtraCheck, ...]:
    """Load the plug-ins that are named; checks that are handed over stay as they are.

    Raises
    ------
    InputError
        If none is installed under a name, or two checks have one id.
    DetectorError
        If one cannot be loaded, or is not a check.
    """
    if isinstance(wanted, str):
        msg = "extra checks must be a list of names and checks, not one name"
        raise InputError(msg)
    ready = tuple(_loaded(item) if isinstance(item, str) else _sound(item) for item in wanted)
    if len({check.id for check in ready}) < len(ready):
        msg = "two extra checks have the same id"
        raise InputError(msg)
    return ready


def _installed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _loaded(name: str) -> ExtraCheck:
    entry = _installed().get(name)
    if entry is None:
        known = ", ".join(extra_check_names()) or "none is installed"
        msg = f"there is no such extra check; known: {known}"
        raise InputError(msg)
    try:
        made = entry.load()
        check = made if isinstance(made, ExtraCheck) else made()
    except SaferedactError:
        raise
    except Exception as error:  # noqa: BLE001  a plug-in may raise anything
        msg = f"the extra check {name} cannot be loaded ({type(error).__name__})"
        raise DetectorError(msg) from None
    return _sound(check)


def _sound(check: Any) -> ExtraCheck:
    """Refuse what a report could not hold; a plug-in may be anything."""
    if isinstance(check, ExtraCheck):
        fields: tuple[Any, ...] = (check.id, check.title, check.next_step)
        words = all(isinstance(text, str) and 0 < len(text) <= _LONGEST for text in fields)
        run: Any = check.run
        if words and _ID.fullmatch(check.id) and check.level in _LEVELS and callable(run):
            return check
    msg = "an extra check needs an id as XF-01, a level, a title, a next step and a function"
    raise DetectorError(msg)
