"""Which networks that learned nothing are taken away from a network: how many, and which units.

What many small networks do together says more of recency than what a large one does: beside
untrained LSTMs of 64 units, one more of them reached |r″| .30 when two were taken away, and .08
when eight were. So there are at least two, and as many as it takes for a thousand signals; but no
more than can be fitted to the steps that there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.untrained import STARTS, just_started

SIGNALS = 1_024
"""Signals that are wanted of all networks together."""

MOST_NETWORKS = 16

STEPS_OF_EACH = 10
"""Steps that there must be for each signal, or a mix of them fits chance."""

APART = 10
"""What lies between the seeds of two networks, so that no other network is one of them."""


@dataclass(frozen=True)
class Reservoir:
    """Networks that learned nothing, to be taken away from one network.

    Attributes:
        spec: Their shape and vocabulary.
        signals: Of one of them.
        steps: On which they are fitted.
    """

    spec: ModelSpec
    signals: int
    steps: int

    def networks(self, most: int = MOST_NETWORKS) -> Iterator[CharNetwork]:
        """Yield them; every other one is as training starts, the rest are as PyTorch starts."""
        for number in range(min(most, self._count)):
            yield just_started(self.spec, STARTS[number % 2], APART * (number // 2))

    @property
    def columns(self) -> slice:
        """Which signals of each network are taken: of wide networks, one of so many."""
        return slice(None, None, max(1, -(-self._count * self.signals // self._wanted)))

    @property
    def _count(self) -> int:
        return 2 * max(1, min(MOST_NETWORKS, self._wanted // self.signals) // 2)

    @property
    def _wanted(self) -> int:
        return max(2, min(SIGNALS, self.steps // STEPS_OF_EACH))
