"""Layers that are told by the names which PyTorch, Keras and TensorFlow give their tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from builder.core.errors import ModelError, Problem
from builder.models.foreign.orders import OURS
from builder.models.foreign.sketch import Layer, of_candidate

TORCH = re.compile(r"(.*?)(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(?:_l(\d+))?(_reverse)?")
KERAS = re.compile(r"(.*?)(recurrent_kernel|kernel|bias)(?::0)?")
CUDNN = {8: 4, 6: 3}
"""Blocks of the bias of a layer of CuDNN's, and gates."""


def torch_layers(tensors: Mapping[str, Tensor], where: str) -> list[Layer]:
    """Return layers and cells that are named as PyTorch's.

    Raises:
        ModelError: One reads both ways, projects its state, or is not whole.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name in tensors:
        if (match := TORCH.fullmatch(name)) is None:
            continue
        prefix, role, number, back = match.groups()
        if back:
            raise ModelError(Problem(f"{where}, {name}", "it reads both ways", "",
                                     "a gallery keeps networks of one direction"))
        if role == "weight_hr":
            raise ModelError(Problem(f"{where}, {name}", "it projects its state", "",
                                     "a gallery keeps networks with proj_size=0"))
        found.setdefault((prefix, number or ""), {})[role] = name
    layers = []
    for (prefix, _), names in found.items():
        if not {"weight_ih", "weight_hh"} <= names.keys():
            raise ModelError(Problem(where, "a layer is not whole", ", ".join(names.values()),
                                     "save it again"))
        given = {r: tensors[n] for r, n in names.items()}
        more = {} if {"bias_ih", "bias_hh"} & names.keys() else _equinox(
            prefix, given["weight_hh"].shape, tensors)
        given |= {role: bias for role, (_, bias) in more.items()}
        names |= {role: name for role, (name, _) in more.items()}
        layers.append(_checked(Layer(given, names), where))
    return layers


def _equinox(
    prefix: str, shape: Sequence[int], tensors: Mapping[str, Tensor]
) -> dict[str, tuple[str, Tensor]]:
    """Return the biases of a cell of Equinox: one for all blocks, and that of a GRU's h alone.

    Args:
        prefix: Of the names of the cell.
        shape: Of its recurrent weights.
        tensors: All.
    """
    bias, candidate = f"{prefix}bias", f"{prefix}bias_n"
    found = {}
    if bias in tensors and tensors[bias].shape == shape[:1]:
        found["bias_ih"] = (bias, tensors[bias])
        if candidate in tensors and tensors[candidate].shape == shape[1:]:
            found["bias_hh"] = (candidate, of_candidate(tensors[candidate]))
    return found


def keras_layers(tensors: Mapping[str, Tensor], where: str) -> list[Layer]:
    """Return layers that are named as those of Keras or TensorFlow, rows in front.

    Raises:
        ModelError: One reads both ways, or its shapes are those of nothing known.
    """
    found: dict[str, dict[str, str]] = {}
    for name in tensors:
        if match := KERAS.fullmatch(name):
            found.setdefault(match[1], {})[match[2]] = name
    layers = []
    for prefix, names in found.items():
        if re.search(r"(^|/)backward_[^/]+/", prefix):
            raise ModelError(Problem(f"{where}, {prefix.rstrip('/')}", "it reads both ways", "",
                                     "a gallery keeps networks of one direction"))
        if {"kernel", "recurrent_kernel"} <= names.keys():
            layers.append(_checked(_keras(names, tensors, prefix, where), where))
        elif "kernel" in names and re.search(r"lstm_?cell", prefix.lower()):
            layers.append(_checked(_tensorflow(names, tensors, where), where))
    return layers


def _keras(
    names: Mapping[str, str], tensors: Mapping[str, Tensor], prefix: str, where: str
) -> Layer:
    kernel, recurrent = tensors[names["kernel"]], tensors[names["recurrent_kernel"]]
    roles = {"weight_ih": names["kernel"], "weight_hh": names["recurrent_kernel"]}
    if kernel.ndim != 2 or recurrent.ndim != 2:
        raise ModelError(Problem(f"{where}, {prefix}", "not matrices",
                                 f"{list(kernel.shape)}, {list(recurrent.shape)}"))
    hidden, bias = recurrent.shape[0], tensors.get(names.get("bias", ""))
    given, notes = {"weight_ih": kernel.T, "weight_hh": recurrent.T}, {}
    if bias is not None and bias.ndim == 1 and hidden and (
            gates := CUDNN.get(bias.numel() // hidden)) and recurrent.shape[1] == gates * hidden:
        bias = bias.view(2, -1)
        bias = bias.sum(0) if gates == len(OURS["lstm"]) else bias
        given = {"weight_ih": _unrolled(kernel, gates), "weight_hh": _unrolled(recurrent, gates)}
        notes = dict.fromkeys(given, "as CuDNN lays it in memory")
    if bias is not None:
        roles["bias_ih"] = names["bias"]
        two = bias.ndim == 2 and bias.shape[0] == 2
        given["bias_ih"] = bias[0] if two else bias
        if two:
            roles["bias_hh"], given["bias_hh"] = names["bias"], bias[1]
    return Layer(given, roles, notes)


def _unrolled(kernel: Tensor, gates: int) -> Tensor:
    """Return [gates · H, columns] of a matrix whose gates lie in the other order of memory."""
    rows = kernel.shape[0]
    return torch.cat([part.reshape(-1, rows) for part in kernel.chunk(gates, 1)])


def _tensorflow(names: Mapping[str, str], tensors: Mapping[str, Tensor], where: str) -> Layer:
    kernel = tensors[names["kernel"]]
    hidden = kernel.shape[-1] // 4
    if kernel.ndim != 2 or kernel.shape[0] <= hidden:
        raise ModelError(Problem(f"{where}, {names['kernel']}", "not the kernel of a cell",
                                 str(list(kernel.shape))))
    given = {"weight_ih": kernel[:-hidden].T, "weight_hh": kernel[-hidden:].T}
    roles = dict.fromkeys(given, names["kernel"])
    if "bias" in names:
        given["bias_ih"], roles["bias_ih"] = tensors[names["bias"]], names["bias"]
    return Layer(given, roles)


def _checked(layer: Layer, where: str) -> Layer:
    """See that the tensors of a layer have shapes that fit each other.

    Raises:
        ModelError: They have not.
    """
    shapes = {role: tuple(tensor.shape) for role, tensor in layer.tensors.items()}
    recurrent, read = shapes["weight_hh"], shapes["weight_ih"]
    blocks = {len(order) for order in OURS.values()}
    fits = len(recurrent) == len(read) == 2 and recurrent[1] > 0 and read[1] > 0 and (
        recurrent[0] == read[0] and recurrent[0] % recurrent[1] == 0
        and recurrent[0] // recurrent[1] in blocks
        and all(shape == recurrent[:1] for role, shape in shapes.items() if "bias" in role))
    if not fits:
        raise ModelError(Problem(
            where, "no layer that can be kept", ", ".join(
                f"{layer.names[role]} {list(layer.tensors[role].shape)}" for role in shapes),
            "a gallery keeps RNN, GRU and LSTM"))
    return layer
