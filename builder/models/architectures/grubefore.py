"""The gated recurrent unit as it was first described: reset before the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import linear

from builder.core.units import Kind, Signal
from builder.models.architecture import Held, Layer, LayerReader, State
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import Given, each_step, fine, in_blocks, stacked
from builder.models.stack import NAMES, HeldStack, StackedHeld


class BeforeStack(HeldStack):
    """Layers one above another, each a loop over steps."""

    def opened(self, given: Tensor) -> Tensor:
        """Return how far gates are open that are given so much."""
        return given.sigmoid()

    def layer(
        self, number: int, below: Tensor, state: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Read a block of steps with a layer, step by step."""
        w_i, w_h, b_i, b_h = self.weights(number, *NAMES)
        first, out = 2 * self.hidden_size, []
        h = self.overwritten(number, state[0])
        for given in linear(below, w_i, b_i + b_h).unbind():
            r, z = self.opened(fine(given[:, :first] + linear(h, w_h[:first]))).chunk(2, -1)
            n = fine(given[:, first:] + linear(r * h, w_h[first:])).tanh()
            h = self.overwritten(number, n + z * (h - n))
            out.append(h)
        return torch.stack(out), [h]


class GruBefore(StackedHeld):
    """Two gates, r that is multiplied by h itself and z that keeps h where it is open.

    r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)
    z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
    n_t = tanh(W_in x_t + b_in + W_hn (r_t ∘ h_{t−1}) + b_hn)
    h_t = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}

    Source:
        Cho et al. 2014, with z as PyTorch has it; reset_after=False of Keras, linear_before_reset=0
        of ONNX.
    """

    name, title = "grubefore", "a GRU (reset before)"
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("r", Kind.GATE, "reset gate", 0.0, 1.0),
        Signal("z", Kind.GATE, "update gate", 0.0, 1.0),
        Signal("n", Kind.CANDIDATE, "candidate", -1.0, 1.0),
    )
    parameters = stacked("r", "z", "n")
    keeping, holds_streams = {"h": "z"}, True
    stacked_in: ClassVar[type[BeforeStack]] = BeforeStack

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps: gates and candidate are had on the way."""
        return BeforeReader(layer)


class BeforeReader:
    """Two products a step: of the gates with h, and of the candidate with what r leaves of it.

    Args:
        layer: The weights.
        open_: Turns what the gates are given into how far they are open, in place.
    """

    def __init__(self, layer: Layer, open_: Callable[[Tensor], Tensor] = torch.sigmoid_) -> None:
        blocks = range(3)
        self._open = open_
        self._given = Given(layer, blocks)
        self._recurrent = in_blocks(layer, "weight_hh", blocks).mT.contiguous()  # [3, H, H]

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        """Read a block of one layer, as `LayerReader` says."""
        (steps, streams), hidden = ids.shape, self._recurrent.shape[-1]
        output = out["h"] if "h" in out else torch.empty(steps, streams, hidden)
        total, h = torch.empty(3, streams, hidden), before[0][0]
        (r, z, n), gates = total, total[:2]
        asked = [(value, out[name].unbind()) for name, value in
                 (("r", r), ("z", z), ("n", n)) if name in out]
        for t, (x, below, now, dh) in enumerate(zip(
                ids, inputs, output, each_step(out, "dh"), strict=False)):
            self._given.write(x, below, total)
            self._open(gates.baddbmm_(h.expand(2, -1, -1), self._recurrent[:2]))
            n.addmm_(r * h, self._recurrent[2]).tanh_()
            torch.lerp(n, h, z, out=now)  # h_t = n + z ∘ (h_{t−1} − n)                  [B, H]
            if held is not None:
                held.put(now)
            for value, to in asked:
                to[t].copy_(value)
            if dh is not None:
                torch.sub(now, h, out=dh)
            h = now
        return output, (h[None].clone(),)


ARCHITECTURES.register(GruBefore.name, GruBefore())
