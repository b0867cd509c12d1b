"""Run by blankout's interpreter: its one operation, search and apply, as its own page calls it.

``python redact_blankout.py JOBS.json``; what it blocks (an audit that still finds something, a picture or
font that it cannot read) is told and writes nothing.
"""

import asyncio
import io
import json
import sys
from pathlib import Path

from fastapi import HTTPException, UploadFile
from redactpdf.main import redact_apply


def redact(source, target, secrets):
    """Ask with default options."""
    data = Path(source).read_bytes()
    payload = {"searches": [{"query": secret} for secret in secrets]}
    file = UploadFile(io.BytesIO(data), filename="a.pdf")
    answer = asyncio.run(redact_apply(file, json.dumps(payload)))
    if not answer.body.startswith(b"%PDF"):  # its audit's answer, in place of a document
        raise HTTPException(answer.status_code, json.loads(answer.body))
    Path(target).write_bytes(answer.body)


for job in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    try:
        redact(job["source"], job["target"], job["secrets"])
    except HTTPException as error:
        detail = error.detail if isinstance(error.detail, dict) else {}
        print(
            json.dumps(
                {"source": job["source"], "refused": str(detail.get("status", error.status_code))}
            )
        )
    except Exception as error:  # noqa: BLE001  a document that it cannot read is told
        print(json.dumps({"source": job["source"], "refused": type(error).__name__}))
