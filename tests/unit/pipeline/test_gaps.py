"""What could not be looked at in a file is told once for each reason, with places."""

import pytest

from saferedact.pipeline.inspection.as_material import NOT_READ_OTHER, looked
from saferedact.pipeline.inspection.findings import Inspection


def gaps(unread, general=(), *, inspected=True):
    return looked(
        Inspection("other", unread=tuple(unread), inspected=inspected), general, None
    ).unread


@pytest.mark.parametrize(
    ("unread", "told"),
    [
        ([], ()),
        (["it is locked"], ("it is locked",)),
        (["a: it is locked", "a: it is locked"], ("a: it is locked",)),
        (["a: locked", "b: damaged", "c: locked"], ("a: locked", "c: locked", "b: damaged")),
        ([f"{n}: locked" for n in range(3)], ("0: locked", "1: locked", "2: locked")),
        (
            [f"entry {n}, entry 1: locked" for n in range(700)],
            *[
                (
                    "entry 0, entry 1: locked",
                    "entry 1, entry 1: locked",
                    "entry 2, entry 1: locked",
                    "697 more places: locked",
                )
            ],
        ),
    ],
)
def test_each_reason_is_told_with_its_first_places(unread, told):
    assert gaps(unread) == told


@pytest.mark.parametrize(
    ("unread", "inspected", "told"),
    [
        (["the file is damaged"], False, ("the file is damaged",)),
        ([], False, (NOT_READ_OTHER,)),
        ([], True, ()),
        (["a: locked"], True, ("a: locked",)),
    ],
)
def test_a_reason_of_its_own_stands_for_the_general_one(unread, inspected, told):
    assert gaps(unread, (NOT_READ_OTHER,), inspected=inspected) == told
