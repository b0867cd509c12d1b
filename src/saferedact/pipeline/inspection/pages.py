"""What a page of HTML, or another text, holds besides its words, which are read whether shown or not."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from saferedact.checks.material import Segment, Sight
from saferedact.document_io import read_bounded
from saferedact.media.data_addresses import files_inside
from saferedact.media.markup import read_markup, ruled_elsewhere
from saferedact.pipeline.inspection.as_material import Looked, segments_of
from saferedact.pipeline.inspection.findings import Inside, Inspection, medium_of, within
from saferedact.pipeline.inspection.worker import Inspector
from saferedact.pipeline.seen import Seen
from saferedact.pipeline.text_segments import PAGE_SUFFIXES
from saferedact.text.decode import decode_text, may_be_text
from saferedact.traces import Trace

__all__ = ["hidden_in_text"]

_MAX_PAGE_BYTES = 10 * 1024**2
"""As of any text; a longer one is refused before this looks."""

_See = Callable[[Inspection, Path], Seen]
"""Looks at pictures that a look into a file has put into a folder."""


def hidden_in_text(path: Path, inspector: Inspector, see: _See) -> Looked:
    """Find what a text hides: by markup and inline styles, in files inside; and what was not looked at.

    Parameters
    ----------
    path : Path
        A page, or another text, told by its suffix. Opened read-only.
    inspector : Inspector
        Who looks into the files inside.
    see : callable
        Who looks at the pictures among them.

    Returns
    -------
    Looked
        Texts and sights are those of the files inside: the page's own are read elsewhere, hidden ones
        included.

    Raises
    ------
    InputError
        If it cannot be read.
    DetectorError
        If a detector fails.
    """
    page = decode_text(read_bounded(path, _MAX_PAGE_BYTES, what="page")).text
    files = _Files(inspector, see)
    is_page = path.suffix.lower() in PAGE_SUFFIXES
    for inside in files_inside(page, is_markup=is_page):
        if inside.data is None:
            files.gaps.append(f"{inside.place}: it cannot be looked into")
        else:
            files.look(inside.place, inside.data)
    if is_page and ruled_elsewhere(page):
        files.gaps.append("what style sheets and scripts of the page hide was not looked at")
    return Looked(
        "text",
        tuple(files.segments),
        (*(read_markup(page).traces if is_page else ()), *files.traces),
        tuple(files.gaps),
        inspected=is_page or bool(files.looked_into),
        sights=tuple(files.sights),
        pictures_inside=files.has_pictures,
    )


@dataclass(slots=True)
class _Files:
    """What the files hold that a page carries in its own addresses."""

    inspector: Inspector
    see: _See
    segments: list[Segment] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    has_pictures: bool = False
    looked_into: int = 0

    def look(self, place: str, data: bytes) -> None:
        """Look into a file, and at it if it is a picture."""
        self.looked_into += 1
        with tempfile.TemporaryDirectory(prefix="saferedact-") as name:
            file, shelf = Path(name, "0"), Path(name, "inside")
            file.write_bytes(data)
            shelf.mkdir()
            found = self.inspector.inspect(file, shelf)
            if not found.inspected and may_be_text(data):
                self.segments.append(Segment(decode_text(data).text, part=place))
                return
            seen = [self.see(found, shelf)]
            kind = medium_of(found.kind)
            if kind is not None:
                itself = replace(found, inside=(Inside("0", "", kind),))
                seen.append(self.see(itself, file.parent))
        self.has_pictures |= len(seen) > 1 or bool(found.inside)
        self.traces += [trace.within(place) for trace in found.traces]
        reasons = [*found.unread, *(reason for one in seen for reason in one.unread)]
        self.gaps += [within(place, reason) for reason in reasons]
        texts = [*segments_of(found), *(text for one in seen for text in one.texts)]
        self.segments += [replace(text, part=within(place, text.part)) for text in texts]
        sights = [sight for one in seen for sight in one.sights]
        self.sights += [replace(sight, part=within(place, sight.part)) for sight in sights]
