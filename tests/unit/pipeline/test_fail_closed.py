"""Whatever fails, and wherever: no destination, no temporary file, and the source as it was."""

import errno
import importlib
import os
from pathlib import Path

import pytest

from saferedact.errors import (
    DamagedInputError,
    DestinationError,
    DetectorError,
    InputError,
    RedactionError,
    SaferedactError,
    UnsupportedFormatError,
    VerificationError,
)
from saferedact.pipeline import apply, detect, redact
from saferedact.plan import edit
from saferedact.testing.detectors import FixedDetector, PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels

MARK = (20, 16, 44, 40)


@pytest.fixture
def source(tmp_path):
    """Five pages, each with a mark."""
    path = tmp_path / "in.tif"
    pages = [sample_pixels(seed=i) for i in range(5)]
    for page in pages:
        plant(page, [MARK])
    write_pictures(path, *pages, format="TIFF")
    return path


@pytest.fixture
def unchanged(source):
    """Check that the folder holds the source alone, as it was, when the test ends."""
    before = source.read_bytes()
    yield
    assert list(source.parent.iterdir()) == [source]
    assert source.read_bytes() == before


pytestmark = pytest.mark.usefixtures("unchanged")


def module(name):
    """The module itself: the package has functions of the same names."""
    return importlib.import_module(f"saferedact.{name}")


def by_redact(source, destination, **options):
    redact(source, destination, detectors=[PlantedDetector()], **options)


def by_apply(source, destination, **options):
    apply(source, detect(source, detectors=[PlantedDetector()]), destination, **options)


WAYS = pytest.mark.parametrize("run", [by_redact, by_apply])
DISK_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/home/jane/secret.tif")

# Each place that a job passes on its way: module, attribute.
REDACT_POINTS = [
    ("pipeline.image", "detect"),
    ("pipeline.image", "carry_out"),
    ("pipeline.image", "prove"),
    ("pipeline.image", "look_again"),
    ("pipeline.redact", "report_on"),
    ("pipeline.redact", "require_source"),
]
SHARED_POINTS = [
    ("pipeline.image.carry_out", "hide"),
    ("pipeline.image.prove", "hide"),
    ("pipeline.image.prove", "scan_hidden_data"),
    ("media.image_write", "tiff_parts"),
    ("files", "_sync"),
    ("files", "_commit"),
]


def fail_at_call(monkeypatch, place, error, call):
    """Let the call of this number, from 1, raise; the others do their work."""
    owner, name = place
    real = getattr(owner, name)
    calls = []

    def failing(*args, **kwargs):
        calls.append(None)
        if len(calls) == call:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, failing)
    return calls


class TestAnywhere:
    @pytest.mark.parametrize("error", [KeyboardInterrupt(), DISK_FULL, RuntimeError("bug")])
    @pytest.mark.parametrize("point", [*REDACT_POINTS, *SHARED_POINTS], ids=".".join)
    def test_redact(self, monkeypatch, source, point, error):
        calls = fail_at_call(monkeypatch, (module(point[0]), point[1]), error, 1)
        with pytest.raises((KeyboardInterrupt, RuntimeError, SaferedactError)) as caught:
            by_redact(source, source.with_name("out.tif"))
        assert calls
        if isinstance(error, OSError):
            assert type(caught.value) is RedactionError
            assert "jane" not in str(caught.value)

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), DISK_FULL])
    @pytest.mark.parametrize("point", SHARED_POINTS, ids=".".join)
    def test_apply(self, monkeypatch, source, point, error):
        calls = fail_at_call(monkeypatch, (module(point[0]), point[1]), error, 1)
        with pytest.raises((KeyboardInterrupt, RedactionError)):
            by_apply(source, source.with_name("out.tif"))
        assert calls

    @WAYS
    @pytest.mark.parametrize("call", [2, 3, 5])
    def test_a_later_page(self, monkeypatch, source, run, call):
        calls = fail_at_call(
            monkeypatch, (module("pipeline.image.carry_out"), "hide"), KeyboardInterrupt(), call
        )
        with pytest.raises(KeyboardInterrupt):
            run(source, source.with_name("out.tif"))
        assert len(calls) == call

    @WAYS
    def test_it_goes_well_otherwise(self, source, run, tmp_path):
        out = source.with_name("out.tif")
        run(source, out)
        assert sorted(tmp_path.iterdir()) == [source, out]
        assert detect(out, detectors=[PlantedDetector()]).regions == ()
        out.unlink()


class FullDisk:
    """A file that takes so many bytes and no more."""

    def __init__(self, file, room):
        self._file = file
        self._room = room

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._file.close()

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, data):
        if len(data) > self._room:
            self._file.write(data[: self._room])
            raise DISK_FULL
        self._room -= len(data)
        return self._file.write(data)


class TestTheDisk:
    @WAYS
    @pytest.mark.parametrize("room", [0, 1, 1000, 20_000])
    def test_it_is_full_after_so_many_bytes(self, monkeypatch, source, run, room):
        real = Path.open

        def opened(path, mode="r", *args, **kwargs):
            file = real(path, mode, *args, **kwargs)
            return FullDisk(file, room) if mode == "wb" else file

        monkeypatch.setattr(Path, "open", opened)
        with pytest.raises(RedactionError, match="No space left") as caught:
            run(source, source.with_name("out.tif"))
        assert "jane" not in str(caught.value)

    @WAYS
    @pytest.mark.parametrize(
        ("owner", "name"), [(os, "open"), (os, "fsync"), (Path, "replace")], ids=str
    )
    def test_the_system_refuses(self, monkeypatch, source, run, owner, name):
        def refuse(*_, **__):
            raise DISK_FULL

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, refuse)
            with pytest.raises(RedactionError, match="No space left"):
                run(source, source.with_name("out.tif"))

    @WAYS
    def test_no_folder(self, source, run):
        with pytest.raises(DestinationError):
            run(source, source.parent / "missing" / "out.tif")

    @WAYS
    def test_an_unknown_suffix(self, source, run):
        with pytest.raises(UnsupportedFormatError):
            run(source, source.with_name("out.xyz"))

    @WAYS
    def test_a_format_that_cannot_hold_the_pages(self, source, run):
        with pytest.raises(InputError):
            run(source, source.with_name("out.jpg"))


class TestTheSource:
    def test_a_page_in_the_middle_is_damaged(self, tmp_path_factory):
        """The third page's deflated rows are overwritten: pages 1 and 2 decode."""
        from PIL import Image

        path = tmp_path_factory.mktemp("damaged") / "in.tif"
        pages = [Image.fromarray(sample_pixels(seed=i)) for i in range(5)]
        pages[0].save(
            path, save_all=True, append_images=pages[1:], compression="tiff_adobe_deflate"
        )
        data = bytearray(path.read_bytes())
        with Image.open(path) as image:
            image.seek(2)
            offset, length = image.tag_v2[273][0], image.tag_v2[279][0]
        data[offset + 2 : offset + length] = b"\xff" * (length - 2)
        path.write_bytes(data)
        with pytest.raises(DamagedInputError):
            redact(path, path.with_name("out.tif"), detectors=[PlantedDetector()])
        assert list(path.parent.iterdir()) == [path]
        assert path.read_bytes() == data

    def test_it_changes_while_it_is_worked_on(self, source):
        before = source.read_bytes()

        class Meddler(FixedDetector):
            calls = 0

            def detect(self, images, *, min_score, orientation_known):
                self.calls += 1
                if self.calls == 10:  # five pages, and the last of the second look
                    source.write_bytes(before + b"\0")
                return super().detect(
                    images, min_score=min_score, orientation_known=orientation_known
                )

        with pytest.raises(InputError, match="changed"):
            redact(source, source.with_name("out.tif"), detectors=[Meddler()])
        source.write_bytes(before)

    @pytest.mark.parametrize("call", [1, 3, 6, 10])
    def test_the_detector_breaks(self, source, call):
        class Breaks(PlantedDetector):
            calls = 0

            def detect(self, images, *, min_score, orientation_known):
                self.calls += 1
                if self.calls == call:
                    raise RuntimeError
                return super().detect(
                    images, min_score=min_score, orientation_known=orientation_known
                )

        with pytest.raises(DetectorError):
            redact(source, source.with_name("out.tif"), detectors=[Breaks()])


class TestVerification:
    def leave_a_page_out(self, monkeypatch):
        real = module("pipeline.image.hide").hide
        monkeypatch.setattr(
            module("pipeline.image.carry_out"),
            "hide",
            lambda frame, groups: None if frame.index == 3 else real(frame, groups),
        )

    @WAYS
    def test_a_region_that_was_not_covered(self, monkeypatch, source, run):
        self.leave_a_page_out(monkeypatch)
        with pytest.raises(VerificationError):
            run(source, source.with_name("out.tif"))

    def test_it_tells_the_rule_and_no_path(self, monkeypatch, source):
        self.leave_a_page_out(monkeypatch)
        with pytest.raises(VerificationError, match="VF-02") as caught:
            by_redact(source, source.with_name("out.tif"))
        assert source.parent.name not in str(caught.value)

    @WAYS
    def test_hidden_data_in_the_output(self, monkeypatch, source, run):
        """Bytes after the end, as if an encoder had left them there."""
        owner = module("media.image_write")
        real = owner.tiff_parts

        def with_more(frames):
            yield from real(frames)
            yield b"GPS 51.5 -0.1" * 10

        monkeypatch.setattr(owner, "tiff_parts", with_more)
        with pytest.raises(VerificationError):
            run(source, source.with_name("out.tif"))

    @WAYS
    def test_an_existing_destination_survives(self, monkeypatch, source, run):
        out = source.with_name("out.tif")
        out.write_bytes(b"earlier release")
        self.leave_a_page_out(monkeypatch)
        with pytest.raises(VerificationError):
            run(source, out, overwrite=True)
        assert out.read_bytes() == b"earlier release"
        out.unlink()


class TestOverwriting:
    @WAYS
    def test_it_must_be_asked_for(self, source, run):
        out = source.with_name("out.tif")
        out.write_bytes(b"earlier release")
        with pytest.raises(DestinationError, match="exists already"):
            run(source, out)
        assert out.read_bytes() == b"earlier release"
        run(source, out, overwrite=True)
        assert out.read_bytes() != b"earlier release"
        out.unlink()

    @WAYS
    def test_never_the_source(self, source, run, tmp_path):
        folder = tmp_path / "folder"
        folder.mkdir()
        hard, soft = folder / "hard.tif", folder / "soft.tif"
        os.link(source, hard)
        ways = [source, folder / ".." / "in.tif", hard, Path(os.path.relpath(source))]
        if os.name != "nt":  # symbolic links need a privilege there
            soft.symlink_to(source)
            ways.append(soft)
        for destination in ways:
            for overwrite in (False, True):
                with pytest.raises(DestinationError, match="source itself"):
                    run(source, destination, overwrite=overwrite)
        with pytest.raises(DestinationError, match="source itself"):
            run(ways[-1], source, overwrite=True)
        hard.unlink()
        soft.unlink(missing_ok=True)
        folder.rmdir()

    @WAYS
    def test_never_the_source_in_another_case(self, source, run):
        other = source.with_name("IN.TIF")
        if not other.exists():
            pytest.skip("the file system tells upper from lower case")
        with pytest.raises(DestinationError):
            run(source, other, overwrite=True)

    @WAYS
    def test_text_paths_are_paths(self, source, run, monkeypatch):
        monkeypatch.chdir(source.parent)
        with pytest.raises(DestinationError, match="source itself"):
            run("in.tif", "./in.tif", overwrite=True)


def test_a_rejected_region_needs_no_cover(source):
    """The counterpart: what a person gave back is no failure of verification."""
    plan = detect(source, detectors=[PlantedDetector()])
    plan = edit.reject(plan, [region.id for region in plan.regions])
    out = source.with_name("out.tif")
    apply(source, plan, out)
    assert len(detect(out, detectors=[PlantedDetector()]).regions) == 5
    out.unlink()
