"""The catalogue of rules: data, read once, every entry checked.

`Rule.explain` words a rule for people, and says of each source how far it was verified.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from saferedact.checks.stage import Phase
from saferedact.documents import Document
from saferedact.errors import InputError
from saferedact.report import Level

__all__ = ["Catalogue", "Rule", "Source", "catalogue", "rule_named"]

Group = Literal[
    "case_file",
    "identity",
    "prejudice",
    "restrictions",
    "open_justice",
    "vulnerable",
    "hidden_data",
    "jigsaw",
    "weak_redaction",
    "provenance",
]
Mark = Literal["V", "P", "U", "N"]

_MARKS = {
    "V": "verified in a stored copy",
    "P": "partly verified",
    "U": "UNVERIFIED",
    "N": "no legal source needed",
}

StageLevel = Literal["BLOCK", "WARN", "INFO", "off"]
Words = Annotated[str, Field(min_length=1, max_length=600)]


class Source(Document):
    """Where a rule comes from, and how far that was verified.

    Parameters
    ----------
    title, where : str
        What it is, and where it is published.
    mark : {"V", "P", "U", "N"}
        Passage read in a stored copy; read in part or second-hand; not verified; none needed.
    note : str
        Which parts the mark is about.
    """

    title: Words
    where: Words
    mark: Mark
    note: Words

    @property
    def unverified(self) -> bool:
        """Whether any part of the source still has to be verified."""
        return self.mark in {"P", "U"} or " U " in f" {self.note} " or "; U" in self.note


class Rule(Document):
    """One publishing check.

    Parameters
    ----------
    id : str
        As ``PJ-01``.
    level : {"BLOCK", "WARN", "INFO"}
        Level in general.
    severity : str
        The level in words, with its conditions.
    decides : str
        What a trigger looks at.
    automatic : True or "review"
        ``review`` only asks a person to look.
    stage_levels : mapping
        Level in each phase of proceedings.
    jurisdictions, offences : tuple of str
        Where the rule applies; empty for everywhere.
    not_run : str
        Why the rule has no trigger, if it has none.
    """

    id: Annotated[str, Field(pattern="^[A-Z]{2}-[0-9]{2}$")]
    group: Group
    title: Words
    level: Level
    severity: Words
    reason: Words
    trigger: Words
    next_step: Words
    decides: Literal["text", "pixels", "metadata", "case", "release"]
    automatic: Literal[True, "review"]
    sources: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    stage_levels: dict[Phase, StageLevel] = Field(default={})
    jurisdictions: Annotated[tuple[str, ...], Field(strict=False)] = ()
    offences: Annotated[tuple[str, ...], Field(strict=False)] = ()
    not_run: str = ""

    def level_in(self, phase: Phase) -> Level | None:
        """Return the level in a phase of proceedings; None where the rule is off."""
        level = self.stage_levels.get(phase, self.level)
        return None if level == "off" else level

    def explain(self) -> str:
        """Word the rule and its sources for people; unverified law is marked as such."""
        lines = [
            f"{self.id}  {self.title}",
            f"  level:      {self.severity}",
            f"  why:        {self.reason}",
            f"  triggered:  {self.trigger}",
            f"  next step:  {self.next_step}",
            f"  decides on: {self.decides}"
            + (" (a person must decide)" if self.automatic == "review" else ""),
        ]
        if self.not_run:
            lines.append(f"  not run:    {self.not_run}")
        for key in self.sources:
            source = catalogue().sources[key]
            lines += [
                f"  source:     {source.title} [{source.where}]",
                f"              {_MARKS[source.mark]}: {source.note}",
            ]
            if source.unverified:
                lines.append("              UNVERIFIED in part: check before you rely on it")
        return "\n".join(lines)


class Catalogue(Document):
    """All rules and their sources."""

    schema_id: Literal["saferedact.rules/1"] = Field(alias="schema")
    sources: dict[str, Source]
    rules: Annotated[tuple[Rule, ...], Field(strict=False)]


@cache
def catalogue() -> Catalogue:
    """Read the catalogue that comes with the package."""
    data = resources.files("saferedact.checks").joinpath("rules.toml").read_bytes()
    return Catalogue.model_validate(tomllib.loads(data.decode("utf-8")))


@cache
def _by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in catalogue().rules}


def rule_named(rule_id: str) -> Rule:
    """Find a rule.

    Raises
    ------
    InputError
        If there is no such rule.
    """
    rule = _by_id().get(rule_id)
    if rule is None:
        msg = "there is no such rule; `saferedact check --explain list` names all"
        raise InputError(msg)
    return rule
