"""A file of activations: what stands in it.

It is a `.npz` file with `states` [N, U], or an array for each signal, and `tokens` (N texts) or
`text` (N characters); `documents`, `names`, `log_probs` and `vocabulary` may stand beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.npz import Mapped
from builder.core.errors import CorpusError, Problem

STATES = "states"
ONE_SIGNAL = "h"
"""Name of the signal that `states` are."""

MOST_UNITS = 8_192
_KEPT = (np.dtype(np.float16), np.dtype(np.float32))
_SIGNAL = re.compile(r"([a-z]+)(\d*)")


@dataclass(frozen=True)
class Layer:
    """The values of one signal of one layer, [N, U], float16, float32 or float64."""

    signal: str
    number: int
    values: Mapped

    @property
    def name(self) -> str:
        """Signal and layer, such as `h0`."""
        return f"{self.signal}{self.number}"


@dataclass(frozen=True)
class StatesFile:
    """What a file says.

    Attributes:
        where: How messages name it.
        layers: One array each, layer by layer.
        text: What was read, where it is one text.
        tokens: What each step covers, where it is not one character.
        starts: First step of each document, int64[D]; None where that is not said.
        names: Of documents or of units; empty where there are none.
        log_probs: Natural logarithm of the chance that the model gave to each step, [N]; None
            where it is not said.
        vocabulary: What the model knows; None where that is not said.
        left_aside: Names of arrays that are nothing of this.
    """

    where: str
    layers: tuple[Layer, ...]
    text: str | None
    tokens: NDArray[np.str_] | None
    starts: NDArray[np.int64] | None
    names: tuple[str, ...]
    log_probs: NDArray[Any] | None
    vocabulary: tuple[str, ...] | None
    left_aside: tuple[str, ...]

    @property
    def steps(self) -> int:
        """N."""
        return self.layers[0].values.shape[0]


def pieces(tokens: NDArray[np.str_]) -> Iterator[list[str]]:
    """Yield what steps cover, some at a time, so that not all are Python's at once."""
    for start in range(0, len(tokens), 2**20):
        yield tokens[start : start + 2**20].tolist()


def parsed(name: str) -> tuple[str, int] | None:
    """Return the signal and the layer that a name means; None where it is none."""
    if name == STATES:
        return ONE_SIGNAL, 0
    match = _SIGNAL.fullmatch(str(name))
    return (match[1], int(match[2] or 0)) if match else None


def by_layer(names: Iterable[str]) -> list[str]:
    """Return names of arrays layer by layer, those of one layer in the order they have."""
    return sorted(names, key=lambda name: (parsed(name) or ("", 0))[1])


def _on_cpu(array: Any) -> Any:
    """Return a tensor of PyTorch as an array of numpy, and anything else as it is."""
    if not hasattr(array, "detach"):
        return array
    if array.is_complex():
        raise TypeError("complex numbers")
    array = array.detach().cpu()
    array = array if str(array.layout) == "torch.strided" else array.to_dense()
    return (array if str(array.dtype) == "torch.float16" else array.float()).numpy()


def numbers_of(array: Any, name: str, where: str) -> NDArray[Any]:
    """Return numbers of numpy or PyTorch as float32, or as float16 where they are that.

    Raises:
        CorpusError: They are no numbers, or not of one shape.
    """
    try:
        if isinstance(array, list | tuple):
            array = [_on_cpu(one) for one in array]
        values = np.asarray(_on_cpu(array))
        if values.dtype.kind == "c":
            raise TypeError("complex numbers")
        with np.errstate(over="ignore"):  # what is too large is infinite, and refused as that
            return values if values.dtype in _KEPT else values.astype(np.float32)
    except (TypeError, ValueError, RuntimeError) as error:
        raise refused(where, f"{name} are not numbers of one shape", str(error)) from None


def refused(where: str, wrong: str, found: str = "", remedy: str = "") -> CorpusError:
    """Return the error for a file that is not right."""
    return CorpusError(Problem(where, wrong, found, remedy))
