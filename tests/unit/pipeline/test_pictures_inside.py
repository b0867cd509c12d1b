"""Pictures inside a file are looked at as those that lie in the release by themselves."""

import base64
import io
import json
import zipfile

import docx
import numpy as np
import pikepdf
import pymupdf
import pytest

from saferedact.detectors.picture_text import TextLine, arrange
from saferedact.errors import DetectorError
from saferedact.pipeline import check
from saferedact.pipeline.inspection import Inspection, Inspector, inside, shelf
from saferedact.pipeline.inspection.findings import Inside
from saferedact.pipeline.materials import Readers, read_material
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, plant, walking_marks, write_pictures
from saferedact.testing.images import sample_pixels
from saferedact.testing.videos import Clip, write_clip

MARK = (30, 20, 70, 60)


def picture(tmp_path, *, seed: int = 1, mark=MARK) -> bytes:
    pixels = sample_pixels((160, 120), seed=seed)
    plant(pixels, [mark])
    write_pictures(tmp_path / "picture.png", pixels)
    return (tmp_path / "picture.png").read_bytes()


def in_an_archive(path, data):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", data)
    return "entry 1"


def in_a_document(path, data):
    document = docx.Document()
    document.add_paragraph("The picture.")
    document.add_picture(io.BytesIO(data))
    document.save(path)
    return "picture 1"


def in_a_page(path, data):
    coded = base64.b64encode(data).decode()
    path.write_text(f'<html><body>\n<img src="data:image/png;base64,{coded}"></body></html>')
    return "line 2, file inside"


def in_a_page_in_an_archive(path, data):
    coded = base64.b64encode(data).decode()
    with zipfile.ZipFile(path, "w") as archive:
        page = f'<!doctype html><html><img src="data:image/png;base64,{coded}"></html>'
        archive.writestr("a.html", page)
    return "entry 1: line 1, file inside"


def in_a_drawing(path, data):
    coded = base64.b64encode(data).decode()
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    path.write_text(f'{head}<image href="data:image/png;base64,{coded}"/></svg>')
    return "line 1, file inside"


def attached_to_a_pdf(path, data):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    pdf.attachments["a.png"] = pikepdf.AttachedFileSpec(pdf, data)
    pdf.save(path)
    return "attachment 1"


def on_a_page_of_a_pdf_in_an_archive(path, data):
    document = pymupdf.open()
    document.new_page(width=200, height=200)
    page = document.new_page(width=200, height=200)
    page.insert_image((10, 10, 170, 130), stream=data)
    # Packed: a PDF that begins within the first KiB of a file makes the file a PDF, too.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", document.tobytes())
    return "entry 1: page 2"


HOLDERS = {
    "a.zip": in_an_archive,
    "a.docx": in_a_document,
    "a.html": in_a_page,
    "b.zip": in_a_page_in_an_archive,
    "a.svg": in_a_drawing,
    "a.pdf": attached_to_a_pdf,
    "c.zip": on_a_page_of_a_pdf_in_an_archive,
}


POLICY = load_policy("release")
LOOKERS = (PlantedDetector(),)


@pytest.fixture(scope="module")
def inspector():
    with Inspector(POLICY.effective_limits()) as inspector:
        yield inspector


@pytest.fixture
def read(inspector):
    """Read a file as a check does."""

    def run(path, detectors=LOOKERS, image_text=None):
        readers = Readers(POLICY, detectors, image_text, inspector)
        return read_material(path, path.name, "file-1", None, readers)

    return run


@pytest.mark.parametrize("name", HOLDERS)
def test_a_face_in_a_picture_inside_is_seen_in_its_place(tmp_path, read, name):
    place = HOLDERS[name](tmp_path / name, picture(tmp_path))
    material = read(tmp_path / name)
    assert {(face.label, face.part) for face in material.sights} == {("face", place)}
    assert material.has_pictures


def test_it_is_told(tmp_path):
    in_an_archive(tmp_path / "a.zip", picture(tmp_path))
    report = check(tmp_path / "a.zip", detectors=LOOKERS, finder=None, image_text=None, parser=None)
    (found,) = [f for f in report.findings if f.rule_id == "ID-02"]
    assert (found.location.part, found.location.xyxy) == ("entry 1", MARK)


def test_a_film_inside(tmp_path, read):
    write_clip(
        tmp_path / "a.mp4",
        Clip(pts=tuple(range(0, 12 * 512, 512)), draw=walking_marks([[(40, 40)]] * 12)),
    )
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.mp4", "a.mp4")
    assert {face.part for face in read(tmp_path / "a.zip").sights} == {"entry 1"}


def test_no_picture_inside(tmp_path, read):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "words")
    assert not read(tmp_path / "a.zip").has_pictures


def reader(_pixels):
    """Read one line in every picture."""
    text = "Call 07700 900345"
    quad = np.array([[10, 20], [60, 20], [60, 30], [10, 30]], np.float32)
    words = np.array([0], np.int64), np.array([len(text)], np.int64)
    return arrange([TextLine(quad, text, 0.9, *words, np.array([[0, 1]], np.float32))])


def test_what_is_written_in_a_picture_inside_is_read(tmp_path, read):
    in_a_page(tmp_path / "a.html", picture(tmp_path))
    material = read(tmp_path / "a.html", image_text=reader)
    (found,) = [text for text in material.segments if "07700" in text.text]
    assert (found.origin, found.part) == ("ocr", "line 2, file inside")


def test_words_in_an_address_of_a_page_are_read(tmp_path, read):
    coded = base64.b64encode(b"<p>Call 07700 900345</p>").decode()
    page = f'<html><iframe src="data:text/html;base64,{coded}"></iframe></html>'
    (tmp_path / "a.html").write_text(page)
    (found,) = [text for text in read(tmp_path / "a.html").segments if "07700" in text.text]
    assert found.part == "line 1, file inside"


def test_the_signs_of_a_coded_file_are_no_words(tmp_path, read):
    """Its letters and digits look like numbers of all kinds; what stands beside it is read."""
    coded = base64.b64encode(b"07700 900345 " * 400).decode()
    wrapped = "\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
    page = (
        f'<html><img alt="Priya Nair" src="data:image/png;base64,{wrapped}" title="a face"></html>'
    )
    (tmp_path / "a.html").write_text(page)
    placed = next(s.text for s in read(tmp_path / "a.html").segments if s.first_line)
    assert not any(line in placed for line in wrapped.split("\n")[:-1])
    assert placed.index("a face") == page.index("a face")
    assert placed.index("Priya") == page.index("Priya")


def test_a_detector_that_fails_is_an_error(tmp_path, read):
    class Failing(PlantedDetector):
        def detect(self, images, **options):
            raise ValueError

    in_an_archive(tmp_path / "a.zip", picture(tmp_path))
    with pytest.raises(DetectorError):
        read(tmp_path / "a.zip", detectors=(Failing(),))


def test_a_picture_that_cannot_be_decoded_is_told(tmp_path, read):
    in_an_archive(tmp_path / "a.zip", picture(tmp_path)[:600])
    assert any(reason.startswith("entry 1: ") for reason in read(tmp_path / "a.zip").unread)


class TestShelf:
    def test_the_same_picture_is_kept_once(self, tmp_path):
        kept = shelf.Shelf(tmp_path)
        assert kept.within("entry 1").put(b"one", "image") is None
        assert kept.within("entry 2").put(b"one", "image") is None
        assert kept.within("entry 3").within("part 4").put(b"two", "pdf") is None
        assert kept.inside == (
            Inside("0", "entry 1", "image"),
            Inside("1", "entry 3: part 4", "pdf"),
        )
        assert (tmp_path / "1").read_bytes() == b"two"

    @pytest.mark.parametrize(("limit", "most"), [("_MOST_PICTURES", 1), ("_MOST_BYTES", 5)])
    def test_more_than_there_is_room_for_are_told_once(self, tmp_path, monkeypatch, limit, most):
        monkeypatch.setattr(shelf, limit, most)
        kept = shelf.Shelf(tmp_path)
        told = [kept.put(data, "image") for data in (b"one", b"two", b"four")]
        assert [text is None for text in told] == [True, False, True]
        assert len(kept.inside) == len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "forged", [["../0", "", "image"], ["/etc/passwd", "", "image"], ["0", "", "text"]]
)
def test_a_process_that_was_taken_over_names_no_other_file(forged):
    tree = json.loads(Inspection("other").to_json())
    tree["inside"] = [forged]
    with pytest.raises(ValueError):  # noqa: PT011  as of any answer that is none
        Inspection.from_json(json.dumps(tree).encode())


def test_a_link_in_the_folder_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "0").symlink_to(tmp_path / "elsewhere")
    found = Inspection("other", inside=(Inside("0", "entry 1", "image"),))
    options = {"policy": None, "detectors": (), "image_text": None}
    monkeypatch.setattr(inside, "see", lambda *_, **__: pytest.fail("it was opened"))
    assert inside.see_inside(found, tmp_path, **options).sights == []
