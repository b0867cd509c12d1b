"""The whole job on a real face, in every format, with the real detector."""

import zlib

import numpy as np
import pillow_heif
import pytest

from saferedact import redact
from saferedact.detectors.registry import resolve_detectors
from saferedact.geometry import covered_fraction, iou_matrix
from saferedact.media.image_read import open_image
from saferedact.pipeline import detect, redact_with_plan
from saferedact.policy import load_policy
from saferedact.testing import images
from saferedact.testing.detectors import write_pictures
from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data

pytestmark = pytest.mark.model

SUFFIXES = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "BMP": ".bmp",
    "HEIF": ".heic",
    "AVIF": ".avif",
}


@pytest.fixture(scope="module")
def portrait():
    """Head and shoulders of the public-domain portrait in scikit-image, 240 x 224."""
    from skimage.data import astronaut

    return np.ascontiguousarray(astronaut()[:224, 110:350])


@pytest.fixture(scope="module")
def face_xyxy():
    """Where the face is: seen once, checked by eye (forehead to chin, cheek to cheek)."""
    return np.array([[80, 70, 150, 165]], dtype=np.float32)


@pytest.fixture(scope="module")
def detectors(face_model):  # noqa: ARG001 - has the weights fetched
    """The built-in detectors, loaded once for all tests."""
    return resolve_detectors(None, load_policy("release"))


def frames(path):
    with open_image(path) as image:
        return [frame.pixels for frame in image.frames()]


def check(source, destination, face_xyxy, detectors, policy):
    """Redact, and check what was promised; returns the redaction."""
    before = source.read_bytes()
    done = redact_with_plan(source, destination, policy=policy, detectors=detectors)
    assert source.read_bytes() == before
    assert done.report.verdict != "blocked"
    for frame in range(done.plan.media.frames):
        covers = np.array([r.xyxy for r in done.plan.regions_of(frame)], dtype=np.float32)
        assert covered_fraction(face_xyxy, covers.reshape(-1, 4))[0] >= 0.98
    after = frames(destination)
    assert len(after) == done.plan.media.frames
    if policy == "release":
        x1, y1, x2, y2 = face_xyxy[0].astype(int)
        for pixels in after:
            inside = pixels[y1 + 16 : y2 - 16, x1 + 16 : x2 - 16, :3]
            assert inside.max() <= 8  # black, but for the noise of lossy coding
    return done


def inflated(data):
    """Everything that a zlib stream in the data decompresses to."""
    found = []
    for at in range(len(data) - 2):
        if data[at] & 0x0F == 8 and (data[at] << 8 | data[at + 1]) % 31 == 0:
            try:
                found.append(zlib.decompressobj().decompress(data[at:], 1 << 16))
            except zlib.error:
                continue
    return b"".join(found)


@pytest.fixture
def hidden_portrait(monkeypatch, portrait):
    """Let the helper that plants hidden data draw the portrait, also in thumbnails and views."""
    from PIL import Image

    def pictures(size_wh, count):
        return [Image.fromarray(portrait).resize(size_wh) for _ in range(count)]

    monkeypatch.setattr(images, "_pictures", pictures)


@pytest.mark.usefixtures("hidden_portrait")
@pytest.mark.parametrize("image_format", HIDDEN_DATA_FORMATS)
def test_no_face_and_no_hidden_data_is_left(tmp_path, portrait, face_xyxy, detectors, image_format):
    source = tmp_path / f"in{SUFFIXES[image_format]}"
    destination = tmp_path / f"out{SUFFIXES[image_format]}"
    markers = image_with_hidden_data(image_format, source, size_wh=portrait.shape[1::-1])
    done = check(source, destination, face_xyxy, detectors, "release")
    assert {region.kind for region in done.plan.regions} == {"image", "metadata"}
    data = destination.read_bytes()
    everything = data + inflated(data)
    assert [place for place, marker in markers.items() if marker in everything] == []
    assert not [r for r in detect(destination, detectors=detectors).regions if r.kind == "image"]


def jpeg(**options):
    return lambda path, image: image.save(path, "JPEG", **options)


CODINGS = {
    "JPEG 75 4:2:0": jpeg(quality=75, subsampling=2),
    "JPEG 95 4:4:4": jpeg(quality=95, subsampling=0),
    "JPEG progressive": jpeg(quality=85, progressive=True),
    "JPEG CMYK": lambda path, image: image.convert("CMYK").save(path, "JPEG", quality=92),
    "JPEG gray": lambda path, image: image.convert("L").save(path, "JPEG", quality=92),
    "PNG 16 bits": lambda path, image: write_pictures(path, np.asarray(image).astype("u2") * 257),
    "PNG palette": lambda path, image: image.quantize(200).save(path, "PNG"),
    "WEBP lossy": lambda path, image: image.save(path, "WEBP", quality=80),
    "TIFF LZW": lambda path, image: image.save(path, "TIFF", compression="tiff_lzw"),
    "GIF animated": lambda path, image: image.save(
        path, "GIF", save_all=True, append_images=[image.point(lambda v: v * 9 // 10)], duration=80
    ),
    "HEIF": lambda path, image: pillow_heif.from_pillow(image).save(path, quality=70),
    "AVIF": lambda path, image: image.save(path, "AVIF", quality=70),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_frost_in_every_coding(tmp_path, portrait, face_xyxy, detectors, coding):
    from PIL import Image

    source, destination = tmp_path / "in", tmp_path / "out"
    CODINGS[coding](source, Image.fromarray(portrait))
    # Folds of clothes may look like writing that cannot be read, and text is covered by a solid color.
    faces = [detector for detector in detectors if detector.info.name == "faces"]
    done = check(source, destination, face_xyxy, faces, "frost")
    assert {region.operator for region in done.plan.regions if region.kind == "image"} == {"frost"}
    # Frosted glass made of its border has none of the structure of a face.
    x1, y1, x2, y2 = face_xyxy[0].astype(int)
    hidden = frames(source)[0][y1:y2, x1:x2].astype(np.float64)
    shown = frames(destination)[0][y1:y2, x1:x2].astype(np.float64)
    assert shown.shape == hidden.shape
    assert shown.std(axis=(0, 1)).mean() < hidden.std(axis=(0, 1)).mean() / 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_jpeg(tmp_path, portrait, face_xyxy, detectors, orientation):
    """Stored turned, with an orientation that undoes it: the output is upright."""
    from PIL import Image

    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions
    stored = Image.fromarray(portrait)
    if orientation > 1:
        stored = stored.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[274] = orientation
    source, destination = tmp_path / "in.jpg", tmp_path / "out.jpg"
    stored.save(source, quality=90, exif=exif)
    check(source, destination, face_xyxy, detectors, "release")
    with Image.open(destination) as image:
        assert image.size == portrait.shape[1::-1]
        assert not image.getexif()
    # The corners, far from the face, are where they were.
    after = frames(destination)[0].astype(int)
    for corner in (np.s_[:20, :20], np.s_[:20, -20:], np.s_[-20:, :20]):
        assert np.abs(after[corner] - portrait[corner]).mean() < 12


def test_a_crowd(tmp_path, portrait, face_xyxy, detectors):
    """Six faces of different sizes in one picture, through the public function."""
    from PIL import Image

    crowd = Image.new("RGB", (1100, 640), (90, 110, 130))
    faces = []
    for x, y, scale in [
        (10, 10, 1.0),
        (270, 20, 0.8),
        (480, 5, 1.3),
        (830, 15, 1.0),
        (40, 330, 0.5),
        (300, 300, 1.2),
    ]:
        size_wh = tuple(round(length * scale) for length in portrait.shape[1::-1])
        crowd.paste(Image.fromarray(portrait).resize(size_wh), (x, y))
        faces.append(face_xyxy[0] * scale + [x, y, x, y])
    crowd.save(tmp_path / "in.jpg", quality=90)
    report = redact(tmp_path / "in.jpg", tmp_path / "out.jpg", detectors=detectors)
    assert report.verdict != "blocked"
    pixels = frames(tmp_path / "out.jpg")[0]
    for x1, y1, x2, y2 in np.round(faces).astype(int):
        assert pixels[y1 + 8 : y2 - 8, x1 + 8 : x2 - 8].max() <= 8
    plan = detect(tmp_path / "in.jpg", detectors=detectors)
    boxes = np.array([region.xyxy for region in plan.regions], dtype=np.float32)
    assert len(boxes) <= 12  # six faces, and not half of the picture
    assert (iou_matrix(boxes, np.array(faces, dtype=np.float32)) > 0).any(axis=0).all()


def test_a_picture_without_a_face_stays_as_it_is(tmp_path, detectors):
    source = tmp_path / "in.png"
    write_pictures(source, images.sample_pixels((240, 160)))
    done = redact_with_plan(source, tmp_path / "out.png", detectors=detectors)
    assert done.report.verdict == "no_finding"
    assert done.plan.regions == ()
    np.testing.assert_array_equal(frames(source)[0], frames(tmp_path / "out.png")[0])
