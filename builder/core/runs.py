"""Runs of equal labels as a short text: `0x12 1x30` is 12 zeros and 30 ones."""

from __future__ import annotations

import itertools
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
