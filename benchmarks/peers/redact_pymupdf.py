"""Run by PyMuPDF's interpreter: what its documentation shows for removing words from a PDF.

``python redact_pymupdf.py JOBS.json``; a job is ``{"source", "target", "secrets": [...]}``.
"""

import json
import sys
from pathlib import Path

import pymupdf


def redact(source, target, secrets):
    """Search, mark, apply, save without what is not used any more."""
    with pymupdf.open(source) as document:
        for page in document:
            for secret in secrets:
                for quad in page.search_for(secret, quads=True):
                    page.add_redact_annot(quad, fill=(0, 0, 0))
            page.apply_redactions()
        document.scrub()
        document.save(target, garbage=4, deflate=True)


for job in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    try:
        redact(job["source"], job["target"], job["secrets"])
    except Exception as error:  # noqa: BLE001  a document that it refuses is told
        print(json.dumps({"source": job["source"], "refused": type(error).__name__}))
