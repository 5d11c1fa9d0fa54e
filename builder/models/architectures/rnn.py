"""The plain recurrent network."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from builder.core.units import Kind, Signal
from builder.models.architecture import Layer, SignalWriter
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import LibraryArchitecture, StateAndChange, stacked


class Rnn(LibraryArchitecture):
    """h_t = tanh(W_i x_t + b_i + W_h h_{t−1} + b_h).

    Source:
        Elman 1990, Finding structure in time.
    """

    name, title = "rnn", "an RNN"
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
    )
    parameters = stacked(1)
    module, mode = nn.RNN, "RNN_TANH"

    def open(self, layer: Layer, signals: Sequence[str]) -> SignalWriter:
        """There is nothing inside but h."""
        return StateAndChange()


ARCHITECTURES.register(Rnn.name, Rnn())
