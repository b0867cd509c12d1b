"""Draw the pictures of docs/: ``python -m tools.pictures``. Needs the extra ``docs``, and the models.

Each picture is what an example of a page makes, so that page and picture cannot differ.
"""

import contextlib
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

PICTURES = {"how-to/video-with-a-name.md": {"sheet.png": "video-with-a-name.png"}}
"""Of each page, the files that its examples make, and what they are called in docs/images/."""


def main() -> None:
    """Run the examples of each page in a folder of its own, and keep its pictures."""
    from tests.docs.examples import SYBIL

    for page, names in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for example in SYBIL.parse(ROOT / "docs" / page).examples():
                example.evaluate()
            for made, name in names.items():
                shutil.copyfile(made, ROOT / "docs" / "images" / name)
                print(name)


if __name__ == "__main__":
    main()
