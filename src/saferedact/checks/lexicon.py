"""Lists of words that the prejudice rules look for, one sentence at a time.

The lists are in `lexicons.toml`; what a sentence is about is known from `saferedact.checks.reference`.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from saferedact.checks.pattern_words import compile_patterns
from saferedact.checks.reference import ACCUSED, Masked
from saferedact.documents import Document

__all__ = ["Lexicon", "lexicon"]


class Wording(Document):
    """What one rule looks for."""

    scope: Literal["sentence", "near", "beside", "any"]
    court: bool = False
    what: str
    patterns: Annotated[tuple[str, ...], Field(strict=False)]
    beside: Annotated[tuple[str, ...], Field(strict=False)] = ()
    anywhere: Annotated[tuple[str, ...], Field(strict=False)] = ()
    exempt: Annotated[tuple[str, ...], Field(strict=False)]


class _File(Document):
    schema_id: Literal["saferedact.lexicons/1"] = Field(alias="schema")
    words: dict[str, str]
    rules: dict[str, Wording]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled lists of one rule.

    Parameters
    ----------
    scope : str
        Where the accused must be referred to.
    court : bool
        Whether what was said in open court is exempt.
    what : str
        What the wording is about.
    patterns, beside, anywhere, exempt : tuple of re.Pattern
        A sentence counts if one of `patterns` matches and none of `exempt`. Those `beside` count
        also if a sentence beside it is about the accused, those `anywhere` always.
    """

    scope: str
    court: bool
    what: str
    patterns: tuple[re.Pattern[str], ...]
    beside: tuple[re.Pattern[str], ...]
    anywhere: tuple[re.Pattern[str], ...]
    exempt: tuple[re.Pattern[str], ...]

    def find(self, sentence: Masked) -> tuple[int, int] | None:
        """Find the stretch of a sentence that breaks the rule; None if there is none."""
        reach = {
            "any": True,
            "sentence": sentence.refers,
            "near": sentence.near,
            "beside": sentence.beside,
        }
        patterns = (
            (self.patterns if reach[self.scope] else ())
            + (self.beside if sentence.beside else ())
            + self.anywhere
        )
        if not patterns or any(pattern.search(sentence.text) for pattern in self.exempt):
            return None
        found = (match for pattern in patterns if (match := pattern.search(sentence.text)))
        spans = (
            match.span("hit") if "hit" in match.re.groupindex else match.span() for match in found
        )
        return min((span for span in spans if span[1] > span[0]), default=None)


@cache
def lexicon() -> dict[str, Lexicon]:
    """Read and compile the lists that come with the package."""
    data = resources.files("saferedact.checks").joinpath("lexicons.toml").read_bytes()
    file = _File.model_validate(tomllib.loads(data.decode("utf-8")))
    words = {**file.words, **ACCUSED}

    def compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        return compile_patterns(patterns, words, re.IGNORECASE)

    return {
        rule_id: Lexicon(
            wording.scope,
            wording.court,
            wording.what,
            compiled(wording.patterns),
            compiled(wording.beside),
            compiled(wording.anywhere),
            compiled(wording.exempt),
        )
        for rule_id, wording in file.rules.items()
    }
