"""A digest of any value: equal for equal values, in this process, the next and elsewhere.

Pickled bytes would not do: they hold addresses of memory and the order of sets, and they tell
equal objects from one object met twice.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PLAIN = (type(None), bool, int, float, complex, str, Path)
_GROUPS = (tuple, list)


def identity(*values: object, known: Mapping[int, str] | None = None) -> str:
    """Return a digest of values and of their types.

    Of a dataclass the fields that take part in comparison count, of a function of this package
    its name (say the version of the package besides), of another function its file, of a tensor
    its numbers. What cannot be told apart by how it is pickled counts as the same.

    Args:
        values: Any.
        known: Names of objects by their `id`; such an object is not looked into.

    Raises:
        TypeError: A value cannot be pickled.
    """
    return _Walk(known or {}).of(values).hex()


class _Walk:
    """One digest in the making; knows what it met, so that nothing is gone through twice."""

    def __init__(self, known: Mapping[int, str]) -> None:
        self._known = known
        self._met: dict[int, tuple[object, bytes]] = {}
        self._inside: list[int] = []

    def of(self, value: object) -> bytes:
        """Return the digest of a value."""
        if id(value) in self._known:
            return _hash("known", [self._known[id(value)].encode()])
        if isinstance(value, _PLAIN) and not isinstance(value, Enum):
            return _hash(_name(type(value)), [repr(value).encode("utf-8", "surrogatepass")])
        if isinstance(value, bytes):
            return _hash("bytes", [value])
        if id(value) in self._inside:
            return _hash("within itself", [str(self._inside.index(id(value))).encode()])
        if id(value) not in self._met:
            self._inside.append(id(value))
            self._met[id(value)] = value, _hash(_name(type(value)), self._parts(value))
            self._inside.pop()
        return self._met[id(value)][1]

    def _parts(self, value: object) -> list[bytes]:
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(np.asarray(value))
        if isinstance(value, _GROUPS):
            return [self.of(part) for part in value]
        if isinstance(value, (set, frozenset)):
            return sorted(self.of(part) for part in value)
        if isinstance(value, dict):
            return [self.of(part) for item in value.items() for part in item]
        if isinstance(value, (Enum, type, FunctionType, BuiltinFunctionType, MethodType)):
            return self._named(value)
        if dataclasses.is_dataclass(value):
            return [self.of(part) for f in dataclasses.fields(value) if f.compare
                    for part in (f.name, getattr(value, f.name))]
        return self._other(value)

    def _array(self, array: NDArray[Any]) -> list[bytes]:
        if array.dtype.hasobject:
            return [self.of(array.shape), self.of(array.tolist())]
        return [array.dtype.str.encode(), repr(array.shape).encode(), array.tobytes()]

    def _named(self, value: Any) -> list[bytes]:
        if isinstance(value, Enum):
            return [value.name.encode()]
        if isinstance(value, type):
            return [_name(value).encode()]
        inside = getattr(value, "__self__", None)
        if isinstance(inside, ModuleType):
            return [_name(value).encode()]
        if isinstance(value, FunctionType):
            cells = [cell.cell_contents for cell in value.__closure__ or ()]
            inside = [_file_of(value), cells, value.__defaults__, value.__kwdefaults__]
        return [_name(value).encode(), self.of(inside)]

    def _other(self, value: Any) -> list[bytes]:
        if isinstance(value, partial):
            return [self.of([value.func, value.args, value.keywords])]
        if hasattr(value, "detach") and hasattr(value, "numpy"):  # a tensor; torch is not here
            return self._array(value.detach().cpu().numpy())
        reduced = value.__reduce_ex__(4)
        if isinstance(reduced, str):
            return [reduced.encode()]
        return [self.of(list(part) if i > 2 and part is not None else part)
                for i, part in enumerate(reduced)]


def _hash(kind: str, parts: Iterable[bytes]) -> bytes:
    """Return the digest of parts; their borders count, long ones are not copied."""
    whole = hashlib.sha256(kind.encode())
    for part in parts:
        whole.update(b"\0%d\0" % len(part))
        whole.update(part)
    return whole.digest()


def _name(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


def _file_of(function: Callable[..., Any]) -> str:
    """Return a digest of a function's file; of this package the version says enough."""
    module = (function.__module__ or "").partition(".")[0]
    return "" if module == __name__.partition(".")[0] else _digest(function.__code__.co_filename)


@cache
def _digest(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return path
