"""Proofs of lossy outputs: what is as planned passes, and what can be seen does not."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from saferedact.media.base import ImageFrame
from saferedact.media.image_read import open_image
from saferedact.media.image_write import write_image
from saferedact.pipeline import detect
from saferedact.pipeline.image.carry_out import carry_out
from saferedact.pipeline.image.hide import hide
from saferedact.pipeline.image.prove import prove
from saferedact.plan import edit, resolve_plan
from saferedact.policy import load_policy
from saferedact.testing.detectors import write_pictures

RELEASE = load_policy("release")
BOXES = st.tuples(
    st.integers(0, 199), st.integers(0, 199), st.integers(1, 150), st.integers(1, 150)
)


def picture(kind, size_wh, seed):
    """Draw what real pictures are made of, and worse."""
    width, height = size_wh
    rng = np.random.default_rng(seed)
    if kind == "noise":
        return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if kind == "saturated":  # what chroma at half the resolution cannot hold
        tiles = rng.integers(0, 2, (height // 4 + 1, width // 4 + 1, 3), dtype=np.uint8) * 255
        return np.ascontiguousarray(tiles.repeat(4, axis=0).repeat(4, axis=1)[:height, :width])
    y, x = np.mgrid[0:height, 0:width]
    slope = rng.uniform(-0.5, 0.5, 2)
    shade = (x * slope[0] + y * slope[1])[:, :, None] * [0.5, 0.4, 0.3] + rng.integers(60, 200, 3)
    if kind == "smooth":
        return np.clip(shade + rng.normal(0, 1.5, shade.shape), 0, 255).astype(np.uint8)
    waves = 50 * np.sin(x / rng.uniform(2, 9) + y / rng.uniform(2, 9))[:, :, None]
    return np.clip(shade + waves + rng.normal(0, 5, shade.shape), 0, 255).astype(np.uint8)


@st.composite
def sources(draw, formats):
    """A file's coding, and the seed and size of its picture."""
    return {
        "image_format": draw(st.sampled_from(formats)),
        "kind": draw(st.sampled_from(["noise", "saturated", "smooth", "waves"])),
        "size_wh": draw(st.tuples(st.integers(1, 200), st.integers(1, 200))),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "quality": draw(st.integers(50, 98)),
        "subsampling": draw(st.sampled_from([0, 1, 2])),
        "orientation": draw(st.integers(1, 8)),
    }


def write(path, *, image_format, kind, size_wh, seed, quality, subsampling, orientation):
    from PIL import Image

    pixels = picture(kind, size_wh, seed)
    if image_format == "PNG":
        write_pictures(path, pixels)
        return
    exif = Image.Exif()
    exif[274] = orientation
    options = {"subsampling": subsampling} if image_format == "JPEG" else {}
    Image.fromarray(pixels).save(path, image_format, quality=quality, exif=exif, **options)


def planned(source, boxes, operator, shape):
    """Plan the boxes that touch the picture; there is always one."""
    plan = detect(source, detectors=[])
    for x, y, width, height in boxes:
        left, top = min(x, plan.media.width - 1), min(y, plan.media.height - 1)
        box = (left, top, left + width, top + height)
        plan = edit.add_box(plan, xyxy=box, operator=operator, shape=shape)
    return resolve_plan(plan, policy=RELEASE)


def check_passes(source, suffix, boxes, operator, shape):
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "source", Path(folder) / f"out{suffix}"
        write(path, **source)
        resolved = planned(path, boxes, operator, shape)
        carry_out(path, resolved, out)
        assert [finding.message for finding in prove(path, out, resolved)] == []


@given(
    source=sources(["JPEG", "PNG", "WEBP"]),
    suffix=st.sampled_from([".jpg", ".jpg", ".webp"]),
    boxes=st.lists(BOXES, min_size=1, max_size=3),
    operator=st.sampled_from(["solid", "frost"]),
    shape=st.sampled_from(["rectangle", "ellipse"]),
)
@example(  # chroma blocks that the turned grid cuts
    source={
        "image_format": "JPEG",
        "kind": "saturated",
        "size_wh": (235, 24),
        "seed": 0,
        "quality": 90,
        "subsampling": 2,
        "orientation": 6,
    },
    suffix=".jpg",
    boxes=[(8, 187, 10, 40)],
    operator="solid",
    shape="rectangle",
)
def test_what_is_as_planned_passes(source, suffix, boxes, operator, shape):
    check_passes(source, suffix, boxes, operator, shape)


@pytest.mark.parametrize("suffix", [".heic", ".avif"])
@given(
    source=sources(["PNG", "JPEG"]),
    boxes=st.lists(BOXES, min_size=1, max_size=3),
    operator=st.sampled_from(["solid", "frost"]),
)
@settings(max_examples=15)
def test_slow_formats_pass_too(suffix, source, boxes, operator):
    check_passes(source, suffix, boxes, operator, "ellipse")


@given(
    source=sources(["JPEG", "WEBP"]).filter(lambda source: source["kind"] != "smooth"),
    corner=st.tuples(st.integers(0, 80), st.integers(0, 80)),
    side=st.integers(48, 90),
    operator=st.sampled_from(["solid", "frost"]),
    share=st.sampled_from([1.0, 0.5, 0.3]),
)
@settings(max_examples=60)
def test_what_shines_through_does_not(source, corner, side, operator, share):
    source["size_wh"] = tuple(max(150, length) for length in source["size_wh"])
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "source", Path(folder) / "out"
        write(path, **source)
        resolved = planned(path, [(*corner, side, side)], operator, "rectangle")
        with open_image(path) as image:
            (frame,) = image.frames()
            info = image.info
        before = frame.pixels.astype(np.float64)
        hide(frame, resolved.groups(0))
        blend = np.rint(frame.pixels * (1 - share) + before * share).astype(np.uint8)
        write_image(out, [ImageFrame(blend)], info=info)
        assert {finding.rule_id for finding in prove(path, out, resolved)} == {"VF-02"}
