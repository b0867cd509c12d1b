"""Films: what their containers hide, and marks in their frames."""

import zipfile
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from saferedact.geometry import boxes_to_upright
from saferedact.limits import DEFAULT_LIMITS
from saferedact.pipeline.inspection.films import film_traces
from saferedact.pipeline.inspection.look_into import look_into
from saferedact.pipeline.redact import redact
from saferedact.pipeline.video.carry_out import NOTE_EDGES
from saferedact.testing.detectors import PlantedDetector
from saferedact.testing.leaks.scenes import photograph
from saferedact.testing.videos import CLIPS, clip_with_hidden_data, write_clip


def written(path, pictures):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "12"})
        stream.width, stream.height = pictures[0].shape[1], pictures[0].shape[0]
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 10)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def pixelated(x, y, *, cell=10, side=120):
    picture = photograph((480, 320), seed=12)
    part = picture[y : y + side, x : x + side].astype(np.float32)
    cells = part.reshape(side // cell, cell, side // cell, cell, 3).mean((1, 3))
    picture[y : y + side, x : x + side] = np.repeat(np.repeat(cells, cell, 0), cell, 1)
    return picture


def told(path):
    traces, unread = film_traces(path, DEFAULT_LIMITS)
    return {trace.channel: trace for trace in traces}, unread


@pytest.mark.parametrize("moves", [False, True])
def test_a_mosaic_in_frames(tmp_path, moves):
    path = tmp_path / "a.mp4"
    written(path, [pixelated(120 + 24 * n * moves, 100) for n in range(5)])
    found, unread = told(path)
    assert found["mosaic"].time == 0.0
    assert found["mosaic"].xyxy[0] > 80
    assert ("moving-mosaic" in found) == moves
    assert unread == ()


def test_an_honest_film_has_no_marks(tmp_path):
    path = tmp_path / "a.mp4"
    written(path, [photograph((480, 320), seed=12)] * 3)
    found, unread = told(path)
    assert not {"mosaic", "blur", "see-through-box"} & found.keys()
    assert unread == ()


def test_long_films_are_sampled_and_that_is_told(tmp_path):
    path = tmp_path / "a.mp4"
    written(path, [np.zeros((64, 96, 3), np.uint8)] * 100)
    _, unread = told(path)
    assert unread == ("pixels of one frame in 3 were looked at for weak marks",)


def test_what_containers_hide(tmp_path):
    path = tmp_path / "a.mp4"
    clip_with_hidden_data(path)
    found = look_into(path, DEFAULT_LIMITS)
    assert found.kind == "video"
    assert {"gps", "extra-track"} <= {trace.channel for trace in found.traces}


def cropped(path, margin):
    """Write a Matroska film and tell players to hide a margin of so many pixels at its left."""
    plain = path.with_suffix(".plain.mkv")
    write_clip(plain, replace(CLIPS["matroska"], pts=(0, 40, 80)))
    data = plain.read_bytes()
    unit = b"\x54\xb2\x81\x04\x55\xee\x81\x00"  # two elements of no use, of which one makes room
    assert data.count(unit) == 1
    path.write_bytes(data.replace(unit, b"\x54\xcc\x81" + bytes([margin]) + unit[4:]))


@pytest.mark.parametrize(("margin", "is_told"), [(0, False), (10, True)])
def test_margins_that_players_hide_are_told(tmp_path, margin, is_told):
    path, output = tmp_path / "film.mkv", tmp_path / "copy.mkv"
    cropped(path, margin)
    found, _ = told(path)
    channels = {trace.channel for trace in look_into(path, DEFAULT_LIMITS).traces} | found.keys()
    assert ("cropped-pixels" in channels) == is_told
    report = redact(path, output, policy="faces", detectors=[PlantedDetector()])
    assert (NOTE_EDGES in report.notes) == is_told
    assert "cropped-pixels" not in {
        trace.channel for trace in look_into(output, DEFAULT_LIMITS).traces
    }


def test_a_film_in_an_archive_is_looked_into(tmp_path):
    clip_with_hidden_data(tmp_path / "a.mp4")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.mp4", "a.mp4")
        archive.writestr("b.bin", b"\0" * 100)
    found = look_into(tmp_path / "a.zip", DEFAULT_LIMITS)
    assert ("gps", "entry 1") in {(trace.channel, trace.place) for trace in found.traces}
    assert "entry 2: files of this kind are not looked into" in found.unread


def test_a_cover_that_is_missing_in_one_frame(tmp_path):
    path = tmp_path / "a.mp4"
    scene = photograph((480, 320), seed=12)
    hidden = scene.copy()
    hidden[100:220, 160:280] = 0
    written(path, [hidden] * 5 + [scene] + [hidden] * 5)
    found, _ = told(path)
    trace = found["uncovered-frame"]
    assert (trace.page, trace.time) == (5, 0.5)
    assert np.abs(np.array(trace.xyxy) - (160, 100, 280, 220)).max() <= 16


def test_a_cover_that_is_missing_in_a_film_that_is_turned(tmp_path):
    """Boxes are of the picture as it is seen."""
    scene = photograph((320, 240), seed=12)

    def draw(_size_wh, index):
        picture = scene.copy()
        if index != 5:
            picture[40:140, 200:290] = 0
        return picture

    path = tmp_path / "a.mp4"
    write_clip(path, replace(CLIPS["turned-90"], size_wh=(320, 240), draw=draw))
    trace = told(path)[0]["uncovered-frame"]
    assert trace.page == 5
    upright = boxes_to_upright(np.array([[200, 40, 290, 140]], np.float32), 6, (320, 240))[0]
    assert np.abs(np.array(trace.xyxy) - upright).max() <= 16


def test_a_mosaic_in_one_frame_of_many_is_no_mark_of_the_film(tmp_path):
    path = tmp_path / "a.mp4"
    clear = photograph((480, 320), seed=12)
    written(path, [clear, clear, pixelated(120, 100), clear, clear])
    assert "mosaic" not in told(path)[0]


def test_mosaics_of_several_sizes_are_several_and_none_that_moves(tmp_path):
    path = tmp_path / "a.mp4"
    cells = (8, 12, 20, 8, 12, 20)
    written(path, [pixelated(100 + 24 * n, 100, cell=cell) for n, cell in enumerate(cells)])
    found, _ = told(path)
    assert "mosaic" in found
    assert "moving-mosaic" not in found


def test_a_damaged_film_is_told(tmp_path):
    path = tmp_path / "a.mp4"
    written(path, [photograph((96, 64))])
    path.write_bytes(path.read_bytes()[:200])
    _, unread = told(path)
    assert unread
