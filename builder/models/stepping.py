"""Reading with all layers of a network, its signals written on the way."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from builder.models.anew import in_parts
from builder.models.architecture import Held, State
from builder.models.network import CharNetwork


class Stepping:
    """Reads blocks of characters layer by layer.

    Args:
        network: On a processor; its weights are not to change while it is read with.
        signals: Names of the signals that are written; none where the output is enough.
    """

    def __init__(self, network: CharNetwork, signals: Sequence[str] = ()) -> None:
        self._embedding, self._hidden = network.embedding, network.spec.hidden_size
        self._signals = tuple(signals)
        self._layers = [network.architecture.reader(network.layer(number), self._signals)
                        for number in range(network.spec.num_layers)]

    def read(
        self, ids: Tensor, state: State, out: Tensor | None = None,
        held: Sequence[Held | None] | None = None,
    ) -> tuple[Tensor, State]:
        """Return h of the uppermost layer after each character, and the state after the last.

        Args:
            ids: int64[T, B], −1 − index where the state before is zero.
            state: Before row 0, each float32[L, B, H].
            out: float32[T, B, U] to be overwritten with the signals, layer by layer; the first
                return value may be a part of it.
            held: Of each layer, the cells whose output is a constant.
        """
        if not bool((ids < 0).any()):
            return self._read(ids, state, out, held)
        return in_parts(ids, state, lambda rows, part, before: self._read(
            part, before, None if out is None else out[rows], held), held)

    def _read(
        self, ids: Tensor, state: State, out: Tensor | None, held: Sequence[Held | None] | None
    ) -> tuple[Tensor, State]:
        below, hidden = self._embedding(ids), self._hidden
        each = len(self._signals) * hidden
        after: list[State] = []
        for number, layer in enumerate(self._layers):
            parts = {} if out is None else {
                name: out[..., at : at + hidden] for name, at in zip(
                    self._signals, range(number * each, (number + 1) * each, hidden), strict=True)}
            before = tuple(part[number : number + 1] for part in state)
            cells = held[number] if held else None
            below, last = layer.read(ids, below, before, parts, cells)
            after.append(last)
        return below, tuple(torch.cat(parts) for parts in zip(*after, strict=True))
