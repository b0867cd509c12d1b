"""What a second look takes for a find, for its own cover, and for what a person gave back."""

import numpy as np
import pytest

from saferedact.detectors.base import DetectorInfo
from saferedact.pipeline.detect import detect
from saferedact.pipeline.image.carry_out import carry_out
from saferedact.pipeline.image.second_look import look_again
from saferedact.pipeline.medium import Search
from saferedact.plan import resolve_plan
from saferedact.plan.edit import add_box, reject
from saferedact.policy import load_policy
from saferedact.testing.detectors import FixedDetector, write_pictures
from saferedact.testing.images import sample_pixels

COVER = (40.0, 40.0, 100.0, 100.0)
MIXED = (70, 40, 130, 100)  # half of it is under COVER
INSIDE = (44, 44, 96, 96)


class OnOutputs:
    """Finds boxes surely on a picture with the cover, and others faintly on one without."""

    info = DetectorInfo("fixed", "1", ("face",))

    def __init__(self, on_output, on_original=()):
        self._on_output = FixedDetector(on_output, score=0.9)
        self._on_original = FixedDetector(on_original, score=0.06)

    def detect(self, images, **options):
        covered = not images[0, 60:80, 60:80].any()
        return (self._on_output if covered else self._on_original).detect(images, **options)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.png"
    write_pictures(path, np.maximum(sample_pixels((160, 160)), 1))
    return path


def remains(source, detector, *, shape="rectangle", edit=None):
    policy = load_policy("release")
    plan = detect(source, policy=policy, detectors=[])
    plan = add_box(plan, xyxy=COVER, shape=shape)
    if edit is not None:
        plan = edit(plan)
    resolved = resolve_plan(plan, policy=policy)
    output = source.with_name("out.png")
    carry_out(source, resolved, output)
    return look_again(source, output, resolved, Search(policy, [detector]))


def test_a_new_find_joins_the_plan(source):
    found = remains(source, OnOutputs([(110, 110, 150, 150)]))
    assert [region.needs_review for region in found.regions] == [True]
    assert found.warnings == ()


def test_our_own_cover_is_no_find(source):
    found = remains(source, OnOutputs([INSIDE]))
    assert (found.regions, found.warnings) == ((), ())


def test_half_cover_half_picture_is_a_warning_if_the_original_shows_nothing(source):
    found = remains(source, OnOutputs([MIXED]))
    assert found.regions == ()
    assert [finding.level for finding in found.warnings] == ["WARN"]


def test_half_cover_half_picture_is_a_find_if_the_original_shows_it_faintly(source):
    found = remains(source, OnOutputs([MIXED], on_original=[(80, 40, 130, 100)]))
    assert len(found.regions) == 1
    assert found.warnings == ()


def test_what_the_original_shows_under_the_cover_does_not_count(source):
    found = remains(source, OnOutputs([MIXED], on_original=[(42, 42, 98, 98)]))
    assert found.regions == ()


def test_an_ellipse_does_not_cover_the_corners_of_its_box(source):
    corner = (40, 40, 48, 48)
    assert remains(source, OnOutputs([corner]), shape="ellipse").regions
    assert not remains(source, OnOutputs([corner])).regions


@pytest.mark.parametrize(("label", "kept"), [("face", 0), ("code", 1)])
def test_a_rejected_region_exempts_its_own_label_alone(source, label, kept):
    def give_back(plan):
        plan = add_box(plan, xyxy=(100.0, 100.0, 160.0, 160.0), label=label)
        return reject(plan, [plan.regions[-1].id])

    found = remains(source, OnOutputs([(105, 105, 155, 155)]), edit=give_back)
    assert len(found.regions) == kept


def test_a_rejected_region_does_not_exempt_everything_small_inside_it(source):
    def give_back(plan):
        plan = add_box(plan, xyxy=(0.0, 0.0, 160.0, 160.0))
        return reject(plan, [plan.regions[-1].id])

    assert remains(source, OnOutputs([(120, 120, 150, 150)]), edit=give_back).regions


def test_who_looked_is_told(source):
    assert [info.name for info in remains(source, OnOutputs([])).looked] == ["fixed"]
    other = FixedDetector([(1, 1, 9, 9)], label="weapon", labels=("weapon",))
    assert remains(source, other).looked == ()
