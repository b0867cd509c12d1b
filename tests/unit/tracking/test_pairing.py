"""How live tracks fit what is seen next."""

import numpy as np

from saferedact.tracking.live import LiveTrack
from saferedact.tracking.pairing import affinity_of
from saferedact.tracking.sightings import Sightings

PLACE = np.array([100, 100, 180, 120], np.float32)
DRIFTED = np.array([300, 100, 380, 120], np.float32)


def fits(place):
    """How well a track that was carried off fits words where it was last seen."""
    track = LiveTrack(
        kind=0,
        score=0.9,
        first=0,
        blocks=[np.array([DRIFTED])],
        shot_start=0,
        first_seen=0,
        last_seen=0,
        place=place,
    )
    seen = Sightings(8, PLACE[None], np.array([0.9], np.float32), np.array([0], np.int16))
    lost = np.zeros(1, dtype=bool)
    ((affinity,),) = affinity_of([track], seen, 8, (DRIFTED[None], lost), (PLACE[None], lost))
    return affinity


def test_words_are_known_where_they_were_last_seen():
    assert fits(None) == 0
    assert fits(PLACE) == 1
