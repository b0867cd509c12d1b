"""A text engine that knows the planted names, and documents of the corpus."""

import sys
from pathlib import Path

import pytest

from saferedact.pipeline.pdf import finder
from saferedact.text.sweep import Seed, sweep

sys.path.insert(
    0, str(Path(__file__).parent)
)  # the oracle and the layouts are modules of these tests


class PlantedEngine:
    """Finds what it is told, in any spelling."""

    def __init__(self):
        self.seeds = []

    def know(self, *names, phones=()):
        self.seeds = [Seed(name, "person") for name in names]
        self.seeds += [Seed(phone, "phone") for phone in phones]

    def __call__(self, text):
        return sweep(text, self.seeds)


@pytest.fixture
def engine(monkeypatch):
    planted = PlantedEngine()
    monkeypatch.setattr(finder, "text_engine", lambda _search: planted)
    return planted
