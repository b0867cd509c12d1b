"""What a plan means for the frame core, and which plans are refused."""

import pytest

from saferedact.errors import InputError
from saferedact.plan import edit, resolve_frame, resolve_plan
from saferedact.policy import Policy, load_policy
from saferedact.testing.plans import sample_plan

RELEASE = load_policy("release")


def policy(**changes):
    tree = RELEASE.model_dump(mode="json", by_alias=True)
    tree["labels"]["face"]["color"] = "#ff0000"
    return Policy.model_validate({**tree, **changes})


def test_regions_are_grouped_by_how_they_are_hidden():
    plan = edit.add_box(sample_plan(), xyxy=(1, 2, 3, 4), label="plate")
    plan = edit.add_box(plan, xyxy=(1, 2, 3, 4), label="scar")
    plan = edit.add_box(plan, xyxy=(5, 6, 7, 8), label="face", operator="solid")
    groups = resolve_frame(plan, 0, policy=policy())
    assert [(g.operator, g.shape, g.color, g.ids) for g in groups] == [
        ("frost", "ellipse", (255, 0, 0), ("f1",)),
        ("solid", "rectangle", (0, 0, 0), ("p1", "box-1", "box-2")),
        ("solid", "rectangle", (255, 0, 0), ("box-3",)),
    ]
    assert [len(group) for group in groups] == [1, 3, 1]
    assert groups[0].xyxy.tolist() == [[10.0, 20.0, 110.5, 140.25]]


def test_frames_without_regions_have_no_groups_and_others_do_not_exist():
    resolved = resolve_plan(sample_plan(), policy=RELEASE)
    assert resolved.groups(1) == ()
    for frame in (-1, 3):
        with pytest.raises(InputError, match="not one of the plan's 3 frames"):
            resolved.groups(frame)


def test_rejected_regions_stay_visible():
    plan = edit.reject(sample_plan(), ["f1"])
    assert [g.ids for g in resolve_frame(plan, 0, policy=RELEASE)] == [("p1",)]


def test_review_wants_every_region_decided():
    review = load_policy("review")
    plan = sample_plan()
    with pytest.raises(InputError, match="2 regions of the plan are neither"):
        resolve_plan(plan, policy=review)
    plan = edit.reject(edit.accept(plan, ["f1"]), ["f2"])
    assert [g.ids for g in resolve_frame(plan, 0, policy=review)] == [("f1",), ("p1",)]


@pytest.mark.parametrize("operator", ["mosaic", "blur"])
def test_operators_that_can_be_undone_need_leave(operator):
    plan = edit.set_operator(sample_plan(), ["f1", "f2"], operator)
    with pytest.raises(InputError, match="forbids the operator of 2 regions"):
        resolve_plan(plan, policy=RELEASE)
    allowed = policy(allow_reversible=True)
    assert resolve_frame(plan, 0, policy=allowed)[0].operator == operator
    plate = edit.set_operator(sample_plan(), ["p1"], operator)
    with pytest.raises(InputError, match="forbids the operator of 1 regions"):
        resolve_plan(plate, policy=allowed)
    assert resolve_plan(edit.reject(plate, ["p1"]), policy=allowed)


def test_seeds_stay_the_same_between_versions():
    # Written down once: output of the same plan must be the same bytes on every machine.
    (group,) = resolve_frame(sample_plan(), 2, policy=RELEASE)
    assert group.seeds.tolist() == [18186648631268233703]
