"""Values of a unit where a feature is off and where it is on, and how well they tell which.

A detector says "on" where the unit is at or beyond a threshold. Values are counted in 4,096 equal
bins between −1 and 1; those of one bin are ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from builder.core.evidence import Detection
from builder.scoring.prepare import Rows
from builder.scoring.residuals import chunks
from builder.scoring.sums import Totals

BINS = 4096
COARSE = 64

Counts = NDArray[np.int64]


class Histograms(Totals):
    """Histograms of units where features of 0 and 1 are off and on.

    Args:
        units: Column of the unit of each pair, P of them.
        features: Column of the feature of each pair.
    """

    def __init__(self, units: Sequence[int], features: Sequence[int]) -> None:
        columns, self._unit_of = np.unique(np.asarray(units, int), return_inverse=True)
        self._columns = Columns(columns)
        self._features = np.asarray(features, int)
        self._pairs_of = [np.flatnonzero(self._unit_of == u) for u in range(len(columns))]
        super().__init__(whole=np.zeros((len(columns), BINS), np.int64),
                         on=np.zeros((len(self._features), BINS), np.int64))

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""
        on = {k: np.flatnonzero(rows.labels[:, k]) for k in np.unique(self._features).tolist()}
        columns = self._columns.of(rows.values)
        for column, pairs, whole in zip(columns, self._pairs_of, self._totals["whole"],
                                        strict=True):
            bins = bin_numbers(column, BINS)
            np.add.at(whole, bins, 1)
            for pair in pairs.tolist():
                places = on[int(self._features[pair])]
                np.add.at(self._totals["on"][pair], bins[places], 1)

    @property
    def counts(self) -> Counts:
        """Characters of each pair where the feature is off and on, int64[P, 2, 4096]."""
        on: Counts = self._totals["on"]
        return np.stack([self._totals["whole"][self._unit_of] - on, on], 1)

    @property
    def coarse(self) -> Counts:
        """The same in 64 bins, for drawing, int64[P, 2, 64]."""
        coarse: Counts = self.counts.reshape(-1, 2, COARSE, BINS // COARSE).sum(-1)
        return coarse


class Columns:
    """Lays the values of some columns one after the other.

    Args:
        columns: Which, C of them.
    """

    def __init__(self, columns: NDArray[np.int64]) -> None:
        self._columns = torch.from_numpy(columns)
        self._out = torch.empty(len(columns), 0)

    def of(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32[C, N]; its memory is used again at the next call.

        Args:
            values: float32[N, U].
        """
        if self._out.shape[1] < len(values):
            self._out = torch.empty(len(self._columns), len(values))
        rows = torch.from_numpy(values)
        for at in chunks(len(values)):
            self._out[:, at] = torch.index_select(rows[at], 1, self._columns).t()
        return self._out[:, : len(values)].numpy()


def bin_numbers(values: NDArray[np.float32], bins: int) -> NDArray[np.int64]:
    """Return the bin of every value, int64[N].

    Args:
        values: float32[N]; what lies beyond −1 or 1 goes to the outermost bins.
        bins: Number of equal bins between −1 and 1.
    """
    scaled = values + np.float32(1.0)
    scaled *= np.float32(bins / 2)
    return np.clip(scaled, 0, bins - 1, out=scaled).astype(np.int64)


def detections(
    discover: Histograms, held_out: Histograms, signs: Sequence[float]
) -> list[Detection]:
    """Return how well each unit tells where its feature is on, in held-out text.

    The threshold is the one with the best F1 on discover text, the strictest of equals.

    Args:
        discover: Of the pairs, in discover text.
        held_out: Of the same pairs in the same order, in held-out text.
        signs: Sign of r of each pair on discover text; where it is negative, "on" is at or below
            the threshold.
    """
    return [
        _detection(_Curve.of(a, sign), _Curve.of(b, sign), sign)
        for a, b, sign in zip(discover.counts, held_out.counts, signs, strict=True)
    ]


@dataclass(frozen=True)
class _Curve:
    """What is said to be on at each threshold, strictest first.

    Attributes:
        right: float64[4096], characters where the feature is on.
        wrong: float64[4096], where it is off.
    """

    right: NDArray[np.float64]
    wrong: NDArray[np.float64]

    @classmethod
    def of(cls, counts: Counts, sign: float) -> _Curve:
        """Add up from the top bin, or from the lowest where `sign` is negative."""
        order = slice(None) if sign < 0 else slice(None, None, -1)
        off, on = np.cumsum(counts[:, order], axis=1).astype(np.float64)
        return cls(on, off)

    @property
    def positives(self) -> float:
        """Characters where the feature is on."""
        return float(self.right[-1])

    def f1(self) -> NDArray[np.float64]:
        """Return 2·right / (2·right + wrong + missed), at each threshold."""
        f1: NDArray[np.float64] = 2 * self.right / (self.right + self.wrong + self.positives)
        return f1

    def iou(self) -> NDArray[np.float64]:
        """Return right / (right + wrong + missed), at each threshold."""
        iou: NDArray[np.float64] = self.right / (self.wrong + self.positives)
        return iou

    def average_precision(self) -> float:
        """Return Σ precision · rise of recall."""
        said = self.right + self.wrong
        precision = np.divide(self.right, said, out=np.zeros_like(said), where=said > 0)
        return float((np.diff(self.right, prepend=0.0) * precision).sum() / self.positives)


def _detection(discover: _Curve, held_out: _Curve, sign: float) -> Detection:
    count = held_out.positives + float(held_out.wrong[-1])
    rate = held_out.positives / count if count else None
    auprc = held_out.average_precision() if held_out.positives else None
    if not (discover.positives and held_out.positives):
        return Detection(auprc, rate, None, None, None)
    best = int(discover.f1().argmax())
    f1, iou = held_out.f1()[best], held_out.iou()[best]
    return Detection(auprc, rate, _edge(best, sign), float(f1), float(iou))


def _edge(place: int, sign: float) -> float:
    """Return the value of the unit where the bin at a place of a curve ends."""
    from_one = 2.0 * (place + 1) / BINS
    return from_one - 1.0 if sign < 0 else 1.0 - from_one
