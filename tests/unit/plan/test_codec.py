"""Reading and writing plans: what the properties do not pin down."""

import json

import pytest

from saferedact.errors import DestinationError, InputError, PlanInvalidError
from saferedact.limits import Limits
from saferedact.plan import codec, dump_plan, load_plan, resolve_plan, save_plan
from saferedact.policy import load_policy
from saferedact.testing.plans import sample_plan


def tree():
    return json.loads(dump_plan(sample_plan()))


def problems(value, **options):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(PlanInvalidError) as caught:
        load_plan(data, **options)
    return list(caught.value.problems)


def without(key):
    return {name: value for name, value in tree().items() if name != key}


def test_a_plan_goes_through_a_file(tmp_path):
    path = tmp_path / "plan.json"
    save_plan(sample_plan(), path)
    assert load_plan(path) == load_plan(str(path)) == load_plan(path.read_bytes()) == sample_plan()
    with pytest.raises(DestinationError):
        save_plan(sample_plan(), path)
    save_plan(sample_plan(), str(path), overwrite=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_the_form_of_the_file_is_fixed():
    lines = dump_plan(sample_plan()).decode().splitlines()
    assert lines[0:2] == ["{", '  "schema": "saferedact.plan/1",']
    assert lines[6] == '  "regions": ['
    assert lines[10] == (
        '    {"id": "m1", "label": "hidden-data", "detector": "hidden-data", "score": 1.0, '
        '"needs_review": false, "reason_code": null, "person_ref": null, "kind": "metadata", '
        '"operator": "drop", "decision": "accepted", "channel": "exif", "offset": 20, '
        '"length": 4096}'
    )
    assert lines[11:] == ["  ]", "}"]


def test_fields_with_a_default_may_be_left_out():
    value = tree()
    for name in ("decision", "needs_review", "reason_code", "person_ref", "shape"):
        del value["regions"][2][name]
    region = load_plan(json.dumps(value).encode()).regions[2]
    assert (region.decision, region.shape) == ("proposed", "rectangle")


def test_whole_numbers_are_coordinates():
    value = tree()
    value["regions"][0]["xyxy"] = [1, 2, 3, 4]
    assert load_plan(json.dumps(value).encode()).regions[0].xyxy == (1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (without("schema"), ("$.schema", "must be 'saferedact.plan/1'")),
        (without("media"), ("$.media", "is missing")),
        (without("detectors"), ("$.detectors", "is missing")),
        (without("regions"), ("$.regions", "is missing")),
        ({**tree(), "schema": ["saferedact.plan/1"]}, ("$.schema", "must be 'saferedact.plan/1'")),
        ({**tree(), "schema": True}, ("$.schema", "must be 'saferedact.plan/1'")),
        ({**tree(), "schema_id": "saferedact.plan/1"}, ("$", "has an unknown key")),
        ({**tree(), "regions": {}}, ("$.regions", "must be a list")),
        ({**tree(), "regions": [3]}, ("$.regions[0]", "must be an object")),
        ({**tree(), "regions": [{}]}, ("$.regions[0]", "must have a kind")),
        (
            {**tree(), "regions": [{"kind": "page-x"}]},
            ("$.regions[0]", "must be of kind 'image', 'track', 'page', 'metadata'"),
        ),
        ({**tree(), "detectors": [{}] * 65}, ("$.detectors", "must have at most 64 entries")),
    ],
)
def test_single_faults(value, expected):
    assert problems(value) == [expected]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000])
@pytest.mark.parametrize(
    ("text", "place"), [('"score": 0.9', "$.regions[0].score"), ('"width": 640', "$.media.width")]
)
def test_numbers_without_end_are_reported_at_their_place(number, text, place):
    key = text.partition(":")[0]
    data = dump_plan(sample_plan()).replace(text.encode(), f"{key}: {number}".encode())
    assert [where for where, _ in problems(data)] == [place]


def test_faults_of_one_region_do_not_hide_those_between_regions():
    value = tree()
    value["regions"][0]["score"] = 2
    value["regions"][1]["frame"] = 3
    value["regions"][2]["id"] = "f2"
    value["media"]["orientation"] = 1
    assert [where for where, _ in problems(value)] == [
        "$.regions[0].score",
        "$.regions[1].frame",
        "$.regions[2].id",
    ]
    value["source_sha256"] = "x"
    assert len(problems(value)) == 4
    value["media"]["frames"] = 0  # now nobody can tell whether frame 3 is one too many
    assert [where for where, _ in problems(value)] == [
        "$.source_sha256",
        "$.media.frames",
        "$.regions[0].score",
        "$.regions[2].id",
    ]


def test_limits_come_before_the_work():
    data = dump_plan(sample_plan())
    size = len(data)
    assert problems(data, limits=Limits(max_plan_bytes=size - 1)) == [
        ("$", f"is larger than {size - 1} bytes")
    ]
    assert load_plan(data, limits=Limits(max_plan_bytes=size)) == sample_plan()
    assert problems({**tree(), "regions": ["not looked at"] * 9}, limits=Limits(max_regions=8)) == [
        ("$.regions", "must have at most 8 entries")
    ]


def test_the_size_of_a_file_is_checked_too(tmp_path):
    path = tmp_path / "plan.json"
    save_plan(sample_plan(), path)
    with pytest.raises(PlanInvalidError, match="is larger than 100 bytes"):
        load_plan(path, limits=Limits(max_plan_bytes=100))


def test_the_list_of_problems_ends():
    found = problems({**tree(), "regions": [{"kind": "image"}] * 5_000})
    assert 1_000 <= len(found) < 1_100
    assert found[-1] == ("$.regions", "has more problems, which are not listed")


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="the plan cannot be read"):
        load_plan(tmp_path / "missing.json")


def test_old_schemas_are_migrated_step_by_step(monkeypatch):
    def from_old(old):
        return {**old, "schema": "test/1"}

    def from_test(old):
        return {**{k: v for k, v in old.items() if k != "sha"}} | {
            "schema": "saferedact.plan/1",
            "source_sha256": old["sha"],
        }

    monkeypatch.setattr(codec, "_MIGRATIONS", {"test/0": from_old, "test/1": from_test})
    value = {**without("source_sha256"), "sha": "a" * 64, "schema": "test/0"}
    assert load_plan(json.dumps(value).encode()) == sample_plan()


@pytest.mark.slow
def test_a_plan_of_100000_regions_is_loaded_and_resolved():
    sample = sample_plan()
    media = sample.media.model_copy(update={"frames": 5_000})
    regions = tuple(
        sample.regions[0].model_copy(update={"id": f"f{number}", "frame": number % 5_000})
        for number in range(100_000)
    )
    plan = load_plan(dump_plan(sample.model_copy(update={"media": media, "regions": regions})))
    assert plan.regions == regions
    resolved = resolve_plan(plan, policy=load_policy("release"))
    assert all(len(group) == 20 for frame in range(5_000) for group in resolved.groups(frame))
