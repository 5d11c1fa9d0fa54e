"""Decoders of several layers, folded into one where they are linear."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor, nn

from builder.core.errors import ModelError, Problem
from builder.models.foreign.modules import bare, weight_of

SILENT = (nn.Dropout, nn.AlphaDropout, nn.Identity)
LAST = (nn.LogSoftmax, nn.Softmax)
"""At the end, they leave the probabilities as they are."""


def folded(decoder: nn.Module | None, where: str) -> tuple[Tensor, Tensor | None]:
    """Return the weight [R, H] and bias [R] that do what all layers of a decoder do.

    Raises:
        ModelError: There is none, there are two, or one is not linear.
    """
    where = f"{where}, decoder"
    if decoder is None:
        raise ModelError(Problem(where, "there is none", "",
                                 "give the nn.Linear that predicts the next character"))
    layers = [layer for layer in _layers(decoder, where) if not isinstance(layer, SILENT)]
    if layers and isinstance(layers[-1], LAST):
        layers.pop()
    if not layers:
        raise ModelError(Problem(where, "it has no weights", type(decoder).__name__,
                                 "give the nn.Linear that predicts the next character"))
    for layer in layers:
        if not isinstance(layer, nn.Linear):
            raise ModelError(Problem(
                where, "not linear, so it cannot be kept as one matrix", type(layer).__name__,
                "give a decoder of linear layers, for example one trained anew on the states"))
    return _product([layer for layer in layers if isinstance(layer, nn.Linear)], where)


def _layers(module: nn.Module, where: str) -> Iterator[nn.Module]:
    module = bare(module)
    if isinstance(module, nn.ModuleList | nn.ModuleDict):
        heads = dict(module.named_children())
        if len(heads) != 1:
            raise ModelError(Problem(where, f"there are {len(heads)} heads", ", ".join(heads),
                                     "name the one that predicts the next character"))
        module = bare(next(iter(heads.values())))
    if isinstance(module, nn.Sequential):
        for layer in module:
            yield from _layers(layer, where)
    else:
        yield module


def _product(layers: list[nn.Linear], where: str) -> tuple[Tensor, Tensor | None]:
    weight, bias = None, None
    for layer in layers:
        own, added = weight_of(layer, "weight"), weight_of(layer, "bias")
        assert own is not None
        if weight is not None and own.shape[1] != weight.shape[0]:
            raise ModelError(Problem(where, "its layers do not fit each other",
                                     f"{weight.shape[0]} to {own.shape[1]}"))
        if bias is not None:
            carried = (own.double() @ bias.double()).float()
            added = carried if added is None else carried + added
        weight = own if weight is None else (own.double() @ weight.double()).float()
        bias = added
    assert weight is not None
    return weight, bias


def is_decoder(module: nn.Module, hidden: int, outputs: int) -> bool:
    """Tell whether a module is a linear layer, or layers in a row, from H to so many outputs."""
    if isinstance(module, nn.Sequential):
        linear = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
        return bool(linear) and linear[0].in_features == hidden and (
            linear[-1].out_features == outputs)
    return isinstance(module, nn.Linear) and (
        (module.in_features, module.out_features) == (hidden, outputs))
