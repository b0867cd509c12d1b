"""Hostile files: whatever is done to the bytes of any kind, an answer or an error of ours."""

import contextlib
import functools

from hypothesis import given, settings
from hypothesis import strategies as st

from saferedact.errors import SaferedactError
from saferedact.limits import Limits
from saferedact.pipeline.inspection.look_into import look_into
from saferedact.testing.leaks import LEAKS

KINDS = (
    *("rectangle.pdf", "scan_under_box.pdf", "hidden_field.pdf", "attachment.pdf"),
    *("comment.docx", "hidden_sheet.xlsx", "notes.pptx", "thread.eml", "attached_book.eml"),
    *("gps_inside.zip", "cropped.png", "artist.jpg"),
)
LIMITS = Limits(max_pixels=4_000_000, max_file_bytes=50_000_000)


@functools.cache
def made(name):
    return LEAKS[name]()


@settings(max_examples=60)
@given(
    name=st.sampled_from(KINDS),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6), st.booleans()), max_size=6
    ),
    end=st.floats(0.2, 1),
)
def test_damaged_files(tmp_path_factory, name, changes, end):
    data = bytearray(made(name))
    for place, value, inserted in changes:
        at = int(place * len(data))
        data[at : at if inserted else at + len(value)] = value
    path = tmp_path_factory.mktemp("hostile") / "file"
    path.write_bytes(bytes(data[: int(end * len(data)) or 1]))
    with contextlib.suppress(SaferedactError):
        look_into(path, LIMITS)
