"""The topics of the benchmarks, a module each with ``run(setup) -> Section``."""

from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("frames", "faces", "images", "video", "pdf", "text", "check", "peers")
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How a section is to be run.

    Parameters
    ----------
    scratch : Path
        Folder for what is made; gone afterwards.
    quick : bool
        Fewer sizes and rounds: the whole page in ten minutes.
    data : Path or None
        Labelled material of the user's own.
    peers : Path or None
        Folder with the environments of the other programs.
    """

    scratch: Path
    quick: bool = False
    data: Path | None = None
    peers: Path | None = field(default=None)

    @property
    def rounds(self) -> int:
        """Rounds of each comparison."""
        return 3 if self.quick else 7

    def pick(self, quick, full):
        """Choose by mode."""
        return quick if self.quick else full
