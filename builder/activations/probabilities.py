"""The model's own guesses: the likeliest next steps, and how likely sets of characters are."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from builder.models.architecture import State
from builder.models.network import CharNetwork, few_rows


class GuessReader:
    """Writes, after each step, the likeliest next ones: their indices, then their probabilities.

    The likeliest is first, of equally likely ones that of the smallest index. Steps that stand for
    nothing known are no guesses; where there are too few others, the last have probability −1.

    Args:
        network: Whose guesses.
        count: How many.
    """

    def __init__(self, network: CharNetwork, count: int) -> None:
        self._network, self._count = network, count
        known = torch.from_numpy(network.spec.vocabulary.known())
        self._unknown = torch.ones(network.spec.vocabulary.size, dtype=torch.bool)
        self._unknown[known] = False

    @property
    def width(self) -> int:
        """Values of a step: index and probability of each guess."""
        return 2 * self._count

    def initial_state(self, streams: int) -> State:
        """Return zeros."""
        return self._network.initial_state(streams)

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write float32[T, B, 2 · count] into `out` and return the state after the last step."""
        output, after = self._network.run(ids, state)
        for rows in few_rows(output, len(self._unknown)):
            logits = self._network.decoder(output[rows])
            left = logits.softmax(-1).masked_fill_(self._unknown, -1.0)  # [rows, B, V]
            for place in range(self._count):
                best, index = left.max(-1)  # [rows, B]; the first of equal ones
                out[rows, ..., place], out[rows, ..., self._count + place] = index, best
                left.scatter_(-1, index[..., None], -1.0)
        return after


def picks(network: CharNetwork, sets: Sequence[str]) -> Tensor:
    """Return which steps begin with a character of each set, float32[V, sets], 0 or 1."""
    vocabulary = network.spec.vocabulary
    found = torch.zeros(vocabulary.size, len(sets))
    for column, characters in enumerate(sets):
        found[vocabulary.starting_with(characters), column] = 1.0
    return found
