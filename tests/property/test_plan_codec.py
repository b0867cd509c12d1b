"""Any bytes give a plan or one error that lists every fault and tells nothing of the content."""

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saferedact.errors import PlanInvalidError
from saferedact.plan import dump_plan, load_plan
from saferedact.testing.plans import plans

SECRET = "Jane Secretperson"

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["image", "metadata", "saferedact.plan/1", "a" * 64, 10**400, -(2**64)]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "kind", "xyxy", "media", "x"]), inner, max_size=4)
    ),
    max_leaves=6,
)


def places(tree, path=()):
    """All paths into a JSON tree, the top first."""
    yield path
    if isinstance(tree, dict):
        for key, child in tree.items():
            yield from places(child, (*path, key))
    elif isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from places(child, (*path, index))


def at(tree, path):
    for step in path:
        tree = tree[step]
    return tree


def put(tree, path, value):
    if not path:
        return value
    at(tree, path[:-1])[path[-1]] = value
    return tree


def dump_tree(tree):
    with_digits = json.dumps(tree)  # NaN and Infinity, which JSON does not have, included
    return with_digits.encode()


@given(plans())
def test_a_plan_comes_back_as_it_was(plan):
    data = dump_plan(plan)
    loaded = load_plan(data)
    assert loaded == plan
    assert dump_plan(loaded) == data


@given(plans())
def test_the_written_form_is_plain_utf8_json_with_a_region_on_each_line(plan):
    data = dump_plan(plan)
    tree = json.loads(data)
    assert len(tree["regions"]) == len(plan.regions)
    assert data.endswith(b"}\n")
    assert sum(line.startswith(b"    {") for line in data.splitlines()) == len(plan.regions)


@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b"\xff\xfe{}")
@example(b'{"\\ud800": 1}')
@example(b'{"schema": "\\udfff"}')
@example(b'{"regions": 1' + b"0" * 6_000 + b"}")
@example(b'{"a":' * 100_000)
@example(b"[" * 100_000)
@example(b"[]")
@example(b"null")
def test_any_bytes_are_refused_in_one_way(data):
    with pytest.raises(PlanInvalidError) as caught:
        load_plan(data)
    assert caught.value.problems


@given(st.data())
def test_a_changed_plan_is_loaded_or_refused_in_one_way(data):
    tree = json.loads(dump_plan(data.draw(plans(max_regions=3))))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(tree))))
        if path and data.draw(st.booleans()):
            del at(tree, path[:-1])[path[-1]]
        else:
            tree = put(tree, path, data.draw(json_values))
    with suppress(PlanInvalidError):
        loaded = load_plan(dump_tree(tree))
        assert load_plan(dump_plan(loaded)) == loaded


@given(plans(max_regions=2), st.data())
def test_changed_bytes_are_loaded_or_refused_in_one_way(plan, data):
    text = bytearray(dump_plan(plan))
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(text)))
    for variant in (bytes(text), bytes(text[:cut])):
        with suppress(PlanInvalidError):
            load_plan(variant)


def assert_refused_without_content(text):
    with pytest.raises(PlanInvalidError) as caught:
        load_plan(text)
    shown = f"{caught.value} {caught.value.problems} {caught.value!r}"
    assert not any(word in shown for word in SECRET.split())
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@given(plans(max_regions=2))
def test_an_error_never_holds_a_value_of_the_file(plan):
    for path in places(json.loads(dump_plan(plan))):
        assert_refused_without_content(dump_tree(put(json.loads(dump_plan(plan)), path, SECRET)))


@pytest.mark.parametrize(
    "planted",
    [
        f'"{SECRET}": "{SECRET}"',
        f'"{SECRET}": 1, "{SECRET}": 2',
        f'"{SECRET}": [{{"id": 1, "id": 2}}]',
    ],
)
@given(plan=plans(max_regions=2))
def test_an_error_never_holds_a_key_of_the_file(planted, plan):
    tree = json.loads(dump_plan(plan))
    for path in places(tree):
        holder = at(tree, path)
        if isinstance(holder, dict):
            holder["~"] = 1
            assert_refused_without_content(dump_tree(tree).replace(b'"~": 1', planted.encode()))
            del holder["~"]


# One fault for each field, with the place where it must be reported.
FAULTS = {
    ("schema",): "saferedact.plan/99",
    ("source_sha256",): "A" * 64,
    ("policy_sha256",): 3,
    ("media", "kind"): "film",
    ("media", "format"): None,
    ("media", "width"): 0,
    ("media", "height"): 1.5,
    ("media", "frames"): True,
    ("media", "orientation"): 9,
    ("detectors",): {},
}
REGION_FAULTS = {
    "id": "No",
    "label": "two words",
    "detector": "",
    "score": 1.5,
    "needs_review": 1,
    "reason_code": "free text",
    "person_ref": "Jane",
    "operator": "erase",
    "decision": "maybe",
}


@given(st.data())
def test_every_planted_fault_is_listed_with_its_place(data):
    plan = data.draw(plans(min_regions=1, max_regions=4))
    tree = json.loads(dump_plan(plan))
    sites = {path: f"$.{'.'.join(path)}" for path in FAULTS}
    values = dict(FAULTS)
    for index in range(len(plan.regions)):
        for name, value in REGION_FAULTS.items():
            sites["regions", index, name] = f"$.regions[{index}].{name}"
            values["regions", index, name] = value
    chosen = data.draw(st.lists(st.sampled_from(list(sites)), min_size=1, unique=True))
    for path in chosen:
        put(tree, path, copy.copy(values[path]))
    with pytest.raises(PlanInvalidError) as caught:
        load_plan(dump_tree(tree))
    assert sorted(where for where, _ in caught.value.problems) == sorted(map(sites.get, chosen))


@given(plans(min_regions=1), st.data())
def test_a_key_that_comes_twice_is_refused_with_its_place(plan, data):
    tree = json.loads(dump_plan(plan))
    objects = [path for path in places(tree) if isinstance(at(tree, path), dict)]
    path = data.draw(st.sampled_from(objects))
    holder = at(tree, path)
    key = data.draw(st.sampled_from(sorted(holder)))
    value = holder.pop(key)
    holder["~"] = 1
    pair = f"{json.dumps(key)}: {json.dumps(value)}"
    text = dump_tree(tree).replace(b'"~": 1', f"{pair}, {pair}".encode())
    with pytest.raises(PlanInvalidError) as caught:
        load_plan(text)
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in (*path, key))
    assert caught.value.problems == ((f"${steps}", "comes more than once"),)
