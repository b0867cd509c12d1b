"""Mails and archives that bring more than they show."""

from collections.abc import Callable

from saferedact.testing.leaks.benign_files import plain_mail
from saferedact.testing.leaks.office import OFFICE_LEAKS
from saferedact.testing.leaks.pdf_page import FILLER, SECRET
from saferedact.testing.leaks.pdf_visible import PDF_VISIBLE_LEAKS
from saferedact.testing.leaks.pictures import PICTURE_LEAKS
from saferedact.testing.parcels import zipped

__all__ = ["MAIL_LEAKS"]


def _thread() -> bytes:
    mail = plain_mail()
    quote = f"\n-----Original Message-----\nFrom: oic@example.org\n\nThe witness is {SECRET}.\n"
    mail.set_content("\n".join(FILLER) + quote)
    return mail.as_bytes()


def _hidden_html() -> bytes:
    mail = plain_mail()
    html = f'<p>The road is open.</p><p style="display:none">{SECRET}</p>'
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def _trail() -> bytes:
    mail = plain_mail()
    mail["X-Originating-IP"] = "[192.0.2.7]"
    mail["Bcc"] = "witness@example.org"
    return mail.as_bytes()


def _attached_book() -> bytes:
    mail = plain_mail()
    mail.add_attachment(
        OFFICE_LEAKS["hidden_sheet.xlsx"](),
        maintype="application",
        subtype="vnd.ms-excel",
        filename="calls.xlsx",
    )
    return mail.as_bytes()


def _nested() -> bytes:
    return zipped({"mail.eml": _attached_book()})


MAIL_LEAKS: dict[str, Callable[[], bytes]] = {
    "thread.eml": _thread,
    "hidden_html.eml": _hidden_html,
    "trail.eml": _trail,
    "attached_book.eml": _attached_book,
    "nested.zip": _nested,
    "box_inside.zip": lambda: zipped({"a.pdf": PDF_VISIBLE_LEAKS["rectangle.pdf"]()}),
    "gps_inside.zip": lambda: zipped({"a.jpg": PICTURE_LEAKS["gps.jpg"]()}),
}
