"""Work on a video that was kept counts again only if it would be made again."""

from dataclasses import replace

import pytest

from saferedact.errors import DestinationError
from saferedact.pipeline import detect
from saferedact.pipeline.medium import Search
from saferedact.pipeline.video import resume
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector
from saferedact.testing.videos import Clip, write_clip

FACES = load_policy("faces")
SEARCH = Search(FACES, [PlantedDetector()])


@pytest.fixture
def plan(tmp_path):
    write_clip(tmp_path / "clip.mp4", Clip())
    return detect(tmp_path / "clip.mp4", policy=FACES, detectors=[PlantedDetector()])


def test_a_plan_is_kept_for_the_same_source_policy_detectors_and_version(
    plan, tmp_path, monkeypatch
):
    source = plan.source_sha256
    assert resume.kept_plan(source, SEARCH) is None
    with resume.kept_in(tmp_path / "work"):
        assert resume.kept_plan(source, SEARCH) is None
        resume.keep_plan(plan)
        assert resume.kept_plan(source, SEARCH) == plan
        other = [
            resume.kept_plan("0" * 64, SEARCH),
            resume.kept_plan(source, replace(SEARCH, policy=load_policy("frost"))),
            resume.kept_plan(source, replace(SEARCH, detectors=[PlantedDetector(name="other")])),
            resume.kept_plan(source, replace(SEARCH, part=(0.0, 1.0))),
        ]
        assert other == [None] * 4
        monkeypatch.setattr(resume, "__version__", "0.0.0")
        assert resume.kept_plan(source, SEARCH) is None


def test_two_runs_never_share_the_pieces_of_one_destination(tmp_path):
    def run():
        with resume.kept_in(tmp_path / "work"):
            pass

    with resume.kept_in(tmp_path / "work"), pytest.raises(DestinationError, match="another run"):
        run()
    assert not (tmp_path / "work").exists()
    run()
