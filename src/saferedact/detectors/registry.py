"""Which detectors look: objects that were passed in, built-in ones by name, plug-ins by name.

A plug-in is an entry point of the group ``saferedact.detectors`` that leads to a callable without
arguments which returns an `ImageDetector`. Installed plug-ins are listed freely but loaded only when
somebody names them: code that runs by merely being installed could leak the very data we hide.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Literal

from saferedact.casefile import CaseFile
from saferedact.detectors.base import ImageDetector
from saferedact.errors import DetectorError, InputError, SaferedactError
from saferedact.models.store import model_path
from saferedact.plan import DetectorRecord
from saferedact.policy import Policy

__all__ = [
    "built_in_names",
    "labels_proposed",
    "load_plug_ins",
    "needed_models",
    "needed_text_models",
    "plug_in_names",
    "record_of",
    "resolve_detectors",
    "wanted_names",
]

GROUP = "saferedact.detectors"


_Maker = Callable[[Policy, CaseFile | None, int | None], ImageDetector]


def _faces(policy: Policy, _case: CaseFile | None, threads: int | None) -> ImageDetector:
    from saferedact.detectors.faces import MODEL

    return _shared_faces(model_path(MODEL), policy.detectors.faces.orientations, threads)


@lru_cache(maxsize=2)
def _shared_faces(
    _weights: Path, orientations: Literal["auto", "all", "upright"], threads: int | None
) -> ImageDetector:
    """Return the detector of this process: its network is loaded once, and it remembers what it saw.

    The place of the weights is a part of the key, so that none is used that has gone from there.
    """
    from saferedact.detectors.faces import FaceDetector

    return FaceDetector(orientations=orientations, threads=threads)


def _text(policy: Policy, case: CaseFile | None, threads: int | None) -> ImageDetector:
    from saferedact.detectors.identities import finder_in_pictures
    from saferedact.detectors.ocr import shared_reader
    from saferedact.detectors.text_in_image import TextInImageDetector

    finder = finder_in_pictures(policy, case)
    # A name if names are looked for: the worst that text can be.
    asked = (label for label in ("name", "identifier", "plate") if label in policy.labels)
    unread_as = next(asked, "name")
    return TextInImageDetector(finder, reader=shared_reader(threads), unread_as=unread_as)


def _codes(policy: Policy, case: CaseFile | None, _threads: int | None) -> ImageDetector:
    from saferedact.detectors.barcodes import CodeDetector
    from saferedact.detectors.identities import find_identities

    if case is None:
        return CodeDetector()
    # whom of the case a code names: the sweep alone, which needs no model
    return CodeDetector(partial(find_identities, policy=policy, case=case, detectors=()))


# name: (labels it proposes, models it needs, how to make it)
_BUILT_IN: dict[str, tuple[frozenset[str], tuple[str, ...], _Maker]] = {
    "faces": (frozenset({"face"}), ("centerface",), _faces),
    "text": (
        frozenset({"name", "identifier", "plate"}),
        ("ppocr", "spacy-en-md", "rampart-ner"),
        _text,
    ),
    "codes": (frozenset({"code"}), (), _codes),
}


def built_in_names() -> tuple[str, ...]:
    """Names of the detectors that come with the package."""
    return tuple(_BUILT_IN)


def plug_in_names() -> tuple[str, ...]:
    """Names of the installed plug-ins; none is loaded."""
    return tuple(sorted(_plug_ins()))


def needed_models(policy: Policy) -> tuple[str, ...]:
    """Names of the models that the built-in detectors of a policy need."""
    return tuple(model for name in wanted_names(policy) for model in _BUILT_IN[name][1])


def needed_text_models(policy: Policy) -> tuple[str, ...]:
    """Names of the models that looking for a policy's labels in text needs."""
    from saferedact.detectors.names import NAME_MODELS

    return NAME_MODELS if "name" in policy.labels else ()


def load_plug_ins(
    detectors: Sequence[ImageDetector | str], policy: Policy
) -> list[ImageDetector | str]:
    """Load the plug-ins among detectors; those that come with the package stay names.

    Raises
    ------
    InputError, DetectorError
        As of `resolve_detectors`.
    """
    if isinstance(detectors, str):
        raise _not_a_list()
    return [
        one if isinstance(one, str) and one in _BUILT_IN else resolve_detectors((one,), policy)[0]
        for one in detectors
    ]


def labels_proposed(detectors: Sequence[ImageDetector | str]) -> frozenset[str]:
    """Say what detectors of `load_plug_ins` propose."""
    return frozenset().union(
        *(_BUILT_IN[one][0] if isinstance(one, str) else one.info.labels for one in detectors)
    )


def resolve_detectors(
    detectors: Sequence[ImageDetector | str] | None,
    policy: Policy,
    *,
    case: CaseFile | None = None,
    threads: int | None = None,
) -> list[ImageDetector]:
    """Turn what a caller asked for into detectors that are ready to look.

    Parameters
    ----------
    detectors : sequence of ImageDetector or str, or None
        Objects, names of built-in detectors, or names of plug-ins. None takes every built-in one
        that proposes a label of the policy. A sequence replaces that choice: name ``"faces"`` to
        keep it.
    policy : Policy
        Options of the built-in detectors.
    case : CaseFile or None
        People whom the built-in detectors of text look for by name.
    threads : int or None
        Threads that one call of a built-in detector may use; None leaves it to its engine.

    Returns
    -------
    list of ImageDetector
        In the order of `detectors`.

    Raises
    ------
    InputError
        If a name is not known.
    DetectorError
        If a detector cannot be made, or does not say properly who it is.
    """
    if isinstance(detectors, str):
        raise _not_a_list()
    wanted = wanted_names(policy) if detectors is None else detectors
    ready = [
        _made(item, policy, case, threads) if isinstance(item, str) else item for item in wanted
    ]
    for detector in ready:
        record_of(detector)
    return ready


def _not_a_list() -> InputError:
    return InputError("detectors must be a list of names and detectors, not one name")


def record_of(detector: ImageDetector) -> DetectorRecord:
    """Describe a detector for a plan.

    Raises
    ------
    DetectorError
        If its `info` is not such as a plan can hold.
    """
    try:
        info = detector.info
        return DetectorRecord(
            name=info.name,
            version=info.version,
            weights_sha256=info.weights_sha256,
            labels=info.labels,
            status="ran",
        )
    except Exception as error:  # noqa: BLE001  a plug-in may be anything
        msg = f"a detector's name, version, labels or weights are no good ({type(error).__name__})"
        raise DetectorError(msg) from None


def wanted_names(policy: Policy) -> list[str]:
    """Names of the built-in detectors that propose a label of a policy."""
    return [name for name, (labels, _, _) in _BUILT_IN.items() if labels & set(policy.labels)]


def _plug_ins() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _made(name: str, policy: Policy, case: CaseFile | None, threads: int | None) -> ImageDetector:
    if name in _BUILT_IN:
        return _BUILT_IN[name][2](policy, case, threads)
    entry = _plug_ins().get(name)
    if entry is None:
        known = ", ".join((*built_in_names(), *plug_in_names()))
        msg = f"there is no such detector; known: {known}"
        raise InputError(msg)
    try:
        detector = entry.load()()
    except SaferedactError:
        raise
    except Exception as error:  # noqa: BLE001  a plug-in may raise anything
        msg = f"the detector plug-in {name} cannot be loaded ({type(error).__name__})"
        raise DetectorError(msg) from None
    if not isinstance(detector, ImageDetector):
        msg = f"the plug-in {name} is not a detector: it has no `info` and `detect`"
        raise DetectorError(msg)
    return detector
