"""Patterns over clauses in their plain form: what the prejudice rules look for in grammar.

The patterns are in `clauses.toml`. What they know of a sentence is what `saferedact.checks.clauses`
writes, so that one pattern stands for many orders of words, tenses and ways to name the accused.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from saferedact.checks.clauses import Line
from saferedact.checks.pattern_words import compile_patterns
from saferedact.documents import Document

__all__ = ["ClausePatterns", "clause_patterns", "speaks_of_accused"]

_ACCUSED = re.compile(r"\bN\b")


class _Patterns(Document):
    what: str
    court: bool = False
    about: Annotated[tuple[str, ...], Field(strict=False)] = ()
    free: Annotated[tuple[str, ...], Field(strict=False)] = ()
    exempt: Annotated[tuple[str, ...], Field(strict=False)] = ()


class _File(Document):
    schema_id: Literal["saferedact.clauses/1"] = Field(alias="schema")
    words: dict[str, str]
    rules: dict[str, _Patterns]


@dataclass(frozen=True, slots=True)
class ClausePatterns:
    """Compiled patterns of one rule.

    Parameters
    ----------
    what : str
        What the wording is about.
    about, free, exempt : tuple of re.Pattern
        A clause counts if it speaks of the accused and one of `about` matches, or if one of `free`
        does, and none of `exempt` matches it or the main clause.
    """

    what: str
    about: tuple[re.Pattern[str], ...]
    free: tuple[re.Pattern[str], ...]
    exempt: tuple[re.Pattern[str], ...]

    def find(self, lines: Sequence[Line], *, near: bool) -> tuple[int, int] | None:
        """Find the first stretch of a sentence that breaks the rule; None if there is none.

        Parameters
        ----------
        lines : sequence of Line
            The clauses of the sentence.
        near : bool
            Whether clauses without the accused speak of him nevertheless.
        """
        found = []
        roots = [line.text for line in lines if line.root]
        for line in lines:
            about = near or speaks_of_accused(line)
            match = next(
                (
                    match
                    for pattern in (*(self.about if about else ()), *self.free)
                    if (match := pattern.search(line.text))
                ),
                None,
            )
            if match is None or any(
                pattern.search(text) for pattern in self.exempt for text in (line.text, *roots)
            ):
                continue
            stretch = line.stretch(*match.span())
            if stretch[1] > stretch[0]:
                found.append(stretch)
        return min(found, default=None)


def speaks_of_accused(line: Line) -> bool:
    """Tell whether the accused is anywhere in a clause."""
    return _ACCUSED.search(line.text) is not None


@cache
def clause_patterns() -> dict[str, ClausePatterns]:
    """Read and compile the patterns that come with the package."""
    data = resources.files("saferedact.checks").joinpath("clauses.toml").read_bytes()
    file = _File.model_validate(tomllib.loads(data.decode("utf-8")))

    return {
        rule_id: ClausePatterns(
            patterns.what,
            compile_patterns(patterns.about, file.words),
            compile_patterns(patterns.free, file.words),
            compile_patterns(patterns.exempt, file.words),
        )
        for rule_id, patterns in file.rules.items()
    }
