"""Reading and writing the files of documents: limits first, JSON without its loopholes, whole files.

What comes from outside is read within a size limit. What JSON leaves open is refused: duplicate
keys, NaN, lone surrogates, numbers without end, nesting without end.
"""

import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from saferedact.documents import Loc, path_text
from saferedact.errors import InputError, Problem

__all__ = ["MAX_PROBLEMS", "read_bounded", "read_json_object", "read_toml"]

MAX_PROBLEMS = 1_000
"""A hostile file can have millions of faults, each of which costs memory; listing stops here."""

_MAX_KEYS = 64
"""Keys of one JSON object. The widest object of ours has 13; more only makes faults to list."""

_MAX_INT_CHARS = 20
"""Length of the longest 64-bit integer; longer ones are out of range of every field."""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read_bounded(path: Path, max_bytes: int, *, what: str) -> bytes:
    """Read a file, or one byte more than `max_bytes` of it.

    Parameters
    ----------
    path : Path
        The file.
    max_bytes : int
        Most bytes that a usable file has.
    what : str
        What the file should be ("plan"), for the message.

    Returns
    -------
    bytes
        The content; longer than `max_bytes` only if the file is too large.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        msg = f"the {what} cannot be read: {_reason(error)}"
        raise InputError(msg) from None


def read_json_object(
    data: bytes, *, max_bytes: int, known: frozenset[str]
) -> tuple[dict[str, object] | None, list[Problem]]:
    """Parse JSON that must be one object, and find the faults that models cannot see.

    NaN, infinity and integers of more than 20 digits come back as floats that are not finite, which
    no field accepts, so that the model reports them with their place.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    max_bytes : int
        Limit of its size.
    known : frozenset of str
        Field names that may be shown.

    Returns
    -------
    tree : dict or None
        The object; None if there is none.
    problems : list of Problem
        Never empty if `tree` is None. Otherwise the duplicate keys, each with its place.
    """
    reader = _ObjectReader()
    try:
        tree = _parse(data, max_bytes, reader)
    except _RefusedError as error:
        return None, [("$", error.fault)]
    return tree, _duplicate_problems(tree, known) if reader.duplicated else []


def read_toml(data: bytes, *, max_bytes: int) -> tuple[dict[str, Any] | None, str]:
    """Parse TOML, and word in our own way why it cannot be parsed.

    Parameters
    ----------
    data : bytes
        UTF-8 text, with or without the mark that editors of Windows put before it.
    max_bytes : int
        Limit of its size.

    Returns
    -------
    tree : dict or None
        The tables; None if it cannot be read.
    fault : str
        Why not; empty if it can be read.
    """
    if len(data) > max_bytes:
        return None, f"is larger than {max_bytes} bytes"
    try:
        return tomllib.loads(data.decode("utf-8-sig")), ""
    except UnicodeDecodeError:
        return None, "is not valid UTF-8"
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+)", str(error))
        return None, f"is not TOML (line {line[1]})" if line else "is not TOML (it ends too early)"
    except (ValueError, RecursionError):  # integers of thousands of digits; deep nesting
        return None, "is not TOML that can be read"


class _RefusedError(Exception):
    """The text cannot be read at all."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class _Duplicated(dict[str, object]):
    """An object in which keys came more than once."""

    keys_again: tuple[str, ...] = ()


class _ObjectReader:
    """Builds objects for the JSON parser, which itself keeps only the last of equal keys."""

    def __init__(self) -> None:
        self.duplicated = 0

    def read_object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(pairs) > _MAX_KEYS:
            fault = f"holds an object with more than {_MAX_KEYS} keys"
            raise _RefusedError(fault)
        plain = dict(pairs)
        if len(plain) == len(pairs) or self.duplicated == MAX_PROBLEMS:
            return plain
        self.duplicated += 1
        marked = _Duplicated(plain)
        again = Counter(key for key, _ in pairs) - Counter(plain.keys())
        marked.keys_again = tuple(again.elements())
        return marked


def _parse(data: bytes, max_bytes: int, reader: _ObjectReader) -> dict[str, object]:
    if len(data) > max_bytes:
        fault = f"is larger than {max_bytes} bytes"
        raise _RefusedError(fault)
    try:
        text = data.decode("utf-8")
        tree = json.loads(text, object_pairs_hook=reader.read_object, parse_int=_bounded_int)
        if _SURROGATE_ESCAPE.search(text):
            json.dumps(tree, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        fault = "is not valid UTF-8, or holds half of a surrogate pair"
    except json.JSONDecodeError as error:
        fault = f"is not JSON (line {error.lineno}, column {error.colno})"
    except RecursionError:
        fault = "is nested too deeply"
    else:
        if isinstance(tree, dict):
            return tree
        fault = "must be an object"
    raise _RefusedError(fault)


def _duplicate_problems(tree: dict[str, object], known: frozenset[str]) -> list[Problem]:
    problems: list[Problem] = []
    pending: list[tuple[Loc, dict[str, object] | list[object]]] = [((), tree)]
    while pending:
        loc, value = pending.pop()
        if isinstance(value, _Duplicated):
            problems += [
                (path_text((*loc, key), known), "comes more than once") for key in value.keys_again
            ]
        steps: Iterable[tuple[int | str, object]]
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        pending += [
            ((*loc, step), child) for step, child in steps if isinstance(child, dict | list)
        ]
    return problems


def _bounded_int(digits: str) -> float:
    return int(digits) if len(digits) <= _MAX_INT_CHARS else math.inf


def _reason(error: OSError | ValueError) -> str:
    """Say what the system said, without the path that its own text quotes."""
    if isinstance(error, OSError):
        return error.strerror or "input/output error"
    return "not a usable path"  # it holds a null character
