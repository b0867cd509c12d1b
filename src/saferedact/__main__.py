"""Run the command line as ``python -m saferedact``."""

from saferedact.cli import main

main()
