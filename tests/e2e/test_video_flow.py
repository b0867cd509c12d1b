"""Videos from end to end: every frame covered, every frame and time kept, nothing left half done."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

from saferedact.errors import DamagedInputError, InputError, VerificationError
from saferedact.media.video_read import open_video
from saferedact.pipeline import apply, detect, redact, redact_with_plan, verify
from saferedact.pipeline.video.hide import hide
from saferedact.plan import TrackRegion, dump_plan, edit, load_plan, resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, walking_marks
from saferedact.testing.videos import CLIPS, Clip, write_clip

FACES = load_policy("faces")
THOUSANDTH = Fraction(1, 1000)
KINDS = [
    "plain",
    "one-frame",
    "open-gop",
    "variable-rate",
    "long-sound",
    "odd-size",
    "4:2:2",
    "10-bit",
    "full-range",
    "turned-90",
    "mirrored",
    "wide-pixels",
    "interlaced",
    "matroska",
    "webm",
    "avi",
    "avi-rgb",
    "transport-stream",
]


def walk(count, start=(10, 20), step=(1, 0), side=24):
    """One mark that moves steadily."""
    return walking_marks(
        [[(start[0] + i * step[0], start[1] + i * step[1])] for i in range(count)], side
    )


def clip_of(count=40, size_wh=(192, 128), **options):
    return Clip(size_wh=size_wh, pts=tuple(range(0, count * 512, 512)), **options)


def times(path):
    with open_video(path) as video:
        return [frame.pts * frame.time_base for frame in video.frames()]


def marks_left(path):
    """Frames of a file in which a mark can be seen."""
    detector = PlantedDetector()
    with open_video(path) as video:
        width, height = video.info.upright_size_wh
        return [
            frame.index
            for frame in video.frames()
            if len(detector.boxes_in(frame.small((width, height)))) > 0
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_clip_keeps_its_frames_and_loses_its_marks(tmp_path, kind):
    clip = replace(CLIPS[kind], draw=walk(len(CLIPS[kind].pts), side=20))
    source = tmp_path / f"source{clip.suffix}"
    suffix = clip.suffix if clip.suffix in {".mp4", ".mkv", ".webm"} else ".mp4"
    destination = tmp_path / f"redacted{suffix}"
    write_clip(source, clip)
    assert len(marks_left(source)) == len(clip.pts)
    report = redact(source, destination, policy=FACES, detectors=[PlantedDetector()])
    assert report.verdict == "no_finding"
    assert marks_left(destination) == []
    assert times(destination) == times(source)


def test_a_plan_of_tracks_is_reviewed_and_carried_out_by_track(tmp_path):
    source, destination = tmp_path / "source.mp4", tmp_path / "redacted.mp4"
    both = walking_marks([[(10 + i, 20), (120, 80)] for i in range(40)])
    write_clip(source, clip_of(draw=both))
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    assert plan.media.kind == "video"
    assert plan.media.frames == 40
    assert plan.media.duration == pytest.approx(40 / 30)
    assert load_plan(dump_plan(plan)) == plan
    assert all(isinstance(region, TrackRegion) for region in plan.visible_regions())
    still = [
        region.id
        for region in plan.visible_regions()
        if region.xyxy[0][0] > 90 and region.frame[0] == 0
    ]
    assert len(still) == 1
    given_back = edit.reject(plan, still)
    assert edit.select(plan, frame=39) == edit.select(plan, kind="track")
    apply(source, given_back, destination, policy=FACES)
    assert marks_left(destination) == list(range(40))
    report = verify(source, destination, given_back, policy=FACES, detectors=[PlantedDetector()])
    assert report.verdict == "no_finding"
    forgotten = plan.model_copy(update={"regions": ()})
    report = verify(source, destination, forgotten, policy=FACES, detectors=[PlantedDetector()])
    assert report.verdict == "blocked"
    assert {finding.rule_id for finding in report.findings if finding.level == "BLOCK"} == {"VF-04"}


def planes_after(source, plan):
    """Planes of every frame as they go to the encoder."""
    resolved = resolve_plan(plan, policy=FACES)
    with open_video(source) as video:
        for frame in video.frames():
            hide(frame, video.info, resolved.groups(frame.index))
            yield [plane.array.copy() for plane in frame.planes().planes]


@pytest.mark.parametrize("pix_fmt", ["yuv444p", "yuv420p"])
def test_what_is_written_does_not_depend_on_what_is_hidden(tmp_path, pix_fmt):
    """Lossless clips that differ in the mark alone give the same planes, in every frame."""
    one, other = tmp_path / "one.mkv", tmp_path / "other.mkv"
    lossless = Clip(".mkv", "ffv1", pix_fmt, (192, 128), tuple(range(0, 1200, 40)), THOUSANDTH)
    marked = walk(30, step=(2, 1))

    def repainted(size_wh, index):
        picture = marked(size_wh, index)
        x, y = 10 + 2 * index, 20 + index
        noise = np.random.default_rng(index).integers(0, 255, (24, 24, 3))
        picture[y : y + 24, x : x + 24] = noise
        return picture

    for path, draw in ((one, marked), (other, repainted)):
        write_clip(path, replace(lossless, draw=draw))
    plan = detect(one, policy=FACES, detectors=[PlantedDetector()])
    pairs = zip(planes_after(one, plan), planes_after(other, plan), strict=True)
    for index, (a, b) in enumerate(pairs):
        for first, second in zip(a, b, strict=True):
            assert np.array_equal(first, second), f"frame {index}"


def test_another_file_with_the_same_plan_is_refused_and_leaves_nothing(tmp_path):
    source, other = tmp_path / "source.mp4", tmp_path / "other.mp4"
    write_clip(source, clip_of(draw=walk(40)))
    write_clip(other, clip_of(draw=walk(40, start=(60, 60))))
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    destination = tmp_path / "out.mp4"
    with pytest.raises(InputError, match="another file"):
        apply(other, plan, destination, policy=FACES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.mp4", "source.mp4"]


def test_frames_that_decode_differently_stop_the_second_pass(tmp_path):
    source = tmp_path / "source.mp4"
    write_clip(source, clip_of(draw=walk(40)))
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    media = plan.media.model_copy(update={"checksums": ("00000000",)})
    with pytest.raises(InputError, match="does not decode to the frames"):
        apply(source, plan.model_copy(update={"media": media}), tmp_path / "o.mp4", policy=FACES)
    assert [path.name for path in tmp_path.iterdir()] == ["source.mp4"]


def test_an_output_with_a_frame_too_few_or_at_another_time_is_found(tmp_path):
    source, short, late = (tmp_path / name for name in ("s.mp4", "short.mp4", "late.mp4"))
    clip = clip_of(20, draw=walk(0))
    write_clip(source, clip)
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    write_clip(short, replace(clip, pts=clip.pts[:-1]))
    write_clip(late, replace(clip, pts=(*clip.pts[:10], *(t + 100 for t in clip.pts[10:]))))
    for path, text in ((short, "number of frames"), (late, "another time")):
        report = verify(source, path, plan, policy=FACES, detectors=[PlantedDetector()])
        assert report.verdict == "blocked"
        assert any(text in finding.message for finding in report.findings)


def test_a_truncated_clip_is_told_and_a_policy_can_refuse_it(tmp_path):
    source = tmp_path / "source.mp4"
    clip = clip_of(60, draw=walk(60), muxer={"movflags": "+faststart"})
    write_clip(source, clip)
    data = source.read_bytes()
    source.write_bytes(data[: len(data) * 7 // 8])
    refusing = FACES.model_copy(
        update={"video": FACES.video.model_copy(update={"on_damage": "refuse"})}
    )
    with pytest.raises(DamagedInputError, match="damaged or not complete"):
        detect(source, policy=refusing, detectors=[PlantedDetector()])
    done = redact_with_plan(source, tmp_path / "o.mp4", policy=FACES, detectors=[PlantedDetector()])
    assert any("not complete" in note for note in done.report.notes)
    assert marks_left(tmp_path / "o.mp4") == []


class LateDetector(PlantedDetector):
    """Does not see the lower half on the source, and does on the output."""

    def __init__(self):
        super().__init__()
        self.is_awake = False

    def boxes_in(self, image):
        boxes = super().boxes_in(image)
        if self.is_awake:
            return boxes
        return boxes[boxes[:, 1] < image.shape[0] / 2]


def test_what_the_second_look_finds_is_repaired_in_all_its_frames(tmp_path, monkeypatch):
    source, destination = tmp_path / "s.mp4", tmp_path / "o.mp4"
    write_clip(source, clip_of(draw=walking_marks([[(10 + i, 20), (90, 90)] for i in range(40)])))
    detector = LateDetector()
    from saferedact.pipeline import video

    first_pass = video.detect

    def wakes_after(source, search):
        plan = first_pass(source, search)
        detector.is_awake = True
        return plan

    monkeypatch.setattr(video, "detect", wakes_after)
    done = redact_with_plan(source, destination, policy=FACES, detectors=[detector])
    assert done.repairs == 1
    assert marks_left(destination) == []
    repaired = [region for region in done.plan.visible_regions() if region.needs_review]
    assert [(region.frame[0], region.frame[-1]) for region in repaired] == [(0, 39)]


def test_a_cover_that_was_left_out_blocks_and_leaves_nothing(tmp_path, monkeypatch):
    source, destination = tmp_path / "s.mp4", tmp_path / "o.mp4"
    write_clip(source, clip_of(draw=walk(40)))
    module = import_module("saferedact.pipeline.video.carry_out")

    def lazy(frame, info, groups):
        if frame.index != 17:
            hide(frame, info, groups)

    monkeypatch.setattr(module, "hide", lazy)
    with pytest.raises(VerificationError, match="VF-02"):
        redact(source, destination, policy=FACES, detectors=[PlantedDetector()])
    assert [path.name for path in tmp_path.iterdir()] == ["s.mp4"]


def test_times_stay_exact_where_they_are_odd(tmp_path):
    source, destination = tmp_path / "s.mkv", tmp_path / "o.mkv"
    pts = (0, 33, 67, 100, 500, 501, 900)
    clip = Clip(suffix=".mkv", pts=pts, time_base=THOUSANDTH, draw=walk(7))
    write_clip(source, clip)
    redact(source, destination, policy=FACES, detectors=[PlantedDetector()])
    assert times(destination) == [Fraction(t, 1000) for t in pts]


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path, monkeypatch):
    source, whole, resumed = (tmp_path / name for name in ("s.mp4", "whole.mp4", "resumed.mp4"))
    write_clip(source, clip_of(60, draw=walk(60), sound="aac", sound_s=2.0))
    module = import_module("saferedact.pipeline.video.carry_out")
    monkeypatch.setattr(module, "SEGMENT_FRAMES", 16)
    redact_with_plan(source, whole, policy=FACES, detectors=[PlantedDetector()], resume=True)
    hidden = []

    def dies(frame, info, groups):
        hidden.append(frame.index)
        if frame.index == 40 and len(hidden) < 60:
            raise KeyboardInterrupt
        hide(frame, info, groups)

    monkeypatch.setattr(module, "hide", dies)
    with pytest.raises(KeyboardInterrupt):
        redact_with_plan(source, resumed, policy=FACES, detectors=[PlantedDetector()], resume=True)
    assert not resumed.exists()
    assert (tmp_path / ".saferedact-resumed.mp4.work" / "plan.json").exists()
    first = list(hidden)
    monkeypatch.setattr(
        module, "hide", lambda *given: (hidden.append(given[0].index), hide(*given))
    )
    blind = PlantedDetector(color=(0, 255, 0))  # would find nothing: the plan is there
    redact_with_plan(source, resumed, policy=FACES, detectors=[blind], resume=True)
    assert hidden[len(first) :] == list(range(32, 60))
    assert marks_left(resumed) == []
    assert times(resumed) == times(whole) == times(source)
    with open_video(resumed) as a, open_video(whole) as b:
        for one, other in zip(a.frames(), b.frames(), strict=True):
            assert abs(one.luma((96, 64)).astype(int) - other.luma((96, 64))).mean() < 2
    names = ["resumed.mp4", "s.mp4", "whole.mp4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


KILLED = """
import sys, time
from importlib import import_module
from pathlib import Path
from saferedact.pipeline import redact_with_plan
from saferedact.testing.detectors import PlantedDetector

module = import_module("saferedact.pipeline.video.carry_out")
module.SEGMENT_FRAMES = 16
honest, slow = module.hide, sys.argv[3] == "slow"

def hide(frame, info, groups):
    if slow and frame.index >= 40:
        print("third piece", flush=True)
        time.sleep(60)
    honest(frame, info, groups)

module.hide = hide
source, destination = map(Path, sys.argv[1:3])
redact_with_plan(source, destination, policy="faces", detectors=[PlantedDetector()], resume=True)
"""


def test_a_killed_process_resumes_to_the_same_bytes(tmp_path):
    source, whole, resumed = (tmp_path / name for name in ("s.mp4", "whole.mp4", "resumed.mp4"))
    # At this size x264's code for AVX-512 does not repeat itself.
    write_clip(source, clip_of(60, size_wh=(176, 144), draw=walk(60), sound="aac", sound_s=2.0))

    def started(destination, pace):
        command = [sys.executable, "-c", KILLED, str(source), str(destination), pace]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    with started(whole, "fast") as process:
        assert process.wait(timeout=120) == 0
    with started(resumed, "slow") as process:
        assert process.stdout.readline() == "third piece\n"
        process.kill()
    assert process.returncode != 0
    assert not resumed.exists()
    work = tmp_path / ".saferedact-resumed.mp4.work"
    pieces = {path.name: path.read_bytes() for path in work.glob("segment-*")}
    assert sorted(pieces) == ["segment-0.mp4", "segment-1.mp4"]
    with started(resumed, "fast") as process:
        assert process.wait(timeout=120) == 0
    assert resumed.read_bytes() == whole.read_bytes()
    assert marks_left(resumed) == []
    assert times(resumed) == times(source)
    assert not work.exists()


class SeldomDetector(PlantedDetector):
    """As a reader of text: slow, so asked only now and then."""

    every_s = 1.6

    def __init__(self):
        super().__init__(label="name", name="text", labels=("name",))
        self.looks = 0

    def boxes_in(self, image):
        self.looks += 1
        return super().boxes_in(image)


class KnowingDetector(PlantedDetector):
    """Says whom each mark names: the upper ones one person, the lower ones another."""

    def __init__(self):
        super().__init__(label="name", name="text", labels=("name",))

    def detect(self, images, *, min_score, orientation_known):
        (found,) = super().detect(images, min_score=min_score, orientation_known=orientation_known)
        upper = found.xyxy[:, 1] < images.shape[1] / 2
        return [replace(found, people=tuple("W1" if is_upper else None for is_upper in upper))]


def test_tracks_say_whom_of_the_case_they_hide_and_are_given_back_by_person(tmp_path):
    source, destination = tmp_path / "s.mp4", tmp_path / "o.mp4"
    draw = walking_marks([[(20 + i, 10), (20 + i, 90)] for i in range(40)])
    write_clip(source, clip_of(40, draw=draw))
    plan = detect(source, policy="release", detectors=[KnowingDetector()])
    assert {region.person_ref for region in plan.visible_regions()} == {"W1", None}
    kept = [region.id for region in plan.visible_regions() if region.person_ref == "W1"]
    apply(source, edit.reject(plan, kept), destination)
    with open_video(destination) as video:
        for frame in video.frames():
            (left,) = PlantedDetector().boxes_in(frame.small((192, 128)))
            assert left[3] < 64


def test_what_is_seldom_looked_for_is_covered_from_where_it_came(tmp_path):
    """A mark that appears between two such looks, moves and goes."""
    source, destination = tmp_path / "s.mp4", tmp_path / "o.mp4"
    draw = walking_marks([[(20 + i, 70)] if 20 <= i < 90 else [] for i in range(120)])
    write_clip(source, clip_of(120, draw=draw))
    detector = SeldomDetector()
    plan = detect(source, policy="release", detectors=[detector])
    assert detector.looks <= 120 / 48 + 2
    apply(source, plan, destination)
    assert marks_left(destination) == []
