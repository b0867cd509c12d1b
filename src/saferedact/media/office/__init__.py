"""Office files (DOCX, XLSX, PPTX; ODT, ODS, ODP): what they show, and all that they do not show.

Read with the standard library alone, within limits, and never run: no macro, no link, no formula.
ECMA-376 and OASIS OpenDocument name the parts and elements; the channels are those that people leak by.
"""

from saferedact.media.office.read import OFFICE_FORMATS, office_format, read_office

__all__ = ["OFFICE_FORMATS", "office_format", "read_office"]
