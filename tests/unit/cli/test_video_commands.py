"""Commands on videos: previews, times, tracks, contact sheets, progress."""

from io import StringIO

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from saferedact.cli import redact as module
from saferedact.media.video_read import open_video
from saferedact.pipeline.progress import told
from saferedact.plan import TrackRegion, load_plan
from saferedact.testing.detectors import PlantedDetector, walking_marks
from saferedact.testing.videos import Clip, write_clip

pytestmark = pytest.mark.usefixtures("planted")


@pytest.fixture
def clip(tmp_path):
    """Two seconds of two marks; the second one comes late."""
    path = tmp_path / "clip.mp4"
    places = [[(20 + i, 70), (150, 20)] if i >= 40 else [(20 + i, 70)] for i in range(60)]
    pts = tuple(range(0, 60 * 512, 512))
    write_clip(path, Clip(size_wh=(192, 128), pts=pts, draw=walking_marks(places), sound="aac"))
    return path


def frames_with_marks(path):
    detector = PlantedDetector()
    with open_video(path) as video:
        size_wh = video.info.upright_size_wh
        return [len(detector.boxes_in(frame.small(size_wh))) > 0 for frame in video.frames()]


def test_a_preview_shows_only_what_lies_between_and_covers_it(run, clip, tmp_path):
    out, plans = tmp_path / "out.mp4", tmp_path / "plans"
    run("redact", clip, "-o", out, "--policy", "faces", "--start", "1.5", "--end", "0:01.8",
        "--plans", plans)  # fmt: skip
    assert frames_with_marks(out) == [False] * 9
    with open_video(out) as video:
        assert next(iter(video.frames())).pts == 0
        assert video.info.audio == ()
    plan = load_plan(plans / "clip.mp4.plan.json")
    assert plan.media.part == (45, 54)
    assert {region.kind for region in plan.visible_regions()} == {"track"}
    assert all(45 <= f < 54 for region in plan.visible_regions() for f in region.frame)


def test_a_part_without_a_frame_is_refused(run, clip, tmp_path):
    out = tmp_path / "out.mp4"
    found = run("redact", clip, "-o", out, "--policy", "faces", "--start", "1:00", code=2)
    assert "no frame in the part" in found.stderr
    assert not out.exists()


@pytest.mark.usefixtures("here")
def test_a_picture_has_no_parts(run):
    found = run("redact", "a.png", "-o", "b.png", "--policy", "faces", "--end", "5", code=2)
    assert "only of a video" in found.stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("text", ["", "x", "1:2:3:4", "-1", "nan", "inf", "1::2"])
def test_times_that_are_none(run, text):
    found = run("redact", "a.png", "-o", "b.png", f"--start={text}", code=2)
    assert "minutes:seconds" in found.stderr


def test_tracks_are_shown_with_their_times_and_decided_on(run, clip, tmp_path):
    path = tmp_path / "plan.json"
    run("detect", clip, "-o", path, "--policy", "faces")
    shown = run("plan", "show", path).stdout
    assert "0-59" in shown
    assert "0:00.0-0:02.0" in shown
    late = run("plan", "show", path, "--frame", "0").stdout.splitlines()
    assert len([line for line in late if line.startswith("face-")]) == 1
    names = [r.id for r in load_plan(path).regions if isinstance(r, TrackRegion)]
    run("plan", "reject", path, "--id", names[0])
    out = tmp_path / "out.mp4"
    run("apply", clip, path, "-o", out, "--policy", "faces")
    assert any(frames_with_marks(out))
    run("plan", "accept", path, "--all")
    run("apply", clip, path, "-o", out, "--policy", "faces", "--overwrite")
    assert not any(frames_with_marks(out))


def test_a_sheet_has_a_tile_for_each_track_and_no_mark(run, clip, tmp_path):
    sheet = tmp_path / "sheet.png"
    run("redact", clip, "-o", tmp_path / "out.mp4", "--policy", "faces",
        "--contact-sheet", sheet)  # fmt: skip
    with Image.open(sheet) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert len(PlantedDetector().boxes_in(pixels)) == 0
    assert pixels.shape[1] > 2 * 190


def test_an_export_of_a_camera_becomes_an_mp4(run, tmp_path):
    source = tmp_path / "in" / "cam.avi"
    source.parent.mkdir()
    draw = walking_marks([[(20, 70)]] * 10)
    from fractions import Fraction

    write_clip(
        source, Clip(".avi", "mpeg4", "yuv420p", (192, 128), tuple(range(10)), Fraction(1, 25),
                     draw=draw)
    )  # fmt: skip
    run("redact", source.parent, "-o", tmp_path / "out", "--policy", "faces")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["cam.mp4"]


def test_frames_are_told_on_a_terminal(monkeypatch):
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=90)
    monkeypatch.setattr(module, "stderr_console", lambda: console)
    with module._progress(1):
        for step in ("look", "write"):
            list(told(step, range(3), 3))
    text = screen.getvalue()
    assert "write" in text
    assert "3/3" in text


def test_a_thorough_look_is_at_every_frame(run, tmp_path, monkeypatch):
    source, plan = tmp_path / "clip.mp4", tmp_path / "plan.json"
    pts = tuple(range(0, 40 * 512, 512))
    write_clip(source, Clip(size_wh=(192, 128), pts=pts, draw=walking_marks([[(80, 70)]] * 40)))
    looks = []
    see = PlantedDetector.boxes_in
    monkeypatch.setattr(
        PlantedDetector, "boxes_in", lambda self, image: looks.append(1) or see(self, image)
    )

    def looks_of(*words):
        looks.clear()
        run(*words)
        return len(looks)

    policy = ("--policy", "faces")
    seen = looks_of("detect", source, "-o", plan, *policy)
    out = tmp_path / "out.mp4"
    quick = looks_of("redact", source, "-o", out, *policy)
    assert quick - seen < 20
    thorough = looks_of("redact", source, "-o", out, *policy, "--thorough", "--overwrite")
    assert thorough - seen == 40
    assert looks_of("verify", source, out, plan, *policy) < 20
    assert looks_of("verify", source, out, plan, *policy, "--thorough") == 40
