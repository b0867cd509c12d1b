"""Bytes of a text file to a text and back: UTF-8, UTF-16 and Windows-1252, or a clear refusal."""

import codecs
from dataclasses import dataclass

from saferedact.errors import InputError

__all__ = ["DecodedText", "decode_text", "may_be_text"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_NULL_SHARE = 0.3
"""Text of Western languages in UTF-16 without a mark has a null in nearly every second byte."""

_SAMPLE = 4096  # bytes that tell UTF-16 without its mark
_HEAD_BYTES = 64 * 1024  # in which files of other kinds have a null


def may_be_text(data: bytes) -> bool:
    """Tell whether bytes of no known kind may be a text: there is no null at their beginning."""
    return b"\0" not in data[:_HEAD_BYTES]


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text and how it was coded.

    Parameters
    ----------
    text : str
        The text, line ends as they were.
    encoding : str
        ``"utf-8"``, ``"utf-16-le"``, ``"utf-16-be"`` or ``"cp1252"``; of a file with lines in
        UTF-8 and lines in Windows-1252 ``"utf-8"``, which it is written in then.
    mark : bytes
        The byte order mark, which is written again.
    is_mixed : bool
        Whether the file has lines of both.
    """

    text: str
    encoding: str
    mark: bytes = b""
    is_mixed: bool = False

    def encode(self, text: str, *, as_markup: bool = False) -> bytes:
        """Code another text the same way.

        Parameters
        ----------
        text : str
            The text.
        as_markup : bool
            Whether characters that the encoding does not have are written as references: ``&#322;``.

        Raises
        ------
        InputError
            If it has characters that the encoding does not have.
        """
        try:
            errors = "xmlcharrefreplace" if as_markup else "strict"
            return self.mark + text.encode(self.encoding, errors=errors)
        except UnicodeEncodeError:
            msg = f"the text cannot be written as {self.encoding}"
            raise InputError(msg) from None


def decode_text(data: bytes) -> DecodedText:
    """Tell how bytes are coded, and decode them.

    Parameters
    ----------
    data : bytes
        A whole file.

    Returns
    -------
    DecodedText
        Its text.

    Raises
    ------
    InputError
        If it is no text: null bytes outside UTF-16, or bytes that no encoding has.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, mark)
    unmarked = _unmarked_utf16(data[:_SAMPLE])
    if unmarked is not None:
        return _strict(data, unmarked, b"")
    if b"\0" in data:
        msg = "the file is not a text: it holds null bytes"
        raise InputError(msg)
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _by_line(data)


def _strict(data: bytes, encoding: str, mark: bytes) -> DecodedText:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        msg = f"the file begins as {encoding} and goes on as something else"
        raise InputError(msg) from None
    if "\0" in text:
        msg = "the file is not a text: it holds null characters"
        raise InputError(msg)
    return DecodedText(text, encoding, mark)


def _unmarked_utf16(sample: bytes) -> str | None:
    if len(sample) < 4:
        return None
    pairs = len(sample) // 2
    high, low = sample[1 : 2 * pairs : 2].count(0), sample[0 : 2 * pairs : 2].count(0)
    if high > _NULL_SHARE * pairs and low == 0:
        return "utf-16-le"
    if low > _NULL_SHARE * pairs and high == 0:
        return "utf-16-be"
    return None


def _by_line(data: bytes) -> DecodedText:
    """Decode each line as UTF-8 where it is, else as Windows-1252: logs are joined from both."""
    lines: list[str] = []
    has_utf8 = False
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            has_utf8 = has_utf8 or not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                msg = "the file is not a text in UTF-8, UTF-16 or Windows-1252"
                raise InputError(msg) from None
    return DecodedText("\n".join(lines), "utf-8" if has_utf8 else "cp1252", is_mixed=has_utf8)
