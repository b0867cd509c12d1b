"""What every office file tells of itself: authors, companies, templates, and what is packed in it."""

import posixpath
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from saferedact.media.contents import Packed
from saferedact.media.office.package import Package, local
from saferedact.traces import Trace

__all__ = ["NEUTRAL_AUTHORS", "packed_parts", "property_traces"]

NEUTRAL_AUTHORS = frozenset({"", "python-docx", "openpyxl", "Normal.dotm"})
"""Authors and templates that programs write themselves: they name nobody."""

_NEUTRAL_PROPERTIES = frozenset(
    [
        "revision",
        "version",
        "created",
        "modified",
        "lastPrinted",
        "TotalTime",
        "Pages",
        "Words",
        "Characters",
        "Lines",
        "Paragraphs",
        "CharactersWithSpaces",
        "DocSecurity",
        "ScaleCrop",
        "LinksUpToDate",
        "SharedDoc",
        "HyperlinksChanged",
        "AppVersion",
        "HeadingPairs",
        "TitlesOfParts",
        "Slides",
        "Notes",
        "HiddenSlides",
        "MMClips",
        "PresentationFormat",
        "Application",
        "language",
        "contentStatus",
    ]
)
"""Properties that count or name the program; titles of parts are seen in the file itself. Dates are
left out too: a document's own date is on its face as a rule."""

_EMBEDDED = (
    "word/embeddings/",
    "xl/embeddings/",
    "ppt/embeddings/",
    "word/activeX/",
    "xl/activeX/",
)
_MEDIA = ("word/media/", "xl/media/", "ppt/media/")
_CUSTOM = ("customXml/item",)


def property_traces(package: Package) -> Iterator[Trace]:
    """Yield who made the file, custom data, macros, thumbnails and links to the outside."""
    for part in ("docProps/core.xml", "docProps/app.xml"):
        for element in package.xml(part):
            text = (element.text or "").strip()
            if text not in NEUTRAL_AUTHORS and local(element.tag) not in _NEUTRAL_PROPERTIES:
                yield Trace("author", "file properties", text)
    for element in package.xml("docProps/custom.xml"):
        yield Trace("custom-data", "custom properties", _all_text(element))
    for name in package.names:
        base = posixpath.basename(name)
        if name.startswith(_CUSTOM) and base.startswith("item") and "Props" not in base:
            yield Trace("custom-data", "custom XML part", _all_text(package.xml(name)))
        elif base == "vbaProject.bin":
            yield Trace("macro", "macro project")
        elif name.startswith("docProps/thumbnail"):
            yield Trace("thumbnail", "file thumbnail")
    yield from _outside(package)


def packed_parts(package: Package) -> Iterator[Packed]:
    """Yield embedded files and pictures."""
    for number, name in enumerate(package.below(*_EMBEDDED), start=1):
        yield Packed(package.read(name), f"embedded object {number}", posixpath.basename(name))
    for number, name in enumerate(package.below(*_MEDIA), start=1):
        base = posixpath.basename(name)
        yield Packed(package.read(name), f"picture {number}", base, shown=True)
    for name in package.below("docProps/thumbnail"):
        yield Packed(package.read(name), "file thumbnail", posixpath.basename(name))


def _outside(package: Package) -> Iterator[Trace]:
    channels: dict[str, str] = {"attachedTemplate": "template-path"}
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        for element in package.xml(name):
            kind = element.get("Type", "").rpartition("/")[2]
            if element.get("TargetMode") == "External" and kind != "hyperlink":
                channel = channels.get(kind, "external-link")
                yield Trace(channel, "relation to the outside", element.get("Target", ""))


def _all_text(root: ET.Element) -> str:
    return " ".join(text.strip() for text in root.itertext() if text.strip())
