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

NEAR = 4
"""Counts up to this are near 0: gates that see the state are not yet what they are beyond."""
ALONG = 0.7
"""Least |r| of value and certainty from which one is told from the other."""
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
        keep: float64[2, V + 1, V], by whether the count is beyond `NEAR`, the letter before (V
            before the first) and the letter.
        step: float64[2, V + 1, V].
        zero_to: The value up to which the network takes a count that is 0 for 0.
        one_from: The value from which it takes a count that is 1 or more for that.
        rises: Whether its value is higher at 1 than at 0; where not, both go downwards.
    """

    keep: Values
    step: Values
    zero_to: float
    one_from: float
    rises: bool


def fitted(ids: Numbers, values: Values, counts: Numbers, decided: Decided, letters: int
           ) -> Unit | None:
    """Fit a unit; None where it is never decided both that a count is 0 and that it is 1.

    Args:
        ids: int64[T, B], letters; negative after the end.
        values: float64[T, B], of the unit after each step; 0 before the first.
        counts: int64[T, B], the truth after each step.
        decided: Where it has to be known whether that is 0.
        letters: V.
    """
    zero, one = decided.counts == 0, decided.counts == 1
    if not zero.any() or not one.any():
        return None
    middle = _middle(*(float(part[where].mean()) for part in (decided.values, decided.sure)
                       for where in (zero, one)))
    rises = bool(decided.values[one].mean() > decided.values[zero].mean())
    zero_to, one_from = (_crossing(decided.values[where], decided.sure[where], middle, rises)
                         for where in (zero, one))
    before, old, far = (np.vstack([np.full((1, ids.shape[1]), first), part[:-1]])
                        for first, part in ((letters, ids), (0.0, values), (False, counts > NEAR)))
    keep, step = np.ones((2, letters + 1, letters)), np.zeros((2, letters + 1, letters))
    for place in np.ndindex(keep.shape):
        beyond, last, letter = place
        alone = ids == letter
        pair = alone & (before == last)
        kinds = (pair & (far == beyond), pair, alone)
        best = next((kind for kind in kinds if int(kind.sum()) >= FEWEST), alone)
        keep[place], step[place] = _line(old[best], values[best])
    return Unit(keep, step, zero_to, one_from, rises)


def _crossing(values: Values, sure: Values, middle: float, rises: bool) -> float:
    """Return the value at which the network's logit, as it goes along with it, is 0.

    A drift shows in training already as less and less certainty. Where certainty does not go
    along with the value, or the way that it should not, it is the middle between 0 and 1.
    """
    if len(values) < FEWEST or float(values.std()) < 1e-6:
        return middle
    slope, at_nothing = np.polyfit(values, sure, 1).tolist()
    goes_along = abs(float(np.corrcoef(values, sure)[0, 1])) if sure.std() > 0 else 0.0
    if goes_along < ALONG or (slope < 0) != rises:
        return middle
    return float(-at_nothing / slope)


def _middle(at_zero: float, at_one: float, sure_at_zero: float, sure_at_one: float) -> float:
    """Return where the network's logit goes through 0 between the mean values at 0 and at 1."""
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
    before, far = np.full(ids.shape[1], unit.step.shape[-1]), np.zeros(ids.shape[1], np.intp)
    value, wrong = np.zeros(ids.shape[1]), np.zeros(ids.shape[1], np.bool_)
    with np.errstate(over="ignore", invalid="ignore"):
        for row, decide, count in zip(ids, at, counts, strict=True):
            going = row >= 0
            letter = np.where(going, row, 0)
            place = far, before, letter
            value = np.where(going, unit.keep[place] * value + unit.step[place], value)
            before, far = np.where(going, letter, before), (count > NEAR).astype(np.intp)
            edge = np.where(count == 0, unit.zero_to, unit.one_from)
            says_zero = (value < edge) == unit.rises
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
    return Unit(np.ones_like(unit.keep), unit.step + (unit.keep - 1) * typical, unit.zero_to,
                unit.one_from, unit.rises)
