"""From file to file: outputs tell nothing of what is hidden, and hiding again changes nothing."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from saferedact.frames import coverage_mask
from saferedact.geometry import Grid
from saferedact.media.image_read import open_image
from saferedact.pipeline import detect
from saferedact.pipeline.image.carry_out import carry_out
from saferedact.pipeline.image.hide import hide
from saferedact.pipeline.image.prove import prove
from saferedact.plan import edit, resolve_plan
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import write_pictures

RELEASE = load_policy("release")
REVERSIBLE = Policy.model_validate(
    {**RELEASE.model_dump(mode="json", by_alias=True), "allow_reversible": True}
)
KINDS = {
    "PNG": [(1, "u1"), (3, "u1"), (4, "u1"), (1, "u2"), (3, "u2"), (4, "u2")],
    "TIFF": [(1, "u1"), (3, "u1"), (4, "u1"), (1, "u2"), (3, "u2")],
    "WEBP": [(3, "u1"), (4, "u1")],
    "BMP": [(3, "u1")],
    "GIF": [(3, "u1")],
}
MANY = ("PNG", "TIFF", "WEBP", "GIF")  # formats of several frames


@dataclass
class Scene:
    """Frames, and the regions to hide in them: (frame, xyxy, operator, shape)."""

    format: str
    frames: list[npt.NDArray[np.generic]]
    regions: list[tuple[int, tuple[float, float, float, float], str, str]]


@st.composite
def scenes(draw, *, operators=("solid", "frost"), min_regions=1):
    image_format = draw(st.sampled_from(sorted(KINDS)))
    channels, dtype = draw(st.sampled_from(KINDS[image_format]))
    count = draw(st.integers(1, 3)) if image_format in MANY and dtype == "u1" else 1
    size_wh = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames = [noise(rng, image_format, size_wh, channels, dtype) for _ in range(count)]
    box = st.tuples(*[st.integers(-80, 8 * 40)] * 2, *[st.integers(1, 8 * 40)] * 2)
    regions = []
    for _ in range(draw(st.integers(min_regions, 5))):
        x, y, width, height = draw(box)
        x, y = min(x, 8 * size_wh[0] - 1), min(y, 8 * size_wh[1] - 1)
        right, low = max(x + width, 1), max(y + height, 1)
        regions.append(
            (
                draw(st.integers(0, count - 1)),
                (x / 8, y / 8, right / 8, low / 8),
                draw(st.sampled_from(operators)),
                draw(st.sampled_from(["rectangle", "ellipse"])),
            )
        )
    return Scene(image_format, frames, regions)


def noise(rng, image_format, size_wh, channels, dtype):
    shape = (size_wh[1], size_wh[0]) if channels == 1 else (size_wh[1], size_wh[0], channels)
    if image_format == "GIF":  # few colors, so that no palette has to merge any
        return rng.integers(0, 3, shape).astype(dtype) * 100
    pixels = rng.integers(0, np.iinfo(dtype).max + 1, shape).astype(dtype)
    if channels == 4:  # some transparent parts, and never none: no format drops the channel
        pixels[rng.random(shape[:2]) < 0.3, 3] = 0
    return pixels


def masks(scene, regions):
    """What the regions cover of each frame."""
    found = [np.zeros(frame.shape[:2], dtype=bool) for frame in scene.frames]
    for frame, xyxy, _, shape in regions:
        height, width = found[frame].shape
        boxes = np.array([xyxy], dtype=np.float32)
        found[frame] |= np.asarray(coverage_mask((width, height), boxes, shape=shape)).astype(bool)
    return found


def with_other_content(scene, regions, seed):
    """Return the frames with other samples under the regions."""
    rng = np.random.default_rng(seed)
    changed = []
    for frame, mask in zip(scene.frames, masks(scene, regions), strict=True):
        other = frame.copy()
        channels = 1 if frame.ndim == 2 else frame.shape[2]
        size_wh = (frame.shape[1], frame.shape[0])
        other[mask] = noise(rng, scene.format, size_wh, channels, frame.dtype)[mask]
        changed.append(other)
    return changed


def written(frames, image_format, regions):
    """Write a source, carry out a plan of the regions; returns (bytes, frames) of the output."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        write_pictures(source, *frames, format=image_format)
        plan = detect(source, detectors=[])
        for frame, xyxy, operator, shape in regions:
            plan = edit.add_box(plan, frame=frame, xyxy=xyxy, operator=operator, shape=shape)
        resolved = resolve_plan(plan, policy=REVERSIBLE)
        carry_out(source, resolved, out)
        assert prove(source, out, resolved) == []
        return out.read_bytes(), read(out)


def read(path):
    with open_image(path) as image:
        return [frame.pixels for frame in image.frames()]


@given(scene=scenes(), seed=st.integers(0, 2**32 - 1))
def test_files_do_not_depend_on_what_is_hidden(scene, seed):
    other = with_other_content(scene, scene.regions, seed)
    first, _ = written(scene.frames, scene.format, scene.regions)
    second, _ = written(other, scene.format, scene.regions)
    assert first == second


@given(scene=scenes(min_regions=2), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_one_region_more_reveals_nothing_of_the_others(scene, seed):
    """The last region is visible ground for the first test, and hidden here."""
    *before, _ = scene.regions
    other = with_other_content(scene, before, seed)
    first, _ = written(scene.frames, scene.format, scene.regions)
    second, _ = written(other, scene.format, scene.regions)
    assert first == second


@given(
    scene=scenes(operators=("solid", "frost", "mosaic", "blur"), min_regions=2),
    seed=st.integers(0, 2**32 - 1),
)
def test_reversible_regions_read_nothing_of_safe_ones(scene, seed):
    safe = [region for region in scene.regions if region[2] in ("solid", "frost")]
    other = with_other_content(scene, safe, seed)
    first, _ = written(scene.frames, scene.format, scene.regions)
    second, _ = written(other, scene.format, scene.regions)
    assert first == second


@given(scene=scenes(operators=("solid",)))
@settings(max_examples=50)
def test_solid_twice_is_solid_once(scene):
    _, first = written(scene.frames, scene.format, scene.regions)
    _, second = written(first, scene.format, scene.regions)
    for once, twice in zip(first, second, strict=True):
        np.testing.assert_array_equal(once, twice)


@given(scene=scenes(operators=("solid", "frost")))
@settings(max_examples=50)
def test_what_is_not_hidden_stays_as_it_is(scene):
    _, frames = written(scene.frames, scene.format, scene.regions)
    for before, after, mask in zip(scene.frames, frames, masks(scene, scene.regions), strict=True):
        np.testing.assert_array_equal(shown(after)[~mask], shown(before)[~mask])
        assert (shown(after)[mask][:, 3] == np.iinfo(after.dtype).max).all()


def shown(pixels):
    """RGBA with nothing under alpha 0."""
    color = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    if color.shape[2] == 3:
        opaque = np.full((*color.shape[:2], 1), np.iinfo(color.dtype).max, dtype=color.dtype)
        color = np.concatenate([color, opaque], axis=2)
    return np.where(color[:, :, 3:] == 0, 0, color)


@st.composite
def jpegs(draw):
    """A JPEG, its blocks, and a box."""
    size_wh = draw(st.tuples(st.integers(1, 70), st.integers(1, 70)))
    options = {
        "quality": draw(st.integers(50, 98)),
        "subsampling": draw(st.sampled_from([0, 1, 2])),
        "orientation": draw(st.integers(1, 8)),
    }
    box = [draw(st.integers(0, 69)) for _ in range(2)]
    size = [draw(st.integers(1, 50)) for _ in range(2)]
    return size_wh, options, (*box, box[0] + size[0], box[1] + size[1])


def write_jpeg(path, pixels, *, quality, subsampling, orientation):
    from PIL import Image

    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(pixels).save(path, "JPEG", quality=quality, subsampling=subsampling, exif=exif)


@given(
    jpeg=jpegs(),
    operator=st.sampled_from(["solid", "frost"]),
    shape=st.sampled_from(["rectangle", "ellipse"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_frames_of_a_jpeg_do_not_depend_on_what_is_hidden(jpeg, operator, shape, seed):
    """Whatever the blocks under a region held, in any orientation: nothing of them is left."""
    size_wh, options, box = jpeg
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.jpg"
        pixels = rng.integers(0, 256, (size_wh[1], size_wh[0], 3), dtype=np.uint8)
        write_jpeg(source, pixels, **options)
        plan = detect(source, detectors=[])
        assume(box[0] < plan.media.width and box[1] < plan.media.height)
        plan = edit.add_box(plan, xyxy=box, operator=operator, shape=shape)
        groups = resolve_plan(plan, policy=RELEASE).groups(0)
        with open_image(source) as image:
            assert image.info.grid.size_wh != (1, 1)
            (first,), (second,) = list(image.frames()), list(image.frames())
    mask = blocks_under(groups[0], first.size_wh, first.grid)
    second.pixels[mask] = rng.integers(0, 256, (int(mask.sum()), 3), dtype=np.uint8)
    hide(first, groups)
    hide(second, groups)
    np.testing.assert_array_equal(first.pixels, second.pixels)


def blocks_under(group, size_wh, grid: Grid):
    """Whole blocks that hold a covered pixel, by a loop over them."""
    width, height = size_wh
    covered = np.asarray(coverage_mask(size_wh, group.xyxy, shape=group.shape)).astype(bool)
    (dx, dy), (ox, oy) = grid.size_wh, grid.origin_xy
    mask = np.zeros((height, width), dtype=bool)
    for y in range(oy - dy, height, dy):
        for x in range(ox - dx, width, dx):
            block = np.s_[max(y, 0) : y + dy, max(x, 0) : x + dx]
            mask[block] = covered[block].any()
    return mask


@given(size=st.integers(3, 6), seed=st.integers(0, 2**32 - 1), orientation=st.integers(1, 8))
@settings(max_examples=30)
def test_jpegs_that_differ_in_hidden_blocks_give_one_output(size, seed, orientation):
    """Real files: full-resolution chroma, so that no decoder blends neighboring blocks."""
    rng = np.random.default_rng(seed)
    side = 8 * size
    pixels = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
    outputs = []
    for _ in range(2):
        pixels[8:16, 8:16] = rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "source.jpg", Path(folder) / "out.jpg"
            write_jpeg(source, pixels, quality=90, subsampling=0, orientation=orientation)
            plan = detect(source, detectors=[])
            # Both places where the block may be seen upright, so that one plan fits any turn.
            for x in (8, side - 16):
                for y in (8, side - 16):
                    box = (x + 3, y + 3, x + 5, y + 5)
                    plan = edit.add_box(plan, xyxy=box, operator="frost")
            carry_out(source, resolve_plan(plan, policy=RELEASE), out)
            outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1]
