"""Profiles of hypothesis, and the models that marked tests need."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Lazy imports make first examples slow, which makes deadlines flaky; speed lives in benchmarks/.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fast", max_examples=20, **_COMMON)
settings.register_profile("ci", max_examples=100, derandomize=True, **_COMMON)
settings.register_profile("nightly", max_examples=2000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session", autouse=True)
def _workers_end():
    """Let processes that the suite started end by themselves: what they measured is written then."""
    yield
    from saferedact.media.pdf_worker import end_worker

    end_worker()


@pytest.fixture(scope="session")
def face_model():
    """Path of the face detector's weights, fetched once per machine."""
    return _fetched("centerface")


@pytest.fixture(scope="session")
def text_model():
    """Path of the weights that read text in pictures, fetched once per machine."""
    return _fetched("ppocr")


@pytest.fixture(scope="session")
def all_models():
    """Paths of the models that a check under the default policy needs, fetched once per machine."""
    from saferedact.cli.check import models_for
    from saferedact.policy import load_policy

    return [_fetched(name) for name in models_for(load_policy())]


def _fetched(name):
    """Fetch a model if it is not there.

    The one place where the suite reaches a network: pip does, in a process of its own.
    """
    from saferedact.errors import DetectorModelMissing
    from saferedact.models import fetch_model, model_path

    try:
        return model_path(name)
    except DetectorModelMissing:
        return fetch_model(name)


@pytest.fixture(scope="session")
def name_models():
    """Have the weights of the name recognisers ready, fetched once per machine."""
    from saferedact.detectors.names import NAME_MODELS

    for name in NAME_MODELS:
        _fetched(name)


@pytest.fixture(autouse=True)
def _models_for_marked_tests(request):
    """Have what a check under the default policy needs ready for every test marked ``model``."""
    if request.node.get_closest_marker("model"):
        request.getfixturevalue("all_models")
