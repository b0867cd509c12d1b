"""Fit the weights of `saferedact.checks.wording_model` on the texts for development.

Each sentence of a fair text is fair; of a prejudicial text the one that sounds worst is prejudicial
and the others are not used (three rounds of choosing and fitting). Prints, by cross-validation over
whole templates, how much is found at several shares of false alarms. Reads no test half.

    python tools/fit_wording.py [--write]
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
import checks  # noqa: E402  the reader of the labelled texts
from saferedact.checks.wording_model import (  # noqa: E402
    _DAMPING,
    _SIGN,
    clause_features,
)

OUT = ROOT / "src" / "saferedact" / "checks" / "wording.json"
RULES = tuple(f"PJ-{n:02}" for n in range(1, 17))
LEAST = 2  # texts that a feature must be in
PENALTY = 0.3
ROUNDS = 3
FINDS = 1.2  # log-odds; see docs/accuracy.md


def sentences_of(row):
    """Return for each sentence of a text its words' features and its patterns' signs."""
    found = [
        (
            frozenset(clause_features(read.lines, context=read.context)),
            frozenset(read.signs),
        )
        for read in checks.readings_of(row)
    ]
    return found or [(frozenset(), frozenset())]


def matrix(rows, known):
    """Write features as a sparse matrix."""
    places, columns, values = [], [], []
    for at, (words, signs) in enumerate(rows):
        share = 4 / max(1, len(words)) ** _DAMPING
        for features, value in ((words, share), (signs, _SIGN)):
            for feature in features & known.keys():
                places.append(at)
                columns.append(known[feature])
                values.append(value)
    return sparse.csr_matrix((values, (places, columns)), shape=(len(rows), len(known)))


def features_of(sentences):
    """Return everything that any sentence of a text has."""
    return frozenset().union(*(part for sentence in sentences for part in sentence))


def fit(texts):
    """Fit weights; return the known features, their weights and the bias."""
    count = Counter(f for sentences, _ in texts for f in features_of(sentences))
    known = {f: at for at, f in enumerate(sorted(f for f, n in count.items() if n >= LEAST))}
    rows = [s for sentences, _ in texts for s in sentences]
    owner = np.array([at for at, (sentences, _) in enumerate(texts) for _ in sentences])
    every = matrix(rows, known)
    wrong = np.array([bool(texts[o][1]) for o in owner], float)
    use = np.ones(len(rows), bool)
    weights = np.zeros(len(known) + 1)
    for _ in range(ROUNDS):
        x, y = every[use], wrong[use]

        def loss(w, x=x, y=y):
            z = x @ w[:-1] + w[-1]
            p = 1 / (1 + np.exp(-z))
            value = (np.logaddexp(0, z) - y * z).sum() + PENALTY / 2 * (w[:-1] @ w[:-1])
            return value, np.append(x.T @ (p - y) + PENALTY * w[:-1], (p - y).sum())

        weights = minimize(loss, weights, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
        scores = every @ weights[:-1] + weights[-1]
        use[:] = True
        for at, (_, labels) in enumerate(texts):
            if labels:
                here = np.where(owner == at)[0]
                use[here] = False
                use[here[np.argmax(scores[here])]] = True
    return known, weights[:-1], weights[-1]


def score(model, sentences):
    """Score a text: its worst sentence."""
    known, weights, bias = model
    return float((matrix(sentences, known) @ weights).max() + bias)


def curve(scores, labels):
    """Print what is found at several shares of false alarms."""
    fair = np.sort([s for s, wrong in zip(scores, labels, strict=True) if not wrong])[::-1]
    bad = np.array([s for s, wrong in zip(scores, labels, strict=True) if wrong])
    for share in (0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 0.5):
        at = fair[int(share * len(fair))]
        print(f"  false alarms {share:.0%}: found {(bad > at).mean():.1%}, log-odds {at:.2f}")


def rule_of(texts, known):
    """Tell for each feature the rule whose texts hold it most, beyond how common the rule is."""
    hold = np.zeros((len(known), len(RULES)))
    size = np.zeros(len(RULES))
    for sentences, labels in texts:
        for label in labels:
            size[RULES.index(label)] += 1
            for feature in features_of(sentences):
                if feature in known:
                    hold[known[feature], RULES.index(label)] += 1
    rate = hold.sum(axis=1, keepdims=True) / size.sum()
    return ((hold + 3 * rate) / (size + 3)).argmax(axis=1)


def main():
    """Fit, tell how good it is, and write the weights if asked."""
    rows = checks.development_rows()
    texts = [(sentences_of(row), checks.labels_of(row)) for row in rows]
    groups = {t: at % 5 for at, t in enumerate(sorted({row["template"] for row in rows}))}
    scores = [0.0] * len(rows)
    for part in range(5):
        kept = [t for t, r in zip(texts, rows, strict=True) if groups[r["template"]] != part]
        model = fit(kept)
        for at, row in enumerate(rows):
            if groups[row["template"]] == part:
                scores[at] = score(model, texts[at][0])
    for source in sorted({row["source"] for row in rows}):
        mine = [at for at, row in enumerate(rows) if row["source"] == source]
        print(source, len(mine))
        curve([scores[at] for at in mine], [bool(texts[at][1]) for at in mine])
    print("all", len(rows))
    curve(scores, [bool(labels) for _, labels in texts])
    if "--write" in sys.argv:
        known, weights, bias = fit(texts)
        rules = rule_of([t for t in texts if t[1]], known)
        tree = {
            "schema": "saferedact.wording/1",
            "trained_on": f"{len(rows)} texts of benchmarks/data",
            "bias": round(float(bias), 4),
            "finds": FINDS,
            "rules": RULES,
            "weights": {
                feature: [round(1000 * float(weights[at])), int(rules[at])]
                for feature, at in known.items()
                if abs(weights[at]) >= 0.02
            },
        }
        OUT.write_text(json.dumps(tree, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        print(len(tree["weights"]), "weights,", OUT.stat().st_size, "bytes")
    return scores, rows, texts


if __name__ == "__main__":
    main()
