"""What the layers that PyTorch has in common give to their architectures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from builder.models.architecture import Architecture, Layer, Parameter, Reads, State, Steps


def stacked(blocks: int) -> tuple[Parameter, ...]:
    """Return the tensors of a layer of PyTorch's with so many blocks."""
    return (Parameter("weight_ih", Reads.INPUT, blocks, "bias_ih"),
            Parameter("weight_hh", Reads.OUTPUT, blocks, "bias_hh"),
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


class StateAndChange:
    """Writes h and its change: what needs no weights."""

    def write(self, steps: Steps, out: Mapping[str, Tensor]) -> None:
        """Write `h` and `dh`, where they are asked for."""
        if "h" in out:
            out["h"].copy_(steps.output)
        if "dh" in out:
            torch.sub(steps.output, steps.previous, out=out["dh"])


class Product:
    """W_i x + b_i + W_h h + b_h for some rows of a layer; in layer 0, W_i x from a table.

    Args:
        layer: With weights `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`, as PyTorch's.
        rows: Of the stacked blocks; a slice, or int64[rows].
        given: With W_i x + b_i.
        recurrent: With W_h h + b_h.
    """

    def __init__(
        self, layer: Layer, rows: slice | Tensor, *, given: bool = True, recurrent: bool = True
    ) -> None:
        weights = layer.weights
        self._recurrent = weights["weight_hh"][rows].t().contiguous() if recurrent else None
        self._input = weights["weight_ih"][rows].t().contiguous() if given else None
        bias = torch.zeros_like(weights["bias_hh"][rows])
        bias += weights["bias_ih"][rows] if given else 0.0
        self._bias = bias + (weights["bias_hh"][rows] if recurrent else 0.0)
        self._table = torch.addmm(self._bias, layer.embedding, self._input) \
            if layer.embedding is not None and self._input is not None else None  # [V, rows]

    def __call__(self, steps: Steps, previous: Tensor) -> Tensor:
        """Return float32[T, B, rows], `previous` being the output before each step."""
        if self._table is not None:
            total = self._table[steps.ids.flatten()]
        elif self._input is not None:
            total = torch.addmm(self._bias, steps.inputs.flatten(0, 1), self._input)
        else:
            total = self._bias
        if self._recurrent is not None:
            total = torch.addmm(total, previous.flatten(0, 1), self._recurrent)
        return total.view(*steps.ids.shape, -1)
