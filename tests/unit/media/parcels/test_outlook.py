"""Outlook's mails, written as compound files."""

import io

import pytest

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.media import outlook
from saferedact.media.outlook import read_outlook
from saferedact.testing.compound import compound_file, outlook_mail

FACE = {"0C1A": "Press Office", "0E04": "News Desk", "0037": "A statement"}


def read(data):
    return read_outlook(io.BytesIO(data))


def test_a_plain_mail():
    found = read(outlook_mail({**FACE, "1000": "The road is open.\r\n"}))
    assert found.format == "MSG"
    assert {(p.place, p.text.strip()) for p in found.passages} == {
        ("sender", "Press Office"),
        ("to", "News Desk"),
        ("subject", "A statement"),
        ("text", "The road is open."),
    }
    assert found.traces == ()
    assert found.packed == ()
    assert found.unread == ()


def test_the_trail_and_the_thread():
    body = "New.\r\n-----Original Message-----\r\nOld words.\r\n"
    found = read(outlook_mail({"1000": body, "0E02": "witness@example.org"}))
    assert {(t.channel, t.place) for t in found.traces} == {
        ("header-trail", "bcc"),
        ("quoted-thread", "text"),
    }
    assert "Old words" in next(t.text for t in found.traces if t.channel == "quoted-thread")
    assert [p.text.strip() for p in found.passages] == ["New."]


def test_html_without_a_plain_twin():
    html = '<p>Seen.</p><p style="display:none">Unseen.</p>'
    found = read(outlook_mail({"1013": html}))
    assert [p.text.strip() for p in found.passages] == ["Seen."]
    assert [(t.channel, t.text) for t in found.traces] == [("hidden-text", "Unseen.")]


def test_a_page_beside_its_plain_twin_is_looked_into():
    html = '<p>Seen.</p><p style="display:none">Unseen.</p>'
    found = read(outlook_mail({"1000": "Seen.", "1013": html}))
    assert [p.text.strip() for p in found.passages] == ["Seen."]
    assert [(t.channel, t.text) for t in found.traces] == [("hidden-text", "Unseen.")]


def test_attachments():
    found = read(outlook_mail({"1000": "See."}, [("a.txt", b"content"), ("b.txt", b"more")]))
    assert [(p.place, p.name) for p in found.packed] == [
        ("attachment 1", "a.txt"),
        ("attachment 2", "b.txt"),
    ]
    assert found.packed[0].data.startswith(b"content")


def test_what_is_not_read_is_told():
    streams = {
        "__properties_version1.0": b"",
        "__substg1.0_10090102": b"rtf",
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "m".encode("utf-16-le"),
    }
    assert read(compound_file(streams)).unread == (
        "the text of the mail is rich text alone, which is not read",
        "attachment 1 is a mail or an object inside the mail",
    )


def test_other_compound_files_are_refused():
    with pytest.raises(DamagedInputError, match="old office programs"):
        read(compound_file({"WordDocument": b"x"}))


def test_a_damaged_file():
    with pytest.raises(DamagedInputError):
        read(outlook_mail(FACE)[:700])


def test_limits(monkeypatch):
    data = outlook_mail({**FACE, "1000": "text"})
    monkeypatch.setattr(outlook, "_MAX_ENTRIES", 2)
    with pytest.raises(LimitExceededError, match="parts"):
        read(data)
    monkeypatch.setattr(outlook, "_MAX_ENTRIES", 100)
    monkeypatch.setattr(outlook, "_MAX_STREAM_BYTES", 10)
    with pytest.raises(LimitExceededError, match="bytes"):
        read(data)


def test_recipients_are_told_with_their_addresses():
    streams = {"__properties_version1.0": b""}
    for number, said in enumerate(
        ({"3001": "Witness", "39FE": "witness@example.org"}, {"3001": "", "3003": ""})
    ):
        for key, text in said.items():
            folder = f"__recip_version1.0_#{number:08X}"
            streams[f"{folder}/__substg1.0_{key}001F"] = text.encode("utf-16-le")
    found = read(compound_file(streams))
    assert [(t.channel, t.place, t.text) for t in found.traces] == [
        ("header-trail", "recipient 1", "Witness witness@example.org")
    ]
