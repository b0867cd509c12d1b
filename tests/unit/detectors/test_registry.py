import sys
from functools import lru_cache

import numpy as np
import pytest

from saferedact.detections import Detections
from saferedact.detectors import registry
from saferedact.detectors.base import DetectorInfo, ImageDetector
from saferedact.detectors.registry import (
    built_in_names,
    labels_proposed,
    load_plug_ins,
    needed_models,
    needed_text_models,
    plug_in_names,
    record_of,
    resolve_detectors,
)
from saferedact.errors import DependencyMissingError, DetectorError, InputError
from saferedact.policy import Policy, load_policy

RELEASE = load_policy("release")
NAMES_ONLY = Policy.model_validate(
    {
        "schema": "saferedact.policy/1",
        "name": "names",
        "undecided": "redact",
        "labels": {"name": {"operator": "solid", "min_score": 0.5, "review_below": 0.5}},
    }
)

CODES_ONLY = Policy.model_validate(
    {
        "schema": "saferedact.policy/1",
        "name": "codes",
        "undecided": "redact",
        "labels": {"code": {"operator": "solid", "min_score": 0.5, "review_below": 0.5}},
    }
)

PLUG_IN = """
import numpy as np
from saferedact.detections import Detections
from saferedact.detectors.base import DetectorInfo
from saferedact.errors import DependencyMissingError

class Hats:
    info = DetectorInfo("hats", "1", ("face",))

    def detect(self, images, *, min_score, orientation_known):
        return [Detections.empty(("face",)) for _ in images]

class NotADetector:
    pass

def failing():
    raise RuntimeError("secret of the plug-in")

def needing():
    raise DependencyMissingError("install hats")

not_callable = 7
"""

ENTRIES = {
    "hats": "Hats",
    "bald": "NotADetector",
    "failing": "failing",
    "needing": "needing",
    "seven": "not_callable",
    "absent": "NoSuchName",
}


class Passed:
    """A detector that is passed in as an object."""

    info = DetectorInfo("passed", "1", ("face",))

    def detect(self, images, *, min_score, orientation_known):
        return [Detections.empty(("face",)) for _ in images]


@pytest.fixture
def plug_ins(tmp_path, monkeypatch):
    """Install a distribution with plug-ins, good and bad ones."""
    (tmp_path / "saferedact_hats.py").write_text(PLUG_IN, encoding="utf-8")
    info = tmp_path / "saferedact_hats-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: saferedact-hats\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = [f"{name} = saferedact_hats:{target}" for name, target in ENTRIES.items()]
    lines += ["gone = saferedact_no_such_module:Hats", "faces = saferedact_hats:Hats"]
    (info / "entry_points.txt").write_text(
        "\n".join(
            ["[saferedact.detectors]", *lines, "[other.group]", "hut = saferedact_hats:Hats"]
        ),
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "saferedact_hats", raising=False)
    yield
    sys.modules.pop("saferedact_hats", None)


def test_the_built_in_detectors():
    assert built_in_names() == ("faces", "text", "codes")


def test_models_are_needed_only_for_labels_of_the_policy():
    assert needed_models(RELEASE) == ("centerface", "ppocr", "spacy-en-md", "rampart-ner")
    assert needed_models(NAMES_ONLY) == ("ppocr", "spacy-en-md", "rampart-ner")
    assert needed_models(CODES_ONLY) == ()


def test_the_record_of_a_detector_says_what_it_says_of_itself():
    record = record_of(Passed())
    assert (record.name, record.version, record.labels, record.status) == (
        "passed",
        "1",
        ("face",),
        "ran",
    )
    assert record.weights_sha256 is None


@pytest.mark.parametrize(
    "info",
    [
        None,
        DetectorInfo("", "1", ("face",)),
        DetectorInfo("x" * 10_000, "1", ("face",)),
        DetectorInfo("passed", "1", ("face",), "not a digest"),
        DetectorInfo("passed", "1", 7),
    ],
)
def test_a_detector_that_no_plan_can_name_is_a_detector_error(info):
    nameless = Passed()
    nameless.info = info
    with pytest.raises(DetectorError, match="are no good"):
        record_of(nameless)


def test_a_policy_without_faces_makes_no_face_detector():
    assert [detector.info.name for detector in resolve_detectors(None, CODES_ONLY)] == ["codes"]


def test_objects_are_taken_as_they_are_in_their_order():
    first, second = Passed(), Passed()
    assert isinstance(first, ImageDetector)
    resolved = resolve_detectors([second, first], NAMES_ONLY)
    assert [detector is wanted for detector, wanted in zip(resolved, (second, first), strict=True)]
    assert resolved[0] is second
    assert resolved[1] is first


def test_an_empty_choice_is_a_choice():
    assert resolve_detectors([], RELEASE) == []


@pytest.mark.usefixtures("plug_ins")
def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"known: faces, .*hats") as caught:
        resolve_detectors(["fcaes-of-secret-people"], RELEASE)
    assert "secret" not in str(caught.value)
    assert "saferedact_hats" not in sys.modules


@pytest.mark.usefixtures("plug_ins")
def test_installed_plug_ins_are_listed_but_not_loaded():
    assert set(ENTRIES) <= set(plug_in_names())
    assert "hut" not in plug_in_names()
    assert list(plug_in_names()) == sorted(plug_in_names())
    resolve_detectors([Passed()], RELEASE)
    resolve_detectors(None, CODES_ONLY)
    assert "saferedact_hats" not in sys.modules


@pytest.mark.usefixtures("plug_ins")
def test_a_named_plug_in_is_loaded_and_looks():
    (hats,) = resolve_detectors(["hats"], RELEASE)
    assert hats.info.name == "hats"
    answers = hats.detect(np.zeros((2, 4, 4, 3), np.uint8), min_score=0.1, orientation_known=True)
    assert [len(answer) for answer in answers] == [0, 0]


@pytest.mark.usefixtures("plug_ins")
@pytest.mark.parametrize("name", ["bald", "failing", "seven", "absent", "gone"])
def test_a_bad_plug_in_is_a_detector_error_that_tells_nothing_of_its_inside(name):
    with pytest.raises(DetectorError, match=f"plug-in {name}") as caught:
        resolve_detectors([name], RELEASE)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.usefixtures("plug_ins")
def test_a_plug_ins_own_error_of_our_kind_is_passed_on():
    with pytest.raises(DependencyMissingError, match="install hats"):
        resolve_detectors(["needing"], RELEASE)


@pytest.mark.usefixtures("plug_ins")
def test_a_plug_in_cannot_take_the_name_of_a_built_in_detector(monkeypatch):
    ours = Passed()
    labels, models, _ = registry._BUILT_IN["faces"]
    monkeypatch.setitem(registry._BUILT_IN, "faces", (labels, models, lambda *_: ours))
    assert resolve_detectors(["faces"], RELEASE) == [ours]
    assert "saferedact_hats" not in sys.modules


@pytest.mark.model
def test_the_policy_chooses_the_orientations_and_the_caller_the_threads(monkeypatch):
    from saferedact.detectors import faces

    asked = []

    class Recorded(faces.FaceDetector):
        def __init__(self, **options):
            asked.append(options)
            super().__init__(**options)

    monkeypatch.setattr(faces, "FaceDetector", Recorded)
    monkeypatch.setattr(registry, "_shared_faces", registry._shared_faces.__wrapped__)
    detectors = resolve_detectors(None, RELEASE, threads=1)
    assert [detector.info.name for detector in detectors] == ["faces", "text", "codes"]
    assert asked == [{"orientations": "auto", "threads": 1}]


def test_the_network_of_faces_is_loaded_once_for_the_same_weights_and_threads(monkeypatch):
    from saferedact.detectors import faces

    class Stub:
        info = DetectorInfo("faces", "1", ("face",))

        def __init__(self, **_options):
            pass

        def detect(self, images, *, min_score, orientation_known):
            raise NotImplementedError

    place = ["here"]
    monkeypatch.setattr(faces, "FaceDetector", Stub)
    monkeypatch.setattr(registry, "model_path", lambda _name: place[0])
    shared = lru_cache(maxsize=2)(registry._shared_faces.__wrapped__)
    monkeypatch.setattr(registry, "_shared_faces", shared)

    def made(threads):
        return resolve_detectors(["faces"], RELEASE, threads=threads)[0]

    first = made(1)
    assert made(1) is first
    assert made(2) is not first
    place[0] = "elsewhere"
    assert made(1) is not first


def test_text_models_of_a_policy():
    from saferedact.detectors.names import NAME_MODELS

    assert needed_text_models(RELEASE) == NAME_MODELS
    assert needed_text_models(NAMES_ONLY) == NAME_MODELS
    assert needed_text_models(RELEASE.model_copy(update={"labels": {}})) == ()


@pytest.mark.usefixtures("plug_ins")
def test_a_plug_in_is_loaded_once_to_tell_its_labels_and_to_look():
    asked = load_plug_ins(["codes", "hats"], RELEASE)
    assert labels_proposed(asked) == {"code", "face"}
    assert asked[0] == "codes"
    assert resolve_detectors(asked, RELEASE)[1] is asked[1]


def test_one_name_is_no_list_of_plug_ins():
    with pytest.raises(InputError, match="must be a list"):
        load_plug_ins("faces", RELEASE)
