"""Files that a text carries in its own addresses, redacted as if they lay beside it.

Pictures go through the pipeline of pictures, drawings and pages through that of texts. What is neither
is refused: a text never takes along what nobody looked at.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from saferedact.detectors.base import ImageDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.errors import RedactionError
from saferedact.media.data_addresses import (
    MOST_FILES_INSIDE,
    FileAddress,
    address_of,
    files_inside,
)
from saferedact.media.image_formats import SNIFF_BYTES, sniff_format
from saferedact.pipeline.redact import redact_with_plan
from saferedact.text.decode import may_be_text

__all__ = ["FilesInText", "RedactPicture", "WithoutFiles", "picture_redactor"]

RedactPicture = Callable[[bytes, str], bytes]
"""Makes a picture of a form (``PNG``) without what must not be seen, in the same form."""

_FONTS = (b"wOFF", b"wOF2", b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
"""How fonts begin: they hold shapes of letters. So may words: Otto is a name."""

_FONT_TYPE = re.compile(
    r"font/.*|application/(?:.*(?:font|opentype|woff).*|octet-stream)", re.DOTALL
)
"""Types that fonts have; browsers show none of them as a page."""

_PACKED = re.compile(
    rb"\s*%PDF-|\s*%!|\s*\{\\rtf|.*(?:^content-transfer-encoding\s*:\s*base64|;encoding=b(?:ase64)?\b"
    rb"|<!entity\s)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
"""Texts that hold pictures and words as codes: documents, mails, cards; and drawings whose words viewers put
together of entities."""

_DEEPEST = 3
"""Texts in texts: a drawing in a style sheet in a page."""

_MOST_IN_ALL = 2 * MOST_FILES_INSIDE
"""Files of a text and of the texts in it: each of a page's drawings may have a picture. Without this bound, a
page of fifty pages has fifty times as many."""

_PRIVATE = range(0xE100, 0xF8FF)
"""Characters that no text shares with others (the private use area)."""

_SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "HEIF": ".heic",
    "AVIF": ".avif",
}


def picture_redactor(
    engine: IdentityEngine,
    detectors: Sequence[ImageDetector | str] | None = None,
    *,
    before: Callable[[], None] | None = None,
) -> RedactPicture:
    """Make who redacts the pictures in texts: as `redact` does, proof and second look included.

    Parameters
    ----------
    engine : IdentityEngine
        Has the policy and the case.
    detectors : sequence of ImageDetector or str, optional
        Who looks.
    before : callable, optional
        Called before each picture, as to fetch models.
    """

    def redacted(data: bytes, form: str) -> bytes:
        if before is not None:
            before()
        with tempfile.TemporaryDirectory(prefix="saferedact-") as name:
            source, new = (Path(name, part + _SUFFIXES[form]) for part in ("source", "new"))
            source.write_bytes(data)
            redact_with_plan(
                source, new, policy=engine.policy, case=engine.case, detectors=detectors
            )
            return new.read_bytes()

    return redacted


@dataclass(frozen=True, slots=True)
class FilesInText:
    """Writes a text anew with its files redacted.

    Parameters
    ----------
    redact_picture : callable or None
        Who redacts pictures; None refuses them.
    redact_text : callable
        Redacts a text within the text: its bytes, its form, how deep it lies.
    numbers : iterator of int
        Numbers the files of all texts that lie in each other.
    """

    redact_picture: RedactPicture | None
    redact_text: Callable[[bytes, str, int], bytes]
    numbers: Iterator[int]

    def new_address(self, inside: FileAddress, text: str, depth: int) -> str:
        """Return the address of a file once it is redacted.

        Parameters
        ----------
        inside : FileAddress
            The file.
        text : str
            What it lies in.
        depth : int
            How deep that lies.

        Raises
        ------
        RedactionError
            If it cannot be redacted.
        InputError, LimitExceededError, DetectorError, VerificationError
            As `redact` of that file.
        """
        data = inside.data
        if data is None:
            raise _refused(inside, "it cannot be read, or is one of too many")
        if next(self.numbers) >= _MOST_IN_ALL:
            raise _refused(inside, f"files in it have more than {_MOST_IN_ALL} files in all")
        form = sniff_format(data[:SNIFF_BYTES])
        if form is not None:
            if self.redact_picture is None:
                raise _refused(inside, "pictures are not redacted here")
            media_type = inside.media_type if inside.media_type.startswith("image/") else ""
            new = self.redact_picture(data, form)
            return address_of(new, media_type or f"image/{form.lower()}")
        is_text = may_be_text(data)
        if data.startswith(_FONTS) and _FONT_TYPE.fullmatch(inside.media_type) and not is_text:
            return text[inside.start : inside.end]
        if not is_text or _PACKED.match(data):
            raise _refused(inside, "it is no picture and no text")
        if depth >= _DEEPEST:
            raise _refused(inside, f"texts lie in it more than {_DEEPEST} deep")
        is_markup = b"<" in data
        new = self.redact_text(data, "html" if is_markup else "txt", depth + 1)
        if new == data:
            return text[inside.start : inside.end]
        charset = f";charset={inside.charset}" if inside.charset else ""
        return address_of(new, (inside.media_type or "text/plain") + charset)


@dataclass(frozen=True, slots=True)
class WithoutFiles:
    """A text with one sign in place of each file in an address: its own signs are no words.

    Parameters
    ----------
    text : str
        The text.
    sign : str
        A private character that the text does not have otherwise.
    files : tuple of FileAddress
        The files, in order; places are those of the whole text.
    """

    text: str
    sign: str
    files: tuple[FileAddress, ...]

    @classmethod
    def of(cls, text: str, *, is_markup: bool) -> "WithoutFiles":
        """Take the files out of a text.

        Raises
        ------
        RedactionError
            If the text has every private character: no sign is left.
        """
        files = tuple(files_inside(text, is_markup=is_markup))
        known = frozenset(text) if files else frozenset()
        sign = next((sign for sign in map(chr, _PRIVATE) if sign not in known), None)
        if sign is None:
            msg = "the text has files in it, and every private character: no sign can stand for a file"
            raise RedactionError(msg)
        parts: list[str] = []
        at = 0
        for file in files:
            parts += (text[at : file.start], sign)
            at = file.end
        return cls("".join((*parts, text[at:])), sign, files)

    def in_whole(self, position: int) -> int:
        """Return where a place of the shorter text is in the whole one."""
        for file in self.files:
            if position <= file.start:
                break
            position += file.end - file.start - len(self.sign)
        return position

    def put_back(self, written: str, addresses: Iterable[str]) -> str:
        """Put addresses into a text that was made of the shorter one.

        Raises
        ------
        RedactionError
            If the text does not have a sign for each any more: it was hidden with words beside it.
        """
        if not self.files:
            return written
        # as it is, in an address (RFC 3986), in a string of JSON
        sign = re.compile(f"{self.sign}|{quote(self.sign)}|\\\\u{ord(self.sign):04x}")
        pieces = sign.split(written)
        if len(pieces) != len(self.files) + 1:
            msg = "a file in a text lies among words that are hidden; take it out of the text"
            raise RedactionError(msg)
        parts = [pieces[0]]
        for address, piece in zip(addresses, pieces[1:], strict=True):
            parts += (address, piece)
        return "".join(parts)


def _refused(inside: FileAddress, why: str) -> RedactionError:
    return RedactionError(f"{inside.place}: {why}; take it out of the text, or redact it by itself")
