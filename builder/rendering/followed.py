"""A unit and its formula over an excerpt: where each term holds, and where the unit fails it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Excerpt, ExhibitCard
from builder.core.formulas import Atom, Formula, of_atom, parsed
from builder.core.runs import labels_of
from builder.core.worded import FormulaClaim
from builder.rendering.comparing import values_of
from builder.rendering.excerpts import explored_excerpt, telling, telling_lines

LINES = 8
"""Lines of a drawing."""

LEAST_SHARE = 0.03
"""Share of an excerpt in which a formula must hold, and in which it must not."""


@dataclass(frozen=True)
class Term:
    """A term of a formula over a text.

    Attributes:
        formula: The term alone.
        on: Where it holds, one a character.
    """

    formula: Formula
    on: tuple[float, ...]


@dataclass(frozen=True)
class Followed:
    """A unit over a few lines of text.

    Attributes:
        whole: The text with the unit's values; its labels say where the formula holds.
        terms: Each term of the formula.
        misses: Where the unit is on the other side of its middle than the formula says.
    """

    whole: Excerpt
    terms: tuple[Term, ...]
    misses: tuple[float, ...]

    @property
    def missed(self) -> float:
        """Share of the characters at which the unit does not follow."""
        return float(np.mean(self.misses)) if self.misses else 0.0


def followed(
    exhibit: ExhibitCard, claim: FormulaClaim, most: int = LINES
) -> Followed | None:
    """Return the lines on which one can best see what the unit does; None where none show it.

    Args:
        exhibit: Whose unit.
        claim: Its formula.
        most: Lines.
    """
    found = list(formula_excerpts(exhibit, claim))
    if not found:
        return None
    excerpt, on = max(found, key=lambda one: telling(one[0]))
    lines = telling_lines(excerpt, most)
    rows = slice(lines.start, lines.start + len(lines.text))
    formula = parsed(claim.text)
    terms = tuple(Term(of_atom(atom), tuple(on[atom][rows].astype(float).tolist()))
                  for atom in formula.atoms)
    return Followed(replace(lines, start=0), terms if len(terms) > 1 else (),
                    _misses(excerpt, claim, rows))


def formula_excerpts(
    exhibit: ExhibitCard, claim: FormulaClaim
) -> Iterator[tuple[Excerpt, dict[Atom, NDArray[np.bool_]]]]:
    """Yield excerpts in which the formula changes, and where each of its terms holds there."""
    formula, worded = parsed(claim.text), exhibit.worded
    for text in exhibit.explored:
        holding = worded.holding_in(text.document, text.line) if worded else {}
        if not (holding and text.activations):
            continue
        on = {atom: np.array(labels_of(holding.get(str(atom), ""))) > 0
              for atom in formula.atoms}
        if claim.unit not in exhibit.table.units or any(
                len(there) != len(text.text) for there in on.values()):
            continue
        holds = formula.holds(on)
        if LEAST_SHARE <= holds.mean() <= 1 - LEAST_SHARE:
            values = values_of(exhibit, text, claim.unit)
            yield explored_excerpt(text, values.tolist(), holds.astype(float).tolist()), on


def _misses(excerpt: Excerpt, claim: FormulaClaim, rows: slice) -> tuple[float, ...]:
    values = np.array(excerpt.values)
    on = np.array(excerpt.labels) > 0
    middle = (values[on].mean() + values[~on].mean()) / 2
    high = values > middle if (claim.held_out.r_within.value or 0.0) >= 0 else values < middle
    missed: NDArray[np.bool_] = (high != on)[rows]
    return tuple(missed.astype(float).tolist())
