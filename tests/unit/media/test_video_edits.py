"""Edit lists: what they hide from players is not read, and is in no output."""

import struct

import av
import pytest

from saferedact.media.hidden_data import scan_hidden_data
from saferedact.media.video_read import open_video

FRAME = 512  # units of the track's clock from one frame to the next
COUNT = 12


def edited(path, clips, *, skip=0, show=COUNT):
    """Rewrite the edit list that FFmpeg writes where frames are reordered: one entry."""
    data = bytearray(clips("b-frames").read_bytes())
    at = data.index(b"elst") + 4
    version, count = data[at], int.from_bytes(data[at + 4 : at + 8], "big")
    assert (version, count) == (0, 1)
    duration, start, rate = struct.unpack_from(">IiI", data, at + 8)
    clock = duration * show // COUNT
    struct.pack_into(">IiI", data, at + 8, clock, start + skip * FRAME, rate)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("part", [(0, 12), (0, 5), (5, 7), (3, 4)])
def test_frames_that_are_hidden_stay_hidden(clips, seen, rewritten, tmp_path, part):
    skip, show = part
    whole = seen(clips("b-frames"))
    path = edited(tmp_path / "edited.mp4", clips, skip=skip, show=show)
    found = seen(path)
    assert [checksum for _, _, checksum, _ in found] == [
        checksum for _, _, checksum, _ in whole[skip : skip + show]
    ]
    assert [time for _, time, _, _ in found] == [time for _, time, _, _ in whole[:show]]
    with open_video(path) as source:
        list(source.frames())
        assert not source.damage.is_damaged  # the container announces the hidden ones, too
    output = rewritten(path)
    assert [frame[:2] for frame in seen(output)] == [frame[:2] for frame in found]
    with av.open(str(output), options={"ignore_editlist": "1"}) as container:
        assert sum(packet.size > 0 for packet in container.demux(video=0)) == show
    assert scan_hidden_data(output) == ()
    hides = part != (0, COUNT)
    assert ("cropped-pixels" in {item.channel for item in scan_hidden_data(path)}) == hides
