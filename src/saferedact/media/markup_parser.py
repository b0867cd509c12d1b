"""A parser of markup that neither raises nor takes much longer than the markup is long."""

from html import unescape
from html.parser import HTMLParser

__all__ = ["MarkupParser"]


class MarkupParser(HTMLParser):
    """Python's own parser, for markup of strangers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._has_endless_comment = False

    def read(self, markup: str) -> None:
        """Read all of a page or drawing.

        What follows the last sign of an end is text: for each sign of a beginning in it, the parser
        would look for an end in all of the rest.
        """
        end = markup.rfind(">") + 1
        self.feed(markup[:end])
        super().close()
        if end < len(markup):
            self.handle_data(unescape(markup[end:]))

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Read a comment; where one has no end, no later one has, and none is looked for."""
        end = -1 if self._has_endless_comment else super().parse_comment(i, report)
        self._has_endless_comment = end < 0
        return end

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Read a marked section; one that is none is a comment, as to viewers."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:  # how the parser says that it is none
            return self.parse_bogus_comment(i)
