"""Matroska and WebM: everything but pictures and their sound.

References
----------
.. [1] RFC 8794, Extensible Binary Meta Language. RFC 9559, Matroska Media Container Format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from saferedact.errors import DamagedInputError
from saferedact.limits import Limits
from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.codec_messages import hevc_length_size, report_hevc_config
from saferedact.media.hidden_data.film_messages import (
    AV1,
    AVC,
    HEVC,
    MessageReport,
    h264_length_size,
    report_h264_config,
)
from saferedact.media.hidden_data.items import Channel, ItemList
from saferedact.media.hidden_data.sound_setup import holds_more_than_setup

__all__ = ["walk_ebml"]

_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_SEEK_HEAD, _INFO, _TRACKS, _CUES, _CLUSTER = (
    0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x1F43B675,
)  # fmt: skip
_TAGS, _CHAPTERS, _ATTACHMENTS = 0x1254C367, 0x1043A770, 0x1941A469
_VOID, _CRC32 = 0xEC, 0xBF
_TRACK_ENTRY, _BLOCK_GROUP, _SIMPLE_BLOCK, _BLOCK = 0xAE, 0xA0, 0xA3, 0xA1
_TOP_LEVEL = frozenset(
    {_SEEK_HEAD, _INFO, _TRACKS, _CUES, _CLUSTER, _TAGS, _CHAPTERS, _ATTACHMENTS, _VOID, _CRC32}
)

_NUMBERS = frozenset(
    # EBML head: versions, lengths of names and sizes.
    {0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4287, 0x4285}
    # Index: identifiers and positions.
    | {0x53AB, 0x53AC, 0xB3, 0xF7, 0xF1, 0xF0, 0xB2, 0x5378}
    # Info: scale and length of time.
    | {0x2AD7B1, 0x4489}
    # Track: number, identifier, type, flags, times, delays, gain.
    | {0xD7, 0x73C5, 0x83, 0xB9, 0x88, 0x55AA, 0x9C, 0x23E383, 0x55EE, 0x56AA, 0x56BB}
    # Pictures: sizes, aspect, fields, alpha, colors, mastering, projection.
    | {0xB0, 0xBA, 0x54B0, 0x54BA, 0x54B2, 0x9A, 0x9D, 0x53B8}
    | {0x55B1, 0x55B2, 0x55B3, 0x55B4, 0x55B5, 0x55B6, 0x55B7, 0x55B8, 0x55B9, 0x55BA, 0x55BB}
    | {0x55BC, 0x55BD, *range(0x55D1, 0x55DB), 0x7671, 0x7673, 0x7674, 0x7675}
    # Sound: rates, channels, depth.
    | {0xB5, 0x78B5, 0x9F, 0x6264, 0x52F1}
    # Cluster: time, position, sizes, durations, references, padding.
    | {0xE7, 0xA7, 0xAB, 0x9B, 0xFB, 0x75A2}
)
_CROPS = frozenset({0x54AA, 0x54BB, 0x54CC, 0x54DD})  # of the bottom, top, left and right
_MOST_NUMBER_BYTES = 8
_MASTERS = frozenset(
    {0x4DBB, 0xE0, 0xE1, 0x55B0, 0x55D0, 0x7670, 0xBB, 0xB7, _TRACK_ENTRY, _BLOCK_GROUP}
)
_DOC_TYPE, _MUXING_APP, _WRITING_APP = 0x4282, 0x4D80, 0x5741
_LANGUAGE, _LANGUAGE_BCP47, _CODEC_ID, _CODEC_PRIVATE = 0x22B59C, 0x22B59D, 0x86, 0x63A2
_TRACK_NUMBER, _TRACK_TYPE = 0xD7, 0x83
_DATE, _TITLE, _NAME = 0x4461, 0x7BA9, 0x536E
_FILM_NUMBER, _FILM_NUMBER_BYTES = 0x73A4, 16  # random, to tell films apart; most writers add one
_TAG, _TARGETS, _SIMPLE_TAG, _TAG_NAME, _TAG_STRING = 0x7373, 0x63C0, 0x67C8, 0x45A3, 0x4487
_TAG_NUMBERS = frozenset({0x63C5, 0x68CA, 0x4484})

_TEXTS: dict[int, frozenset[bytes]] = {
    _DOC_TYPE: frozenset({b"matroska", b"webm"}),
    _MUXING_APP: frozenset({b"Lavf"}),  # the standard demands a name; FFmpeg's without version
    _WRITING_APP: frozenset({b"Lavf"}),
    _LANGUAGE: frozenset({b"und"}),
    _LANGUAGE_BCP47: frozenset({b"und"}),
}
_CODEC_IDS = re.compile(rb"[AVSD]_[A-Z0-9/_.]{1,40}")
_CHANNELS: dict[int, Channel] = {
    _CHAPTERS: "chapter",
    _ATTACHMENTS: "attachment",
    _DATE: "time",
    _TITLE: "text",
    _NAME: "text",
    _TAGS: "text",
    _MUXING_APP: "text",
    _WRITING_APP: "text",
    _LANGUAGE: "text",
    _LANGUAGE_BCP47: "text",
}
_DURATION_TAG = re.compile(rb"\d\d:\d\d:\d\d\.\d{9}\0?")
_CODINGS = {b"V_MPEG4/ISO/AVC": AVC, b"V_MPEGH/ISO/HEVC": HEVC, b"V_AV1": AV1}
_VIDEO, _SOUND = 1, 2
_AV1_CONFIG_BYTES = 4
_MOST_PRIVATE_BYTES = 64 * 1024  # parameter sets and codebooks; Vorbis needs about 4 KB
_MOST_TEXT_BYTES = 64
_LACING = 0x06
_MOST_DEPTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class _Element:
    """An element: its identifier, all of its bytes, and where its payload begins."""

    kind: int
    view: ByteView
    payload_at: int

    @property
    def payload(self) -> ByteView:
        return self.view.part(self.payload_at, self.view.stop)

    @property
    def size(self) -> int:
        return self.view.stop - self.payload_at

    def number(self) -> int:
        if self.size > _MOST_NUMBER_BYTES:
            msg = "a number in a Matroska file is too long"
            raise DamagedInputError(msg)
        return int.from_bytes(self.view.read(self.payload_at, self.size), "big")

    def text(self) -> bytes:
        """Its text without the zeros at its end; nothing if it is longer than any that is known."""
        if self.size > _MOST_TEXT_BYTES:
            return b""
        return self.view.read(self.payload_at, self.size).rstrip(b"\0")


@dataclass(slots=True)
class _Track:
    number: int = 0
    kind: int = 0
    coding: bytes = b""
    private: ByteView | None = None
    messages: MessageReport | None = None
    is_extra: bool = field(default=True)


def walk_ebml(view: ByteView, items: ItemList, limits: Limits) -> int:
    """Report what a Matroska or WebM film carries besides its pictures and their sound.

    Parameters
    ----------
    view : ByteView
        The whole file.
    items : ItemList
        Receives the items.
    limits : Limits
        Bounds the number of frames.

    Returns
    -------
    int
        Offset after the film.

    Raises
    ------
    DamagedInputError
        If the file breaks off or is not built as the standard demands.
    LimitExceededError
        If there are too many frames or parts.
    """
    return _Walker(view, items, limits).walk()


class _Walker:
    def __init__(self, view: ByteView, items: ItemList, limits: Limits) -> None:
        self._view = view
        self._items = items
        self._limits = limits
        self._tracks: dict[int, _Track] = {}
        self._has_video = False
        self._frames = 0

    def walk(self) -> int:
        head = self._next(self._view, self._view.start)
        if head.kind != _EBML:
            msg = "the file does not begin as a Matroska file does"
            raise DamagedInputError(msg)
        self._leaves(head)
        segment = self._next(self._view, head.view.stop)
        if segment.kind != _SEGMENT:
            msg = "the Matroska file holds no film"
            raise DamagedInputError(msg)
        for element in self._children(segment.payload):
            self._read_top(element)
        if not self._frames:
            msg = "the Matroska file breaks off, or holds no frames"
            raise DamagedInputError(msg)
        return segment.view.stop

    def _read_top(self, element: _Element) -> None:
        match element.kind:
            case 0x1F43B675:  # cluster
                self._read_cluster(element)
            case 0x1654AE6B:  # tracks
                for entry in self._children(element.payload):
                    if entry.kind == _TRACK_ENTRY:
                        self._read_track(entry)
                    else:
                        self._leaf(entry)
            case 0x1254C367:  # tags
                self._read_tags(element)
            case kind if kind in (_SEEK_HEAD, _INFO, _CUES):
                self._leaves(element)
            case _:
                self._leaf(element)

    def _read_cluster(self, cluster: _Element) -> None:
        for element in self._children(cluster.payload):
            if element.kind == _SIMPLE_BLOCK:
                self._read_block(element)
            elif element.kind == _BLOCK_GROUP:
                for child in self._children(element.payload):
                    if child.kind == _BLOCK:
                        self._read_block(child)
                    else:
                        self._leaf(child)
            else:
                self._leaf(element)

    def _read_block(self, block: _Element) -> None:
        """Look at one block: track number, time (2 bytes), flags (1 byte), frame."""
        self._frames += 1
        self._limits.check_video(self._frames, 0)
        number, at = self._variable(block.view, block.payload_at)
        (flags,) = block.view.unpack("B", at + 2)
        frame = block.view.part(at + 3, block.view.stop)
        track = self._tracks.get(number)
        if track is None or track.is_extra:
            self._items.add_run("extra-track", block.view.start, block.view.stop)
        elif track.messages is not None:
            if flags & _LACING:
                msg = "frames of pictures are laced, which is not read"
                raise DamagedInputError(msg)
            track.messages.look(frame)

    def _read_track(self, entry: _Element) -> None:
        track = _Track()
        waiting = [entry.payload]
        while waiting:
            for element in self._children(waiting.pop()):
                if element.kind in _MASTERS:
                    waiting.append(element.payload)
                    continue
                if element.kind == _TRACK_NUMBER:
                    track.number = element.number()
                elif element.kind == _TRACK_TYPE:
                    track.kind = element.number()
                elif element.kind == _CODEC_ID:
                    track.coding = element.text()
                elif element.kind == _CODEC_PRIVATE and element.size <= _MOST_PRIVATE_BYTES:
                    track.private = element.payload
                    continue
                self._leaf(element)
        is_video = track.kind == _VIDEO and not self._has_video
        self._has_video |= is_video
        track.is_extra = not is_video and track.kind != _SOUND
        if track.is_extra:
            self._items.add("extra-track", entry.view.start, entry.view.stop)
        elif is_video:
            track.messages = self._messages_of(track)
        else:
            self._report_setup(track)
        self._tracks.setdefault(track.number, track)

    def _report_setup(self, sound: _Track) -> None:
        setup = sound.private
        if setup is not None and holds_more_than_setup(sound.coding, setup):
            self._items.add("text", setup.start, setup.stop)

    def _messages_of(self, track: _Track) -> MessageReport:
        coding = _CODINGS.get(track.coding)
        length_size = 4
        if track.private is not None:
            if coding == AVC:
                length_size = h264_length_size(track.private)
                report_h264_config(track.private, self._items)
            elif coding == HEVC:
                length_size = hevc_length_size(track.private)
                report_hevc_config(track.private, self._items, allows_light=True)
            elif coding == AV1:
                units = track.private.part(
                    track.private.start + _AV1_CONFIG_BYTES, track.private.stop
                )
                MessageReport(AV1, 0, self._items).look(units)
        return MessageReport(coding, length_size, self._items)

    def _read_tags(self, tags: _Element) -> None:
        """Report all tags but the length of a track, which FFmpeg writes without being asked."""
        for tag in self._children(tags.payload):
            if tag.kind == _TAG and self._is_duration(tag):
                continue
            if tag.kind in (_VOID, _CRC32):
                self._leaf(tag)
            else:
                self._items.add("text", tag.view.start, tag.view.stop)

    def _is_duration(self, tag: _Element) -> bool:
        for element in self._children(tag.payload):
            if element.kind == _TARGETS:
                if any(child.kind not in _TAG_NUMBERS for child in self._children(element.payload)):
                    return False
            elif element.kind == _SIMPLE_TAG:
                values = {
                    child.kind: child.view.read(child.payload_at, min(child.size, _MOST_TEXT_BYTES))
                    for child in self._children(element.payload)
                }
                if values.keys() != {_TAG_NAME, _TAG_STRING} or values[_TAG_NAME] != b"DURATION":
                    return False
                if not _DURATION_TAG.fullmatch(values[_TAG_STRING]):
                    return False
            else:
                return False
        return True

    def _leaves(self, element: _Element) -> None:
        """Check all that is inside, at any depth."""
        waiting = [element.payload]
        while waiting:
            for child in self._children(waiting.pop()):
                if child.kind in _MASTERS:
                    waiting.append(child.payload)
                else:
                    self._leaf(child)

    def _leaf(self, element: _Element) -> None:
        """Report an element that playing does not need, or that holds more than it should."""
        kind = element.kind
        if kind == _VOID:
            if any(any(piece) for _, piece in element.payload.pieces()):
                self._items.add("padding", element.view.start, element.view.stop)
            return
        if kind in _CROPS and element.number():
            self._items.add("cropped-pixels", element.view.start, element.view.stop)
            return
        is_known = (
            kind in _CROPS
            or (kind == _CRC32 and element.size == 4)
            or (kind in _NUMBERS and element.size <= _MOST_NUMBER_BYTES)
            or (kind in _TEXTS and element.text() in _TEXTS[kind])
            or (kind == _CODEC_ID and _CODEC_IDS.fullmatch(element.text()))
        )
        if not is_known:
            channel = _CHANNELS.get(kind, "unknown-segment")
            if kind == _FILM_NUMBER and element.size == _FILM_NUMBER_BYTES:
                channel = "display-hint"
            self._items.add(channel, element.view.start, element.view.stop)

    def _children(self, view: ByteView) -> Iterator[_Element]:
        at = view.start
        while at < view.stop:
            element = self._next(view, at)
            yield element
            at = element.view.stop

    def _next(self, view: ByteView, at: int) -> _Element:
        self._items.count_parts()
        (first,) = view.unpack("B", at)
        length = _length_of(first)
        kind = int.from_bytes(view.read(at, length), "big")
        (first,) = view.unpack("B", at + length)
        size, payload_at = self._variable(view, at + length)
        if size == (1 << 7 * (payload_at - at - length)) - 1:
            if kind not in (_SEGMENT, _CLUSTER):
                msg = "an element of a Matroska file has no length"
                raise DamagedInputError(msg)
            stop = view.stop if kind == _SEGMENT else self._end_of_cluster(view, payload_at)
        else:
            stop = payload_at + size
        return _Element(kind, view.part(at, stop), payload_at)

    def _end_of_cluster(self, view: ByteView, at: int) -> int:
        """Find where a cluster of unknown length ends: at the next element of the top level."""
        while at < view.stop:
            element = self._next(view, at)
            if element.kind in _TOP_LEVEL - {_VOID, _CRC32}:
                return at
            at = element.view.stop
        return at

    def _variable(self, view: ByteView, at: int) -> tuple[int, int]:
        """Read a number of variable length; return it and the offset after it."""
        (first,) = view.unpack("B", at)
        length = _length_of(first)
        value = int.from_bytes(view.read(at, length), "big")
        return value & ((1 << 7 * length) - 1), at + length


def _length_of(first: int) -> int:
    """Number of bytes of a number, from its first byte."""
    if not first:
        msg = "a number in a Matroska file is too long"
        raise DamagedInputError(msg)
    return 9 - first.bit_length()
