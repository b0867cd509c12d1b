"""Parts of an office file beside its pages: charts, diagrams, text boxes of sheets, what nothing uses.

Whatever no other reader has read is read here for its words, so that none passes because it stands in
an unusual place.
"""

import posixpath
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from saferedact.errors import DamagedInputError
from saferedact.media.contents import Packed, Passage
from saferedact.media.office.drawing import names_within
from saferedact.media.office.package import Package, local
from saferedact.traces import Trace

__all__ = ["OtherParts"]

_SHOWN = {"charts": "chart", "chartsex": "chart", "diagrams": "diagram", "drawings": "drawing"}
"""Folders below the main one whose words a reader sees, and what to call them."""

_HIDDEN = {"slides": "hidden-slide", "notesSlides": "speaker-notes", "worksheets": "hidden-sheet"}
"""Folders with pages: what is left there is on no list of pages. All else is data of a program."""

_MAIN = ("word", "xl", "ppt")
_ENDINGS = (".xml", ".vml")
_LEFT_OUT = (".rels", ".odttf", ".fntdata", ".ttf", "[Content_Types].xml")
_LEFT_OUT_BASES = ("printerSettings", "vbaProject", "vbaData", "thumbnail")
"""Relations, which are read by themselves; embedded fonts; what has a trace of its own, and the settings
of a printer, which nearly every workbook has."""

_ADDRESSES = ("mailto:", "tel:")


class OtherParts:
    """Reads the parts of a package that nobody has read so far.

    Parameters
    ----------
    package : Package
        The package, after its pages were read.

    Attributes
    ----------
    passages, traces, packed
        What was found.
    unread : list of str
        Parts that cannot be read.
    """

    def __init__(self, package: Package) -> None:
        self.passages = list(_links(package))
        self.traces: list[Trace] = []
        self.packed: list[Packed] = []
        self.unread: list[str] = []
        self._told: set[str] = set()
        for name in package.names:
            base = posixpath.basename(name)
            if name in package.used or name.endswith(_LEFT_OUT) or base.startswith(_LEFT_OUT_BASES):
                continue
            if name.lower().endswith(_ENDINGS):
                self._read(package, name)
            else:
                number = len(self.packed) + 1
                self.traces.append(Trace("custom-data", f"other part {number}", base))
                self.packed.append(Packed(package.read(name), f"other part {number}", base, True))

    def _read(self, package: Package, name: str) -> None:
        main, _, rest = name.partition("/")
        folder = rest.partition("/")[0] if main in _MAIN else ""
        what = _SHOWN.get(folder)
        number = len(self.passages) + len(self.traces) + 1
        try:
            root = package.xml(name)
        except DamagedInputError:
            self.unread.append(f"a {what or 'part'} of the file is not well-formed")
            return
        text = " ".join(_words(root))
        if text and text not in self._told:  # a diagram keeps its words as data and as a drawing
            self._told.add(text)
            if what is not None:
                self.passages.append(Passage(text, f"{what} {number}"))
            else:
                channel = _HIDDEN.get(folder, "custom-data")
                self.traces.append(Trace(channel, f"other part {number}", text))
        self.passages += names_within(root, f"{what or 'part'} {number}")
        for element in root.iter():
            if local(element.tag) == "cNvPr" and element.get("descr"):
                place = f"{what or 'part'} {number}, alternative text"
                self.passages.append(Passage(element.get("descr", ""), place))
            elif local(element.tag) == "person":  # kept when all of their comments are gone
                for key in ("author", "displayName"):
                    if value := _attribute(element, key):
                        self.traces.append(Trace("author", f"other part {number}", value))


def _words(root: ET.Element) -> Iterator[str]:
    """Yield the texts below an element; a paragraph in one piece, its runs may divide words."""
    for element in root.iter():
        if local(element.tag) == "p":
            text = "".join(part.text or "" for part in element.iter() if local(part.tag) == "t")
        elif local(element.tag) in ("t", "r", "rPr", "pPr"):
            continue
        else:
            text = element.text or ""
        is_data = local(element.tag) in ("v", "p") or any(sign.isalpha() for sign in text)
        if is_data and text.strip():
            yield text.strip()


def _attribute(element: ET.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def _links(package: Package) -> Iterator[Passage]:
    """Yield addresses and numbers behind links: a reader sees them when pointing there."""
    found: dict[str, None] = {}
    for name in package.names:
        if name.endswith(".rels"):
            for element in package.xml(name):
                target = element.get("Target", "")
                if target.lower().startswith(_ADDRESSES):
                    found[target.partition(":")[2].partition("?")[0]] = None
    for number, target in enumerate(found, start=1):
        yield Passage(target, f"link {number}")
