"""Which channels there are, and how the file of one is made."""

from collections.abc import Callable
from pathlib import Path

from saferedact.testing.pdfs.paper import Paper, Secrets, secrets_for

__all__ = ["MAKERS", "PIXEL_CHANNELS", "channel", "make_channel"]


Make = Callable[[Paper], bytes | None]
MAKERS: dict[str, Make] = {}
PIXEL_CHANNELS: set[str] = set()
"""Channels whose secret is in pixels or in shapes: only who reads pictures can find it."""


def channel(name: str, *, pixels: bool = False) -> Callable[[Make], Make]:
    """Enter a maker as a channel; `pixels` as of `PIXEL_CHANNELS`."""

    def keep(make: Make) -> Make:
        MAKERS[name] = make
        if pixels:
            PIXEL_CHANNELS.add(name)
        return make

    return keep


def make_channel(name: str, path: Path, *, seed: int = 0) -> Secrets:
    """Write the document of a channel.

    Parameters
    ----------
    name : str
        One of `CHANNELS`.
    path : Path
        The file to write.
    seed : int
        Chooses the secrets.

    Returns
    -------
    Secrets
        What it hides.
    """
    paper = Paper(secrets_for(name, seed))
    data = MAKERS[name](paper)
    path.write_bytes(paper.saved() if data is None else data)
    return paper.s
