"""For how many frames a thing is held while it is not seen."""

from dataclasses import dataclass

from saferedact.tracking.live import HOLD, LEAST_EXTENSION

__all__ = ["Holds"]


@dataclass(frozen=True, slots=True)
class Holds:
    """How long each kind of thing is held.

    Parameters
    ----------
    frames : tuple of int
        Of each kind, at most.
    sure : float
        Score from which a thing counts as surely seen.
    """

    frames: tuple[int, ...]
    sure: float

    @property
    def longest(self) -> int:
        """The longest of all, `HOLD` at least."""
        return max((HOLD, *self.frames))

    def of(self, kind: int, score: float, seen: int) -> int:
        """How far something is held: what was seen weakly and once is seldom what it seems."""
        hold = self.frames[kind]
        if self.is_seldom(kind) or score >= self.sure:
            return hold
        return min(hold, LEAST_EXTENSION * seen)

    def is_seldom(self, kind: int) -> bool:
        """Whether a kind is looked for so seldom that it is held longer than others."""
        return self.frames[kind] > HOLD
