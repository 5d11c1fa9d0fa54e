"""The inside of a network: its signals at every step, read with the library's fast kernels."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from builder.core.model import ModelSpec
from builder.core.units import UnitId
from builder.models.network import LAYERS, CharNetwork, State

STATE_SIGNALS = {"rnn": ("h",), "gru": ("h",), "lstm": ("h", "c")}
"""Signals that carry memory, by architecture; `c` is shown as tanh(c)."""


def state_units(spec: ModelSpec) -> tuple[UnitId, ...]:
    """Return the units of the state signals: layer by layer, h before c; U of them."""
    return tuple(
        UnitId(signal, layer, index)
        for layer in range(spec.num_layers)
        for signal in STATE_SIGNALS[spec.architecture]
        for index in range(spec.hidden_size)
    )


class SignalReader:
    """Runs a network layer by layer and hands out h and, for an LSTM, tanh(c) at every step.

    The library returns h alone. With h = o · tanh(c), tanh(c) is h / o, and o needs a quarter
    of the gate product once more. Equal to a loop over single steps to 1e-5.
    """

    def __init__(self, network: CharNetwork) -> None:
        self.spec = network.spec
        self._network = network
        self._layers = [_single_layer(network, layer) for layer in range(self.spec.num_layers)]
        self._gates = [_OutputGate(network, layer) for layer in range(self.spec.num_layers)
                       if self.spec.architecture == "lstm"]
        self._signals = len(STATE_SIGNALS[self.spec.architecture])

    @property
    def width(self) -> int:
        """U."""
        return self.spec.num_layers * self._signals * self.spec.hidden_size

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write the signals after each character into `out` and return the state after the last.

        Args:
            ids: int64[T, B].
            state: The state before row 0, each float32[L, B, H].
            out: float32[T, B, U] to be overwritten, units in the order of `state_units`.
        """
        below, hidden = self._network.embedding(ids), self.spec.hidden_size
        after: list[tuple[Tensor, ...]] = []
        for number, layer in enumerate(self._layers):
            before = tuple(part[number : number + 1] for part in state)
            inputs = below
            below, last = layer(inputs, before if len(before) == 2 else before[0])
            at = number * self._signals * hidden
            out[..., at : at + hidden] = below
            if self._gates:
                gate = self._gates[number](ids, inputs, before[0], below)
                torch.div(below, gate, out=out[..., at + hidden : at + 2 * hidden])
                out[..., at + hidden : at + 2 * hidden].clamp_(-1.0, 1.0)
            after.append(last if isinstance(last, tuple) else (last,))
        return tuple(torch.cat(parts) for parts in zip(*after, strict=True))


class _OutputGate:
    """o = sigmoid(W_io x + b_io + W_ho h + b_ho); for layer 0, W_io x comes from a table."""

    def __init__(self, network: CharNetwork, layer: int) -> None:
        h = network.spec.hidden_size
        part = slice(3 * h, 4 * h)
        weights = dict(network.rnn.named_parameters())
        self._recurrent = weights[f"weight_hh_l{layer}"].detach()[part].t().contiguous()
        self._input = weights[f"weight_ih_l{layer}"].detach()[part].t().contiguous()
        self._bias = (weights[f"bias_ih_l{layer}"] + weights[f"bias_hh_l{layer}"]).detach()[part]
        table = torch.addmm(self._bias, network.embedding.weight.detach(), self._input) \
            if layer == 0 else None  # [V, H]
        self._table = table

    def __call__(self, ids: Tensor, inputs: Tensor, first: Tensor, hidden: Tensor) -> Tensor:
        """Return o, float32[T, B, H], from the layer's inputs and its h before and at each step."""
        before = torch.cat([first, hidden[:-1]]).flatten(0, 1)  # [T·B, H]
        if self._table is not None:
            given = self._table[ids.flatten()]
        else:
            given = torch.addmm(self._bias, inputs.flatten(0, 1), self._input)
        return torch.addmm(given, before, self._recurrent).sigmoid_().view_as(hidden)


def _single_layer(network: CharNetwork, layer: int) -> nn.RNNBase:
    spec = network.spec
    width = spec.hidden_size if layer else spec.embedding_size
    single = LAYERS[spec.architecture](width, spec.hidden_size)
    state = network.rnn.state_dict()
    own = {name: state[name.replace("_l0", f"_l{layer}")] for name in single.state_dict()}
    single.load_state_dict(own)
    single.eval()
    return single
