"""Regular expressions that use named lists of words, as the files of wording write them."""

import re
from collections.abc import Iterable, Mapping

__all__ = ["compile_patterns"]

_WORD = re.compile(r"\{([A-Za-z]+)\}")

_DEEP = 3
"""Words may use words, which may use words."""


def compile_patterns(
    patterns: Iterable[str], words: Mapping[str, str], flags: re.RegexFlag = re.NOFLAG
) -> tuple[re.Pattern[str], ...]:
    """Write out ``{name}`` in patterns and compile them.

    Parameters
    ----------
    patterns : iterable of str
        Regular expressions of our own files.
    words : mapping
        For each name the alternatives that it stands for.
    flags : re.RegexFlag
        As for `re.compile`.
    """

    def written_out(pattern: str) -> str:
        for _ in range(_DEEP):
            pattern = _WORD.sub(lambda match: f"(?:{words[match[1]]})", pattern)
        return pattern

    return tuple(re.compile(written_out(pattern), flags) for pattern in patterns)
