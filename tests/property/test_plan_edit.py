"""Laws of editing: only what is named changes, and the rules of plans always hold."""

from itertools import chain, combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saferedact.errors import InputError
from saferedact.plan import ImageRegion, dump_plan, edit, load_plan
from saferedact.testing.plans import plans

EDITS = {
    "accept": edit.accept,
    "reject": lambda plan, ids: edit.reject(plan, ids, reason_code="RR-03"),
    "operator": lambda plan, ids: edit.set_operator(plan, ids, "blur"),
    "shape": lambda plan, ids: edit.set_shape(plan, ids, "ellipse"),
    "reason": lambda plan, ids: edit.set_reason_code(plan, ids, None),
    "person": lambda plan, ids: edit.set_person_ref(plan, ids, "W1"),
}


def draw_image_ids(data, plan):
    images = edit.select(plan, kind="image")
    return data.draw(st.sets(st.sampled_from(images))) if images else set()


@given(plans(), st.data(), st.sampled_from(sorted(EDITS)))
def test_only_named_regions_change_and_the_result_is_valid(plan, data, name):
    before = dump_plan(plan)
    ids = draw_image_ids(data, plan)
    changed = EDITS[name](plan, ids)
    assert dump_plan(plan) == before
    assert load_plan(dump_plan(changed)) == changed
    for old, new in zip(plan.regions, changed.regions, strict=True):
        assert new.id == old.id
        if old.id not in ids:
            assert new == old
    assert changed.model_copy(update={"regions": plan.regions}) == plan


@given(plans(), st.data(), st.sampled_from(sorted(EDITS)))
def test_an_edit_done_twice_is_the_edit_done_once(plan, data, name):
    ids = draw_image_ids(data, plan)
    once = EDITS[name](plan, ids)
    assert EDITS[name](once, ids) == once


@given(plans(), st.data())
def test_the_last_decision_counts(plan, data):
    ids = draw_image_ids(data, plan)
    assert edit.reject(edit.accept(plan, ids), ids) == edit.reject(plan, ids)
    assert edit.accept(edit.reject(plan, ids), ids) == edit.accept(plan, ids)


@given(plans(min_regions=1), st.data())
def test_conditions_of_select_are_joined_by_and(plan, data):
    model, other = data.draw(st.tuples(*[st.sampled_from(plan.regions)] * 2))
    conditions = {
        "min_score": model.score,
        "max_score": other.score,
        "label": other.label,
        "kind": model.kind,
        "frame": other.place[0] if other.kind != "metadata" else 0,
        "ids": [region.id for region in plan.regions if region is not other],
    }
    everything = edit.select(plan)
    single = {name: set(edit.select(plan, **{name: conditions[name]})) for name in conditions}
    for names in chain(combinations(conditions, 2), [tuple(conditions)]):
        chosen = edit.select(plan, **{name: conditions[name] for name in names})
        assert set(chosen) == set(everything).intersection(*(single[name] for name in names))
        assert chosen == tuple(name for name in everything if name in chosen)


@given(plans(), st.floats(0, 1))
def test_scores_below_and_from_a_value_make_up_the_plan(plan, score):
    low = set(edit.select(plan, max_score=score))
    high = set(edit.select(plan, min_score=score))
    assert low | high == set(edit.select(plan))
    scores = {region.id: region.score for region in plan.regions}
    assert all(scores[name] == score for name in low & high)


@given(plans(), st.data())
def test_an_added_box_contains_what_was_asked_and_leaves_the_rest(plan, data):
    # Steps of 1/64 px are exact in float32, and finer than the plan's.
    x1 = data.draw(st.integers(-50 * 64, plan.media.width * 64 - 1)) / 64
    y1 = data.draw(st.integers(-50 * 64, plan.media.height * 64 - 1)) / 64
    x2 = max(x1, 0) + data.draw(st.integers(1, 500 * 64)) / 64
    y2 = max(y1, 0) + data.draw(st.integers(1, 500 * 64)) / 64
    frame = data.draw(st.integers(0, plan.media.frames - 1))
    changed = edit.add_box(plan, frame=frame, xyxy=(x1, y1, x2, y2), label="scar")
    added = changed.regions[-1]
    assert changed.regions[:-1] == plan.regions
    assert isinstance(added, ImageRegion)
    assert (added.decision, added.detector, added.frame) == ("accepted", "person", frame)
    assert x1 - 1 / 8 < added.xyxy[0] <= x1
    assert y1 - 1 / 8 < added.xyxy[1] <= y1
    assert x2 <= added.xyxy[2] < x2 + 1 / 8
    assert y2 <= added.xyxy[3] < y2 + 1 / 8


@given(plans(), st.data())
def test_unknown_ids_are_refused_by_every_edit(plan, data):
    stranger = data.draw(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True))
    assume(stranger not in edit.select(plan))
    for change in EDITS.values():
        with pytest.raises(InputError):
            change(plan, {stranger})
    with pytest.raises(InputError):
        edit.select(plan, ids=[stranger])
