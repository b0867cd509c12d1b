"""The texts of a text file, each with its place: prose, captions, tables, markup.

Markup is blanked, not removed, so that places stay those of the file. What readers would not see
(comments, scripts, attributes) stays: it is published along.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from saferedact.checks.material import Segment
from saferedact.document_io import read_bounded
from saferedact.errors import InputError, LimitExceededError
from saferedact.media.data_addresses import without_coded
from saferedact.text.decode import decode_text
from saferedact.text.layout import CAPTION_SETTINGS, MARKUP_FORMATS, TEXT_FORMATS, split_text
from saferedact.text.segments import join_segments

__all__ = ["PAGE_SUFFIXES", "TEXT_SUFFIXES", "text_segments"]

TEXT_SUFFIXES = frozenset(f".{form}" for form in TEXT_FORMATS)
"""Of files that are read as text: what can be redacted can be judged."""

PAGE_SUFFIXES = frozenset(f".{form}" for form in MARKUP_FORMATS)
"""Of those that have markup."""

_MAX_TEXT_BYTES = 10 * 1024**2
"""A transcript of a day of speech has 1 MB."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_ATTRIBUTE = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")
_COUNTER = re.compile(r"\n[ \t]*\d{1,6}\s*$")
"""The number of the next caption."""

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s([^=>]*)>")
"""A voice of a caption (WebVTT): <v.loud Priya Nair>. No tag of a page is called so."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
_TIME = re.compile(
    r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{3}[^\n]*"
)


def text_segments(path: Path) -> list[Segment]:
    """Read the texts of a text file.

    Parameters
    ----------
    path : Path
        A file with one of `TEXT_SUFFIXES`.

    Raises
    ------
    InputError
        If it cannot be read.
    LimitExceededError
        If it is larger than 10 MiB.
    """
    data = read_bounded(path, _MAX_TEXT_BYTES, what="text")
    if len(data) > _MAX_TEXT_BYTES:
        msg = f"a text is over the limit of {_MAX_TEXT_BYTES} bytes"
        raise LimitExceededError(msg)
    suffix = path.suffix.lower()
    text = without_coded(decode_text(data).text, is_markup=suffix in PAGE_SUFFIXES)
    if suffix in {".srt", ".vtt"}:
        return list(_cues(text))
    if suffix in PAGE_SUFFIXES:
        return list(_page(text))
    segments = [Segment(text, first_line=1)]
    if suffix in {".json", ".jsonl"} and "\\" in text:
        segments += _unescaped(text)
    return segments


def _page(text: str) -> Iterator[Segment]:
    """Yield a page in its places, and as it is read: tags and entities part no words there."""
    placed = _without_markup(text)
    yield Segment(placed, first_line=1)
    read, _ = join_segments(split_text(text, "html"))
    if read.split() != placed.split():
        yield Segment(read, joined=True)


def _without_markup(text: str) -> str:
    """Blank tags but for their attributes' values, and write entities as what they stand for.

    What a tag of a caption says after its name stays too: whose voice it is.
    """

    def blank(match: re.Match[str]) -> str:
        shown = [" "] * len(match[0])
        voice = _VOICE.match(match[0])
        if voice:
            begin, end = voice.span(1)
            shown[begin:end] = voice[1]
        for value in _ATTRIBUTE.finditer(match[0]):
            begin, end = value.span(1)
            shown[begin + 1 : end - 1] = match[0][begin + 1 : end - 1]
        return "".join(
            "\n" if sign == "\n" else kept for sign, kept in zip(match[0], shown, strict=True)
        )

    def entity(match: re.Match[str]) -> str:
        shown = html.unescape(match[0])
        if len(shown) > len(match[0]):
            return match[0]
        # what fills the place of the rest parts no word: N&#97;ir
        fill = "\u200b" if shown[-1:].isalnum() else " "
        return shown + fill * (len(match[0]) - len(shown))

    return _ENTITY.sub(entity, _TAG.sub(blank, text))


def _cues(text: str) -> Iterator[Segment]:
    """Yield each caption with its time; what comes before the first one as prose."""
    times = list(_TIME.finditer(text))
    head = text[: times[0].start()] if times else text
    if head.strip():
        yield Segment(head, first_line=1)
    begins = [_after_settings(match) for match in times]
    for at, match in enumerate(times):
        end = times[at + 1].start() if at + 1 < len(times) else len(text)
        body = _without_markup(text[begins[at] : end])
        hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
        yield Segment(
            body,
            origin="subtitle",
            time=hours * 3600 + minutes * 60 + seconds + thousandths / 1000,
            first_line=1 + text.count("\n", 0, begins[at]),
        )
    if len(times) > 1:  # sentences and names that run over several captions
        said = [
            text[begin : after.start()] for begin, after in zip(begins, times[1:], strict=False)
        ]
        parts = [*(_COUNTER.sub("", part) for part in said), text[begins[-1] :]]
        yield Segment(" ".join(" ".join(parts).split()), origin="subtitle", joined=True)


def _after_settings(times: re.Match[str]) -> int:
    """Return where a caption's text begins: behind its times, and where they say only how it stands."""
    settings = CAPTION_SETTINGS.search(times[0])
    return times.start() + settings.end() if settings else times.end()


def _unescaped(text: str) -> Iterator[Segment]:
    """Yield the texts of JSON, or of lines of it, with their escapes resolved."""
    try:
        read, _ = join_segments(split_text(text, "json"))
    except InputError:
        return
    yield Segment(read, joined=True)
