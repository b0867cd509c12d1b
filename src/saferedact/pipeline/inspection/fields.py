"""What the containers of pictures and films hold, as traces: one for each channel."""

from typing import BinaryIO

from saferedact.media.hidden_data import HiddenItem
from saferedact.media.hidden_data.written_by import (
    MOST_FIELD_BYTES,
    is_code,
    names_writer,
    words_of,
)
from saferedact.traces import Trace, picture_channel

__all__ = ["item_traces"]

_READ = frozenset({"text", "comment", "iptc", "chapter"})
"""Channels whose words a person wrote, as a rule; those of XMP and Exif are told and not read."""

_MOST_WORDS = 20_000
"""Code points of one channel that go to the text engine."""

_MOST_PADDING = 256
"""Bytes of filling that are not zero from which it can hold a file, and is told as data in a gap. Programs
that sign in filling need 60."""


def item_traces(file: BinaryIO, items: tuple[HiddenItem, ...]) -> list[Trace]:
    """Return a trace for each channel that a container holds data in.

    Parameters
    ----------
    file : binary file
        The picture or film, open for reading, seekable.
    items : tuple of HiddenItem
        What a scan of it found.

    Returns
    -------
    list of Trace
        Text fields with their words. Those with a known program's name and nothing else are of the
        channel ``program``, codes of languages and makers of ``display-hint``.
    """
    words: dict[str, list[str]] = {}
    for item in items:
        field = _field(file, item) if item.channel in _READ else b""
        told = words.setdefault(_channel(item, field), [])
        if field:
            told.append(words_of(field))
    return [
        Trace(channel, "", "\n".join(filter(None, told))[:_MOST_WORDS])
        for channel, told in words.items()
    ]


def _channel(item: HiddenItem, field: bytes) -> str:
    if item.channel == "padding" and item.length >= _MOST_PADDING:
        return "trailing-data"
    if item.channel in {"text", "comment"}:
        if item.channel == "text" and is_code(item.length):
            return "display-hint"
        if item.length == len(field) and names_writer(field):
            return "program"
    return picture_channel(item.channel)


def _field(file: BinaryIO, item: HiddenItem) -> bytes:
    file.seek(item.offset)
    return file.read(min(item.length, MOST_FIELD_BYTES))
