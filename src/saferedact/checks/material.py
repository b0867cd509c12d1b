"""What is about to be published, free of its medium: texts with places, things seen in pictures.

Readers of media make a `Material` of each file; triggers see nothing else. So a new medium brings
all rules with it. A material holds the text itself and stays in memory; nothing of it is written.
"""

from dataclasses import dataclass, field
from typing import Literal

from saferedact.casefile import Asset
from saferedact.traces import Trace

__all__ = ["Kind", "Material", "Segment", "Sight"]

Kind = Literal["text", "image", "pdf", "video", "other"]
Origin = Literal["body", "ocr", "subtitle", "name", "hidden", "program"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text of one file.

    Parameters
    ----------
    text : str
        The text, markup removed.
    origin : {"body", "ocr", "subtitle", "name", "hidden", "program"}
        Written text, text read in a picture, spoken or subtitled text, the file's own name, text
        that the file holds and does not show, what a field for a program's name says.
    frame : int or None
        Frame or page from 0.
    time : float or None
        Seconds from the start.
    first_line : int
        Line of the file that the text begins in, from 1; 0 if there are no lines.
    xyxy : (float, float, float, float) or None
        Box of the text in a picture, in upright pixels.
    joined : bool
        Whether it is other segments once more, for what runs over several of them.
    part : str
        Part of the file in words and numbers of ours, as ``sheet 2, row 7``.
    """

    text: str
    origin: Origin = "body"
    frame: int | None = None
    time: float | None = None
    first_line: int = 0
    xyxy: tuple[float, float, float, float] | None = None
    joined: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that a detector saw in a picture.

    Parameters
    ----------
    label : str
        As ``face``.
    score : float
        Confidence, 0 to 1.
    frame : int
        Frame or page from 0.
    xyxy : (float, float, float, float)
        Box in upright pixels.
    part : str
        Where in the file the picture lies, if it is not the file itself; as of `Segment`.
    """

    label: str
    score: float
    frame: int
    xyxy: tuple[float, float, float, float]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """One file of the release, or of an earlier one.

    Parameters
    ----------
    id : str
        How reports call it.
    kind : {"text", "image", "pdf", "video", "other"}
        Medium.
    sha256 : str
        Digest of the file.
    segments : tuple of Segment
        Its texts; its own name among them.
    sights : tuple of Sight
        What detectors saw.
    record : Asset or None
        What the case file says about it.
    earlier : bool
        Whether it was published before: looked at for combinations alone.
    unread : tuple of str
        What could not be looked at, and why, in words without content.
    traces : tuple of Trace
        What it holds and does not show. Their texts are segments as well, of origin ``hidden``.
    inspected : bool
        Whether it was looked into for traces.
    pictures_inside : bool
        Whether it is no picture and holds some, which were looked at.
    """

    id: str
    kind: Kind
    sha256: str
    segments: tuple[Segment, ...] = ()
    sights: tuple[Sight, ...] = ()
    record: Asset | None = None
    earlier: bool = False
    unread: tuple[str, ...] = field(default=())
    traces: tuple[Trace, ...] = ()
    inspected: bool = False
    pictures_inside: bool = False

    @property
    def has_pictures(self) -> bool:
        """Whether it is a picture, or holds some."""
        return self.kind in {"image", "video", "pdf"} or self.pictures_inside

    @property
    def has_text(self) -> bool:
        """Whether there is text apart from the file's name."""
        return any(segment.origin != "name" and segment.text.strip() for segment in self.segments)
