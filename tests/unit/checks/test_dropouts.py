"""Covers that are missing for some frames of a film, and what only looks like it."""

import cv2
import numpy as np
import pytest

from saferedact.checks.weak_redaction.dropouts import DropoutFinder
from saferedact.testing.leaks.scenes import photograph

BOX = (200, 120, 296, 232)
SCENE = photograph((480, 320), seed=12).mean(-1).astype(np.uint8)


def covered(picture, *, sigma=0.0):
    x1, y1, x2, y2 = BOX
    changed = picture.copy()
    soft = cv2.GaussianBlur(picture, (0, 0), sigma) if sigma else np.zeros_like(picture)
    changed[y1:y2, x1:x2] = soft[y1:y2, x1:x2]
    return changed


def found(frames):
    finder = DropoutFinder()
    every = [dropout for frame in frames for dropout in finder.add(frame)]
    return [(dropout.first, dropout.count) for dropout in every + finder.finish()]


def film(*stretches):
    return [picture for picture, count in stretches for _ in range(count)]


@pytest.mark.parametrize("sigma", [0.0, 8.0])
@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_cover_that_is_missing_between(sigma, count):
    hidden = covered(SCENE, sigma=sigma)
    assert found(film((hidden, 5), (SCENE, count), (hidden, 4))) == [(5, count)]


def test_where_it_is_missing():
    finder = DropoutFinder()
    hidden = covered(SCENE)
    (dropout,) = [d for f in film((hidden, 4), (SCENE, 1), (hidden, 1)) for d in finder.add(f)]
    assert np.abs(np.array(dropout.box) - BOX).max() <= 16


def test_a_cover_that_is_missing_in_the_first_or_last_frames():
    hidden = covered(SCENE)
    assert found(film((SCENE, 2), (hidden, 30))) == [(0, 2)]
    assert found(film((hidden, 30), (SCENE, 2))) == [(30, 2)]


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [SCENE],
        film((covered(SCENE), 20)),
        film((covered(SCENE), 20), (SCENE, 13), (covered(SCENE), 20)),  # away for long: a scene
        film((covered(SCENE), 20), (SCENE, 20)),  # somebody who may be seen from here on
        film((SCENE, 9), (covered(SCENE), 2)),
    ],
)
def test_what_is_no_missing_cover(frames):
    assert found(frames) == []


def test_a_flash_and_a_cut_change_the_surroundings_as_well():
    dark = (SCENE * 0.05).astype(np.uint8)
    assert found(film((dark, 6), (SCENE, 1), (dark, 6))) == []
    assert found(film((covered(SCENE), 6), (OTHER, 2), (covered(SCENE), 6))) == []


OTHER = photograph((480, 320), seed=13).mean(-1).astype(np.uint8)


@pytest.mark.parametrize("count", [1, 6])
def test_a_cover_that_is_missing_on_either_side_of_a_cut(count):
    hidden = covered(SCENE)
    assert found(film((hidden, 14), (SCENE, count), (OTHER, 9))) == [(14, count)]
    assert found(film((OTHER, 9), (SCENE, count), (hidden, 30))) == [(9, count)]
    # The next scene has a cover at the same place: no part of it was missing.
    assert found(film((hidden, 20), (covered(OTHER), 20), (hidden, 20))) == []


def test_a_cover_that_moved_on_from_something_dark_is_not_missing():
    x1, y1, x2, y2 = BOX
    dark = SCENE.copy()
    # Cloth: smooth, and neither black nor flat.
    dark[y1:y2, x1:x2] = np.linspace(6, 22, x2 - x1, dtype=np.uint8)
    passing = dark.copy()
    passing[y1:y2, x1:x2] = OTHER[y1:y2, x1:x2]
    assert found(film((covered(SCENE), 8), (passing, 1), (dark, 8))) == []


def test_covers_of_people_who_run_are_not_missing_where_they_were():
    hidden = covered(SCENE)
    moved = SCENE.copy()
    moved[:, BOX[2] + 24 :] = 0  # the cover of the next moment, beside the first one
    assert found(film((hidden, 8), (moved, 1), (hidden, 8))) == []


def test_what_passes_before_a_wall_comes_and_goes_bit_by_bit():
    frames = []
    wall = covered(SCENE)
    for n in range(30):
        frame = wall.copy()
        x = 120 + 8 * n
        part = frame[130:220, x : x + 48]
        part[:] = SCENE[10 : 10 + part.shape[0], 10 : 10 + part.shape[1]]
        frames.append(frame)
    assert found(frames) == []
