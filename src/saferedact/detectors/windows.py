"""Windows over a long text, so that a model sees a bounded piece at a time."""

from collections.abc import Iterator

__all__ = ["windows"]


def windows(text: str, *, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Divide a text into overlapping stretches that break between words where they can.

    Parameters
    ----------
    text : str
        Any text.
    size : int
        Most code points of a window.
    overlap : int
        Code points that a window shares with the one before, at least; less than a third of `size`.

    Yields
    ------
    (int, int)
        Stretches in order, half-open. Together they cover the text; a text of up to `size` code
        points is one window, an empty one none.
    """
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text):
            end = _break(text, start + size - size // 4, end)
        yield start, end
        if end == len(text):
            break
        start = _break(text, end - overlap - overlap // 2, end - overlap)


def _break(text: str, low: int, high: int) -> int:
    """Return a position in [low, high] after a line's end, else after a blank, else `high`."""
    for mark in ("\n", " "):
        found = text.rfind(mark, low, high)
        if found >= 0:
            return found + 1
    return high
