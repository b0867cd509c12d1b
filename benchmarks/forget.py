"""Detectors remember pictures they have seen, which must not make a second timing of one cheaper."""

from saferedact.detectors.remembered import Remembered

_MEMORIES = ("_seen", "_maps", "_readings", "_remembered")


def forget(*detectors):
    """Let detectors, and the readers of those that have one, remember nothing; networks stay warm."""
    for one in detectors:
        for name in _MEMORIES:
            memory = getattr(one, name, None)
            if isinstance(memory, Remembered):
                memory._answers.clear()
                memory._bytes = 0
            elif memory is not None:
                memory.clear()
        if hasattr(one, "_reader"):
            forget(one._reader)
