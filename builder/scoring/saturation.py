"""How often gates are shut and open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.scoring.sums import Totals

SHUT = 0.1
OPEN = 0.9


class SaturationSums(Totals):
    """Counts of values below .1 and above .9.

    Args:
        gates: Number of columns, U.
    """

    def __init__(self, gates: int) -> None:
        super().__init__(shut=np.zeros(gates, np.int64), open=np.zeros(gates, np.int64),
                         count=np.zeros(1, np.int64))

    def add(self, values: NDArray[np.float32], /) -> None:
        """Add float32[N, U], values of gates between 0 and 1."""
        self._totals["shut"] += (values < SHUT).sum(0)
        self._totals["open"] += (values > OPEN).sum(0)
        self._totals["count"] += len(values)

    def results(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the shares of characters, shut and open, float64[U]; 0 where there was none."""
        count = max(1, int(self._totals["count"][0]))
        return self._totals["shut"] / count, self._totals["open"] / count
