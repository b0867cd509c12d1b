"""What detectors saw: boxes in one image, frame or page as parallel arrays, and spans of a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from saferedact.errors import InputError
from saferedact.geometry import BoxesXYXY, as_boxes
from saferedact.text.spans import TextSpan

__all__ = ["Detections", "TextSpan"]


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes with scores and labels.

    The arrays are copied and made read-only; those of the caller are left as they are. There is no
    ``==``: compare the arrays.

    Parameters
    ----------
    xyxy : ndarray, shape (n, 4), float32
        Boxes in upright coded pixels or in points, half-open.
    score : ndarray, shape (n,), float32
        Confidence, 0 to 1.
    label_id : ndarray, shape (n,), int16
        Positions in `labels`.
    labels : tuple of str
        Names of the labels, all different.
    people : tuple of (str or None)
        Whom each box shows or names, as a reference of the case file; None where it is not known.
        An empty one, the default, says so of every box.

    Raises
    ------
    InputError
        If shapes, kinds of numbers or values do not fit.
    """

    xyxy: BoxesXYXY
    score: npt.NDArray[np.float32]
    label_id: npt.NDArray[np.int16]
    labels: tuple[str, ...]
    people: tuple[str | None, ...] = ()

    def __post_init__(self) -> None:
        """Copy, check and freeze the arrays."""
        labels = tuple(self.labels)
        xyxy = as_boxes(self.xyxy)
        score = _column(self.score, "score", "f", len(xyxy))
        label_id = _column(self.label_id, "label_id", "iu", len(xyxy))
        # NaN fails the comparison too.
        if not bool(((score >= 0) & (score <= 1)).all()):
            msg = "score must be finite and within 0 to 1"
            raise InputError(msg)
        if len(set(labels)) != len(labels):
            msg = "labels must be different from each other"
            raise InputError(msg)
        if not bool(((label_id >= 0) & (label_id < len(labels))).all()):
            msg = f"label_id must be within 0 to {len(labels) - 1}, the positions in labels"
            raise InputError(msg)
        people = tuple(self.people) or (None,) * len(xyxy)
        if len(people) != len(xyxy):
            msg = f"people must have one entry for each of {len(xyxy)} boxes, or none"
            raise InputError(msg)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "xyxy", _frozen(xyxy))
        object.__setattr__(self, "score", _frozen(score.astype(np.float32)))
        object.__setattr__(self, "label_id", _frozen(label_id.astype(np.int16)))

    @classmethod
    def empty(cls, labels: Sequence[str] = ()) -> Self:
        """Make detections of nothing.

        Parameters
        ----------
        labels : sequence of str
            Labels that were looked for.
        """
        return cls(
            np.empty((0, 4), np.float32),
            np.empty(0, np.float32),
            np.empty(0, np.int16),
            tuple(labels),
        )

    @classmethod
    def concatenate(cls, parts: Sequence["Detections"]) -> Self:
        """Join detections of one image, in order.

        Parameters
        ----------
        parts : sequence of Detections
            They may have different labels.

        Returns
        -------
        Detections
            With the labels of all parts, each once, in the order of their first appearance.
        """
        labels = tuple(dict.fromkeys(label for part in parts for label in part.labels))
        if not parts:
            return cls.empty(labels)
        position = {label: index for index, label in enumerate(labels)}
        label_ids = [
            np.array([position[label] for label in part.labels], dtype=np.int16)[part.label_id]
            for part in parts
        ]
        return cls(
            np.concatenate([part.xyxy for part in parts]),
            np.concatenate([part.score for part in parts]),
            np.concatenate(label_ids),
            labels,
            tuple(person for part in parts for person in part.people),
        )

    def __len__(self) -> int:
        """Return the number of boxes."""
        return len(self.xyxy)

    def __getitem__(self, index: slice | npt.NDArray[Any]) -> Self:
        """Select boxes; the labels stay as they are.

        Parameters
        ----------
        index : slice or ndarray, shape (m,) of int or (n,) of bool
            Which boxes, in which order.

        Raises
        ------
        InputError
            If `index` is of another kind or shape, or points beyond the boxes.
        """
        if not isinstance(index, slice):
            index = _as_array(index, "the selection")
            if index.ndim != 1 or index.dtype.kind not in "biu":
                msg = (
                    "detections are selected by a slice or a 1-D array of bool or int, "
                    f"but got shape {index.shape} of {index.dtype}"
                )
                raise InputError(msg)
        try:
            chosen = np.arange(len(self))[index].tolist()
            return type(self)(
                self.xyxy[index],
                self.score[index],
                self.label_id[index],
                self.labels,
                tuple(self.people[i] for i in chosen),
            )
        except IndexError:
            msg = f"the selection does not fit {len(self)} detections"
            raise InputError(msg) from None


def _column(values: npt.ArrayLike, name: str, kinds: str, length: int) -> npt.NDArray[Any]:
    column = _as_array(values, name)
    if column.shape != (length,):
        msg = f"{name} must have shape ({length},) as xyxy has, but got shape {column.shape}"
        raise InputError(msg)
    if column.dtype.kind not in kinds:
        what = "floating-point" if kinds == "f" else "whole"
        msg = f"{name} must hold {what} numbers, but got {column.dtype}"
        raise InputError(msg)
    return column


def _as_array(values: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    try:
        return np.asarray(values)
    except (TypeError, ValueError):  # rows of different lengths
        msg = f"{name} must be an array of numbers"
        raise InputError(msg) from None


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.setflags(write=False)
    return array
