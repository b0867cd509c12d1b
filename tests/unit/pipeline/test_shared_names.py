"""Names of one file of a release are looked for in every other."""

import numpy as np
import pymupdf
import pytest

from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.errors import DetectorError
from saferedact.pipeline.shared_names import names_in, with_names
from saferedact.policy import load_policy
from saferedact.testing.checks import base_case, case_of
from saferedact.testing.detectors import write_pictures
from saferedact.testing.videos import Clip, write_clip
from saferedact.text.spans import TextSpan


class Marked:
    """Takes words between asterisks for names."""

    class info:  # noqa: N801
        name = "marked"

    def detect(self, text, *, language):
        found, at = [], text.find("*")
        while at >= 0:
            end = text.find("*", at + 1)
            score = 0.9 if end - at > 4 else 0.4
            found.append(TextSpan(at + 1, end, "name", "person", score, "marked"))
            at = text.find("*", end + 1)
        return found


def engine():
    return IdentityEngine.of(load_policy("release"), case_of(base_case()), "en", [Marked()])


def test_names_are_collected_once_and_not_those_who_may_be_named(tmp_path):
    (tmp_path / "a.txt").write_text("*Marjorie Tansley* met *Stuart Kemble* and *Al*.")
    (tmp_path / "b.txt").write_text("*Marjorie Tansley* met *Idris Vaughan*.")
    (tmp_path / "c.png").write_bytes(b"no picture")
    (tmp_path / "d.txt").write_bytes(b"\x00\x01\x02" * 9)
    files = sorted(tmp_path.iterdir())
    assert names_in(files, engine()) == ("Marjorie Tansley", "Idris Vaughan")


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "a.txt").write_text("*Marjorie Tansley*")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert names_in([tmp_path / "b.txt"], engine()) == ()


def test_they_join_the_case_as_people_who_may_not_be_named():
    case = case_of(base_case())
    more = with_names(case, ["Idris Vaughan", "stuart kemble"])
    new = more.people[len(case.people) :]
    assert [(p.name, p.publishable) for p in new] == [("Idris Vaughan", False)]
    assert with_names(case, []) is case


@pytest.mark.parametrize(
    "name", ["Mar\u00adjorie Tansley", "Marjorie\u200b Tansley", "Marjorie\nTansley\x07"]
)
def test_what_is_not_seen_in_a_name_is_no_part_of_it(name):
    """A soft hyphen in a name of one file stopped the whole release."""
    case = case_of(base_case())
    more = with_names(case, [name, "\u00ad", "Marjorie Tansley"])
    assert [p.name for p in more.people[len(case.people) :]] == ["Marjorie Tansley"]


def test_names_are_read_as_a_page_shows_them(tmp_path):
    (tmp_path / "a.html").write_text("<p>*Marjorie T<b>ans</b>l&eacute;y*</p>")
    assert names_in([tmp_path / "a.html"], engine()) == ("Marjorie Tansl\u00e9y",)


class Reader:
    """Reads the same line in every picture, and counts the pictures."""

    def __init__(self, text):
        self._text = text
        self.pictures = 0

    def __call__(self, pixels):
        self.pictures += 1
        quad = np.array([[10, 20], [60, 20], [60, 30], [10, 30]], np.float32)
        words = np.array([0], np.int64), np.array([len(self._text)], np.int64)
        return arrange([TextLine(quad, self._text, 0.9, *words, np.array([[0, 1]], np.float32))])


def picture(folder):
    write_pictures(folder / "a.png", np.full((40, 60, 3), 99, np.uint8))
    return folder / "a.png"


def film(folder):
    write_clip(folder / "a.mp4", Clip(pts=tuple(range(0, 90 * 512, 512))))  # 2.9 s
    return folder / "a.mp4"


def scanned(folder):
    with pymupdf.open() as document:
        page = document.new_page(width=60, height=40)
        page.insert_image((0, 0, 60, 40), filename=str(picture(folder)))
        document.save(folder / "a.pdf")
    return folder / "a.pdf"


@pytest.mark.parametrize(("make", "pictures"), [(picture, 1), (scanned, 1), (film, 2)])
def test_names_in_pictures_pages_and_films(tmp_path, make, pictures):
    reader = Reader("*Idris Vaughan* wrote to *Stuart Kemble* and *Al*")
    assert names_in([make(tmp_path)], engine(), reader) == ("Idris Vaughan",)
    assert reader.pictures == pictures


def test_nothing_is_read_in_pictures_when_nobody_reads(tmp_path):
    assert names_in([picture(tmp_path)], engine()) == ()


def test_what_is_less_than_sure_in_a_picture_is_not_looked_for_elsewhere(tmp_path):
    class Likely(Marked):
        def detect(self, text, *, language):
            return [TextSpan(0, 13, "name", "person", 0.8, "marked")] if text else []

    likely = IdentityEngine.of(load_policy("release"), case_of(base_case()), "en", [Likely()])
    assert names_in([picture(tmp_path)], likely, Reader("Idris Vaughan")) == ()
    (tmp_path / "a.txt").write_text("Idris Vaughan")
    assert names_in([tmp_path / "a.txt"], likely) == ("Idris Vaughan",)


def test_a_reader_that_fails_is_no_empty_answer(tmp_path):
    def fails(_pixels):
        raise DetectorError("cannot read")

    with pytest.raises(DetectorError):
        names_in([picture(tmp_path)], engine(), fails)


def test_signs_that_nobody_sees_are_no_part_of_a_name(tmp_path):
    (tmp_path / "a.txt").write_text("*Mar\u00adjorie\u00a0Tans\u200bley*", encoding="utf-8")
    names = names_in([tmp_path / "a.txt"], engine())
    assert names == ("Marjorie Tansley",)
    assert with_names(case_of(base_case()), names).people[-1].name == "Marjorie Tansley"
