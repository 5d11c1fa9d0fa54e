"""What a network is fed: indices of steps, with a sign where its state begins anew.

A network that was trained on single lines, or on windows of so many steps, has a zero state before
the first step of each. Such a step i is fed as −1 − i (`~i`), so that what is cut, laid side by
side and sent elsewhere always knows where it begins anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRESH = 1
"""Mark of a step before which the state is zero."""

SILENT = 2
"""Mark of a step that is read and never scored."""

StepMarks = NDArray[np.uint8]


def fed(ids: NDArray[np.int64], marks: StepMarks | None) -> NDArray[np.int64]:
    """Return what is fed of S steps, int64[S].

    Args:
        ids: int64[S], indices of the steps.
        marks: uint8[S]; None where the state begins anew nowhere.
    """
    return ids if marks is None else np.where(marks & FRESH, ~ids, ids)


def indices(given: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices of what is fed, int64[S]."""
    return np.where(given < 0, ~given, given)


def spans_of(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indices of steps, and how many characters each covers, that `spanned` wrote.

    Raises:
        ValueError: It wrote no such thing.
    """
    try:
        pairs = np.array([step.split("x") for step in text.split()]).astype(np.int64)
        ids, sizes = pairs.T
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r:.60} are no steps") from None
    return ids, sizes


def spanned(ids: NDArray[np.int64], sizes: NDArray[np.int64]) -> str:
    """Return steps as a short text: `17x3 204x1` is step 17 over three characters, 204 over one."""
    return " ".join(f"{one}x{size}" for one, size in zip(ids, sizes, strict=True))


def has(marks: StepMarks | None, mark: int, length: int) -> NDArray[np.bool_]:
    """Return which of so many steps have a mark, bool[S]."""
    return np.zeros(length, bool) if marks is None else (marks & mark) > 0
