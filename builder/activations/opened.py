"""A network with its signals and its guesses open at once."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from builder.activations.probabilities import picks
from builder.activations.signals import SignalReader
from builder.models.architecture import State
from builder.models.network import CharNetwork, few_rows


class Opened:
    """Writes signals and, after them, the probability that the next step begins with each set.

    Args:
        network: Whose.
        signals: Names.
        sets: Characters of each set; those that no step begins with count nothing.
    """

    def __init__(
        self, network: CharNetwork, signals: Sequence[str], sets: Sequence[str] = ()
    ) -> None:
        self._reader = SignalReader(network, signals)
        self._network, self.sets = network, tuple(sets)
        self.units = self._reader.units
        self._picks = picks(network, sets) if sets else None

    @property
    def width(self) -> int:
        """Values of a step: U and the number of sets."""
        return len(self.units) + len(self.sets)

    def initial_state(self, streams: int) -> State:
        """Return zeros."""
        return self._network.initial_state(streams)

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write float32[T, B, width] into `out` and return the state after the last step."""
        after = self._reader.read(ids, state, out[..., : len(self.units)])
        if self._picks is not None:
            top, chances = self._reader.top, out[..., len(self.units) :]
            for rows in few_rows(top, len(self._picks)):
                scores = self._network.decoder(top[rows])  # [rows, B, V]
                chances[rows] = scores.softmax(-1) @ self._picks
        return after
