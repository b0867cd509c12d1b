"""Look into files for what they hide: in a process of its own, within limits, whoever made them."""

from saferedact.pipeline.inspection.findings import Inspection
from saferedact.pipeline.inspection.worker import Inspector

__all__ = ["Inspection", "Inspector"]
