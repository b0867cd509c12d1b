import multiprocessing
import os
import pickle
import signal
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from saferedact.errors import EXIT_BUG, LimitExceededError
from saferedact.pipeline import batch, processes
from saferedact.pipeline.batch import Failure, redact_many
from saferedact.pipeline.jobs import Job
from saferedact.pipeline.redact import Redaction
from saferedact.policy import Policy, load_policy
from saferedact.testing.detectors import PlantedDetector, plant, write_pictures
from saferedact.testing.images import sample_pixels

BAD = 2  # number of the job whose source is no picture


def plates_only():
    """No built-in detector looks for plates, so workers need no model."""
    release = load_policy("release")
    tree = release.model_dump(mode="json", by_alias=True)
    tree["labels"] = {"plate": tree["labels"]["plate"]}
    return Policy.model_validate(tree)


@pytest.fixture
def jobs(tmp_path):
    (tmp_path / "in").mkdir()
    made = []
    for number in range(5):
        source = tmp_path / "in" / f"{number}.png"
        write_pictures(source, sample_pixels((40, 30), seed=number))
        made.append(Job(source.name, source, tmp_path / "out" / "deep" / source.name))
    made[BAD].source.write_bytes(b"not a picture")
    return made


@dataclass(frozen=True)
class Deadly:
    """A job that ends the process in which it is unpickled."""

    name: str
    source: Path
    destination: Path

    def __reduce__(self):
        return os._exit, (3,)


class DiesOnce:
    """A job whose worker dies right after its file appeared, and does its work the next time."""

    def __init__(self, job):
        self.name, self.source, self.destination = job.name, job.source, job.destination

    def __reduce__(self):
        source, destination = str(self.source), str(self.destination)
        made = f"""(
            __import__("saferedact.pipeline.jobs", fromlist=["Job"]).Job(
                {self.name!r}, path({source!r}), path({destination!r})
            )
            if path({destination!r}).exists()
            else (path({destination!r}).write_bytes(b"made"), __import__("os")._exit(3))
        )"""
        return eval, (f'(lambda path: {made})(__import__("pathlib").Path)',)


def results(jobs, **options):
    outcomes = list(redact_many(jobs, policy=plates_only(), **options))
    assert sorted(outcome.job.name for outcome in outcomes) == sorted(job.name for job in jobs)
    return {outcome.job.name: outcome.result for outcome in outcomes}


def no_workers_left():
    return not multiprocessing.active_children()


class TestOneAfterTheOther:
    def test_a_bad_file_stops_no_other(self, jobs):
        found = results(jobs)
        failure = found.pop("2.png")
        assert isinstance(failure, Failure)
        assert (failure.code, failure.exit_code) == ("unsupported-format", 2)
        assert all(isinstance(result, Redaction) for result in found.values())
        made = sorted(path.name for path in jobs[0].destination.parent.iterdir())
        assert made == ["0.png", "1.png", "3.png", "4.png"]

    def test_an_existing_destination(self, jobs):
        results(jobs)
        again = results(jobs)
        assert {result.code for result in again.values()} == {"destination", "unsupported-format"}
        assert isinstance(results(jobs, overwrite=True)["0.png"], Redaction)

    def test_a_folder_that_cannot_be_made(self, jobs, tmp_path):
        (tmp_path / "out").write_bytes(b"a file")
        found = results(jobs[:2])
        assert {result.code for result in found.values()} == {"redaction"}
        assert not any(str(tmp_path) in result.message for result in found.values())

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (ZeroDivisionError("Jane Doe"), ("bug", EXIT_BUG)),
            (MemoryError(), ("limit-exceeded", LimitExceededError.exit_code)),
        ],
    )
    def test_a_bug_is_said_without_its_words(self, monkeypatch, jobs, error, expected):
        def broken(source, destination, **options):
            if source.name == "1.png":
                raise error
            return real(source, destination, **options)

        real = batch.redact_with_plan
        monkeypatch.setattr(batch, "redact_with_plan", broken)
        found = results(jobs)
        assert (found["1.png"].code, found["1.png"].exit_code) == expected
        assert "Jane" not in found["1.png"].message
        assert isinstance(found["3.png"], Redaction)

    def test_ctrl_c_stops_at_once(self, monkeypatch, jobs):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr(batch, "redact_with_plan", interrupted)
        with pytest.raises(KeyboardInterrupt):
            list(redact_many(jobs, policy=plates_only()))

    def test_detectors_are_made_once_for_all_files(self, monkeypatch, jobs):
        made = []

        def resolve(_names, _policy, *, case, threads):
            assert case is None
            made.append(threads)
            return [PlantedDetector(label="plate")]

        monkeypatch.setattr(batch, "resolve_detectors", resolve)
        monkeypatch.setattr(batch, "_cache", {})
        pixels = sample_pixels()
        plant(pixels, [(20, 16, 44, 40)])
        write_pictures(jobs[BAD].source, pixels)
        found = results(jobs)
        assert made == [None]
        assert len(found["2.png"].plan.regions) == 1

    def test_no_jobs(self):
        assert results([]) == {}
        assert results([], workers=2) == {}


class TestSideBySide:
    def test_two_workers_make_what_one_makes(self, jobs):
        alone = results(jobs)
        bytes_alone = {
            path.name: path.read_bytes() for path in jobs[0].destination.parent.iterdir()
        }
        together = results(jobs, workers=2, overwrite=True)
        bytes_together = {
            path.name: path.read_bytes() for path in jobs[0].destination.parent.iterdir()
        }
        assert together == alone
        assert bytes_together == bytes_alone
        assert no_workers_left()

    @pytest.mark.parametrize("place", [0, 4])
    def test_a_worker_that_dies_is_an_error_for_its_file_alone(self, jobs, place):
        write_pictures(jobs[BAD].source, sample_pixels((40, 30), seed=BAD))
        deadly = Deadly("deadly", jobs[0].source, jobs[0].destination.with_name("deadly.png"))
        jobs.insert(place, deadly)
        found = results(jobs, workers=2)
        failure = found.pop("deadly")
        assert failure.code == "redaction"
        assert "died" in failure.message
        assert {name: type(result) for name, result in found.items()} == dict.fromkeys(
            found, Redaction
        )
        assert len(list(jobs[1 if place == 0 else 0].destination.parent.iterdir())) == 5
        assert no_workers_left()

    def test_a_file_whose_worker_died_after_making_it_is_made_again(self, jobs):
        jobs[0].destination.parent.mkdir(parents=True)
        jobs = [DiesOnce(jobs[0]), jobs[1]]
        found = results(jobs, workers=2)
        assert isinstance(found["0.png"], Redaction)
        assert jobs[0].destination.read_bytes() != b"made"

    def test_an_earlier_file_stays_when_its_worker_dies(self, jobs):
        jobs[0].destination.parent.mkdir(parents=True)
        jobs[0].destination.write_bytes(b"earlier")
        found = results([DiesOnce(jobs[0]), jobs[1]], workers=2)
        assert found["0.png"].code == "destination"
        assert jobs[0].destination.read_bytes() == b"earlier"

    @pytest.mark.parametrize("leave", ["throw", "close"])
    def test_leaving_early_leaves_no_worker(self, jobs, leave):
        outcomes = redact_many(jobs, policy=plates_only(), workers=2)
        next(outcomes)
        if leave == "close":
            outcomes.close()
        else:
            with pytest.raises(KeyboardInterrupt):
                outcomes.throw(KeyboardInterrupt)
        assert no_workers_left()
        folder = jobs[0].destination.parent
        assert not list(folder.glob(".saferedact-*"))

    def test_a_worker_that_is_told_to_end_cleans_up_first(self, monkeypatch, jobs):
        """In this process: the signal arrives while a file is written."""

        class Ended(BaseException):
            pass

        def leave(code):
            raise Ended(code)

        def told(*_):
            assert list(jobs[0].destination.parent.glob(".saferedact-*"))
            signal.raise_signal(signal.SIGTERM)

        before = signal.getsignal(signal.SIGTERM)
        # What the pipeline asks of pictures is looked up when it is needed.
        monkeypatch.setattr(import_module("saferedact.pipeline.image"), "carry_out", told)
        monkeypatch.setattr(os, "_exit", leave)
        try:
            processes.leave_when_told()
            with pytest.raises(Ended):
                batch._in_worker(jobs[0], plates_only(), None, overwrite=False, threads=1)
        finally:
            signal.signal(signal.SIGTERM, before)
        assert list(jobs[0].destination.parent.iterdir()) == []

    def test_results_survive_the_way_between_processes(self, jobs):
        for result in results(jobs).values():
            assert pickle.loads(pickle.dumps(result)) == result
