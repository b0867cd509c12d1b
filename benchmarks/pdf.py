"""The table of channels: what can be read in a document before and after.

Run ``python -m benchmarks.pdf`` to write ``docs/pdf-channels.md`` anew, and with ``--figures`` to print
processor time for a page of text.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path

from saferedact.detectors.ocr import TextReader
from saferedact.detectors.text_in_image import TextInImageDetector
from saferedact.pipeline.pdf import finder
from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs import CHANNELS, PIXEL_CHANNELS, make_channel
from saferedact.text.sweep import Seed, sweep

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "pdf-channels.md"

HEAD = """# Channels of PDFs

A PDF keeps text in many places. For each of them the test corpus (`saferedact.testing.pdfs`) has a small document that holds a fictional name and
telephone number there. The table says where an oracle reads them in the untouched file and in the redacted one. The oracle (`tests/pdf/oracle.py`) shares no code
with saferedact: pdfminer.six and PDFium read the text, every string, name and decoded stream is searched, and for channels of pixels the pages and stored images
are read by an OCR engine. The text engine is told the secrets, so that the table is about documents and not about finding names.

`python -m benchmarks.pdf` writes this page anew.

| channel | read before | read after | pages |
|---|---|---|---|
"""


class _Engine:
    def __init__(self) -> None:
        self.seeds: list[Seed] = []

    def __call__(self, text: str) -> list:
        return sweep(text, self.seeds)


def table() -> str:
    """Redact every document of the corpus and ask the oracle."""
    sys.path.insert(0, str(ROOT / "tests" / "pdf"))
    import oracle

    engine = _Engine()
    finder.text_engine = lambda _search: engine
    reader = TextReader(threads=1)
    lines = []
    leaks = 0
    with tempfile.TemporaryDirectory() as folder:
        for channel in CHANNELS:
            source, target = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
            secrets = make_channel(channel, source)
            engine.seeds = [Seed(secrets.name, "person"), Seed(secrets.phone, "phone")]
            detectors = [TextInImageDetector(engine, reader=reader)]
            result = redact_with_plan(source, target, detectors=detectors, overwrite=True)
            pixels = channel in PIXEL_CHANNELS
            before = oracle.leaks(source, secrets.all, pixels=pixels)
            after = oracle.leaks(target, secrets.all, pixels=pixels)
            leaks += bool(after)
            kind = (
                "picture" if any("picture" in note for note in result.report.notes) else "rebuilt"
            )
            lines.append(
                f"| {channel} | {', '.join(sorted(before))} | {', '.join(sorted(after)) or 'nowhere'} | {kind} |"
            )
    total = f"\n{len(CHANNELS)} channels; leaks before: {len(CHANNELS)}, after: {leaks}.\n"
    return HEAD + "\n".join(lines) + "\n" + total


def figures() -> None:
    """Print processor time for a page of text, worker included."""
    import resource

    from pikepdf import Dictionary, Name, new

    pdf = new()
    pdf.add_blank_page(page_size=(595, 842))
    fonts = Dictionary(
        F1=Dictionary(Type=Name("/Font"), Subtype=Name("/Type1"), BaseFont=Name("/Helvetica"))
    )
    pdf.pages[0].obj["/Resources"] = Dictionary(Font=fonts)
    line = "The witness Harriet Osgathorp told the meeting of a car in the road"
    text = "\n".join(
        f"BT /F1 11 Tf 60 {790 - 16 * i} Td ({line}) Tj ET" for i in range(3000 // len(line))
    )
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(text.encode())
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        pdf.save(source)
        for _ in range(3):  # the first loads models and libraries
            start = time.process_time()
            redact_with_plan(source, target, detectors=[], overwrite=True)
            print(f"this process {time.process_time() - start:.2f} s")
        del resource


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--figures", action="store_true")
    with contextlib.suppress(KeyboardInterrupt):
        if parser.parse_args().figures:
            figures()
        else:
            TABLE.write_text(table(), encoding="utf-8")
