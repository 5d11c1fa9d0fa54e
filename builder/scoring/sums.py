"""Sums over a text that can be taken in shares, sent as plain arrays, and added up in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from builder.scoring.prepare import Rows

State = dict[str, NDArray[Any]]
"""Arrays by name, float64 or int64; all of them add up."""


class Sums(Protocol):
    """Sums over scored characters."""

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""

    def state(self) -> State:
        """Return all sums, not copied: what is added afterwards may be in them too."""

    def merge(self, state: State) -> None:
        """Add the sums of other characters; equal orders of merging give equal bytes."""


class Totals:
    """Named arrays that add up: the part of the sums that is sent and merged.

    Args:
        arrays: float64 or int64, owned from now on.
    """

    def __init__(self, **arrays: NDArray[np.float64] | NDArray[np.int64]) -> None:
        self._totals: State = dict(arrays)

    def state(self) -> State:
        """Return all sums, not copied: what is added afterwards may be in them too."""
        return dict(self._totals)

    def merge(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Add the sums of other characters; equal orders of merging give equal bytes.

        Args:
            state: What `state` of sums of the same kind and sizes returned. Not changed.

        Raises:
            ValueError: They are of another kind or size; names the first array that differs.
        """
        for name in sorted(self._totals.keys() | state.keys()):
            _same(name, self._totals.get(name), state.get(name))
        for name, total in self._totals.items():
            total += state[name]


def _same(name: str, ours: NDArray[Any] | None, theirs: NDArray[Any] | None) -> None:
    if ours is None or theirs is None or ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        raise ValueError(
            f"sums of another kind: {name} is {_kind(ours)} here and {_kind(theirs)} there")


def _kind(array: NDArray[Any] | None) -> str:
    return "missing" if array is None else f"{array.dtype}{list(array.shape)}"
