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
from saferedact.policy_tables import (
    DetectorOptions,
    DocumentOptions,
    FaceDetectorOptions,
    Label,
    LabelRule,
    Operator,
    PatternRule,
    TextOptions,
    VideoOptions,
)

__all__ = ["Policy", "load_policy", "policy_names"]

_REVERSIBLE = frozenset({"mosaic", "blur"})
_REVERSIBLE_LABELS = frozenset({"face"})
"""Mosaic and blur of text can be undone by trying every character, so text never gets them; what
a label of the user's own stands for is not known, and is treated as text."""

_DEFAULT_COLOR = (0, 0, 0)  # of labels without a rule: regions that a person added

_MAX_POLICY_BYTES = 256 * 1024  # the largest built-in policy has 2 KB

_NAMES = ("release", "frost", "review", "faces")
_NOT_INHERITED = frozenset({"schema", "name", "description"})
_LIMIT_NAMES = frozenset(field.name for field in fields(Limits))


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
