"""Tracks of a plan: their columns, the media they belong to, and boxes that people add to videos."""

import json

import pytest

from saferedact.errors import InputError, PlanInvalidError
from saferedact.plan import MediaRecord, Plan, TrackRegion, dump_plan, edit, load_plan, resolve_plan
from saferedact.policy import load_policy

BOX = (10.0, 20.0, 30.0, 40.125)


def video(*regions, **media):
    record = {"format": "MP4", "width": 320, "height": 240, "frames": 50, "time_base": (1, 30)}
    return Plan(
        source_sha256="a" * 64,
        policy_sha256="b" * 64,
        media=MediaRecord(**{"kind": "video", **record, **media}),
        detectors=(),
        regions=regions,
    )


def track(**fields):
    given = {"frame": (3, 9), "xyxy": (BOX, BOX), "id": "t1", "label": "face", "detector": "faces"}
    return TrackRegion(**{**given, "score": 0.9, "operator": "solid", **fields})


def problems(change):
    tree = json.loads(dump_plan(video(track())))
    change(tree)
    with pytest.raises(PlanInvalidError) as caught:
        load_plan(json.dumps(tree).encode())
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("frame", [], ("$.regions[0].frame", "must have at least one entry")),
        ("frame", [3, 3], ("$.regions[0].frame", "must rise strictly from 0 on")),
        ("frame", [9, 3], ("$.regions[0].frame", "must rise strictly from 0 on")),
        ("frame", [-1, 3], ("$.regions[0].frame", "must rise strictly from 0 on")),
        ("frame", [1, 2, 3], ("$.regions[0]", "must have as many frames as boxes")),
        ("frame", [3, 50], ("$.regions[0].frame", "must be less than the number of frames")),
        ("frame", ["3"], ("$.regions[0].frame[0]", "must be a whole number")),
        ("xyxy", [BOX, [1, 1, 1, 5]], ("$.regions[0].xyxy", "must have x1 < x2 and y1 < y2")),
        ("xyxy", [BOX, [1, 1, 2.1, 5]], ("$.regions[0].xyxy", "must be multiples of 1/8")),
        ("xyxy", [BOX, [1, 1, 1e9, 5]], ("$.regions[0].xyxy", "must be within +-8388608")),
        ("xyxy", [BOX, [400, 1, 500, 5]], ("$.regions[0].xyxy", "must touch the frame")),
        ("xyxy", [BOX, [1, 1, 2]], ("$.regions[0].xyxy[1][3]", "is missing")),
        ("interpolation", "cubic", ("$.regions[0].interpolation", "must be 'linear'")),
    ],
)
def test_faults_of_columns(column, value, expected):
    found = problems(lambda tree: tree["regions"][0].update({column: value}))
    if expected[1] == "must be within +-8388608":
        assert found[0][0] == expected[0]
        assert found[0][1].startswith("must be within +-")
    else:
        assert found == [expected]


def test_a_picture_has_no_tracks_and_no_clock():
    def make_picture(tree):
        tree["media"].update(kind="image", time_base=None)

    assert problems(make_picture) == [
        ("$.regions[0].kind", "must be of kind image, as the material is")
    ]
    text = "must have a time_base if, and only if, it is a video"
    assert problems(lambda tree: tree["media"].update(time_base=None)) == [("$.media", text)]


def test_negative_zero_is_zero():
    made = track(xyxy=((-0.0, 0.0, 5.0, 5.0), BOX))
    assert b"-0.0" not in dump_plan(video(made))


def test_a_box_that_a_person_adds_stands_as_long_as_they_say():
    plan = edit.add_box(video(), frame=4, last_frame=8, xyxy=(1.3, 2, 30, 40))
    resolved = resolve_plan(plan, policy=load_policy("release"))
    present = [frame for frame in range(50) if resolved.groups(frame)]
    assert present == [4, 5, 6, 7, 8]
    assert resolved.groups(6)[0].xyxy.tolist() == [[1.25, 2, 30, 40]]
    one = edit.add_box(video(), frame=4, last_frame=4, xyxy=(1, 2, 30, 40))
    assert one.regions[0].frame == (4,)
    with pytest.raises(InputError, match="number of frames"):
        edit.add_box(video(), frame=4, last_frame=50, xyxy=(1, 2, 30, 40))


def test_a_track_is_where_it_says():
    made = track()
    assert made.place == (3, BOX)
    assert [frame for frame in range(12) if made.is_at(frame)] == list(range(3, 10))


def test_frames_are_asked_for_in_any_order():
    moving = track(frame=(0, 10), xyxy=((0.0, 0.0, 8.0, 8.0), (100.0, 0.0, 108.0, 8.0)))
    resolved = resolve_plan(video(moving), policy=load_policy("release"))
    for frame in (10, 0, 5, 10, 5, 0):
        assert resolved.groups(frame)[0].xyxy[0, 0] == pytest.approx(10 * frame)
    assert resolved.groups(11) == ()


def test_a_track_that_was_rejected_stays_visible_and_one_undecided_can_be_refused():
    plan = edit.reject(video(track()), ["t1"])
    assert resolve_plan(plan, policy=load_policy("release")).groups(5) == ()
    with pytest.raises(InputError, match="neither accepted nor rejected"):
        resolve_plan(video(track()), policy=load_policy("review"))


def test_only_in_a_video_a_box_stands_for_several_frames():
    picture = video(kind="image", format="TIFF", time_base=None)
    document = video(kind="pdf", format="PDF", time_base=None)
    for plan in (picture, document):
        with pytest.raises(InputError, match="only in a video"):
            edit.add_box(plan, frame=0, last_frame=5, xyxy=(1, 2, 30, 40))
