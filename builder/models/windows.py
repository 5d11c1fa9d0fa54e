"""Training windows: documents laid side by side in streams, state carried inside a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PADDING = -100
"""Target after a document's end; `cross_entropy` passes it over."""


@dataclass(frozen=True)
class Window:
    """One step of training.

    Attributes:
        ids: int64[T, B], the characters read; 0 where the document has ended.
        targets: int64[T, B], the characters to predict, each the one after; PADDING at the end.
        fresh: bool[B], streams that start a document here and so start from a zero state.
        characters: Targets that count.
    """

    ids: NDArray[np.int64]
    targets: NDArray[np.int64]
    fresh: NDArray[np.bool_]
    characters: int


def windows(
    texts: Sequence[NDArray[np.int64]], streams: int, length: int, seed: int
) -> Iterator[Window]:
    """Yield windows for ever: every pass reads each text once, in an order of its own.

    A stream that has come to the end of a text takes the next one at the next window.

    Args:
        texts: Encoded texts of two characters or more.
        streams: B.
        length: T.
        seed: Decides the orders, and nothing else does.
    """
    order = _order(len(texts), seed)
    current = [next(order) for _ in range(streams)]
    at = [0] * streams
    while True:
        ids = np.zeros((length, streams), np.int64)
        targets = np.full((length, streams), PADDING, np.int64)
        fresh = np.array([start == 0 for start in at])
        for b in range(streams):
            text, start = texts[current[b]], at[b]
            n = min(length, len(text) - 1 - start)
            ids[:n, b] = text[start : start + n]
            targets[:n, b] = text[start + 1 : start + n + 1]
            at[b] += n
            if at[b] >= len(text) - 1:
                current[b], at[b] = next(order), 0
        yield Window(ids, targets, fresh, int((targets != PADDING).sum()))


def _order(count: int, seed: int) -> Iterator[int]:
    generator = np.random.Generator(np.random.PCG64(seed))
    while True:
        yield from generator.permutation(count).tolist()
