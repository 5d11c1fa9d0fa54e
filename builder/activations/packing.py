"""Steps with their labels, as small as they get: a bit for what is 0 or 1, else two bytes.

Labels come one feature at a time, so that a long text never has all of them at their full size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.feed import StepMarks, fed
from builder.features import LARGEST


@dataclass(frozen=True)
class Packed:
    """Some steps with their labels, as small as they get.

    Attributes:
        ids: [S], indices of the steps, in the smallest unsigned type that holds them.
        binary: Columns of features that are 0 or 1 everywhere, Kb of them.
        bits: uint8[S, ceil(Kb / 8)], these features, the first in the highest bit.
        rest: int16 or float32[S, K − Kb], the other features, in their order.
        marks: uint8[S] where the network begins anew inside a text; else None.
    """

    ids: NDArray[Any]
    binary: tuple[int, ...]
    bits: NDArray[np.uint8]
    rest: NDArray[Any]
    marks: StepMarks | None = None

    @property
    def labels(self) -> NDArray[Any]:
        """All labels, [S, K], in the type of `rest`."""
        n, k = len(self.ids), len(self.binary) + self.rest.shape[1]
        labels = np.empty((n, k), self.rest.dtype)
        others = np.setdiff1d(np.arange(k), self.binary)
        labels[:, others] = self.rest
        labels[:, self.binary] = np.unpackbits(self.bits, 1, len(self.binary))
        return labels

    def __getitem__(self, at: slice) -> Packed:
        marks = None if self.marks is None else self.marks[at]
        return Packed(self.ids[at], self.binary, self.bits[at], self.rest[at], marks)

    @property
    def indices(self) -> NDArray[np.int64]:
        """The indices, int64[S]."""
        return self.ids.astype(np.int64)

    @property
    def fed(self) -> NDArray[np.int64]:
        """What a network is fed of them, int64[S]."""
        return fed(self.indices, self.marks)

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All that takes room."""
        whole = (self.ids, self.bits, self.rest)
        return whole if self.marks is None else (*whole, self.marks)


def pack(
    ids: NDArray[np.int64], columns: Iterable[NDArray[Any]], marks: StepMarks | None = None
) -> Packed:
    """Pack S steps.

    Labels are int16, those beyond ±32,767 moved there, where all are whole numbers, and float32
    where one is not.

    Args:
        ids: int64[S].
        columns: [S] each, K of them, of any type of numbers.
        marks: uint8[S], or None.
    """
    binary, parts, others = list[int](), list[NDArray[np.uint8]](), list[NDArray[Any]]()
    whole = True
    for number, column in enumerate(columns):
        if column.dtype.kind == "f":
            column, whole = column.astype(np.float32), False
        if ((column == 0) | (column == 1)).all():
            if len(binary) % 8 == 0:
                parts.append(np.zeros(len(ids), np.uint8))
            parts[-1] |= column.astype(np.uint8) << np.uint8(7 - len(binary) % 8)
            binary.append(number)
        else:
            others.append(_narrow(column))
    bits = np.stack(parts, 1) if parts else np.empty((len(ids), 0), np.uint8)
    return Packed(small(ids), tuple(binary), bits, _together(others, len(ids), whole), marks)


def small(numbers: NDArray[np.int64]) -> NDArray[Any]:
    """Return whole numbers in the smallest unsigned type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _narrow(column: NDArray[Any]) -> NDArray[Any]:
    """Return numbers as int16 where nothing is lost by that."""
    if column.max() > LARGEST or column.min() < -LARGEST:
        return column
    narrow = column.astype(np.int16)
    return narrow if np.array_equal(narrow, column) else column


def _together(columns: list[NDArray[Any]], count: int, whole: bool) -> NDArray[Any]:
    """Return columns as one array; the list is emptied on the way, so that none is kept twice."""
    if whole or all(column.dtype == np.int16 for column in columns):
        rest, most = np.empty((count, len(columns)), np.int16), LARGEST
    else:
        rest, most = np.empty((count, len(columns)), np.float32), None
    for number in reversed(range(len(columns))):
        column = columns.pop()
        rest[:, number] = column if most is None else np.clip(column, -most, most)
    return rest
