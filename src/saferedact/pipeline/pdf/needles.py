"""What must not be found in a written document, and what of it the plan leaves standing."""

from collections.abc import Iterator

from saferedact.media.pdf_fold import squash
from saferedact.media.pdf_worker import PdfProxy
from saferedact.pipeline.pdf.layers import GONE, remaining_text, removed_strings
from saferedact.plan import ResolvedPlan

__all__ = ["needles_of"]


def needles_of(document: PdfProxy, resolved: ResolvedPlan) -> list[str]:
    """Strings that a plan takes out everywhere. They live in memory only.

    A string that the plan takes out in one place and leaves in another (a person gave it back, or
    covered an ordinary word once) can not be searched for; the regions themselves are still proven.

    Parameters
    ----------
    document : PdfProxy
        The source.
    resolved : ResolvedPlan
        What is taken out.

    Returns
    -------
    list of str
        Each once.
    """
    removed: set[str] = set()
    for page in resolved.pages:
        boxes = [region.xyxy for region in resolved.page_regions(page)]
        removed |= removed_strings(document.page(page), boxes)
    if not removed:
        return []
    left = {squash(text): text for text in removed if squash(text)}
    for words in _remaining(document, resolved):
        for needle in [needle for needle in left if needle in words]:
            del left[needle]
    return sorted(left.values())


def _remaining(document: PdfProxy, resolved: ResolvedPlan) -> Iterator["_Words"]:
    for page in range(len(document.facts.sizes)):
        boxes = [region.xyxy for region in resolved.page_regions(page)]
        for layer in document.page(page).layers:
            if not layer.hidden:
                text, _ = remaining_text(layer, boxes)
                yield _Words(text)


class _Words:
    """A text that can be asked whether it holds a squashed string of whole words."""

    def __init__(self, text: str) -> None:
        import re

        self._words: set[str] = set()
        for part in text.split(GONE):
            words = [squash(word) for word in re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", part)]
            for start in range(len(words)):
                for end in range(start + 1, min(start + 5, len(words) + 1)):
                    self._words.add("".join(words[start:end]))

    def __contains__(self, needle: str) -> bool:
        return needle in self._words
