"""Documents read side by side: blocks of T characters, the longest documents together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class IdBlock:
    """Characters start to start + T of the documents of one batch that are as long as that.

    Attributes:
        start: Position of row 0 in each document.
        ids: int64[T, B]; 0 after a document's end.
        lengths: int64[B], rows of each column that are real, at least 1, never rising.
    """

    start: int
    ids: NDArray[np.int64]
    lengths: NDArray[np.int64]


LARGEST_BATCH = 1_000_000
"""Characters that are kept encoded and labelled at a time, unless one document has more."""


def batches(
    lengths: Sequence[int], streams: int, largest: int = LARGEST_BATCH
) -> list[list[int]]:
    """Return the numbers of the documents in batches of up to `streams`, longest first.

    Like lengths go together, so that few rows are padding; ties stay in order, and empty
    documents are left out. A batch of very long documents has fewer, for the sake of memory.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    return filled(order, lengths, streams, largest)


def filled(
    order: Iterable[int], lengths: Sequence[int], streams: int, largest: int
) -> list[list[int]]:
    """Fill one batch after another with documents in an order; empty ones are left out.

    Args:
        order: Numbers of the documents.
        lengths: Characters of each document.
        streams: Most documents of a batch.
        largest: Most characters of a batch, unless one document has more.
    """
    out: list[list[int]] = []
    held = 0
    for i in order:
        full = not out or len(out[-1]) == streams or held + lengths[i] > largest
        if lengths[i] and full:
            out.append([i])
            held = lengths[i]
        elif lengths[i]:
            out[-1].append(i)
            held += lengths[i]
    return out


def blocks(texts: Sequence[NDArray[np.int64]], length: int) -> Iterator[IdBlock]:
    """Yield the blocks of one batch, in order; documents that have ended are left out.

    Args:
        texts: Encoded documents, longest first.
        length: T, rows of a block of all documents; a block of fewer has more rows, so that it is
            no smaller, and the last block has what is left.
    """
    sizes = np.array([len(text) for text in texts])
    start = 0
    while start < sizes[0]:
        active = int((sizes > start).sum())
        # fewer streams get more rows, T · ⌊B / active⌋, so that a block stays as large as it was
        rows = np.minimum(sizes[:active] - start, length * (len(texts) // active))
        ids = np.zeros((int(rows[0]), active), np.int64)
        for b in range(active):
            ids[: rows[b], b] = texts[b][start : start + rows[b]]
        yield IdBlock(start, ids, rows)
        start += len(ids)
