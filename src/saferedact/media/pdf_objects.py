"""What kind of PDF object something is: objects of pikepdf have the methods of all kinds."""

from typing import Any

__all__ = ["is_array", "is_dictionary", "is_stream"]


def is_array(item: Any) -> bool:
    """Tell whether something is an array."""
    import pikepdf

    return isinstance(item, (list, pikepdf.Array))


def is_dictionary(item: Any) -> bool:
    """Tell whether something is a dictionary, or a stream, which has one."""
    import pikepdf

    return isinstance(item, (pikepdf.Dictionary, pikepdf.Stream))


def is_stream(item: Any) -> bool:
    """Tell whether something is a stream."""
    import pikepdf

    return isinstance(item, pikepdf.Stream)
