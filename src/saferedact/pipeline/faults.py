"""What every proof of a written file says in the same words."""

from collections.abc import Iterator
from pathlib import Path

from saferedact.errors import InputError, LimitExceededError
from saferedact.limits import Limits
from saferedact.media.hidden_data import CHANNELS, scan_hidden_data
from saferedact.report import Finding, Location

__all__ = ["block", "hidden_data_faults"]

_NOWHERE = Location()


def block(rule_id: str, message: str, location: Location = _NOWHERE) -> Finding:
    """Make a finding that forbids publication: the file is not what its plan says."""
    return Finding(
        rule_id=rule_id,
        level="BLOCK",
        message=message,
        location=location,
        next_step="report this; do not publish the file",
        source="verify",
    )


def hidden_data_faults(written: Path, limits: Limits) -> Iterator[Finding]:
    """Walk the container of a written file, in which nothing but what is shown may be."""
    try:
        items = scan_hidden_data(written, limits=limits)
    except (InputError, LimitExceededError) as error:
        yield block("VF-03", f"the container cannot be checked: {error.message}")
        return
    for item in items:
        text = f"the file holds more than pixels: {CHANNELS[item.channel]}"
        yield block("VF-03", text, Location(channel=item.channel))
