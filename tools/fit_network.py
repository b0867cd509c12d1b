"""Fit a correction of `saferedact.detectors.minilm`, for one of the tasks of the checks.

They are to judge wording (`saferedact.checks.verdicts`), and what tells who somebody is (`saferedact.checks.identifying`).

Low-rank corrections of all linear maps of all layers (LoRA, arXiv:2106.09685), and a head with the answers of the task
(`network_tasks.py`). Needs torch and transformers beside the package and its models; minutes of
processor time on a machine with bfloat16. The sum of many small roundings differs from machine to machine, and so do
the last digits of the weights.

    python tools/fit_network.py wording --left-out fourth,letters     # how well it does for writers it has not met
    python tools/fit_network.py wording --write
    python tools/fit_network.py identifying --left-out press
    python tools/fit_network.py identifying --write
"""

import argparse
import itertools
import time

import numpy as np
import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from network_tasks import ROOT, TASKS
from saferedact.checks.corrections import correction
from saferedact.detectors.minilm import _LINEAR as MAPS
from saferedact.detectors.minilm import MODEL
from saferedact.models import model_path

FOLDER = ROOT / "src" / "saferedact" / "checks"
MAX_TOKENS = 128  # hardly a text for development is longer
RANK = 16
BATCH, RATE = 32, 2e-3
JOINED = 0.25
"""Share of texts that are shown with a fair text before or after them: a file has passages of several sentences."""


class Corrected(nn.Module):
    """A linear map with a correction of low rank, which begins at zero."""

    def __init__(self, linear):
        """Wrap a map that stays as it is."""
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x):
        """Map rows."""
        return self.linear(x) + nn.functional.linear(nn.functional.linear(x, self.down), self.up)


class Network(nn.Module):
    """The network, its corrections, and the head."""

    def __init__(self, folder, answers):
        """Load the weights and put corrections beside them."""
        super().__init__()
        self.base = AutoModel.from_pretrained(folder)
        self.base.requires_grad_(False)
        for layer in self.base.encoder.layer:
            for place in MAPS.values():
                owner, _, last = place.rpartition(".")
                owner = layer.get_submodule(owner)
                setattr(owner, last, Corrected(getattr(owner, last)))
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(384, answers)

    def forward(self, ids, there):
        """Answer for each text."""
        hidden = self.base(input_ids=ids, attention_mask=there).last_hidden_state.float()
        weights = there[..., None].float()
        return self.head(self.drop((hidden * weights).sum(1) / weights.sum(1)))

    def corrections(self):
        """Return what is fitted of the maps, by the names that the package has for it."""
        arrays = {}
        for number, layer in enumerate(self.base.encoder.layer):
            for name, place in MAPS.items():
                linear = layer.get_submodule(place)
                arrays |= {f"{number}.{name}.up": linear.up, f"{number}.{name}.down": linear.down}
        return arrays

    @torch.no_grad()
    def begin_with(self, arrays):
        """Take the corrections of another task, without its head."""
        for name, own in self.corrections().items():
            own.copy_(torch.tensor(arrays[name].astype(np.float32)))

    def written(self):
        """Return the arrays as the package reads them."""
        head = {"head.weight": self.head.weight, "head.bias": self.head.bias}
        arrays = head | self.corrections()
        return {name: array.detach().numpy().astype(np.float16) for name, array in arrays.items()}


def padded(texts):
    """Make a batch of token ids."""
    ids = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.long)
    there = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        there[row, : len(text)] = 1
    return ids, there


def batches(texts, rng):
    """Yield the places of texts of like length, in a random order."""
    mixed = rng.permutation(len(texts))
    chunks = [
        sorted(mixed[at : at + 16 * BATCH], key=lambda n: len(texts[n]))
        for at in range(0, len(mixed), 16 * BATCH)
    ]
    every = [chunk[at : at + BATCH] for chunk in chunks for at in range(0, len(chunk), BATCH)]
    for at in rng.permutation(len(every)):
        yield every[at]


def joined(text, others, rng):
    """Put one of the others before or behind some texts, where there is room for both."""
    other = others[rng.integers(len(others))]
    if rng.random() >= JOINED or len(text) + len(other) > MAX_TOKENS:
        return text
    first, second = (text, other) if rng.random() < 1 / 2 else (other, text)
    return first[:-1] + second[1:]  # without the marks at the ends between them


def fit(network, read, task):
    """Fit on the texts of a task."""
    rng = np.random.default_rng(0)
    texts = [read(text) for text in task.texts]
    labels, counts = torch.tensor(task.labels), torch.tensor(task.counts)
    fair = {kind: [] for kind in task.kinds}
    for text, kind, own in zip(texts, task.kinds, task.labels, strict=True):
        if not own.any():
            fair[kind].append(text)
    corrections = [p for n, p in network.named_parameters() if p.requires_grad and "head" not in n]
    rates = [RATE, 3 * RATE]
    optimizer = torch.optim.AdamW(
        [{"params": corrections}, {"params": network.head.parameters()}], weight_decay=0.01
    )
    steps = task.epochs * (-(-len(texts) // BATCH) + 16)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps, pct_start=0.1
    )
    network.train()
    for epoch in range(task.epochs):
        total, started = [], time.process_time()
        shown = [
            joined(text, fair[kind], rng) for text, kind in zip(texts, task.kinds, strict=True)
        ]
        for batch in batches(shown, rng):
            with torch.autocast("cpu", torch.bfloat16):
                answers = network(*padded([shown[n] for n in batch]))
            each = nn.functional.binary_cross_entropy_with_logits(
                answers.float(), labels[batch], reduction="none"
            )
            loss = (each * counts[batch]).mean(0).sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(corrections, 1.0)
            optimizer.step()
            schedule.step()
            total.append(float(loss.detach()))
        spent = time.process_time() - started
        print(f"epoch {epoch}: loss {np.mean(total):.4f}, {spent:.0f} s", flush=True)


@torch.no_grad()
def answers_of(network, texts):
    """Answer for each text."""
    network.eval()
    return np.concatenate(
        [network(*padded(texts[at : at + 64])).numpy() for at in range(0, len(texts), 64)]
    )


def curve(scores, wrong):
    """Print what is found at several shares of false alarms, and at even odds."""
    fair = np.sort(scores[~wrong])[::-1]
    for share in (0.03, 0.05, 0.07, 0.1):
        at = fair[int(share * len(fair))]
        print(
            f"  false alarms {share:.0%}: found {(scores[wrong] > at).mean():.1%}, log-odds {at:.2f}"
        )
    print(f"  at 0: found {(scores[wrong] > 0).mean():.1%}, alarms {(fair > 0).mean():.1%}")


def worst_of(network, read, parts):
    """Answer for each text by the worst of its parts."""
    flat = list(itertools.chain.from_iterable(parts))
    answers = answers_of(network, [read(part) for part in flat])
    ends = np.cumsum([len(own) for own in parts])[:-1]
    return np.array([own.max(0) for own in np.split(answers, ends)])


def main():
    """Fit, and tell how good it is or write the correction."""
    options = argparse.ArgumentParser()
    options.add_argument("task", choices=TASKS)
    options.add_argument("--left-out", default="", help="names of sets, with commas between")
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)  # of so small a network, threads wait for each other
    task = TASKS[chosen.task]()
    folder = model_path(MODEL).parent
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def read(text):
        return tokenizer(text, truncation=True, max_length=MAX_TOKENS)["input_ids"]

    left = set(chosen.left_out.split(","))
    out = np.array([source in left for source in task.sources])
    network = Network(folder, task.labels.shape[1])
    if task.begins:
        network.begin_with(correction(task.begins))
    fit(network, read, task.of(~out))
    for name in sorted(set(task.sources) & left):
        mine = task.of(np.array([source == name for source in task.sources]))
        answers = worst_of(network, read, mine.parts)
        for rule, column in task.measured.items():
            asked = mine.counts[:, column] > 0
            print(name, rule, asked.sum())
            curve(answers[asked, column], mine.labels[asked, column] > 0)
    if chosen.write:
        out = FOLDER / f"{task.name}.npz"
        np.savez_compressed(out, **network.written())
        print(out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
