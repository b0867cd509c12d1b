"""Files in files: each leaf is told with its place, and no bomb unfolds."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.errors import InputError, LimitExceededError, SaferedactError
from saferedact.media import parcel
from saferedact.media.parcel import open_parcel, parcel_kind
from saferedact.testing.parcels import saved, zipped


def write(tmp_path, data):
    path = tmp_path / "parcel.bin"
    path.write_bytes(data)
    return path


def test_from_an_archive_down_to_a_cell(tmp_path, a_mail, new_xlsx):
    new_xlsx.active["A1"] = "in a cell"
    a_mail.add_attachment(saved(new_xlsx), maintype="application", subtype="x", filename="b.xlsx")
    path = write(tmp_path, zipped({"a.eml": bytes(a_mail), "c.txt": b"text"}))
    leaves = list(open_parcel(path))
    assert [(leaf.place, leaf.contents and leaf.contents.format) for leaf in leaves] == [
        ("", "ZIP"),
        ("entry 1", "EML"),
        ("entry 1, attachment 2", "XLSX"),
        ("entry 2", None),
    ]
    assert leaves[2].contents.passages[1].text == "in a cell"
    assert leaves[3].data == b"text"


def test_places_hold_no_names(tmp_path, new_docx):
    path = write(tmp_path, zipped({"Mhairi Oyelowo/Mhairi.docx": saved(new_docx)}))
    for leaf in open_parcel(path):
        assert "Mhairi" not in leaf.place
        assert leaf.contents is None or all(
            "Mhairi" not in item.place for item in (*leaf.contents.traces, *leaf.contents.passages)
        )


def test_a_damaged_file_inside_is_told(tmp_path):
    leaves = list(open_parcel(write(tmp_path, zipped({"a.docx": b"PK\x03\x04 broken"}))))
    assert leaves[1].contents is None
    assert leaves[1].problem


def test_a_locked_entry_is_told(tmp_path):
    data = bytearray(zipped({"a.txt": b"text"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    (leaf,) = open_parcel(write(tmp_path, bytes(data)))
    assert leaf.contents.unread == ("entry 1: a part of the file is locked with a password",)


def test_depth_is_bounded(tmp_path):
    data = zipped({"a.txt": b"text"})
    for _ in range(9):
        data = zipped({"inner.zip": data})
    leaves = list(open_parcel(write(tmp_path, data)))
    assert "deeper" in leaves[-1].problem
    assert len(leaves) < 9


def test_the_number_of_leaves_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(parcel, "_MAX_LEAVES", 5)
    data = zipped({f"{number}.txt": b"x" for number in range(6)})
    with pytest.raises(LimitExceededError):
        list(open_parcel(write(tmp_path, data)))


def test_a_bomb_does_not_unfold(tmp_path, monkeypatch):
    monkeypatch.setattr(parcel, "_MAX_TOTAL_BYTES", 1_000_000)
    with pytest.raises(LimitExceededError):
        list(open_parcel(write(tmp_path, zipped({"a.txt": bytes(2_000_000)}))))


def test_a_comment_of_the_archive(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"packed by A. Writer"
    (leaf,) = open_parcel(write(tmp_path, buffer.getvalue()))
    assert leaf.contents.traces[0].text == "packed by A. Writer"


def test_other_files_are_no_parcels(tmp_path):
    with pytest.raises(InputError):
        list(open_parcel(write(tmp_path, b"%PDF-1.7")))


@given(st.binary(max_size=200))
def test_any_archive_gives_leaves_or_one_of_our_errors(tmp_path_factory, tail):
    path = write(tmp_path_factory.mktemp("any"), b"PK\x03\x04" + tail)
    assert parcel_kind(path.read_bytes()) == "ZIP"
    with contextlib.suppress(SaferedactError):
        list(open_parcel(path))


def test_a_folder_that_holds_bytes_is_read_like_a_file(tmp_path):
    leaves = list(open_parcel(write(tmp_path, zipped({"empty/": b"", "full/": b"text"}))))
    assert [leaf.data for leaf in leaves[1:]] == [b"text"]
