"""Says from a unit's steps, as they are in training, at which n it can no longer count.

A unit that counts is taken to be one number that each letter moves on: v becomes k · v + s, with a
keep k and a step s for each letter and the letter before it. Both are fitted to strings as in
training, and nothing else is: what happens beyond is computed. Three things go wrong:

- Drift: a step up and a step down are not of the same size, so n up and n down end beside 0.
- Saturation: k is not 1, so steps shrink (or grow) as the count rises.
- Rounding: a float32 has 24 binary digits, so sums of equal steps go wrong after millions of them.
  That is later than anything that is tried, and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Numbers = NDArray[np.int64]

FEWEST = 8
"""Steps of a pair of letters that a line is fitted to; else the letter alone must do."""


@dataclass(frozen=True)
class Decided:
    """Steps at which it is decided whether a count is 0, in strings as in training.

    Attributes:
        values: float64[D], of the unit.
        counts: int64[D], the truth.
        sure: float64[D], the network's logit of the answer that the count is 0.
    """

    values: Values
    counts: Numbers
    sure: Values


@dataclass(frozen=True)
class Unit:
    """A unit as a counter.

    Attributes:
        keep: float64[V + 1, V], by the letter before (V before the first) and the letter.
        step: float64[V + 1, V].
        threshold: The value at which it goes over from 0 to 1.
        rises: Whether its value is higher at 1 than at 0.
    """

    keep: Values
    step: Values
    threshold: float
    rises: bool


def fitted(ids: Numbers, values: Values, decided: Decided, letters: int) -> Unit | None:
    """Fit a unit; None where it is never decided both that a count is 0 and that it is 1.

    Args:
        ids: int64[T, B], letters; negative after the end.
        values: float64[T, B], of the unit after each step; 0 before the first.
        decided: Where its count has to be known.
        letters: V.
    """
    zero, one = decided.counts == 0, decided.counts == 1
    if not zero.any() or not one.any():
        return None
    threshold = _threshold(*(float(part[where].mean()) for part in (decided.values, decided.sure)
                             for where in (zero, one)))
    before = np.vstack([np.full((1, ids.shape[1]), letters), ids[:-1]])
    old = np.vstack([np.zeros((1, ids.shape[1])), values[:-1]])
    keep, step = np.ones((letters + 1, letters)), np.zeros((letters + 1, letters))
    for letter in range(letters):
        here = ids == letter
        alone = _line(old[here], values[here])
        for last in range(letters + 1):
            pair = here & (before == last)
            enough = int(pair.sum()) >= FEWEST
            keep[last, letter], step[last, letter] = (
                _line(old[pair], values[pair]) if enough else alone)
    rises = bool(decided.values[one].mean() > decided.values[zero].mean())
    return Unit(keep, step, threshold, rises)


def _threshold(at_zero: float, at_one: float, sure_at_zero: float, sure_at_one: float) -> float:
    """Return where the network's logit goes through 0 between two values; else the middle."""
    if sure_at_zero <= 0 or sure_at_one >= 0:
        return (at_zero + at_one) / 2
    return at_zero + (at_one - at_zero) * sure_at_zero / (sure_at_zero - sure_at_one)


def _line(old: Values, new: Values) -> tuple[float, float]:
    """Return k and s of new ≈ k · old + s; k is 1 where the old values are all the same."""
    if not len(old):
        return 1.0, 0.0
    x = old - old.mean()
    spread = float(x @ x)
    if spread <= 1e-9 * len(old) * (1 + float(old.mean()) ** 2):
        return 1.0, float((new - old).mean())
    keep = float(x @ (new - new.mean())) / spread
    return keep, float(new.mean() - keep * old.mean())


def failures(unit: Unit, ids: Numbers, at: NDArray[np.bool_], counts: Numbers
             ) -> NDArray[np.bool_]:
    """Tell in which strings the unit takes a count for 0 that is not, or the other way, bool[B].

    Args:
        unit: As it was fitted.
        ids: int64[T, B].
        at: bool[T, B], where it is decided.
        counts: int64[T, B], the truth.
    """
    before = np.full(ids.shape[1], len(unit.step[0]))
    value, wrong = np.zeros(ids.shape[1]), np.zeros(ids.shape[1], np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):
        for row, decide, count in zip(ids, at, counts, strict=True):
            going = row >= 0
            letter = np.where(going, row, 0)
            moved = unit.keep[before, letter] * value + unit.step[before, letter]
            value, before = np.where(going, moved, value), np.where(going, letter, before)
            says_zero = (value < unit.threshold) == unit.rises
            wrong |= decide & going & (says_zero != (count == 0))
    return wrong


def first(wrong: NDArray[np.bool_], after: int = 0) -> int | None:
    """Return the first n beyond `after` that is wrong; None where none is.

    Args:
        wrong: bool[N], of n = 1 and so on.
        after: From 0.
    """
    later = wrong[after:]
    return after + int(later.argmax()) + 1 if later.any() else None


def without_saturation(unit: Unit, typical: float) -> Unit:
    """Return the unit as it were if it kept everything, its steps being those at a usual value."""
    return Unit(np.ones_like(unit.keep), unit.step + (unit.keep - 1) * typical, unit.threshold,
                unit.rises)
