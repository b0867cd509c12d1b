"""Texts: kB/s, and recall and precision of each recogniser and of all together."""

import re
from pathlib import Path

from benchmarks.harness import alternate
from benchmarks.inputs import prose
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup
from benchmarks.text_data import load_texts

from benchmarks import identifiers, text
from saferedact.detectors.identities import find_identities
from saferedact.text.identifiers import find_identifiers

DATA = Path(__file__).parents[1] / "data" / "text_identities.jsonl"
_WORD = re.compile(r"\w+")


def run(setup: Setup) -> Section:
    """Measure texts."""
    path = DATA if setup.data is None else next(iter(sorted(setup.data.glob("*.jsonl"))), DATA)
    section = Section(
        "text",
        "Texts",
        f"Labelled texts of `{path.name}` ({'independent writer, fictional' if path == DATA else 'yours'}); "
        "what is counted is said in `benchmarks/text.py` and `benchmarks/identifiers.py`. kB/s are thousand "
        "code points a second of one processor.",
    )
    texts = load_texts(path)
    chosen = texts[:: setup.pick(4, 1)]
    section.tables.append(_names(section, chosen))
    section.tables.append(_identifiers(chosen))
    section.tables.append(_speed(setup, section))
    return section


def _names(section, texts):
    table = Table(
        f"Persons in {len(texts)} texts, by recogniser (all tiers of score)",
        ["recogniser", "persons found", "token recall", "token precision", "kB/s"],
        note="A quarter of the texts in quick mode. In this file every second capital is a trap, so "
        "precision is low on purpose.",
    )
    found = []
    for name, detector in text.recognisers(("all",)).items():
        counts, _, speed = text.measure(detector, texts)
        last = counts[text.TIERS[-1][0]]
        table.add(name, *[cell.strip() for cell in last.row().split("|")], f"{speed:.1f}")
        found.append(Series(name, [speed], [last.spans_found / max(1, last.spans)]))
    section.plots.append(
        Plot(
            "text-front.png",
            "front",
            "Speed and recall of recognisers of names",
            "kB/s (log)",
            "share of persons found",
            found,
        )
    )
    return table


def _identifiers(texts):
    from collections import Counter

    from saferedact.policy import load_policy

    least = {label: rule.min_score for label, rule in load_policy("release").labels.items()}
    found, wanted = Counter(), Counter()
    for one in texts:
        spans = [s for s in find_identifiers(one.text) if s.score >= least[s.label]]
        covered = identifiers.points(spans)
        for start, end, label in one.spans:
            if label == "PERSON":
                continue
            letters = {at for at in range(start, end) if one.text[at].isalnum()}
            wanted[label] += 1
            found[label] += letters <= covered
    total = sum(wanted.values())
    table = Table(
        "Identifiers, every letter and digit covered",
        ["found", "of", "share", "labels with misses"],
    )
    missed = [
        f"{label} {found[label]}/{count}"
        for label, count in sorted(wanted.items())
        if found[label] < count
    ]
    share = f"{100 * sum(found.values()) / max(total, 1):.1f} %"
    table.add(sum(found.values()), total, share, ", ".join(missed) or "none")
    return table


def _speed(setup, section):
    """Time against length; the reference is finding the words of the same text by one expression."""
    from saferedact.detectors.replace_text import redact_text

    lengths = setup.pick((1_000, 2_000, 4_000, 8_000), (1_000, 4_000, 16_000, 64_000))
    table = Table(
        "Cost against length (invented reports)",
        [
            "code points",
            "identifiers alone ms",
            "`find_identities` s",
            "`redact_text` s",
            "kB/s",
            "over splitting into words",
        ],
    )
    lines = {name: Series(name, [], []) for name in ("find_identities", "redact_text")}
    find_identities(prose(500))
    for number, length in enumerate(lengths):
        shown = prose(length, seed=number)
        found = alternate(
            lambda shown=shown: _WORD.findall(shown),
            {
                "identifiers": lambda shown=shown: find_identifiers(shown),
                "find_identities": lambda shown=shown: find_identities(shown),
                "redact_text": lambda shown=shown: redact_text(shown),
            },
            rounds=setup.pick(1, 3),
            warm=False,
        )
        table.add(
            f"{length:,}",
            1e3 * found["identifiers"].seconds,
            found["find_identities"].seconds,
            found["redact_text"].seconds,
            length / 1e3 / found["redact_text"].seconds,
            f"{found['redact_text'].ratio:,.0f}",
        )
        for name, line in lines.items():
            line.x.append(length / 1e3)
            line.y.append(found[name].seconds)
    section.plots.append(
        Plot(
            "text-length.png",
            "line",
            "Cost against length of a text",
            "thousand code points",
            "CPU s",
            list(lines.values()),
            fit=True,
        )
    )
    return table
