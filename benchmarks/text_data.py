"""Labelled texts for measuring, and the split into a half to tune on and a half to believe.

A file of texts is JSON lines: ``{"id": ..., "text": ..., "spans": [[start, end, LABEL], ...]}``,
positions in code points, half-open.

The halves are drawn by a fixed seed over the sorted ids, before anything was tuned. Half B of
``uk_police.jsonl`` (63 texts) is frozen: `half_digest` of it is `UK_POLICE_B_SHA256`.
"""

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

SPLIT_SEED = 20261126
UK_POLICE_B_SHA256 = "387eae09c1b265de18077523a480ff818f793abc72639110d26ccbbaa2000338"


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One text with its labelled spans ``(start, end, label)``."""

    text_id: str
    genre: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


def load_texts(path):
    """Read labelled texts, sorted by id."""
    texts = []
    for line in Path(path).read_text(encoding="utf-8").split("\n"):  # texts hold other line ends
        if not line:
            continue
        item = json.loads(line)
        spans = tuple((int(start), int(end), str(label)) for start, end, label in item["spans"])
        texts.append(LabelledText(item["id"], item.get("genre", ""), item["text"], spans))
    return sorted(texts, key=lambda text: text.text_id)


def half(texts, which):
    """Choose half ``a`` (to tune on), half ``b`` (to believe) or ``all``."""
    if which == "all":
        return list(texts)
    order = sorted(texts, key=lambda text: text.text_id)
    random.Random(SPLIT_SEED).shuffle(order)
    middle = len(order) // 2
    chosen = order[:middle] if which == "a" else order[middle:]
    return sorted(chosen, key=lambda text: text.text_id)


def half_digest(texts):
    """SHA-256 over ids, texts and spans: two equal digests are the same half."""
    tree = [[text.text_id, text.text, [list(span) for span in text.spans]] for text in texts]
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
