"""Other programs beside ours, on the same inputs: time, what they cover, what they leave."""

from benchmarks.results import Section, Table
from benchmarks.sections import Setup
from benchmarks.sections.peers.calls import OURS, Score
from benchmarks.sections.peers.documents import compare_pdf, compare_pdf_check
from benchmarks.sections.peers.pictures import compare_faces, compare_text
from benchmarks.sections.peers.video import compare_video

from benchmarks import peers as programs


def run(setup: Setup) -> Section:
    """Measure every peer that is installed."""
    folder = setup.peers or programs.DEFAULT
    known = programs.peers()
    section = Section(
        "peers",
        "Other programs",
        "Same inputs, one after the other, start-up left out on both sides (ours: models warm; theirs: the time "
        "of an empty job taken off). Processor time, children included. Where a program has a setting for "
        "covering in plain color it is used, so that what is covered can be counted in its output; else "
        "settings are defaults. Made for other purposes, each of them: see the notes.",
    )
    missing = {name: why for name, peer in known.items() if (why := peer.missing(folder))}
    table = Table("Programs", ["program", "for", "version", "licence", "state"])
    for name, peer in known.items():
        table.add(
            name, ", ".join(peer.media), peer.requirements[0], peer.licence, missing.get(name, "measured")
        )  # fmt: skip
    section.tables.append(table)
    use = {name: peer for name, peer in known.items() if name not in missing}
    scores: list[Score] = []
    for part in (compare_video, compare_faces, compare_text, compare_pdf, compare_pdf_check):
        try:
            part(setup, section, use, folder, scores)
        except Exception as error:  # noqa: BLE001  an hour of other measurements must not be lost
            name = part.__name__.removeprefix("compare_").replace("_", " ")
            section.skipped += f"The comparison of {name} failed ({type(error).__name__}). "
    section.tables.append(who_is_ahead(scores))
    return section


def who_is_ahead(scores):
    """Say of each measure who is best, and how far ours is from the best of the others."""
    table = Table(
        "Who is ahead",
        ["on", "measure", "best", "best of ours", "best of the others", "ours"],
        note="Times are of programs that do different amounts of work: ours verifies where it does not say "
        "otherwise.",
    )
    for score in scores:
        sign = 1 if score.lower_is_better else -1
        ranked = sorted(score.values.items(), key=lambda item: sign * item[1])
        ours = [item for item in ranked if item[0].startswith(OURS)]
        others = [item for item in ranked if not item[0].startswith(OURS)]
        if not ours or not others:
            continue
        best = [name for name, value in ranked if value == ranked[0][1]]
        a, b = ours[0][1], others[0][1]
        verdict = "equal" if a == b else "ahead" if sign * a < sign * b else "**behind**"
        table.add(
            score.topic, score.measure, " and ".join(best), a, f"{others[0][0]}: {b:.3g}", verdict
        )
    return table
