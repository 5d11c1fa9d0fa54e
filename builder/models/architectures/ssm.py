"""A selective diagonal state space, S6, in its block."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import linear, silu, softplus

from builder.core.errors import ModelError, Problem
from builder.core.units import Kind, Signal
from builder.models.architecture import Parameter, Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.inputgated import InputGated, Inside, Weights, affine

EACH = 4
"""N of the paper: cells of a channel."""
SHORTEST, LONGEST = 0.001, 0.1
"""Between these lie the step sizes as training starts."""


@dataclass(frozen=True)
class _Sized(Parameter):
    """A tensor whose sides are D channels, N cells of each, E numbers of the input or H = D · N."""

    sides: str = "D"

    def shape(self, width: int, hidden: int) -> tuple[int, ...]:
        if hidden % EACH:
            raise ModelError(Problem(
                "hidden_size", f"not a number of channels with {EACH} cells each", str(hidden),
                f"take a multiple of {EACH}"))
        sizes = {"D": hidden // EACH, "N": EACH, "E": width, "H": hidden}
        return tuple(sizes[side] for side in self.sides)


class Ssm(InputGated):
    """A decaying sum whose step size, input and readout are chosen by what is read.

    D channels have N = 4 cells each, H = D · N in all; cell (d, n) is unit 4 d + n.

    v_t = silu(W_v x_t + b_v)                           D numbers
    Δ_t = softplus(W_Δ v_t + b_Δ)                       step size of each channel
    B_t = W_B v_t,  C_t = W_C v_t                       N numbers each, for all channels
    a_t = exp(Δ_t A),  A = −exp(decay)                  of cell (d, n): Δ_d A_dn
    h_t = a_t ∘ h_{t−1} + Δ_t B_t v_t                   of cell (d, n): Δ_d B_n v_d
    s_t = Σ_n C_t h_t + skip ∘ v_t                      D numbers
    y_t = x_t + W_o (s_t ∘ silu(W_u x_t + b_u)) + b_o   what the layer above and the decoder read

    x_t is left out of y_t in a layer whose input has another size than its state. Of the paper's
    block the convolution over four steps and the norm are left out, and W_Δ is full instead of a
    product of two thin matrices.

    Source:
        Gu and Dao 2023, Mamba, arXiv 2312.00752, algorithm 2 and section 3.4.
    """

    name, title, keeping = "ssm", "a selective state space", {"h": "a"}
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("a", Kind.GATE, "share that is kept", 0.0, 1.0),
        Signal("b", Kind.CANDIDATE, "what is added", -1.0, 1.0),
    )
    parameters = (
        _Sized("weight_v", Reads.INPUT, 1, "bias_v", "DE"),
        _Sized("bias_v", Reads.NOTHING, 1),
        _Sized("weight_delta", Reads.INSIDE, 1, "bias_delta", "DD"),
        _Sized("bias_delta", Reads.NOTHING, 1),
        _Sized("weight_b", Reads.INSIDE, 1, sides="ND"),
        _Sized("weight_c", Reads.INSIDE, 1, sides="ND"),
        _Sized("decay", Reads.NOTHING, 1, sides="DN"),
        _Sized("skip", Reads.NOTHING, 1),
        _Sized("weight_u", Reads.INPUT, 1, "bias_u", "DE"),
        _Sized("bias_u", Reads.NOTHING, 1),
        _Sized("weight_o", Reads.INSIDE, 1, "bias_o", "HD"),
        _Sized("bias_o", Reads.NOTHING, 1, sides="H"),
    )

    def initialise(self, weights: Weights, generator: torch.Generator) -> None:
        """Set fresh weights; A is −1 to −N in each channel, step sizes are of all orders.

        Source:
            Gu and Dao 2023, sections 3.6 and appendix C (S4D-Real).
        """
        super().initialise(weights, generator)
        weights["decay"].copy_(torch.arange(1.0, EACH + 1).log().expand_as(weights["decay"]))
        weights["skip"].fill_(1.0)
        bias = weights["bias_delta"]
        even = torch.rand(bias.shape, generator=generator)
        size = SHORTEST * torch.exp(even * math.log(LONGEST / SHORTEST))
        bias.copy_(size + torch.log(-torch.expm1(-size)))  # softplus of it is the size

    def inside(self, weights: Weights, x: Tensor) -> Inside:
        """Return a, Δ B v, and both as signals."""
        v = silu(affine(weights, "v", x))
        delta = softplus(affine(weights, "delta", v))
        a = torch.exp(-delta[..., None] * weights["decay"].exp()).flatten(-2)
        b = ((delta * v)[..., None] * linear(v, weights["weight_b"])[..., None, :]).flatten(-2)
        return Inside(a, b, {"a": a, "b": b})

    def seen(self, weights: Weights, x: Tensor, h: Tensor) -> Tensor:
        """Return y, [..., H]."""
        v = silu(affine(weights, "v", x))
        cells, c = h.reshape(*h.shape[:-1], -1, EACH), linear(v, weights["weight_c"])
        read = (cells * c[..., None, :]).sum(-1)
        y = affine(weights, "o", (read + weights["skip"] * v) * silu(affine(weights, "u", x)))
        return x + y if x.shape == y.shape else y


ARCHITECTURES.register(Ssm.name, Ssm())
