"""Text in pictures from file to file, by the real reader; what is a secret is known to the test."""

from functools import partial

import numpy as np
import pytest
from PIL import Image

from saferedact.casefile import load_case
from saferedact.detectors.barcodes import CodeDetector
from saferedact.detectors.base import DetectorInfo
from saferedact.detectors.identities import find_identities
from saferedact.detectors.ocr import TextReader, read_text
from saferedact.detectors.text_in_image import TextInImageDetector
from saferedact.pipeline import detect, redact
from saferedact.policy import load_policy
from saferedact.testing.chats import APPS, chat_screenshot
from saferedact.testing.drawing import Canvas, scanned, turned
from saferedact.testing.papers import form, number_plate
from saferedact.testing.videos import Clip, write_clip
from saferedact.text.spans import TextSpan

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader(text_model):  # noqa: ARG001  the weights are there
    return TextReader(threads=1)


def knowing(picture):
    """Find what was written: whole secrets, and their words, wherever they stand."""
    secrets = dict(zip(picture.secrets(), picture.labels, strict=True))
    parts = {word: label for secret, label in secrets.items() for word in secret.split()}

    def find(text):
        return [
            TextSpan(start, start + len(word), label, "known", 0.9, "test")
            for word, label in parts.items()
            for start in range(len(text))
            if text.startswith(word.strip(".,?"), start)
        ]

    return find


def hidden(picture, pixels):
    """Share of each word whose pixels are the black of a cover."""
    import cv2

    black = (pixels == 0).all(axis=2)
    shares = []
    for quad in picture.quads:
        word = np.zeros(black.shape, np.uint8)
        cv2.fillPoly(word, [np.floor(quad).astype(np.int32)], 1)
        shares.append(black[word == 1].mean())
    return np.array(shares)


def drawn_form(seed=3, size=18):
    return form(seed, size=size)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: chat_screenshot(APPS[0], 7, dark=True), id="dark chat"),
        pytest.param(lambda: chat_screenshot(APPS[2], 7, size=15), id="small chat"),
        pytest.param(lambda: turned(drawn_form(), 90), id="90 degrees"),
        pytest.param(lambda: turned(drawn_form(), 180), id="180 degrees"),
        pytest.param(lambda: turned(drawn_form(), 270), id="270 degrees"),
        pytest.param(lambda: turned(drawn_form(), 10), id="10 degrees"),
        pytest.param(lambda: scanned(drawn_form(), 1, degrees=-2), id="scan"),
        pytest.param(lambda: number_plate(4, rows=2, size=30), id="plate on two rows"),
    ],
)
def test_every_secret_is_hidden_and_little_else(tmp_path, reader, make):
    picture = make()
    source, destination = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(picture.pixels).save(source)
    detector = TextInImageDetector(knowing(picture), reader=reader)
    report = redact(source, destination, detectors=[detector])
    assert report.verdict != "blocked"
    shares = hidden(picture, np.asarray(Image.open(destination).convert("RGB")))
    secret = picture.secret >= 0
    assert (shares[secret] > 0.95).all()
    assert (shares[~secret] > 0.5).mean() <= 0.1 if (~secret).any() else True
    left = reader.read_lines(np.asarray(Image.open(destination).convert("RGB")))
    for line in left:
        assert not any(value in line.text for value in picture.secrets() if len(value) > 5)


def test_a_second_look_that_still_reads_a_name_forbids_the_output(tmp_path, reader):
    from saferedact.errors import VerificationError

    picture = drawn_form()
    source = tmp_path / "in.png"
    Image.fromarray(picture.pixels).save(source)
    calls = []

    def forgetful(text):
        """Finds on the output what it did not find on the original, and each time elsewhere."""
        calls.append(text)
        words = text.split()
        word = words[len(calls) % len(words)]
        at = text.index(word)
        return (
            [TextSpan(at, at + len(word), "name", "person", 0.9, "test")] if len(calls) > 1 else []
        )

    with pytest.raises(VerificationError):
        redact(
            source, tmp_path / "out.png", detectors=[TextInImageDetector(forgetful, reader=reader)]
        )
    assert not (tmp_path / "out.png").exists()


def test_a_small_line_in_a_large_picture_is_read(text_model):  # noqa: ARG001
    canvas = Canvas((2600, 2000), (200, 205, 190))
    canvas.write((2300, 1900), [("call 07700 900123", None)], size=12, color=(20, 20, 20))
    assert read_text(canvas.finished().pixels, threads=1).text == "call 07700 900123"


def test_codes_are_hidden_by_the_built_in_policy(tmp_path):
    import zxingcpp

    code = zxingcpp.create_barcode("SECRET-PAYLOAD", zxingcpp.BarcodeFormat.QRCode)
    pixels = np.full((200, 300), 255, np.uint8)
    ink = np.array(code.to_image(scale=4))
    pixels[30 : 30 + ink.shape[0], 40 : 40 + ink.shape[1]] = ink
    source, destination = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(pixels).save(source)
    report = redact(source, destination, detectors=[CodeDetector()])
    assert b"SECRET" not in report.model_dump_json().encode()
    assert zxingcpp.read_barcodes(np.asarray(Image.open(destination).convert("L"))) == []


@pytest.mark.parametrize("length", [2, 9])
def test_covers_of_fixed_width_do_not_tell_the_length(tmp_path, reader, length):
    canvas = Canvas((700, 120))
    canvas.write((40, 40), [("Xy" + "m" * length, "name")], size=24)
    picture = canvas.finished()
    source = tmp_path / "in.png"
    Image.fromarray(picture.pixels).save(source)
    release = load_policy("release").model_dump(by_alias=True)
    release["labels"]["name"]["fixed_width"] = 12.0
    policy = type(load_policy("release")).model_validate(release)
    plan = detect(
        source, policy=policy, detectors=[TextInImageDetector(knowing(picture), reader=reader)]
    )
    (region,) = [region for region in plan.regions if region.label == "name"]
    x1, y1, x2, y2 = region.xyxy
    assert (x2 - x1) / (y2 - y1) == pytest.approx(12, abs=0.2)


@pytest.mark.slow
def test_the_built_in_detectors_know_a_name_a_number_and_a_mark(tmp_path):
    canvas = Canvas((900, 260))
    canvas.write((40, 40), [("My name is", None), (" Sarah Havercroft", "name")], size=22)
    canvas.write((40, 90), [("call me on", None), (" 07700 900123", "identifier")], size=22)
    canvas.write((40, 140), [("the car was", None), (" YN99 KTB", "plate")], size=22)
    picture = canvas.finished()
    source, destination = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(picture.pixels).save(source)
    redact(source, destination, detectors=["text", "codes"])
    shares = hidden(picture, np.asarray(Image.open(destination).convert("RGB")))
    assert (shares[picture.secret >= 0] > 0.95).all()


CASE = b"""
schema = "saferedact.case/1"
[case]
stage = "charged"
jurisdiction = "england_wales"
[[people]]
ref = "W1"
role = "witness"
name = "Sarah Havercroft"
[[people]]
ref = "D1"
role = "defendant"
name = "Omar Aziz"
publishable = true
"""


class TwoNames:
    """Takes both for names, as any model would."""

    info = DetectorInfo("two names", "1", ("name",))

    def detect(self, text, *, language="en"):
        return [
            TextSpan(text.index(name), text.index(name) + len(name), "name", "person", 0.9, "test")
            for name in ("Sarah Havercroft", "Omar Aziz")
            if name in text
        ]


def test_regions_of_pictures_say_whom_of_the_case_they_hide(tmp_path, reader):
    canvas = Canvas((900, 200))
    canvas.write((40, 40), [("Sarah Havercroft", "name"), (" saw Omar Aziz", None)], size=24)
    pixels = canvas.finished().pixels.copy()
    code = zxingcpp_code("https://x.example/?name=Sarah+Havercroft")
    pixels[90 : 90 + code.shape[0], 500 : 500 + code.shape[1]] = code[:, :, None]
    source = tmp_path / "in.png"
    Image.fromarray(pixels).save(source)
    case = load_case(CASE)
    engine = partial(find_identities, policy="release", case=case, detectors=[TwoNames()])
    detectors = [TextInImageDetector(engine, reader=reader), CodeDetector(engine)]
    plan = detect(source, case=case, detectors=detectors)
    shown = {region.label: region.person_ref for region in plan.regions}
    assert len(plan.regions) == 2
    assert shown == {"name": "W1", "code": "W1"}  # the accused may be named
    assert "Havercroft" not in plan.model_dump_json()


def zxingcpp_code(text):
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return np.array(code.to_image(scale=2))


@pytest.mark.usefixtures("text_model")
def test_text_that_stands_still_in_a_film_is_recognised_once_the_picture_has_settled(tmp_path):
    canvas = Canvas((480, 270))
    canvas.write((40, 60), [("Sarah Havercroft", "name"), (" lives here", None)], size=24)
    canvas.write((40, 140), [("Nothing to see in this line", None)], size=24)
    pixels = canvas.finished().pixels
    source = tmp_path / "in.mp4"
    still = Clip(size_wh=(480, 270), pts=tuple(range(0, 100 * 1536, 1536)), draw=lambda *_: pixels)
    write_clip(source, still)
    reader = TextReader(threads=1)
    found, recognised = [], []
    reader._find, reader._recognize = (
        counting(reader._find, found),
        counting(reader._recognize, recognised),
    )
    asked = []

    class Asked(TextInImageDetector):
        def detect(self, images, **options):
            asked.append(len(images))
            return super().detect(images, **options)

    engine = partial(
        find_identities, policy="release", case=load_case(CASE), detectors=[TwoNames()]
    )
    plan = detect(source, detectors=[Asked(engine, reader=reader)])
    (region,) = plan.visible_regions()
    assert region.person_ref == "W1"
    assert (region.frame[0], region.frame[-1]) == (0, 99)
    # Ten seconds: at once, when the first frames have become clear, and after `READ_S`.
    assert len(asked) <= 3
    pictures, tiles, lines = 2, 3, 2
    assert len(found) <= pictures * tiles
    assert len(recognised) <= pictures * lines


def counting(network, calls):
    def call(picture):
        calls.append(picture.shape)
        return network(picture)

    return call
