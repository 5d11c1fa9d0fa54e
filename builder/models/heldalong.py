"""What units do where another one is held all along a text, with all that comes round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.models.losses import Hold, held_by_layer
from builder.models.network import CharNetwork
from builder.models.stepping import Stepping

STREAMS = 192
"""Texts that are read side by side, each once for every cell that is held."""


class HeldAlong:
    """Reads some texts again and again, each time with other cells held.

    Args:
        network: On a processor, of an architecture that holds a cell in each stream.
        texts: What is fed of each, from a zero state.
        first: The first step of each that counts.
    """

    def __init__(
        self, network: CharNetwork, texts: Sequence[NDArray[np.int64]], first: Sequence[int]
    ) -> None:
        self._network = network
        state = network.architecture.signal(network.architecture.change).of
        self._stepping = Stepping(network, (state,))
        longest = max(map(len, texts))
        self._ids = torch.tensor([[text[t] if t < len(text) else 0 for text in texts]
                                  for t in range(longest)])  # [T, B]
        self._counts = torch.tensor([[start <= t < len(text) for text, start in zip(
            texts, first, strict=True)] for t in range(longest)])
        self._whole = torch.cat(list(self._read(())))
        self.spread = self._whole[self._counts].std(0, correction=0).double().numpy()
        """float64[L · H], the standard deviation of each unit's state."""

    def differences(self, held: Sequence[Hold]) -> NDArray[np.float64]:
        """Return by how much states are others, float64[M, L · H], root of the mean square.

        Args:
            held: M cells, one after the other.
        """
        each = max(1, STREAMS // self._ids.shape[1])
        parts = [self._differences(held[at : at + each]) for at in range(0, len(held), each)]
        width = self._whole.shape[-1]
        return np.concatenate(parts) if parts else np.zeros((0, width))

    def _differences(self, held: Sequence[Hold]) -> NDArray[np.float64]:
        squares = torch.zeros(len(held), self._whole.shape[-1], dtype=torch.float64)
        for t, states in enumerate(self._read(held)):
            of_each = states[0].view(len(held), -1, states.shape[-1]) - self._whole[t]
            squares += of_each[:, self._counts[t]].double().square().sum(1)
        found: NDArray[np.float64] = (squares / self._counts.sum()).sqrt().numpy()
        return found

    @torch.no_grad()
    def _read(self, held: Sequence[Hold]) -> Iterator[Tensor]:
        """Yield the states after each step, [1, B · cells, L · H], one cell after the other."""
        streams = self._ids.shape[1]
        each = [cell for cell in held for _ in range(streams)]
        ids = self._ids.repeat(1, max(1, len(held)))
        cells = held_by_layer(self._network, each, len(each)) if held else None
        state = self._network.initial_state(ids.shape[1])
        out = torch.empty(1, ids.shape[1], self._whole_width())
        for layer, there in enumerate(cells or ()):
            if there is not None:
                there.put(state[0][layer])  # the first step reads it too
        for row in ids:
            _, state = self._stepping.read(row[None], state, out, cells)
            yield out.clone()

    def _whole_width(self) -> int:
        return self._network.spec.num_layers * self._network.spec.hidden_size
