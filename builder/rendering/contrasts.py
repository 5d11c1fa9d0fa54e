"""A unit of an untrained network and one that learned, on the same lines: the pair to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from builder.core.cards import CellCard, Excerpt, Grade
from builder.rendering.colour import stretch
from builder.rendering.excerpts import telling, telling_lines
from builder.rendering.gallery import Gallery, is_change

LINES = 10
"""Of the text that both are shown on."""


@dataclass(frozen=True)
class Contrast:
    """Two units on the same lines.

    Attributes:
        cell: Of the trained unit.
        untrained: The lines with the values of the unit that learned nothing, its sign turned so
            that it goes with the trained unit.
        trained: The lines with those of the trained unit.
        stretches: By how much the colours of each are stretched.
    """

    cell: CellCard
    untrained: Excerpt
    trained: Excerpt
    stretches: tuple[float, float]


def convincing_pair(gallery: Gallery) -> Contrast | None:
    """Return the pair whose untrained unit convinces the eye most; None where there is none.

    Features that are on or off show best. Cells about events, about the last characters alone,
    and of made texts are left out.
    """
    found = [_pair(cell) for cell in _cells(gallery)
             if gallery.feature(cell.claim.feature).is_binary]
    return max(found, key=lambda pair: (_can_be_read(pair), _convincing(pair)), default=None)


def _can_be_read(pair: Contrast) -> bool:
    """Tell whether there is more on the lines than indentation."""
    text = pair.trained.text
    return sum(not c.isspace() for c in text) >= len(text) / 2


def _convincing(pair: Contrast) -> float:
    """Return how well the untrained unit does on the whole, and how well both can be seen."""
    r = pair.cell.untrained.r if pair.cell.untrained else 0.0
    return abs(r) * pair.stretches[0] * telling(pair.untrained) * telling(pair.trained)


def _cells(gallery: Gallery) -> Iterator[CellCard]:
    for exhibit in gallery.exhibits:
        for cell in exhibit.cells if not exhibit.made else ():
            about_memory = cell.claim.grade is not Grade.CHARACTER and not is_change(cell.claim)
            if cell.untrained and cell.excerpts and about_memory:
                yield cell


def _pair(cell: CellCard) -> Contrast:
    """Return the lines that show best what the untrained unit does, whose values come turned."""
    first = cell.excerpts[0]
    assert cell.untrained is not None
    untrained = replace(first, values=cell.untrained.values)
    part = telling_lines(untrained, LINES)
    start = part.start - first.start
    trained = replace(part, values=first.values[start : start + len(part.text)])
    return Contrast(cell, part, trained, (stretch(untrained.values), stretch(first.values)))
