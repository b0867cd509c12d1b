"""Fields of containers: whose words are read, and which tell a program's name alone."""

import io
import struct

import av
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from saferedact.checks.traces import JUDGED_BY
from saferedact.limits import DEFAULT_LIMITS
from saferedact.media.hidden_data import HiddenItem
from saferedact.media.hidden_data.scan import scan_open_file
from saferedact.pipeline.check import check
from saferedact.pipeline.inspection.fields import item_traces
from saferedact.testing.cases import case_toml
from saferedact.testing.checks import base_case


def film(path, **metadata):
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata)
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode(None))


def traces(path):
    with path.open("rb") as file:
        found = item_traces(file, scan_open_file(file, limits=DEFAULT_LIMITS))
    return {trace.channel: trace.text for trace in found}


def warned(path):
    return {channel for channel in traces(path) if JUDGED_BY[channel].level != "INFO"}


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_a_muxers_own_name_is_no_warning(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    film(path)
    assert "program" in traces(path)
    assert warned(path) == set()


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_a_title_is_one_and_is_read(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    film(path, title="Statement of Priya Nair")
    assert warned(path) == {"text"}
    assert "Statement of Priya Nair" in traces(path)["text"].split("\n")


def test_a_title_that_names_a_protected_person_blocks(tmp_path):
    path, case = tmp_path / "a.mp4", tmp_path / "case.toml"
    film(path, title="Statement of Priya Nair")
    case.write_bytes(case_toml(base_case()))
    report = check(
        path, case=case, detectors=[], finder=None, image_text=None, parser=None, rules=["HD-03"]
    )
    assert ("BLOCK", "C1") in {(f.level, f.person) for f in report.findings}
    assert "Nair" not in report.model_dump_json()


@pytest.mark.parametrize(
    ("key", "value", "channel"),
    [("Software", "GIMP 2.10", "program"), ("Author", "GIMP 2.10", "text")],
)
def test_a_picture_signed_by_a_program(tmp_path, key, value, channel):
    path, info = tmp_path / "a.png", PngInfo()
    info.add_text(key, value)
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    assert traces(path).keys() == {channel}


@pytest.mark.parametrize(("size", "level"), [(100, "INFO"), (400, "WARN")])
def test_filling_that_can_hold_a_file(tmp_path, size, level):
    path = tmp_path / "a.mp4"
    film(path)
    with path.open("ab") as file:
        file.write(struct.pack(">I", size + 8) + b"free" + b"\xff" * size)
    channel = {"INFO": "padding", "WARN": "trailing-data"}[level]
    assert channel in traces(path)
    assert JUDGED_BY[channel].level == level


def test_a_long_field_is_read_in_part():
    data = b"Lavf62.12.102" + bytes(100_000) + b"Imogen"
    (trace,) = item_traces(io.BytesIO(data), (HiddenItem("text", 0, len(data)),))
    assert (trace.channel, trace.text) == ("text", "Lavf62.12.102")
