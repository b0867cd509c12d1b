"""The five words at work: `detect`, `apply`, `verify`, `check`; and `redact`, the first three."""

from saferedact.pipeline.apply import apply
from saferedact.pipeline.check import check
from saferedact.pipeline.detect import detect
from saferedact.pipeline.redact import Redaction, redact, redact_with_plan
from saferedact.pipeline.release import release
from saferedact.pipeline.verify import verify

__all__ = [
    "Redaction",
    "apply",
    "check",
    "detect",
    "redact",
    "redact_with_plan",
    "release",
    "verify",
]
