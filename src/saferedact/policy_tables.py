"""The tables of a policy: what one label gets, and the options of detectors and of each medium.

Each holds the rules that one table alone can keep; `saferedact.policy` holds the whole.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from saferedact.documents import Document, at_most, rule
from saferedact.text.patterns import PatternProblem, check_pattern

__all__ = [
    "DetectorOptions",
    "DocumentOptions",
    "FaceDetectorOptions",
    "Label",
    "LabelRule",
    "OnPages",
    "Operator",
    "PatternRule",
    "Shape",
    "TextOptions",
    "VideoOptions",
]

Label = Literal["face", "name", "identifier", "plate", "code"]
Operator = Literal["solid", "frost", "mosaic", "blur"]
Shape = Literal["rectangle", "ellipse"]
OnPages = Literal["label", "line", "raster"]

Score = Annotated[float, Field(ge=0, le=1)]
Margin = Annotated[float, Field(ge=0, le=4)]  # four times the box on each side hides any scene


class LabelRule(Document):
    """What happens to regions of one label.

    Parameters
    ----------
    operator : {"solid", "frost", "mosaic", "blur"}
        What hides them.
    shape : {"rectangle", "ellipse"}
        Form of what is hidden.
    color : str
        Color of `solid`, as ``#rrggbb`` in sRGB.
    min_score : float
        Detections below this are ignored, above 0 and up to 1.
    review_below : float
        Detections below this are hidden and marked for review, 0 to 1.
    dilate : (float, float, float, float)
        Margin left, above, right and below, as a fraction of the box's width or height.
    on_pages : {"label", "line", "raster"}
        How it is taken out of the text of a document.
    fixed_width : float
        What is hidden is a whole multiple of so many of its heights wide, up to 100: the length of a
        name does not show. Wants room on the right, and may hide what stands there. 0 leaves widths
        as they are.
    """

    operator: Operator = Field(
        description="What hides it: solid or frost; mosaic and blur can be undone"
    )
    shape: Shape = Field(default="rectangle", description="rectangle or ellipse")
    color: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")] = Field(
        default="#000000", description="Color of solid, sRGB"
    )
    min_score: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Detections below this score are ignored"
    )
    review_below: Score = Field(
        description="Detections below this score are hidden and marked for review"
    )
    dilate: Annotated[tuple[Margin, Margin, Margin, Margin], Field(strict=False)] = Field(
        default=(0.0, 0.0, 0.0, 0.0),
        description="Margin left, above, right, below, in widths and heights of the box",
    )
    fixed_width: Annotated[float, Field(ge=0, le=100)] = Field(
        default=0.0, description="Widths are whole multiples of so many heights; 0: as they are"
    )

    on_pages: OnPages = Field(
        default="label",
        description="Text of documents: label sets the line anew beside a label, line covers it to "
        "its end, raster makes the page a picture",
    )

    @property
    def color_rgb(self) -> tuple[int, int, int]:
        """Red, green and blue of `color`, 0 to 255."""
        red, green, blue = bytes.fromhex(self.color[1:])
        return red, green, blue


class FaceDetectorOptions(Document):
    """How faces are looked for.

    Parameters
    ----------
    orientations : {"auto", "all", "upright"}
        Whether pictures are also looked at turned by 90, 180 and 270 degrees: ``auto`` when the
        file does not say how it is turned, or nothing is found upright.
    """

    orientations: Literal["auto", "all", "upright"] = Field(
        default="auto", description="Look at turned pictures too: auto, all or upright (never)"
    )


class TextOptions(Document):
    """What happens to texts.

    Parameters
    ----------
    replacement : {"label", "numbered"}
        What stands for a name: ``[NAME]``, or ``[NAME 01]`` with one number for each person.
    publishable_names : {"keep", "redact"}
        What happens to the names of people whom the case file allows to be named.
    towns : {"keep", "redact"}
        What happens to towns and other places that are named alone, without a street: a release
        normally names them.
    """

    replacement: Literal["label", "numbered"] = Field(
        default="label", description="What stands for a name: [NAME], or [NAME 01] per person"
    )
    publishable_names: Literal["keep", "redact"] = Field(
        default="keep", description="Names of people whom the case file allows to be named"
    )
    towns: Literal["keep", "redact"] = Field(
        default="keep", description="Towns and places that are named without a street"
    )


def _harmless(expression: str) -> str:
    try:
        check_pattern(expression)
    except PatternProblem as problem:
        raise rule(str(problem)) from None
    return expression


class PatternRule(Document):
    """An identifier of the force's own, as a custody record or a crime number.

    Parameters
    ----------
    name : str
        What it is called: the `kind` of its spans and, in capitals, what stands for it.
    regex : str
        Its form (`saferedact.text.patterns`), in any case, as a word of its own.
    cues : tuple of str
        Words beside it that make it surer.
    label : {"identifier", "plate", "name"}
        Whose rule applies.
    score : float
        Confidence in the form alone, 0 to 1.
    cued_score : float
        Confidence with a cue beside it, 0 to 1.
    """

    name: Annotated[str, Field(pattern="^[a-z][a-z-]{1,30}[a-z]$")]
    regex: Annotated[str, AfterValidator(_harmless)]
    cues: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40)], ...],
        Field(strict=False),
        at_most(50),
    ] = ()
    label: Literal["identifier", "plate", "name"] = "identifier"
    score: Score = 0.6
    cued_score: Score = 0.9


class DetectorOptions(Document):
    """Options of the detectors.

    Parameters
    ----------
    faces : FaceDetectorOptions
        Those of the face detector.
    """

    faces: FaceDetectorOptions = FaceDetectorOptions()


class DocumentOptions(Document):
    """How documents are written.

    Parameters
    ----------
    pages : {"rebuild", "raster"}
        Whether pages are built anew from text, rules and pictures, or become pictures as a whole.
    words : {"label", "reason", "none"}
        What stands on the covers: what was hidden, the reason code of the plan, or nothing.
    text_on_pictures : bool
        Whether a page of text that becomes a picture keeps its redacted text, not drawn, for those
        who search, copy or listen.
    """

    pages: Literal["rebuild", "raster"] = Field(
        default="rebuild", description="Build pages anew, or make each a picture (raster)"
    )
    words: Literal["label", "reason", "none"] = Field(
        default="label", description="On covers: the label, the reason code, or nothing (none)"
    )
    text_on_pictures: bool = Field(
        default=False,
        description="Add the redacted text, not drawn, to pages of text that become pictures",
    )


class VideoOptions(Document):
    """How videos are coded, and what happens to damaged ones.

    Parameters
    ----------
    crf : int
        Constant rate factor of x264 and x265, 0 (largest file) to 51; other encoders get the
        equal share of their own scale.
    preset : str
        Speed of x264 and x265 by name; other encoders get their nearest.
    on_damage : {"cover", "refuse"}
        Frames that are damaged, or may be predicted from one that is, are covered whole, or the
        video is refused.
    """

    crf: Annotated[int, Field(ge=0, le=51)] = Field(
        default=20, description="Quality of the coding: 0 is best and largest, 51 worst"
    )
    preset: Literal[
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower"
    ] = Field(default="veryfast", description="Speed of the coding: ultrafast to slower")
    on_damage: Literal["cover", "refuse"] = Field(
        default="cover", description="Damaged frames: cover them whole, or refuse the video"
    )
