"""Whom a pronoun or a description means: the accused, or somebody else of the neighbourhood.

Recall first: where nothing speaks for somebody else, it is the accused. Somebody else is who stands
nearer, is of the right gender, and does something there; and never the one who is being quoted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from saferedact.text.grammar import Word

__all__ = ["SUBJECTS", "Parsed", "accused_words"]

Gender = Literal["m", "f", "?"]

SUBJECTS = frozenset({"nsubj", "nsubjpass"})

_HE, _SHE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})

_MALE = frozenset(
    "man boy father dad husband brother son uncle boyfriend grandfather gentleman lad nephew "
    "spokesman policeman lord mr businessman fireman landlord barman".split()
)
_FEMALE = frozenset(
    "woman girl mother mum wife sister daughter aunt girlfriend grandmother lady niece spokeswoman "
    "policewoman mrs ms miss businesswoman landlady barmaid nan".split()
)
_ANYBODY = frozenset(
    "victim complainant witness officer inspector superintendent sergeant constable detective "
    "spokesperson judge magistrate recorder coroner barrister solicitor lawyer counsel prosecutor "
    "neighbour resident friend relative colleague child teenager pensioner teacher nurse doctor "
    "shopkeeper driver passenger customer tenant manager councillor mayor commissioner chief vicar "
    "reporter author paramedic caller cyclist pedestrian partner flatmate pupil student informant "
    "dr pc dc di dci ds dcs dsu acc pcso".split()
)
_DESCRIPTIONS = frozenset(
    "man woman teenager youth pensioner driver teacher officer boy girl father mother person "
    "pair couple individual treasurer motorist passenger arrestee builder doctor nurse".split()
)
_CALLINGS = frozenset(
    "accountant actor architect artist baker barber barrister bookkeeper bricklayer builder butcher "
    "candidate captain caretaker carer carpenter cashier chef chemist cleaner clergyman coach "
    "consultant cook councillor curate deacon dentist director doctor electrician entrepreneur farmer "
    "fireman fisherman footballer gardener groundsman grocer guard hairdresser headmaster headmistress "
    "headteacher jeweller joiner journalist labourer landlady landlord lecturer lodger mayor mechanic "
    "midwife milkman millionaire minister model musician nurse organist painter parson pharmacist "
    "photographer physiotherapist pilot plasterer playwright plumber porter postman priest professor "
    "publican rapper rector roofer sailor salesman scaffolder scoutmaster secretary singer socialite "
    "soldier solicitor steward student surgeon tailor teacher technician trader trainer treasurer "
    "trucker trustee tutor tycoon vet vicar waiter waitress welder widow widower".split()
)
"""Callings that "the ..." may mean an accused by where no name stands in the sentence."""
_SURE = frozenset({"suspect", "defendant", "accused", "arrestee"})
_HARMED = frozenset(
    "die attack stab rape injure hurt assault rob kill murder complain report accuse find bring "
    "hand call help come witness".split()
)
"""What a relative clause says of somebody who is not the accused: the man who died, the woman who
came forward."""
_TAKEN = frozenset({"arrest", "charge", "detain", "remand", "question", "accuse", "hold", "bail"})

_AGED = re.compile(r"\d{1,2}-year-old")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence with its words.

    Parameters
    ----------
    text : str
        The sentence.
    words : tuple of Word
        Its words; empty if nobody parsed it.
    named : frozenset of int
        Positions of words that name an accused.
    """

    text: str
    words: tuple[Word, ...]
    named: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Somebody:
    at: int
    accused: bool
    gender: Gender
    subject: bool


def accused_words(sentences: Sequence[Parsed], genders: frozenset[str]) -> list[frozenset[int]]:
    """Find the words that mean an accused, name or not.

    Parameters
    ----------
    sentences : sequence of Parsed
        Those of one text, in order.
    genders : frozenset of str
        ``male`` and ``female``, as far as the case file says them of the accused; empty if it does
        not.

    Returns
    -------
    list of frozenset of int
        For each sentence the positions of words.
    """
    found: list[frozenset[int]] = []
    people: list[list[_Somebody]] = []
    for at, sentence in enumerate(sentences):
        named_near = any(s.named for s in sentences[max(0, at - 2) : at + 2])
        described = {
            i
            for i, word in enumerate(sentence.words)
            if i in sentence.named or _described(sentence, i, word, named_near=named_near)
        }
        here = _people(sentence, described)
        meant = set(described)
        later = _people_named(sentences[at + 1]) if at + 1 < len(sentences) else []
        for i, word in enumerate(sentence.words):
            gender: Gender | None = (
                "m" if word.lemma in _HE else "f" if word.lemma in _SHE else None
            )
            if gender is None or (genders and _other_gender(gender, genders)):
                continue
            before = [p for p in here if p.at < i]
            after = [p for p in here if p.at > i]
            earlier = [p for group in people[-2:] for p in group]
            if _is_accused(sentence, i, gender, (before, earlier, after + later)):
                meant.add(i)
                here.append(_Somebody(i, True, gender, word.dep in SUBJECTS))
        people.append(sorted(here, key=lambda p: p.at))
        found.append(frozenset(meant))
    return found


def _other_gender(gender: str, genders: frozenset[str]) -> bool:
    return ("male" if gender == "m" else "female") not in genders


def _is_accused(
    sentence: Parsed, at: int, gender: str, groups: tuple[list[_Somebody], ...]
) -> bool:
    """Decide for a pronoun by those before it in its sentence, before that, and after."""
    speaker = _speaker(sentence, at)
    for number, group in enumerate(groups):
        fit = [p for p in group if p.gender in {gender, "?"}]
        if number != 1:  # the speaker is in this sentence
            fit = [p for p in fit if p.at != speaker or p.accused]
        if number == 2:  # who comes later is meant only where he acts there
            fit = [p for p in fit if p.accused or p.subject]
        if not fit:
            continue
        if not any(p.accused for p in fit):
            return False
        subjects = [p for p in fit if p.subject]
        chosen = (subjects or fit)[-1] if number < 2 else (subjects or fit)[0]
        if chosen.accused:
            return True
        # somebody else acts there; the accused stays in question if the gender of the other is open
        return chosen.gender == "?" and not chosen.subject
    return True


def _speaker(sentence: Parsed, at: int) -> int:
    """Position of who is being quoted where a word stands in quotes; -1 if nobody is."""
    word = sentence.words[at]
    before = sentence.text[: word.start]
    if before.count('"') % 2 == 0:
        return -1
    for i, other in enumerate(sentence.words):
        if other.dep in SUBJECTS and sentence.words[other.head].lemma in {"say", "tell", "add"}:
            return i
    return -1


def _people_named(sentence: Parsed) -> list[_Somebody]:
    return _people(sentence, set(sentence.named))


def _people(sentence: Parsed, accused: set[int]) -> list[_Somebody]:
    people = []
    for i, word in enumerate(sentence.words):
        subject = word.dep in SUBJECTS or (
            word.dep in {"compound", "appos"} and sentence.words[word.head].dep in SUBJECTS
        )
        if i in accused:
            people.append(_Somebody(i, True, "?", subject))
        elif (
            word.tag in {"NN", "NNP"}
            and sentence.words[word.head].lemma != "as"  # "as a lad" tells of somebody else
            and _is_person(sentence, i, word)
        ):
            gender: Gender = "m" if word.lemma in _MALE else "f" if word.lemma in _FEMALE else "?"
            people.append(_Somebody(i, False, gender, subject))
    return people


def _is_person(sentence: Parsed, at: int, word: Word) -> bool:
    known = word.lemma in _ANYBODY or word.lemma in _MALE or word.lemma in _FEMALE
    if known:
        head = sentence.words[word.head]
        return not (
            word.dep in {"compound", "amod", "nmod", "poss"} and head.lemma not in _ANYBODY
        ) or (word.dep == "poss")
    follows = [w.pos for w in sentence.words[at + 1 : at + 3]]
    if word.pos == "PROPN" and follows == ["PUNCT", "NUM"]:
        return True  # a name with an age
    # a name: two capitalised words in a row where somebody acts
    return (
        word.pos == "PROPN"
        and word.dep in SUBJECTS
        and at > 0
        and sentence.words[at - 1].pos == "PROPN"
        and sentence.words[at - 1].head == at
        and at - 1 not in sentence.named
    )


def _described(sentence: Parsed, at: int, word: Word, *, named_near: bool) -> bool:
    """Tell whether a noun with its article means the accused."""
    words = sentence.words
    children = [w for w in words if w.head == at and w is not word]
    determiners = {w.lemma for w in children if w.dep == "det"}
    if word.lemma in _SURE and word.pos in {"NOUN", "PROPN", "VERB"}:
        return bool(determiners & {"the", "this", "that", "both"}) or word.dep == "appos"
    aged = bool(_AGED.search(word.lemma)) or any(_AGED.search(w.lemma) for w in children)
    if (
        word.lemma in _CALLINGS
        and word.tag == "NN"
        and "the" in determiners
        and not sentence.named
        and word.dep in SUBJECTS | {"poss", "pobj", "dobj", "attr"}
    ):
        return True
    if word.lemma not in _DESCRIPTIONS and not (aged and word.pos in {"NOUN", "PROPN", "ADJ"}):
        return False
    told = {w.lemma for w in children if w.dep in {"relcl", "acl", "amod"}}
    if told & _TAKEN or (word.dep in SUBJECTS and words[word.head].lemma in _TAKEN):
        return "another" not in determiners
    if told & _HARMED:
        return False
    definite = determiners & {"the", "this", "that"}
    return (
        bool(definite)
        and named_near
        and word.dep in SUBJECTS | {"poss", "attr", "appos", "pobj", "dobj"}
    )
