"""What several of these tests share."""

import pytest

_POLICY = """
schema = "saferedact.policy/1"
name = "plates-only"
undecided = "redact"
[labels.plate]
operator = "solid"
min_score = 0.5
review_below = 0.5
"""


@pytest.fixture
def policy(tmp_path):
    """A policy file that looks for nothing a detector of this version finds, so no model is needed."""
    path = tmp_path / "policy.toml"
    path.write_text(_POLICY)
    return path
