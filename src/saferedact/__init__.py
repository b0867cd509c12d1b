"""saferedact: make police video, images and documents safe to publish.

Five words: `detect` proposes what to remove, a `Plan` holds the proposals, `apply` carries them out
into a new file, `verify` proves the result, `check` judges what is about to be published. `redact`
does the first, the third and the fourth in one call; `redact_regions` is the frame core alone.

A clear result means "no finding from the checks that ran", never "safe".

Importing this package is cheap: public names are loaded when they are first used (PEP 562), so
neither numpy nor any codec or model runtime is imported before it is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from saferedact.version import __version__

if TYPE_CHECKING:
    from saferedact.casefile import CaseFile, load_case
    from saferedact.detections import Detections
    from saferedact.detectors.identities import find_identities
    from saferedact.detectors.replace_text import redact_text
    from saferedact.errors import (
        CaseFileInvalidError,
        DamagedInputError,
        DependencyMissingError,
        DestinationError,
        DetectorError,
        DetectorModelMissing,
        FindingsError,
        InputError,
        LimitExceededError,
        PlanInvalidError,
        PolicyInvalidError,
        RedactionError,
        SaferedactError,
        UnsupportedFormatError,
        VerificationError,
    )
    from saferedact.frames import redact_regions
    from saferedact.limits import Limits
    from saferedact.media.base import MediaInfo
    from saferedact.pipeline.apply import apply
    from saferedact.pipeline.check import check
    from saferedact.pipeline.detect import detect
    from saferedact.pipeline.redact import redact
    from saferedact.pipeline.release import release
    from saferedact.pipeline.verify import verify
    from saferedact.pipeline.video.stream import StreamRedactor
    from saferedact.plan import Plan, dump_plan, load_plan
    from saferedact.policy import Policy, load_policy
    from saferedact.report import Finding, Report

_HOMES = {
    "CaseFile": "saferedact.casefile",
    "CaseFileInvalidError": "saferedact.errors",
    "DamagedInputError": "saferedact.errors",
    "DependencyMissingError": "saferedact.errors",
    "DestinationError": "saferedact.errors",
    "Detections": "saferedact.detections",
    "DetectorError": "saferedact.errors",
    "DetectorModelMissing": "saferedact.errors",
    "Finding": "saferedact.report",
    "FindingsError": "saferedact.errors",
    "InputError": "saferedact.errors",
    "LimitExceededError": "saferedact.errors",
    "Limits": "saferedact.limits",
    "MediaInfo": "saferedact.media.base",
    "Plan": "saferedact.plan",
    "PlanInvalidError": "saferedact.errors",
    "Policy": "saferedact.policy",
    "PolicyInvalidError": "saferedact.errors",
    "RedactionError": "saferedact.errors",
    "Report": "saferedact.report",
    "SaferedactError": "saferedact.errors",
    "StreamRedactor": "saferedact.pipeline.video.stream",
    "UnsupportedFormatError": "saferedact.errors",
    "VerificationError": "saferedact.errors",
    "apply": "saferedact.pipeline.apply",
    "check": "saferedact.pipeline.check",
    "detect": "saferedact.pipeline.detect",
    "find_identities": "saferedact.detectors.identities",
    "dump_plan": "saferedact.plan",
    "load_case": "saferedact.casefile",
    "load_plan": "saferedact.plan",
    "load_policy": "saferedact.policy",
    "redact": "saferedact.pipeline.redact",
    "redact_regions": "saferedact.frames",
    "release": "saferedact.pipeline.release",
    "redact_text": "saferedact.detectors.replace_text",
    "verify": "saferedact.pipeline.verify",
}

__all__ = [
    "CaseFile",
    "CaseFileInvalidError",
    "DamagedInputError",
    "DependencyMissingError",
    "DestinationError",
    "Detections",
    "DetectorError",
    "DetectorModelMissing",
    "Finding",
    "FindingsError",
    "InputError",
    "LimitExceededError",
    "Limits",
    "MediaInfo",
    "Plan",
    "PlanInvalidError",
    "Policy",
    "PolicyInvalidError",
    "RedactionError",
    "Report",
    "SaferedactError",
    "StreamRedactor",
    "UnsupportedFormatError",
    "VerificationError",
    "__version__",
    "apply",
    "check",
    "detect",
    "dump_plan",
    "find_identities",
    "load_case",
    "load_plan",
    "load_policy",
    "redact",
    "redact_regions",
    "redact_text",
    "release",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import the home of a public name on first use."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
