"""No bytes get an exception out of a reader that is not ours: seeds, damaged seeds, past crashes."""

import random
from pathlib import Path

import pytest

from saferedact.errors import SaferedactError
from saferedact.testing.fuzzing import TARGETS, damaged, feed

_CRASHES = Path(__file__).parent / "crashes"
_ROUNDS = 40


@pytest.mark.parametrize("name", TARGETS)
def test_a_valid_seed_is_taken(name):
    taken = 0
    for seed in TARGETS[name].seeds():
        try:
            TARGETS[name].run(seed)
        except SaferedactError:
            continue
        taken += 1
    assert taken


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_seeds_end_well(name):
    rng = random.Random(name)
    seeds = list(TARGETS[name].seeds())
    for _ in range(_ROUNDS):
        feed(name, damaged(rng.choice(seeds), rng))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 64, b"{" * 4096, b"%PDF-1.7"])
@pytest.mark.parametrize("name", TARGETS)
def test_short_and_odd_inputs_end_well(name, data):
    feed(name, data)


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(_CRASHES)) for path in _CRASHES.rglob("*.bin"))
)
def test_what_once_broke_a_reader(name):
    path = _CRASHES / name
    feed(path.parent.name, path.read_bytes())
