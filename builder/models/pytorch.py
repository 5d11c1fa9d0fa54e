"""What the layers that PyTorch has in common give to their architectures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import ClassVar

import torch
from torch import Tensor, nn

from builder.models.architecture import Architecture, Layer, Parameter, Reads, State

MOST_ROWS = 8_192
"""Rows of an embedding whose products are made once, and not again at every step."""


def stacked(*gives: str) -> tuple[Parameter, ...]:
    """Return the tensors of a layer of PyTorch's with a block for each of these signals.

    Args:
        gives: Gate or candidate that each block makes; empty where it makes the state itself.
    """
    blocks = len(gives)
    return (Parameter("weight_ih", Reads.INPUT, blocks, "bias_ih", gives=gives),
            Parameter("weight_hh", Reads.OUTPUT, blocks, "bias_hh", gives=gives),
            Parameter("bias_ih", Reads.NOTHING, blocks),
            Parameter("bias_hh", Reads.NOTHING, blocks))


class LibraryArchitecture(Architecture):
    """An architecture whose fast pass is a module of PyTorch's.

    Attributes:
        module: Its class.
        mode: What the module calls itself.
    """

    module: ClassVar[type[nn.RNN] | type[nn.GRU] | type[nn.LSTM]]
    mode: ClassVar[str]
    holds_streams = connects = True

    def stack(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> nn.Module:
        """Return PyTorch's own layers."""
        return self.module(inputs, hidden, layers, dropout=dropout)

    def run(self, stack: nn.Module, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Call them; PyTorch takes and gives a state of one part without a tuple."""
        output, after = stack(inputs, state if len(state) > 1 else state[0])
        return output, after if isinstance(after, tuple) else (after,)

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module calls itself so."""
        return getattr(module, "mode", "") == self.mode


class Given:
    """What a layer's input gives to some blocks at each step; in layer 0 it comes from a table.

    Args:
        layer: With weights `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`, as PyTorch's.
        blocks: Numbers of the stacked blocks, G of them.
        recurrent: Whether the bias of what reads h is added too.
    """

    def __init__(self, layer: Layer, blocks: Sequence[int], *, recurrent: bool = True) -> None:
        self._input = in_blocks(layer, "weight_ih", blocks).mT.contiguous()  # [G, E, H]
        bias = in_blocks(layer, "bias_ih", blocks)
        self._bias = (bias + in_blocks(layer, "bias_hh", blocks) if recurrent else bias)[:, None]
        # W_i x + b_i + b_h for every character   [G, V, H]
        few = layer.embedding is not None and len(layer.embedding) <= MOST_ROWS
        self._table = self._product(layer.embedding) if layer.embedding is not None and few \
            else None

    def write(self, ids: Tensor, inputs: Tensor, out: Tensor) -> None:
        """Overwrite `out` with W_i x + b_i + b_h of one step.

        Args:
            ids: int64[B].
            inputs: float32[B, E].
            out: float32[G, B, H], without gaps.
        """
        if self._table is not None:
            torch.index_select(self._table, 1, ids, out=out)
        else:
            out.copy_(self._product(inputs))

    def _product(self, inputs: Tensor) -> Tensor:
        return torch.baddbmm(self._bias, inputs.expand(len(self._input), -1, -1), self._input)


def in_blocks(layer: Layer, name: str, blocks: Sequence[int]) -> Tensor:
    """Return some blocks of a layer's tensor, each by itself, float32[G, H] or [G, H, …]."""
    tensor = layer.weights[name]
    return tensor.view(-1, layer.hidden, *tensor.shape[1:])[list(blocks)]


def each_step(out: Mapping[str, Tensor], name: str) -> Iterator[Tensor | None]:
    """Return where a signal goes after each step, float32[B, H]; None for ever if nobody asks."""
    return iter(out[name].unbind()) if name in out else repeat(None)


def fine(product: Tensor) -> Tensor:
    """Return a product in float32 where it is in bfloat16, and as it is where it is finer.

    A gate that stays nearly shut for hundreds of steps has no place in bfloat16.
    """
    return product.float() if product.dtype is torch.bfloat16 else product
