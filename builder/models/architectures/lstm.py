"""Long short-term memory, as PyTorch has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from builder.core.units import Kind, Signal
from builder.models.architecture import Layer, SignalWriter, Steps
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import LibraryArchitecture, Product, StateAndChange, stacked

LEAST_OPEN = 2.0**-100
"""The least output gate through which tanh(c) is seen.

h = o tanh(c) is kept to a multiple of 2^−149, or of 2^−126 where a processor takes what is smaller
for 0. So h / o is off by up to 2^−126 / o: for o ≥ 2^−100 that is 2^−26, less than float32's own
rounding of 1.
"""


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
    parameters = stacked(4)
    change = "dc"
    module, mode = nn.LSTM, "LSTM"

    def initialise(self, weights: Mapping[str, Tensor], generator: torch.Generator) -> None:
        """Set fresh weights; the forget gate starts open, so that memory is long from the start.

        Source:
            Jozefowicz et al. 2015.
        """
        super().initialise(weights, generator)
        weights["bias_ih"].chunk(4)[1].fill_(1.0)

    def open(self, layer: Layer, signals: Sequence[str]) -> SignalWriter:
        """Make the output gate once more for tanh(c), or all of them where they are asked for."""
        if set(signals) <= {"h", "dh"}:
            return StateAndChange()
        return _ThroughGate(layer) if set(signals) <= {"h", "c", "dh"} else _Inside(layer, signals)


class _ThroughGate(StateAndChange):
    """h, its change, and tanh(c) = h / o."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._gate = Product(layer, slice(3 * layer.hidden, 4 * layer.hidden))

    def write(self, steps: Steps, out: Mapping[str, Tensor]) -> None:
        super().write(steps, out)
        if "c" not in out:
            return
        previous = steps.previous
        o = self._gate(steps, previous).sigmoid_()  # [T, B, H]
        torch.div(steps.output, o, out=out["c"])
        out["c"].clamp_(-1.0, 1.0)
        if o.amin() < LEAST_OPEN:
            self._follow(steps, previous, o < LEAST_OPEN, out["c"])

    def _follow(self, steps: Steps, previous: Tensor, shut: Tensor, out: Tensor) -> None:
        """Write tanh(c) where the output gate is shut: c is followed from before the block.

        Args:
            steps: The block.
            previous: h before each step, float32[T, B, H].
            shut: bool[T, B, H].
            out: tanh(c), float32[T, B, H], right where the gate is not shut.
        """
        cells = shut.flatten(0, 1).any(0).nonzero()[:, 0]  # K of the H cells
        rows = torch.cat([cells + block * self._layer.hidden for block in range(3)])
        i, f, g = Product(self._layer, rows)(steps, previous).chunk(3, -1)  # [T, B, K]
        c = followed(steps.before[1][..., cells], f.sigmoid_(), i.sigmoid_() * g.tanh_())[1:]
        out[..., cells] = torch.where(shut[..., cells], c.tanh_(), out[..., cells])


class _Inside(StateAndChange):
    """All signals of a layer."""

    def __init__(self, layer: Layer, signals: Sequence[str]) -> None:
        self._gates = "ifgo" if "o" in signals else "ifg"
        self._product = Product(layer, slice(0, len(self._gates) * layer.hidden))

    def write(self, steps: Steps, out: Mapping[str, Tensor]) -> None:
        super().write(steps, out)
        # i, f, g, o = σ or tanh of W_i x + b_i + W_h h + b_h, block by block            [T, B, H]
        parts = self._product(steps, steps.previous).chunk(len(self._gates), -1)
        gates = {name: part.tanh() if name == "g" else part.sigmoid()
                 for name, part in zip(self._gates, parts, strict=True)}
        for name in gates.keys() & out.keys():
            out[name].copy_(gates[name])
        if "c" in out or "dc" in out:
            _write_cell(steps.before[1], gates["f"], gates["i"].mul_(gates["g"]), out)


def _write_cell(first: Tensor, kept: Tensor, added: Tensor, out: Mapping[str, Tensor]) -> None:
    c = followed(first, kept, added)
    if "dc" in out:
        # Δc = (f − 1) ∘ c_{t−1} + i ∘ g keeps its digits where c is large                [T, B, H]
        torch.addcmul(added, kept.sub_(1.0), c[:-1], out=out["dc"])
    if "c" in out:
        torch.tanh(c[1:], out=out["c"])


def followed(first: Tensor, kept: Tensor, added: Tensor) -> Tensor:
    """Return c before the first step and after each, float32[T + 1, B, K].

    Args:
        first: c before the first step, float32[1, B, K].
        kept: f, float32[T, B, K].
        added: i ∘ g, float32[T, B, K].
    """
    c = torch.cat([first, added])
    steps = c.unbind()
    for before, f, after in zip(steps, kept.unbind(), steps[1:], strict=False):
        after.addcmul_(f, before)  # c_t = i ∘ g + f ∘ c_{t−1}                              [B, K]
    return c


ARCHITECTURES.register(Lstm.name, Lstm())
