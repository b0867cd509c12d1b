"""``python -m tools.reference`` writes the generated parts of docs/ anew; ``--check`` only looks."""

import sys
from pathlib import Path

from tools.reference.blocks import fill

DOCS = Path(__file__).parents[2] / "docs"


def main(arguments: list[str]) -> int:
    """Write what is stale, or say so.

    Returns
    -------
    int
        Exit code: 1 if something is stale and was not to be written.
    """
    stale = 0
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        filled = fill(text)
        if filled == text:
            continue
        print(path.relative_to(DOCS).as_posix())
        if "--check" in arguments:
            stale = 1
        else:
            path.write_text(filled, encoding="utf-8", newline="\n")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
