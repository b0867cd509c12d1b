"""Windows cover a text, overlap, and break between words."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.detectors.windows import WindowMemory, windows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", [(0, 1)]),
        ("a" * 40, [(0, 40)]),
        ("a" * 41, [(0, 40), (30, 41)]),
        ("a" * 33 + "\n" + "b" * 20, [(0, 34), (24, 54)]),
        ("a" * 33 + " " + "b" * 20, [(0, 34), (24, 54)]),
    ],
)
def test_windows(text, expected):
    assert list(windows(text, size=40, overlap=10)) == expected


@given(
    text=st.text("ab \n", max_size=600),
    size=st.integers(12, 80),
    share=st.floats(0, 0.3),
)
def test_windows_cover_and_overlap(text, size, share):
    overlap = int(size * share)
    places = list(windows(text, size=size, overlap=overlap))
    assert all(0 < end - start <= size for start, end in places)
    assert (places[0][0], places[-1][1]) == (0, len(text)) if text else places == []
    for (start, end), (next_start, next_end) in pairwise(places):
        assert start < next_start <= end - overlap
        assert end < next_end
    if len(text) <= size and text:
        assert places == [(0, len(text))]


def test_texts_that_end_the_same_come_to_the_same_windows():
    """What a change moves is read again for a while, not to the end."""

    def last(text):
        return {text[start:stop] for start, stop in list(windows(text, size=80, overlap=12))[-3:]}

    met = 0
    for seed in range(40):
        chance = random.Random(seed)
        words = [
            "".join(chance.choices("abcdefghijklm", k=chance.randint(1, 9))) for _ in range(300)
        ]
        end = " ".join(words)
        met += bool(last("x" * chance.randint(1, 79) + " " + end) & last("yy " * seed + end))
    assert met >= 38  # breaking at the last blank, as is usual, gives 30


def test_a_window_is_asked_for_once():
    memory, asked = WindowMemory(), []

    def look(texts):
        asked.append(list(texts))
        return [[(0, len(text), 0.5)] for text in texts]

    assert memory.ask([], look) == []
    assert memory.ask(["ab", "c", "ab"], look) == [((0, 2, 0.5),), ((0, 1, 0.5),), ((0, 2, 0.5),)]
    assert memory.ask(["c", "d"], look) == [((0, 1, 0.5),), ((0, 1, 0.5),)]
    assert asked == [["ab", "c"], ["d"]]


def test_what_a_model_raises_is_passed_on_and_not_remembered():
    memory = WindowMemory()

    def fail(_):
        raise MemoryError

    with pytest.raises(MemoryError):
        memory.ask(["a"], fail)
    assert memory.ask(["a"], lambda texts: [[] for _ in texts]) == [()]


def test_the_memory_is_bounded_and_holds_no_text(monkeypatch):
    monkeypatch.setattr("saferedact.detectors.windows._REMEMBERED", 3)
    memory = WindowMemory()
    for number in range(9):
        memory.ask([f"secret {number}"], lambda texts: [[] for _ in texts])
    assert len(memory._known) == 3
    assert b"secret" not in b"".join(memory._known)
