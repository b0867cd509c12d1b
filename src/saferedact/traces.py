"""What a file holds and a reader does not see: the channels, and one trace of one.

Readers of media make traces, checks judge them; neither knows the other. A trace may hold text: it is
for the text engine, in memory, never for a message, a report or a log. Places are words and numbers of
ours, since names of sheets, parts and attachments can name people.
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["TRACES", "Trace", "picture_channel"]

TRACES: Final[dict[str, str]] = {
    # office files, mails, archives
    "author": "who wrote or changed the file, their company or machine, or keywords",
    "program": "the program that wrote the file",
    "title": "a title that the file's properties hold",
    "black-on-black": "text whose color is that of its highlighter, shading or cell",
    "comment": "a comment or note",
    "cropped-picture": "a picture that is shown cropped and kept whole",
    "custom-data": "data of a program or an organization, not shown anywhere",
    "deleted-text": "text that was deleted with changes tracked: it is still there",
    "embedded-object": "a file inside the file",
    "external-link": "a link to a file or data source elsewhere",
    "header-trail": "mail headers: servers, addresses, hidden copies",
    "hidden-cells": "hidden rows or columns, or cells that show nothing of their value",
    "hidden-sheet": "a hidden sheet",
    "hidden-slide": "a slide that is left out of the show",
    "hidden-text": "text marked as hidden",
    "inserted-text": "text inserted with changes tracked: who and when is kept",
    "invisible-text": "text in the color of the paper, without ink, or too small to see",
    "macro": "a program inside the file",
    "off-slide": "something beside the slide",
    "quoted-thread": "an earlier mail quoted or forwarded below",
    "speaker-notes": "notes of a speaker",
    "kept-markup": "a part of a page that no viewer shows until a program takes it out",
    "moved-text": "text moved off the page, or cut down to nothing",
    "stored-values": "values kept from elsewhere: pivot tables, linked files, hidden names, charts",
    "styled-text": "text that is perhaps in the color of its ground: a style sheet or a picture decides",
    "template-path": "the path of a template",
    "text-under-shape": "a filled shape that may lie over text",
    # pages of a PDF
    "clipped-picture": "a picture of which a page shows only a part",
    "clipped-text": "text that is cut away from the page and still in the file",
    "color-on-color": "text in the color of what lies under it",
    "covered-picture": "a part of a picture under a cover: the picture is whole below",
    "covered-text": "text under a cover: it can be copied from below",
    "faint-text": "text that can hardly be told from its ground",
    "hidden-layer": "text or pictures in a layer that is switched off",
    "labelled-cover": "a part of a picture under a box with words on it",
    "off-page": "text or pictures outside of what a page shows",
    "see-through-cover": "text under a cover that is not quite opaque",
    "text-layer": "a text layer whose words the scan does not show",
    # objects of a PDF
    "alternate-text": "a description or replacement text of something on a page",
    "earlier-revision": "an earlier version of the document",
    "form-value": "a value of a form",
    "hidden-annotation": "an annotation or a field that is not shown",
    "local-path": "a path or an address on somebody's machine or network",
    "navigation-text": "names of bookmarks, targets or pages that no page shows",
    "page-thumbnail": "a small picture of a page",
    "picture-alternate": "another version of a picture",
    "script": "a program inside the file",
    "stray-bytes": "bytes or objects that belong to nothing in the document",
    "unapplied-mark": "a mark for redaction that was never carried out",
    "unused-picture": "a picture that no page uses",
    "visible-annotation": "words or a stamp laid over a page, which can be moved away",
    # pictures, by what is wrong with a redaction
    "alpha-hidden": "a part of a picture that is transparent: its colors are kept",
    "box-on-ink": "a box that ends on ink: letters show beside it",
    "cropped-kept": "the rest of a picture behind its end, as faulty croppers leave it",
    "blur": "a blurred part",
    "blurred-text": "a blurred part of a page",
    "mosaic": "a pixelated part",
    "mosaic-text": "a pixelated part of a page",
    "moving-mosaic": "a pixelated part whose cells move: frames add up to a sharp picture",
    "dimmed-box": "a box, a stroke, or a band with words, that seems to let through what is under it",
    "sticker": "a drawn face laid over a face: hair, ears and chin may show beside it",
    "swirl": "a swirled part, which can be turned back",
    "see-through-box": "a box, or a stroke of a pen, that lets through what is under it",
    "uncovered-frame": "a part that is covered before and after, and not here",
    "preview-differs": "a small or second picture that shows something else than the picture",
    # pictures, by their containers: the channels of `saferedact.media.hidden_data`
    "application-data": "a block that belongs to one program",
    "attachment": "a file inside a film",
    "chapter": "names and times of chapters",
    "codec-message": "a message or filler inside the coded picture",
    "cropped-pixels": "pixels that are coded but lie outside the part that is shown",
    "depth-map": "a depth picture beside the one that is shown",
    "display-hint": "a number for viewers that the pixels do not need",
    "exif": "an Exif block",
    "extra-item": "an item that is no picture and of no known kind",
    "extra-track": "a track that is neither the picture's color nor its alpha",
    "gain-map": "a gain map (HDR), or the description of one",
    "gps": "a position",
    "icc": "a color profile, which can name a device or its owner",
    "iptc": "IPTC fields",
    "jumbf": "a provenance manifest (C2PA)",
    "provenance-original": "a picture in a provenance manifest that shows something else",
    "maker-data": "the camera maker's private data",
    "mpf": "an index of several pictures in one file",
    "padding": "padding bytes that are not zero",
    "picture-comment": "a comment in a picture file",
    "repeated-scan": "a scan that codes samples which another scan codes as well",
    "second-image": "a picture or film beside the one that is shown",
    "text": "a text field",
    "thumbnail": "a small copy of the picture or the first page",
    "tiff-tag": "a TIFF tag that the pixels do not need",
    "time": "a date and time",
    "trailing-data": "bytes of no part of the file: after its end, or in a gap inside",
    "unknown-segment": "a segment, chunk, block or box that the pixels do not need",
    "unused-table": "a table or palette that nothing uses",
    "xmp": "an XMP packet",
}
"""What each channel means, for people."""


def picture_channel(name: str) -> str:
    """Return the channel of an item of a picture's container; its comments have one of their own."""
    return "picture-comment" if name == "comment" else name


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that a file holds and a reader does not see.

    Parameters
    ----------
    channel : str
        A key of `TRACES`.
    place : str
        Where, in words and numbers of ours, as ``"sheet 2, cell B7"``; may be empty for the whole
        file.
    text : str
        Its text, if it has any. In memory only.
    page : int or None
        Page or frame, from 0.
    xyxy : (float, float, float, float) or None
        Box in upright pixels, or in points from the top left corner of a page; half-open.
    time : float or None
        Seconds from the start.
    strength : float or None
        Of a mosaic the side of a cell, of a blur its sigma, in pixels; of a see-through box the
        share of light that it lets through.
    """

    channel: str
    place: str
    text: str = ""
    page: int | None = None
    xyxy: tuple[float, float, float, float] | None = None
    time: float | None = None
    strength: float | None = None

    def __post_init__(self) -> None:
        """Refuse a channel that no rule could judge."""
        if self.channel not in TRACES:
            msg = "there is no such channel"
            raise ValueError(msg)

    def within(self, place: str) -> "Trace":
        """Return the same trace, of a file that lies at a place inside another."""
        where = f"{place}, {self.place}" if self.place else place
        return Trace(self.channel, where, self.text, self.page, self.xyxy, self.time, self.strength)
