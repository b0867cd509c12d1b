"""Every error that saferedact raises on purpose, with a stable code and a process exit code.

::

    SaferedactError
    ├── FindingsError                   exit 1   the checks ran and found something
    ├── InputError (ValueError)         exit 2   the caller's file or argument is wrong
    │   ├── UnsupportedFormatError               we do not read or write this kind of file
    │   ├── DamagedInputError                    the file breaks off or cannot be decoded
    │   ├── PlanInvalidError                     a plan has problems; all are listed
    │   ├── PolicyInvalidError                   a policy has problems; all are listed
    │   ├── CaseFileInvalidError                 a case file has problems; all are listed
    │   └── DestinationError                     the destination exists, or is the source
    ├── LimitExceededError              exit 3   a size limit was reached before allocation
    ├── DetectorError                   exit 4   a detector could not look at the material
    │   └── DetectorModelMissing                 its model weights are not on this machine
    ├── RedactionError                  exit 5   the output could not be made or written
    ├── VerificationError               exit 6   the output is not what the plan says
    └── DependencyMissingError (ImportError)  exit 7   an optional package is not installed

A foreign exception that leaves a public function is a bug. Messages never contain media content,
matched text or a full path: a file is called by its name only where the command line asks for it.
This module imports nothing but the standard library, so every layer may use it.
"""

import os
import traceback
from typing import ClassVar

__all__ = [
    "CaseFileInvalidError",
    "DamagedInputError",
    "DependencyMissingError",
    "DestinationError",
    "DetectorError",
    "DetectorModelMissing",
    "FindingsError",
    "InputError",
    "LimitExceededError",
    "PlanInvalidError",
    "PolicyInvalidError",
    "Problem",
    "RedactionError",
    "SaferedactError",
    "UnsupportedFormatError",
    "VerificationError",
]

EXIT_BUG = 70
"""Exit code for anything that is not a `SaferedactError` (BSD ``sysexits.h``: EX_SOFTWARE)."""

Problem = tuple[str, str]
"""One fault in a document: where (``$.regions[0].xyxy``) and what, in our own words."""

DEBUG_VARIABLE = "SAFEREDACT_DEBUG"
"""Environment variable: with 1, a bug shows its traceback, which may hold paths and content."""

_PROBLEMS_SHOWN = 20  # a hostile file can have a million faults; a message need not


class SaferedactError(Exception):
    """Root of all errors raised on purpose.

    Parameters
    ----------
    message : str
        What is wrong and what to do about it. No media content.

    Attributes
    ----------
    code : str
        Stable, machine-readable name of the kind of error.
    exit_code : int
        Exit code of the command line for this error.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = EXIT_BUG

    @property
    def message(self) -> str:
        """The text for people."""
        return str(self.args[0]) if self.args else self.code


def describe_bug(error: Exception) -> str:
    """Name an exception that is no error of ours by its type alone.

    A foreign exception's own text may hold paths or content; with `DEBUG_VARIABLE` set to 1 its
    traceback goes to standard error.
    """
    if os.environ.get(DEBUG_VARIABLE) == "1":
        traceback.print_exception(error)
    return (
        f"a bug in saferedact ({type(error).__name__}); please report it, with what "
        f"{DEBUG_VARIABLE}=1 shows if that holds nothing confidential"
    )


class FindingsError(SaferedactError):
    """A report holds findings that forbid publication."""

    code = "findings"
    exit_code = 1


class InputError(SaferedactError, ValueError):
    """A file or an argument that the caller gave cannot be used."""

    code = "input"
    exit_code = 2


class UnsupportedFormatError(InputError):
    """The file is of a kind that is not read or written."""

    code = "unsupported-format"


class DamagedInputError(InputError):
    """The file breaks off, or a part of it cannot be decoded."""

    code = "damaged-input"


class DestinationError(InputError):
    """The destination exists already, is the source itself, or is not a usable place."""

    code = "destination"


class _DocumentInvalidError(InputError):
    """A document with problems, each of which has a place and a text."""

    document: ClassVar[str] = "document"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        shown = "; ".join(f"{where}: {what}" for where, what in problems[:_PROBLEMS_SHOWN])
        more = len(problems) - _PROBLEMS_SHOWN
        tail = f"; and {more} more" if more > 0 else ""
        super().__init__(f"the {self.document} is not valid: {shown}{tail}")

    def __reduce__(self) -> tuple[type, tuple[list[Problem]]]:
        """Rebuild from the problems, so that the error survives a process boundary."""
        return (type(self), (list(self.problems),))


class PlanInvalidError(_DocumentInvalidError):
    """A plan has problems; `problems` lists every one with its ``$.path``."""

    code = "plan-invalid"
    document = "plan"


class PolicyInvalidError(_DocumentInvalidError):
    """A policy has problems; `problems` lists every one with its ``$.path``."""

    code = "policy-invalid"
    document = "policy"


class CaseFileInvalidError(_DocumentInvalidError):
    """A case file has problems; `problems` lists every one with its ``$.path``."""

    code = "case-invalid"
    document = "case file"


class LimitExceededError(SaferedactError):
    """The material is larger than the limits allow; nothing was allocated for it."""

    code = "limit-exceeded"
    exit_code = 3


class DetectorError(SaferedactError):
    """A detector failed, so nobody has looked at the material."""

    code = "detector"
    exit_code = 4


class DetectorModelMissing(DetectorError):
    """The weights of a model are not on this machine; the message names the command to run."""

    code = "model-missing"


class RedactionError(SaferedactError):
    """The output could not be made or written; no destination exists."""

    code = "redaction"
    exit_code = 5


class VerificationError(SaferedactError):
    """The output is not what the plan says; no destination exists."""

    code = "verification"
    exit_code = 6


class DependencyMissingError(SaferedactError, ImportError):
    """An optional package is needed for this and is not installed; the message names the extra."""

    code = "dependency-missing"
    exit_code = 7
