"""Every example of the documentation runs, and shows what its page says."""

import textwrap
from pathlib import Path

import pytest
from tests.docs.examples import SYBIL

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def run_page(path):
    """Run all examples of a page; return how many there were."""
    document = SYBIL.parse(path)
    count = 0
    for example in document.examples():
        example.evaluate()
        count += 1
    return count


def page_id(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_examples_of_a_page(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAFEREDACT_OFFLINE", "1")
    run_page(path)


@pytest.mark.parametrize(
    "page",
    [
        """
        ```python
        >>> 1 + 1
        3
        ```
        """,
        """
        ```python
        raise ValueError
        ```
        """,
        """
        ```console
        $ saferedact policy list
        nothing
        ```
        """,
        """
        ```console
        $ saferedact policy show nobody
        ```
        """,
        """
        <!-- exit code: 1 -->
        ```console
        $ saferedact policy list
        ```
        """,
        """
        ```console
        unknown-command
        ```
        """,
        """
        ```toml
        key =
        ```
        """,
    ],
)
def test_a_wrong_example_is_found(page, tmp_path):
    path = tmp_path / "page.md"
    path.write_text(textwrap.dedent(page))
    with pytest.raises(Exception, match=r".*"):
        run_page(path)


def test_a_right_example_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "page.md"
    path.write_text(
        textwrap.dedent(
            """
            <!-- file: a.toml -->
            ```toml
            key = 1
            ```

            ```python
            >>> from pathlib import Path
            >>> Path("a.toml").read_text()
            'key = 1...'
            ```

            <!-- not run: it takes a day -->
            ```console
            $ unknown-command
            ```

            ```console
            $ saferedact policy list
            ...release...
            ```
            """
        )
    )
    assert run_page(path) == 4
