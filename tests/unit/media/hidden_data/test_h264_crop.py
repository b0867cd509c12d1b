"""Crops that stand in a header alone: what is cut away is still coded."""

import io

import av
import pytest

from saferedact.media.hidden_data.byte_view import ByteView
from saferedact.media.hidden_data.h264_crop import h264_cut
from saferedact.media.hidden_data.scan import scan_open_file


def cut(unit):
    return h264_cut(ByteView(io.BytesIO(unit), 0, len(unit)))


def film(size_wh, pix_fmt="yuv420p", **options):
    """A clip in memory, and its sequence parameter set."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=10, options={"preset": "ultrafast", **options}
        )
        stream.width, stream.height, stream.pix_fmt = *size_wh, pix_fmt
        frame = av.VideoFrame(*size_wh, pix_fmt)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    data = file.getvalue()
    at = data.index(b"avcC") + 4 + 6
    length = int.from_bytes(data[at : at + 2], "big")
    return data, data[at + 2 : at + 2 + length]


@pytest.mark.parametrize(
    ("size_wh", "pix_fmt", "options", "most"),
    [
        ((64, 48), "yuv420p", {}, 0),
        ((1920, 1080), "yuv420p", {}, 8),
        ((1920, 1080), "yuv420p", {"x264-params": "interlaced=1"}, 8),
        ((70, 52), "yuv420p", {"x264-params": "interlaced=1"}, 12),
        ((66, 50), "yuv420p", {"profile": "baseline"}, 14),
        ((65, 49), "yuv444p", {"x264-params": "cqm=jvt"}, 15),
        ((66, 49), "yuv422p", {"x264-params": "cqm=jvt"}, 15),
    ],
)
def test_an_encoder_cuts_what_fills_its_blocks(size_wh, pix_fmt, options, most):
    _, unit = film(size_wh, pix_fmt, **options)
    assert cut(unit) == most


def number(value):
    bits = f"{value + 1:b}"
    return "0" * (len(bits) - 1) + bits


def test_bytes_that_keep_the_start_code_apart_are_left_out():
    """Level 0 and a set with the number 63 begin with 0x42 0x00 0x00 0x02, which is written with a 3."""
    fields = (63, 0, 0, 0, 1)  # its number, frame numbers, order and its length, reference frames
    bits = f"{66:08b}" + "0" * 16 + "".join(map(number, fields)) + "0"
    bits += number(9) + number(9) + "1" + "1" + "1" + "".join(map(number, (0, 0, 0, 25))) + "1"
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    assert data[1:4] == b"\0\0\2"
    assert cut(b"\x67" + data.replace(b"\0\0\2", b"\0\0\3\2")) == 50


def unit_of(bits):
    size = -(-len(bits) // 8)
    data = int(bits.ljust(8 * size, "0"), 2).to_bytes(size, "big")
    for low in range(4):
        data = data.replace(bytes((0, 0, low)), bytes((0, 0, 3, low)))
    return b"\x67" + data


def lists(count, *, coded):
    """Scaling lists: the first ones coded as they are by default (8 in all places), or left out."""
    sizes = [16] * 6 + [64] * (count - 6)
    return "".join("1" + number(0) * size if n < coded else "0" for n, size in enumerate(sizes))


@pytest.mark.parametrize(("chroma", "count", "across"), [(1, 8, 2), (2, 8, 2), (3, 12, 1)])
@pytest.mark.parametrize("coded", [0, 3, 8])
def test_scaling_lists_and_orders_of_pictures_are_passed_over(chroma, count, across, coded):
    bits = f"{100:08b}" + "0" * 16 + number(0) + number(chroma) + ("0" if chroma == 3 else "")
    bits += number(0) + number(0) + "0" + "1" + lists(count, coded=coded)
    bits += number(0) + number(1) + "0" + number(3) + number(4) + number(2) + number(5) * 2
    bits += number(4) + "0" + number(40) + number(30)  # references, gaps, width, height
    bits += "1" + "1" + "1" + number(20) + number(0) * 3 + "0" + "1"
    assert cut(unit_of(bits)) == 20 * across


def test_a_scaling_list_that_ends_early_is_followed_by_the_next():
    """A change that leads to 0 says that the rest of the list is as its last value: 8 - 8."""
    ended = "1" + number(16)  # coded -8
    bits = f"{100:08b}" + "0" * 16 + number(0) + number(1) + number(0) + number(0) + "0"
    bits += "1" + ended * 8 + number(0) + number(2) + number(4) + "0" + number(40) + number(30)
    bits += "0" + "1" + "1" + "1" + number(0) * 2 + number(9) + number(0) + "0" + "1"
    assert cut(unit_of(bits)) == 9 * 4  # fields: two rows of two luma samples each


def test_what_breaks_off_cuts_nothing():
    _, unit = film((1920, 1080))
    for length in range(1, len(unit)):
        assert cut(unit[:length]) in {0, 8}
    assert cut(b"\x67" + bytes(40)) == 0


@pytest.mark.parametrize(("rows", "told"), [(30, False), (50, True)])
def test_a_crop_in_the_header_alone_is_told(tmp_path, rows, told):
    """FFmpeg's filter of bit streams writes the crop, as programs for lossless cutting do."""
    source, target = tmp_path / "a.mp4", tmp_path / "b.mp4"
    source.write_bytes(film((96, 128))[0])
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = given.streams.video[0]
        out = made.add_stream_from_template(stream)
        crop = av.bitstream.BitStreamFilterContext(f"h264_metadata=crop_bottom={rows}", stream, out)
        for packet in given.demux(stream):
            for changed in crop.filter(packet):
                changed.stream = out
                if changed.dts is not None:
                    made.mux(changed)
    with target.open("rb") as file:
        channels = {item.channel for item in scan_open_file(file)}
    assert ("cropped-pixels" in channels) == told
