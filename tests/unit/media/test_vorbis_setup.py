"""Comments of Vorbis sound stand in its setup, which is kept beside the packets."""

import struct

import av
import numpy as np
import pytest

from saferedact.errors import UnsupportedFormatError
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.video_read import open_video
from saferedact.media.video_write import VideoWriter
from saferedact.media.vorbis_setup import without_comments
from saferedact.testing.videos import write_sound

ARTIST = b"ARTIST=Harriet Osgathorp"
COMMENTS = struct.pack("<II", 0, 1) + struct.pack("<I", len(ARTIST)) + ARTIST + b"\x01"


def laced(*headers):
    sizes = [b"\xff" * (len(part) // 255) + bytes([len(part) % 255]) for part in headers[:2]]
    return b"\x02" + b"".join(sizes) + b"".join(headers)


@pytest.mark.parametrize("length", [23, 248, 503, 600])  # 255 and 510 with its name
def test_the_other_headers_stay(length):
    first, last = b"\x01vorbis" + bytes(length), b"\x05vorbis" + b"codes" * 99
    got = without_comments(laced(first, b"\x03vorbis" + COMMENTS, last))
    assert got == laced(first, b"\x03vorbis" + bytes(8) + b"\x01", last)
    assert without_comments(got) == got


@pytest.mark.parametrize(
    "setup",
    [b"", b"\x02", b"\x02\xff", b"\x02\x07\x07\x01vorbis\x03vorbis", b"\x01" + bytes(30)],
)
def test_anything_else_is_refused(setup):
    with pytest.raises(UnsupportedFormatError, match="setup"):
        without_comments(setup)


def test_kept_sound_loses_its_comments(tmp_path):
    sound, source, target = tmp_path / "a.ogg", tmp_path / "a.mkv", tmp_path / "b.mkv"
    with av.open(str(sound), "w") as out:
        stream = out.add_stream("vorbis", rate=48_000, layout="stereo")
        stream.codec_context.options = {"strict": "experimental"}
        write_sound(out, stream, 0.3)
    with av.open(str(sound)) as heard, av.open(str(source), "w") as out:
        (template,) = heard.streams.audio
        pictures = out.add_stream("libx264", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 96, 64, "yuv420p"
        copied = out.add_stream_from_template(template, opaque=True)
        bare = without_comments(bytes(template.codec_context.extradata))
        first, last = bare.split(b"\x03vorbis" + bytes(8) + b"\x01")
        copied.codec_context.extradata = laced(first[3:], b"\x03vorbis" + COMMENTS, last)
        for level in range(8):
            frame = av.VideoFrame.from_ndarray(np.full((64, 96, 3), 20 * level, np.uint8))
            out.mux(pictures.encode(frame))
        out.mux(pictures.encode(None))
        for packet in heard.demux(template):
            if packet.dts is not None:
                packet.stream = copied
                out.mux(packet)
    assert ARTIST in source.read_bytes()
    assert "text" in [item.channel for item in scan_hidden_data(source)]
    with (
        open_video(source) as video,
        VideoWriter(target, video.info, audio="keep", source=source) as writer,
    ):
        for frame in video.frames():
            writer.write(frame)
    assert ARTIST not in target.read_bytes()
    assert scan_hidden_data(target) == ()
    with av.open(str(target)) as out:
        assert len(list(out.decode(audio=0))) > 3
