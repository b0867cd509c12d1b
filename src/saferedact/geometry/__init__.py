"""Boxes, grids, overlap and orientation: pure array geometry.

Boxes are ``xyxy``, half-open, origin top-left, float32, in upright coded pixels (rotation applied,
sample aspect ratio not) unless a docstring says otherwise.
"""

from saferedact.geometry.boxes import (
    BoxesXYXY,
    area,
    as_boxes,
    clip,
    cxcywh_to_xyxy,
    dilate,
    round_outward,
    widen,
    xywh_to_xyxy,
    xyxy_to_cxcywh,
    xyxy_to_xywh,
)
from saferedact.geometry.grid import Grid, snap_outward
from saferedact.geometry.orientation import (
    Orientation,
    boxes_to_stored,
    boxes_to_upright,
    grid_to_upright,
    orientation_of_matrix,
    rotate_boxes_back,
    size_upright,
    to_upright,
)
from saferedact.geometry.overlap import covered_fraction, iou_matrix, merge_overlapping, nms

__all__ = [
    "BoxesXYXY",
    "Grid",
    "Orientation",
    "area",
    "as_boxes",
    "boxes_to_stored",
    "boxes_to_upright",
    "clip",
    "covered_fraction",
    "cxcywh_to_xyxy",
    "dilate",
    "grid_to_upright",
    "iou_matrix",
    "merge_overlapping",
    "nms",
    "orientation_of_matrix",
    "rotate_boxes_back",
    "round_outward",
    "size_upright",
    "snap_outward",
    "to_upright",
    "widen",
    "xywh_to_xyxy",
    "xyxy_to_cxcywh",
    "xyxy_to_xywh",
]
