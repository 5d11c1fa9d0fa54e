"""One step of a network at many moments of a text, with something of it held.

A moment is a step with all that led to it: what each layer was given, and the state before. From
there a layer reads the one step again with a value that is another than it was, and everything
else as it was. So what is seen is what that value does at once, and nothing that comes round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.core.feed import indices
from builder.models.architecture import Layer, LayerReader, Parameter, State
from builder.models.network import CharNetwork

NUDGE = 0.02
"""By how much what a layer adds up is changed to see how far its units follow."""


@dataclass(frozen=True)
class Moments:
    """N steps, and what each of L layers was given at them.

    Attributes:
        ids: int64[N], what was read.
        inputs: Of each layer what it read of the layer below, or of the embedding: float32[N, E].
        before: Of each layer the state before, each float32[1, N, H], the output first.
        outputs: Of each layer its output, float32[N, H].
        changes: Of each layer by how much its units changed, float32[N, H].
    """

    ids: Tensor
    inputs: tuple[Tensor, ...]
    before: tuple[State, ...]
    outputs: tuple[Tensor, ...]
    changes: tuple[Tensor, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def some(self, at: slice | Tensor) -> Moments:
        """Return some of them: a slice, or their numbers, int64[M]."""
        return Moments(
            self.ids[at], tuple(x[at] for x in self.inputs),
            tuple(tuple(part[:, at] for part in state) for state in self.before),
            tuple(x[at] for x in self.outputs), tuple(x[at] for x in self.changes))


class OneStep:
    """Reads single steps with the layers of a network.

    Args:
        network: On a processor; its weights are not to change while it is read with.
    """

    def __init__(self, network: CharNetwork) -> None:
        self._network, self._architecture = network, network.architecture
        self._layers = [network.layer(n) for n in range(network.spec.num_layers)]
        self._readers = [self._reader(layer) for layer in self._layers]

    def _reader(self, layer: Layer) -> LayerReader:
        return self._architecture.reader(layer, (self._architecture.change,))

    @torch.no_grad()
    def moments(self, texts: Sequence[NDArray[np.int64]], first: Sequence[int]) -> Moments:
        """Return every step of some texts, but for those at which the state begins anew.

        Args:
            texts: What is fed of each; all are read side by side, from a zero state.
            first: The first step of each that is taken.
        """
        found: list[Moments] = []
        state = self._network.initial_state(len(texts))
        for t in range(max(map(len, texts), default=0)):
            fed = np.array([text[t] if t < len(text) else 0 for text in texts])
            taken = [b for b, text in enumerate(texts)
                     if first[b] <= t < len(text) and fed[b] >= 0]
            state = tuple(part * torch.from_numpy(fed >= 0)[:, None] for part in state)
            moment = self._read(torch.from_numpy(indices(fed)), state)
            if taken:
                found.append(moment[0].some(torch.tensor(taken)))
            state = moment[1]
        return _joined(found)

    def _read(self, ids: Tensor, state: State) -> tuple[Moments, State]:
        inputs, outputs, changes = list[Tensor](), list[Tensor](), list[Tensor]()
        before, after = list[State](), list[State]()
        below: Tensor = self._network.embedding(ids)
        for number in range(len(self._layers)):
            own = tuple(part[number : number + 1] for part in state)
            output, change, last = self._layer(number, ids, below, own)
            inputs.append(below)
            outputs.append(output)
            changes.append(change)
            before.append(own)
            after.append(last)
            below = output
        moments = Moments(ids, tuple(inputs), tuple(before), tuple(outputs), tuple(changes))
        return moments, tuple(torch.cat(parts) for parts in zip(*after, strict=True))

    def _layer(
        self, number: int, ids: Tensor, below: Tensor, before: State,
        reader: LayerReader | None = None,
    ) -> tuple[Tensor, Tensor, State]:
        """Return output and change, float32[N, H] each, and the state after."""
        change = torch.empty(1, len(ids), self._network.spec.hidden_size)
        output, after = (reader or self._readers[number]).read(
            ids[None], below[None], before, {self._architecture.change: change})
        return output[0].clone(), change[0], after

    @torch.no_grad()
    def held_before(
        self, moments: Moments, layer: int, index: int, value: float
    ) -> NDArray[np.float32]:
        """Return the changes of a layer that reads a constant for a cell of its own.

        Args:
            moments: N of them.
            layer: From 0.
            index: Of the cell whose output of the step before is held; its own change says nothing.
            value: What is read of it.
        """
        before = moments.before[layer]
        held = before[0].clone()
        held[..., index] = value
        return self._layer(layer, moments.ids, moments.inputs[layer],
                           (held, *before[1:]))[1].numpy()

    @torch.no_grad()
    def held_below(
        self, moments: Moments, layer: int, index: int, value: float
    ) -> NDArray[np.float32]:
        """Return the changes of a layer that reads a constant for a cell of the layer below it.

        Args:
            moments: N of them.
            layer: From 1.
            index: Of the cell of the layer below.
            value: What is read of it.
        """
        below = moments.inputs[layer].clone()
        below[:, index] = value
        return self._layer(layer, moments.ids, below, moments.before[layer])[1].numpy()

    @torch.no_grad()
    def in_place(self, moments: Moments, entry: int) -> list[NDArray[np.float32]]:
        """Return the changes of each layer where another entry is read in place of what came."""
        ids = torch.full_like(moments.ids, entry)
        below, changes = self._network.embedding(ids), []
        for number, before in enumerate(moments.before):
            below, change, _ = self._layer(number, ids, below, before)
            changes.append(change.numpy())
        return changes

    @torch.no_grad()
    def guesses(
        self, moments: Moments, layer: int = -1, index: int = 0, value: float = 0.0
    ) -> NDArray[np.float32]:
        """Return log p of what comes next, float32[N, V].

        Args:
            moments: N of them.
            layer: Of a cell whose output is held for whoever reads it at this step; −1 for none.
            index: Of the cell.
            value: What is read of it.
        """
        below = moments.outputs[layer]
        if layer >= 0:
            below = below.clone()
            below[:, index] = value
            for number in range(layer + 1, len(self._layers)):
                below = self._layer(number, moments.ids, below, moments.before[number])[0]
        guesses: NDArray[np.float32] = torch.log_softmax(
            self._network.decoder(below), -1).numpy()
        return guesses

    @torch.no_grad()
    def slopes(
        self, moments: Moments, layer: int, parameter: Parameter
    ) -> NDArray[np.float32]:
        """Return how far each unit's change follows what each block adds up, float32[G, N, H].

        Args:
            moments: N of them.
            layer: From 0.
            parameter: Weights of G blocks; their bias is moved up and down a little.
        """
        whole, hidden = self._layers[layer], self._network.spec.hidden_size
        return torch.stack([
            (self._moved(moments, layer, whole, parameter.bias, block * hidden, NUDGE)
             - self._moved(moments, layer, whole, parameter.bias, block * hidden, -NUDGE))
            / (2 * NUDGE) for block in range(parameter.blocks)]).numpy()

    def _moved(
        self, moments: Moments, layer: int, whole: Layer, bias: str, start: int, by: float
    ) -> Tensor:
        moved = whole.weights[bias].clone()
        moved[start : start + whole.hidden] += by
        reader = self._reader(replace(whole, weights={**whole.weights, bias: moved}))
        return self._layer(layer, moments.ids, moments.inputs[layer], moments.before[layer],
                           reader)[1]

    @torch.no_grad()
    def embeddings(self, entries: Sequence[int]) -> NDArray[np.float64]:
        """Return the embeddings of K entries, float64[K, E]."""
        rows: NDArray[np.float64] = self._network.embedding(torch.tensor(entries)).double().numpy()
        return rows

    def weights(self, layer: int, parameter: Parameter) -> NDArray[np.float64]:
        """Return the weights of a parameter by block, float64[G, H, ...]."""
        hidden = self._network.spec.hidden_size
        tensor = self._layers[layer].weights[parameter.name]
        return tensor.double().reshape(-1, hidden, *tensor.shape[1:]).cpu().numpy()


def _joined(parts: Sequence[Moments]) -> Moments:
    def each(name: str) -> tuple[Tensor, ...]:
        return tuple(map(torch.cat, zip(*(getattr(part, name) for part in parts), strict=True)))

    before = tuple(tuple(torch.cat(same, 1) for same in zip(*layers, strict=True))
                   for layers in zip(*(part.before for part in parts), strict=True))
    return Moments(torch.cat([part.ids for part in parts]), each("inputs"), before,
                   each("outputs"), each("changes"))
