"""How much the checks find of looks (ID-08), of what few people fit (JG-05) and of legible papers and screens (ID-10).

`identifying_test` measures: it was written by somebody who saw the descriptions of the rules alone, is pinned by the
digest below, and is read by nobody who works on the rules. The others, by four more writers, are for development. What
is read in pictures is given as a reader returns it.

    python benchmarks/identifying.py [test|press|posts|letters|columns]
"""

import json
import sys
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path

from saferedact.casefile import load_case
from saferedact.checks.base import CheckOptions, Context, Judges
from saferedact.checks.engine import run_checks
from saferedact.checks.identifying import ANSWERS, passage_texts, picture_texts
from saferedact.checks.material import Material, Segment
from saferedact.checks.mentions import merge_spans
from saferedact.checks.reference import masked_texts
from saferedact.checks.stage import proceedings_of
from saferedact.detectors.identities import IdentityEngine
from saferedact.pipeline.judges import judges_for
from saferedact.policy import load_policy
from saferedact.testing.cases import case_toml

FOLDER = Path(__file__).parent / "data"

TEST = "identifying_test"
TEST_SHA256 = "83479495487ae00b9c0f7f1377447c065b4adac81a7adcb133a5d8f7dfdc3c6b"
"""Of the whole file."""

WRITERS = ("press", "posts", "letters", "columns")
"""Manners of the writers whose texts are for development."""

EVERYDAY = "identifying_everyday"
"""Fair texts of the sets of wording, which break none of the two rules of texts: their sets and ids."""


def rows_of(name):
    """Read the texts of a set."""
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").split("\n")[:-1]
    return [json.loads(line) | {"source": name} for line in lines]


def development_rows():
    """Read every text that may be tuned on."""
    return [row for name in WRITERS for row in rows_of(f"identifying_{name}")]


def everyday_rows():
    """Read fair texts of other kinds."""
    known = {
        (row["source"], row["id"]): row
        for name in ("prejudice_papers", "prejudice_everyday")
        for row in rows_of(name)
    }
    fair = {"medium": "text", "rules": [], "source": EVERYDAY}
    return [known[row["set"], row["id"]] | fair for row in rows_of(EVERYDAY)]


@cache
def _case():
    tree = {
        "schema": "saferedact.case/1",
        "case": {"jurisdiction": "england_wales", "stage": "arrested"},
    }
    return load_case(case_toml(tree))


@cache
def _finder():
    return IdentityEngine.of(load_policy("release"), None, "en", None).find


def context_of(row, judges=None, *, names=True):
    """Return what triggers would be given for a text, or for a picture with these lines."""
    text = row["text"]
    if row["medium"] == "picture":
        lines = [line for line in text.split("\n") if line.strip()]
        segments = tuple(Segment(line, origin="ocr", frame=0) for line in lines)
        material = Material("picture", "image", "0" * 64, segments)
        mentions = {}
    else:
        material = Material("text", "text", "0" * 64, (Segment(text, first_line=1),))
        mentions = {("text", 0): merge_spans([], _finder()(text), _case()) if names else []}
    return Context(
        _case(),
        proceedings_of(_case()),
        (material,),
        mentions,
        CheckOptions(),
        senses=frozenset({"ocr", "describer"}),
        release_sha256="0" * 64,
        judges=judges or Judges(),
    )


def read_by_network(row):
    """Return what the network reads of a text."""
    context = context_of(row, names=False)
    if row["medium"] == "picture":
        return picture_texts([segment.text for segment in context.materials[0].segments])
    return [text for _, text in passage_texts(masked_texts(context))]


def found_in(row, judges):
    """Return the ids of the rules that fire on one text."""
    report = run_checks(context_of(row, judges), only=frozenset(ANSWERS))
    return {finding.rule_id for finding in report.findings}


def measure(rows, judges):
    """Print what each rule finds, and its false alarms: of texts written for it, and of all of its medium."""
    found = [found_in(row, judges) for row in rows]
    for rule in ANSWERS:
        count = Counter()
        medium = "picture" if rule == "ID-10" else "text"
        for row, got in zip(rows, found, strict=True):
            if row["medium"] != medium:
                continue
            kind = "broken" if rule in row["rules"] else "own" if row["about"] == rule else "other"
            count[kind] += 1
            count[f"{kind} told"] += rule in got
        fair, alarms = (count[f"own{end}"] + count[f"other{end}"] for end in ("", " told"))
        print(
            f"  {rule}: found {count['broken told']} of {count['broken']}; false alarms "
            f"{count['own told']} of {count['own']} written for it, {alarms} of all {fair}"
        )


def main(which):
    """Measure a set, by lists of words alone and with the network."""
    if sha256((FOLDER / f"{TEST}.jsonl").read_bytes()).hexdigest() != TEST_SHA256:
        sys.exit("the set that measures is not the one that is pinned")
    for what, judges in (("lists alone", None), ("with the network", judges_for("auto"))):
        print(f"{which}, {what}")
        measure(rows_of(f"identifying_{which}"), judges)


if __name__ == "__main__":
    main(*(sys.argv[1:2] or ["test"]))
