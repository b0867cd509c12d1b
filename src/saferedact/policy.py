"""Policies: what is looked for, how sure one must be, and what hides it.

A policy is a TOML file. Four come with the package (`policy_names`); a force writes its own, and
with ``extends = "release"`` only what differs. The rule for that: tables are merged key by key, any
other value, lists included, replaces the one it extends; ``schema`` and ``name`` must be written
anew, and ``description`` is not taken over. What is extended is always a policy of the package.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, Field, ValidationError, model_validator

from saferedact.document_io import read_bounded, read_toml
from saferedact.documents import (
    Document,
    Line,
    Loc,
    at_most,
    field_names,
    problems_of,
    rule,
    rules,
)
from saferedact.errors import InputError, PolicyInvalidError
from saferedact.limits import DEFAULT_LIMITS, Limits
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
    "Policy",
    "Shape",
    "TextOptions",
    "VideoOptions",
    "load_policy",
    "policy_names",
]

Label = Literal["face", "name", "identifier", "plate", "code"]
Operator = Literal["solid", "frost", "mosaic", "blur"]
Shape = Literal["rectangle", "ellipse"]
OnPages = Literal["label", "line", "raster"]

_REVERSIBLE = frozenset({"mosaic", "blur"})
_REVERSIBLE_LABELS = frozenset({"face"})
"""Mosaic and blur of text can be undone by trying every character, so text never gets them; what
a label of the user's own stands for is not known, and is treated as text."""

_DEFAULT_COLOR = (0, 0, 0)  # of labels without a rule: regions that a person added

_MAX_POLICY_BYTES = 256 * 1024  # the largest built-in policy has 2 KB

_NAMES = ("release", "frost", "review", "faces")
_NOT_INHERITED = frozenset({"schema", "name", "description"})
_LIMIT_NAMES = frozenset(field.name for field in fields(Limits))

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


def _known_limits(limits: Mapping[str, int]) -> Mapping[str, int]:
    if not _LIMIT_NAMES.issuperset(limits):
        text = f"must have no other keys than {', '.join(sorted(_LIMIT_NAMES))}"
        raise rule(text)
    return limits


class Policy(Document):
    """What is removed before publication, and how.

    Parameters
    ----------
    schema_id : str
        Version of the form of the file; ``schema`` in TOML.
    name, description : str
        For people.
    undecided : {"redact", "refuse"}
        What happens to a region that nobody accepted or rejected.
    allow_reversible : bool
        Whether `mosaic` and `blur` may be used, which can be undone.
    metadata : {"drop"}
        Hidden data never leave.
    audio : {"mute", "drop", "keep"}
        What happens to sound.
    labels : mapping of str to LabelRule
        What is looked for. A label that is not here is not looked for.
    detectors : DetectorOptions
        How it is looked for.
    documents : DocumentOptions
        How documents are written.
    text : TextOptions
        What happens to texts.
    patterns : tuple of PatternRule
        Identifiers beside those that are built in.
    video : VideoOptions
        How videos are coded.
    limits : mapping of str to int
        Overrides of fields of `saferedact.limits.Limits`.
    """

    schema_id: Literal["saferedact.policy/1"] = Field(default="saferedact.policy/1", alias="schema")
    name: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9._-]{0,63}$")]
    description: Line = ""
    undecided: Literal["redact", "refuse"] = Field(
        description="What apply does with a region that nobody decided on: redact or refuse"
    )
    allow_reversible: bool = Field(
        default=False, description="Allow mosaic and blur for faces; both can be undone"
    )
    metadata: Literal["drop"] = Field(default="drop", description="Hidden data never leave")
    audio: Literal["mute", "drop", "keep"] = Field(
        default="mute", description="Sound: mute, drop or keep"
    )
    labels: Annotated[Mapping[Label, LabelRule], Field(min_length=1)]
    detectors: DetectorOptions = DetectorOptions()
    documents: DocumentOptions = DocumentOptions()
    text: TextOptions = TextOptions()
    patterns: Annotated[tuple[PatternRule, ...], Field(strict=False), at_most(100)] = ()
    video: VideoOptions = VideoOptions()
    limits: Annotated[Mapping[str, Annotated[int, Field(gt=0)]], AfterValidator(_known_limits)] = (
        Field(default={}, description="Limits that differ from the program's own")
    )

    @model_validator(mode="after")
    def _operators_are_permitted(self) -> Self:
        text = (
            "must be solid or frost: mosaic and blur can be undone, need allow_reversible = true, "
            "and are never for text"
        )
        faults: list[tuple[Loc, str]] = [
            (("labels", label, "operator"), text)
            for label, label_rule in self.labels.items()
            if not self.permits(label_rule.operator, label)
        ]
        if faults:
            raise rules("Policy", faults)
        return self

    def permits(self, operator: Operator, label: str) -> bool:
        """Tell whether regions of a label may be hidden by an operator."""
        if operator not in _REVERSIBLE:
            return True
        return self.allow_reversible and label in _REVERSIBLE_LABELS

    def color_of(self, label: str) -> tuple[int, int, int]:
        """Return the sRGB color of `solid` for a label; black if the policy does not name it."""
        for own_label, label_rule in self.labels.items():
            if own_label == label:
                return label_rule.color_rgb
        return _DEFAULT_COLOR

    def effective_limits(self, base: Limits = DEFAULT_LIMITS) -> Limits:
        """Return `base` with the policy's overrides."""
        return replace(base, **self.limits)

    @property
    def sha256(self) -> str:
        """Hex digest of the whole policy in canonical JSON; the order of keys does not matter."""
        tree = self.model_dump(mode="json", by_alias=True)
        canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


_KNOWN = field_names(
    Policy,
    LabelRule,
    DetectorOptions,
    FaceDetectorOptions,
    DocumentOptions,
    VideoOptions,
    TextOptions,
    PatternRule,
) | {
    *get_args(Label),
    *_LIMIT_NAMES,
    "extends",
}


def policy_names() -> tuple[str, ...]:
    """Names of the policies that come with the package; the first is the default."""
    return _NAMES


def load_policy(policy: str | Path | Policy = "release") -> Policy:
    """Get a policy by name or from a file.

    Parameters
    ----------
    policy : str or Path or Policy
        Name of a built-in policy, path of a TOML file, or a policy, which is returned as it is. A
        built-in name wins over a file of that name; write ``./release`` for the file.

    Returns
    -------
    Policy
        The policy, with what it extends merged in.

    Raises
    ------
    PolicyInvalidError
        If the file is no valid policy; lists every problem without quoting the file.
    InputError
        If there is no such policy, or the file cannot be read.
    """
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, str) and policy in _NAMES:
        return _built_in(policy)
    path = Path(policy)
    if isinstance(policy, str) and not path.suffix and path.name == policy and not path.exists():
        msg = f"there is no such policy; the built-in ones are {', '.join(_NAMES)}"
        raise InputError(msg)
    return _parse_policy(read_bounded(path, _MAX_POLICY_BYTES, what="policy"))


@cache
def _built_in(name: str) -> Policy:
    return _parse_policy(_built_in_bytes(name))


def _built_in_bytes(name: str) -> bytes:
    return resources.files("saferedact").joinpath("policies", f"{name}.toml").read_bytes()


def _parse_policy(data: bytes) -> Policy:
    tree = _resolve_extends(_read_toml(data))
    try:
        return Policy.model_validate({"schema": None, **tree})
    except ValidationError as error:
        raise PolicyInvalidError(problems_of(error, known=_KNOWN)) from None


def _read_toml(data: bytes) -> dict[str, Any]:
    tree, fault = read_toml(data, max_bytes=_MAX_POLICY_BYTES)
    if tree is None:
        raise PolicyInvalidError([("$", fault)])
    return tree


def _resolve_extends(tree: dict[str, Any]) -> dict[str, Any]:
    if "extends" not in tree:
        return tree
    base_name = tree["extends"]
    if base_name not in _NAMES:
        raise PolicyInvalidError([("$.extends", f"must be one of {', '.join(_NAMES)}")])
    base = _resolve_extends(_read_toml(_built_in_bytes(base_name)))
    inherited = {key: value for key, value in base.items() if key not in _NOT_INHERITED}
    own = {key: value for key, value in tree.items() if key != "extends"}
    return _merge(inherited, own)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merge(old, value)
        else:
            merged[key] = value
    return merged
