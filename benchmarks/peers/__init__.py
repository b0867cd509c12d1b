"""Other programs: their environments, and how each is asked to do what ours does."""

import shutil
import subprocess
import tempfile
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "peers.toml"
DEFAULT = Path(tempfile.gettempdir()) / "saferedact-peers"
"""Folder of the environments unless another one is given."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that is measured beside ours.

    Parameters
    ----------
    name : str
        Its name, and that of its environment's folder.
    media : tuple of str
        What it is measured on.
    licence : str
        As its package says.
    requirements : tuple of str
        For pip.
    needs : tuple of str
        Programs of the system.
    """

    name: str
    media: tuple[str, ...]
    licence: str
    requirements: tuple[str, ...]
    needs: tuple[str, ...] = ()

    def python(self, folder):
        """Path of its interpreter."""
        base = Path(folder) / self.name
        windows = base / "Scripts" / "python.exe"
        return windows if windows.exists() else base / "bin" / "python"

    def program(self, folder, name):
        """Path of a program that it installs."""
        return self.python(folder).with_name(name)

    def missing(self, folder):
        """Say why it cannot run, or None."""
        if not self.python(folder).exists():
            return f"not installed (`python -m benchmarks.peers make {self.name}`)"
        absent = [program for program in self.needs if shutil.which(program) is None]
        return f"needs {', '.join(absent)} on this machine" if absent else None


def peers():
    """Read the table."""
    with TABLE.open("rb") as file:
        tree = tomllib.load(file)
    return {
        name: Peer(name, *(tuple(v) if isinstance(v, list) else v for v in (
            entry["media"], entry["licence"], entry["requirements"], entry.get("needs", []))))
        for name, entry in tree.items()
    }  # fmt: skip


def make(peer, folder):
    """Make an environment and install a peer with pip, as pip is set up on this machine."""
    home = Path(folder) / peer.name
    venv.create(home, with_pip=True, clear=True)
    command = [peer.python(folder), "-m", "pip", "install", "--quiet", *peer.requirements]
    subprocess.run(command, check=True)
