"""Which formula of how many terms a unit gets: found on one half of a text, paid for on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.formulas import Atom, Formula, both, either, negated, of_atom
from builder.evidence.formulas.sampled import Places
from builder.scoring.joining import (
    AND,
    AND_NOT,
    BUT_NOT,
    OR,
    Made,
    Rows,
    correlations,
    rows_of,
    search,
)

BEAM = (10, 8, 6)
"""Formulas that are kept of one term, of two and of three."""

TRIED = 3
"""Of each length, how many are looked at on the other half."""

PRICE = 0.02
"""By how much a further term must raise |r'| on the other half."""


@dataclass(frozen=True)
class Choice:
    """What a unit got.

    Attributes:
        made: Its formula.
        r_within: On the half on which the formula was paid for.
        single: The single atom that goes with it best.
    """

    made: Made
    r_within: float
    single: Made


def choose_formulas(
    units: NDArray[np.float32], on: NDArray[np.bool_], places: Places
) -> list[Choice | None]:
    """Return the formula of each unit; None where nothing goes with it.

    Args:
        units: float32[N, U], on discover text.
        on: bool[N, A], where atoms hold.
        places: Of the N steps.
    """
    first, second = (_half(units, on, places, which) for which in (0, 1))
    if not (len(first.units) and len(second.units)):
        return [None] * units.shape[1]
    found = search(first, BEAM)
    tried = [(u, made, r) for u, lengths in enumerate(found)
             for ranked in lengths for r, made in ranked[:TRIED]]
    seen = correlations(second, [made for _, made, _ in tried], [u for u, _, _ in tried])
    stood: list[list[tuple[Made, float]]] = [[] for _ in found]
    for (u, made, r), s in zip(tried, seen.tolist(), strict=True):
        if s * r > 0:
            stood[u].append((made, s))
    return [_choice(mine) for mine in stood]


def _choice(tried: Sequence[tuple[Made, float]]) -> Choice | None:
    """Take the formula that is worth its length, and the best single atom."""
    alone = [one for one in tried if one[0].size == 1]
    if not alone:
        return None
    made, r = max(tried, key=lambda one: (round(abs(one[1]) - PRICE * (one[0].size - 1), 6),
                                          -one[0].size))
    return Choice(made, r, max(alone, key=lambda one: abs(one[1]))[0])


def _half(
    units: NDArray[np.float32], on: NDArray[np.bool_], places: Places, which: int
) -> Rows:
    """Return the rows of every other document group."""
    rows = np.flatnonzero(places.groups % 2 == which)
    return rows_of(units[rows], on[rows], places.bigrams[rows])


def formula_of(made: Made, atoms: Sequence[Atom]) -> Formula:
    """Return a formula as it is written, of columns of atoms."""
    a = of_atom(atoms[made.atom])
    if made.rest is None:
        return a
    f = formula_of(made.rest, atoms)
    return {AND: lambda: both(f, a), AND_NOT: lambda: both(f, negated(a)),
            BUT_NOT: lambda: both(a, negated(f)), OR: lambda: either(f, a)}[made.way]()
