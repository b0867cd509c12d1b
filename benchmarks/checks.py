"""How much prejudicial wording the checks find, and how much fair wording they take for it.

The sentences are labelled by someone who saw the descriptions of the rules alone, grouped by
template into halves: lists are tuned on ``dev`` only; ``test`` is frozen and was not read.

    python benchmarks/checks.py [dev|test|both] [--misses]
"""

import json
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from saferedact.casefile import load_case
from saferedact.pipeline.check import check_text
from saferedact.testing.cases import case_toml

DATA = Path(__file__).parent / "data" / "prejudice_sentences.jsonl"

STAGE = "trial"


def found_in(row):
    """Return the ids of the prejudice rules that fire on one labelled text."""
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
    report = check_text(row["text"], case=load_case(case_toml(tree)), finder=None)
    return {f.rule_id for f in report.findings if f.rule_id.startswith("PJ-")}


def measure(rows, misses):
    """Print recall and false alarms of one half."""
    wanted, right, false, caught, total = Counter(), Counter(), Counter(), 0, 0
    fair = alarms = 0
    for row in rows:
        got = found_in(row)
        labels = set(row["rules"] if "rules" in row else row["labels"])
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


def main():
    """Measure the halves that are asked for."""
    data = DATA.read_bytes()
    print("sha256", sha256(data).hexdigest())
    rows = [json.loads(line) for line in data.decode().splitlines()]
    which = next((arg for arg in sys.argv[1:] if not arg.startswith("-")), "both")
    for half in ("dev", "test") if which == "both" else (which,):
        print(half)
        measure([row for row in rows if row["half"] == half], "--misses" in sys.argv)


if __name__ == "__main__":
    main()
