"""What every plan records, whatever the medium: who looked, and what the container hides."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import saferedact
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.registry import record_of
from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.hidden_data import scan_hidden_data
from saferedact.plan import DetectorRecord, MetadataRegion
from saferedact.policy import Policy

__all__ = ["detector_records", "hidden_data"]

_METADATA = "metadata"
_SCAN = "hidden-data"


def detector_records(
    detectors: Sequence[ImageDetector], policy: Policy
) -> Iterator[DetectorRecord]:
    """Record who looked, who had nothing to look for, and labels that nobody looked for.

    Parameters
    ----------
    detectors : sequence of ImageDetector
        Who was there.
    policy : Policy
        What had to be looked for.

    Yields
    ------
    DetectorRecord
        One for each detector, and one for each label without any.
    """
    seen: set[str] = set()
    for detector in detectors:
        record = record_of(detector)
        seen.update(record.labels)
        if policy.labels.keys().isdisjoint(record.labels):
            update = {"status": "not_available", "reason": "labels-not-in-policy"}
            record = record.model_copy(update=update)
        yield record
    for label in policy.labels:
        if label not in seen:
            yield DetectorRecord(
                name=label,
                version=saferedact.__version__,
                labels=(label,),
                status="not_available",
                reason="no-detector",
            )


def hidden_data(path: Path, limits: Limits) -> tuple[list[MetadataRegion], DetectorRecord]:
    """List what a file hides beside what it shows; a new file never takes any of it over.

    Parameters
    ----------
    path : Path
        The source.
    limits : Limits
        Bounds of the scan.

    Returns
    -------
    list of MetadataRegion
        One for each item.
    DetectorRecord
        Whether the container could be walked.
    """
    try:
        items = scan_hidden_data(path, limits=limits)
    except (DamagedInputError, UnsupportedFormatError, LimitExceededError):
        # Decoders forgive more than the scan does. Nothing is lost: the list is for people to read,
        # and the output is built from what is shown alone and scanned itself.
        return [], _scan_record("not_available", "container-not-understood")
    regions = [
        MetadataRegion(
            id=f"{_METADATA}-{number}",
            label=_METADATA,
            detector=_SCAN,
            score=1.0,
            channel=item.channel,
            offset=item.offset,
            length=item.length,
        )
        for number, item in enumerate(items, start=1)
    ]
    return regions, _scan_record("ran", None)


def _scan_record(status: str, reason: str | None) -> DetectorRecord:
    return DetectorRecord.model_validate(
        {
            "name": _SCAN,
            "version": saferedact.__version__,
            "labels": (_METADATA,),
            "status": status,
            "reason": reason,
        }
    )
