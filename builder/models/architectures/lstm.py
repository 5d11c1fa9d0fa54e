"""Long short-term memory, as PyTorch has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from builder.core.units import Kind, Signal
from builder.models.architecture import Held, Layer, LayerReader, State
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import Given, LibraryArchitecture, each_step, in_blocks, stacked


class Lstm(LibraryArchitecture):
    """A memory c that is added to, and what the output gate lets out of it.

    i_t, f_t, o_t = σ(W_i x_t + b_i + W_h h_{t−1} + b_h), a block of rows each
    g_t = tanh(of the same, its own block)
    c_t = f_t ∘ c_{t−1} + i_t ∘ g_t
    h_t = o_t ∘ tanh(c_t)

    The signal c is tanh(c_t); dc is c_t − c_{t−1} itself, since tanh saturates.

    Source:
        Hochreiter and Schmidhuber 1997; Gers et al. 2000 (f).
    """

    name, title = "lstm", "an LSTM"
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("c", Kind.STATE, "cell state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("dc", Kind.CHANGE, "change of the cell state", -1.0, 1.0, of="c"),
        Signal("i", Kind.GATE, "input gate", 0.0, 1.0),
        Signal("f", Kind.GATE, "forget gate", 0.0, 1.0),
        Signal("g", Kind.CANDIDATE, "candidate", -1.0, 1.0),
        Signal("o", Kind.GATE, "output gate", 0.0, 1.0),
    )
    parameters = stacked("i", "f", "g", "o")
    change, keeping = "dc", {"c": "f"}
    module, mode = nn.LSTM, "LSTM"

    def initialise(self, weights: Mapping[str, Tensor], generator: torch.Generator) -> None:
        """Set fresh weights; the forget gate starts open, so that memory is long from the start.

        Source:
            Jozefowicz et al. 2015.
        """
        super().initialise(weights, generator)
        weights["bias_ih"].chunk(4)[1].fill_(1.0)

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps: gates are had on the way, and c as it is."""
        return LstmReader(layer)


class LstmReader:
    """One product a step for all gates; the rest works on what is still in the cache.

    Args:
        layer: The weights.
        open_: Turns what the gates are given into how far they are open, in place.
    """

    def __init__(self, layer: Layer, open_: Callable[[Tensor], Tensor] = torch.sigmoid_) -> None:
        blocks = (0, 1, 3, 2)  # i f o, then g: three gates in one call
        self._open = open_
        self._given = Given(layer, blocks)
        self._recurrent = in_blocks(layer, "weight_hh", blocks).mT.contiguous()  # [4, H, H]

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        """Read a block of one layer, as `LayerReader` says."""
        (steps, streams), hidden = ids.shape, self._recurrent.shape[-1]
        output = out["h"] if "h" in out else torch.empty(steps, streams, hidden)
        gates, (c, after, seen) = torch.empty(4, streams, hidden), torch.empty(3, streams, hidden)
        i, f, o, g = gates
        opened, asked = gates[:3], [(gate, out[name].unbind()) for name, gate in
                                    (("i", i), ("f", f), ("o", o), ("g", g)) if name in out]
        h = before[0][0]
        c.copy_(before[1][0])
        for t, (x, below, now, tanh_c, dc, dh) in enumerate(zip(
                ids, inputs, output, each_step(out, "c"), each_step(out, "dc"),
                each_step(out, "dh"), strict=False)):
            # i, f, o, g = σ, σ, σ, tanh of W_i x + b_i + b_h + W_h h_{t−1}          [4, B, H]
            self._given.write(x, below, gates)
            gates.baddbmm_(h.expand(4, -1, -1), self._recurrent)
            self._open(opened)
            g.tanh_()
            for gate, to in asked:
                to[t].copy_(gate)
            torch.addcmul(i.mul_(g), f, c, out=after)  # c_t = i ∘ g + f ∘ c_{t−1}       [B, H]
            if dc is not None:
                # Δc = i ∘ g + (f − 1) ∘ c_{t−1} keeps its digits where c is large
                torch.addcmul(i, f.sub_(1.0), c, out=dc)
            # h_t = o ∘ tanh(c_t)
            torch.mul(o, torch.tanh(after, out=seen if tanh_c is None else tanh_c), out=now)
            if held is not None:
                held.put(now)
            if dh is not None:
                torch.sub(now, h, out=dh)
            h, c, after = now, after, c
        return output, (h[None].clone(), c[None].clone())


ARCHITECTURES.register(Lstm.name, Lstm())
