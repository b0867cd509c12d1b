"""Files that are broken, hostile or in the wrong place, through the library and the command.

Each ends with an error of the hierarchy, without a destination, and with the source as it was.
"""

import errno
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import saferedact
from saferedact.cli import cli
from saferedact.errors import (
    DamagedInputError,
    InputError,
    LimitExceededError,
    RedactionError,
    SaferedactError,
    UnsupportedFormatError,
)
from saferedact.policy import load_policy
from saferedact.testing.detectors import PlantedDetector, write_pictures
from saferedact.testing.image_blocks import png_chunk
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data


@pytest.fixture
def refused(tmp_path, policy):
    """Insist that library and command refuse a source, and leave nothing."""

    def check(source, error_type):
        before = source.read_bytes() if source.is_file() else None
        entries = sorted(tmp_path.rglob("*"))
        out = tmp_path / "out.png"
        with pytest.raises(error_type) as caught:
            saferedact.redact(source, out, policy=policy, detectors=[PlantedDetector()])
        assert caught.value.code == error_type.code
        assert str(tmp_path) not in caught.value.message
        with pytest.raises(error_type):
            saferedact.detect(source, policy=policy, detectors=[PlantedDetector()])
        arguments = ["redact", str(source), "-o", str(out), "--policy", str(policy), "--json"]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == error_type.exit_code, result.output
        tree = json.loads(result.stdout)
        (entry,) = tree["files"]
        assert entry["error"]["code"] == error_type.code
        assert sorted(tmp_path.rglob("*")) == entries
        assert (source.read_bytes() if source.is_file() else None) == before

    return check


# --- broken files -----------------------------------------------------------------------------


def test_empty(tmp_path, refused):
    path = tmp_path / "a.png"
    path.write_bytes(b"")
    refused(path, DamagedInputError)


@pytest.mark.parametrize(
    "content", [b"\0" * 4096, b"plain text\n" * 50, b"%PDF-1.7\n" + b" " * 99, b"\xff\xd8\xff"]
)
def test_what_is_no_material(tmp_path, refused, content):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    damaged = content.startswith((b"\xff\xd8", b"%PDF"))
    refused(path, DamagedInputError if damaged else UnsupportedFormatError)


@pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_truncated(tmp_path, policy, image_format, share):
    path, out = tmp_path / "a.bin", tmp_path / "out.png"
    image_with_hidden_data(image_format, path, size_wh=(160, 120))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    before = path.read_bytes()
    try:
        saferedact.redact(path, out, policy=policy, detectors=[PlantedDetector()])
    except SaferedactError:
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a.bin", "policy.toml"]
    else:  # what is cut off was not part of the picture
        with Image.open(io.BytesIO(data)) as whole, Image.open(out) as written:
            whole.load()
            assert written.size == (160, 120)
            difference = np.asarray(written.convert("RGB")).astype(int) - np.asarray(
                whole.convert("RGB")
            )
        assert np.abs(difference).mean() < 8
    assert path.read_bytes() == before


@pytest.mark.parametrize("position", [0.5, 0.8])
def test_damaged_in_the_middle(tmp_path, policy, position):
    rng = np.random.default_rng(0)
    path, out = tmp_path / "a.png", tmp_path / "out.png"
    write_pictures(path, rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    data = bytearray(path.read_bytes())
    data[int(len(data) * position)] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DamagedInputError):
        saferedact.redact(path, out, policy=policy, detectors=[PlantedDetector()])
    assert not out.exists()


def test_the_content_and_not_the_suffix_is_believed(tmp_path, policy):
    source, out = tmp_path / "a.jpg", tmp_path / "b.png"
    pixels = np.full((16, 16, 3), 77, dtype=np.uint8)
    write_pictures(source, pixels)  # a PNG
    saferedact.redact(source, out, policy=policy, detectors=[PlantedDetector()])
    with Image.open(out) as image:
        assert np.array_equal(np.asarray(image), pixels)


# --- hostile sizes ----------------------------------------------------------------------------


def png_header(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        png_chunk(kind, payload)
        for kind, payload in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    )


def gif_header(width, height):
    palette = bytes(6)
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + palette + image + b";"


def tiff_header(width, height, strips):
    """A grey TIFF with that many strips announced, each at the same place."""
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, strips, 200),
        (277, 3, 1, 1),
        (278, 4, 1, 1),
        (279, 4, strips, 200),
    ]
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    return (b"II*\0" + struct.pack("<I", 8) + directory).ljust(1000, b"\0")


@pytest.mark.parametrize(
    "content",
    [png_header(60_000, 60_000), png_header(2**31 - 1, 1), gif_header(65_535, 65_535)],
    ids=["png", "png-side", "gif"],
)
def test_sizes_over_the_limits_are_refused_before_allocation(tmp_path, refused, content):
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    refused(path, LimitExceededError)


def test_many_small_frames_are_refused_by_their_sum(tmp_path, refused, policy):
    policy.write_text(policy.read_text() + "[limits]\nmax_total_pixels = 1000\n")
    write_pictures(tmp_path / "a.gif", *np.zeros((5, 16, 16, 3), dtype=np.uint8), format="GIF")
    refused(tmp_path / "a.gif", LimitExceededError)


@pytest.mark.parametrize(
    ("width", "height", "strips"),
    [(100, 100, 2**31), (100, 100, 2**32 - 1), (1, 60_000, 60_000), (60_000, 60_000, 60_000)],
)
def test_tiff_with_many_strips(tmp_path, policy, width, height, strips):
    path, out = tmp_path / "a.tif", tmp_path / "out.png"
    path.write_bytes(tiff_header(width, height, strips))
    with pytest.raises((InputError, LimitExceededError)):
        saferedact.redact(path, out, policy=policy, detectors=[PlantedDetector()])
    assert not out.exists()


def test_memory_stays_small_for_a_bomb(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.png"
    path.write_bytes(png_header(60_000, 60_000))
    code = (
        "import resource, sys, saferedact\n"
        "from saferedact.media.image_read import open_image\n"
        "from pathlib import Path\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        "    open_image(Path(sys.argv[1]))\n"
        "except saferedact.LimitExceededError:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    assert resource.RUSAGE_SELF is not None
    grown = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(saferedact.__file__).parents[1])},
    ).stdout
    # In KiB on Linux, bytes on macOS; the decoded picture would be 10 GB.
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(grown) * unit < 200e6


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 9), (9, 1), (1, 65_500), (65_500, 1)])
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_extreme_shapes_work(tmp_path, policy, size_hw, suffix):
    pixels = np.full((*size_hw, 3), 120, dtype=np.uint8)
    source, out = tmp_path / "a.png", tmp_path / f"b.{suffix}"
    write_pictures(source, pixels)
    saferedact.redact(source, out, policy=policy, detectors=[PlantedDetector()])
    with Image.open(out) as image:
        assert image.size == size_hw[::-1]


@pytest.mark.model
def test_the_face_detector_looks_at_extreme_shapes(tmp_path):
    policy = load_policy("release")
    for size_hw in ((1, 1), (3, 4_000), (4_000, 3)):
        path = tmp_path / f"{size_hw[0]}.png"
        write_pictures(path, np.full((*size_hw, 3), 120, dtype=np.uint8))
        assert saferedact.detect(path, policy=policy).media.height == size_hw[0]


# --- places -----------------------------------------------------------------------------------


def test_a_folder_for_a_file(tmp_path):
    with pytest.raises(InputError, match="not a regular file"):
        saferedact.detect(tmp_path, detectors=[PlantedDetector()])


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        saferedact.detect(tmp_path / "a.png", detectors=[PlantedDetector()])


@pytest.mark.parametrize("name", ["a\0b.png", "x" * 5000])
def test_impossible_names(tmp_path, name):
    source = tmp_path / "a.png"
    write_pictures(source, np.zeros((8, 8, 3), dtype=np.uint8))
    with pytest.raises(InputError):
        saferedact.detect(tmp_path / name, detectors=[PlantedDetector()])
    with pytest.raises((InputError, RedactionError)):
        saferedact.redact(source, tmp_path / name, detectors=[PlantedDetector()])
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
not_as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is open to root"
)


@needs_links
@pytest.mark.parametrize("command", ["redact", "probe", "detect"])
def test_a_link_to_itself(tmp_path, policy, command):
    (tmp_path / "loop.png").symlink_to("loop.png")
    arguments = {"probe": [], "detect": ["-o", "p"], "redact": ["-o", "b.png"]}[command]
    if arguments:
        arguments = ["-o", str(tmp_path / arguments[1]), "--policy", str(policy)]
    result = CliRunner().invoke(cli, [command, str(tmp_path / "loop.png"), *arguments])
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["loop.png", "policy.toml"]


@needs_links
@pytest.mark.parametrize("destination", ["loop", "loop/", "loop/b.png"])
def test_a_destination_that_is_a_link_to_itself(tmp_path, policy, destination):
    source = tmp_path / "in" / "a.png"
    source.parent.mkdir()
    write_pictures(source, np.zeros((8, 8, 3), dtype=np.uint8))
    (tmp_path / "loop").symlink_to("loop")
    arguments = ["-o", f"{tmp_path}/{destination}", "--policy", str(policy)]
    result = CliRunner().invoke(cli, ["redact", str(source.parent), *arguments])
    assert result.exit_code in (2, 5), result.output
    assert "a bug" not in result.output
    assert (tmp_path / "loop").is_symlink()


@needs_links
def test_loops_of_folders_end(tmp_path, policy):
    folder = tmp_path / "in"
    folder.mkdir()
    write_pictures(folder / "a.png", np.zeros((8, 8, 3), dtype=np.uint8))
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "loop").symlink_to("loop")
    arguments = ["-o", str(tmp_path / "out"), "--policy", str(policy), "--json"]
    result = CliRunner().invoke(cli, ["redact", str(folder), *arguments])
    assert result.exit_code == 2  # the link that leads nowhere could have been a picture
    tree = json.loads(result.stdout)
    assert tree["not_taken"] == [
        {"name": "again", "reason": "a link to a folder", "is_error": False}
    ]
    assert [entry["name"] for entry in tree["files"] if "error" in entry] == ["loop"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.png"]


@not_as_root
def test_a_folder_that_cannot_be_read(tmp_path, policy):
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    write_pictures(folder / "a.png", np.zeros((8, 8, 3), dtype=np.uint8))
    (folder / "closed").chmod(0)
    try:
        arguments = ["-o", str(tmp_path / "out"), "--policy", str(policy), "--json"]
        result = CliRunner().invoke(cli, ["redact", str(folder), *arguments])
    finally:
        (folder / "closed").chmod(0o700)
    assert result.exit_code == 2
    assert [entry["name"] for entry in json.loads(result.stdout)["not_taken"]] == ["closed"]


@not_as_root
def test_a_folder_that_cannot_be_written(tmp_path, policy):
    write_pictures(tmp_path / "a.png", np.zeros((8, 8, 3), dtype=np.uint8))
    (tmp_path / "closed").mkdir(mode=0o500)
    out = tmp_path / "closed" / "b.png"
    with pytest.raises(RedactionError):
        saferedact.redact(tmp_path / "a.png", out, policy=policy, detectors=[PlantedDetector()])


# --- what happens half-way --------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 100])
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "TIFF", "GIF", "WEBP", "HEIF"])
def test_a_full_disk(tmp_path, policy, monkeypatch, image_format, room):
    source, out = tmp_path / "a.bin", tmp_path / "b"
    image_with_hidden_data(image_format, source)
    before = source.read_bytes()
    real_open = Path.open
    left = room

    class Full(io.FileIO):
        def write(self, data):
            nonlocal left
            left -= memoryview(data).nbytes
            if left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(data)

    opened = []

    def open_full(self, mode="r", *arguments, **options):
        if self.name.startswith(".saferedact-") and set(mode) & set("wax+"):
            opened.append(mode)
            return Full(self, mode.replace("b", ""))
        return real_open(self, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(RedactionError, match="No space left on device"):
        saferedact.redact(source, out, policy=policy, detectors=[PlantedDetector()])
    assert opened
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.bin", "policy.toml"]
    assert source.read_bytes() == before
