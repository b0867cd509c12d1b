"""``python -m benchmarks.peers make [NAME...] [--folder DIR]``: environments of the other programs."""

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.peers import DEFAULT, make, peers


def main(arguments=None):
    """Make, or list, environments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("task", choices=("make", "list"))
    parser.add_argument("names", nargs="*", help="default: all")
    parser.add_argument("--folder", type=Path, default=DEFAULT)
    options = parser.parse_args(arguments)
    known = peers()
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    failed = []
    for name in options.names or known:
        peer = known[name]
        if options.task == "make":
            try:
                make(peer, options.folder)
            except subprocess.CalledProcessError:
                failed.append(name)
        state = peer.missing(options.folder) or "ready"
        print(f"{name}: {', '.join(peer.media)}; {peer.licence}; {state}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
