"""Which networks that learned nothing are taken away from a network: how many, and which units.

What many small networks do together says more of recency than what a large one does: beside
untrained LSTMs of 64 units, one more of them reached |r″| .30 when two were taken away, and .08
when eight were. So there are at least two, and as many as it takes for a thousand signals; but no
more than can be fitted to the steps that there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.untrained import STARTS, just_started

SIGNALS = 1_024
"""Signals that are wanted of all networks together."""

MOST_NETWORKS = 32

STEPS_OF_EACH = 10
"""Steps that there must be for each signal, or a mix of them fits chance."""

APART = 10
"""What lies between the seeds of two networks, so that no other network is one of them."""


def members(spec: ModelSpec, signals: int, steps: int) -> Iterator[CharNetwork]:
    """Yield the networks, one after the other; half start as training does, half as PyTorch does.

    Args:
        spec: Their shape and vocabulary.
        signals: Of one of them.
        steps: On which they are fitted.
    """
    for pair in range(_pairs(signals, steps)):
        for how in STARTS:
            yield just_started(spec, how, APART * pair)


def every_column(signals: int, steps: int) -> slice:
    """Return which signals of each network are taken; of wide networks, one of so many."""
    return slice(None, None, max(1, -(-2 * signals // _wanted(steps))))


def _pairs(signals: int, steps: int) -> int:
    return max(1, min(MOST_NETWORKS, _wanted(steps) // signals) // 2)


def _wanted(steps: int) -> int:
    return max(2, min(SIGNALS, steps // STEPS_OF_EACH))
