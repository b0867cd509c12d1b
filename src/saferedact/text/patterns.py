"""Expressions that people write into a policy: a small language whose every match is bounded.

A force has its own forms of custody records and crime numbers. Their expressions come from a file,
so they are limited to what cannot run long on any text: characters, classes, groups, alternatives,
``?`` and bounded counts. ``*``, ``+``, open counts, back references and looking around are refused,
and so is an expression with more ways to match than `MAX_WAYS`: a matcher tries each at most once
from each place of a text.
"""

import re
from dataclasses import dataclass

__all__ = ["MAX_LENGTH", "MAX_WAYS", "PatternProblem", "check_pattern"]

MAX_LENGTH = 200
"""Characters of an expression, and of what it may match. The longest identifier known has 34."""

MAX_WAYS = 2_000
"""Ways to match. A hundred form variants times twenty lengths; takes under a millisecond a place."""

_MAX_DEPTH = 20
"""Groups within groups. Each takes four calls of the parser, and the caller's stack may be deep."""

_CLASSES = frozenset("dwsDWS")
_COUNT = re.compile(r"\{(\d{1,3})(?:,(\d{1,3}))?\}")
_SPECIAL = frozenset("*+^$.{}?|()[]")


class PatternProblem(Exception):
    """Why an expression is refused, in words of ours."""


@dataclass(slots=True)
class _Part:
    """How many ways a part can match, how long it can be, and whether it can be empty."""

    ways: int
    longest: int
    shortest: int


class _Parser:
    def __init__(self, expression: str) -> None:
        self._text = expression
        self._at = 0
        self._depth = 0

    def parse(self) -> _Part:
        part = self._alternatives()
        if self._at < len(self._text):
            msg = "has a bracket that was not opened"
            raise PatternProblem(msg)
        return part

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _alternatives(self) -> _Part:
        parts = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            parts.append(self._sequence())
        return _Part(
            sum(part.ways for part in parts),
            max(part.longest for part in parts),
            min(part.shortest for part in parts),
        )

    def _sequence(self) -> _Part:
        whole = _Part(1, 0, 0)
        while self._peek() not in {"", "|", ")"}:
            part = self._counted(self._atom())
            whole = _bounded(
                whole.ways * part.ways,
                whole.longest + part.longest,
                whole.shortest + part.shortest,
            )
        return whole

    def _atom(self) -> _Part:
        char = self._peek()
        self._at += 1
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char in _SPECIAL:
            msg = "may use characters, classes, groups, |, ? and {m,n} alone; write other signs as \\."
            raise PatternProblem(msg)
        return _Part(1, 1, 1)

    def _group(self) -> _Part:
        if self._peek() == "?":
            if not self._text.startswith("?:", self._at):
                msg = "may have groups as (...) and (?:...) alone"
                raise PatternProblem(msg)
            self._at += 2
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            msg = f"may have at most {_MAX_DEPTH} groups within groups"
            raise PatternProblem(msg)
        part = self._alternatives()
        self._depth -= 1
        if self._peek() != ")":
            msg = "has a bracket that is not closed"
            raise PatternProblem(msg)
        self._at += 1
        return part

    def _class(self) -> _Part:
        end = self._at + self._text.startswith("^", self._at)
        end += self._text.startswith("]", end)  # a ] that comes first, or after ^, is a member
        while end < len(self._text) and self._text[end] != "]":
            end += 2 if self._text[end] == "\\" else 1
        if end >= len(self._text):
            msg = "has a bracket that is not closed"
            raise PatternProblem(msg)
        self._at = end + 1
        return _Part(1, 1, 1)

    def _escape(self) -> _Part:
        char = self._peek()
        self._at += 1
        if not char or (char.isalnum() and char not in _CLASSES):
            msg = "may escape signs, and use \\d, \\w, \\s, \\D, \\W, \\S"
            raise PatternProblem(msg)
        return _Part(1, 1, 1)

    def _counted(self, part: _Part) -> _Part:
        if self._peek() == "?":
            self._at += 1
            least, most = 0, 1
        else:
            count = _COUNT.match(self._text, self._at)
            if count is None:
                return part
            self._at = count.end()
            least = int(count[1])
            most = int(count[2]) if count[2] is not None else least
        if self._peek() in {"?", "+", "*", "{"}:
            msg = "may count a part only once"
            raise PatternProblem(msg)
        if least > most:
            msg = "has a count whose end is below its start"
            raise PatternProblem(msg)
        _bounded(1, part.longest * most, 0)
        ways = 0
        for times in range(least, most + 1):
            ways += part.ways**times
            _bounded(ways, 0, 0)
        return _Part(ways, part.longest * most, part.shortest * least)


def _bounded(ways: int, longest: int, shortest: int) -> _Part:
    if ways > MAX_WAYS:
        msg = f"can match in more than {MAX_WAYS} ways"
        raise PatternProblem(msg)
    if longest > MAX_LENGTH:
        msg = f"can match more than {MAX_LENGTH} characters"
        raise PatternProblem(msg)
    return _Part(ways, longest, shortest)


def check_pattern(expression: str) -> None:
    """Refuse an expression that is wrong, can match nothing, or could run long.

    Parameters
    ----------
    expression : str
        As a policy gives it.

    Raises
    ------
    PatternProblem
        With what is wrong, without quoting the expression.
    """
    if len(expression) > MAX_LENGTH:
        msg = f"must have at most {MAX_LENGTH} characters"
        raise PatternProblem(msg)
    part = _Parser(expression).parse()
    if part.shortest < 1:
        msg = "must not match an empty text"
        raise PatternProblem(msg)
    try:
        re.compile(expression)
    except re.error:
        msg = "is no regular expression"
        raise PatternProblem(msg) from None
