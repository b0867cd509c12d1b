"""Colors of a source page as plain gray, RGB or CMYK numbers; None stands for what has to be pixels."""

from typing import Any

from saferedact.media.pdf_model import Color
from saferedact.media.pdf_objects import is_array

__all__ = ["Space", "default_color", "read_space"]

_MAX_DEPTH = 4  # names that lead to names; a spot color's base is one step

_DEVICE = {
    "/DeviceGray": 1,
    "/G": 1,
    "/CalGray": 1,
    "/DeviceRGB": 3,
    "/RGB": 3,
    "/CalRGB": 3,
    "/DeviceCMYK": 4,
    "/CMYK": 4,
}


class Space:
    """A color space that can be written as plain numbers.

    Parameters
    ----------
    components : int
        Numbers of one of its colors.
    tint : (tuple of float, tuple of float, float) or None
        Of a spot color: colors at 0 and 1, and the exponent between them (ISO 32000-1, 7.10.3).
    """

    def __init__(self, components: int, tint: tuple[Color, Color, float] | None = None) -> None:
        self.components = components
        self.tint = tint

    def color(self, operands: list[float]) -> Color | None:
        """Return the plain color of operands; None if they do not fit."""
        if len(operands) != self.components:
            return None
        values = tuple(min(max(value, 0.0), 1.0) for value in operands)
        if self.tint is None:
            return values
        low, high, exponent = self.tint
        share = values[0] ** exponent
        return tuple(
            min(max(a + share * (b - a), 0.0), 1.0) for a, b in zip(low, high, strict=True)
        )


def default_color(space: Space | None) -> Color | None:
    """Return the color that a space begins with."""
    if space is None:
        return None
    if space.tint is not None:
        return space.color([1.0])
    return (0.0, 0.0, 0.0, 1.0) if space.components == 4 else (0.0,) * space.components


def read_space(stored: Any, resources: Any, depth: int = 0) -> Space | None:
    """Read a color space; None if its colors have to become pixels.

    Parameters
    ----------
    stored : pikepdf.Object
        A name or an array.
    resources : pikepdf.Dictionary or None
        Where names lead to.
    """
    if depth > _MAX_DEPTH or stored is None:
        return None
    if not is_array(stored):
        if str(stored) in _DEVICE:
            return Space(_DEVICE[str(stored)])
        named = resources.get("/ColorSpace") if resources is not None else None
        found = named.get(str(stored)) if named is not None else None
        return read_space(found, resources, depth + 1)
    kind = str(stored[0])
    if kind in _DEVICE:
        return Space(_DEVICE[kind])
    if kind == "/ICCBased":
        components = int(stored[1].get("/N", 0))
        return Space(components) if components in (1, 3, 4) else None
    return _spot(stored, resources, depth) if kind == "/Separation" else None


def _spot(stored: Any, resources: Any, depth: int) -> Space | None:
    """Read a spot color whose tints lie between two plain colors."""
    base = read_space(stored[2], resources, depth + 1)
    function = stored[3]
    plain = str(stored[1]) not in ("/All", "/None") and int(function.get("/FunctionType", -1)) == 2
    if base is None or base.tint is not None or not plain:
        return None
    low = tuple(float(value) for value in function.get("/C0", [0.0]))
    high = tuple(float(value) for value in function.get("/C1", [1.0]))
    if not len(low) == len(high) == base.components:
        return None
    return Space(1, (low, high, float(function.get("/N", 1))))
