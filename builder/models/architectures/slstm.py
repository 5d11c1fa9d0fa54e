"""sLSTM, an LSTM whose input gate is exponential and whose memory is a weighted mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from builder.core.units import Kind, Signal
from builder.models.architecture import Held, Layer, LayerReader, State
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import Given, in_blocks, stacked
from builder.models.stack import Stacked, SteppedStack


class _Step(NamedTuple):
    """What a layer computes at a step, each [B, H]; the first four are carried."""

    h: Tensor
    c: Tensor
    n: Tensor
    m: Tensor
    i: Tensor
    f: Tensor
    z: Tensor
    o: Tensor


def _step(given: Sequence[Tensor], c: Tensor, n: Tensor, m: Tensor) -> _Step:
    """Return a step from ĩ f̃ z̃ õ and what was carried; n is 0 before the first step."""
    i, f, z, o = given
    kept = torch.where(n > 0, logsigmoid(f) + m, i)
    top = torch.maximum(kept, i)
    old, new = n * torch.exp(kept - top), torch.exp(i - top)
    total = old + new
    old, new, z, o = old / total, new / total, torch.tanh(z), torch.sigmoid(o)
    mean = old * c + new * z
    return _Step(o * mean, mean, total, top, new, old, z, o)


class _Stack(SteppedStack):
    def step(self, given: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        return _step(given.chunk(4, -1), *state[1:])[:4]


class SLstm(Stacked):
    """What counts in memory is how much weight a character was given beside all before it.

    i_t = exp(ĩ_t),  f_t = σ(f̃_t),  o_t = σ(õ_t),  z_t = tanh(z̃_t),
    each of ĩ f̃ z̃ õ being W x_t + b + R h_{t−1}, a block of rows each
    n_t = f_t ∘ n_{t−1} + i_t
    c_t = (f_t ∘ n_{t−1} ∘ c_{t−1} + i_t ∘ z_t) / n_t
    h_t = o_t ∘ c_t

    Here c is what the paper writes c / n, the only thing that is ever read of either; it is between
    −1 and 1. The signals f and i are the shares of the old and of the new in it, which add up to 1.
    So that exp overflows nowhere, n is kept as n · exp(−m), with m_t = max(ln f_t + m_{t−1}, ĩ_t).
    R is full instead of one block for each head.

    Source:
        Beck et al. 2024, xLSTM, arXiv 2405.04517, section 2.2 and appendix A.
    """

    name, title = "slstm", "an sLSTM"
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("c", Kind.STATE, "cell state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
        Signal("dc", Kind.CHANGE, "change of the cell state", -1.0, 1.0, of="c"),
        Signal("i", Kind.GATE, "input gate", 0.0, 1.0),
        Signal("f", Kind.GATE, "forget gate", 0.0, 1.0),
        Signal("z", Kind.CANDIDATE, "cell input", -1.0, 1.0),
        Signal("o", Kind.GATE, "output gate", 0.0, 1.0),
    )
    parameters = stacked("i", "f", "z", "o")
    change, keeping = "dc", {"c": "f"}
    holds_streams = connects = True
    stacked_in = _Stack

    def initialise(self, weights: Mapping[str, Tensor], generator: torch.Generator) -> None:
        """Set fresh weights; forget gates are open to 3 to 6, of any degree."""
        super().initialise(weights, generator)
        forget = weights["bias_ih"].chunk(4)[1]
        forget.copy_(3 + 3 * torch.rand(forget.shape, generator=generator))

    def initial_state(
        self, layers: int, streams: int, hidden: int, device: torch.device
    ) -> State:
        """Return zeros for h, c, n and m."""
        return tuple(torch.zeros(layers, streams, hidden, device=device) for _ in range(4))

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps; all signals are had on the way."""
        return _Reader(layer)


class _Reader:
    """One product a step.

    Args:
        layer: The weights.
    """

    def __init__(self, layer: Layer) -> None:
        blocks = range(4)
        self._given = Given(layer, blocks)
        self._recurrent = in_blocks(layer, "weight_hh", blocks).mT.contiguous()  # [4, H, H]

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        (steps, streams), hidden = ids.shape, self._recurrent.shape[-1]
        output = out["h"] if "h" in out else torch.empty(steps, streams, hidden)
        gates = torch.empty(4, streams, hidden)
        state = tuple(part[0] for part in before)
        for t, (x, below, now) in enumerate(zip(ids, inputs, output, strict=True)):
            self._given.write(x, below, gates)
            gates.baddbmm_(state[0].expand(4, -1, -1), self._recurrent)
            done = _step(gates.unbind(), *state[1:])
            now.copy_(done.h)
            if held is not None:
                held.put(now)
            for name, values in out.items():
                if name != "h":
                    values[t].copy_(_signal(name, done, now, state))
            state = (now, *done[1:4])
        return output, tuple(part[None].clone() for part in state)


def _signal(name: str, done: _Step, now: Tensor, before: State) -> Tensor:
    if name in ("dh", "dc"):
        return now - before[0] if name == "dh" else done.c - before[1]
    signal: Tensor = getattr(done, name)
    return signal


ARCHITECTURES.register(SLstm.name, SLstm())
