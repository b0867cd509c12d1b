"""The only door between case files and TOML: any bytes give a `CaseFile` or one error."""

from pathlib import Path

from pydantic import ValidationError

from saferedact.casefile.model import CASE_MODELS, CaseFile
from saferedact.document_io import MAX_PROBLEMS, read_bounded, read_toml
from saferedact.documents import field_names, problems_of
from saferedact.errors import CaseFileInvalidError

__all__ = ["CASE_FIELDS", "load_case"]

_MAX_CASE_BYTES = 2 * 1024**2
"""2,000 people with a kilobyte each."""

CASE_FIELDS = field_names(*CASE_MODELS)


def load_case(case: str | Path | bytes | CaseFile) -> CaseFile:
    """Get a case file.

    Parameters
    ----------
    case : str or Path or bytes or CaseFile
        Path of a TOML file, the TOML itself as bytes, or a case file, which is returned as it is.

    Returns
    -------
    CaseFile
        The case file.

    Raises
    ------
    CaseFileInvalidError
        If it is no valid case file; lists every problem (of more than 1,000, the first) without
        quoting the file.
    InputError
        If the file cannot be read.
    """
    if isinstance(case, CaseFile):
        return case
    data = (
        case
        if isinstance(case, bytes)
        else read_bounded(Path(case), _MAX_CASE_BYTES, what="case file")
    )
    tree, fault = read_toml(data, max_bytes=_MAX_CASE_BYTES)
    if tree is None:
        raise CaseFileInvalidError([("$", fault)])
    try:
        return CaseFile.model_validate({"schema": None, **tree})
    except ValidationError as error:
        problems = problems_of(error, known=CASE_FIELDS)
        raise CaseFileInvalidError(problems[:MAX_PROBLEMS]) from None
