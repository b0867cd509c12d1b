"""How many of a file's labelled names the product finds, and what else it takes for names.

Run with ``python -m benchmarks.text FILE...``; see ``--help``. Prints Markdown tables; ``--json``
also writes the figures. Files are JSON lines as `benchmarks.text_data` documents them.

What is counted:

spans
    Labelled persons every letter and digit of whose name is covered: what a reader of the redacted
    text cannot see.
tokens
    Words (letters and digits in a row) of labelled persons that are covered, and the share of
    covered words that are of a labelled person. A covered word of a user name or an address counts
    as wrong, although it would have to go as well.
kB/s
    Thousand code points a second of processor time, all threads together.

A half is drawn within each genre (or each ``template``, where texts have one), by the digest of a
seed and the text's id, so that both halves hold every kind of text. Half A is the one that rules and
scores were written for, half B is the one to believe. A file whose lines have a ``half`` of their
own (``dev`` and ``test``) keeps it.
"""

import argparse
import hashlib
import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.text_data import half_digest, load_texts

import saferedact
from saferedact import find_identities
from saferedact.detectors.names import NameDetector, rule_recognisers
from saferedact.text.evidence import LIKELY, POSSIBLE, SURE

SPLIT_SEED = 20261126
FROZEN = {
    "uk_police.jsonl": "3137e0ceee9b5aa61e74b7cf9d87d56927369f127342d7687109a37ec8032e36",
    "text_identities.jsonl": "bab7b81b567ceb04cdc4610b1e26a82b657f5a150bf93b27e59144e237262f66",
}
"""Digests of the halves B that the figures in docs/accuracy.md are of."""

TIERS = (("sure", SURE), ("sure + likely", LIKELY), ("sure + likely + possible", POSSIBLE))
LABEL = "PERSON"
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Counts:
    """Sums over texts."""

    spans: int = 0
    spans_found: int = 0
    tokens: int = 0
    tokens_found: int = 0
    tokens_said: int = 0

    def add(self, text, gold, found):
        """Count one text: `gold` and `found` are (start, end) places."""
        covered = covered_positions(found)
        of_person = covered_positions(gold)
        for start, end in gold:
            self.spans += 1
            self.spans_found += all(
                position in covered for position in range(start, end) if text[position].isalnum()
            )
        for token in _TOKEN.finditer(text):
            is_gold = token.start() in of_person
            is_said = any(position in covered for position in range(*token.span()))
            self.tokens += is_gold
            self.tokens_said += is_said
            self.tokens_found += is_gold and is_said

    def row(self):
        """Write as cells of a Markdown row."""
        return (
            f"{share(self.spans_found, self.spans)} ({self.spans_found}/{self.spans})"
            f" | {share(self.tokens_found, self.tokens)} | {share(self.tokens_found, self.tokens_said)}"
        )


def covered_positions(places):
    """Set of all code points in some places."""
    return {position for start, end in places for position in range(start, end)}


def share(part, whole):
    """Write a share in per cent, or a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def stratified_half(texts, which, declared):
    """Choose half ``A`` or ``B`` within each stratum, or ``all``."""
    if which == "all":
        return list(texts)
    strata = {}
    for text in texts:
        stratum, split = declared[text.text_id]
        if split:
            strata.setdefault((split,), []).append(text)
        else:
            strata.setdefault(stratum or text.genre, []).append(text)
    chosen = []
    for stratum, members in strata.items():
        if isinstance(stratum, tuple):
            chosen += members if (stratum[0] in {"test", "b", "B"}) == (which == "B") else []
            continue
        members.sort(key=lambda t: hashlib.sha256(f"{SPLIT_SEED}:{t.text_id}".encode()).hexdigest())
        middle = (len(members) + 1) // 2
        chosen += members[:middle] if which == "A" else members[middle:]
    return sorted(chosen, key=lambda text: text.text_id)


def declarations(path):
    """Template and half of each text, as the file says, or None."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
    return {line["id"]: (line.get("template"), line.get("half")) for line in lines}


class WithSweep:
    """What `find_identities` makes of names: the union, then every found name in its other spellings."""

    def __init__(self, detector):
        self._detector = detector

    def detect(self, text):
        """Find names; identifiers are left out."""
        spans = find_identities(text, detectors=[self._detector])
        return [span for span in spans if span.label == "name"]


def recognisers(names):
    """Make detectors by name: each recogniser alone, and all together."""
    made = {rule.name: NameDetector([rule]) for rule in rule_recognisers()}
    made["gazetteer + cues"] = NameDetector(rule_recognisers())
    if "all" in names:
        from saferedact.detectors.rampart import RampartNames
        from saferedact.detectors.spacy_names import SpacyNames

        made["spacy"] = NameDetector([SpacyNames()])
        made["rampart"] = NameDetector([RampartNames(threads=1)])
        made["union"] = NameDetector(threads=1)
        made["union and sweep"] = WithSweep(made["union"])
    return made


def measure(detector, texts):
    """Count one detector on some texts: by tier and genre, with its speed."""
    counts = {tier: Counts() for tier, _ in TIERS}
    genres = {}
    length, seconds = 0, 0.0
    detector.detect("Sarah Whitfield")  # loads the models
    for item in texts:
        started = time.process_time()
        spans = detector.detect(item.text)
        seconds += time.process_time() - started
        length += len(item.text)
        gold = [(start, end) for start, end, label in item.spans if label == LABEL]
        for tier, least in TIERS:
            found = [(span.start, span.end) for span in spans if span.score >= least]
            counts[tier].add(item.text, gold, found)
            genres.setdefault((item.genre, tier), Counts()).add(item.text, gold, found)
    return counts, genres, length / 1000 / max(seconds, 1e-9)


def show_wrong(detector, texts, least):
    """Print what was missed and what was taken wrongly: for half A alone."""
    for item in texts:
        covered = {}
        for span in detector.detect(item.text):
            covered.update(dict.fromkeys(range(span.start, span.end), span.score))
        gold = [(start, end) for start, end, label in item.spans if label == LABEL]
        inside = covered_positions(gold)
        for start, end in gold:
            scores = [covered.get(i, 0.0) for i in range(start, end) if item.text[i].isalnum()]
            if min(scores) < least:
                print(
                    f"MISS {item.text_id} {item.genre}: {item.text[start:end]!r} {min(scores):.2f}"
                )
        for token in _TOKEN.finditer(item.text):
            score = max((covered.get(i, 0.0) for i in range(*token.span())), default=0.0)
            if score >= least and token.start() not in inside:
                around = item.text[max(0, token.start() - 25) : token.end() + 20].replace("\n", "/")
                print(f"WRONG {item.text_id} {token[0]!r} {score:.2f}  ...{around}...")


def print_head(name, which, texts):
    """Say what is measured, and whether it is what the documentation's figures are of."""
    digest = half_digest(texts)
    print(f"\n{name}, half {which}: {len(texts)} texts, sha256 {digest}, ")
    print(f"saferedact {saferedact.__version__}\n")
    if which == "B" and FROZEN.get(name, digest) != digest:
        print("This is not the half B of docs/accuracy.md.\n")


def parse_arguments(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("files", type=Path, nargs="+", help="labelled texts, JSON lines")
    parser.add_argument("--half", choices=("A", "B", "all"), default="all")
    parser.add_argument("--rules-only", action="store_true", help="leave the models out")
    parser.add_argument(
        "--union-only",
        action="store_true",
        help="only all recognisers together, without and with the sweep",
    )
    parser.add_argument("--genres", action="store_true", help="also figures of each genre")
    parser.add_argument("--wrong", type=float, metavar="SCORE", help="list errors of half A")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Measure files."""
    options = parse_arguments(arguments)
    detectors = recognisers(() if options.rules_only else ("all",))
    if options.union_only or options.wrong is not None:
        last = 1 if options.rules_only else 2
        detectors = dict(list(detectors.items())[-last:])
    results = []
    for path in options.files:
        texts = stratified_half(load_texts(path), options.half, declarations(path))
        if options.wrong is not None:
            if options.half != "A":
                sys.exit("errors are listed of half A alone: half B must stay unseen")
            show_wrong(next(iter(detectors.values())), texts, options.wrong)
            continue
        print_head(path.name, options.half, texts)
        print("| recogniser | tier | spans | token recall | token precision | kB/s |")
        print("|---|---|---|---|---|---|")
        for name, detector in detectors.items():
            counts, genres, speed = measure(detector, texts)
            for tier, count in counts.items():
                print(f"| {name} | {tier} | {count.row()} | {speed:.1f} |", flush=True)
            results.append(
                {
                    "file": path.name,
                    "half": options.half,
                    "recogniser": name,
                    "kilobytes_a_second": speed,
                    "tiers": {
                        tier: {field: getattr(count, field) for field in Counts.__slots__}
                        for tier, count in counts.items()
                    },
                }
            )
            if options.genres:
                for (genre, tier), count in sorted(genres.items()):
                    print(f"| {name}: {genre} | {tier} | {count.row()} | |")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
