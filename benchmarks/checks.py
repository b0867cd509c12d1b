"""How much prejudicial wording the checks find, and how much fair wording they take for it.

Sets of labelled texts. `prejudice_fifth` measures: it was written by somebody who saw the
descriptions of the rules alone, is pinned by the digest below, and is read by nobody who works on
the rules. All others are for development: `prejudice_independent`, `prejudice_second`, `prejudice_third` and
`prejudice_fourth` were such sets and are spent, the twelve of `WRITERS` are by as many other writers,
`prejudice_sentences` was written first, `prejudice_development` beside the rules.

    python benchmarks/checks.py [fifth|fourth|third|second|independent|press|...|own|first] [--misses]

What identifies, and what is legible in pictures, has sets and a program of its own (`identifying.py`).
"""

import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from saferedact.casefile import load_case
from saferedact.checks.base import CheckOptions, Context
from saferedact.checks.material import Material, Segment
from saferedact.checks.mentions import find_mentions, merge_spans
from saferedact.checks.reading import readings
from saferedact.checks.stage import proceedings_of
from saferedact.detectors.spacy_grammar import parse
from saferedact.pipeline.check import check_text
from saferedact.testing.cases import case_toml

FOLDER = Path(__file__).parent / "data"

FIFTH_SHA256 = "d25a0b60ea4ea5230eaf0f63d522f5dfc39bad3ddc09f46130798cf9dc9b95b7"
"""Of the whole file."""

WRITERS = (
    "press",
    "parish",
    "posts",
    "broadcast",
    "groups",
    "letters",
    "columns",
    "threads",
    "bulletins",
    "neighbours",
    "papers",
    "everyday",
)
"""Manners of more writers, whose texts are for development."""

STAGE = "trial"
"""Stage of the independent texts: a trial is to come, and what jurors saw in open court is fair."""


def _lines(name):
    return (FOLDER / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]


def rows_of(name, half=None):
    """Read the texts of a file, of one half or of both."""
    rows = [json.loads(line) for line in _lines(name)]
    for row in rows:
        row["source"] = name
    return [row for row in rows if half is None or row["half"] == half]


def development_rows():
    """Read every text that rules may be tuned on."""
    return [row for name, file in FILES.items() if name != "fifth" for row in rows_of(file)]


def labels_of(row):
    """Return the rules that a text breaks."""
    return set(row["rules"] if "rules" in row else row["labels"])


def case_of(row):
    """Make the case file that a text is checked in."""
    accused = row["accused"]
    accused = [accused] if isinstance(accused, str) else accused
    tree = {
        "schema": "saferedact.case/1",
        "case": {"jurisdiction": "england_wales", "stage": row.get("stage", STAGE)},
        "people": [
            {
                "ref": f"D{n}",
                "role": "defendant",
                "name": name,
                "aliases": row.get("aliases", []) if n == 0 else [],
                "publishable": True,
            }
            for n, name in enumerate(accused)
        ],
    }
    return load_case(case_toml(tree))


def context_of(row, **readers):
    """Return what triggers would be given for a text."""
    case = case_of(row)
    material = Material("text", "text", "0" * 64, (Segment(row["text"], first_line=1),))
    mentions = merge_spans(find_mentions(case)(row["text"]), (), case)
    return Context(
        case,
        proceedings_of(case),
        (material,),
        {("text", 0): mentions},
        CheckOptions(),
        **readers,
    )


def readings_of(row):
    """Return the sentences of a text with their clauses."""
    return readings(context_of(row, parser=parse))


def found_in(row):
    """Return the ids of the prejudice rules that fire on one labelled text."""
    report = check_text(row["text"], case=case_of(row), finder=None)
    return {f.rule_id for f in report.findings if f.rule_id.startswith("PJ-")}


def measure(rows, misses):
    """Print recall and false alarms of one half."""
    wanted, right, false, caught, total = Counter(), Counter(), Counter(), 0, 0
    fair = alarms = 0
    for row in rows:
        got = found_in(row)
        labels = labels_of(row)
        if labels:
            total += 1
            caught += bool(got)
        else:
            fair += 1
            alarms += bool(got)
        for label in labels:
            wanted[label] += 1
            right[label] += label in got
        for rule in got - labels:
            false[rule] += 1
        if misses and (bool(got) != bool(labels)):
            print(sorted(labels), sorted(got), row["text"])
    print(f"prejudicial texts found {caught}/{total} = {caught / total:.1%}")
    print(f"fair texts taken for prejudicial {alarms}/{fair} = {alarms / fair:.1%}")
    for rule in sorted(wanted):
        print(f"  {rule}: {right[rule]}/{wanted[rule]} by their rule; besides {false[rule]}")


FILES = {
    "fifth": "prejudice_fifth",
    "fourth": "prejudice_fourth",
    "third": "prejudice_third",
    "second": "prejudice_second",
    "independent": "prejudice_independent",
    "own": "prejudice_development",
    "first": "prejudice_sentences",
    **{name: f"prejudice_{name}" for name in WRITERS},
}


def main():
    """Measure the file that is asked for."""
    digest = sha256((FOLDER / "prejudice_fifth.jsonl").read_bytes()).hexdigest()
    if digest != FIFTH_SHA256:
        sys.exit("the set that measures is not the one that is pinned")
    which = next((arg for arg in sys.argv[1:] if not arg.startswith("-")), "fifth")
    misses = "--misses" in sys.argv and which != "fifth"
    print(which)
    measure(rows_of(FILES[which]), misses)


if __name__ == "__main__":
    main()
