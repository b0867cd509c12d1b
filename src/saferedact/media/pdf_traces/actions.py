"""Actions of a PDF: of the document, a page, an annotation or a field, and what each leads on to."""

from collections.abc import Iterator
from typing import Any

__all__ = ["actions_of", "is_script"]

_PROGRAMS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"})


def actions_of(owner: Any) -> Iterator[Any]:
    """Yield the actions of an object, those for its events, and those that follow (ISO 32000-2, 12.6).

    Parameters
    ----------
    owner : pikepdf.Object
        A catalog, page, annotation or field.

    Yields
    ------
    pikepdf.Object
        A dictionary with an entry ``/S``; each once.
    """
    import pikepdf

    events = owner.get("/AA")
    pending = [owner.get("/OpenAction"), owner.get("/A")]
    pending += list(events.values()) if isinstance(events, pikepdf.Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, pikepdf.Array | pikepdf.Dictionary) and node.is_indirect:
            if node.objgen in seen:
                continue
            seen.add(node.objgen)
        if isinstance(node, pikepdf.Array):
            pending += list(node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            pending.append(node.get("/Next"))


def is_script(action: Any) -> bool:
    """Tell whether an action runs a program, or sends or fetches data."""
    return "/JS" in action or str(action.get("/S")) in _PROGRAMS
