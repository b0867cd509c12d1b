"""A track that waits for a look that looks for it."""

import numpy as np
import pytest

from saferedact.tracking.live import LiveTrack, wait

PLACE = np.array([100, 100, 200, 140], np.float32)
STRETCH = 8


def waiting(stretches, *, good=0, step=0.0):
    """Wait so many stretches, in each of which the content is recognised for so many frames."""
    item = LiveTrack(0, 0.9, 0, [PLACE[None]], 0, first_seen=0, last_seen=0)
    for _ in range(stretches):
        frames = np.arange(1, STRETCH + 1, dtype=np.float32)[:, None]
        wait(item, (item.box + step * frames).astype(np.float32), np.arange(STRETCH) < good)
    return item


def test_what_is_not_recognised_grows_by_a_share_of_itself_a_frame():
    item = waiting(6)
    margins = (item.boxes() - PLACE) * [-1, -1, 1, 1]
    frames = np.arange(1 + 6 * STRETCH)[:, None]
    np.testing.assert_allclose(margins, frames * 0.03 * [100, 40, 100, 40], rtol=1e-4)
    np.testing.assert_array_equal(item.box, PLACE)


@pytest.mark.parametrize("step", [0.0, 3.0])
def test_what_is_recognised_keeps_its_size_and_its_place(step):
    item = waiting(6, good=STRETCH, step=step)
    boxes = item.boxes()
    np.testing.assert_allclose(boxes[:, :2], np.broadcast_to(PLACE[:2], (len(boxes), 2)))
    np.testing.assert_allclose(boxes[-1, 2:], PLACE[2:] + step * 6 * STRETCH)


def test_what_was_lost_once_stays_grown_until_it_is_seen():
    item = waiting(2, good=4)
    width = item.boxes()[-1, 2] - item.boxes()[-1, 0]
    assert width == pytest.approx(100 * (1 + 2 * 0.03 * 8))
    item.see(PLACE[None])
    wait(item, np.repeat(PLACE[None], STRETCH, axis=0), np.ones(STRETCH, bool))
    np.testing.assert_array_equal(item.boxes()[-1], PLACE)
