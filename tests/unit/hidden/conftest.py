"""Files with one thing hidden, and a look into them without another process."""

import pytest

from saferedact.checks.traces import JUDGED_BY
from saferedact.limits import DEFAULT_LIMITS
from saferedact.pipeline.inspection.look_into import look_into


@pytest.fixture
def look(tmp_path):
    """Write bytes to a file and look into it."""

    def run(data, name="file.bin", limits=DEFAULT_LIMITS):
        path = tmp_path / name
        path.write_bytes(data)
        return look_into(path, limits)

    return run


@pytest.fixture
def levels():
    """The levels that the traces of an inspection come to."""

    def run(inspection):
        return {JUDGED_BY[trace.channel].level for trace in inspection.traces}

    return run
