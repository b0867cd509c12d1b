"""Which pictures of a PDF anything paints."""

from typing import TYPE_CHECKING, Any

from saferedact.media.pdf_traces.access import contents_of, data_of, items_at
from saferedact.media.pdf_traces.unfolding import painted_names

if TYPE_CHECKING:
    import pikepdf

__all__ = ["used_pictures"]


def used_pictures(pdf: "pikepdf.Pdf") -> set[tuple[int, int]]:
    """Return which pictures any page, form, pattern or annotation paints, or which others need."""
    import pikepdf

    used: set[tuple[int, int]] = set()
    holders: list[tuple[Any, bytes]] = []
    for page in pdf.pages:
        holders.append((page.resources, b"\n".join(map(data_of, contents_of(page.obj)))))
        thumb = page.obj.get("/Thumb")
        if thumb is not None:
            used.add(thumb.objgen)
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            if "/Resources" in item:
                holders.append((item["/Resources"], data_of(item)))
            used |= _needed(item)
    for resources, data in holders:
        painted = painted_names(data)
        pictures = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        if isinstance(pictures, pikepdf.Dictionary):
            used |= {v.objgen for k, v in pictures.items() if k in painted}
    return used


def _needed(item: Any) -> set[tuple[int, int]]:
    """Return the masks of a picture, and its alternates, which are told apart."""
    import pikepdf

    others = [item.get("/SMask"), item.get("/Mask")]
    others += [other.get("/Image") for other in items_at(item, "/Alternates")]
    return {other.objgen for other in others if isinstance(other, pikepdf.Stream)}
