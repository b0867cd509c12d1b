"""No channel of the corpus leaks, by an oracle that is seen to read it in the untouched file."""

import oracle
import pytest

from saferedact.detectors.ocr import TextReader
from saferedact.detectors.text_in_image import TextInImageDetector
from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs import CHANNELS, PIXEL_CHANNELS, make_channel

_TEXT = [channel for channel in CHANNELS if channel not in PIXEL_CHANNELS]


@pytest.mark.parametrize("channel", _TEXT)
def test_text_channel(tmp_path, engine, channel):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel(channel, source)
    assert oracle.leaks(source, secrets.all)
    engine.know(secrets.name, phones=[secrets.phone])
    redact_with_plan(source, target, detectors=[])
    assert oracle.leaks(target, secrets.all) == set()


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("channel", sorted(PIXEL_CHANNELS))
def test_pixel_channel(tmp_path, engine, channel, reader):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    secrets = make_channel(channel, source)
    assert oracle.leaks(source, secrets.all, pixels=True)
    engine.know(secrets.name, phones=[secrets.phone])
    redact_with_plan(source, target, detectors=[TextInImageDetector(engine, reader=reader)])
    assert oracle.leaks(target, secrets.all, pixels=True) == set()


@pytest.fixture(scope="module")
def reader():
    return TextReader(threads=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_secrets(tmp_path, engine, seed):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for channel in ("split-spans", "form-shared", "widget", "table-cells"):
        secrets = make_channel(channel, source, seed=seed)
        engine.know(secrets.name, phones=[secrets.phone])
        redact_with_plan(source, target, detectors=[], overwrite=True)
        assert oracle.leaks(target, secrets.all) == set()
