"""Values of a unit where a feature is off and where it is on, and how well they tell which.

A detector says "on" where the unit is at or beyond a threshold. Values are counted in 4,096 equal
bins between −1 and 1; those of one bin are ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.evidence import Detection
from builder.scoring.gathering import Gathering, bin_numbers

BINS = 4096
COARSE = 64

Counts = NDArray[np.int64]


class Histograms(Gathering):
    """Histograms of units where features of 0 and 1 are off and on.

    Args:
        units: Column of the unit of each pair, P of them.
        features: Column of the feature of each pair.
    """

    def __init__(self, units: Sequence[int], features: Sequence[int]) -> None:
        super().__init__(units, features,
                         whole=np.zeros((len(np.unique(np.asarray(units, int))), BINS), np.int64),
                         on=np.zeros((len(features), BINS), np.int64))

    def _sum(self, values: NDArray[np.float32], labels: NDArray[Any]) -> None:
        places = [np.flatnonzero(column) for column in labels]
        for unit, column in enumerate(values):
            bins = bin_numbers(column, BINS)
            # counted over all characters once a unit, where the feature is on once a pair:
            # off = whole − on
            self._totals["whole"][unit] += np.bincount(bins, minlength=BINS)
            for pair in self.pairs_of[unit]:
                on = bins[places[self.feature_of[pair]]]
                self._totals["on"][pair] += np.bincount(on, minlength=BINS)

    @property
    def counts(self) -> Counts:
        """Characters of each pair where the feature is off and on, int64[P, 2, 4096]."""
        sums = self.state()
        on: Counts = sums["on"]
        return np.stack([sums["whole"][self.unit_of] - on, on], 1)

    @property
    def coarse(self) -> Counts:
        """The same in 64 bins, for drawing, int64[P, 2, 64]."""
        coarse: Counts = self.counts.reshape(-1, 2, COARSE, BINS // COARSE).sum(-1)
        return coarse


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
        # AP = Σ_k P_k (R_k − R_{k−1}), from the strictest threshold to the loosest
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
