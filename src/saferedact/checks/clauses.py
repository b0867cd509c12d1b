"""Clauses of a sentence in a plain form: who | does or is | what, in base forms.

Each verb, and a sentence without one, gives a line. The accused is ``N`` in it, whatever the sentence
calls him. Before the verb stand signs: ``ALLEGED`` where the clause is put as an allegation or a charge,
``IF`` in conditions and questions, ``NEG`` where it is denied, ``FUT`` with will, may, must and the
like, ``PAST`` of what happened, ``PASS`` of what happened to the subject. So one pattern stands for
many sentences: ``N | PAST serve | four year`` for "Kemble, who served four years, ...".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from saferedact.checks.antecedents import SUBJECTS
from saferedact.text.grammar import Word

__all__ = ["Line", "lines_of"]

_SUBJECTS = SUBJECTS | {"csubj", "csubjpass", "expl"}
_HELPERS = frozenset({"aux", "auxpass", "neg", "punct", "mark", "cc", "nsubj", "nsubjpass", "expl"})
_FUTURE = frozenset("will would shall should may might must could can 'll ca wo 'd ought".split())
_POSSESSIVE = frozenset({"his", "her", "hers"})
_NO = frozenset("no nobody none neither nothing never not n't nor without hardly".split())
_ALLEGE = frozenset("allege accuse suspect charge indict deny claim".split())
_ALLEGEDLY = frozenset({"allegedly", "alleged", "reportedly", "supposedly", "allegation"})
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today".split()
)
_CONDITION = frozenset({"if", "whether", "unless", "until", "till"})
_CONTROLLED = frozenset(
    "tell ask force make see watch catch hear find let order film spot want expect".split()
)
_BEFORE_NAME = frozenset({"NOUN", "ADJ", "PROPN", "VERB", "NUM"})
_DEPTH = 12
"""Heads that are gone up at most; a sentence has no deeper clauses that a reader follows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A clause in its plain form.

    Parameters
    ----------
    text : str
        ``subject | signs verb | the rest``.
    places : tuple of (int, int)
        For each code point of `text`, the stretch of the sentence that it stands for; (0, 0) for
        signs.
    root : bool
        Whether it is the main clause.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    root: bool

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the sentence that a match stands for."""
        found = [place for place in self.places[start:end] if place[1]]
        if not found:
            found = [place for place in self.places if place[1]]
        if not found:
            return 0, 0
        return min(place[0] for place in found), max(place[1] for place in found)


def lines_of(
    words: Sequence[Word], accused: frozenset[int], left_out: frozenset[int]
) -> list[Line]:
    """Write a sentence's clauses.

    Parameters
    ----------
    words : sequence of Word
        The sentence.
    accused : frozenset of int
        Positions of words that mean an accused.
    left_out : frozenset of int
        Positions of words that do not count: the wording of a charge.
    """
    return list(_Sentence(words, accused, left_out).lines())


class _Sentence:
    def __init__(
        self, words: Sequence[Word], accused: frozenset[int], left_out: frozenset[int]
    ) -> None:
        self.words = words
        self.accused = accused
        self.left_out = left_out

    @cached_property
    def children(self) -> list[list[int]]:
        below: list[list[int]] = [[] for _ in self.words]
        for at, word in enumerate(self.words):
            if word.head != at:
                below[word.head].append(at)
        return below

    def lines(self) -> Iterator[Line]:
        for at, word in enumerate(self.words):
            if at in self.left_out and at not in self.accused:
                continue
            if self.is_predicate(at) or word.head == at:
                yield self.line(at)
            elif self.names(at):
                yield self.naming(at)
        yield from self.titles()

    def names(self, at: int) -> bool:
        """Tell whether a noun says what the accused is: "Kemble, a loner", "the loner, Kemble"."""
        word = self.words[at]
        if (
            at in self.accused
            or word.pos not in {"NOUN", "PROPN", "ADJ", "VERB"}
            or word.head == at
        ):
            return False
        if word.dep == "appos" and word.head in self.accused:
            return True
        return any(c in self.accused and self.words[c].dep == "appos" for c in self.children[at])

    def naming(self, at: int) -> Line:
        rest = [i for i in self.below(at) if i not in self.accused]
        return self.says(next(iter(sorted(self.accused))), rest)

    def titles(self) -> Iterator[Line]:
        """Write what stands right before a name: "career criminal Kemble"."""
        for at in sorted(self.accused):
            first = at
            while (
                first
                and self.words[first - 1].pos in _BEFORE_NAME
                and (first - 1 not in self.accused)
            ):
                first -= 1
            if first < at and self.words[at].pos != "PRON":
                yield self.says(at, range(first, at))

    def says(self, subject: int, rest: Sequence[int]) -> Line:
        word = self.words[subject]
        parts = [("N", (word.start, word.end)), ("|", (0, 0)), ("be", (0, 0)), ("|", (0, 0))]
        return self.joined([*parts, *self.written(rest)], root=False)

    def joined(self, parts: list[tuple[str, tuple[int, int]]], *, root: bool) -> Line:
        text, places = "", []
        for piece, place in parts:
            text += piece + " "
            places += [place] * (len(piece) + 1)
        return Line(text.rstrip(), tuple(places), root)

    def is_predicate(self, at: int) -> bool:
        word = self.words[at]
        if word.dep in {"aux", "auxpass", "amod", "compound"}:
            return False
        return word.pos == "VERB" or (word.pos == "AUX" and word.dep not in {"aux", "auxpass"})

    def line(self, at: int) -> Line:
        subject, subject_words = self.subject(at)
        used = set(subject_words)
        parts = [
            *self.written(subject_words),
            ("|", (0, 0)),
            *((sign, (0, 0)) for sign in self.signs(at, subject)),
        ]
        if self.is_predicate(at):
            word = self.words[at]
            parts.append((word.lemma, (word.start, word.end)))
            parts.append(("|", (0, 0)))
            used.add(at)
        else:
            parts.append(("|", (0, 0)))
        rest = [i for i in self.below(at) if i not in used and not self.is_helper(i, at)]
        parts += self.written(rest)
        return self.joined(parts, root=self.words[at].head == at)

    def is_helper(self, at: int, verb: int) -> bool:
        word = self.words[at]
        return word.dep == "punct" or (word.head == verb and word.dep in _HELPERS)

    def written(self, positions: Sequence[int]) -> list[tuple[str, tuple[int, int]]]:
        parts = []
        for at in positions:
            word = self.words[at]
            place = (word.start, word.end)
            if at in self.accused:
                owner = word.lemma in _POSSESSIVE and word.dep == "poss"
                parts.append(("N's" if owner else "N", place))
            elif at in self.left_out or word.dep == "punct":
                continue
            elif word.lemma in {"'s", "\u2019s"} and parts and parts[-1][0] == "N":
                parts[-1] = ("N's", parts[-1][1])
            else:
                parts.append((word.lemma.replace("|", " "), place))
        return parts

    def below(self, at: int) -> list[int]:
        """List a word and all below it in order, without verbs joined to it: they have lines."""
        found, stack = [], [at]
        while stack:
            here = stack.pop()
            found.append(here)
            stack += [
                child
                for child in self.children[here]
                if not (
                    here == at
                    and self.words[child].dep in {"conj", "parataxis"}
                    and self.is_predicate(child)
                    and self.is_predicate(at)
                )
            ]
        return sorted(found)

    def subject(self, at: int, depth: int = 0) -> tuple[int | None, list[int]]:
        """Find who does or is what a verb says, with the words that say so."""
        word = self.words[at]
        own = next((c for c in self.children[at] if self.words[c].dep in _SUBJECTS), None)
        if own is not None:
            return self.own_subject(at, own)
        if word.head == at or depth > _DEPTH:
            return self.after_a_day(at)
        if word.dep in {"relcl", "acl"}:
            return self.noun(word.head)
        controlled = self.controlled(at) if word.dep == "xcomp" else None
        if controlled is not None:
            return self.noun(controlled)
        head = word.head
        while not self.is_predicate(head) and self.words[head].head != head and depth < _DEPTH:
            head, depth = self.words[head].head, depth + 1
        if head == at or not self.is_predicate(head):
            return None, []
        return self.subject(head, depth + 1)

    def own_subject(self, at: int, own: int) -> tuple[int | None, list[int]]:
        word = self.words[at]
        if self.words[own].tag in {"WP", "WDT"} and word.dep == "relcl":
            return self.noun(word.head)
        accused = self.who(own)
        return (own, self.below(own)) if accused is None else (accused, [accused])

    def after_a_day(self, at: int) -> tuple[int | None, list[int]]:
        """Find the name that the parser took for a part of the day: "On Monday Kemble confessed"."""
        for i in range(at - 1, -1, -1):
            days = (self.words[c].lemma in _DAYS for c in self.children[i])
            if i in self.accused and self.words[i].dep == "pobj" and any(days):
                return i, [i]
        return None, []

    def controlled(self, at: int) -> int | None:
        """Find whom somebody was told or seen to do it: "they saw him run"."""
        head = self.words[at].head
        if self.words[head].lemma not in _CONTROLLED:
            return None
        return next(
            (c for c in self.children[head] if self.words[c].dep in {"dobj", "dative"}), None
        )

    def who(self, at: int) -> int | None:
        """Return the word for the accused if a noun stands for him, alone or with others."""
        if at in self.accused:
            return at
        for child in self.children[at]:
            if child in self.accused and self.words[child].dep in {"appos", "conj"}:
                return child
        word = self.words[at]
        if at + 1 in self.accused and self.words[at + 1].pos != "PRON":
            return at + 1  # a title that was not seen to belong to the name
        if word.dep == "appos" and word.head in self.accused:
            return word.head
        if word.dep == "attr" and not any(
            self.words[c].dep == "neg" for c in self.children[word.head]
        ):
            own = next(
                (c for c in self.children[word.head] if self.words[c].dep in _SUBJECTS), None
            )
            return own if own in self.accused else None
        return None

    def noun(self, at: int) -> tuple[int, list[int]]:
        """Return a noun with what stands before it, without its clauses."""
        if (accused := self.who(at)) is not None:
            return accused, [accused]
        near = [
            child
            for child in self.children[at]
            if self.words[child].dep in {"det", "amod", "compound", "poss", "nummod", "case"}
        ]
        return at, sorted([at, *near])

    def signs(self, at: int, subject: int | None) -> Iterator[str]:
        word = self.words[at]
        children = [self.words[c] for c in self.children[at]]
        helpers = {w.lemma for w in children if w.dep in {"aux", "auxpass"}}
        if self.is_alleged(at):
            yield "ALLEGED"
        if self.is_condition(at):
            yield "IF"
        denied = any(w.dep == "neg" or w.lemma in {"never", "hardly"} for w in children)
        if subject is not None:
            denied = denied or any(
                self.words[c].lemma in _NO for c in (subject, *self.children[subject])
            )
        if denied:
            yield "NEG"
        if helpers & _FUTURE:
            yield "FUT"
        if word.tag == "VBD" or (word.tag == "VBN" and "have" in helpers):
            yield "PAST"
        passive = any(w.dep in {"auxpass", "nsubjpass"} for w in children)
        if passive or (
            word.tag == "VBN" and word.dep in {"acl", "relcl", "ROOT", "advcl"} and not helpers
        ):
            yield "PASS"

    def is_alleged(self, at: int) -> bool:
        for _ in range(_DEPTH):
            if any(self.words[c].lemma in _ALLEGEDLY for c in self.children[at]):
                return True
            head = self.words[at].head
            if head == at:
                return False
            if self.words[head].lemma in _ALLEGE and self.words[at].dep not in {"relcl", "conj"}:
                return True
            at = head
        return False

    def is_condition(self, at: int) -> bool:
        for _ in range(_DEPTH):
            if any(
                self.words[c].dep == "mark" and self.words[c].lemma in _CONDITION
                for c in self.children[at]
            ):
                return True
            word = self.words[at]
            if word.head == at or word.dep in {"relcl", "conj"}:
                return False
            at = word.head
        return False
