"""Steps from all over a text with what every unit does there: what formulas are searched on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.shares import Ready
from builder.activations.subject import Reading
from builder.activations.texts import Slice
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Prepared
from builder.scoring.prepare import NOT_SCORED
from builder.work import Workers


@dataclass(frozen=True)
class Places:
    """N steps after frequent pairs of steps, and what is known of them without a network.

    Attributes:
        labels: [N, K].
        bigrams: int64[N].
        groups: int64[N], document groups.
    """

    labels: NDArray[Any]
    bigrams: NDArray[np.int64]
    groups: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bigrams)


@dataclass(frozen=True)
class _Task:
    reading: Reading
    table: BigramTable
    every: int
    only: tuple[int, ...]


def places_of(
    workers: Workers, reading: Reading, table: BigramTable, shares: Ready, every: int,
    only: tuple[int, ...] = (),
) -> Places:
    """Return one of so many scored steps of some shares.

    Args:
        workers: Who looks.
        reading: How.
        table: Numbers of the frequent pairs of steps; others are left out.
        shares: Of the text.
        every: One step of this many.
        only: Indices of steps; of all where it is empty, of any pair where there are some.
    """
    parts = list(workers.map(_places, _Task(reading, table, every, only), shares))
    return Places(*(np.concatenate([part[name] for part in parts])
                    for name in ("labels", "bigrams", "groups")))


def values_at(
    workers: Workers, reading: Reading, table: BigramTable, shares: Ready, every: int,
    title: str, only: tuple[int, ...] = (),
) -> NDArray[np.float32]:
    """Return what all units do at the same steps, float32[N, U].

    Args:
        workers: Who reads.
        reading: Network and signals.
        table: As for `places_of`.
        shares: Of the text.
        every: One step of this many.
        title: Of the progress.
        only: As for `places_of`.
    """
    sizes = [sum(s.piece.stop - s.piece.read_start for s in share) for share in shares]
    parts = workers.map(_values, _Task(reading, table, every, only), shares, title=title,
                        sizes=sizes)
    return np.concatenate([part["values"] for part in parts])


def _places(task: _Task, share: tuple[Slice, ...]) -> dict[str, NDArray[Any]]:
    prepared = task.reading.load(share, task.table)
    chosen = [_chosen(p, task) for p in prepared]
    both = list(zip(prepared, chosen, strict=True))
    return {"labels": np.concatenate([p.labels[at] for p, at in both]),
            "bigrams": np.concatenate([p.bigrams[at].astype(np.int64) for p, at in both]),
            "groups": np.concatenate([p.groups[at].astype(np.int64) for p, at in both])}


def _values(task: _Task, share: tuple[Slice, ...]) -> dict[str, NDArray[Any]]:
    with one_thread():
        reading = task.reading
        prepared = reading.load(share, task.table)
        chosen = [_chosen(p, task) for p in prepared]
        starts = np.cumsum([0, *map(len, chosen)])
        values = np.empty((int(starts[-1]), len(reading.units)), np.float32)
        texts = [p.fed for p in prepared]
        for block in reading.source.blocks(share, texts, reading.signal_names, (), reading.rows):
            for b, length in enumerate(block.lengths.tolist()):
                at = chosen[block.columns[b]]
                low, high = np.searchsorted(at, (block.start, block.start + length))
                first = starts[block.columns[b]]
                values[first + low : first + high] = block.values[at[low:high] - block.start, b]
        return {"values": values}


def _chosen(piece: Prepared, task: _Task) -> NDArray[np.intp]:
    every = np.zeros(len(piece.ids), bool)
    every[:: task.every] = True
    wanted = np.isin(piece.ids, task.only) if task.only else piece.bigrams < task.table.size
    return np.flatnonzero(every & wanted & (piece.groups != NOT_SCORED))
