"""What a trigger is given and what it gives back.

A trigger is a function of a `Context` that yields `Hit`; `trigger` ties it to its rule. It says what
it needs, and where that is missing the rule is reported as not run, never passed over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from saferedact.casefile import CaseFile, Person
from saferedact.checks.catalogue import Rule, rule_named
from saferedact.checks.material import Material, Segment, Sight
from saferedact.checks.mentions import Mention
from saferedact.checks.stage import ANONYMITY_OFFENCES, Proceedings
from saferedact.report import Level
from saferedact.text.grammar import Parser
from saferedact.traces import Trace

__all__ = [
    "TRIGGERS",
    "CheckOptions",
    "Context",
    "Hit",
    "Judge",
    "Judges",
    "Place",
    "Trigger",
    "trigger",
]

Judge = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""Takes n texts; returns log-odds, shape (n, k), of k answers."""


@dataclass(frozen=True, slots=True)
class Judges:
    """Language networks that judge short texts; None for nobody.

    Parameters
    ----------
    wording : Judge or None
        Answers of a passage that it prejudices at all, and by each of PJ-01 to PJ-16.
    identifying : Judge or None
        Answers of a passage that it breaks ID-08 and JG-05, and of what is read in a picture that it breaks
        ID-10.
    """

    wording: Judge | None = None
    identifying: Judge | None = None


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a force may set.

    Parameters
    ----------
    now : datetime
        Moment of publication that staleness, embargoes and orders are judged at; with a zone.
    stale_hours : float
        Age from which the confirmation of the stage is stale. 24: orders change within a day.
    custody_image_needs : {"conviction", "custody"}
        What a custody picture may be published after; forces differ.
    victim_word_allowed : bool
        Whether ``victim`` may be written before a verdict.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    stale_hours: float = 24.0
    custody_image_needs: str = "conviction"
    victim_word_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit is.

    Parameters
    ----------
    material : Material
        The file.
    segment : Segment or None
        The text in it.
    start, end : int
        Code points of the segment, half-open; both 0 for the whole.
    sight : Sight or None
        What was seen.
    trace : Trace or None
        What the file hides.
    """

    material: Material
    segment: Segment | None = None
    start: int = 0
    end: int = 0
    sight: Sight | None = None
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a trigger found.

    Parameters
    ----------
    detail : str
        What, in words of ours; never of the material or the case.
    places : tuple of Place
        Where; the first is the main one. Empty for the case file or the release as a whole.
    level : Level or None
        None takes the rule's level in this phase.
    person : str or None
        Whom it is about, as a ref.
    """

    detail: str
    places: tuple[Place, ...] = ()
    level: Level | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """All that triggers look at.

    Parameters
    ----------
    case : CaseFile or None
        The case file.
    proceedings : Proceedings
        Where the case is.
    materials : tuple of Material
        The files, those of earlier releases after those of this one.
    mentions : mapping
        For each material's id and position of a segment, what is named or identified there.
    options : CheckOptions
        What a force may set.
    senses : frozenset of str
        Who looked: ``finder`` for names and identifiers that no case file lists, ``faces`` at
        pictures, ``ocr`` for text in pictures.
    release_sha256 : str
        Digest of what is to be published.
    parser : Parser or None
        Tells the grammar of sentences; None for nobody, and then wording is judged by lists alone.
    judges : Judges
        Language networks; where there is none, patterns, lists and the model of words judge alone.
    missing : tuple of str
        Ids of files that the case file lists and the release does not hold.
    memo : dict
        What several triggers need and one works out, by name.
    """

    case: CaseFile | None
    proceedings: Proceedings
    materials: tuple[Material, ...]
    mentions: Mapping[tuple[str, int], Sequence[Mention]]
    options: CheckOptions
    senses: frozenset[str] = frozenset()
    release_sha256: str = ""
    parser: Parser | None = None
    judges: Judges = field(default_factory=Judges)
    missing: tuple[str, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def the_case(self) -> CaseFile:
        """The case file, for triggers that the engine runs with one only."""
        if self.case is None:
            msg = "this trigger needs a case file"
            raise AssertionError(msg)
        return self.case

    @property
    def current(self) -> tuple[Material, ...]:
        """The files of this release."""
        return tuple(material for material in self.materials if not material.earlier)

    @property
    def anonymity(self) -> bool:
        """Whether the kind of offence gives the complainant anonymity for life."""
        return self.case is not None and self.case.case.offence_category in ANONYMITY_OFFENCES

    @property
    def sensitive(self) -> bool:
        """Whether a relationship or a surname can identify: sexual, child and anonymity cases."""
        return self.case is not None and (
            self.anonymity
            or self.case.case.offence_category in {"child", "domestic_abuse"}
            or any(person.is_child and not person.publishable for person in self.case.people)
        )

    @property
    def today(self) -> date:
        """Day of publication."""
        return self.options.now.date()

    def texts(self, *, earlier: bool = False, names: bool = False) -> Iterator[tuple[Place, int]]:
        """Yield every text of this release with its position in its file.

        Parameters
        ----------
        earlier : bool
            Also those of earlier releases.
        names : bool
            Also the names of the files, and of the programs that wrote them: they name people, and
            are no prose.
        """
        for material in self.materials if earlier else self.current:
            for position, segment in enumerate(material.segments):
                if names or segment.origin not in {"name", "program"}:
                    yield Place(material, segment), position

    def mentioned(
        self, *, earlier: bool = False, names: bool = True
    ) -> Iterator[tuple[Mention, Place]]:
        """Yield everything that is named or identified in any text, with its place."""
        for place, position in self.texts(earlier=earlier, names=names):
            for mention in self.mentions.get((place.material.id, position), ()):
                yield (
                    mention,
                    Place(place.material, place.segment, mention.start, mention.end),
                )

    def person(self, ref: str | None) -> Person | None:
        """Find a person of the case."""
        return self.case.person(ref) if self.case is not None and ref else None


Trigger = Callable[[Context], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A trigger with its rule and what it cannot do without.

    Parameters
    ----------
    needs : tuple of str
        ``case``, ``text``, ``pictures``, ``earlier``, ``inspected``, or one of the senses of `Context`.
    helped_by : tuple of str
        Senses without which the trigger runs and sees less.
    partly : str
        What the rule asks for and this trigger cannot do; reported as not run beside what ran.
    orders : frozenset of str
        Types of restriction that it applies: with one in force it runs whatever the jurisdiction and
        the offence.
    """

    rule: Rule
    run: Trigger
    needs: tuple[str, ...]
    helped_by: tuple[str, ...]
    partly: str
    orders: frozenset[str]


TRIGGERS: dict[str, Registered] = {}
"""Every trigger by rule id; filled by the modules of the groups."""


def trigger(
    rule_id: str,
    *needs: str,
    helped_by: tuple[str, ...] = (),
    partly: str = "",
    orders: Iterable[str] = (),
) -> Callable[[Trigger], Trigger]:
    """Tie a function to the rule that it triggers."""

    def register(function: Trigger) -> Trigger:
        TRIGGERS[rule_id] = Registered(
            rule_named(rule_id), function, needs, helped_by, partly, frozenset(orders)
        )
        return function

    return register
