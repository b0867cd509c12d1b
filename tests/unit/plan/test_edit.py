"""Editing: the cases that the laws do not name."""

import pytest

from saferedact.errors import InputError, PlanInvalidError
from saferedact.plan import edit
from saferedact.testing.plans import sample_plan


def region(plan, name):
    return next(region for region in plan.regions if region.id == name)


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ({}, ("f1", "f2", "p1", "m1")),
        ({"ids": ["p1", "f1"]}, ("f1", "p1")),
        ({"ids": []}, ()),
        ({"label": "face"}, ("f1", "f2")),
        ({"label": "face", "max_score": 0.5}, ("f2",)),
        ({"label": "face", "min_score": 0.5}, ("f1",)),
        ({"min_score": 0.9}, ("f1", "p1", "m1")),
        ({"frame": 0}, ("f1", "p1")),
        ({"frame": 0, "ids": ["f2"]}, ()),
        ({"kind": "metadata"}, ("m1",)),
        ({"kind": "image", "min_score": 0.95}, ("p1",)),
    ],
)
def test_select(conditions, ids):
    assert edit.select(sample_plan(), **conditions) == ids


def test_rejecting_keeps_a_code_unless_one_is_given():
    plan = edit.set_reason_code(sample_plan(), ["f1", "f2"], "A1")
    plan = edit.reject(plan, ["f1"])
    plan = edit.reject(plan, ["f2"], reason_code="B2")
    assert (region(plan, "f1").reason_code, region(plan, "f2").reason_code) == ("A1", "B2")
    assert {region(plan, name).decision for name in ("f1", "f2")} == {"rejected"}


def test_setting():
    plan = edit.set_operator(sample_plan(), ["f1"], "solid")
    plan = edit.set_shape(plan, ["f1"], "rectangle")
    plan = edit.set_person_ref(plan, ["f1"], "W1")
    plan = edit.set_reason_code(plan, ["m1"], "X")
    changed = region(plan, "f1")
    assert (changed.operator, changed.shape, changed.person_ref) == ("solid", "rectangle", "W1")
    assert region(plan, "m1").reason_code == "X"


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: edit.reject(plan, ["f1", "m1"]),
        lambda plan: edit.set_operator(plan, ["m1"], "solid"),
        lambda plan: edit.set_shape(plan, ["m1"], "ellipse"),
    ],
)
def test_hidden_data_cannot_be_given_back(change):
    with pytest.raises(InputError, match="1 of the regions are hidden data"):
        change(sample_plan())
    assert region(edit.accept(sample_plan(), ["m1"]), "m1") == region(sample_plan(), "m1")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda plan: edit.reject(plan, ["f1"], reason_code="Jane did"), r"\$.reason_code"),
        (lambda plan: edit.set_operator(plan, ["f1"], "drop"), r"\$.operator"),
        (lambda plan: edit.set_shape(plan, ["f1"], "star"), r"\$.shape"),
        (lambda plan: edit.set_person_ref(plan, ["f1"], "Jane"), r"\$.person_ref"),
        (lambda plan: edit.add_box(plan, xyxy=(0, 0, 1, 1), label="Jane D"), r"\$.label"),
        (lambda plan: edit.add_box(plan, xyxy=(0, 0, 0, 1)), r"\$.xyxy: must have x1 < x2"),
        (lambda plan: edit.add_box(plan, xyxy=(0, 0, 1, 1), frame=-1), r"\$.frame"),
        (lambda plan: edit.add_box(plan, xyxy=(0, 0, 1, 1), frame=3), r"regions\[4\].frame"),
        (lambda plan: edit.add_box(plan, xyxy=(640, 0, 700, 9)), r"regions\[4\].xyxy"),
    ],
)
def test_rules_hold_and_messages_hold_no_content(change, place):
    with pytest.raises(PlanInvalidError, match=place) as caught:
        change(sample_plan())
    assert "Jane" not in str(caught.value)


@pytest.mark.parametrize("xyxy", [(float("nan"), 0, 1, 1), (5, 0, 1, 1), (0, 0, 1), "abcd"])
def test_a_box_that_is_none_is_refused(xyxy):
    with pytest.raises(InputError):
        edit.add_box(sample_plan(), xyxy=xyxy)


def test_added_boxes_get_ids_that_were_never_used():
    plan = sample_plan()
    for expected in ("box-1", "box-2"):
        plan = edit.add_box(plan, xyxy=(0, 0, 1, 1))
        assert plan.regions[-1].id == expected
    odd = plan.regions[-1].model_copy(update={"id": "box-old"})
    later = plan.regions[-1].model_copy(update={"id": "box-7"})
    plan = plan.model_copy(update={"regions": (*sample_plan().regions, odd, later)})
    assert edit.add_box(plan, xyxy=(0, 0, 1, 1)).regions[-1].id == "box-8"


def test_added_boxes_are_rounded_outward():
    plan = edit.add_box(sample_plan(), xyxy=(1.1, 2.2, 3.3, 4.4), operator="frost", shape="ellipse")
    added = plan.regions[-1]
    assert added.xyxy == (1.0, 2.125, 3.375, 4.5)
    assert (added.operator, added.shape, added.label) == ("frost", "ellipse", "face")
