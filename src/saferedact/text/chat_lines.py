"""Lines of an exported chat: a stamp, who sends, what is said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["STAMP", "ChatLine", "chat_lines"]

STAMP = (
    r"\[?(?:\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}|\d{1,2}[ ][A-Za-z]{3,9}[ ]\d{2,4})?[,]?[ ]?"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u202f\u00a0]?[AaPp]\.?[Mm]\.?)?\]?[ ]?(?:[-\u2013\u2014|][ ])?"
)
"""Date, if there is one, and time, as WhatsApp and its like write them before a message."""

_HEAD = re.compile(
    rf"[ \t]{{0,8}}(?:{STAMP}|\[[^\]\n]{{0,30}}\][ ]?)?"
    r"(?:(?P<sender>[^\n:<>\[\]]{1,31}?)[ ]?:[ ]|<[^\n<>]{1,31}>[ ])"
)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A line that may be a message.

    Parameters
    ----------
    sender : tuple of (int, int) or None
        Place of what stands before the colon, code points, half-open; None also of one in angles.
    start, end : int
        Place of what is said; of the whole line where nobody is said to send it.
    """

    sender: tuple[int, int] | None
    start: int
    end: int


def chat_lines(text: str) -> Iterator[ChatLine]:
    """Divide a text into lines as a chat's export has them.

    Parameters
    ----------
    text : str
        Normalised text.

    Yields
    ------
    ChatLine
        One for each line; a form's field looks the same as a message.
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        head = _HEAD.match(text, start, end)
        if head is None:
            yield ChatLine(None, start, end)
        else:
            # a word in angles may be a tag as well
            sender = head.span("sender") if head["sender"] else None
            yield ChatLine(sender, head.end(), end)
        start = end + 1
