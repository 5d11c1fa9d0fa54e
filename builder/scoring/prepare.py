"""Documents made ready to be scored, and joined to the signals as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.blocks import StateBlock
from builder.core.feed import StepMarks, fed

NOT_SCORED = -1

MOST = 0.75
"""Above this share of scored rows they are moved together in place, below it copied."""


@dataclass(frozen=True)
class Prepared:
    """One piece of a document from where reading starts, encoded and labelled.

    Attributes:
        ids: int64[S], indices of the steps.
        labels: float32[S, K], or int16 where every label is a small whole number.
        groups: int16[S], document group of each scored step, NOT_SCORED elsewhere.
        bigrams: int32[S], number of the last two steps; the table's size where rare.
        marks: uint8[S] where the network begins anew inside a text; else None.
    """

    ids: NDArray[np.int64]
    labels: NDArray[Any]
    groups: NDArray[np.int16]
    bigrams: NDArray[np.int32]
    marks: StepMarks | None = None

    @property
    def fed(self) -> NDArray[np.int64]:
        """What a network is fed of it, int64[S]."""
        return fed(self.ids, self.marks)


@dataclass(frozen=True)
class Rows:
    """Scored steps, one a row; the memory of `values` may be used again.

    Attributes:
        values: float32[N, U].
        labels: [N, K], any real type.
        groups: int64[N].
        bigrams: int64[N]; the table's size where the last two steps are rare.
    """

    values: NDArray[np.float32]
    labels: NDArray[Any]
    groups: NDArray[np.int64]
    bigrams: NDArray[np.int64]


def join(block: StateBlock, documents: Sequence[Prepared]) -> Rows | None:
    """Pick the scored characters of a block; None where there is none.

    They are moved together inside the block's own memory: its values are spent.

    Args:
        block: Signals; its columns are positions in `documents`.
        documents: All documents of the batch.
    """
    return Joined(block, documents).rows(block.values, documents, spend=True)


class Joined:
    """A block with what is known of its characters, from which rows are picked again and again.

    Args:
        block: Signals; its columns are positions in `documents`.
        documents: All documents of the batch.
    """

    def __init__(self, block: StateBlock, documents: Sequence[Prepared]) -> None:
        columns = [documents[i] for i in block.columns]
        self._block = block
        self._labels = _stack([d.labels for d in columns], block, 0)  # [T, B, K]
        self._bigrams = _stack([d.bigrams for d in columns], block, 0)  # [T, B]

    def rows(
        self, values: NDArray[np.float32], documents: Sequence[Prepared], *, spend: bool
    ) -> Rows | None:
        """Pick the characters that are scored in `documents`; None where there is none.

        Args:
            values: float32[T, B, U], of the block or some of its columns.
            documents: All documents of the batch, with the groups that count now.
            spend: Whether rows may be moved together inside the memory of the values, which is
                quick where most of them are scored. Nothing else can be picked afterwards.
        """
        t, b, u = values.shape
        block = self._block
        groups = _stack([documents[i].groups for i in block.columns], block, NOT_SCORED).ravel()
        scored = groups != NOT_SCORED  # [T·B]
        if not scored.any():
            return None
        flat = (values.reshape(t * b, u), self._labels.reshape(t * b, -1), groups,
                self._bigrams.ravel())
        if spend and scored.mean() > MOST:
            count = _close_up(scored, *flat)
            picked = tuple(array[:count] for array in flat)
        else:
            at = np.flatnonzero(scored)
            picked = tuple(array[at] for array in flat)
        return Rows(picked[0], picked[1], picked[2].astype(np.int64), picked[3].astype(np.int64))


def _close_up(scored: NDArray[np.bool_], *arrays: NDArray[Any]) -> int:
    """Bring the scored rows to the front, the last ones into the holes; return their number.

    Far fewer rows move than stay: a block has few holes but where its text starts.
    """
    count = int(scored.sum())
    holes = np.flatnonzero(~scored[:count])
    last = count + np.flatnonzero(scored[count:])
    for array in arrays if len(holes) else ():
        array[holes] = array[last]
    return count


def _stack(arrays: Sequence[NDArray[Any]], block: StateBlock, fill: int) -> NDArray[Any]:
    """Lay the rows of a block side by side, [T, B, …], `fill` after a document's end."""
    t = block.values.shape[0]
    kind = np.result_type(*{a.dtype for a in arrays})
    out = np.full((t, len(arrays), *arrays[0].shape[1:]), fill, kind)
    for b, (array, length) in enumerate(zip(arrays, block.lengths.tolist(), strict=True)):
        out[:length, b] = array[block.start : block.start + length]
    return out
