"""What stands for the names in a pickle of PyTorch's: nothing that a file names is imported or run.

PyTorch's own reader of pickles calls, for each name, what it was given for it. These are the things
that it is given: arrays of numpy are read from their bytes, and of any other object its attributes
are kept as data.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

PLAIN = re.compile(r"(?:b1|[iu][1248]|f[248]|[SU]\d{1,6})\Z")
"""Kinds of numbers and texts that are read; arrays of objects hold pickles."""
DEEPEST = 60
"""Levels of dicts, lists and objects that are looked into."""
MOST = 500_000
"""Dicts, lists and objects in a file."""
MODULE = "_parameters", "_buffers", "_modules"
"""Attributes in which a module of PyTorch has its tensors and parts."""


class Kind:
    """What numpy says of the numbers in an array: their kind, and the order of their bytes."""

    def __init__(self, code: object = "", *_: object) -> None:
        self.code, self.order = code, "="

    def __setstate__(self, state: object) -> None:
        if isinstance(state, tuple) and len(state) > 1:
            self.order = state[1]

    def plain(self) -> np.dtype[Any] | None:
        """Return it where it is one of plain numbers or texts."""
        if not isinstance(self.code, str) or not PLAIN.match(self.code) or (
                self.order not in ("<", ">", "|", "=")):
            return None
        kind = np.dtype(self.code)
        return kind.newbyteorder(">") if self.order == ">" else kind


class Array:
    """Stands for an array of numpy.

    Attributes:
        values: None where it is one of Python objects.
    """

    def __init__(self, *_: object) -> None:
        self.values: NDArray[Any] | None = None

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5:
            raise ValueError("an array of numpy is not whole")
        self.values = _filled(state[2], state[1], state[4], state[3])


def _filled(kind: object, shape: object, raw: object, turned: object) -> NDArray[Any] | None:
    """Return an array of its own bytes; None for one of objects.

    Raises:
        ValueError: Shape and bytes do not fit.
    """
    of = kind.plain() if isinstance(kind, Kind) else None
    if of is None or not isinstance(raw, bytes):
        return None
    if not isinstance(shape, tuple) or len(shape) > 32 or not all(
            type(size) is int and size >= 0 for size in shape):
        raise ValueError(f"an array of numpy has no shape: {shape!r:.40}")
    if math.prod(shape) * of.itemsize != len(raw):
        raise ValueError(f"an array of numpy of {list(shape)} has {len(raw)} bytes")
    if not raw:
        return np.zeros(shape, of)
    values = np.frombuffer(raw, of).reshape(shape, order="F" if turned else "C")
    if of.kind == "U":
        values.tolist()  # raises where it is no text
    return values


def _array(*_: object) -> Array:
    return Array()


def _scalar(kind: object = None, raw: object = b"", *_: object) -> Any:
    values = _filled(kind, (), raw, False)
    return None if values is None else values.item()


def _nothing(*_: object) -> bytes:
    return b""


def _dict(*_: object) -> OrderedDict[Any, Any]:
    return OrderedDict()


class Aside:
    """Stands for an object of somebody's class, which is not made: its attributes are data."""

    def __init__(self, *_: object) -> None:
        self.state: object = None

    def __new__(cls, *_: object) -> Aside:
        """Return one whose attributes are not known yet."""
        new = super().__new__(cls)
        new.state = None
        return new

    def __setstate__(self, state: object) -> None:
        self.state = state


class AsideDict:
    """Stands for one that is a dict besides, as PyTorch fills no other kind of it."""

    def __new__(cls, *_: object) -> OrderedDict[Any, Any]:  # type: ignore[misc]
        """Return an empty one."""
        return OrderedDict()


KNOWN: tuple[tuple[Callable[..., Any], str], ...] = (
    *((read, f"numpy.{core}.multiarray.{name}") for core in ("core", "_core")
      for read, name in ((_array, "_reconstruct"), (_scalar, "scalar"))),
    (Array, "numpy.ndarray"), (Kind, "numpy.dtype"), (_nothing, "builtins.bytes"),
    (_dict, "collections.defaultdict"),
    *((Aside, f"builtins.{name}") for name in ("int", "float", "str", "list", "dict", "tuple",
                                               "bool", "frozenset", "object", "slice", "range")),
)
"""What is called for the names that stand for data."""


def opened(tree: Any) -> Any:
    """Return all that is data in what was read: dicts, lists, tensors, arrays, texts, numbers.

    A module is a dict of its tensors by the names of a state dict, and of its other attributes;
    any other object one of its attributes. What holds itself, or lies very deep, is left out.

    Raises:
        ValueError: There is more in it than anybody keeps beside a network.
    """
    return _Opening().of(tree)


class _Opening:
    def __init__(self) -> None:
        self._inside: list[int] = []
        self._left = MOST

    def of(self, tree: Any) -> Any:
        """Return what is data in a part."""
        if not isinstance(tree, Array | Aside | Mapping | list | tuple):
            return tree
        if id(tree) in self._inside or len(self._inside) > DEEPEST:
            return None
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"more than {MOST:,} dicts and lists are in it")
        self._inside.append(id(tree))
        found = self._of(tree)
        self._inside.pop()
        return found

    def _of(self, tree: Any) -> Any:
        if isinstance(tree, Array):
            values = tree.values
            return torch.from_numpy(np.array(values, np.float32)) if (
                values is not None and values.dtype.kind == "f") else values
        if isinstance(tree, Aside):
            return self._attributes(tree.state)
        if isinstance(tree, Mapping):
            own = self._attributes(vars(tree)) if isinstance(tree, OrderedDict) else None
            return {**(own or {}), **{key: self.of(value) for key, value in tree.items()}}
        return [self.of(value) for value in tree]

    def _attributes(self, state: object) -> dict[str, Any] | None:
        if isinstance(state, tuple) and len(state) == 2:  # of a class with __slots__
            state = {**(state[0] or {}), **state[1]} if isinstance(state[1], Mapping) else state[0]
        if not isinstance(state, Mapping):
            return None
        seen = {str(name): self.of(value) for name, value in state.items()
                if not str(name).startswith("_") or name in MODULE}
        return _module(seen) if isinstance(seen.get("_parameters"), Mapping) else seen


def _module(seen: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of a module, those of its parts beneath, and its state dict."""
    own, buffers, inner = (seen.pop(name, None) or {} for name in MODULE)
    tensors = {name: t for name, t in {**own, **buffers}.items() if isinstance(t, Tensor)}
    for name, part in inner.items():
        if isinstance(part, Mapping):
            tensors |= {f"{name}.{n}": t for n, t in part.items() if isinstance(t, Tensor)}
            seen[name] = {n: value for n, value in part.items() if not isinstance(value, Tensor)}
    return {**seen, **tensors}
