"""Run by x-ray's interpreter: ``python inspect_xray.py FILE...`` prints the files it finds something in."""

import asyncio
import inspect
import sys

import xray

for path in sys.argv[1:]:
    try:
        found = xray.inspect(path)
        found = asyncio.run(found) if inspect.iscoroutine(found) else found
    except Exception:  # noqa: BLE001  a document that it cannot read is one it says nothing of
        continue
    if found:
        print(path)
