"""Whether numbers that have the right type can mean what they are said to mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from builder.core.scores import Estimate

_CORRELATION, _SHARE, _COUNT = (-1.0, 1.0), (0.0, 1.0), (0.0, math.inf)
_ROUNDING = 1e-6

RANGES = {
    **dict.fromkeys(("r", "r_within", "single_r_within", "spearman"), _CORRELATION),
    **dict.fromkeys(("base_rate", "auprc", "f1", "iou", "p_family", "shut", "open", "kept",
                     "unknown_share"), _SHARE),
    **dict.fromkeys(("count", "start", "share_h", "share_f", "num_layers", "hidden_size", "units",
                     "bits", "unigram_bits", "uniform_bits"), _COUNT),
    "line": (1.0, math.inf),
}
"""Name of a field, wherever it is, to the least and the largest number that it may hold."""


_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
"""Types of what holds nothing further: most of what there is, so it is not looked into."""


def mistakes(value: Any, at: str = "") -> Iterator[str]:
    """Yield what cannot be in frozen data, as correlations above 1.

    Args:
        value: An instance of one of the types of `core`, or a container of such.
        at: Where it is in the whole.
    """
    if isinstance(value, Estimate):
        yield from _of_interval(value, at)
    elif is_dataclass(value):
        for name in _names(value.__class__):
            inside = getattr(value, name)
            if name in RANGES:
                yield from _of_number(inside, name, f"{at}.{name}".lstrip("."))
            if type(inside) not in _PLAIN:
                yield from mistakes(inside, f"{at}.{name}".lstrip("."))
    elif isinstance(value, dict):
        yield from _inside(value.items(), at)
    elif isinstance(value, tuple | list) and value and not isinstance(value[0], int | float | str):
        yield from _inside(enumerate(value), at)


def _inside(items: Iterable[tuple[object, Any]], at: str) -> Iterator[str]:
    for key, inside in items:
        if type(inside) not in _PLAIN:
            yield from mistakes(inside, f"{at}.{key}")


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _of_number(value: Any, name: str, at: str) -> Iterator[str]:
    """Look at a field that has a range; of an estimate, at what it estimates."""
    estimated = value.value if isinstance(value, Estimate) else value
    if isinstance(estimated, int | float):
        low, high = RANGES[name]
        if not low - _ROUNDING <= estimated <= high + _ROUNDING:
            yield f"{at} is {estimated:.6g}"


def _of_interval(value: Estimate, at: str) -> Iterator[str]:
    if value.low is not None and value.high is not None and not value.low <= value.high:
        yield f"{at} goes from {value.low:.6g} to {value.high:.6g}"
