"""Redact a document of the corpus of channels, and let the tests' oracle read it."""

import importlib.util
from pathlib import Path

from saferedact.pipeline.pdf import finder
from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs import make_channel
from saferedact.text.sweep import Seed, sweep

_ORACLE = Path(__file__).parents[1] / "tests" / "pdf" / "oracle.py"


def oracle():
    """Load the tests' oracle, which shares no code with the library."""
    spec = importlib.util.spec_from_file_location("benchmarks_pdf_oracle", _ORACLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def secrets_read(module, path, secrets, *, pixels):
    """Where the secrets can be read in a file."""
    return module.leaks(path, secrets.all, pixels=pixels)


def redact_channel(channel, source, target):
    """Write a document, redact it with a text engine that is told its secrets, and return these."""
    from saferedact.detectors.ocr import TextReader
    from saferedact.detectors.text_in_image import TextInImageDetector

    secrets = make_channel(channel, source)
    seeds = [Seed(secrets.name, "person"), Seed(secrets.phone, "phone")]
    before = finder.text_engine
    finder.text_engine = lambda _search: lambda text: sweep(text, seeds)
    try:
        detectors = [
            TextInImageDetector(lambda text: sweep(text, seeds), reader=TextReader(threads=1))
        ]
        redact_with_plan(source, target, detectors=detectors, overwrite=True)
    finally:
        finder.text_engine = before
    return secrets
