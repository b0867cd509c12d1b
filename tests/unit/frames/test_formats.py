"""The table of pixel formats against FFmpeg's own description of them."""

import av
import pytest

from saferedact.frames.formats import ALPHA, CHROMA, FORMATS

HIGH_BITS_ONLY = {"p010le", "p012le", "p210le", "p212le", "p410le", "p412le"}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_planes_and_depth_are_ffmpegs(name):
    ours, theirs = FORMATS[name], av.VideoFormat(name, 33, 17)
    assert max(component.plane for component in theirs.components) + 1 == len(ours.channels)
    if name not in HIGH_BITS_ONLY:
        assert {component.bits for component in theirs.components} == {ours.bit_depth}
    dx, dy = ours.subsampling
    for component in theirs.components:
        chroma = set(ours.channels[component.plane]) <= CHROMA
        expected = (-(-33 // dx), -(-17 // dy)) if chroma else (33, 17)
        assert (component.width, component.height) == expected


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_channels_are_known_letters_and_alpha_is_ffmpegs(name):
    letters = "".join(FORMATS[name].channels)
    assert set(letters) <= set("yuvrgb") | ALPHA
    assert len(set(letters)) == len(letters)
    assert ("a" in letters) == any(c.is_alpha for c in av.VideoFormat(name, 8, 8).components)


@pytest.mark.parametrize("name", ["yuvj420p", "yuvj422p", "gray", "rgb24"])
def test_full_range_formats(name):
    assert FORMATS[name].default_range == "full"
