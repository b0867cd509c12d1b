"""Files in addresses: nothing is taken for a file's signs that nobody looks at."""

import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.media.data_addresses import files_inside, without_coded

SECRET = base64.b64encode(b"Call 07700 900345, ask for the second cousin of the driver").decode()


@pytest.mark.parametrize("is_markup", [True, False])
@pytest.mark.parametrize(
    "head", ["data:;base64,", "data:img/png;base64,", "DATA:x ; BASE64 ,", "data:a/b;n=1;base64,"]
)
def test_what_is_no_word_is_a_file(head, is_markup):
    text = f"See {head}{SECRET} and more"
    assert without_coded(text, is_markup=is_markup) == f"See {head}{' ' * len(SECRET)} and more"
    (inside,) = files_inside(text, is_markup=is_markup)
    assert inside.data == base64.b64decode(SECRET)


def test_words_behind_a_file_stay_words():
    text = f'<a title="data:;base64,{SECRET[:40]}\n{SECRET[40:]} Harriet Osgathorp said so">'
    assert without_coded(text, is_markup=True).endswith('Harriet Osgathorp said so">')


PARTS = (
    "data:",
    ";base64",
    ",",
    "image/png",
    '"',
    "'",
    "\\",
    "(",
    ")",
    " ",
    "\n",
    "QUJD",
    "=",
    "&quot;",
    ";a=b",
)


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.booleans())
def test_every_sign_that_is_blanked_lies_in_a_file(parts, is_markup):
    text = "".join(parts)
    files = list(files_inside(text, is_markup=is_markup))
    blanked = without_coded(text, is_markup=is_markup)
    assert len(blanked) == len(text)
    for place, (sign, shown) in enumerate(zip(text, blanked, strict=True)):
        if sign != shown:
            assert any(file.start <= place < file.end for file in files)
    assert all(one.end <= other.start for one, other in itertools.pairwise(files))
