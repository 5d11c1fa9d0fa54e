"""Blocks of signals, as the reader hands them on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class StateBlock:
    """Signals of T steps of B documents read side by side.

    Attributes:
        values: float32[T, B, U]; row t is the state *after* step start + t. The memory is
            used again for the next block: copy what is to be kept.
        start: Position of row 0 in each document.
        columns: The number of each column's document in the list that was read.
        lengths: int64[B], how many rows of each column are real, never rising along B.
    """

    values: NDArray[np.float32]
    start: int
    columns: tuple[int, ...]
    lengths: NDArray[np.int64]
