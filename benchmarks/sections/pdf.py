"""PDFs: pages a second, how cost grows with pages, and what can still be read afterwards."""

from benchmarks.forget import forget
from benchmarks.harness import compare, spent
from benchmarks.inputs import scanned_pdf, text_pdf
from benchmarks.pdf_leaks import oracle, redact_channel, secrets_read
from benchmarks.results import Plot, Section, Series, Table
from benchmarks.sections import Setup

from saferedact.detectors.registry import resolve_detectors
from saferedact.pipeline.redact import redact_with_plan
from saferedact.policy import load_policy
from saferedact.testing.pdfs import CHANNELS, PIXEL_CHANNELS


def run(setup: Setup) -> Section:
    """Measure PDFs."""
    section = Section(
        "pdf",
        "PDFs",
        "From file to checked file, `redact` with the policy `release`, models warm; processor time includes "
        "the worker process that opens untrusted files. The reference is reading the text of all pages and "
        "writing the file again with PyMuPDF.",
    )
    policy = load_policy("release")
    detectors = resolve_detectors(None, policy)
    _growth(setup, section, policy, detectors)
    section.tables.append(_leaks(setup))
    return section


def _plain(source, target):
    """Read and write with PyMuPDF, and do nothing else."""
    import pymupdf

    with pymupdf.open(source) as document:
        for page in document:
            page.get_text()
        document.save(target, garbage=4, deflate=True)


def _growth(setup, section, policy, detectors):
    source, target = setup.scratch / "grow.pdf", setup.scratch / "grown.pdf"

    def redacted():
        forget(*detectors)
        redact_with_plan(source, target, policy=policy, detectors=detectors, overwrite=True)

    text_pdf(source, 1)
    redacted()  # the first loads models and libraries
    _plain(source, target)
    table = Table(
        "Pages of 40 lines of text, one or two names or numbers on most lines; and scans of letters, 150 dpi",
        ["document", "CPU s (min-max)", "pages/s", "CPU s a page", "over reading and writing"],
    )
    line = Series("text", [], [], [], [])
    for pages in setup.pick((1, 2, 4, 8), (1, 4, 16, 64)):
        text_pdf(source, pages, seed=pages)
        seconds, base = [], []
        for _ in range(setup.pick(1, 3)):
            base.append(spent(lambda: _plain(source, target)))
            seconds.append(spent(redacted))
        _add(table, f"{pages} of text", pages, compare(seconds, base), seconds)
        for values, value in (
            (line.x, float(pages)),
            (line.y, sorted(seconds)[len(seconds) // 2]),
            (line.low, min(seconds)),
            (line.high, max(seconds)),
        ):
            values.append(value)
    scanned_pdf(source, 1)
    base, seconds = [spent(lambda: _plain(source, target))], [spent(redacted)]
    _add(table, "1 scanned", 1, compare(seconds, base), seconds)
    section.tables.append(table)
    section.plots.append(
        Plot(
            "pdf-pages.png",
            "line",
            "Cost against pages of text",
            "pages",
            "CPU s",
            [line],
            fit=True,
        )
    )


def _add(table, name, pages, one, seconds):
    table.add(
        name,
        f"{one.seconds:.2f} ({min(seconds):.2f}-{max(seconds):.2f})",
        pages / one.seconds,
        one.seconds / pages,
        f"{one.ratio:.0f}",
    )


def _leaks(setup):
    """Redact the corpus of channels, and let other engines read before and after."""
    chosen = CHANNELS[:: setup.pick(8, 1)]
    reads = oracle()
    before = after = 0
    where = []
    for channel in chosen:
        source, target = setup.scratch / "a.pdf", setup.scratch / "b.pdf"
        secrets = redact_channel(channel, source, target)
        pixels = channel in PIXEL_CHANNELS
        before += bool(secrets_read(reads, source, secrets, pixels=pixels))
        left = secrets_read(reads, target, secrets, pixels=pixels)
        after += bool(left)
        where += [f"{channel}: {', '.join(sorted(left))}"] if left else []
    table = Table(
        "Leaks: documents in which a planted name or number can be read by other engines",
        ["channels", "before", "after", "where"],
        note="[All channels](pdf-channels.md). The text engine is told the secrets.",
    )
    table.add(f"{len(chosen)} of {len(CHANNELS)}", before, after, "; ".join(where) or "nowhere")
    return table
