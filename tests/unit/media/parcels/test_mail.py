"""Mails: what is read on their face, what travels along, and what is quoted below."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferedact.errors import DamagedInputError, LimitExceededError, SaferedactError
from saferedact.media import mail as mail_module
from saferedact.media.mail import looks_like_mail, read_mail, split_thread

SECRET = "Mhairi Oyelowo"


def read(mail):
    return read_mail(io.BytesIO(bytes(mail)))


def channels(contents):
    return {trace.channel for trace in contents.traces if SECRET in trace.text}


def test_the_face_of_a_mail(a_mail):
    contents = read(a_mail)
    texts = [passage.text for passage in contents.passages]
    assert texts == ["press@example.org", "news@example.org", "A statement", "The statement.\n"]
    assert contents.traces == ()


@pytest.mark.parametrize("header", ["Bcc", "Received", "X-Originating-IP", "Reply-To", "X-Mailer"])
def test_the_trail(a_mail, header):
    a_mail[header] = f"{SECRET} <a@example.org>"
    assert channels(read(a_mail)) == {"header-trail"}


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "On Tue, 3 Nov 2026 at 09:12, A Writer wrote:",
        "________________________________",
        "> earlier",
        "From: A Writer <a@example.org>",
    ],
)
def test_an_earlier_mail_below(above):
    written, quoted = split_thread(f"The statement.\n\n{above}\n{SECRET}\n")
    assert SECRET not in written
    assert SECRET in quoted


def test_a_text_without_a_thread():
    assert split_thread("On Tuesday a man wrote to us.\nFrom here on.") == (
        "On Tuesday a man wrote to us.\nFrom here on.",
        "",
    )


@given(st.text())
def test_a_thread_is_split_without_loss(text):
    written, quoted = split_thread(text)
    assert written + quoted == text


def test_attachments_and_attached_mails(a_mail):
    inner = type(a_mail)()
    inner["Subject"] = SECRET
    inner.set_content("x")
    a_mail.add_attachment(b"data", maintype="application", subtype="x", filename="a.bin")
    a_mail.add_attachment(inner)
    packed = read(a_mail).packed
    assert packed[0].data == b"data"
    assert packed[0].name == "a.bin"
    assert SECRET.encode() in packed[1].data


def test_too_many_parts(a_mail, monkeypatch):
    monkeypatch.setattr(mail_module, "MAX_PARTS", 3)
    for number in range(4):
        a_mail.add_attachment(b"x", maintype="application", subtype="x", filename=f"{number}")
    with pytest.raises(LimitExceededError, match="parts"):
        read(a_mail)


def test_a_mail_over_the_limit(a_mail, monkeypatch):
    monkeypatch.setattr(mail_module, "_MAX_MAIL_BYTES", 100)
    with pytest.raises(LimitExceededError, match="limit of 100 bytes"):
        read(a_mail)


def test_a_body_in_an_unknown_character_set_is_damage_that_quotes_nothing(a_mail):
    a_mail.replace_header("Content-Type", f'text/plain; charset="{SECRET}"')
    with pytest.raises(DamagedInputError, match="cannot be parsed") as caught:
        read(a_mail)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", False),
        (b"From: a@example.org\nTo: b@example.org\nSubject: x\n\ntext", True),
        (b"Received: from x\n by y\nFrom: a\nDate: z\n", True),
        (b"Name: x\nAge: 3\nTown: y\n", False),
        (b"A text about: something\nthat is no mail\n", False),
    ],
)
def test_mails_are_told_by_their_headers(head, expected):
    assert looks_like_mail(head) is expected


@given(st.binary())
def test_any_bytes_are_a_mail_or_one_of_our_errors(data):
    with contextlib.suppress(SaferedactError):
        read_mail(io.BytesIO(data))


_REPORT = b"""From: server@example.org
To: press@example.org
Subject: not delivered
X-Forwarded-To: harriet@example.org
Content-Type: multipart/report; boundary=B

Harriet wrote this before the parts
--B
Content-Type: text/plain
Content-Description: Statement of Harriet Osgathorp

It was not delivered.
--B
Content-Type: message/delivery-status

Final-Recipient: rfc822; harriet@example.org

Action: failed

--B
Content-Type: message/rfc822
Content-Transfer-Encoding: base64

RnJvbTogaGFycmlldEBleGFtcGxlLm9yZwpTdWJqZWN0OiBoZWxsbwpEYXRlOiB4CgpIaQo=
--B--
This is a multi-part message in MIME format.
"""


def test_reports_of_delivery_are_read():
    contents = read_mail(io.BytesIO(_REPORT))
    assert "Statement of Harriet Osgathorp" in [passage.text for passage in contents.passages]
    told = [(trace.channel, trace.text.strip()) for trace in contents.traces]
    assert told == [
        ("header-trail", "harriet@example.org"),
        ("hidden-text", "Harriet wrote this before the parts"),
    ]
    status, attached = (packed.data for packed in contents.packed)
    assert b"rfc822; harriet@example.org" in status
    assert attached.startswith(b"From: harriet@example.org")
