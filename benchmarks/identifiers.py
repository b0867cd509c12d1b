"""How many labelled identifiers the product finds, and how fast.

Run with ``python -m benchmarks.identifiers FILE...``; see ``--help``. Files are JSON lines as
`benchmarks.text_data` documents them.

What is counted:

found
    Labelled identifiers every letter and digit of which lies under spans of a score that the policy
    ``release`` redacts. Names (``PERSON``) do not count.
found with the names
    The same with what the name recognisers cover as well (``--names``): what a reader cannot see.
extra
    Spans of identifiers that overlap no label at all, for each thousand words.
kB/s
    Thousand code points a second of processor time, identifiers alone.

Halves are those of the file (``half``: ``dev`` and ``test``), or drawn as `benchmarks.text_data`
says (``a`` and ``b``). Rules were written with ``dev`` and ``a`` in sight; ``test`` and ``b`` are the ones to
believe.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path

from benchmarks.text_data import half, half_digest, load_texts

from saferedact.policy import load_policy
from saferedact.text.identifiers import find_identifiers
from saferedact.text.identifiers.towns import TOWNS


def main():
    """Print a table for each file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--half", default="all", choices=["a", "b", "dev", "test", "all"])
    parser.add_argument("--names", action="store_true", help="cover with names too; needs models")
    parser.add_argument("--missed", action="store_true", help="list kinds and texts of misses")
    parser.add_argument("--towns", action="store_true", help="as by text.towns = redact")
    options = parser.parse_args()
    for path in options.files:
        more = TOWNS if options.towns else ()
        measure(path, options.half, options.names, options.missed, more)


def chosen_texts(path, which):
    """Texts of one half: as the file says, or as drawn."""
    texts = load_texts(path)
    if which not in {"dev", "test"}:
        return half(texts, which)
    lines = path.read_text(encoding="utf-8").split("\n")
    ids = {item["id"] for item in map(json.loads, filter(None, lines)) if item["half"] == which}
    return [text for text in texts if text.text_id in ids]


def measure(path, which, with_names, list_missed, more):
    """Count one file and print."""
    least = {label: rule.min_score for label, rule in load_policy().labels.items()}
    texts = chosen_texts(path, which)
    found, found_with_names, wanted = Counter(), Counter(), Counter()
    extra = words = 0
    names = name_detector() if with_names else None
    for text in texts:
        spans = [s for s in find_identifiers(text.text, more=more) if s.score >= least[s.label]]
        covered = points(spans)
        hidden = covered | points(
            s for s in (names.detect(text.text) if names else ()) if s.score >= least["name"]
        )
        words += len(text.text.split())
        extra += sum(
            not any(s.start < end and start < s.end for start, end, _ in text.spans) for s in spans
        )
        for start, end, label in text.spans:
            if label == "PERSON":
                continue
            letters = {at for at in range(start, end) if text.text[at].isalnum()}
            wanted[label] += 1
            found[label] += letters <= covered
            found_with_names[label] += letters <= hidden
            if list_missed and not letters <= covered:
                print(f"missed: {label} in {text.text_id}")
    joined = "\n".join(text.text for text in texts)
    before = time.process_time()
    find_identifiers(joined, more=more)
    seconds = time.process_time() - before
    total = sum(wanted.values())
    print(f"{path.name}, half {which}: {len(texts)} texts, digest {half_digest(texts)[:16]}")
    print(f"found {sum(found.values())} of {total} ({sum(found.values()) / total:.3f})")
    if names:
        both = sum(found_with_names.values())
        print(f"found with the names {both} of {total} ({both / total:.3f})")
    print(
        f"extra {1000 * extra / words:.1f} a thousand words; {len(joined) / seconds / 1e3:.0f} kB/s"
    )
    short = {label: f"{found[label]}/{count}" for label, count in sorted(wanted.items())}
    print(", ".join(f"{label} {share}" for label, share in short.items()))


def points(spans):
    """Positions that spans cover."""
    return {point for span in spans for point in range(span.start, span.end)}


def name_detector():
    """Make the name detector; loading it takes seconds."""
    from saferedact.detectors.names import NameDetector

    return NameDetector()


if __name__ == "__main__":
    main()
