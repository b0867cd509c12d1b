"""Check: may this file, or this release of many files, be published? Needs no plan and no source."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from saferedact.casefile import CaseFile, load_case
from saferedact.checks.base import CheckOptions, Context, Judges
from saferedact.checks.catalogue import rule_named
from saferedact.checks.engine import run_checks
from saferedact.checks.material import Material, Segment
from saferedact.checks.mentions import Mention, find_mentions, merge_spans
from saferedact.checks.plug_ins import ExtraCheck, load_extra_checks
from saferedact.checks.stage import proceedings_of
from saferedact.detections import TextSpan
from saferedact.detectors.base import ImageDetector
from saferedact.detectors.known_people import protected_seeds
from saferedact.detectors.registry import (
    built_in_names,
    labels_proposed,
    load_plug_ins,
    resolve_detectors,
)
from saferedact.errors import InputError
from saferedact.pipeline.crew import Crew
from saferedact.pipeline.inspection import Inspector
from saferedact.pipeline.judges import judges_for
from saferedact.pipeline.materials import Readers, release_files
from saferedact.pipeline.mosaics import mosaics_of
from saferedact.pipeline.release_materials import (
    ReadingByName,
    earlier_materials,
    fit_to_show,
    materials_of,
    release_digest,
)
from saferedact.pipeline.seen import ImageTextReader
from saferedact.plan import Plan, load_plan
from saferedact.plan.resolve import ResolvedPlan, resolve_plan
from saferedact.policy import Policy, load_policy
from saferedact.report import Report
from saferedact.report.mosaic import Mosaic
from saferedact.text.grammar import Parser
from saferedact.text.sweep import Sweeper

__all__ = ["Finder", "check", "check_text", "refuse_case_file_inside"]

Finder = Callable[[str], Sequence[TextSpan]]
"""Finds names and identifiers that no case file lists."""


def check(
    path_or_release: str | Path,
    *,
    case: str | Path | CaseFile | None = None,
    policy: str | Path | Policy = "release",
    detectors: Sequence[ImageDetector | str] | None = None,
    finder: Finder | Literal["auto"] | None = "auto",
    image_text: ImageTextReader | Literal["auto"] | None = "auto",
    parser: Parser | Literal["auto"] | None = "auto",
    judge: Judges | Literal["auto"] | None = "auto",
    options: CheckOptions | None = None,
    rules: Sequence[str] = (),
    extra: Sequence[str | ExtraCheck] = (),
    plan: str | Path | Plan | Mapping[str, Plan] | None = None,
    mosaics: MutableMapping[tuple[str, int], Mosaic] | None = None,
    jobs: int | Crew = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Judge a file or a folder that is about to be published.

    Parameters
    ----------
    path_or_release : str or Path
        A file, or a folder whose files are one release. Opened read-only.
    case : str or Path or CaseFile, optional
        The case file. Without one the rules that need it are reported as not run.
    policy : str or Path or Policy
        Labels and limits of the detectors.
    detectors : sequence of ImageDetector or str, optional
        Who looks at pictures; faces and codes by default. An empty one for nobody, which is
        reported.
    finder : callable or "auto" or None
        Finds names and identifiers in a text that the case file does not list; by default
        `saferedact.detectors.identities`. None for nobody, which is reported.
    image_text : callable or "auto" or None
        Reads the text in a picture; by default `saferedact.detectors.ocr.read_text`. None for
        nobody, which is reported.
    parser : callable or "auto" or None
        Tells the grammar of sentences; by default `saferedact.detectors.spacy_grammar.parse`. None
        for nobody: wording is then judged by lists alone, which is reported.
    judge : Judges or "auto" or None
        Language networks that judge passages of texts and what is read in pictures; by default
        `saferedact.detectors.minilm.MiniLM` with the package's corrections. None for nobody: patterns and
        lists then judge alone, which is reported. Without a parser nobody is asked.
    options : CheckOptions, optional
        What a force may set; the moment of publication is now by default.
    rules : sequence of str
        Ids of the rules to run; all by default.
    extra : sequence of str or ExtraCheck
        Checks of other packages: plug-ins by name, or `saferedact.checks.plug_ins.ExtraCheck`. None is
        loaded that is not named.
    plan : str or Path or Plan or mapping of str to Plan, optional
        The plan that a single picture was made by, or those of the files of a folder by their place
        below it, with forward slashes: what they hid with ``solid`` or ``frost`` is no weak
        redaction.
    mosaics : mutable mapping, optional
        Gets rough maps of the pictures with findings, for `saferedact.report.Report.to_html`. They
        show nobody: what was found is covered, the rest is a dozen cells wide.
    jobs : int or Crew
        Processes that read the files of a folder side by side, or a crew of them that has worked on
        these files before; the report is the same. Detectors and readers that are given as objects
        work in this process alone.
    progress : callable, optional
        Called with the number of files read, and of all.

    Returns
    -------
    Report
        Each rule is listed as run or not run. It holds no name, address or number of the material
        or the case.

    Raises
    ------
    InputError
        If there is nothing to check, a rule is not known, or the case file lies in the release.
    CaseFileInvalidError
        If the case file is not valid.
    DetectorError
        If a detector or an extra check cannot be loaded or fails.
    """
    root = Path(path_or_release)
    only = frozenset(rule_named(rule).id for rule in rules) or None
    more = load_extra_checks(extra)
    loaded = None if case is None else load_case(case)
    chosen = load_policy(policy)
    files = release_files(root)
    base = root if root.is_dir() else root.parent
    refuse_case_file_inside(case, files)
    by_name = _by_name(chosen, detectors, image_text)
    detectors = load_plug_ins(_lookers_by_default() if detectors is None else detectors, chosen)
    if image_text == "auto":
        from saferedact.detectors.ocr import read_text

        image_text = read_text
    resolved = _resolved(plan, chosen, [path.relative_to(base).as_posix() for path in files])
    inspector = Inspector(chosen.effective_limits())
    looking, reading = detectors, image_text

    @cache
    def readers() -> Readers:
        lookers = resolve_detectors(looking, chosen) if looking else None
        return Readers(chosen, lookers, reading, inspector)

    with inspector, _crew_for(jobs if by_name else 1, files) as crew:
        materials = materials_of(
            files,
            base,
            readers,
            loaded,
            plans=resolved,
            by_name=by_name,
            crew=crew,
            progress=progress,
        )
        names = {
            material.id: fit_to_show(path.relative_to(base).as_posix(), chosen, loaded)
            for material, path in zip(materials, files, strict=True)
        }
        digest = release_digest(base, files, materials)
        materials += earlier_materials(case, loaded, readers)
    senses = _senses(chosen, detectors, ocr=image_text is not None)
    found = _finder(finder, chosen, loaded)
    listed = loaded.assets if loaded is not None and root.is_dir() else ()  # not of one file alone
    held = {material.id for material in materials if material.record is not None}
    report = _judged(
        tuple(materials),
        loaded,
        found,
        digest,
        options=options,
        only=only,
        senses=senses,
        names=names,
        parser=_parser(parser),
        judges=Judges() if parser is None else judges_for(judge),
        extra=more,
        missing=tuple(asset.id for asset in listed if asset.id not in held),
    )
    if mosaics is not None:
        paths = {material.id: path for material, path in zip(materials, files, strict=False)}
        limits = chosen.effective_limits()
        mosaics.update(mosaics_of(paths, materials, report, limits=limits))
    return report


def _lookers_by_default() -> list[str]:
    return [name for name in built_in_names() if name != "text"]  # it is read as text


def _by_name(
    policy: Policy,
    detectors: Sequence[ImageDetector | str] | None,
    image_text: ImageTextReader | Literal["auto"] | None,
) -> ReadingByName | None:
    """Tell the readers in a form for other processes; None if they are objects of this one."""
    asked = _lookers_by_default() if detectors is None else detectors
    names = tuple(detector for detector in asked if isinstance(detector, str))
    if image_text not in {"auto", None} or len(names) < len(asked):
        return None
    return ReadingByName(policy, names, image_text == "auto")


@contextmanager
def _crew_for(jobs: int | Crew, files: Sequence[Path]) -> Iterator[Crew | None]:
    """Give the crew that is there, a new one, or none where one process is enough."""
    if isinstance(jobs, Crew):
        yield jobs
    elif jobs > 1 and len(files) > 1:
        with Crew(min(jobs, len(files))) as crew:
            yield crew
    else:
        yield None


def _parser(parser: Parser | Literal["auto"] | None) -> Parser | None:
    if parser != "auto":
        return parser
    from saferedact.detectors.spacy_grammar import parse

    return parse


def _resolved(
    plan: str | Path | Plan | Mapping[str, Plan] | None, policy: Policy, places: Sequence[str]
) -> dict[str, ResolvedPlan]:
    """Return the plans by the places of the files that they made."""
    if plan is None:
        return {}
    if not isinstance(plan, Mapping):
        if len(places) > 1:
            msg = "a plan is of one file: check that file alone"
            raise InputError(msg)
        read = plan if isinstance(plan, Plan) else load_plan(Path(plan))
        plan = dict.fromkeys(places, read)
    return {place: resolve_plan(made_by, policy=policy) for place, made_by in plan.items()}


def check_text(
    text: str,
    *,
    case: str | Path | CaseFile | None = None,
    policy: str | Path | Policy = "release",
    finder: Finder | Literal["auto"] | None = "auto",
    parser: Parser | Literal["auto"] | None = "auto",
    judge: Judges | Literal["auto"] | None = "auto",
    options: CheckOptions | None = None,
    rules: Sequence[str] = (),
) -> Report:
    """Judge a text that is about to be published, without a file.

    Parameters
    ----------
    text : str
        The text.
    case, policy, finder, parser, judge, options, rules
        As of `check`.

    Returns
    -------
    Report
        As of `check`; the artifact is the text in UTF-8.
    """
    digest = hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()
    material = Material("text", "text", digest, (Segment(text, first_line=1),))
    only = frozenset(rule_named(rule).id for rule in rules) or None
    loaded = None if case is None else load_case(case)
    found = _finder(finder, load_policy(policy), loaded)
    return _judged(
        (material,),
        loaded,
        found,
        digest,
        options=options,
        only=only,
        senses=_senses(load_policy(policy), (), ocr=False),
        parser=_parser(parser),
        judges=Judges() if parser is None else judges_for(judge),
    )


def _senses(
    policy: Policy, detectors: Sequence[ImageDetector | str], *, ocr: bool
) -> frozenset[str]:
    """Say who looks for what: a label that the policy leaves out is looked for by nobody."""
    faces = "face" in policy.labels and "face" in labels_proposed(detectors)
    finder = {"name", "identifier"} <= set(policy.labels)
    asked = (("faces", faces), ("ocr", ocr), ("finder", finder))
    return frozenset(sense for sense, there in asked if there)


def _finder(
    finder: Finder | Literal["auto"] | None, policy: Policy, case: CaseFile | None
) -> Finder | None:
    if finder != "auto":
        return finder
    from saferedact.detectors.identities import IdentityEngine

    return IdentityEngine.of(policy, case, "en", None).find


def _judged(
    materials: tuple[Material, ...],
    case: CaseFile | None,
    finder: Finder | None,
    digest: str,
    *,
    options: CheckOptions | None,
    only: frozenset[str] | None,
    senses: frozenset[str] = frozenset(),
    names: dict[str, str] | None = None,
    parser: Parser | None = None,
    judges: Judges,
    extra: Sequence[ExtraCheck] = (),
    missing: tuple[str, ...] = (),
) -> Report:
    mentions = _mentions(materials, case, finder)
    if finder is None:
        senses -= {"finder"}
    if parser is not None:
        senses |= {"grammar"}
    if judges.wording is not None:
        senses |= {"judge"}
    if judges.identifying is not None:
        senses |= {"describer"}
    context = Context(
        case,
        proceedings_of(case),
        materials,
        mentions,
        options or CheckOptions(),
        senses=senses,
        release_sha256=digest,
        parser=parser,
        judges=judges,
        missing=missing,
    )
    return run_checks(context, only=only, names=names, extra=extra)


_IN_FILE_NAME = 0.6
"""Score of a spelling from which a file's name says who: a surname with an initial."""


def _mentions(
    materials: tuple[Material, ...], case: CaseFile | None, finder: Finder | None
) -> dict[tuple[str, int], list[Mention]]:
    listed = find_mentions(case) if case is not None else None
    seeds = protected_seeds(case, keep_publishable=False) if case is not None else []
    named = Sweeper(seeds, fuzzy=False)
    found: dict[tuple[str, int], list[Mention]] = {}
    for material in materials:
        for position, segment in enumerate(material.segments):
            mentions = listed(segment.text) if listed else []
            if segment.text.strip():
                # a model of language sees a name in every second file name
                spans: Sequence[TextSpan] = ()
                if segment.origin == "name":
                    swept = named.find(segment.text)
                    spans = [span for span in swept if span.score >= _IN_FILE_NAME]
                elif finder is not None:
                    spans = finder(segment.text)
                mentions = merge_spans(mentions, spans, case)
            if mentions:
                found[material.id, position] = mentions
    return found


def refuse_case_file_inside(source: object, files: list[Path]) -> None:
    """Refuse a release that holds the case file, if that is a file.

    Raises
    ------
    InputError
        If it does.
    """
    if isinstance(source, str | Path):
        place = Path(source).resolve()
        if any(path.resolve() == place for path in files):
            msg = "the case file lies in the release: move it out, or it is published along"
            raise InputError(msg)
