"""``saferedact text``: texts in, texts without names and identifiers out."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from saferedact.casefile import load_case
from saferedact.cli._common import (
    case_option,
    emit_json,
    ensure_models,
    json_option,
    message,
    offline_option,
    overwrite_option,
    policy_option,
    refuse_originals,
)
from saferedact.detectors.identities import IdentityEngine
from saferedact.detectors.registry import needed_models
from saferedact.errors import InputError, SaferedactError
from saferedact.files import atomic_output
from saferedact.pipeline.file_names import shown_name
from saferedact.pipeline.files_in_text import RedactPicture, picture_redactor
from saferedact.pipeline.text_files import (
    RedactedFile,
    check_bytes,
    most_bytes,
    read_text_file,
    redact_text_file,
    text_format,
)
from saferedact.policy import Policy, load_policy
from saferedact.text.layout import TEXT_FORMATS

__all__ = ["text"]

_STDIN = "-"


@click.command()
@click.argument("sources", metavar="[FILE]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DEST",
    help="The new file, or for several files the folder. Default: standard output.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(TEXT_FORMATS),
    help="Kind of the text. Default: by suffix; txt for standard input.",
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="CODE",
    help="Language that most of the text is in.",
)
@policy_option
@case_option
@overwrite_option
@offline_option
@json_option
def text(
    *,
    sources: tuple[str, ...],
    output: Path | None,
    form: str | None,
    language: str,
    policy: str,
    case: Path | None,
    overwrite: bool,
    offline: bool,
    as_json: bool,
) -> None:
    """Replace names and identifiers in texts.

    FILE is a text, chat export, table, transcript or web page; without one, standard input is read.
    Each name becomes [NAME], each number [PHONE] and so on; structure, encoding and line ends stay.
    Pictures that a text carries in its own addresses (data:) are redacted as redact does; other files
    in them are refused.
    With --json, what was found is listed by place, without any text.
    """
    names = sources or (_STDIN,)
    if len(names) > 1 and output is None and not as_json:
        msg = "several files need a folder to be written to: -o"
        raise InputError(msg)
    chosen = load_policy(policy)
    people = None if case is None else load_case(case)
    for _, warning in [] if people is None else people.warnings():
        message(f"case file: a name {warning}")
    targets = _targets(names, output)
    if "name" in chosen.labels:
        from saferedact.detectors.names import NAME_MODELS

        ensure_models(NAME_MODELS, offline=offline)
    engine = IdentityEngine.of(chosen, people, language, None)
    fetch = partial(ensure_models, needed_models(chosen), offline=offline)
    pictures = picture_redactor(engine, before=fetch)
    trees: list[dict[str, Any]] = []
    codes: list[int] = []
    for name in names:
        try:
            result = _redact_one(name, form, engine, pictures)
            if name in targets:
                _write(result.data, targets[name], overwrite=overwrite)
        except SaferedactError as error:
            if len(names) == 1:
                raise
            codes.append(error.exit_code)
            shown = _shown(name, engine)
            message(f"{shown}: failed: {error.message}")
            trees.append({"name": shown, "error": {"code": error.code, "message": error.message}})
            continue
        _tell(name, result, engine)
        trees.append(_tree(name, result, engine))
        if output is None and not as_json:
            _to_stdout(result.data)
    if as_json:
        emit_json({"files": trees})
    click.get_current_context().exit(max(codes, default=0))


def _targets(names: tuple[str, ...], output: Path | None) -> dict[str, Path]:
    """Choose where each result goes, and refuse what would be written over an original."""
    if output is None:
        return {}
    is_folder = output.is_dir() or len(names) > 1
    if is_folder and _STDIN in names:
        msg = "standard input needs a file to be written to"
        raise InputError(msg)
    targets = {name: output / Path(name).name if is_folder else output for name in names}
    if len(set(targets.values())) < len(names):
        msg = "two files would be written to one place"
        raise InputError(msg)
    for target in targets.values():
        refuse_originals(target, [Path(name) for name in names if name != _STDIN])
    if is_folder:
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"the folder cannot be made: {error.strerror or 'refused'}"
            raise InputError(msg) from None
    return targets


def _redact_one(
    name: str, form: str | None, engine: IdentityEngine, pictures: RedactPicture
) -> RedactedFile:
    if name == _STDIN:
        data = sys.stdin.buffer.read(most_bytes(engine) + 1)
        check_bytes(data, engine)
        return redact_text_file(data, form or "txt", engine, redact_picture=pictures)
    kind = form or text_format(name)
    data = read_text_file(Path(name), engine)
    return redact_text_file(data, kind, engine, redact_picture=pictures)


def _write(data: bytes, target: Path, *, overwrite: bool) -> None:
    with atomic_output(target, overwrite=overwrite) as temporary:
        temporary.write_bytes(data)


def _to_stdout(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _shown(name: str, engine: IdentityEngine) -> str:
    """Return what a source is called in messages: file names are text too."""
    if name == _STDIN:
        return "standard input"
    return shown_name(Path(name).name, policy=engine.policy, case=engine.case)


def _unsure(result: RedactedFile, policy: Policy) -> int:
    below = {str(label): rule.review_below for label, rule in policy.labels.items()}
    return sum(span.score < below.get(span.label, 0) for span in result.spans)


def _tell(name: str, result: RedactedFile, engine: IdentityEngine) -> None:
    unsure = _unsure(result, engine.policy)
    number = len(result.spans)
    parts = ["1 identity replaced" if number == 1 else f"{number} identities replaced"]
    if unsure:
        parts.append(f"{unsure} to review")
    if result.pictures:
        parts.append(
            "1 picture redacted" if result.pictures == 1 else f"{result.pictures} pictures redacted"
        )
    if result.is_mixed:
        parts.append("lines in two encodings, written as UTF-8")
    message(f"{_shown(name, engine)}: {', '.join(parts)}")


def _tree(name: str, result: RedactedFile, engine: IdentityEngine) -> dict[str, Any]:
    below = {str(label): rule.review_below for label, rule in engine.policy.labels.items()}
    return {
        "name": _shown(name, engine),
        "encoding": result.encoding,
        "pictures": result.pictures,
        "spans": [
            {
                "start": span.start,
                "end": span.end,
                "label": span.label,
                "kind": span.kind,
                "score": round(span.score, 3),
                "source": span.source,
                "person_ref": span.person_ref,
                "needs_review": span.score < below.get(span.label, 0),
            }
            for span in result.spans
        ],
    }
