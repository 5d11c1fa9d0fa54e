"""Live modules of PyTorch without what wraps them, and the weights that they compute with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm
from torch.optim.swa_utils import AveragedModel

from builder.core.errors import ModelError, Problem

WRAPPERS = (nn.DataParallel, nn.parallel.DistributedDataParallel, AveragedModel)
CHECK = "give check=(ids, states) or check=module, which compares with what the live model gives"


def bare(module: nn.Module) -> nn.Module:
    """Return what is inside DataParallel, torch.compile and the like."""
    while True:
        inner = getattr(module, "_orig_mod", None)
        if inner is None and isinstance(module, WRAPPERS):
            inner = module.module
        if not isinstance(inner, nn.Module):
            return module
        module = inner


def weight_of(module: nn.Module, name: str) -> Tensor | None:
    """Return a tensor as the module computes with it, normed, pruned and so on; None without it.

    float32, a copy of its own.

    Raises:
        ModelError: There are no numbers in it, or complex ones.
    """
    with torch.no_grad(), evaluating(module):
        tensor = _normed(module, name)
        if tensor is None:
            tensor = getattr(module, name, None)
    if not isinstance(tensor, Tensor):
        return None
    if tensor.is_meta or tensor.is_complex():
        raise ModelError(Problem(f"{type(module).__name__}.{name}", "holds no real numbers",
                                 "on the device meta" if tensor.is_meta else str(tensor.dtype),
                                 "load or train its weights first"))
    return tensor.detach().to("cpu", torch.float32, copy=True)


def _normed(module: nn.Module, name: str) -> Tensor | None:
    for hook in module._forward_pre_hooks.values():
        if isinstance(hook, WeightNorm) and hook.name == name:
            weight: Tensor = hook.compute_weight(module)
            return weight
        if isinstance(hook, SpectralNorm) and hook.name == name:
            weight = hook.compute_weight(module, do_power_iteration=False)
            return weight
    return None


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Put a module into evaluation mode, and each of its parts back into its own afterwards."""
    before = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in before:
            part.training = training


def drops(module: nn.Module) -> bool:
    """Tell whether a module leaves something out by chance as it stands."""
    return any(part.training and ((isinstance(part, nn.modules.dropout._DropoutNd) and part.p > 0)
                                  or (getattr(part, "dropout", 0.0) not in (0, 0.0)
                                  and isinstance(part, nn.RNNBase)))
               for part in module.modules())


def odd(module: nn.Module) -> str:
    """Return what a module does that its weights do not show; empty where nothing is known."""
    for part in module.modules():
        if isinstance(part, nn.RNNBase | nn.RNNCellBase | nn.Embedding | nn.Linear) and (
                _home_of_forward(part) != "torch" or "forward" in vars(part)):
            return f"its class {type(part).__name__} has a forward of its own"
        if any(not type(hook).__module__.startswith("torch.nn.utils")
               for hook in (*part._forward_pre_hooks.values(), *part._forward_hooks.values())):
            return f"a hook on {type(part).__name__} changes what it reads or gives"
    return ""


def _home_of_forward(module: nn.Module) -> str:
    return str(getattr(type(module).forward, "__module__", "")).partition(".")[0]


def check_plain(part: str, module: nn.Module, where: str) -> None:
    """See that a module does what its weights say.

    Raises:
        ModelError: It is known to do something else.
    """
    if found := odd(module):
        raise ModelError(Problem(f"{where}, {part}", "its weights do not tell what it does", found,
                                 CHECK))


def rows_in(module: nn.Module | None, where: str) -> Tensor | None:
    """Return the rows of an embedding, [R, E]; None for one-hot input.

    A linear layer that reads one-hot input is a table too. With `max_norm`, rows are as they are
    when they are looked up.

    Raises:
        ModelError: It is something else.
    """
    if module is None:
        return None
    if isinstance(module, nn.Embedding):
        rows = weight_of(module, "weight")
        assert rows is not None
        if module.max_norm is not None:
            rows = torch.renorm(rows, module.norm_type, 0, module.max_norm)
        return rows
    if isinstance(module, nn.Linear):
        weight, bias = weight_of(module, "weight"), weight_of(module, "bias")
        assert weight is not None
        return weight.T if bias is None else weight.T + bias
    raise ModelError(Problem(f"{where}, embedding", "not an embedding", type(module).__name__,
                             "give an nn.Embedding, or None where the input is one-hot"))
