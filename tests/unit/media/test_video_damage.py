"""Damaged clips: what is wrong is counted, marked, and the same in each pass."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import av
import pytest

from saferedact.media.video_damage import DamageWatch
from saferedact.media.video_frame import VideoFrame
from saferedact.media.video_read import open_video
from saferedact.testing.videos import CLIPS, flip_bits


def watch_of(depth, types, *, corrupt=(), refused=(), packets=()):
    """Pass frames by, 'i' keyframes and 'p' others; ordinals of the suspect ones."""
    watch = DamageWatch(depth)
    out = []
    for index, kind in enumerate(types):
        native = SimpleNamespace(
            interlaced_frame=False,
            key_frame=kind != "p",
            is_corrupt=index in corrupt,
            dts=index,
            pict_type=2 if kind in "pr" else 1,
        )
        if index in packets:
            watch.damaged_packet(index)
        if index in refused:
            watch.refused()
        out += watch.pass_on(VideoFrame(native, index, index, Fraction(1)))
    out += watch.rest()
    assert [frame.index for frame in out] == list(range(len(types)))
    assert [frame.index for frame in out if frame.suspect] == watch.suspect
    assert watch.found == bool(corrupt or refused or packets)
    return watch.suspect


@pytest.mark.parametrize(
    ("depth", "types", "signs", "suspect"),
    [
        (0, "", {}, []),
        (0, "ippp", {}, []),
        (0, "ippip", {"corrupt": {1}}, [1, 2]),
        (0, "ippip", {"corrupt": {3}}, [3, 4]),
        (0, "ippip", {"refused": {2}}, [2]),
        (2, "ipppip", {"corrupt": {3}}, [1, 2, 3]),
        (2, "ipppipppip", {"refused": {5}}, [3, 4, 5, 6, 7]),
        (0, "iprpip", {"corrupt": {1}}, [1, 2, 3]),  # gradual refresh is no fresh start
        (0, "ippip", {"packets": {1}}, [1, 2]),
        (1, "ipppippip", {"packets": {4}}, [3, 4, 5, 6]),
    ],
)
def test_marks(depth, types, signs, suspect):
    assert watch_of(depth, types, **signs) == suspect


def _written(tmp_path, data, suffix=".mp4"):
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(data)
    return path


def _passes(path):
    with open_video(path) as source:
        found = [
            [(frame.index, frame.pts, frame.checksum(), frame.suspect) for frame in source.frames()]
            for _ in range(2)
        ]
        return found, source.damage


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
@pytest.mark.parametrize("every", [3000, 500])
def test_flipped_bits_are_noticed_in_each_pass(tmp_path, long_clip, seen, suffix, every):
    whole = long_clip(suffix)
    sound = {time: checksum for _, time, checksum, _ in seen(whole)}
    path = _written(tmp_path, flip_bits(whole.read_bytes(), every=every, start=5000), suffix)
    with open_video(path) as source:
        time_base = source.info.time_base
    passes, damage = _passes(path)
    first, second = ([(index, pts, suspect) for index, pts, _, suspect in one] for one in passes)
    assert first == second
    assert damage.is_damaged
    assert damage.suspect.tolist() == [index for index, _, suspect in first if suspect]
    changed = {
        index
        for one in passes
        for index, pts, checksum, _ in one
        if sound.get(pts * time_base) != checksum
    }
    # A flipped bit that decodes to other pictures without an error is seen by nobody; such pictures
    # may differ between passes, for what they are predicted from is what memory happened to hold.
    unnoticed = changed - set(damage.suspect.tolist())
    assert len(unnoticed) <= 0.3 * len(changed)


def test_flipped_bits_of_old_codings_are_noticed(tmp_path, clips, seen):
    """Their decoders only look whether a picture ends where its data do if they are told to."""
    path = clips(replace(CLIPS["wmv"], pts=tuple(range(40)), size_wh=(160, 96)))
    data = path.read_bytes()
    sound = {time: checksum for _, time, checksum, _ in seen(path)}
    changed = noticed = 0
    for number in range(10):
        damaged = bytearray(data)
        damaged[len(data) * (number + 5) // 20] ^= 4
        found = seen(_written(tmp_path, damaged, ".wmv"))
        if any(sound.get(time) != checksum for _, time, checksum, _ in found):
            changed += 1
            noticed += any(suspect for *_, suspect in found)
    assert changed >= 5
    assert noticed >= 2  # without, one alone


def test_frames_that_av1_leaves_out_after_an_error_are_missing(tmp_path, clips):
    path = clips(replace(CLIPS["av1"], pts=tuple(range(0, 40 * 512, 512))))
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(path.read_bytes())
    at, size = places[20]
    data[at : at + size] = b"\xff" * size
    (frames, _), damage = _passes(_written(tmp_path, data))
    assert len(frames) < 40
    assert damage.missing_frames == 40 - len(frames)


def test_suspicion_ends_with_the_group_of_pictures(tmp_path, long_clip):
    """A unit that claims to be longer than its sample: every decoder, on every machine, sees that."""
    whole = long_clip()
    with av.open(str(whole)) as container:
        places = [packet.pos for packet in container.demux(video=0) if packet.size]
    data = bytearray(whole.read_bytes())
    data[places[40] : places[40] + 4] = b"\x7f\xff\xff\xff"
    (first, _), damage = _passes(_written(tmp_path, data))
    suspect = [(index, pts // 512) for index, pts, _, suspect in first if suspect]
    assert [index for index, _ in suspect] == damage.suspect.tolist()
    assert suspect
    ordinals = damage.suspect.tolist()
    assert ordinals == list(range(ordinals[0], ordinals[-1] + 1))
    assert suspect[-1][1] % 30 == 29  # the last before a keyframe
    assert len(first) >= 88


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_file_cut_short_is_noticed(tmp_path, long_clip, suffix, share):
    data = long_clip(suffix).read_bytes()
    (frames, _), damage = _passes(_written(tmp_path, data[: int(share * len(data))], suffix))
    assert 0 < len(frames) < 90
    assert damage.truncated
    assert damage.is_damaged
    assert abs(damage.missing_frames - (90 - len(frames))) <= (0 if suffix == ".mp4" else 3)


def test_an_avi_cut_short_is_noticed(tmp_path, clips):
    data = clips("avi").read_bytes()
    at = data.index(b"movi") + (data.index(b"idx1") - data.index(b"movi")) // 2
    (frames, _), damage = _passes(_written(tmp_path, data[:at], ".avi"))
    assert damage.truncated
    assert damage.missing_frames == 20 - len(frames)


def test_lost_packets_of_a_transport_stream_are_noticed(tmp_path, long_clip):
    data = long_clip(".ts").read_bytes()
    packets = [data[at : at + 188] for at in range(0, len(data), 188)]
    middle = len(packets) // 2
    lossy = b"".join(packets[:middle] + packets[middle + 3 :])
    passes, damage = _passes(_written(tmp_path, lossy, ".ts"))
    first, second = (
        # What is suspect is covered whole, so what its pictures show is nobody's concern.
        [(index, pts, suspect or checksum) for index, pts, checksum, suspect in one]
        for one in passes
    )
    assert first == second
    assert damage.suspect.size > 0


def test_a_sound_clip_is_not_damaged(long_clip):
    (first, second), damage = _passes(long_clip())
    assert first == second
    assert not damage.is_damaged


def test_damage_of_a_part_says_nothing_of_what_is_behind(long_clip, tmp_path):
    data = long_clip().read_bytes()
    with open_video(_written(tmp_path, data[: int(0.6 * len(data))])) as source:
        assert len(list(source.frames(0, 5))) == 5
        assert not source.damage.is_damaged


def test_missing_and_equal_times_are_repaired_and_counted(tmp_path):
    from saferedact.testing.videos import write_clip

    path = tmp_path / "raw.h264"
    clip = replace(CLIPS["plain"], suffix=".h264")
    write_clip(path, clip)
    with open_video(path) as source:
        times = [frame.pts for frame in source.frames()]
        assert len(times) == 12
        assert times == sorted(set(times))
