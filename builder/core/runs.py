"""Runs of equal labels as a short text: `0x12 1x30` is 12 zeros and 30 ones."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable


def runs(labels: Iterable[float]) -> str:
    """Return the runs of labels."""
    return " ".join(f"{value:g}x{sum(1 for _ in group)}"
                    for value, group in itertools.groupby(labels))


def labels_of(text: str) -> list[float]:
    """Return the labels that runs stand for."""
    pairs = (run.split("x") for run in text.split())
    return list(itertools.chain.from_iterable([float(value)] * int(count)
                                              for value, count in pairs))


def covers(text: str, length: int) -> bool:
    """Tell whether a text stands for runs of so many labels in all, without making them."""
    try:
        pairs = [run.split("x") for run in text.split()]
        counts = [int(count) for value, count in pairs if math.isfinite(float(value))]
    except ValueError:
        return False
    return min(counts, default=1) > 0 and sum(counts) == length
