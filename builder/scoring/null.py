"""Could a claim be chance? Labels of other documents are laid on each document and tried.

Slow states and slow labels correlate by accident, and a thousand claims give the accident a
thousand chances. So the labels of document π(i) are laid on document i from the same position
on, for many permutations π; each time the largest |r'| of *all* claims counts, each in units of
its own 99th percentile: what one pair reaches once in a hundred times weighs the same for all,
those too whose feature is in few documents. A claim's p is the share of times, its own included,
that the largest reaches it.

If labels have nothing to do with units, any order of them is as likely as the true one. That
makes the test exact, however few the documents, as long as every permutation may come up: those
too that leave some documents in place, and the true order is one of them.

With documents of unequal length it is more than that, conservative. Where lengths differ, the
labels of another document reach only as far as the shorter of the two: a long document keeps all
its characters in the true order alone. So |r'| of the other orders is over fewer characters and
varies more, and the true one seldom stands out. Measured with 30 documents of 20,000 characters
together; unit and label AR(1) with a memory of 60 characters and a level of each document's own
(sd .5), the label on above .3; lengths log-normal with sd σ of the logarithm; one claim; share of
runs with p ≤ .05, of 1,000 without a relation and of 300 where the label adds .2, .3 or .5 to the
unit:

    σ    three longest have    no relation     .2     .3     .5
    0                  .10            .045    .34    .69    .96
    1                  .36            .016    .16    .38    .83
    2                  .64            .003    .04    .12    .49

So a small p keeps its meaning, and a weak claim is missed more often than it need be. Taking as
many characters of each document, as `beginnings` tries to, keeps σ small.

Source:
    Westfall and Young 1993, step-down max-T without the steps; Phipson and Smyth 2010 for p.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

PERMUTATIONS = 999
LEAST_DOCUMENTS = 15
"""With fewer, too many permutations leave too many documents in place to find anything."""

FAR = 0.99
"""The |r'| that a pair reaches in this share of the orders is its unit."""

STRETCH = 1024
"""Characters that are worked on at once."""

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Residuals:
    """One document of the sample, freed of bigram means; all zero where the bigram is rare.

    Attributes:
        units: float16[N, U].
        features: float32[N, K].
        kept: bool[N], characters after a frequent bigram.
    """

    units: NDArray[np.float16]
    features: NDArray[np.float32]
    kept: NDArray[np.bool_]


def p_values(
    documents: Sequence[Residuals], unit_of: NDArray[np.intp], feature_of: NDArray[np.intp],
    seed: int = 0,
) -> Float:
    """Return p of every pair over the whole family, float64[P]; NaN for too few documents.

    Args:
        documents: The sample.
        unit_of: Column of each pair's unit.
        feature_of: Column of each pair's feature.
        seed: Decides the permutations.
    """
    if len(documents) < LEAST_DOCUMENTS:
        return np.full(len(unit_of), np.nan)
    return family_p_values(permuted_correlations(documents, unit_of, feature_of, seed))


def family_p_values(correlations: Float) -> Float:
    """Return p of every pair from all of the family's correlations, float64[P].

    Args:
        correlations: float64[1 + permutations, P], the true ones first; families that were
            done in parts stand side by side.
    """
    there = np.isfinite(correlations)
    size = np.where(there, np.abs(correlations), 0.0)
    # |r′| in units of each pair's own 99th percentile; M_b is the largest over all pairs in order
    # b, and p_j = #{b: M_b ≥ the true value of pair j} / 1000, the true order being one of them
    unit = np.quantile(size, FAR, axis=0, method="higher")
    scaled = np.divide(size, unit, out=np.zeros_like(size), where=unit > 0)
    reached = (scaled.max(1, initial=0.0)[:, None] >= scaled[0]).mean(0)
    return np.where(there[0], reached, np.nan)


def permuted_correlations(
    documents: Sequence[Residuals], unit_of: NDArray[np.intp], feature_of: NDArray[np.intp],
    seed: int = 0,
) -> Float:
    """Return r' of every pair in the true order and in 999 others, float64[1000, P].

    Any part of a family may be done by itself: the orders depend on the seed alone.

    Args:
        documents: The sample.
        unit_of: Column of each pair's unit.
        feature_of: Column of each pair's feature.
        seed: Decides the permutations.
    """
    orders = _orders(len(documents), seed)
    out = np.full((orders.shape[0], len(unit_of)), np.nan)
    for feature in np.unique(feature_of).tolist():
        pairs = np.flatnonzero(feature_of == feature)
        # sums of (labels of j on units of i) in row j·D + i   [D², 3 + 3P]; an order π adds up the
        # rows π(i)·D + i, which is one row of a sparse product   [1000, D²] @ [D², 3 + 3P]
        sums = _laid_on_each_other(documents, np.asarray(unit_of)[pairs], feature)
        out[:, pairs] = _correlation(orders @ sums)
    return out


def _orders(count: int, seed: int) -> Any:
    """Return the true order and random permutations, as rows that add up sums.

    Returns:
        A sparse matrix, float64[1000, D²]; row b has a 1 at π_b(i) · D + i for every i.
    """
    random, own = np.random.Generator(np.random.PCG64(seed)), np.arange(count)
    orders = np.stack([own, *(random.permutation(count) for _ in range(PERMUTATIONS))])
    places = (orders * count + own).ravel()
    starts = np.arange(0, len(places) + 1, count)
    return csr_array((np.ones(len(places)), places, starts), (len(orders), count * count))


def _laid_on_each_other(
    documents: Sequence[Residuals], units: NDArray[np.intp], feature: int
) -> Float:
    """Lay one feature of every document on some units of every document.

    Returns:
        float64[D², 3 + 3P]: n, Σf, Σf², Σh, Σh² and Σhf of the labels of document j on the
        units of document i, where both are kept, in row j · D + i.
    """
    d, p = len(documents), len(units)
    sums = np.zeros((d, d, 3 + 3 * p))
    for start, there in _stretches([len(x.kept) for x in documents]):
        at, some = slice(start, start + STRETCH), [documents[i] for i in there]
        kept = _side_by_side([x.kept[at] for x in some])  # [D', T]
        f = _side_by_side([x.features[at, feature] for x in some])
        h = _side_by_side([x.units[at][:, units] for x in some])  # [D', T, P]
        flat = h.transpose(1, 0, 2).reshape(h.shape[1], -1)  # [T, D'·P]
        # row j, column i: Σ_t over both kept of 1, f_j, f_j², h_i, h_i², f_j h_i; residuals are 0
        # where a document is not kept, so products with the other's mask leave the rest out
        products = (kept @ kept.T, f @ kept.T, (f * f) @ kept.T, kept @ flat,
                    kept @ (flat * flat), f @ flat)
        shape = (len(there), len(there), -1)
        sums[np.ix_(there, there)] += np.concatenate([x.reshape(shape) for x in products], 2)
    return sums.reshape(d * d, -1)


def _correlation(sums: Float) -> Float:
    """Return r' from rows of n, Σf, Σf², Σh, Σh² and Σhf, float64[…, P]."""
    n, f, ff = (sums[:, i : i + 1] for i in range(3))
    h, hh, hf = np.split(sums[:, 3:], 3, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = (hh - h * h / n) * (ff - f * f / n)
        r: Float = np.where(spread > 0, (hf - h * f / n) / np.sqrt(spread), np.nan)
    return r


def _stretches(lengths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield where each stretch starts, and the numbers of the documents that reach it."""
    for start in range(0, max(lengths), STRETCH):
        yield start, [i for i, length in enumerate(lengths) if length > start]


def _side_by_side(arrays: Sequence[NDArray[np.generic]]) -> NDArray[np.float32]:
    """Return float32[D, T, …] with zeros after the end of those that are shorter."""
    longest = max(map(len, arrays))
    out = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), np.float32)
    for row, array in zip(out, arrays, strict=True):
        row[: len(array)] = array
    return out
