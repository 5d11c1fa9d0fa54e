"""One network in words: its formulas on held-out text, and what is left beyond a reservoir."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.scores import Estimate
from builder.evidence.formulas.choosing import Choice, choose_formulas
from builder.evidence.formulas.grading import LEAST_BEYOND
from builder.evidence.formulas.scene import Scene
from builder.evidence.formulas.summing import Sides, Sum, sums
from builder.scoring.joining import Made, where_on
from builder.scoring.reservoir import mixed, mixing
from builder.scoring.within import centred, estimates, left_of, squares, variance_of

Float = NDArray[np.float64]
Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Study:
    """All units of one network; arrays are by unit, NaN where a unit has no formula.

    What is said of a reservoir is None or NaN where there is none.

    Attributes:
        choices: What each unit got.
        base_rate: float64[U], share of held-out steps where its formula holds.
        raw: r of the formula, held out.
        within: r' of the formula, held out.
        single: float64[U], r' of the best single atom.
        linear: float64[U], r' of a linear mix of all atoms.
        beyond: r″ of the formula.
        single_beyond: float64[U], r″ of the best single atom.
        pair: float64[U], share of the variance that pairs of characters tell.
        explained: float64[4, U], R² of single atom, formula, linear mix and reservoir.
        sums: What further formulas say of those units that have some.
    """

    choices: list[Choice | None]
    base_rate: Float
    raw: list[Estimate]
    within: list[Estimate]
    single: Float
    linear: Float
    beyond: list[Estimate]
    single_beyond: Float
    pair: Float
    explained: Float
    sums: dict[int, Sum]


def study(scene: Scene, discover: Float32, held_out: Float32) -> Study:
    """Find formulas for all units of a network and judge them.

    Args:
        scene: The two texts.
        discover: float32[N, U], what the units do on the first; freed of means afterwards.
        held_out: float32[M, U], the same on the other; the same.
    """
    a, b = scene.discover, scene.held_out
    choices = choose_formulas(discover, a.on, a.places)
    units = [u for u, choice in enumerate(choices) if choice]
    formulas, singles, made = _columns(choices)
    pair = _told_by_pairs(discover, a.places.bigrams, held_out, b.places.bigrams)
    on = where_on(made, b.on)
    raw = _of_all(choices, estimates(held_out, on, b.places.groups, units, formulas))
    base_rate = _spread(choices, on.sum(0)[formulas] / max(1, len(on)))
    before = variance_of(held_out)
    h, f = centred(held_out, b.places.bigrams), centred(on, b.places.bigrams)
    good = left_of(h, before) > 0
    known = good & scene.has_reservoir
    within = _of_all(choices, estimates(h, f, b.places.groups, units, formulas))
    # fitted on discover text: slopes, a linear mix of atoms, the reservoir
    h0 = centred(discover, a.places.bigrams)
    f0 = centred(where_on(made, a.on), a.places.bigrams)
    a0, a1 = (centred(t.on.astype(np.float32), t.places.bigrams) for t in (a, b))
    linear = mixed(a1, *mixing(a0, h0))
    to_units, to_formulas = mixing(a.reservoir, h0, f0)
    told = mixed(b.reservoir, to_units)
    r_linear = _r(linear, h)
    explained = np.stack([
        _spread(choices, _r2_line(h0, f0, h, f, units, singles)),
        _spread(choices, _r2_line(h0, f0, h, f, units, formulas)), _r2(linear, h), _r2(told, h)])
    single = _spread(choices, _r(f[:, singles], h[:, units]))
    del f0, linear
    left = np.subtract(h, told, out=told)
    beside = f - mixed(b.reservoir, to_formulas)
    beyond = _of_all(choices, estimates(left, beside, b.places.groups, units, formulas))
    single_beyond = _spread(choices, _r(beside[:, singles], left[:, units]))
    firsts = {u: c.made for u, c in enumerate(choices)
              if c and known[u] and abs(beyond[u].value or 0.0) >= LEAST_BEYOND}
    return Study(choices, base_rate, _only(good, raw), _only(good, within),
                 np.where(good, single, np.nan), np.where(good, r_linear, np.nan),
                 _only(known, beyond), np.where(known, single_beyond, np.nan), pair,
                 np.where([good, good, good, known], explained, np.nan),
                 sums(Sides(h0, a), Sides(h, b), firsts, left))


def _columns(choices: Sequence[Choice | None]) -> tuple[list[int], list[int], list[Made]]:
    """Return the columns of each formula and of each single atom, and what the columns are."""
    there = [choice for choice in choices if choice]
    made = sorted({m for choice in there for m in (choice.made, choice.single)})
    place = {m: i for i, m in enumerate(made)}
    return [place[c.made] for c in there], [place[c.single] for c in there], made


def _told_by_pairs(
    fitted: Float32, pairs: NDArray[np.int64], judged: Float32, others: NDArray[np.int64]
) -> Float:
    """Return 1 − Σ(h − a_g)² / Σ(h − m)² with means of the first text, on the other."""
    size = int(max(pairs.max(initial=-1), others.max(initial=-1))) + 1
    sums, counts = np.zeros((size, fitted.shape[1])), np.bincount(pairs, minlength=size)
    order = np.argsort(pairs, kind="stable")
    there, starts = np.unique(pairs[order], return_index=True)
    if len(there):
        sums[there] = np.add.reduceat(fitted[order], starts, axis=0, dtype=np.float64)
    mean = sums.sum(0) / max(1, len(fitted))
    table = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], mean)
    table = table.astype(np.float32)
    missed = np.zeros(fitted.shape[1])
    for at in range(0, len(judged), 4096):
        missed += squares(judged[at : at + 4096] - table[others[at : at + 4096]])
    whole = variance_of(judged)
    return np.where(whole > 0, 1 - missed / np.maximum(whole, 1e-30), np.nan)


def _r(x: Float32, y: Float32) -> Float:
    """Return the correlation of columns, side by side, float64[C]; NaN where one is constant."""
    product, xx, yy = np.zeros(x.shape[1]), squares(x), squares(y)
    for at in range(0, len(x), 1024):
        product += np.einsum("nc,nc->c", x[at : at + 1024], y[at : at + 1024], dtype=np.float64)
    both = np.sqrt(xx * yy)
    return _quotient(product, both)


def _r2(told: Float32, h: Float32) -> Float:
    """Return 1 − Σ(h − p)² / Σh², float64[U]."""
    missed = np.zeros(h.shape[1])
    for at in range(0, len(h), 1024):
        missed += squares(h[at : at + 1024] - told[at : at + 1024])
    return 1 - _quotient(missed, squares(h))


def _quotient(a: Float, b: Float) -> Float:
    out: Float = np.full(len(b), np.nan)
    np.divide(a, b, out=out, where=b > 0)
    return out


def _r2_line(
    h0: Float32, f0: Float32, h: Float32, f: Float32, units: Sequence[int], columns: Sequence[int]
) -> Float:
    """Return R² of each unit told by one column with a slope from the first text."""
    slope_of = f0[:, columns], h0[:, units]
    ff = squares(slope_of[0])
    hf = np.zeros(len(ff))
    for at in range(0, len(f0), 1024):
        part = slice(at, at + 1024)
        hf += np.einsum("nc,nc->c", slope_of[0][part], slope_of[1][part], dtype=np.float64)
    slope = np.divide(hf, ff, out=np.zeros_like(hf), where=ff > 0)
    return _r2((f[:, columns] * slope).astype(np.float32), h[:, units])


def _spread(choices: Sequence[Choice | None], values: NDArray[Any]) -> Float:
    """Give each unit that has a formula its value, and NaN to all others, float64[U]."""
    out = np.full(len(choices), np.nan)
    out[[u for u, choice in enumerate(choices) if choice]] = values
    return out


def _of_all(choices: Sequence[Choice | None], found: Sequence[Estimate]) -> list[Estimate]:
    rest = iter(found)
    return [next(rest) if choice else Estimate(None) for choice in choices]


def _only(good: NDArray[np.bool_], found: Sequence[Estimate]) -> list[Estimate]:
    return [one if there else Estimate(None) for one, there in zip(found, good, strict=True)]
