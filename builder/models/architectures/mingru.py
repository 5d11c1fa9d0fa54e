"""minGRU, a GRU whose gate and candidate come from the input alone."""

from __future__ import annotations

import torch
from torch import Tensor

from builder.core.units import Kind, Signal
from builder.models.architecture import Parameter, Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.inputgated import InputGated, Inside, Weights, affine, slowly


class MinGru(InputGated):
    """A mean that moves: the gate z says how much of it is renewed.

    z_t = σ(W_z x_t + b_z)
    n_t = W_n x_t + b_n
    h_t = (1 − z_t) ∘ h_{t−1} + z_t ∘ n_t

    As in the body of the paper; its appendix keeps n above 0, for a parallel form in logarithms.
    The paper writes h̃ for n.

    Source:
        Feng et al. 2024, Were RNNs all we needed? arXiv 2410.01201, section 3.1.
    """

    name, title, keeping = "mingru", "a minGRU", {"h": "z"}
    connects = True
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("z", Kind.GATE, "update gate", 0.0, 1.0),
        Signal("n", Kind.CANDIDATE, "candidate", -1.0, 1.0),
    )
    parameters = (
        Parameter("weight_z", Reads.INPUT, 1, "bias_z", gives=("z",)),
        Parameter("bias_z", Reads.NOTHING, 1),
        Parameter("weight_n", Reads.INPUT, 1, "bias_n", gives=("n",)),
        Parameter("bias_n", Reads.NOTHING, 1),
    )

    def initialise(self, weights: Weights, generator: torch.Generator) -> None:
        """Set fresh weights; memories are of all lengths from the start."""
        super().initialise(weights, generator)
        slowly(weights["bias_z"], generator)

    def kept(self, gate: Tensor) -> Tensor:
        """Return 1 − z."""
        return 1 - gate

    def inside(self, weights: Weights, x: Tensor) -> Inside:
        """Return 1 − z = σ(−W_z x − b_z), z ∘ n, and both signals."""
        before, n = affine(weights, "z", x), affine(weights, "n", x)
        z = torch.sigmoid(before)
        return Inside(torch.sigmoid(-before), z * n, {"z": z, "n": n})


ARCHITECTURES.register(MinGru.name, MinGru())
