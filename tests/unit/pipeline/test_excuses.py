"""A plan excuses the look of its own covers, where it has them, and nothing below them."""

import pytest

from saferedact.pipeline.inspection.as_material import looked
from saferedact.pipeline.inspection.findings import Inspection
from saferedact.plan.regions import PageRegion
from saferedact.plan.resolve import ResolvedPlan
from saferedact.policy import load_policy
from saferedact.testing.plans import sample_plan
from saferedact.traces import Trace

BOX = (10.0, 10.0, 50.0, 30.0)


def plan_of(operator):
    region = PageRegion(
        id="r1", label="name", detector="a", score=1.0, operator=operator, page=0, xyxy=BOX
    )
    return ResolvedPlan(sample_plan(), load_policy("release"), {}, regions_by_page={0: [region]})


@pytest.mark.parametrize(
    ("channel", "operator", "page", "xyxy", "left"),
    [
        ("blurred-text", "frost", 0, BOX, False),
        ("box-on-ink", "label", 0, BOX, False),
        ("uncovered-frame", "solid", 0, BOX, False),
        ("swirl", "solid", 0, BOX, False),
        ("blurred-text", "blur", 0, BOX, True),
        ("blurred-text", "frost", 0, (60.0, 10.0, 90.0, 30.0), True),
        ("blurred-text", "frost", 1_000_000, BOX, True),
        ("blurred-text", "frost", 0, None, True),
        ("covered-text", "solid", 0, BOX, True),
    ],
)
def test_what_a_page_of_a_plan_excuses(channel, operator, page, xyxy, left):
    inspection = Inspection("pdf", traces=(Trace(channel, "page 1", "", page, xyxy),))
    assert bool(looked(inspection, (), plan_of(operator)).traces) == left
