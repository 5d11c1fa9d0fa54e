"""The GRU of Keras before version 2.3: reset before the product, gates that are hard sigmoids."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from builder.models.architecture import Layer, LayerReader
from builder.models.architectures import ARCHITECTURES
from builder.models.architectures.grubefore import BeforeReader, BeforeStack, GruBefore
from builder.models.hard import hard_sigmoid, hard_sigmoid_


class _Stack(BeforeStack):
    """Layers one above another, each a loop over steps."""

    def opened(self, given: Tensor) -> Tensor:
        """Return how far gates are open that are given so much."""
        return hard_sigmoid(given)


class GruHard(GruBefore):
    """A GRU whose gates can be wholly shut and wholly open.

    r_t = min(1, max(0, 0.2 (W_ir x_t + b_ir + W_hr h_{t−1} + b_hr) + 0.5)), and z_t likewise
    n_t = tanh(W_in x_t + b_in + W_hn (r_t ∘ h_{t−1}) + b_hn)
    h_t = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}

    Source:
        Keras 1 and 2, `recurrent_activation="hard_sigmoid"`, which was what `GRU` had by itself.
    """

    name, title = "gruhard", "a GRU (hard gates)"
    stacked_in = _Stack

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps: gates and candidate are had on the way."""
        return BeforeReader(layer, hard_sigmoid_)


ARCHITECTURES.register(GruHard.name, GruHard())
