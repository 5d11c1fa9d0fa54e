"""How far float32 results may be from the truth, from the type and from what was added up.

u = 2⁻²⁴ is the unit roundoff: a number is rounded by at most u times its size. Kernels of other
processors add in another order, in several sums at once, with products fused or not; so how often
something is rounded is known, but not where. One rounding of a number of size s is taken as even
in ±u s, so its deviation is u s/√3, and as of no sign in common with the others; what is allowed
is `SIGMAS` such deviations of all of them. Two float32 runs may be twice as far apart as each is
from the truth, so an oracle runs in float64.

Source:
    Higham 2002, Accuracy and Stability of Numerical Algorithms, sections 3.1 and 4.2;
    Higham and Mary 2019, A new approach to probabilistic rounding error analysis.
"""

from __future__ import annotations

import math

UNIT = 2.0**-24
"""Unit roundoff of float32."""

HALF_UNIT = 2.0**-11
"""Unit roundoff of float16."""

SIGMAS = 5.0
"""Beyond this many deviations lies one in two million of what is compared."""


def printed(digits: int) -> float:
    """Bound the error of a number that is kept with so many decimals: half of the last one."""
    return 0.5 * 10.0**-digits


def added(terms: int) -> float:
    """Bound the error of a float32 sum as a share of the sum of sizes; no chance in it.

    In whatever order n terms are added, each goes through at most n − 1 sums, so its factor is
    within (1 ± u)ⁿ: the error is at most n u Σ|t|.
    """
    return terms * UNIT


def pieces(count: int, terms: int) -> float:
    """Bound the error of a sum that is float32 for a while, as a share of the sum of sizes.

    Of `count` terms of size s, n at a time are added in float32, and those sums in float64. The
    k-th sum of a piece is at most k s, its rounding deviates by u k s/√3; all n of a piece by
    u s n^(3/2)/3, all count/n pieces by u s n √count/3. As a share of count·s: u n/(3 √count).
    """
    return SIGMAS * UNIT * min(terms, count) / (3 * math.sqrt(count))


def correlation(count: int, products: int, squares: int) -> float:
    """Bound the error of r whose products and squares are float32 sums of so many terms at most.

    Σxf is off by a share of Σ|xf| ≤ √(Σx² Σf²), which r is divided by; Σx² and Σf² are under a
    root and count half each. x and f are rounded once before, by u, and alike wherever they are
    the same number.
    """
    return 2 * UNIT + pieces(count, products) + pieces(count, squares)


def recurrence(steps: int, terms: int) -> float:
    """Bound the error of a state after so many steps, each of which adds up so many products.

    What is summed stays below 1 as far as it counts: |a| tanh′(a) < ½, and gates have less of a
    slope. The n sums of a step deviate by u √(n/3). A step of an orthogonal matrix and slopes of
    at most 1 enlarges no error of before, so T steps deviate by u √(n T/3).
    """
    return SIGMAS * UNIT * math.sqrt(steps * terms / 3)


def product(terms: int, size: float, state: float = 0.0) -> float:
    """Bound the error of one float32 product of a row of weights with a state.

    Args:
        terms: Of the product.
        size: Root of the sum of the squared weights, which carries the state's error on; and
            partial sums of states below 1 are about as large.
        state: Error of the state.
    """
    return size * (state + SIGMAS * UNIT * math.sqrt(terms / 3))
