"""The gated recurrent unit, as PyTorch has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from builder.core.units import Kind, Signal
from builder.models.architecture import Layer, SignalWriter, Steps
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import LibraryArchitecture, Product, StateAndChange, stacked


class Gru(LibraryArchitecture):
    """Two gates, r before the product with h and z that keeps h where it is open.

    r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)
    z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
    n_t = tanh(W_in x_t + b_in + r_t ∘ (W_hn h_{t−1} + b_hn))
    h_t = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}

    Source:
        Cho et al. 2014, with the names and the place of r that PyTorch and CuDNN have.
    """

    name, title = "gru", "a GRU"
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("r", Kind.GATE, "reset gate", 0.0, 1.0),
        Signal("z", Kind.GATE, "update gate", 0.0, 1.0),
        Signal("n", Kind.CANDIDATE, "candidate", -1.0, 1.0),
    )
    parameters = stacked(3)
    module, mode = nn.GRU, "GRU"

    def open(self, layer: Layer, signals: Sequence[str]) -> SignalWriter:
        """Make the gates once more, where they are asked for."""
        return StateAndChange() if set(signals) <= {"h", "dh"} else _Inside(layer)


class _Inside(StateAndChange):
    """All signals of a layer."""

    def __init__(self, layer: Layer) -> None:
        h = layer.hidden
        self._gates = Product(layer, slice(0, 2 * h))
        self._given = Product(layer, slice(2 * h, 3 * h), recurrent=False)
        self._read = Product(layer, slice(2 * h, 3 * h), given=False)

    def write(self, steps: Steps, out: Mapping[str, Tensor]) -> None:
        super().write(steps, out)
        previous = steps.previous
        # r, z = σ(W_i x + b_i + W_h h + b_h), blocks r and z                           [T, B, 2H]
        r, z = self._gates(steps, previous).sigmoid_().chunk(2, -1)
        for name, value in (("r", r), ("z", z)):
            if name in out:
                out[name].copy_(value)
        if "n" in out:
            # n = tanh(W_in x + b_in + r ∘ (W_hn h + b_hn))                             [T, B, H]
            given, read = self._given(steps, previous), self._read(steps, previous)
            torch.tanh(torch.addcmul(given, r, read), out=out["n"])


ARCHITECTURES.register(Gru.name, Gru())
