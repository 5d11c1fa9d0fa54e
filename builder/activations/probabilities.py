"""The model's own probability that the next character is one of a set."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from builder.models.architecture import State
from builder.models.network import CharNetwork


class ProbabilityReader:
    """Writes, after each character, the probability that the next one is in each set.

    Args:
        network: Whose guesses.
        sets: Characters of each set; characters that the network does not know count nothing.
    """

    def __init__(self, network: CharNetwork, sets: Sequence[str]) -> None:
        self._network = network
        self._picks = picks(network, sets)

    @property
    def width(self) -> int:
        """Number of sets."""
        return self._picks.shape[1]

    def initial_state(self, streams: int) -> State:
        """Return zeros."""
        return self._network.initial_state(streams)

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write float32[T, B, sets] into `out` and return the state after the last character."""
        after: State
        logits, after = self._network(ids, state)
        torch.matmul(logits.softmax(-1), self._picks, out=out)
        return after


def picks(network: CharNetwork, sets: Sequence[str]) -> Tensor:
    """Return which characters are in each set, float32[V, sets], 0 or 1."""
    vocabulary = network.spec.vocabulary
    found = torch.zeros(vocabulary.size, len(sets))
    for column, characters in enumerate(sets):
        known = [i for i in vocabulary.encode(characters).tolist() if i]
        found[known, column] = 1.0
    return found
