"""Which passages of a cell stand first on its page, and where in one there is most to see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.core.cards import Excerpt

FIRST = ("strongest", "typical", "fails", "random")
"""Rules of the passages that stand first, one behind the other; the others are folded."""


def first(excerpts: Sequence[Excerpt]) -> list[int]:
    """Return the numbers, from 1, of the passages that stand first: one for each rule."""
    rules = [excerpt.rule for excerpt in excerpts]
    found = [rules.index(rule) + 1 for rule in FIRST if rule in rules]
    return found or [1] * bool(excerpts)


def others(excerpts: Sequence[Excerpt]) -> list[int]:
    """Return the numbers of the other passages, in their order from good to bad."""
    stand_first = first(excerpts)
    return [n for n in range(1, len(excerpts) + 1) if n not in stand_first]


def liveliest(excerpt: Excerpt) -> int:
    """Return the place of the character at which the unit changes most."""
    return int(np.argmax(np.abs(np.diff(excerpt.values, prepend=excerpt.values[:1]))))
