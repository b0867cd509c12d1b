import errno
import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from saferedact import files
from saferedact.errors import DestinationError, InputError, RedactionError
from saferedact.files import atomic_output, same_file, sha256_file, sole_user

posix_permissions = pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="needs permissions that bind the user",
)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_output_appears_only_when_complete(tmp_path):
    destination = tmp_path / "out.png"
    with atomic_output(destination) as temporary:
        temporary.write_bytes(b"whole")
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".png"
        assert not destination.exists()
    assert destination.read_bytes() == b"whole"
    assert names(tmp_path) == ["out.png"]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), RedactionError("x")])
def test_nothing_is_left_behind_by_an_error(tmp_path, error):
    def fail_half_way():
        with atomic_output(tmp_path / "out.png") as temporary:
            temporary.write_bytes(b"half")
            raise error

    with pytest.raises(type(error)):
        fail_half_way()
    assert names(tmp_path) == []


def test_an_os_error_in_the_block_is_a_redaction_error_without_a_path(tmp_path):
    with (
        pytest.raises(RedactionError, match="No space left") as caught,
        atomic_output(tmp_path / "out.png"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path))
    assert str(tmp_path) not in str(caught.value)
    assert names(tmp_path) == []


def test_an_existing_destination_is_kept(tmp_path):
    destination = tmp_path / "out.png"
    destination.write_bytes(b"old")
    with pytest.raises(DestinationError, match="exists"), atomic_output(destination):
        pytest.fail("the block must not run")
    assert destination.read_bytes() == b"old"


def test_an_existing_destination_is_replaced_on_request(tmp_path):
    destination = tmp_path / "out.png"
    destination.write_bytes(b"old")
    with atomic_output(destination, overwrite=True) as temporary:
        temporary.write_bytes(b"new")
        assert destination.read_bytes() == b"old"
    assert destination.read_bytes() == b"new"


def test_overwriting_fails_as_a_whole(tmp_path):
    destination = tmp_path / "out.png"
    destination.write_bytes(b"old")
    with pytest.raises(ValueError, match="stop"), atomic_output(destination, overwrite=True):
        raise ValueError("stop")
    assert destination.read_bytes() == b"old"
    assert names(tmp_path) == ["out.png"]


def test_a_destination_that_appears_meanwhile_is_kept(tmp_path):
    destination = tmp_path / "out.png"

    def lose_the_race():
        with atomic_output(destination) as temporary:
            temporary.write_bytes(b"ours")
            destination.write_bytes(b"theirs")

    with pytest.raises(DestinationError, match="meanwhile"):
        lose_the_race()
    assert destination.read_bytes() == b"theirs"
    assert names(tmp_path) == ["out.png"]


def test_a_move_that_the_system_refuses_leaves_no_claimed_name(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RedactionError, match="Input/output"), atomic_output(tmp_path / "out.png"):
        pass
    assert names(tmp_path) == []


def test_an_os_error_without_a_reason_still_says_something(tmp_path):
    with pytest.raises(RedactionError, match="input/output"), atomic_output(tmp_path / "out.png"):
        raise OSError


def test_a_dangling_symlink_counts_as_existing(tmp_path):
    destination = tmp_path / "out.png"
    destination.symlink_to(tmp_path / "nowhere.png")
    with pytest.raises(DestinationError, match="exists"), atomic_output(destination):
        pytest.fail("the block must not run")
    assert names(tmp_path) == ["out.png"]


def test_overwriting_a_symlink_leaves_its_target_alone(tmp_path):
    original = tmp_path / "original.png"
    original.write_bytes(b"original")
    destination = tmp_path / "out.png"
    destination.symlink_to(original)
    with atomic_output(destination, overwrite=True) as temporary:
        temporary.write_bytes(b"new")
    assert original.read_bytes() == b"original"
    assert destination.read_bytes() == b"new"
    assert not destination.is_symlink()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_is_no_destination(tmp_path, overwrite):
    with (
        pytest.raises(DestinationError, match="folder"),
        atomic_output(tmp_path, overwrite=overwrite),
    ):
        pytest.fail("the block must not run")


def test_a_name_with_a_null_character(tmp_path):
    with (
        pytest.raises(DestinationError, match="null"),
        atomic_output(tmp_path / "a\0b.png"),
    ):
        pytest.fail("the block must not run")


def test_the_folder_must_exist(tmp_path):
    with (
        pytest.raises(DestinationError, match="does not exist"),
        atomic_output(tmp_path / "missing" / "out.png"),
    ):
        pytest.fail("the block must not run")


def test_a_name_that_the_system_refuses(tmp_path):
    with (
        pytest.raises(RedactionError, match="could not be written"),
        atomic_output(tmp_path / ("x" * 300 + ".png")) as temporary,
    ):
        temporary.write_bytes(b"whole")
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="files there have the rights of their folder")
@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o644)])
def test_who_may_read_an_output(tmp_path, exists, private, mode):
    destination = tmp_path / "names.json"
    if exists:
        destination.write_bytes(b"old")
        destination.chmod(0o644)
    before = os.umask(0o022)
    try:
        with atomic_output(destination, overwrite=exists, private=private) as temporary:
            temporary.write_bytes(b"whole")
            assert stat.S_IMODE(temporary.stat().st_mode) == mode  # while it is written, too
    finally:
        os.umask(before)
    assert stat.S_IMODE(destination.stat().st_mode) == mode


@posix_permissions
def test_a_read_only_folder(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(RedactionError), atomic_output(folder / "out.png"):
            pytest.fail("the block must not run")
    finally:
        folder.chmod(stat.S_IRWXU)
    assert names(folder) == []


def test_the_data_is_synchronized_before_the_name_exists(tmp_path, monkeypatch):
    destination = tmp_path / "out.png"
    seen = []
    monkeypatch.setattr(files, "_sync", lambda _: seen.append(destination.exists()))
    with atomic_output(destination):
        pass
    assert seen == [False]


def test_temporary_names_cannot_be_guessed(tmp_path):
    seen = set()
    for index in range(5):
        with atomic_output(tmp_path / f"{index}.png") as temporary:
            seen.add(temporary.name)
    assert len(seen) == 5


def test_sha256(tmp_path):
    path = tmp_path / "data"
    path.write_bytes(b"abc" * 100_000)
    assert sha256_file(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()


@pytest.mark.parametrize("name", ["missing", ".", "a\0b"])
def test_sha256_of_what_cannot_be_read(tmp_path, name):
    with pytest.raises(InputError, match="cannot be read") as caught:
        sha256_file(tmp_path / name)
    assert str(tmp_path) not in str(caught.value)


class TestSameFile:
    def test_one_file_under_many_names(self, tmp_path):
        original = tmp_path / "a.jpg"
        original.write_bytes(b"x")
        link, hard = tmp_path / "link.jpg", tmp_path / "hard.jpg"
        link.symlink_to(original)
        hard.hardlink_to(original)
        detour = tmp_path / "folder" / ".." / "a.jpg"
        (tmp_path / "folder").mkdir()
        for other in (original, link, hard, detour):
            assert same_file(original, other)
            assert same_file(other, original)

    def test_equal_content_is_not_the_same_file(self, tmp_path):
        for name in ("a", "b"):
            (tmp_path / name).write_bytes(b"x")
        assert not same_file(tmp_path / "a", tmp_path / "b")

    def test_a_missing_file_is_not_an_existing_one(self, tmp_path):
        (tmp_path / "a").write_bytes(b"x")
        assert not same_file(tmp_path / "a", tmp_path / "b")
        assert not same_file(tmp_path / "b", tmp_path / "a")

    def test_two_missing_files(self, tmp_path):
        (tmp_path / "folder").mkdir()
        detour = tmp_path / "folder" / ".." / "b"
        assert same_file(tmp_path / "b", detour)
        assert not same_file(tmp_path / "b", tmp_path / "c")


def enter(lock):
    with sole_user(lock):
        return sorted(entry.name for entry in lock.parent.iterdir())


def test_one_at_a_time_works_where_a_lock_is(tmp_path):
    lock = tmp_path / "lock"
    with sole_user(lock):
        for _ in range(2):  # whoever was kept out has not opened the door for others
            with pytest.raises(DestinationError, match="another run"):
                enter(lock)
    assert names(tmp_path) == []
    assert enter(lock) == ["lock"]
    assert names(tmp_path) == []


def test_a_lock_file_that_a_killed_process_left_keeps_nobody_out(tmp_path):
    lock = tmp_path / "lock"
    lock.touch()
    assert enter(lock) == ["lock"]
    with pytest.raises(FileNotFoundError):
        enter(tmp_path / "missing" / "lock")


def test_where_there_are_no_locks_nobody_is_kept_out(tmp_path, monkeypatch):
    module = "msvcrt" if sys.platform == "win32" else "fcntl"
    name = "locking" if sys.platform == "win32" else "flock"

    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(f"{module}.{name}", refuse)
    with sole_user(tmp_path / "lock"):
        assert enter(tmp_path / "lock") == ["lock"]
