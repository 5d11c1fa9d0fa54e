"""Units freed of their means after each pair of characters, and sums by pair: the inner loops.

Values are float32, and a difference of two near float32 numbers is exact. So units are first
taken less a mean, which leaves small numbers; products and sums of at most a few thousand of
these are made in float32, and everything beyond in float64.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CHUNK = 512
"""Rows that are worked on at once: they stay in the cache, and float32 sums stay exact."""

SHORT = 128
"""Rows whose squares are added up in float32."""

SETTLE = 65_536
"""Rows after which float32 sums by pair are added to the float64 ones."""


def chunks(count: int) -> Iterator[slice]:
    """Yield the slices that cut `count` rows into pieces that are worked on at once."""
    for start in range(0, count, CHUNK):
        yield slice(start, min(start + CHUNK, count))


class Residuals:
    """Takes from each row the row of a table that belongs to its pair of characters.

    Args:
        table: float64[G + 1, U], what is taken; used in float32.

    Attributes:
        table: float64[G + 1, U], the same numbers to float32's precision: what is really taken.
    """

    def __init__(self, table: NDArray[np.float64]) -> None:
        self._table = torch.from_numpy(table.astype(np.float32))
        self.table = self._table.numpy().astype(np.float64)
        self._taken = torch.empty(CHUNK, table.shape[1])
        self._left = torch.empty(CHUNK, table.shape[1])

    def of(self, values: Tensor, bigrams: Tensor) -> Tensor:
        """Return what is left of at most `CHUNK` rows; its memory is used again at the next call.

        Args:
            values: float32[N, U].
            bigrams: int64[N].
        """
        n = len(values)
        taken = torch.index_select(self._table, 0, bigrams, out=self._taken[:n])
        return torch.sub(values, taken, out=self._left[:n])


class BigramSums:
    """Sums of small float32 rows by pair of characters.

    Attributes:
        total: float64[G + 1, U], complete after `settle`.
    """

    def __init__(self, pairs: int, width: int) -> None:
        self.total = np.zeros((pairs + 1, width))
        self._narrow = torch.zeros(pairs + 1, width)
        self._waiting = 0

    def add(self, rows: Tensor, bigrams: Tensor) -> None:
        """Add float32[N, U] by int64[N]."""
        self._narrow.index_add_(0, bigrams, rows)
        self._waiting += len(rows)
        if self._waiting >= SETTLE:
            self.settle()

    def settle(self) -> None:
        """Bring everything into `total`."""
        if self._waiting:
            torch.from_numpy(self.total).add_(self._narrow)
            self._narrow.zero_()
            self._waiting = 0


def squares(rows: Tensor) -> NDArray[np.float64]:
    """Return the sum of squares of every column of float32[N, U]: up to 128 in float32."""
    values = rows.numpy()
    if len(values) <= SHORT:
        return _squares(values)
    whole = len(values) // SHORT * SHORT
    parts = values[:whole].reshape(-1, SHORT, values.shape[1])
    total: NDArray[np.float64] = np.einsum("anu,anu->au", parts, parts).sum(0, np.float64)
    return total + _squares(values[whole:])


def _squares(values: NDArray[np.float32]) -> NDArray[np.float64]:
    total: NDArray[np.float32] = np.einsum("nu,nu->u", values, values)
    return total.astype(np.float64)
