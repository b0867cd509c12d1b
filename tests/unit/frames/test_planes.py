"""Views of numpy arrays and PyAV frames."""

from fractions import Fraction

import av
import numpy as np
import pytest

from saferedact.errors import InputError, UnsupportedFormatError
from saferedact.frames import FramePlanes, Plane, planes_of
from saferedact.frames.formats import FORMATS


def padding_filled(frame):
    """Fill every byte of a PyAV frame, padding of the rows included, and return the bytes."""
    for plane in frame.planes:
        np.frombuffer(plane, np.uint8)[:] = 7
    return frame


def row_numbers(frame):
    """Fill each row of each plane with its number."""
    for plane in frame.planes:
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        rows[:] = np.arange(plane.height, dtype=np.uint8)[:, None]
    return frame


def flipped(frame):
    """Turn a frame upside down without moving it: its line_size becomes negative."""
    graph = av.filter.Graph()
    source = graph.add_buffer(
        template=None,
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=Fraction(1, 25),
    )
    flip, sink = graph.add("vflip"), graph.add("buffersink")
    source.link_to(flip)
    flip.link_to(sink)
    graph.configure()
    frame.pts = 0
    graph.push(frame)
    return graph.pull()


@pytest.mark.parametrize(
    ("shape", "channels"),
    [((4, 5), "y"), ((4, 5, 1), "y"), ((4, 5, 3), "rgb"), ((4, 5, 4), "rgba"), ((1, 1), "y")],
)
@pytest.mark.parametrize(("dtype", "bit_depth"), [(np.uint8, 8), (np.uint16, 16)])
def test_arrays(shape, channels, dtype, bit_depth):
    array = np.zeros(shape, dtype=dtype)
    frame = planes_of(array)
    assert [plane.channels for plane in frame.planes] == [channels]
    assert (frame.bit_depth, frame.color_range) == (bit_depth, "full")
    assert frame.size_wh == (shape[1], shape[0])
    frame.planes[0].array[...] = 3
    assert (array == 3).all()


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((4, 5), dtype=np.float32),
        np.zeros((4, 5), dtype=np.bool_),
        np.zeros((4, 5), dtype=np.int16),
        np.zeros((4, 5), dtype=">u2"),
        np.zeros((4, 5, 2), dtype=np.uint8),
        np.zeros((4, 5, 5), dtype=np.uint8),
        np.zeros((2, 4, 5, 3), dtype=np.uint8),
        np.zeros(5, dtype=np.uint8),
        np.zeros((), dtype=np.uint8),
        np.zeros((0, 5), dtype=np.uint8),
        np.zeros((4, 0, 3), dtype=np.uint8),
        np.zeros((4, 5, 0), dtype=np.uint8),
        np.array([["a"]], dtype=object),
        b"bytes",
        None,
        [[1, 2], [3, 4]],
    ],
)
def test_what_is_not_a_frame(frame):
    with pytest.raises(InputError):
        planes_of(frame)


def test_a_read_only_array_is_refused():
    array = np.zeros((4, 5), dtype=np.uint8)
    array.flags.writeable = False
    with pytest.raises(InputError, match="read-only"):
        planes_of(array)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("size_wh", [(1, 1), (35, 17), (64, 32)])
def test_every_video_format_reads_and_writes_its_own_samples(name, size_wh):
    video = padding_filled(av.VideoFrame(*size_wh, name))
    frame = planes_of(video)
    assert frame.size_wh == size_wh
    assert frame.bit_depth == FORMATS[name].bit_depth
    for plane in frame.planes:
        plane.array[...] = 1
    for plane, view in zip(video.planes, frame.planes, strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        used = view.array[0].nbytes
        little_endian_one = [1] if view.array.itemsize == 1 else [1, 0]
        expected = np.tile(little_endian_one, used // len(little_endian_one))
        assert (rows[:, :used] == expected).all()
        assert (rows[:, used:] == 7).all()


@pytest.mark.parametrize("name", ["gray", "yuv420p", "yuv444p", "yuv420p10le", "nv12", "rgb24"])
def test_rows_that_run_upward(name):
    # No other reference to the samples may be left: make_writable would copy them to rows that
    # run downward.
    upside_down = flipped(row_numbers(av.VideoFrame(35, 17, name)))
    assert all(plane.line_size < 0 for plane in upside_down.planes)
    frame = planes_of(upside_down)
    assert all(plane.line_size < 0 for plane in upside_down.planes)
    for plane in frame.planes:
        rows = plane.array.reshape(plane.array.shape[0], -1).view(np.uint8)[:, 0]
        assert rows.tolist() == list(range(len(rows)))[::-1]


def test_writing_does_not_reach_another_reference_to_the_samples():
    video = padding_filled(av.VideoFrame(34, 18, "yuv420p"))
    alias = flipped(video)  # shares the memory of `video`
    planes_of(alias).planes[0].array[...] = 200
    assert (np.frombuffer(video.planes[0], np.uint8) == 7).all()


@pytest.mark.parametrize(
    ("name", "tag", "expected"),
    [
        ("yuv420p", 0, "limited"),
        ("yuv420p", 1, "limited"),
        ("yuv420p", 2, "full"),
        ("yuvj420p", 0, "full"),
        ("gray", 0, "full"),
        ("gray", 1, "limited"),
        ("ya8", 1, "limited"),
        ("rgb24", 0, "full"),
        ("rgb24", 1, "full"),
        ("gbrp", 1, "full"),
    ],
)
def test_color_range(name, tag, expected):
    video = av.VideoFrame(8, 8, name)
    video.color_range = tag
    assert planes_of(video).color_range == expected


def test_time_is_kept_exactly():
    video = av.VideoFrame(8, 8, "gray")
    assert planes_of(video).time_base is None
    video.pts, video.time_base = 1001, Fraction(1, 30000)
    frame = planes_of(video)
    assert (frame.pts, frame.time_base) == (1001, Fraction(1, 30000))


@pytest.mark.parametrize("name", ["pal8", "rgb565le", "monob", "yuyv422", "gray16be", "grayf32le"])
def test_other_formats_are_refused_by_name(name):
    with pytest.raises(UnsupportedFormatError, match=name):
        planes_of(av.VideoFrame(8, 8, name))


def test_a_video_frame_without_samples_is_refused():
    with pytest.raises(InputError, match="no picture"):
        planes_of(av.VideoFrame())


GRAY = Plane(np.zeros((4, 6), np.uint8), "y")
CHROMA = Plane(np.zeros((2, 3), np.uint8), "u")


@pytest.mark.parametrize(
    "options",
    [
        {"planes": ()},
        {"planes": (GRAY,), "subsampling": (0, 1)},
        {"planes": (GRAY,), "bit_depth": 7},
        {"planes": (GRAY,), "bit_depth": 17},
        {"planes": (GRAY,), "bit_depth": 10},
        {"planes": (GRAY, CHROMA)},
        {"planes": (GRAY, CHROMA), "subsampling": (4, 4)},
        {"planes": (GRAY, Plane(np.zeros((2, 3), np.uint16), "u")), "subsampling": (2, 2)},
        {"planes": (GRAY, Plane(np.zeros((2, 3), np.uint8), "a")), "subsampling": (2, 2)},
    ],
)
def test_planes_that_are_no_frame(options):
    with pytest.raises(InputError):
        FramePlanes(**options)


@pytest.mark.parametrize(
    ("array", "channels"),
    [
        (np.zeros((4, 6, 3), np.uint8), "rgba"),
        (np.zeros((4, 6), np.uint8), "uv"),
        (np.zeros((4, 6), np.int64), "y"),
        (np.zeros(4, np.uint8), "y"),
    ],
)
def test_arrays_that_are_no_plane(array, channels):
    with pytest.raises(InputError):
        Plane(array, channels)


def test_channels_are_views_with_their_divisors():
    frame = FramePlanes((GRAY, Plane(np.zeros((2, 3, 2), np.uint8), "uv")), subsampling=(2, 2))
    found = list(frame.channels())
    assert [(c.letter, c.array.shape, c.divisors) for c in found] == [
        ("y", (4, 6), (1, 1)),
        ("u", (2, 3), (2, 2)),
        ("v", (2, 3), (2, 2)),
    ]
    found[2].array[...] = 9
    assert (frame.planes[1].array[..., 1] == 9).all()
