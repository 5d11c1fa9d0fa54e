"""How units and features go together, on which split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.text import Split
from builder.core.units import UnitId


@dataclass(frozen=True)
class Scores:
    """Correlations of every unit with every feature over the characters of one split.

    Attributes:
        units: U unit ids.
        features: K feature ids.
        split: Where they were measured.
        count: Characters scored.
        kept: Share of them whose last two characters are frequent enough for r'.
        r: float64[U, K], Pearson correlation; NaN where a side is constant.
        r_within: float64[U, K], the same between residuals from the means of the last two
            characters; NaN where less than a millionth of a side's variance is left.
        share_h: float64[U], share of the unit's variance that those means do not explain.
        share_f: float64[K], the same of the feature's.
    """

    units: tuple[UnitId, ...]
    features: tuple[str, ...]
    split: Split
    count: int
    kept: float
    r: NDArray[np.float64]
    r_within: NDArray[np.float64]
    share_h: NDArray[np.float64]
    share_f: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95% interval over document groups; None is not measured."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit and one feature: a claim to be judged."""

    unit: UnitId
    feature: str


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What held-out text says of a pair: raw correlation and within-bigram correlation."""

    r: Estimate
    r_within: Estimate
