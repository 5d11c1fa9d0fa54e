"""The real-gated linear recurrent unit, in its block."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import gelu, logsigmoid

from builder.core.units import Kind, Signal
from builder.models.architecture import Parameter, Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.inputgated import InputGated, Inside, Weights, affine

SHARPNESS = 8.0
"""c of the paper."""
SLOWEST, FASTEST = 0.999, 0.9
"""Between these lie the decays a^c as training starts."""
LEAST = 1e-12
"""Of what is under the root, so that it has a slope."""


class RgLru(InputGated):
    """A decaying sum whose decay and input are gated, between two branches that meet in a product.

    v_t = W_v x_t + b_v                                 the branch with the recurrence
    r_t = σ(W_r v_t + b_r),  i_t = σ(W_i v_t + b_i)     recurrence gate, input gate
    a_t = σ(Λ)^(8 r_t)
    h_t = a_t ∘ h_{t−1} + √(1 − a_t²) ∘ (i_t ∘ v_t)
    u_t = gelu(W_u x_t + b_u)                           the other branch
    y_t = x_t + W_o (u_t ∘ h_t) + b_o                   what the layer above and the decoder read

    x_t is left out of y_t in a layer whose input has another size than its state. Of the paper's
    block the convolution over four steps is left out, and so are the norm and the perceptron that
    stand between blocks: two layers train without. Gates have full matrices instead of blocks.
    The parameter Λ is `decay`.

    Source:
        De et al. 2024, Griffin, arXiv 2402.19427, sections 2.3 and 2.4.
    """

    name, title, keeping = "rglru", "an RG-LRU", {"h": "a"}
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("r", Kind.GATE, "recurrence gate", 0.0, 1.0),
        Signal("i", Kind.GATE, "input gate", 0.0, 1.0),
        Signal("a", Kind.GATE, "share that is kept", 0.0, 1.0),
        Signal("v", Kind.CANDIDATE, "input of the recurrence", -1.0, 1.0),
    )
    parameters = (
        Parameter("weight_v", Reads.INPUT, 1, "bias_v"),
        Parameter("bias_v", Reads.NOTHING, 1),
        Parameter("weight_r", Reads.INSIDE, 1, "bias_r"),
        Parameter("bias_r", Reads.NOTHING, 1),
        Parameter("weight_i", Reads.INSIDE, 1, "bias_i"),
        Parameter("bias_i", Reads.NOTHING, 1),
        Parameter("decay", Reads.NOTHING, 1),
        Parameter("weight_u", Reads.INPUT, 1, "bias_u"),
        Parameter("bias_u", Reads.NOTHING, 1),
        Parameter("weight_o", Reads.INSIDE, 1, "bias_o"),
        Parameter("bias_o", Reads.NOTHING, 1),
    )

    def initialise(self, weights: Weights, generator: torch.Generator) -> None:
        """Set fresh weights; σ(Λ)^8 is even between .9 and .999."""
        super().initialise(weights, generator)
        decay = weights["decay"]
        even = torch.rand(decay.shape, generator=generator)
        decay.copy_(torch.logit((FASTEST + (SLOWEST - FASTEST) * even) ** (1 / SHARPNESS)))

    def inside(self, weights: Weights, x: Tensor) -> Inside:
        """Return a, √(1 − a²) ∘ i ∘ v, and the signals."""
        v = affine(weights, "v", x)
        r, i = torch.sigmoid(affine(weights, "r", v)), torch.sigmoid(affine(weights, "i", v))
        log_a = SHARPNESS * r * logsigmoid(weights["decay"])
        a, size = torch.exp(log_a), torch.sqrt((-torch.expm1(2 * log_a)).clamp_min(LEAST))
        return Inside(a, size * i * v, {"r": r, "i": i, "a": a, "v": v})

    def seen(self, weights: Weights, x: Tensor, h: Tensor) -> Tensor:
        """Return y, [..., H]."""
        y = affine(weights, "o", gelu(affine(weights, "u", x)) * h)
        return x + y if x.shape == y.shape else y


ARCHITECTURES.register(RgLru.name, RgLru())
