"""The search for formulas: which atoms, joined, go with each unit best, within bigrams.

Any of the four ways to join a formula F and an atom a is a sum of F, a and F·a:

    F AND a = F·a,   F AND NOT a = F − F·a,   a AND NOT F = a − F·a,   F OR a = F + a − F·a

So one product for each, Σ h′ F a, tells of all four. Units are freed of their means after each
pair of characters on the very rows that are searched, and then Σ h′ f′ = Σ h′ f; what is left of
a formula's variance is Σ_g (c_g − c_g²/n_g), where c_g of the n_g rows of pair g are on. A formula
and its opposite have the same |r′|; no search is done twice for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.scoring.within import left_of, variance_of

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
ALONE, AND, AND_NOT, BUT_NOT, OR = -1, 0, 1, 2, 3
"""a by itself; F AND a; F AND NOT a; a AND NOT F; F OR a."""

ROWS = 4_096
"""Rows of which products are made in float32."""

TOGETHER = 256
"""Formulas that are looked up at a time."""

LEAST_SHARE = 0.002
"""Share of a formula's rows, and of its variance, that must be left within pairs of characters.

A formula that hardly changes within pairs would give quotients of rounding errors.
"""

DIGITS = 6
"""Correlations are compared to so many digits, so that rounding elsewhere changes no choice."""

_APART = 1.5 * 10.0**-DIGITS
"""Formulas whose r' are nearer than that are the same one in another order, and rounding."""


@dataclass(frozen=True)
class Rows:
    """Rows that are searched, those of one pair of characters after the other.

    Attributes:
        units: float32[N, U], each freed of its mean over the rows of its pair.
        atoms: float32[N, A], 0 or 1.
        columns: float32[A, N], the same the other way.
        spread: float64[U], Σ h′² of each unit; 0 where there is only rounding.
        starts: int64[G], the first row of each pair.
        counts: int64[G], rows of each.
    """

    units: Tensor
    atoms: Tensor
    columns: Tensor
    spread: Float
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]


def rows_of(units: NDArray[np.float32], atoms: Bool, pairs: NDArray[np.integer]) -> Rows:
    """Put rows in order and free units of their means.

    Args:
        units: float32[N, U].
        atoms: bool[N, A].
        pairs: [N], number of each row's pair of characters.
    """
    order = np.argsort(pairs, kind="stable")
    _, starts, counts = np.unique(pairs[order], return_index=True, return_counts=True)
    values, before = units[order], variance_of(units)
    sums = np.add.reduceat(values, starts, axis=0, dtype=np.float64)  # [G, U]
    values -= np.repeat((sums / counts[:, None]).astype(np.float32), counts, axis=0)
    spread = left_of(values, before)
    on = torch.from_numpy(atoms[order].astype(np.float32))
    return Rows(torch.from_numpy(values), on, on.T.contiguous(), spread,
                starts.astype(np.int64), counts.astype(np.int64))


@dataclass(frozen=True, order=True)
class Made:
    """How a formula is made: an atom, or a shorter formula joined with one.

    Attributes:
        atom: Column of the atom that came last.
        way: How it is joined.
        rest: What it is joined to.
    """

    atom: int
    way: int = ALONE
    rest: Made | None = None

    @property
    def size(self) -> int:
        """Atoms."""
        return 1 + (self.rest.size if self.rest else 0)

    @property
    def atoms(self) -> tuple[int, ...]:
        """Columns of its atoms."""
        return (self.atom, *(self.rest.atoms if self.rest else ()))

    def on(self, columns: Tensor) -> Tensor:
        """Return where it holds, float32[N], given atoms, float32[A, N]."""
        a = columns[self.atom]
        if self.rest is None:
            return a
        f = self.rest.on(columns)
        both = f * a
        return (both, f - both, a - both, f + a - both)[self.way]


Ranked = list[tuple[float, Made]]
"""Formulas of a unit with their r′, the largest |r′| first."""


def search(rows: Rows, sizes: Sequence[int]) -> list[list[Ranked]]:
    """Return the best formulas of each unit with one atom, two, and so on: [U][len(sizes)].

    Args:
        rows: What is searched.
        sizes: How many are kept of each length; the next length is tried on these.
    """
    single = _products(rows.units, rows.atoms)  # Σ h′ a   [U, A]
    counts = _counts(rows, rows.columns)  # [A, G]
    left = _left(rows, counts)
    first = _correlation(single, rows.spread[:, None], left)
    found = [[_best(first[u], sizes[0])] for u in range(len(first))]
    for keep in sizes[1:]:
        _longer(rows, found, single, keep)
    return found


def _best(r: Float, keep: int) -> Ranked:
    size = np.round(np.abs(r), DIGITS)
    return [(float(r[a]), Made(int(a))) for a in np.argsort(-size, kind="stable")[:keep] if size[a]]


def _longer(
    rows: Rows, found: list[list[Ranked]], single: Float, keep: int
) -> None:
    """Join each unit's best formulas of the last length with every atom; put the best behind."""
    beams = [ranked[-1] for ranked in found]
    formulas = sorted({made for beam in beams for _, made in beam})
    place = {made: i for i, made in enumerate(formulas)}
    if not formulas:
        for ranked in found:
            ranked.append([])
        return
    on = torch.stack([made.on(rows.columns) for made in formulas]).T.contiguous()  # [N, D]
    of_formula = _products(rows.units, on)  # Σ h′ F   [U, D]
    variances = _joined_variances(rows, on)  # of the four ways   [4, D, A]
    tried = [(u, place[made]) for u, beam in enumerate(beams) for _, made in beam]
    unit_of, formula_of = (np.array(part, np.int64) for part in zip(*tried, strict=True))
    both = _both(rows, on, unit_of, formula_of)  # Σ h′ F a   [P, A]
    f = of_formula[unit_of, formula_of][:, None]
    a = single[unit_of]
    again = np.array([[p, a] for p, d in enumerate(formula_of.tolist())
                      for a in formulas[d].atoms], np.int64).T
    best: list[list[tuple[float, float, Made]]] = [[] for _ in found]
    for way, sums in ((AND, both), (AND_NOT, f - both), (BUT_NOT, a - both), (OR, f + a - both)):
        r = _correlation(sums, rows.spread[unit_of][:, None], variances[way][formula_of])
        size = np.round(np.abs(r), DIGITS)
        size[again[0], again[1]] = 0.0  # an atom that is there already makes no longer formula
        for p, u in enumerate(unit_of.tolist()):
            for k in np.argsort(-size[p], kind="stable")[:keep].tolist():
                made = Made(int(k), way, formulas[formula_of[p]])
                best[u].append((-float(size[p, k]), float(r[p, k]), made))
    for ranked, candidates in zip(found, best, strict=True):
        ranked.append(_distinct(candidates, keep))


def _distinct(candidates: list[tuple[float, float, Made]], keep: int) -> Ranked:
    """Return the best that are not the same formula in another order: their r′ differ."""
    chosen: Ranked = []
    last = 2.0
    for size, r, made in sorted(candidates, key=lambda one: (one[0], one[2].way, one[2].atom)):
        if size and last + size > _APART:  # sizes are negative, the largest first
            last = -size
            chosen.append((r, made))
        if len(chosen) == keep:
            break
    return chosen


def _products(units: Tensor, columns: Tensor) -> Float:
    """Return Σ h′ f of every unit and column, float64[U, C]."""
    total = np.zeros((units.shape[1], columns.shape[1]))
    for at in range(0, len(units), ROWS):
        part = slice(at, at + ROWS)
        total += (units[part].T @ columns[part]).numpy()
    return total


def _both(
    rows: Rows, on: Tensor, unit_of: NDArray[np.int64], formula_of: NDArray[np.int64]
) -> Float:
    """Return Σ h′ F a of each pair of a unit and a formula, with every atom, float64[P, A]."""
    total = np.zeros((len(unit_of), rows.atoms.shape[1]))
    units, formulas = torch.from_numpy(unit_of), torch.from_numpy(formula_of)
    for at in range(0, len(on), ROWS):
        part = slice(at, at + ROWS)
        h = rows.units[part].T.contiguous()[units]  # [P, n]
        h *= on[part].T.contiguous()[formulas]
        total += (h @ rows.atoms[part]).numpy()
    return total


def _counts(rows: Rows, columns: Tensor) -> Float:
    """Return how many rows of each pair are on, float64[C, G], for columns float32[C, N]."""
    return np.add.reduceat(columns.numpy(), rows.starts, axis=1, dtype=np.float64)


def _left(rows: Rows, counts: Float) -> Float:
    """Return Σ_g (c_g − c_g²/n_g), 0 where too little is left, float64[…]."""
    left = (counts - counts * counts / rows.counts).sum(-1)
    return _enough(left, counts.sum(-1), int(rows.counts.sum()))


def _enough(left: Float, on: Float, rows: int) -> Float:
    """Return what is left where it is enough to be correlated with, else 0."""
    all_ = on - on * on / rows
    share = LEAST_SHARE
    good = (on >= share * rows) & (on <= (1 - share) * rows) & (left >= share * all_)
    return np.where(good, left, 0.0)


def _joined_variances(rows: Rows, on: Tensor) -> Float:
    """Return what is left of the variance of each formula joined with each atom, [4, D, A]."""
    shape = (4, on.shape[1], rows.atoms.shape[1])
    squares, sums = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for start, count in zip(rows.starts.tolist(), rows.counts.tolist(), strict=True):
        f, a = on[start : start + count], rows.atoms[start : start + count]
        both = (f.T @ a).numpy()  # c_g of F·a   [D, A]
        of_f, of_a = f.sum(0).numpy()[:, None], a.sum(0).numpy()
        for way, c in enumerate((both, of_f - both, of_a - both, of_f + of_a - both)):
            sums[way] += c
            squares[way] += c * c / count
    wide = sums.astype(np.float64)
    return _enough(wide - squares, wide, int(rows.counts.sum()))


def _correlation(sums: Float, spread: Float, left: Float | np.float64) -> Float:
    """Return Σh′f / √(Σh′² Σf′²), 0 where a side hardly changes."""
    both = spread * left
    r: Float = np.divide(sums, np.sqrt(both), out=np.zeros_like(sums), where=both > 0)
    return r


def correlations(rows: Rows, made: Sequence[Made], unit_of: Sequence[int]) -> Float:
    """Return r′ of given pairs of a formula and a unit, float64[P]."""
    pairs: dict[Made, list[int]] = {}
    for p, one in enumerate(made):
        pairs.setdefault(one, []).append(p)
    out, units, distinct = np.zeros(len(made)), np.asarray(unit_of), sorted(pairs)
    for at in range(0, len(distinct), TOGETHER):
        some = distinct[at : at + TOGETHER]
        on = torch.stack([one.on(rows.columns) for one in some])  # [C, N]
        left = _left(rows, _counts(rows, on))
        products = _products(rows.units, on.T.contiguous())
        for column, one in enumerate(some):
            u = units[pairs[one]]
            out[pairs[one]] = _correlation(products[u, column], rows.spread[u], left[column])
    return out


def where_on(made: Sequence[Made], on: Bool) -> NDArray[np.float32]:
    """Return where formulas hold, float32[N, F].

    Args:
        made: F formulas.
        on: bool[N, A], where their atoms do.
    """
    out = np.empty((len(on), len(made)), np.float32)
    columns = torch.from_numpy(np.ascontiguousarray(on.T).astype(np.float32))
    for column, one in zip(out.T, made, strict=True):
        column[:] = one.on(columns).numpy()
    return out
