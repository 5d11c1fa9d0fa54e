"""Which networks that learned nothing are taken away from a network: how many, and which units.

What many small networks do together says more of recency than what a large one does: beside
untrained LSTMs of 64 units, one more of them reached |r″| .30 when two were taken away, and .08
when eight were. So there are at least two, and as many as it takes for a thousand signals; but no
more than can be fitted to the steps that there are.

Networks of ours are made as they are needed. Of other sources there are as many as somebody gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.activations.networks import NetworkSource
from builder.activations.source import Ability, ActivationSource
from builder.activations.subject import network_of
from builder.models.untrained import STARTS, just_started

SIGNALS = 1_024
"""Signals that are wanted of all networks together."""

MOST_NETWORKS = 16

STEPS_OF_EACH = 10
"""Steps that there must be for each signal, or a mix of them fits chance."""

APART = 10
"""What lies between the seeds of two networks, so that no other network is one of them."""

LEAST_NETWORKS = 2


def too_few(source: ActivationSource, signals: int) -> str:
    """Say that too few networks were given for a formula to be verified; nothing where it is so.

    Args:
        source: What they were given for.
        signals: Of it.
    """
    given = sum(source.twins)
    if not given or Reservoir(source, signals, 0).is_enough:
        return ""
    return (f"{given} untrained {'network was' if given == 1 else 'networks were'} given, and for "
            f"{signals:,} units it takes {_needed(SIGNALS, signals) + 1} to verify a formula; no "
            "formula is better than suggestive")


def _needed(wanted: int, signals: int) -> int:
    """Return how many networks it takes for so many signals."""
    return 2 * max(1, min(MOST_NETWORKS, wanted // signals) // 2)


@dataclass(frozen=True)
class Reservoir:
    """Networks that learned nothing, to be taken away from a source of activations.

    Attributes:
        source: What they are taken away from: they have its shape and read what it reads.
        signals: Of one of them.
        steps: On which they are fitted.
    """

    source: ActivationSource
    signals: int
    steps: int

    def networks(self, most: int = MOST_NETWORKS) -> Iterator[ActivationSource]:
        """Yield them; of ours every other one is as training starts, the rest as PyTorch starts."""
        for number in range(min(most, self.count)):
            yield self._network(number)

    def _network(self, number: int) -> ActivationSource:
        if not self._is_made:
            return self.source.twin(number)
        spec = network_of(self.source).spec
        return NetworkSource(just_started(spec, STARTS[number % 2], APART * (number // 2)))

    @property
    def columns(self) -> slice:
        """Which signals of each network are taken: of wide networks, one of so many."""
        return slice(None, None, max(1, -(-self.count * self.signals // self._wanted)))

    @property
    def count(self) -> int:
        """How many there are: as many as it takes, or as somebody gave; none are fewer than two.

        Of three networks or more that somebody gave, the last is kept to be judged itself.
        """
        if self._is_made:
            return _needed(self._wanted, self.signals)
        given = sum(self.source.twins)
        given -= given > LEAST_NETWORKS
        return 0 if given < LEAST_NETWORKS else min(given, MOST_NETWORKS)

    @property
    def is_enough(self) -> bool:
        """Whether there are as many as it takes for r″ to carry a verdict."""
        return self._is_made or self.count >= _needed(SIGNALS, self.signals)

    @property
    def is_apart(self) -> bool:
        """Whether the twins that are judged themselves are none of these networks."""
        return self._is_made or sum(self.source.twins) > self.count

    @property
    def _is_made(self) -> bool:
        """Whether the networks are ours and can be made."""
        return Ability.WEIGHTS in self.source.abilities

    @property
    def _wanted(self) -> int:
        return max(2, min(SIGNALS, self.steps // STEPS_OF_EACH))
