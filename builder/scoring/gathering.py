"""Characters gathered until there are enough of them to be counted unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from builder.scoring.prepare import Rows
from builder.scoring.residuals import chunks
from builder.scoring.sums import State, Totals

ENOUGH = 16_384
"""Characters that are counted at once: starting on a unit costs as much as a few hundred."""


class Gathering(Totals):
    """Sums over pairs of a unit and a feature that go through the values unit by unit.

    Args:
        units: Column of the unit of each pair, P of them.
        features: Column of the feature of each pair.
        arrays: The sums.
    """

    def __init__(
        self, units: Sequence[int], features: Sequence[int],
        **arrays: NDArray[np.float64] | NDArray[np.int64],
    ) -> None:
        super().__init__(**arrays)
        columns, self.unit_of = np.unique(np.asarray(units, int), return_inverse=True)
        labels, self.feature_of = np.unique(np.asarray(features, int), return_inverse=True)
        self._columns, self._labels = torch.from_numpy(columns), labels
        self.pairs_of = [np.flatnonzero(self.unit_of == u).tolist() for u in range(len(columns))]
        self._values = torch.empty(len(columns), 0)
        self._kept: list[NDArray[Any]] = []
        self._count = 0

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""
        start, count = 0, len(rows.values)
        while start < count:
            stop = min(count, start + ENOUGH - self._count)
            self._gather(rows, slice(start, stop))
            start = stop
            if self._count == ENOUGH:
                self._flush()

    def _gather(self, rows: Rows, at: slice) -> None:
        if not self._values.shape[1]:
            self._values = torch.empty(len(self._columns), ENOUGH)
        values, first = torch.from_numpy(rows.values[at]), self._count
        for part in chunks(len(values)):
            out = self._values[:, first + part.start : first + part.stop]
            out.copy_(torch.index_select(values[part], 1, self._columns).t())
        self._kept.append(rows.labels[at][:, self._labels])
        self._count += len(values)

    def _flush(self) -> None:
        if self._count:
            self._sum(self._values[:, : self._count].numpy(), np.concatenate(self._kept).T)
        self._kept, self._count = [], 0

    def _sum(self, values: NDArray[np.float32], labels: NDArray[Any]) -> None:
        """Add what was gathered to `_totals`.

        Args:
            values: float32[C, N], the units that are in a pair; `unit_of` a pair is a row.
            labels: [K, N], the features that are in a pair; `feature_of` a pair is a row.
        """
        raise NotImplementedError

    def state(self) -> State:
        """Return all sums, not copied: what is added afterwards may be in them too."""
        self._flush()
        return super().state()


def bin_numbers(values: NDArray[np.float32], bins: int) -> NDArray[np.intp]:
    """Return the bin of every value, int64[N].

    Args:
        values: float32[N]; what lies beyond −1 or 1 goes to the outermost bins.
        bins: Number of equal bins between −1 and 1.
    """
    # bin = ⌊(v + 1) · bins / 2⌋, held within 0 to bins − 1; in place, for it is done for every unit
    scaled = values * np.float32(bins / 2)
    scaled += np.float32(bins / 2)
    np.maximum(scaled, np.float32(0), out=scaled)
    np.minimum(scaled, np.float32(bins - 1), out=scaled)
    return scaled.astype(np.intp)
