"""What a unit says besides its formula: further formulas, added with a sign and a weight.

Each further one is searched on what the formulas before it leave of the unit, and has to add to
the share that is told, on text on which it was not found, beyond networks that learned nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.scores import Estimate
from builder.evidence.formulas.choosing import choose_formulas
from builder.evidence.formulas.grading import LEAST_BEYOND
from builder.evidence.formulas.scene import Text
from builder.evidence.grade import least, same_sign
from builder.scoring.joining import Made, where_on
from builder.scoring.reservoir import mixed, mixing
from builder.scoring.within import centred, estimates, squares

Float32 = NDArray[np.float32]

MOST = 3
"""Formulas in a sum."""

GAIN = 0.02
"""Share of a unit's variance that a further formula must add."""


@dataclass(frozen=True)
class Further:
    """One more formula of a unit.

    Attributes:
        made: Which.
        within: Held-out correlation with what the formulas before it leave of the unit.
        beyond: The same beyond networks that learned nothing.
        adds: Share of the unit's held-out variance that it adds.
    """

    made: Made
    within: Estimate
    beyond: Estimate
    adds: float


@dataclass(frozen=True)
class Sum:
    """A signed sum of formulas that tells of one unit.

    Attributes:
        weights: Of its formula, and of each further one, in units of the unit's values.
        further: These.
        explained: Share of the unit's held-out variance that the sum tells.
    """

    weights: tuple[float, ...]
    further: tuple[Further, ...]
    explained: float


@dataclass(frozen=True)
class Sides:
    """Units over a text on which sums are found or judged.

    Attributes:
        units: float32[N, U], freed of means after pairs of characters.
        text: Of its N steps.
    """

    units: Float32
    text: Text

    def formulas(self, made: Sequence[Made]) -> Float32:
        """Return where formulas hold, freed of means, float32[N, C]."""
        return centred(where_on(made, self.text.on), self.text.places.bigrams)


def sums(
    discover: Sides, held_out: Sides, firsts: Mapping[int, Made], left: Float32
) -> dict[int, Sum]:
    """Return what further formulas say of units; of those nothing of whom there is no more to say.

    Args:
        discover: Where they are found.
        held_out: Where they are judged.
        firsts: The formula that each unit has already, of those of whom more is asked.
        left: float32[M, U], what a reservoir leaves of the units on the second.
    """
    chosen = _found(discover, {u: [made] for u, made in firsts.items()})
    if not chosen:
        return {}
    made = sorted({m for terms in chosen.values() for m in terms})
    place = {m: i for i, m in enumerate(made)}
    terms = {u: [place[m] for m in of] for u, of in chosen.items()}
    f0, f1 = discover.formulas(made), held_out.formulas(made)
    weights = {u: [_weights(f0[:, of[:k]], discover.units[:, u]) for k in range(1, len(of) + 1)]
               for u, of in terms.items()}
    beside = f1 - mixed(held_out.text.reservoir, mixing(discover.text.reservoir, f0)[0])
    judged = _Judged(f1, beside, held_out.units, left, held_out.text.places.groups)
    rounds = [judged.one(k, {u: of for u, of in terms.items() if len(of) > k}, weights)
              for k in range(1, MOST)]
    return dict(_standing(chosen, weights, rounds, judged.told(terms, weights)))


def _found(discover: Sides, chosen: dict[int, list[Made]]) -> dict[int, list[Made]]:
    """Search on discover text; return the formulas of those units that have several."""
    units, whole = list(chosen), squares(discover.units)
    for _ in range(1, MOST):
        if not units:
            break
        residual = _residual(discover, [chosen[u] for u in units], units)
        share = squares(residual) / np.maximum(whole[units], 1e-30)
        found = choose_formulas(residual, discover.text.on, discover.text.places)
        more = [(u, c.made) for u, c, s in zip(units, found, share.tolist(), strict=True)
                if c and c.made not in chosen[u] and c.r_within ** 2 * s >= GAIN]
        for u, one in more:
            chosen[u].append(one)
        units = [u for u, _ in more]
    return {u: of for u, of in chosen.items() if len(of) > 1}


def _residual(
    discover: Sides, terms: Sequence[Sequence[Made]], units: Sequence[int]
) -> Float32:
    """Return what formulas leave of units, float32[N, len(units)]."""
    made = sorted({m for of in terms for m in of})
    place = {m: i for i, m in enumerate(made)}
    f, out = discover.formulas(made), discover.units[:, units].copy()
    for column, of in zip(out.T, terms, strict=True):
        some = f[:, [place[m] for m in of]]
        column -= some @ _weights(some, column).astype(np.float32)
    return out


def _weights(f: Float32, h: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the weights with which formulas best tell a unit, (Σffᵀ)⁻¹ Σfh, float64[C]."""
    wide = f.astype(np.float64)
    w = np.linalg.lstsq(wide.T @ wide, wide.T @ h.astype(np.float64), rcond=1e-9)[0]
    return np.asarray(w, np.float64)


Weights = Mapping[int, list[NDArray[np.float64]]]
Terms = Mapping[int, list[int]]


@dataclass(frozen=True)
class _Judged:
    """Held-out text.

    Attributes:
        formulas: float32[M, C].
        beside: float32[M, C], the same beyond a reservoir.
        units: float32[M, U].
        left: float32[M, U], the same beyond a reservoir.
        groups: int64[M].
    """

    formulas: Float32
    beside: Float32
    units: Float32
    left: Float32
    groups: NDArray[np.int64]

    def one(self, k: int, terms: Terms, weights: Weights) -> dict[int, tuple[Estimate, Estimate]]:
        """Return how the k-th further formula goes with what those before it leave."""
        units, columns = list(terms), [of[k] for of in terms.values()]
        at = range(len(units))
        within, beyond = (estimates(self._without(k, terms, weights, whole, of), of, self.groups,
                                    at, columns)
                          for whole, of in ((self.units, self.formulas), (self.left, self.beside)))
        return dict(zip(units, zip(within, beyond, strict=True), strict=True))

    def _without(
        self, k: int, terms: Terms, weights: Weights, units: Float32, formulas: Float32
    ) -> Float32:
        out = units[:, list(terms)].copy()
        for column, (u, of) in zip(out.T, terms.items(), strict=True):
            column -= formulas[:, of[:k]] @ weights[u][k - 1].astype(np.float32)
        return out

    def told(self, terms: Terms, weights: Weights) -> dict[int, list[float]]:
        """Return R² of the first formula, of the first two, and so on, of each unit."""
        return {u: [self._r2(u, of[:k], weights[u][k - 1]) for k in range(1, len(of) + 1)]
                for u, of in terms.items()}

    def _r2(self, u: int, columns: list[int], weights: NDArray[np.float64]) -> float:
        h = self.units[:, [u]]
        missed = h - (self.formulas[:, columns] @ weights.astype(np.float32))[:, None]
        return 1 - float(squares(missed)[0] / max(float(squares(h)[0]), 1e-30))


def _standing(
    chosen: Mapping[int, list[Made]], weights: Weights,
    rounds: Sequence[Mapping[int, tuple[Estimate, Estimate]]], told: Mapping[int, list[float]],
) -> list[tuple[int, Sum]]:
    """Keep the further formulas up to the first that does not stand."""
    out = []
    for u, of in chosen.items():
        further: list[Further] = []
        for k in range(1, len(of)):
            within, beyond = rounds[k - 1][u]
            one = Further(of[k], within, beyond, told[u][k] - told[u][k - 1])
            if not _stands(one, float(weights[u][k][k])):
                break
            further.append(one)
        if further:
            last = len(further)
            out.append((u, Sum(tuple(weights[u][last].tolist()), tuple(further), told[u][last])))
    return out


def _stands(one: Further, weight: float) -> bool:
    r = one.beyond
    return (one.adds >= GAIN and same_sign(one.within.value, weight) and least(one.within) > 0
            and same_sign(r.value, weight) and abs(r.value or 0.0) >= LEAST_BEYOND
            and least(r) > 0)
