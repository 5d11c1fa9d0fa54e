"""Units freed of their means after each pair of characters, and sums by pair: the inner loops.

Values are float32, and a difference of two near float32 numbers is exact. So units are first
taken less a mean, which leaves small numbers; products and sums of at most a few hundred of
these are made in float32, and everything beyond in float64.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding_bag

CHUNK = 512
"""Rows that are worked on at once: they stay in the cache."""

SHORT = 128
"""Rows whose squares are added up in float32."""

RUN = 16
"""Rows of one pair of characters that are added up in float32."""


def chunks(count: int) -> Iterator[slice]:
    """Yield the slices that cut `count` rows into pieces that are worked on at once."""
    for start in range(0, count, CHUNK):
        yield slice(start, min(start + CHUNK, count))


def by_bigram(bigrams: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an order of the rows in which pairs of characters rise, int64[N]; rare ones last."""
    small = bigrams.astype(np.int16) if len(bigrams) and bigrams.max() < 2**15 else bigrams
    return np.argsort(small, kind="stable")


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

    def of(self, values: Tensor, bigrams: Tensor) -> Tensor:
        """Return what is left of at most `CHUNK` rows, in the memory of these rows.

        Args:
            values: float32[N, U]; changed, since a second place for them would leave the cache.
            bigrams: int64[N].
        """
        n = len(values)
        taken = torch.index_select(self._table, 0, bigrams, out=self._taken[:n])  # A_{g_t}   [n, U]
        return values.sub_(taken)


def add_by_bigram(
    total: NDArray[np.float64], rows: Tensor, bigrams: NDArray[np.int64],
    order: Tensor | None = None,
) -> None:
    """Add rows to the totals of their pairs of characters: a few in float32, then float64.

    Args:
        total: float64[G + 1, U], changed.
        rows: float32[N, U].
        bigrams: int64[M], rising.
        order: int64[M], the row that each of them belongs to; row i where it is None.
    """
    # total_g += Σ_{t: g_t = g} rows_t. The rows of one pair are cut into runs of at most 16; a run
    # is one bag of `embedding_bag`, summed in float32, and bags are added in float64.
    borders = np.flatnonzero(np.diff(bigrams, prepend=-1))  # where a pair starts
    sizes = np.diff(borders, append=len(bigrams))
    runs = -(-sizes // RUN)  # ⌈size / 16⌉
    within = np.arange(runs.sum()) - np.repeat(np.cumsum(runs) - runs, runs)
    starts = np.repeat(borders, runs) + RUN * within  # first row of each run
    places = torch.arange(len(bigrams)) if order is None else order
    sums = embedding_bag(places, rows, torch.from_numpy(starts), mode="sum")
    torch.from_numpy(total).index_add_(0, torch.from_numpy(bigrams[starts]), sums.double())


def squares(rows: Tensor) -> NDArray[np.float64]:
    """Return the sum of squares of every column of float32[N, U]: up to 128 in float32."""
    values = rows.numpy()
    if len(values) <= SHORT:
        return _squares(values)
    whole = len(values) // SHORT * SHORT
    parts = values[:whole].reshape(-1, SHORT, values.shape[1])  # [a, 128, U]
    total: NDArray[np.float64] = np.einsum("anu,anu->au", parts, parts).sum(0, np.float64)
    return total + _squares(values[whole:])


def _squares(values: NDArray[np.float32]) -> NDArray[np.float64]:
    total: NDArray[np.float32] = np.einsum("nu,nu->u", values, values)
    return total.astype(np.float64)
