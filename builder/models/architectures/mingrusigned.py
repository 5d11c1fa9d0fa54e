"""minGRU whose gate may turn the sign of what is kept."""

from __future__ import annotations

import torch
from torch import Tensor

from builder.models.architectures import ARCHITECTURES
from builder.models.architectures.mingru import MinGru
from builder.models.inputgated import Inside, Weights, affine


class MinGruSigned(MinGru):
    """A minGRU whose state is multiplied by −1 to 1 where that of a minGRU is by 0 to 1.

    z_t = σ(W_z x_t + b_z)
    n_t = W_n x_t + b_n
    h_t = (1 − 2 z_t) ∘ h_{t−1} + 2 z_t ∘ n_t

    At z = 0 a unit keeps its state, at ½ it takes the candidate, at 1 it jumps to the other side
    of it: with n = 0 it changes sign. So a single input can turn a switch over, whichever way it
    stood, which no number of layers can do where the factor is never below 0.

    Source:
        Feng et al. 2024, arXiv 2410.01201 (minGRU); Grazzi et al. 2024, Unlocking state-tracking in
        linear RNNs through negative eigenvalues, arXiv 2411.12537 (the range of the factor).
    """

    name, title = "mingrusigned", "a signed minGRU"

    def kept(self, gate: Tensor) -> Tensor:
        """Return |1 − 2 z|: a state whose sign changes is kept all the same."""
        return (1 - 2 * gate).abs()

    def inside(self, weights: Weights, x: Tensor) -> Inside:
        """Return 1 − 2 z = −tanh((W_z x + b_z) / 2), 2 z ∘ n, and both signals."""
        before, n = affine(weights, "z", x), affine(weights, "n", x)
        z = torch.sigmoid(before)
        return Inside(-torch.tanh(before / 2), 2 * z * n, {"z": z, "n": n})


ARCHITECTURES.register(MinGruSigned.name, MinGruSigned())
