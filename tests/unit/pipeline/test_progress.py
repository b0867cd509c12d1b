"""How far long work has come."""

import pytest

from saferedact.pipeline import progress
from saferedact.pipeline.clock import clock
from saferedact.pipeline.progress import Progress, listening, told
from saferedact.plan import MediaRecord, Plan, TrackRegion


def test_nobody_listens_and_all_items_pass():
    assert list(told("look", "abc", 3)) == ["a", "b", "c"]


def test_a_listener_hears_now_and_then_and_at_the_end(monkeypatch):
    now = iter([0.3, 0.3, 0.4, 0.55, 0.55, 0.6])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    heard = []
    with listening(heard.append):
        assert list(told("look", "abcd", None)) == ["a", "b", "c", "d"]
    assert heard == [
        Progress("look", 0, None),
        Progress("look", 2, None),
        Progress("look", 4, None),
    ]
    assert list(told("look", "a", 1)) == ["a"]
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("pts", "time_base", "expected"),
    [
        ((0, 45), (1, 30), "0:00.0-0:01.5"),
        ((0, 100_000), (1, 25), "0:00.0-1:06:40.0"),
        ((61 * 90_000, 125 * 90_000), (1, 90_000), "1:01.0-2:05.0"),
        ((-5, 5), (1, 1), "0:00.0-0:05.0"),
        (None, (1, 30), "frames 1-4"),
    ],
)
def test_times_for_people(pts, time_base, expected):
    box = (0.0, 0.0, 5.0, 5.0)
    region = TrackRegion(
        id="t1",
        label="face",
        detector="faces",
        score=1.0,
        operator="solid",
        frame=(1, 4),
        xyxy=(box, box),
        pts=pts,
    )
    media = MediaRecord(
        kind="video", format="MP4", width=8, height=8, frames=9, time_base=time_base
    )
    plan = Plan(source_sha256="a" * 64, policy_sha256="b" * 64, media=media, detectors=())
    assert clock(region, plan) == expected
