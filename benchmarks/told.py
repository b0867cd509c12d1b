"""What a check of other people's files tells, for a whole folder in one call as a user makes it."""

from collections import defaultdict
from pathlib import Path

from benchmarks.harness import spent

from saferedact.checks.base import CheckOptions
from saferedact.pipeline.check import check

_RULES = frozenset({"HD", "WR"})
"""Groups of rules about hidden data and weak redaction."""


def told_in(folder, files):
    """Write files into a new folder, check it, and say what is told of each.

    Parameters
    ----------
    folder : Path
        Does not exist yet.
    files : mapping of str to callable
        Makers of bytes by name of the file.

    Returns
    -------
    levels : dict of str to set of str
        Levels of the findings of these rules by name; a file that nothing is told of has none.
    seconds : float
        Processor time of the check, its process for hostile files included.
    """
    folder.mkdir()
    # Numbers: a report shows a name as far as it names nobody.
    numbered = {f"{n:03}{Path(name).suffix}": name for n, name in enumerate(files)}
    for number, name in numbered.items():
        (folder / number).write_bytes(files[name]())
    reports = []
    seconds = spent(
        lambda: reports.append(
            check(
                folder,
                detectors=(),
                finder=None,
                image_text=None,
                parser=None,
                options=CheckOptions(),
            )
        )
    )
    names = {asset.id: numbered[asset.name] for asset in reports[0].assets}
    levels = defaultdict(set)
    for finding in reports[0].findings:
        if finding.rule_id[:2] in _RULES and finding.location.asset:
            levels[names[finding.location.asset]].add(finding.level)
    return dict(levels), seconds
