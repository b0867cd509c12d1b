"""The last part of the demo: a fictional release that must not go out, and the one that may."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from saferedact.casefile import load_case
from saferedact.cli._common import describe_finding, say
from saferedact.detectors.base import TextDetector
from saferedact.detectors.identities import IdentityEngine
from saferedact.errors import RedactionError
from saferedact.pipeline import check, release
from saferedact.policy import load_policy

__all__ = ["demo_release"]

TEXT_DETECTORS: Sequence[TextDetector] | None = None
"""Who looks for names that the case file does not list; None for the built-in models."""

_SHOWN = 6  # findings; the page has all

_FILES = {
    "statement.txt": (
        "Stuart Kemble, 52, of Westbury Cross, has been charged with fraud by false\n"
        "representation. He was released on bail and will appear in court.\n\n"
        "The complaint was made by Priya Nair of Westbury Infirmary.\n"
    ),
    "caption.srt": "1\n00:00:01,000 --> 00:00:03,000\nPriya Nair, on 07700 900345\n",
}

_CASE = """\
# Fictional. Everybody and every number is invented.
schema = "saferedact.case/1"
[case]
urn = "NM/0512/26"
force = "Northmoor Police"
jurisdiction = "england_wales"
offence_category = "fraud"
stage = "charged"
custody_status = "post_charge_bail"
stage_confirmed_at = {now}
[release]
type = "charge"
policing_purpose = "inform the public of a charge"
takedown_review_on = {review}
[[people]]
ref = "D1"
role = "defendant"
name = "Stuart Kemble"
publishable = true
publishable_fields = ["name", "age", "town"]
[[people]]
ref = "C1"
role = "complainant"
name = "Priya Nair"
workplaces = ["Westbury Infirmary"]
phones = ["07700 900345"]
[[approvals]]
role = "SIO"
name = "DI R. Example"
at = {now}
[[approvals]]
role = "second_reader"
name = "S. Example"
at = {now}
"""


def demo_release(folder: Path) -> None:
    """Write a release and its case file, check it, redact it, and check the result.

    Parameters
    ----------
    folder : Path
        Folder of the demo; gets ``case.toml``, ``to-check`` and ``released``.

    Raises
    ------
    RedactionError
        If a file cannot be written, or the redacted release is refused.
    """
    source, target, case_path = folder / "to-check", folder / "released", folder / "case.toml"
    now = datetime.now(UTC).replace(microsecond=0)
    review = (now + timedelta(days=90)).date()
    try:
        source.mkdir()
        for name, words in _FILES.items():
            (source / name).write_text(words, encoding="utf-8")
        stamp = now.isoformat().replace("+00:00", "Z")
        case_path.write_text(_CASE.format(now=stamp, review=review), encoding="utf-8")
    except OSError as error:
        msg = f"the demo's files cannot be written: {error.strerror or 'refused'}"
        raise RedactionError(msg) from None
    case, policy = load_case(case_path), load_policy("release")
    engine = IdentityEngine.of(policy, case, "en", TEXT_DETECTORS)
    before = check(source, case=case_path, policy=policy, finder=engine.find)
    say(f"A release, checked with {case_path.name}: {before.verdict}")
    for finding in before.findings[:_SHOWN]:
        say(f"  {describe_finding(finding)}")
    after = release(source, target, case=case_path, text_detectors=TEXT_DETECTORS)
    if after.verdict == "blocked":
        msg = f"the demo's release was refused: {after.summary()}"
        raise RedactionError(msg)
    say(f"The same, redacted by saferedact release: {after.verdict}")
    say(f"Look at {target / 'report.html'}, and try:")
    say(f"  saferedact check {source} --case {case_path}")
    say("  saferedact check --explain ID-03")
