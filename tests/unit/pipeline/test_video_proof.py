"""Proof and second look of videos: outputs that are wrong in one way each."""

from dataclasses import replace
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

from saferedact.media.video_read import open_video
from saferedact.pipeline import detect, redact_with_plan, video
from saferedact.pipeline.medium import Search
from saferedact.plan import resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, plant, walking_marks
from saferedact.testing.videos import Clip, flip_bits, write_clip

FACES = load_policy("faces")
SIZE = (192, 128)
WALK = walking_marks([[(20 + i, 70)] for i in range(40)])
carry_out_module = import_module("saferedact.pipeline.video.carry_out")
prove_module = import_module("saferedact.pipeline.video.prove")


def clip_of(count=40, **options):
    return Clip(size_wh=SIZE, pts=tuple(range(0, count * 512, 512)), **{"draw": WALK, **options})


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.mp4"
    write_clip(path, clip_of())
    return path


def faults(source, written, plan, policy=FACES):
    found = video.prove(source, written, resolve_plan(plan, policy=policy))
    return {(finding.rule_id, finding.message.split(" face-")[0]) for finding in found}


def written_with(source, tmp_path, monkeypatch, spoil, policy=FACES, *, planes=slice(1)):
    """Carry a plan out with something done to each frame's luma, or others, after it was hidden."""
    plan = detect(source, policy=policy, detectors=[PlantedDetector()])
    honest = carry_out_module.hide

    def spoiled(frame, info, groups):
        arrays = [plane.array for plane in frame.planes().planes[planes]]
        before = [array.copy() for array in arrays]
        honest(frame, info, groups)
        for array, old in zip(arrays, before, strict=True):
            spoil(frame.index, array, old)

    monkeypatch.setattr(carry_out_module, "hide", spoiled)
    out = tmp_path / "out.mp4"
    video.carry_out(source, resolve_plan(plan, policy=policy), out)
    return plan, out


@pytest.mark.parametrize("name", ["faces", "frost"])
def test_an_honest_output_has_no_fault(source, tmp_path, monkeypatch, name):
    policy = load_policy(name)
    plan, out = written_with(source, tmp_path, monkeypatch, lambda *_: None, policy)
    assert faults(source, out, plan, policy) == set()


@pytest.mark.parametrize(("name", "share"), [("faces", 0.3), ("frost", 0.9)])
def test_a_hidden_picture_that_shines_through_is_seen(source, tmp_path, monkeypatch, name, share):
    policy = load_policy(name)

    def lets_through(index, luma, before):
        if 10 <= index < 14:
            luma[:] = np.round((1 - share) * luma + share * before).astype(np.uint8)

    plan, out = written_with(source, tmp_path, monkeypatch, lets_through, policy)
    found = video.prove(source, out, resolve_plan(plan, policy=policy))
    assert {finding.location.frame for finding in found} == {10, 11, 12, 13}
    assert {finding.rule_id for finding in found} == {"VF-02"}


@pytest.mark.parametrize("name", ["faces", "frost"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"pix_fmt": "yuv422p"},
        {"pix_fmt": "yuv444p"},
        {"pix_fmt": "yuv420p10le"},
        {"interlaced": True},
        {
            "suffix": ".avi",
            "codec": "mjpeg",
            "pix_fmt": "yuvj420p",
            "time_base": Fraction(1, 15360),
        },
    ],
)
def test_colors_that_are_left_are_seen(tmp_path, monkeypatch, name, options):
    """A face is known by its colors too, and luma alone would be as planned."""
    source = tmp_path / f"source{options.get('suffix', '.mp4')}"
    write_clip(source, clip_of(**options))

    def leaves(index, chroma, before):
        if 10 <= index < 14:
            chroma[:] = before

    policy = load_policy(name)
    plan, out = written_with(source, tmp_path, monkeypatch, leaves, policy, planes=slice(1, None))
    found = video.prove(source, out, resolve_plan(plan, policy=policy))
    assert {finding.location.frame for finding in found} == {10, 11, 12, 13}
    assert {finding.rule_id for finding in found} == {"VF-02"}


def hard(size_wh, index):
    """Draw a mark before a ground of specks that races past: the worst for any codec."""
    width, height = size_wh
    specks = np.random.default_rng(1).integers(40, 168, (height, 3 * width, 3), np.uint8)
    pixels = specks[:, 17 * index :][:, :width].copy()
    x = 20 + 2 * index
    plant(pixels, [(x, 40, x + 48, 88)])
    plant(pixels, [(x + 8, 48, x + 24, 64)], color=(255, 14, 214))
    return pixels


def coded_at(crf, name):
    policy = load_policy(name)
    return policy.model_copy(update={"video": policy.video.model_copy(update={"crf": crf})})


@pytest.mark.parametrize("crf", [0, 20, 30, 40, 51])
@pytest.mark.parametrize("name", ["faces", "frost"])
def test_one_open_frame_is_seen_at_every_quality(tmp_path, monkeypatch, name, crf):
    source, policy = tmp_path / "source.mp4", coded_at(crf, name)
    write_clip(source, clip_of(16, draw=hard))

    def opens(index, plane, before):
        if index == 9:
            plane[:] = before

    plan, out = written_with(source, tmp_path, monkeypatch, opens, policy, planes=slice(None))
    found = video.prove(source, out, resolve_plan(plan, policy=policy))
    assert 9 in {finding.location.frame for finding in found}
    assert {finding.rule_id for finding in found} == {"VF-02"}


@pytest.mark.parametrize("crf", [20, 30, 35])
@pytest.mark.parametrize("name", ["faces", "frost"])
def test_honest_covers_of_hard_clips_are_believed(tmp_path, monkeypatch, name, crf):
    """The grain of frost goes first: it is no picture, and its loss no leak."""
    source, policy = tmp_path / "source.mp4", coded_at(crf, name)
    write_clip(source, clip_of(16, draw=hard))
    plan, out = written_with(source, tmp_path, monkeypatch, lambda *_: None, policy)
    assert faults(source, out, plan, policy) == set()


@pytest.mark.parametrize("contrast", [7, 12, 40])
def test_lost_grain_is_no_share_of_what_is_hidden(contrast):
    """The plan is a part of the difference that a share is taken of, so its own loss is one, too."""
    rng = np.random.default_rng(3)
    grain = rng.normal(0, 3, (64, 64))
    smooth = np.linspace(96, 104, 64)[:, None] + np.zeros((1, 64))
    face = 100 + contrast * np.sin(np.arange(64) / 9) * np.ones((64, 1))
    hidden = np.round(face).astype(np.uint8)

    def fault(share):
        found = np.round(smooth + share * (face - smooth)).astype(np.uint8)
        view = prove_module._View(
            "y", np.round(smooth + grain).astype(np.uint8), found, hidden, (1, 1), 1.0
        )
        return prove_module._fault(view, (0, 0, 64, 64), prove_module._bounds(30)["frost"])

    assert fault(0) is None
    assert fault(0.3) == "shows what it hides"


def test_a_clip_that_turns_interlaced_is_covered_and_told(tmp_path):
    source, part, out = (tmp_path / name for name in ("source.ts", "part.ts", "out.mp4"))
    data = b""
    for interlaced in (False, True):
        write_clip(part, clip_of(12, interlaced=interlaced))
        data += part.read_bytes()
    source.write_bytes(data)
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    notes = video.carry_out(source, resolve_plan(plan, policy=FACES), out)
    assert [note for note in notes if note.startswith("12 interlaced frames")]
    assert faults(source, out, plan) == set()


def test_what_left_the_frame_is_not_judged(source, monkeypatch):
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    (region,) = plan.visible_regions()
    gone = tuple((x1 - x2 - 4, y1, -4, y2) for x1, y1, x2, y2 in region.xyxy)
    plan = plan.model_copy(update={"regions": (region.model_copy(update={"xyxy": gone}),)})
    judged = []
    monkeypatch.setattr(prove_module, "_fault", lambda *args: judged.append(args))
    assert {rule for rule, _ in faults(source, source, plan)} == {"VF-03"}  # no writer of ours
    assert judged == []


def test_a_cover_of_another_color_is_no_cover(source, tmp_path, monkeypatch):
    def grays(index, luma, _):
        if index == 30:
            luma[luma == 16] = 60

    plan, out = written_with(source, tmp_path, monkeypatch, grays)
    assert faults(source, out, plan) == {("VF-02", "region")}


def large(size_wh, index):
    """Draw a mark that is as large as half the frame, striped, before a ground of stripes."""
    pixels = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    pixels[:, :, :] = np.where(np.arange(size_wh[0]) % 16 < 8, 60, 110)[None, :, None]
    plant(pixels, [(40 + index, 20, 120 + index, 100)])
    return pixels


@pytest.mark.parametrize("crf", [20, 28])
def test_a_strip_along_the_edge_of_a_large_cover_is_seen(tmp_path, monkeypatch, crf):
    """The cover of one frame stands a little elsewhere: the mean of all of it hardly changes."""
    source, policy = tmp_path / "source.mp4", coded_at(crf, "faces")
    write_clip(source, clip_of(16, draw=large))

    def shifts(index, luma, before):
        if index == 9:
            (columns,) = np.nonzero((luma == 16).sum(axis=0) > 80)
            luma[:, columns[:12]] = before[:, columns[:12]]

    plan, out = written_with(source, tmp_path, monkeypatch, shifts, policy)
    found = video.prove(source, out, resolve_plan(plan, policy=policy))
    assert [(finding.rule_id, finding.location.frame) for finding in found] == [("VF-02", 9)]
    monkeypatch.setattr(prove_module, "_has_holes", lambda *_: False)
    assert video.prove(source, out, resolve_plan(plan, policy=policy)) == []


def test_another_picture_is_seen_where_nothing_is_hidden(tmp_path, monkeypatch):
    source = tmp_path / "source.mp4"
    write_clip(source, clip_of(draw=walking_marks([])))

    def turns(index, luma, _):
        if index == 5:
            luma[:] = luma[::-1].copy()

    plan, out = written_with(source, tmp_path, monkeypatch, turns)
    assert faults(source, out, plan) == {("VF-02", "a frame is not the redacted one of the source")}


def test_another_size_and_a_damaged_output_are_seen(source, tmp_path):
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    other = tmp_path / "other.mp4"
    write_clip(other, replace(clip_of(), size_wh=(96, 64)))
    found = faults(source, other, plan)
    assert ("VF-01", "the size of the picture differs from the source") in found


def test_findings_on_a_wrong_file_are_bounded(tmp_path):
    source, other = tmp_path / "source.mp4", tmp_path / "other.mp4"
    count = 130
    draw = walking_marks([[(20 + i % 40, 70)] for i in range(count)])
    write_clip(source, clip_of(count, draw=draw))
    plan = detect(source, policy=FACES, detectors=[PlantedDetector()])
    write_clip(other, clip_of(count, draw=draw))
    found = video.prove(source, other, resolve_plan(plan, policy=FACES))
    assert 100 <= len(found) < count


def test_damaged_frames_are_covered_whole(tmp_path):
    source, out = tmp_path / "source.mp4", tmp_path / "out.mp4"
    write_clip(source, clip_of(40, options={"g": "10"}))
    data = source.read_bytes()
    start = data.index(b"mdat") + len(data) // 3
    source.write_bytes(
        data[:start] + flip_bits(data[start : start + 4000], every=600) + data[start + 4000 :]
    )
    with open_video(source) as opened:
        list(opened.frames())
        suspect = set(opened.damage.suspect.tolist())
    assert suspect
    done = redact_with_plan(source, out, policy=FACES, detectors=[PlantedDetector()])
    assert any("damaged frames were covered whole" in note for note in done.report.notes)
    with open_video(out) as opened:
        for frame in opened.frames():
            is_black = frame.luma(SIZE).max() < 24
            assert is_black == (frame.index in suspect)


def test_proof_and_second_look_say_the_same_in_one_reading_as_apart(source, tmp_path, monkeypatch):
    def uncovers(index, luma, before):
        if 10 <= index < 14:
            luma[:] = before

    plan, out = written_with(source, tmp_path, monkeypatch, uncovers)
    search = Search(FACES, [PlantedDetector()])
    bare = plan.model_copy(update={"regions": ()})
    for case, written in ((plan, out), (bare, source)):
        resolved = resolve_plan(case, policy=FACES)
        faults, remains = video.prove_and_look_again(source, written, resolved, search)
        apart = video.look_again(source, written, resolved, search)
        assert faults == video.prove(source, written, resolved)
        assert [r.model_dump() for r in remains.regions] == [r.model_dump() for r in apart.regions]
        assert (remains.warnings, remains.extent) == (apart.warnings, apart.extent)
        assert faults if case is plan else remains.regions
