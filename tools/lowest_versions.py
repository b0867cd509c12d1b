"""Print the lowest version of each dependency that pyproject.toml allows, as constraints for pip.

    python tools/lowest_versions.py > lowest.txt
    python -m pip install --constraint lowest.txt -e ".[test]" && python -m pytest

What dependencies depend on is left to pip.
"""

import re
import sys
import tomllib
from pathlib import Path

_BOUND = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?>=([0-9.]+)")


def lowest(pyproject: str) -> list[str]:
    """List the constraints, sorted."""
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["office"], *extras["demo"], *extras["test"]]
    found = (_BOUND.match(item) for item in wanted)
    # "==14" alone would mean 14.0.0 exactly, which was not always published.
    return sorted(f"{match[1]}=={match[2]}.*" for match in found if match)


if __name__ == "__main__":
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    sys.stdout.write("\n".join(lowest(text)) + "\n")
