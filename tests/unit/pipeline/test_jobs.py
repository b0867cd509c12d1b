import os
from pathlib import Path

import pytest

from saferedact.errors import DestinationError, InputError
from saferedact.pipeline.jobs import Skipped, plan_jobs

LINKS = pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names):
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def pairs(sources, destination="out"):
    """Sources and destinations as text with forward slashes; nothing may be skipped."""
    jobs, skipped = plan_jobs(sources, destination)
    assert skipped == []
    return [(job.source.as_posix(), job.destination.as_posix()) for job in jobs]


@pytest.mark.usefixtures("here")
class TestOneFile:
    def test_to_a_file(self):
        make("a.png")
        assert pairs(["a.png"], "b.jpg") == [("a.png", "b.jpg")]

    def test_to_a_folder_that_exists(self):
        make("a.png")
        Path("out").mkdir()
        assert pairs(["a.png"]) == [("a.png", "out/a.png")]

    @pytest.mark.parametrize("end", sorted({"/", os.sep}))
    def test_to_a_folder_by_its_spelling(self, end):
        make("a.png")
        assert pairs(["a.png"], "out" + end) == [("a.png", "out/a.png")]

    def test_that_is_not_there(self):
        with pytest.raises(InputError) as caught:
            plan_jobs(["jane-doe.png"], "out")
        assert "jane" not in str(caught.value)

    @LINKS
    def test_a_broken_link_is_a_job_that_will_fail_loudly(self):
        Path("a.png").symlink_to("nowhere")
        assert pairs(["a.png"], "b.png") == [("a.png", "b.png")]


@pytest.mark.usefixtures("here")
class TestFolders:
    def test_one_keeps_its_structure(self):
        make("in/a.png", "in/2/b.png", "in/2/3/a.png")
        assert pairs(["in"]) == [
            ("in/a.png", "out/a.png"),
            ("in/2/b.png", "out/2/b.png"),
            ("in/2/3/a.png", "out/2/3/a.png"),
        ]

    def test_several_keep_their_names_too(self):
        make("in/a.png", "more/a.png", "c.png")
        assert pairs(["in", "more/", "c.png"]) == [
            ("in/a.png", "out/in/a.png"),
            ("more/a.png", "out/more/a.png"),
            ("c.png", "out/c.png"),
        ]

    def test_the_order_does_not_depend_on_the_file_system(self):
        make(*[f"in/{letter}/{number}.png" for letter in "zax" for number in (10, 9, 1)])
        found = [source for source, _ in pairs(["in"])]
        assert found == sorted(found)

    def test_an_empty_one_has_no_jobs(self):
        Path("in").mkdir()
        assert pairs(["in"]) == []

    def test_the_current_one(self):
        make("a.png", "in/b.png")
        assert pairs([".", "in"], "/elsewhere/out")[0][1].endswith(f"{Path.cwd().name}/a.png")

    def test_names_with_unicode_and_spaces(self):
        names = ["in/é è.png", "in/警察 写真.jpg", "in/ .gif", "in/-o.png", "in/%20.png"]
        make(*names)
        assert {source for source, _ in pairs(["in"])} == set(names)

    def test_files_of_the_system_are_skipped_and_said(self):
        make("in/Thumbs.db", "in/.DS_Store", "in/._a.png", "in/desktop.ini", "in/a.png")
        jobs, skipped = plan_jobs(["in"], "out")
        assert [job.name for job in jobs] == ["a.png"]
        system = {"._a.png", ".DS_Store", "Thumbs.db", "desktop.ini"}
        assert {item.name for item in skipped} == system
        assert not any(item.is_error for item in skipped)

    def test_other_hidden_files_are_not_dropped(self):
        make("in/.evidence.png")
        assert pairs(["in"]) == [("in/.evidence.png", "out/.evidence.png")]

    def test_no_file_is_passed_over(self):
        """What is no picture is a job too: it fails loudly."""
        make("in/readme.txt", "in/noext")
        assert len(pairs(["in"])) == 2


@pytest.mark.usefixtures("here")
class TestLinks:
    @LINKS
    def test_a_loop_ends_and_is_said(self):
        make("in/2/a.png")
        Path("in/2/loop").symlink_to("..", target_is_directory=True)
        jobs, skipped = plan_jobs(["in"], "out")
        assert [job.name for job in jobs] == ["2/a.png"]
        assert skipped == [Skipped("2/loop", "a link to a folder")]

    @LINKS
    def test_a_link_to_a_file_is_taken(self):
        make("in/a.png", "b.png")
        Path("in/link.png").symlink_to("../b.png")
        assert [source for source, _ in pairs(["in"])] == ["in/a.png", "in/link.png"]

    @LINKS
    def test_a_folder_that_was_asked_for_through_a_link(self):
        make("real/a.png")
        Path("in").symlink_to("real", target_is_directory=True)
        assert pairs(["in"]) == [("in/a.png", "out/a.png")]


@pytest.mark.usefixtures("here")
class TestUnreadableFolders:
    def test_they_are_errors_and_the_others_are_done(self, monkeypatch):
        make("in/1/a.png", "in/2/b.png", "in/3/c.png")
        real = os.scandir

        def scandir(path):
            if Path(path).name == "2":
                raise PermissionError(13, "Permission denied", os.fspath(path))
            return real(path)

        monkeypatch.setattr(os, "scandir", scandir)
        jobs, skipped = plan_jobs(["in"], "out")
        assert [job.name for job in jobs] == ["1/a.png", "3/c.png"]
        assert skipped == [Skipped("2", "the folder cannot be read", is_error=True)]

    def test_the_outermost_too(self, monkeypatch):
        make("in/a.png")

        def scandir(path):
            raise PermissionError(13, "Permission denied", os.fspath(path))

        monkeypatch.setattr(os, "scandir", scandir)
        jobs, skipped = plan_jobs(["in"], "out")
        assert jobs == []
        assert [item.is_error for item in skipped] == [True]


@pytest.mark.usefixtures("here")
class TestPatterns:
    def test_a_star(self):
        make("in/a.png", "in/b.png", "in/c.jpg")
        assert pairs(["in/*.png"]) == [("in/a.png", "out/a.png"), ("in/b.png", "out/b.png")]

    def test_two_stars_and_a_suffix(self):
        make("in/a.png", "in/2/b.png", "in/2/3/c.png", "in/2/d.jpg")
        assert [source for source, _ in pairs(["in/**/*.png"])] == [
            "in/2/3/c.png",
            "in/2/b.png",
            "in/a.png",
        ]

    @pytest.mark.parametrize("pattern", ["in/**", "i*", "**"])
    def test_a_file_is_one_job_however_often_the_pattern_meets_it(self, pattern):
        make("in/a.png", "in/2/b.png", "in/2/3/c.png")
        found = [source for source, _ in pairs([pattern], "elsewhere/")]
        assert sorted(found) == ["in/2/3/c.png", "in/2/b.png", "in/a.png"]

    def test_that_matches_nothing(self):
        make("a.jpg")
        with pytest.raises(InputError, match="pattern"):
            plan_jobs(["*.png"], "out")

    def test_a_file_named_like_a_pattern_is_that_file(self):
        make("a[1].png", "a1.png")
        assert pairs(["a[1].png"], "out/") == [("a[1].png", "out/a[1].png")]

    def test_a_folder_named_like_a_pattern(self):
        make("in[ab]/x.png", "ina/y.png")
        assert pairs(["in[ab]"]) == [("in[ab]/x.png", "out/x.png")]


@pytest.mark.usefixtures("here")
class TestDestinations:
    def test_inside_of_the_source_folder_is_left_out(self):
        make("in/a.png", "in/2/b.png", "in/2/out/old.png")
        jobs, skipped = plan_jobs(["in"], "in/2/out")
        assert [job.name for job in jobs] == ["a.png", "2/b.png"]
        assert skipped == [Skipped("2/out", "the destination itself")]

    def test_two_sources_to_one_place(self):
        make("in/a.png", "more/a.png")
        with pytest.raises(DestinationError, match="two sources"):
            plan_jobs(["in/a.png", "more/a.png"], "out/")

    def test_one_source_twice(self):
        make("a.png")
        with pytest.raises(DestinationError, match="two sources"):
            plan_jobs(["a.png", "a.png"], "out/")

    def test_never_on_another_source(self):
        """in/in/a.png would be written over in/a.png, an original, if overwriting is allowed."""
        make("in/a.png", "in/in/a.png")
        with pytest.raises(DestinationError, match="written over another"):
            plan_jobs(["in"], ".")

    @LINKS
    def test_never_on_another_source_through_a_link(self):
        make("in/a.png", "in/in/a.png")
        Path("link").symlink_to(".", target_is_directory=True)
        with pytest.raises(DestinationError, match="written over another"):
            plan_jobs(["in"], "link")

    def test_the_source_folder_itself_is_left_to_the_job_to_refuse(self):
        make("in/a.png")
        assert pairs(["in"], "in") == [("in/a.png", "in/a.png")]
