"""The gated recurrent unit, as PyTorch has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from builder.core.units import Kind, Signal
from builder.models.architecture import Held, Layer, LayerReader, State
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import Given, LibraryArchitecture, each_step, in_blocks, stacked


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
    parameters = stacked("r", "z", "n")
    module, mode, keeping = nn.GRU, "GRU", {"h": "z"}

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps: gates and candidate are had on the way."""
        return _Reader(layer)


class _Reader:
    """One product a step for all that reads h; the rest works on what is still in the cache.

    Args:
        layer: The weights.
    """

    def __init__(self, layer: Layer) -> None:
        blocks = range(3)
        # b_hn is multiplied by r, so it goes with what reads h
        self._gates, self._candidate = Given(layer, (0, 1)), Given(layer, (2,), recurrent=False)
        self._bias = in_blocks(layer, "bias_hh", (2,))[0]
        self._recurrent = in_blocks(layer, "weight_hh", blocks).mT.contiguous()  # [3, H, H]

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        (steps, streams), hidden = ids.shape, self._recurrent.shape[-1]
        output = out["h"] if "h" in out else torch.empty(steps, streams, hidden)
        total, n = torch.empty(3, streams, hidden), torch.empty(1, streams, hidden)
        (r, z, from_h), gates, h = total, total[:2], before[0][0]
        asked = [(value, out[name].unbind()) for name, value in
                 (("r", r), ("z", z), ("n", n[0])) if name in out]
        for t, (x, below, now, dh) in enumerate(zip(
                ids, inputs, output, each_step(out, "dh"), strict=False)):
            # r, z = σ(W_i x + b_i + b_h + W_h h_{t−1}), blocks r and z               [2, B, H]
            self._gates.write(x, below, gates)
            from_h.copy_(self._bias)
            total.baddbmm_(h.expand(3, -1, -1), self._recurrent)
            gates.sigmoid_()
            # n = tanh(W_in x + b_in + r ∘ (W_hn h_{t−1} + b_hn))                        [B, H]
            self._candidate.write(x, below, n)
            n.addcmul_(r, from_h).tanh_()
            torch.lerp(n[0], h, z, out=now)  # h_t = n + z ∘ (h_{t−1} − n)               [B, H]
            if held is not None:
                held.put(now)
            for value, to in asked:
                to[t].copy_(value)
            if dh is not None:
                torch.sub(now, h, out=dh)
            h = now
        return output, (h[None].clone(),)


ARCHITECTURES.register(Gru.name, Gru())
