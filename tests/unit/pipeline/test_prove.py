import io

import numpy as np
import pytest

from saferedact.media.base import ImageFrame
from saferedact.media.image_read import open_image
from saferedact.media.image_write import write_image
from saferedact.pipeline import detect
from saferedact.pipeline.image.carry_out import carry_out
from saferedact.pipeline.image.hide import hide
from saferedact.pipeline.image.prove import prove
from saferedact.plan import edit, resolve_plan
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import write_pictures
from saferedact.testing.images import jpeg_segment, png_chunk, sample_pixels

LOSSLESS = ("PNG", "TIFF", "BMP", "WEBP", "GIF")
SIZE_WH = (160, 128)
BOX = (48, 32, 96, 80)  # three by three of the largest blocks of a JPEG


def reversible():
    tree = load_policy("release").model_dump(mode="json", by_alias=True)
    return Policy.model_validate({**tree, "allow_reversible": True})


POLICY = reversible()


def scene(size_wh=SIZE_WH, channels=3, seed=0, dtype=np.uint8):
    """Draw a picture with detail everywhere, so that nothing hidden looks like its cover."""
    pixels = sample_pixels(size_wh, channels, seed=seed, dtype=dtype).astype(np.float64)
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    top = float(np.iinfo(dtype).max)
    waves = (np.sin(x / 5) + np.sin(y / 7 + seed)) * top * 0.12
    pixels[...] += waves if pixels.ndim == 2 else waves[:, :, None]
    if channels == 4:
        pixels[:, :, 3] = np.maximum(pixels[:, :, 3], top * 0.3)
    return np.clip(pixels, 0, top).astype(dtype)


def lossy_source(path, pixels, image_format="JPEG", **options):
    from PIL import Image

    Image.fromarray(pixels).save(path, image_format, **{"quality": 92, **options})


class Case:
    """A source, a plan of one box, and ways to write a file from them."""

    def __init__(
        self, folder, image_format="PNG", *, operator="solid", box=BOX, frames=1, **region
    ):
        self.source = folder / "source"
        self.written = folder / "written"
        pictures = [scene(seed=i) for i in range(frames)]
        if image_format == "JPEG":
            lossy_source(self.source, pictures[0])
        else:
            write_pictures(self.source, *pictures, format=image_format)
        plan = detect(self.source, policy=POLICY, detectors=[])
        plan = edit.add_box(plan, xyxy=box, operator=operator, **region)
        self.resolved = resolve_plan(plan, policy=POLICY)

    def write(self, spoil=None, **changes):
        """Write as `carry_out` does, but let `spoil` change each frame: (before, redacted)."""
        with open_image(self.source) as image:
            frames = []
            for frame in image.frames():
                before = frame.pixels.copy()
                hide(frame, self.resolved.groups(frame.index))
                pixels = frame.pixels if spoil is None else spoil(frame, before)
                frames.append(ImageFrame(np.ascontiguousarray(pixels), frame.index))
            info = image.info
        write_image(self.written, frames, info=changes.get("info", info))

    def rules(self):
        return [f.rule_id for f in prove(self.source, self.written, self.resolved)]


BOTH = pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
SAFE = pytest.mark.parametrize("operator", ["solid", "frost"])


def uncovered(_frame, before):
    return before


def one_channel_only(frame, before):
    before[:, :, 1] = frame.pixels[:, :, 1]
    return before


def all_but_blue(frame, before):
    frame.pixels[:, :, 2] = before[:, :, 2]
    return frame.pixels


def a_tenth_shines_through(frame, before):
    return np.rint(frame.pixels * 0.9 + before * 0.1).astype(np.uint8)


def a_hole(frame, before):
    x, y = BOX[0] + 16, BOX[1] + 16
    frame.pixels[y : y + 16, x : x + 16] = before[y : y + 16, x : x + 16]
    return frame.pixels


def another_place(frame, before):
    x1, y1, x2, y2 = BOX
    before[y1:y2, x1 + 16 : x2 + 16] = frame.pixels[y1:y2, x1:x2]
    return before


def mirrored(frame, _before):
    return frame.pixels[:, ::-1]


class TestCatches:
    @BOTH
    @SAFE
    @pytest.mark.parametrize(
        "spoil",
        [
            uncovered,
            one_channel_only,
            all_but_blue,
            a_tenth_shines_through,
            a_hole,
            another_place,
            mirrored,
        ],
        ids=lambda spoil: spoil.__name__,
    )
    def test_a_cover_that_is_not_as_planned(self, tmp_path, image_format, operator, spoil):
        case = Case(tmp_path, image_format, operator=operator)
        case.write(spoil)
        assert case.rules() == ["VF-02"]

    @SAFE
    def test_a_cover_that_is_one_pixel_off(self, tmp_path, operator):
        def shifted(frame, before):
            x1, y1, x2, y2 = BOX
            before[y1:y2, x1 + 1 : x2 + 1] = frame.pixels[y1:y2, x1:x2]
            return before

        case = Case(tmp_path, operator=operator)
        case.write(shifted)
        assert case.rules() == ["VF-02"]

    def test_a_single_sample(self, tmp_path):
        def almost(frame, _before):
            frame.pixels[50, 50, 2] ^= 1
            return frame.pixels

        case = Case(tmp_path)
        case.write(almost)
        assert case.rules() == ["VF-02"]

    def test_a_change_outside_of_a_lossless_picture(self, tmp_path):
        def elsewhere(frame, _before):
            frame.pixels[0, 0, 0] ^= 1
            return frame.pixels

        case = Case(tmp_path)
        case.write(elsewhere)
        assert case.rules() == ["VF-02"]

    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "GIF", "WEBP"])
    def test_a_cover_in_another_frame(self, tmp_path, image_format):
        case = Case(tmp_path, image_format, frames=3, frame=1)

        def moved(frame, before):
            x1, y1, x2, y2 = BOX
            if frame.index == 2:
                before[y1:y2, x1:x2, :3] = 0
            return before

        case.write(moved)
        findings = prove(case.source, case.written, case.resolved)
        assert 1 in [finding.location.frame for finding in findings]
        assert {finding.rule_id for finding in findings} == {"VF-02"}

    @BOTH
    def test_another_size(self, tmp_path, image_format):
        case = Case(tmp_path, image_format)
        with open_image(case.source) as image:
            (frame,) = image.frames()
            info = image.info
        hide(frame, case.resolved.groups(0))
        small = np.ascontiguousarray(frame.pixels[::2, ::2])
        write_image(case.written, [ImageFrame(small)], info=info)
        assert case.rules() == ["VF-01"]

    @BOTH
    def test_another_orientation(self, tmp_path, image_format):
        case = Case(tmp_path, image_format)
        case.write(lambda frame, _: np.rot90(frame.pixels))
        assert case.rules() == ["VF-01"]

    def test_another_number_of_frames(self, tmp_path):
        case = Case(tmp_path, "TIFF", frames=3)
        write_pictures(case.written, scene(), scene(seed=1), format="TIFF")
        assert case.rules() == ["VF-01"]

    def test_a_page_of_another_size(self, tmp_path):
        case = Case(tmp_path, "TIFF", frames=2)
        write_pictures(case.written, scene(), scene((40, 30)), format="TIFF")
        assert "VF-01" in case.rules()

    @pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
    def test_more_than_pixels(self, tmp_path, image_format):
        case = Case(tmp_path, image_format)
        case.write()
        data = case.written.read_bytes()
        if image_format == "PNG":
            more = data[:33] + png_chunk(b"tEXt", b"Comment\0who") + data[33:]
        else:
            more = data[:2] + jpeg_segment(0xFE, b"who") + data[2:]
        case.written.write_bytes(more)
        findings = prove(case.source, case.written, case.resolved)
        assert [finding.rule_id for finding in findings] == ["VF-03"]
        assert findings[0].location.channel is not None
        assert "who" not in findings[0].message

    def test_a_container_that_the_scan_does_not_understand(self, tmp_path):
        """The last chunk of a PNG is cut off: decoders forgive it, the scan does not."""
        case = Case(tmp_path)
        case.write()
        case.written.write_bytes(case.written.read_bytes()[:-4])
        assert case.rules() == ["VF-03"]

    def test_an_orientation_tag_that_turns_the_output(self, tmp_path):
        """Samples are right, but a viewer would turn them."""
        from PIL import Image

        case = Case(tmp_path)
        case.write()
        exif = Image.Exif()
        exif[274] = 2
        buffer = io.BytesIO()
        with Image.open(case.written) as image:
            image.save(buffer, "PNG", exif=exif)
        case.written.write_bytes(buffer.getvalue())
        assert set(case.rules()) == {"VF-02", "VF-03"}


class TestPasses:
    @pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
    @pytest.mark.parametrize("operator", ["solid", "frost", "mosaic", "blur"])
    @pytest.mark.parametrize("image_format", [*LOSSLESS, "JPEG"])
    def test_what_was_written_as_planned(self, tmp_path, image_format, operator, shape):
        case = Case(tmp_path, image_format, operator=operator, shape=shape)
        case.write()
        assert case.rules() == []

    @pytest.mark.parametrize("target", ["jpg", "webp", "tif", "bmp", "gif", "heic", "avif"])
    @pytest.mark.parametrize(
        ("channels", "dtype"),
        [(1, np.uint8), (1, np.uint16), (3, np.uint16), (4, np.uint8), (4, np.uint16)],
    )
    def test_any_kind_of_pixels_in_any_format(self, tmp_path, target, channels, dtype):
        source, written = tmp_path / "source.png", tmp_path / f"written.{target}"
        write_pictures(source, scene((61, 47), channels, dtype=dtype))
        plan = edit.add_box(detect(source, detectors=[]), xyxy=(9, 9, 40, 33))
        plan = edit.add_box(plan, xyxy=(30.5, 20, 99, 47), operator="frost", shape="ellipse")
        resolved = resolve_plan(plan, policy=POLICY)
        carry_out(source, resolved, written)
        assert prove(source, written, resolved) == []

    def test_an_empty_plan(self, tmp_path):
        case = Case(tmp_path, "JPEG")
        plan = edit.reject(case.resolved.plan, [case.resolved.plan.regions[-1].id])
        case.resolved = resolve_plan(plan, policy=POLICY)
        case.write()
        assert case.rules() == []

    @pytest.mark.parametrize("target", ["jpg", "gif"])
    def test_an_ellipse_of_which_only_a_bare_corner_is_in_the_frame(self, tmp_path, target):
        source, written = tmp_path / "source.png", tmp_path / f"written.{target}"
        noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
        write_pictures(source, noise)
        box = (100, 100, 300, 300)
        plan = edit.add_box(detect(source, detectors=[]), xyxy=box, shape="ellipse")
        resolved = resolve_plan(plan, policy=POLICY)
        carry_out(source, resolved, written)
        assert prove(source, written, resolved) == []

    def test_dark_things_under_black(self, tmp_path):
        """Nothing to tell apart, and nothing to see: not covered as much as covered."""
        source, written = tmp_path / "source.jpg", tmp_path / "written.jpg"
        lossy_source(source, np.zeros((64, 64, 3), dtype=np.uint8))
        plan = edit.add_box(detect(source, detectors=[]), xyxy=(0, 0, 64, 64))
        resolved = resolve_plan(plan, policy=POLICY)
        carry_out(source, resolved, written)
        assert prove(source, written, resolved) == []


class TestPlacesToHide:
    """Pictures that nobody sees and anybody can take out again."""

    def test_low_bytes_of_a_deeper_output(self, tmp_path):
        case = Case(tmp_path)

        def carry_in_low_bytes(frame, before):
            return (frame.pixels.astype(np.uint16) << 8) | before

        write_spoiled(case, carry_in_low_bytes)
        assert set(case.rules()) == {"VF-02"}

    @pytest.mark.parametrize("alpha", [0, 1])
    def test_color_under_low_alpha(self, tmp_path, alpha):
        case = Case(tmp_path)

        def hide_under_alpha(frame, before):
            pixels = np.dstack([frame.pixels, np.full(frame.pixels.shape[:2], 255, np.uint8)])
            pixels[:20, :20, :3] = before[:20, :20, :3]
            pixels[:20, :20, 3] = alpha
            return pixels

        write_spoiled(case, hide_under_alpha)
        assert set(case.rules()) == {"VF-02"}

    @pytest.mark.parametrize("image_format", ["WEBP", "AVIF"])
    def test_color_under_alpha_0_of_a_lossy_output(self, tmp_path, image_format):
        from PIL import Image

        source = tmp_path / "in.png"
        pixels = scene(channels=4)
        pixels[16:96, 16:96, 3] = 0
        write_pictures(source, pixels)
        plan = detect(source, policy=POLICY, detectors=[])
        resolved = resolve_plan(plan, policy=POLICY)
        written = tmp_path / "out.img"
        Image.fromarray(pixels).save(written, image_format, quality=95, exact=True)
        assert {fault.rule_id for fault in prove(source, written, resolved)} == {"VF-03"}
        carry_out(source, resolved, tmp_path / f"good.{image_format.lower()}")
        assert not prove(source, tmp_path / f"good.{image_format.lower()}", resolved)


def write_spoiled(case, spoil):
    """Write a PNG of what `spoil` makes of the redacted frame and the original pixels."""
    with open_image(case.source) as image:
        frame = next(image.frames())
    before = frame.pixels.copy()
    hide(frame, case.resolved.groups(0))
    write_pictures(case.written, spoil(frame, before))
