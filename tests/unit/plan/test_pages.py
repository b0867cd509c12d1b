"""Plans of documents: regions on pages, what people add to them, and the way to the pages' writer."""

import pytest

from saferedact.errors import InputError
from saferedact.plan import (
    MediaRecord,
    PageRegion,
    Plan,
    dump_plan,
    edit,
    load_plan,
    resolve_plan,
)
from saferedact.policy import load_policy

RELEASE = load_policy("release")
REVIEW = load_policy("review")
BOX = (72.0, 700.125, 144.0, 712.5)


def name(page, number=1, **fields):
    given = {"label": "name", "detector": "names", "score": 0.9, "operator": "label", "xyxy": BOX}
    return PageRegion(**{**given, "id": f"n{number}", "page": page, **fields})


def document(*regions, pages=4):
    return Plan(
        source_sha256="a" * 64,
        policy_sha256="b" * 64,
        media=MediaRecord(kind="pdf", format="PDF", width=595, height=842, frames=pages),
        detectors=(),
        regions=regions,
    )


@pytest.mark.parametrize(
    ("regions", "pages"),
    [
        ((), ()),
        ((name(0),), (0,)),
        ((name(3, 1), name(1, 2), name(3, 3)), (1, 3)),
        ((name(2, decision="rejected"),), ()),
    ],
)
def test_pages_with_regions_in_order(regions, pages):
    resolved = resolve_plan(document(*regions), policy=RELEASE)
    assert resolved.pages == pages
    assert all(region.decision != "rejected" for p in pages for region in resolved.page_regions(p))


def test_the_regions_of_a_page_keep_the_order_of_the_plan():
    resolved = resolve_plan(document(name(1, 2), name(0, 3), name(1, 1)), policy=RELEASE)
    assert [region.id for region in resolved.page_regions(1)] == ["n2", "n1"]
    assert resolved.page_regions(2) == ()


@pytest.mark.parametrize("operator", ["mosaic", "blur"])
def test_what_can_be_undone_needs_leave_on_pages_too(operator):
    with pytest.raises(InputError, match="undone"):
        resolve_plan(document(name(0, operator=operator)), policy=RELEASE)


def test_review_wants_every_region_of_a_page_decided():
    with pytest.raises(InputError, match="neither accepted nor rejected"):
        resolve_plan(document(name(0)), policy=REVIEW)
    decided = edit.accept(document(name(0)), ["n1"])
    assert resolve_plan(decided, policy=REVIEW).pages == (0,)


def test_a_box_that_a_person_adds_to_a_document_is_one_on_a_page():
    plan = edit.add_box(document(), xyxy=BOX, label="name", frame=2)
    (region,) = plan.regions
    assert isinstance(region, PageRegion)
    assert region.place == (2, BOX)
    assert region.frame == region.page == 2
    assert region.is_at(2)
    assert not region.is_at(0)
    assert load_plan(dump_plan(plan)) == plan


def test_a_page_that_is_not_there():
    with pytest.raises(InputError):
        edit.add_box(document(pages=2), xyxy=BOX, label="name", frame=2)
