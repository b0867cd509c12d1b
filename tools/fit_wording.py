"""Fit the weights of `saferedact.checks.wording_model` on the texts for development.

Each sentence of a fair text is fair; of a prejudicial text the one that sounds worst of its rules breaks
one of them, and the others are not used (two rounds of choosing and fitting). Prints how much is found at several
shares of false alarms of texts by a writer whose texts the weights were not fitted on: each writer is
left out once. Reads nothing that measures.

    python tools/fit_wording.py [--write]
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import logsumexp

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
import checks  # noqa: E402  the reader of the labelled texts
from saferedact.checks.wording_model import (  # noqa: E402
    _DAMPING,
    _SIGN,
    clause_features,
    meaning_of,
)

OUT = ROOT / "src" / "saferedact" / "checks" / "wording.json"
RULES = tuple(f"PJ-{n:02}" for n in range(1, 17))
COLUMNS = 1 + len(RULES)
WRITERS = tuple(f"prejudice_{name}" for name in ("third", "fourth", *checks.WRITERS))
"""Sets whose texts were not known when most patterns were written."""
LEAST = 2  # texts that a feature must be in
PENALTY = 0.5
MEANING = 2.0  # of 1, 2, 4 and 6 the best; more drowns the words
ROUNDS, STEPS = 2, 60  # more rounds and steps find no more of other writers' texts
FINDS = 1.0  # log-odds; see docs/accuracy.md


def sentences_of(row):
    """Return for each sentence of a text its words' features, its signs, and its meaning."""
    return [
        (
            frozenset(clause_features(read.lines, context=read.context)),
            frozenset(read.signs),
            meaning_of(read.words),
        )
        for read in checks.readings_of(row)
    ] or [(frozenset(), frozenset(), None)]


class Model:
    """Weights as they are fitted: of words, and of signs and meaning for each column."""

    def __init__(self, texts):
        """Choose the features that count."""
        count = Counter(
            f for sentences, *_ in texts for f in frozenset().union(*(s[0] for s in sentences))
        )
        self.words = {
            f: at for at, f in enumerate(sorted(f for f, n in count.items() if n >= LEAST))
        }
        signs = sorted({sign for sentences, *_ in texts for s in sentences for sign in s[1]})
        self.signs = {sign: at for at, sign in enumerate(signs)}
        meanings = [s[2] for sentences, *_ in texts for s in sentences if s[2] is not None]
        self.mean = np.mean(meanings, axis=0)
        self.split = len(self.words), (len(self.signs) + len(self.mean)) * COLUMNS
        self.values = np.zeros(sum(self.split) + COLUMNS)

    def matrices(self, rows):
        """Write sentences as a sparse matrix of words and a dense one of signs and meaning."""
        places, columns, values = [], [], []
        dense = np.zeros((len(rows), len(self.signs) + len(self.mean)))
        for at, (words, signs, meaning) in enumerate(rows):
            known = [self.words[f] for f in words if f in self.words]
            places += [at] * len(known)
            columns += known
            values += [4 / max(1, len(words)) ** _DAMPING] * len(known)
            dense[at, [self.signs[s] for s in signs if s in self.signs]] = _SIGN
            if meaning is not None:
                dense[at, len(self.signs) :] = MEANING * (meaning - self.mean)
        shape = len(rows), len(self.words)
        return sparse.csr_matrix((values, (places, columns)), shape=shape), dense

    def parts(self, values=None):
        """Return the weights of words, those of signs and meaning, and the bias."""
        words, both, bias = np.split(
            self.values if values is None else values, np.cumsum(self.split)
        )
        return words, both.reshape(-1, COLUMNS), bias

    def odds(self, sparse_rows, dense, values=None):
        """Return the log-odds of no rule and of each rule."""
        words, both, bias = self.parts(values)
        odds = dense @ both + bias
        odds[:, 1:] += (sparse_rows @ words)[:, None]
        return odds

    def fit(self, sparse_rows, dense, allowed):
        """Take the weights that make the allowed columns likeliest."""
        turned = sparse_rows.T.tocsr()
        penalized = np.append(np.full(sum(self.split), PENALTY), np.zeros(COLUMNS))

        def loss(values):
            odds = self.odds(sparse_rows, dense, values)
            right = np.where(allowed, odds, -np.inf)
            every, ours = logsumexp(odds, axis=1), logsumexp(right, axis=1)
            slope = np.exp(odds - every[:, None]) - np.exp(right - ours[:, None])
            gradient = np.concatenate(
                [turned @ slope[:, 1:].sum(axis=1), (dense.T @ slope).ravel(), slope.sum(axis=0)]
            )
            return (every - ours).sum() + penalized @ values**2 / 2, gradient + penalized * values

        options = {"maxiter": STEPS}
        self.values = minimize(loss, self.values, jac=True, method="L-BFGS-B", options=options).x


def fit(texts):
    """Fit weights on texts."""
    model = Model(texts)
    every = model.matrices([s for sentences, _ in texts for s in sentences])
    owner = np.array([at for at, (sentences, _) in enumerate(texts) for _ in sentences])
    allowed = np.array([[not labels, *(r in labels for r in RULES)] for _, labels in texts])[owner]
    use = np.ones(len(owner), bool)
    for _ in range(ROUNDS):
        model.fit(every[0][use], every[1][use], allowed[use])
        odds = model.odds(*every)
        worst = logsumexp(np.where(allowed, odds, -np.inf), axis=1) - logsumexp(odds, axis=1)
        use[:] = True
        for at, (_, labels) in enumerate(texts):
            if labels:
                here = np.where(owner == at)[0]
                use[here] = False
                use[here[np.argmax(worst[here])]] = True
    return model


def score(model, sentences):
    """Score a text: its worst sentence."""
    odds = model.odds(*model.matrices(sentences))
    return float((logsumexp(odds[:, 1:], axis=1) - odds[:, 0]).max())


def left_out(rows, texts):
    """Score the texts of each writer with weights fitted on all others."""
    scores = np.full(len(rows), np.nan)
    for writer in WRITERS:
        model = fit([t for t, r in zip(texts, rows, strict=True) if r["source"] != writer])
        for at, row in enumerate(rows):
            if row["source"] == writer:
                scores[at] = score(model, texts[at][0])
    return scores


def curve(scores, wrong):
    """Print what is found at several shares of false alarms, and at the threshold."""
    fair, bad = np.sort(scores[~wrong])[::-1], scores[wrong]
    for share in (0.03, 0.05, 0.07, 0.1):
        at = fair[int(share * len(fair))]
        print(f"  false alarms {share:.0%}: found {(bad > at).mean():.1%}, log-odds {at:.2f}")
    print(f"  at {FINDS}: found {(bad >= FINDS).mean():.1%}, alarms {(fair >= FINDS).mean():.1%}")


def written(model, texts):
    """Return the weights as the package reads them."""
    words, both, bias = model.parts()
    signs, meaning = both[: len(model.signs)], both[len(model.signs) :] * MEANING
    usual = model.mean @ meaning
    return {
        "schema": "saferedact.wording/2",
        "trained_on": f"{len(texts)} texts of benchmarks/data",
        "finds": FINDS,
        "rules": RULES,
        "bias": [round(float(one), 4) for one in bias - usual],
        "without_meaning": [round(float(one), 4) for one in usual],
        "words": {
            feature: round(1000 * float(words[at]))
            for feature, at in model.words.items()
            if abs(words[at]) >= 0.02
        },
        "signs": {sign: [round(1000 * w) for w in signs[at]] for sign, at in model.signs.items()},
        "meaning": [[round(1000 * w) for w in row] for row in meaning],
    }


def main():
    """Fit, tell how good it is, and write the weights if asked."""
    rows = checks.development_rows()
    texts = [(sentences_of(row), checks.labels_of(row)) for row in rows]
    if "--write" in sys.argv:
        tree = written(fit(texts), texts)
        OUT.write_text(json.dumps(tree, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        print(len(tree["words"]), "weights of words,", OUT.stat().st_size, "bytes")
    scores = left_out(rows, texts)
    wrong = np.array([bool(labels) for _, labels in texts])
    for writers in (*((writer,) for writer in WRITERS), WRITERS):
        mine = [at for at, row in enumerate(rows) if row["source"] in writers]
        print(*writers, len(mine))
        curve(scores[mine], wrong[mine])


if __name__ == "__main__":
    main()
