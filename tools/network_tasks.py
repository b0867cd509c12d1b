"""What `fit_network.py` fits: texts with the answers that are wanted of them."""

import itertools
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
import checks  # noqa: E402  the readers of the labelled texts
import identifying as texts_that_identify  # noqa: E402
from saferedact.checks.identifying import ANSWERS  # noqa: E402
from saferedact.checks.passages import passage_text  # noqa: E402
from saferedact.checks.reference import masked_texts  # noqa: E402

WORDING_RULES = tuple(f"PJ-{n:02}" for n in range(1, 17))
RULE_COUNTS = 0.25  # of the loss of a rule of wording, beside that of any rule at all


@dataclass(frozen=True)
class Task:
    """Texts, and what the network is to answer.

    Parameters
    ----------
    name : str
        Of the correction.
    texts : list of str
        As the network is shown them when it is fitted.
    labels, counts : ndarray, shape (texts, answers), float32
        What it is to answer, and what each answer counts in the loss.
    kinds : list of str
        Texts of one kind may be shown together.
    sources : list of str
        Who wrote each.
    parts : list of list of str
        What the check reads of each text, of which the worst counts.
    measured : dict of str to int
        Answers that are told, by their names.
    epochs : int
        How often every text is shown.
    begins : str
        Name of the correction that it begins with; none by default.
    """

    name: str
    texts: list[str]
    labels: np.ndarray
    counts: np.ndarray
    kinds: list[str]
    sources: list[str]
    parts: list[list[str]]
    measured: dict[str, int] = field(default_factory=dict)
    epochs: int = 5
    begins: str = ""

    def of(self, chosen):
        """Return the task with some of its texts alone."""
        own = {
            name: list(itertools.compress(getattr(self, name), chosen))
            for name in ("texts", "kinds", "sources", "parts")
        }
        return replace(self, labels=self.labels[chosen], counts=self.counts[chosen], **own)


def wording():
    """Teach that a passage prejudices at all, and by which rules."""
    rows = checks.development_rows()
    texts = [passage_text(masked_texts(checks.context_of(row))) for row in rows]
    found = [checks.labels_of(row) for row in rows]
    labels = [[bool(rules), *(rule in rules for rule in WORDING_RULES)] for rules in found]
    counts = [1.0] + [RULE_COUNTS] * len(WORDING_RULES)
    return Task(
        "wording",
        texts,
        np.array(labels, np.float32),
        np.tile(np.float32(counts), (len(texts), 1)),
        ["passage"] * len(texts),
        [row["source"].removeprefix("prejudice_") for row in rows],
        [[text] for text in texts],
        {"any rule": 0},
    )


def identifying():
    """Teach what tells who somebody is, and what is legible: each rule counts for texts of its medium alone."""
    rows = texts_that_identify.development_rows() + texts_that_identify.everyday_rows()
    labels = [[rule in row["rules"] for rule in ANSWERS] for row in rows]
    counts = [
        [(rule == "ID-10") == (row["medium"] == "picture") for rule in ANSWERS] for row in rows
    ]
    parts = [texts_that_identify.read_by_network(row) for row in rows]
    return Task(
        "identifying",
        [" ".join(pieces) for pieces in parts],
        np.array(labels, np.float32),
        np.array(counts, np.float32),
        [row["medium"] for row in rows],
        [row["source"].removeprefix("identifying_") for row in rows],
        parts,
        {rule: at for at, rule in enumerate(ANSWERS)},
        epochs=6,
        begins="wording",  # which knows how the police, courts and neighbours write
    )


TASKS = {"wording": wording, "identifying": identifying}
