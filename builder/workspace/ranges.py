"""Numbers that cannot be in a file beside the weights of an exhibit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

Range = tuple[float, float]
ANY, CORRELATION, SHARE, COUNT, R_SQUARED, POSITIVE = (
    (-math.inf, math.inf), (-1.0, 1.0), (0.0, 1.0), (0.0, 2.0**53), (-math.inf, 1.0),
    (0.0, math.inf))

ROUNDING = 1e-6
"""By how much a number may be outside, for that is rounding."""

Ranges = Mapping[type, Mapping[str, Range]]
"""In which numbers must be, by the type that has them; elsewhere any that is finite."""


def outside(value: Any, ranges: Ranges, where: str = "", allowed: Range = ANY) -> Iterator[str]:
    """Yield each number that cannot be, with its place.

    Args:
        value: A number, or what has numbers in it.
        ranges: In which they must be.
        where: Its own place.
        allowed: In which it must be itself.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = allowed
        if not (math.isfinite(value) and low - ROUNDING <= value <= high + ROUNDING):
            yield f"{where}: {value}"
    elif is_dataclass(value):
        own = ranges.get(type(value), {})
        for field in fields(value):
            yield from outside(getattr(value, field.name), ranges,
                               f"{where}.{field.name}".lstrip("."), own.get(field.name, ANY))
    elif isinstance(value, tuple):
        for i, part in enumerate(value):
            yield from outside(part, ranges, f"{where}.{i}", allowed)
