"""Recurrent layers of live modules: PyTorch's, cells, lists of either."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from torch import Tensor, nn

from builder.core.errors import ModelError, Problem
from builder.models.architecture import Architecture
from builder.models.architectures import ARCHITECTURES
from builder.models.foreign.modules import bare, weight_of

CELLS = {nn.LSTMCell: "LSTM", nn.GRUCell: "GRU", nn.RNNCell: "RNN_TANH"}
"""What a cell would call itself, if it were a layer."""


def read_layers(rnn: nn.Module, where: str) -> tuple[str, tuple[Mapping[str, Tensor], ...], int]:
    """Return the name of the architecture, the tensors of each layer, and what the lowest reads.

    Raises:
        ModelError: It is of a kind that cannot be kept, or its layers do not fit each other.
    """
    where, stages = f"{where}, rnn", stages_of(rnn)
    if not stages:
        raise ModelError(Problem(where, "no recurrent layer", type(rnn).__name__, _kept()))
    kinds = [_architecture(stage, where) for stage in stages]
    if len({kind.name for kind in kinds}) > 1:
        raise ModelError(Problem(where, "layers of several kinds",
                                 ", ".join(kind.title for kind in kinds), "a gallery keeps one"))
    sizes = [(int(stage.input_size), int(stage.hidden_size))  # type: ignore[arg-type]
             for stage in stages]
    for (_, below), (read, above) in pairwise(sizes):
        if read != below or above != below:
            raise ModelError(Problem(where, "its layers do not fit each other",
                                     f"{below} cells below {above} that read {read}",
                                     "a gallery keeps layers of one size"))
    layers = [layer for stage in stages for layer in _layers(kinds[0], stage)]
    return kinds[0].name, tuple(layers), sizes[0][0]


def stages_of(rnn: nn.Module) -> list[nn.Module]:
    """Return layers and cells in the order in which they read."""
    rnn = bare(rnn)
    if isinstance(rnn, nn.ModuleList | nn.Sequential | nn.ModuleDict):
        return [stage for part in rnn.children() for stage in stages_of(part)]
    return [rnn] if is_recurrent(rnn) else []


def is_recurrent(module: nn.Module) -> bool:
    """Tell whether a module is a layer or a cell, of an architecture or of PyTorch's own."""
    return isinstance(module, nn.RNNBase | nn.RNNCellBase) or any(
        architecture.is_kind_of(module) for architecture in ARCHITECTURES.all())


def _kept() -> str:
    titles = ", ".join(architecture.title for architecture in ARCHITECTURES.all())
    return f"it must be one of these: {titles}"


def _architecture(stage: nn.Module, where: str) -> Architecture:
    mode = getattr(stage, "mode", CELLS.get(type(stage), type(stage).__name__))
    if isinstance(stage, nn.RNNCellBase):
        mode = next((name for kind, name in CELLS.items() if isinstance(stage, kind)), mode)
        if getattr(stage, "nonlinearity", "tanh") != "tanh":
            mode = "RNN_RELU"
    found = [a for a in ARCHITECTURES.all()
             if a.is_kind_of(stage) or getattr(a, "mode", None) == mode]
    checks = [(bool(found), str(mode), _kept()),
              (not getattr(stage, "bidirectional", False), "it reads both ways",
               "use one direction"),
              (not getattr(stage, "proj_size", 0), "it projects its state", "use proj_size=0")]
    for fits, said, todo in checks:
        if not fits:
            raise ModelError(Problem(where, "does not fit", said, todo))
    return found[0]


def _layers(architecture: Architecture, stage: nn.Module) -> list[dict[str, Tensor]]:
    ends = [""] if isinstance(stage, nn.RNNCellBase) else [
        f"_l{number}" for number in range(int(stage.num_layers))]  # type: ignore[arg-type]
    return [{p.name: tensor for p in architecture.parameters
             if (tensor := weight_of(stage, p.name + end)) is not None} for end in ends]
