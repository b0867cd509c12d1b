"""What foreign libraries, plug-ins and finders raise, made one clear error of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from saferedact.errors import DetectorError, SaferedactError

__all__ = ["told_as_detector_error"]


@contextmanager
def told_as_detector_error(what: str) -> Iterator[None]:
    """Turn whatever is raised within into a `DetectorError` without its words, which may quote a text.

    Errors of ours and want of memory pass as they are.

    Parameters
    ----------
    what : str
        What failed, in words of ours: "codes could not be looked for".

    Raises
    ------
    DetectorError
        With `what` and the kind of the error.
    """
    try:
        yield
    except (SaferedactError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  a foreign library may raise anything
        msg = f"{what} ({type(error).__name__})"
        raise DetectorError(msg) from None
