"""Optional content: which layers a reader sees when the document is opened."""

from typing import Any

from saferedact.media.pdf_objects import is_array, is_dictionary

__all__ = ["Layers"]


class Layers:
    """Default state of the layers of a document.

    Parameters
    ----------
    properties : pikepdf.Dictionary or None
        ``/OCProperties`` of the catalog.
    """

    def __init__(self, properties: Any) -> None:
        self._off: set[tuple[int, int]] = set()
        if properties is None:
            return
        default = properties.get("/D")
        if default is None:
            return
        if str(default.get("/BaseState", "/ON")) == "/OFF":
            self._off = {layer.objgen for layer in properties.get("/OCGs", [])}
            self._off -= {layer.objgen for layer in default.get("/ON", [])}
        self._off |= {layer.objgen for layer in default.get("/OFF", [])}

    def hidden(self, group: Any) -> bool:
        """Tell whether a group or membership dictionary is not shown.

        A membership with a visibility expression counts as hidden: too little is lost to trust it.
        """
        if group is None or not is_dictionary(group):
            return False
        if str(group.get("/Type", "")) != "/OCMD":
            return group.objgen in self._off
        if "/VE" in group:
            return True
        members = group.get("/OCGs", [])
        members = list(members) if is_array(members) else [members]
        off = [member.objgen in self._off for member in members if is_dictionary(member)]
        if not off:
            return False
        rule = str(group.get("/P", "/AnyOn"))
        shown = {
            "/AllOn": not any(off),
            "/AnyOff": any(off),
            "/AllOff": all(off),
        }.get(rule, not all(off))
        return not shown
