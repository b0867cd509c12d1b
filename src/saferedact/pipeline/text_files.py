"""Text files in, text files without identities out: the structure, encoding and line ends stay."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.replace_text import redact_pieces
from saferedact.document_io import read_bounded
from saferedact.errors import LimitExceededError, UnsupportedFormatError
from saferedact.pipeline.files_in_text import FilesInText, RedactPicture, WithoutFiles
from saferedact.text.decode import decode_text
from saferedact.text.layout import MARKUP_FORMATS, TEXT_FORMATS, split_text
from saferedact.text.segments import Segment, join_segments, write_segments
from saferedact.text.spans import TextSpan

__all__ = ["RedactedFile", "read_text_file", "redact_text_file", "text_format"]

_BYTES_PER_CHAR = 4  # most that one code point takes in the encodings that are read


@dataclass(frozen=True, slots=True, eq=False)
class RedactedFile:
    """A text file without identities.

    Parameters
    ----------
    data : bytes
        The new file.
    spans : list of TextSpan
        What was replaced, in code points of the file's text. Where escapes stand in a string, a
        span covers the whole string.
    encoding : str
        How the file is coded.
    is_mixed : bool
        Whether the source had lines in two encodings; the new file is UTF-8.
    pictures : int
        Pictures in addresses that were redacted.
    """

    data: bytes
    spans: list[TextSpan]
    encoding: str
    is_mixed: bool
    pictures: int = 0


def text_format(name: str) -> str:
    """Tell the kind of a text file by its suffix.

    Raises
    ------
    UnsupportedFormatError
        If it is of no kind that is understood.
    """
    suffix = Path(name).suffix.lower().removeprefix(".")
    if suffix in TEXT_FORMATS:
        return suffix
    msg = f"text files of these kinds are read: {', '.join(TEXT_FORMATS)}; --format says which"
    raise UnsupportedFormatError(msg)


def read_text_file(path: Path, engine: IdentityEngine) -> bytes:
    """Read a text file within the policy's limits.

    Raises
    ------
    InputError
        If it cannot be read.
    LimitExceededError
        If it is longer than any text may be.
    """
    data = read_bounded(path, most_bytes(engine), what="file")
    check_bytes(data, engine)
    return data


def most_bytes(engine: IdentityEngine) -> int:
    """Say how many bytes the longest text has that the policy's limits allow."""
    return _BYTES_PER_CHAR * engine.policy.effective_limits().max_text_chars


def check_bytes(data: bytes, engine: IdentityEngine) -> None:
    """Refuse more bytes than the longest text has.

    Raises
    ------
    LimitExceededError
        If there are more.
    """
    most = most_bytes(engine)
    if len(data) > most:
        msg = f"a text file of more than {most} bytes is over the limit"
        raise LimitExceededError(msg)


def redact_text_file(
    data: bytes, form: str, engine: IdentityEngine, *, redact_picture: RedactPicture | None = None
) -> RedactedFile:
    """Replace every name and identifier of a text file, and redact the files in its addresses.

    Parameters
    ----------
    data : bytes
        The file.
    form : str
        One of `TEXT_FORMATS`.
    engine : IdentityEngine
        Who looks.
    redact_picture : callable, optional
        Who redacts pictures in addresses (``data:``). Without one, a text with pictures is refused.

    Returns
    -------
    RedactedFile
        Byte by byte the same but for what was replaced.

    Raises
    ------
    InputError
        If it is no text, or not of that form.
    LimitExceededError
        If it is too long.
    DetectorError
        If a detector could not look.
    RedactionError
        If a file in an address is of a kind that cannot be redacted there.
    VerificationError
        If something is still found on a picture in it.
    """
    if redact_picture is None:
        return _redacted(data, form, engine, None, count())
    pictures: list[bytes] = []

    def counted(picture: bytes, picture_form: str) -> bytes:
        pictures.append(redact_picture(picture, picture_form))
        return pictures[-1]

    done = _redacted(data, form, engine, counted, count())
    return replace(done, pictures=len(pictures))


def _redacted(
    data: bytes,
    form: str,
    engine: IdentityEngine,
    redact_picture: RedactPicture | None,
    numbers: Iterator[int],
    *,
    depth: int = 0,
) -> RedactedFile:
    def text_inside(inner: bytes, inner_form: str, inner_depth: int) -> bytes:
        return _redacted(inner, inner_form, engine, redact_picture, numbers, depth=inner_depth).data

    decoded = decode_text(data)
    engine.check(decoded.text)
    is_markup = form in MARKUP_FORMATS
    short = WithoutFiles.of(decoded.text, is_markup=is_markup)
    segments = split_text(short.text, form)
    joined, places = join_segments(segments)
    result = redact_pieces(joined, places, engine)
    written = write_segments(short.text, segments, result.pieces)
    files = FilesInText(redact_picture, text_inside, numbers)
    addresses = (files.new_address(file, decoded.text, depth) for file in short.files)
    written = short.put_back(written, addresses)
    spans = _in_file(short, segments, places, result.spans)
    data = decoded.encode(written, as_markup=is_markup)
    return RedactedFile(data, spans, decoded.encoding, decoded.is_mixed)


def _in_file(
    short: WithoutFiles,
    segments: list[Segment],
    places: list[tuple[int, int]],
    spans: list[TextSpan],
) -> list[TextSpan]:
    """Move spans from the joined text to the file's."""
    moved: list[TextSpan] = []
    at = 0
    for span in spans:
        while places[at][1] <= span.start:
            at += 1
        segment, (start, _) = segments[at], places[at]
        first, last = segment.start + span.start - start, segment.start + span.end - start
        if short.text[segment.start : segment.end] != segment.text:
            first, last = segment.start, segment.end
        moved.append(
            TextSpan(
                short.in_whole(first),
                short.in_whole(last),
                span.label,
                span.kind,
                span.score,
                span.source,
                span.person_ref,
            )
        )
    return moved
