"""minLSTM, an LSTM whose gates and candidate come from the input alone."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from builder.core.units import Kind, Signal
from builder.models.architecture import Parameter, Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.inputgated import InputGated, Inside, Weights, affine, slowly


class MinLstm(InputGated):
    """A mean that moves, weighted by a forget gate and an input gate that add up to 1.

    f_t = σ(W_f x_t + b_f),  i_t = σ(W_i x_t + b_i)
    n_t = W_n x_t + b_n
    f′_t = f_t / (f_t + i_t),  i′_t = i_t / (f_t + i_t)
    h_t = f′_t ∘ h_{t−1} + i′_t ∘ n_t

    The signals f and i are f′ and i′. The paper writes h̃ for n. There is no cell state.

    Source:
        Feng et al. 2024, Were RNNs all we needed? arXiv 2410.01201, section 3.2.
    """

    name, title, keeping = "minlstm", "a minLSTM", {"h": "f"}
    connects = True
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("f", Kind.GATE, "forget gate", 0.0, 1.0),
        Signal("i", Kind.GATE, "input gate", 0.0, 1.0),
        Signal("n", Kind.CANDIDATE, "candidate", -1.0, 1.0),
    )
    parameters = (
        Parameter("weight_f", Reads.INPUT, 1, "bias_f", gives=("f",)),
        Parameter("bias_f", Reads.NOTHING, 1),
        Parameter("weight_i", Reads.INPUT, 1, "bias_i", gives=("i",)),
        Parameter("bias_i", Reads.NOTHING, 1),
        Parameter("weight_n", Reads.INPUT, 1, "bias_n", gives=("n",)),
        Parameter("bias_n", Reads.NOTHING, 1),
    )

    def initialise(self, weights: Weights, generator: torch.Generator) -> None:
        """Set fresh weights; memories are of all lengths from the start."""
        super().initialise(weights, generator)
        slowly(weights["bias_i"], generator)

    def inside(self, weights: Weights, x: Tensor) -> Inside:
        """Return f′ = σ(ln f − ln i), i′ ∘ n, and the signals."""
        more = logsigmoid(affine(weights, "f", x)) - logsigmoid(affine(weights, "i", x))
        f, i, n = torch.sigmoid(more), torch.sigmoid(-more), affine(weights, "n", x)
        return Inside(f, i * n, {"f": f, "i": i, "n": n})


ARCHITECTURES.register(MinLstm.name, MinLstm())
