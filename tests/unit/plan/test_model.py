"""Rules that every plan keeps."""

import pytest
from pydantic import ValidationError

from saferedact.plan import (
    DetectorRecord,
    ImageRegion,
    MediaRecord,
    MetadataRegion,
    PageRegion,
    Plan,
)
from saferedact.testing.plans import sample_plan

IMAGE = {
    "id": "r1",
    "label": "face",
    "detector": "centerface",
    "score": 0.5,
    "operator": "solid",
    "frame": 0,
    "xyxy": (0.0, 0.0, 8.0, 8.0),
}
METADATA = {
    "id": "m1",
    "label": "hidden-data",
    "detector": "hidden-data",
    "score": 1.0,
    "channel": "exif",
    "length": 10,
}
MEDIA = {"format": "JPEG", "width": 100, "height": 50, "frames": 2}
DETECTOR = {"name": "centerface", "version": "1", "labels": ("face",), "status": "ran"}


def make_plan(*regions, **changes):
    return Plan(
        **{
            "source_sha256": "a" * 64,
            "policy_sha256": "b" * 64,
            "media": MediaRecord(**MEDIA),
            "detectors": (),
            "regions": tuple(ImageRegion(**{**IMAGE, **region}) for region in regions),
            **changes,
        }
    )


def test_a_region_is_proposed_until_somebody_decides():
    region = ImageRegion(**IMAGE)
    assert (region.decision, region.shape, region.needs_review) == (
        "proposed",
        "rectangle",
        False,
    )
    assert (region.reason_code, region.person_ref) == (None, None)


def test_hidden_data_is_dropped_and_nobody_can_decide_otherwise():
    region = MetadataRegion(**METADATA)
    assert (region.operator, region.decision, region.offset) == ("drop", "accepted", None)
    for change in ({"operator": "solid"}, {"decision": "rejected"}, {"decision": "proposed"}):
        with pytest.raises(ValidationError):
            MetadataRegion(**{**METADATA, **change})


def test_minus_zero_is_zero():
    x1, *_ = ImageRegion(**{**IMAGE, "xyxy": (-0.0, 0.0, 1.0, 1.0)}).xyxy
    assert str(x1) == "0.0"


def test_documents_cannot_be_changed():
    plan = sample_plan()
    with pytest.raises(ValidationError):
        plan.regions = ()
    with pytest.raises(ValidationError):
        plan.regions[0].decision = "rejected"


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "A"},
        {"id": "a" * 33},
        {"id": "a\n"},
        {"id": "-a"},
        {"label": "Jane Doe"},
        {"detector": "A"},
        {"score": 1.01},
        {"score": -0.01},
        {"score": "0.5"},
        {"score": float("nan")},
        {"needs_review": 0},
        {"reason_code": "because of Jane"},
        {"reason_code": "A" * 17},
        {"person_ref": "Jane"},
        {"person_ref": "JANE"},
        {"operator": "drop"},
        {"decision": "perhaps"},
        {"frame": -1},
        {"frame": 0.0},
        {"shape": "star"},
        {"xyxy": (0.0, 0.0, 8.0)},
        {"xyxy": (0.0, 0.0, 8.0, 8.0, 8.0)},
        {"xyxy": (0.0, 0.0, 0.0, 8.0)},
        {"xyxy": (0.0, 9.0, 8.0, 8.0)},
        {"xyxy": (0.0, 0.0, 8.0, 8.01)},
        {"xyxy": (0.0, 0.0, 8.0, 2.0**20 + 1)},
        {"xyxy": (0.0, 0.0, 8.0, float("inf"))},
        {"xyxy": "0088"},
        {"channel": "exif"},
        {"kind": "metadata"},
    ],
)
def test_image_regions_refuse(change):
    with pytest.raises(ValidationError):
        ImageRegion(**{**IMAGE, **change})


@pytest.mark.parametrize(
    "change", [{"length": -1}, {"offset": -1}, {"length": 2**63 + 1}, {"channel": "A B"}]
)
def test_metadata_regions_refuse(change):
    with pytest.raises(ValidationError):
        MetadataRegion(**{**METADATA, **change})


@pytest.mark.parametrize(
    "change",
    [{"width": 0}, {"frames": 0}, {"orientation": 0}, {"orientation": 9}, {"format": "jpeg file"}],
)
def test_media_refuse(change):
    with pytest.raises(ValidationError):
        MediaRecord(**{**MEDIA, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"status": "not_available"},
        {"reason": "no-detector"},
        {"status": "asleep"},
        {"version": "one two"},
        {"labels": ("face",) * 257},
        {"weights_sha256": "0" * 63},
    ],
)
def test_detectors_refuse(change):
    with pytest.raises(ValidationError):
        DetectorRecord(**{**DETECTOR, **change})


def test_a_detector_that_did_not_run_says_why():
    record = DetectorRecord(**{**DETECTOR, "status": "not_available", "reason": "no-detector"})
    assert record.reason == "no-detector"


@pytest.mark.parametrize(
    ("regions", "places"),
    [
        ([{}, {"id": "r2"}], []),
        ([{}, {}], [("regions", 1, "id")]),
        ([{}, {}, {}], [("regions", 1, "id"), ("regions", 2, "id")]),
        ([{"frame": 1}], []),
        ([{"frame": 2}], [("regions", 0, "frame")]),
        ([{"xyxy": (-8.0, -8.0, 0.125, 0.125)}], []),
        ([{"xyxy": (99.875, 49.875, 200.0, 200.0)}], []),
        ([{"xyxy": (-8.0, -8.0, 0.0, 8.0)}], [("regions", 0, "xyxy")]),
        ([{"xyxy": (-8.0, -8.0, 8.0, 0.0)}], [("regions", 0, "xyxy")]),
        ([{"xyxy": (100.0, 0.0, 108.0, 8.0)}], [("regions", 0, "xyxy")]),
        ([{"xyxy": (0.0, 50.0, 8.0, 58.0)}], [("regions", 0, "xyxy")]),
        (
            [{"frame": 9, "xyxy": (100.0, 0.0, 108.0, 8.0)}],
            [("regions", 0, "frame"), ("regions", 0, "xyxy")],
        ),
    ],
)
def test_regions_must_fit_the_plan(regions, places):
    if not places:
        assert len(make_plan(*regions).regions) == len(regions)
        return
    with pytest.raises(ValidationError) as caught:
        make_plan(*regions)
    assert [fault["loc"] for fault in caught.value.errors()] == places


@pytest.mark.parametrize(
    "change", [{"source_sha256": "g" * 64}, {"detectors": (DetectorRecord(**DETECTOR),) * 65}]
)
def test_plans_refuse(change):
    with pytest.raises(ValidationError):
        make_plan(**change)


def test_a_region_of_a_page_says_where_it_is():
    region = PageRegion(
        id="name-1",
        label="name",
        detector="text",
        score=0.9,
        operator="label",
        page=3,
        xyxy=(1.0, 2.0, 30.0, 12.0),
    )
    assert region.place == (3, (1.0, 2.0, 30.0, 12.0))
    assert region.is_at(3)
    assert not region.is_at(2)
