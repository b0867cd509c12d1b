"""Strings below an object of a PDF, within bounds: objects refer to each other in circles."""

from collections.abc import Iterator
from typing import Any

__all__ = ["Strings"]

_MOST_OBJECTS = 200_000
"""Objects that all looks at one file visit together: outlines of the longest books have 20,000."""

_SKIPPED = frozenset(
    "/Parent /P /Pg /Prev /Last /Dest /D /Type /Subtype /S /A /F /Font /Resources /Group".split()
)
"""Keys that lead up, back, or to pages, and names that are no text."""

_UP = frozenset(["/Parent", "/P"])


class Strings:
    """Collects strings; the bound holds for all calls together.

    Attributes
    ----------
    ended : bool
        Whether the bound was reached: there may be more.
    """

    def __init__(self) -> None:
        self._left = _MOST_OBJECTS
        self.ended = False

    def may_visit(self) -> bool:
        """Count one more object, and tell whether it is within the bound."""
        self._left -= 1
        self.ended = self.ended or self._left < 0
        return not self.ended

    def of(self, value: Any) -> str:
        """Return the text of a string object, or of a stream of text; else nothing."""
        import pikepdf

        if isinstance(value, pikepdf.String):
            return str(value)
        return ""

    def below(self, value: Any) -> str:
        """Return all strings below an object, in one text."""
        return " ".join(self._each(value, None, frozenset()))

    def each(self, value: Any, *, keys: frozenset[str] | None = None) -> Iterator[str]:
        """Yield the strings below an object one by one, of some keys only if they are given."""
        yield from self._each(value, keys, _SKIPPED)

    def _each(
        self, value: Any, keys: frozenset[str] | None, skipped: frozenset[str]
    ) -> Iterator[str]:
        import pikepdf

        seen: set[tuple[int, int]] = set()
        pending: list[tuple[Any, bool]] = [(value, keys is None)]
        while pending and self.may_visit():
            node, wanted = pending.pop()
            if isinstance(node, pikepdf.String):
                text = str(node).strip()
                if wanted and text:
                    yield text
            elif self._is_new(node, seen):
                pending += [
                    (item, wanted if key is None else keys is None or key in keys)
                    for key, item in _below(node, skipped)
                ]

    @staticmethod
    def _is_new(node: Any, seen: set[tuple[int, int]]) -> bool:
        import pikepdf

        if not isinstance(node, pikepdf.Object) or not node.is_indirect:
            return True
        if node.objgen in seen:
            return False
        seen.add(node.objgen)
        return True


def _below(node: Any, skipped: frozenset[str]) -> list[tuple[str | None, Any]]:
    """Return what an array or dictionary holds, last first; nothing of a page."""
    import pikepdf

    if isinstance(node, pikepdf.Array):
        return [(None, item) for item in reversed(list(node))]
    if not isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        return []
    if str(node.get("/Type")) == "/Page":
        return []
    return [
        (key, item)
        for key, item in reversed(list(node.items()))
        if isinstance(item, pikepdf.String) or key not in skipped | _UP
    ]
