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
    for places in _places([len(text) for text in texts], streams, length, seed):
        ids = np.zeros((length, streams), np.int64)
        targets = np.full((length, streams), PADDING, np.int64)
        fresh = np.array([start == 0 for _, start, _ in places])
        for b, (number, start, n) in enumerate(places):
            text = texts[number]
            ids[:n, b] = text[start : start + n]
            targets[:n, b] = text[start + 1 : start + n + 1]
        yield Window(ids, targets, fresh, sum(n for _, _, n in places))


def characters_read(
    lengths: Sequence[int], streams: int, length: int, seed: int, wanted: int
) -> NDArray[np.int64]:
    """Return how many characters are read until the end of each window, int64[steps].

    There are as many windows as it takes to read `wanted` characters; the padding behind the end
    of a text is none of them. No text is needed for it, so it is done in advance.

    Args:
        lengths: Characters of each text, two or more.
        streams: B.
        length: T.
        seed: Of the orders.
        wanted: Characters to read in all, 1 or more.
    """
    read, ends = 0, []
    for places in _places(lengths, streams, length, seed):
        read += sum(n for _, _, n in places)
        ends.append(read)
        if read >= wanted:
            break
    return np.array(ends, np.int64)


Place = tuple[int, int, int]
"""What a stream reads in a window: number of the text, where it starts, how many characters."""


def _places(
    lengths: Sequence[int], streams: int, length: int, seed: int
) -> Iterator[list[Place]]:
    """Yield what each stream reads in each window, for ever."""
    order = _order(len(lengths), seed)
    current = [next(order) for _ in range(streams)]
    at = [0] * streams
    while True:
        places = []
        for b in range(streams):
            left = lengths[current[b]] - 1 - at[b]  # the last character has none to predict
            n = min(length, left)
            places.append((current[b], at[b], n))
            if n < left:
                at[b] += n
            else:
                current[b], at[b] = next(order), 0
        yield places


def _order(count: int, seed: int) -> Iterator[int]:
    generator = np.random.Generator(np.random.PCG64(seed))
    while True:
        yield from generator.permutation(count).tolist()
