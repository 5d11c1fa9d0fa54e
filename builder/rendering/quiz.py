"""Pictures to guess: what does this cell do, and is it real or random?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from builder.core.cards import CellCard
from builder.core.digests import uniform
from builder.rendering.excerpts import liveliest_lines, values_html
from builder.rendering.gallery import GOOD, Gallery, is_change

CELLS, PAIRS, OPTIONS = 6, 2, 4
LINES = 9


@dataclass(frozen=True)
class Question:
    """One picture.

    Attributes:
        asked: The question.
        picture: Coloured text.
        options: Answers to choose from.
        answer: Place of the right one.
        cell: The cell that it is about.
        explanation: What is said of the answer, one sentence.
    """

    asked: str
    picture: Markup
    options: tuple[str, ...]
    answer: int
    cell: CellCard
    explanation: str


def questions(gallery: Gallery) -> list[Question]:
    """Return the questions of a gallery in an order of hashes; none where too few cells are good.

    The cells are the strongest of different features; for each of the last kind there is once
    the unit of the trained network and once the best of an untrained one.
    """
    cells = list(_cells(gallery))
    titles = [gallery.feature(cell.claim.feature).title for cell in cells]
    if len(cells) < OPTIONS:
        return []
    asked = [_what(cell, title, titles)
             for cell, title in list(zip(cells, titles, strict=True))[:CELLS]]
    asked += [q for cell in _contested(cells)[:PAIRS] for q in _real_or_random(cell)]
    return sorted(asked, key=lambda q: uniform(f"{q.cell.claim.unit}{q.explanation}", "quiz"))


def _cells(gallery: Gallery) -> Iterator[CellCard]:
    """Yield the first good cell of each feature."""
    seen = set()
    for exhibit in gallery.exhibits:
        for cell in exhibit.cells:
            good = cell.claim.grade in GOOD and cell.excerpts
            if good and cell.claim.feature not in seen:
                seen.add(cell.claim.feature)
                yield cell


def _contested(cells: Sequence[CellCard]) -> list[CellCard]:
    """Return the cells whose untrained baseline correlates most first."""
    with_baseline = [cell for cell in cells if cell.untrained and not is_change(cell.claim)]
    return sorted(with_baseline, key=lambda c: -abs(c.untrained.r if c.untrained else 0.0))


def _what(cell: CellCard, title: str, titles: Sequence[str]) -> Question:
    """Ask what a cell does, with other features of the gallery beside the right one."""
    others = sorted((t for t in titles if t != title), key=lambda t: uniform(t, title))
    options = sorted((title, *others[: OPTIONS - 1]))
    return Question("What does this unit follow?", _picture(cell, cell.excerpts[0].values),
                    tuple(options), options.index(title), cell, f"It follows: {title}.")


def _real_or_random(cell: CellCard) -> Iterator[Question]:
    """Ask of the unit and of its untrained baseline, on the same text, which network it is from."""
    options = ("one that was trained", "one that learned nothing")
    asked = "Which network is this unit from?"
    yield Question(asked, _picture(cell, cell.excerpts[0].values), options, 0, cell,
                   "It is from the trained network.")
    if cell.untrained:
        yield Question(asked, _picture(cell, cell.untrained.values), options, 1, cell,
                       f"It is unit {cell.untrained.unit} of a network that learned nothing, the "
                       f"one with the largest r of all its units.")


def _picture(cell: CellCard, values: Sequence[float]) -> Markup:
    excerpt = replace(cell.excerpts[0], values=tuple(values))
    part = liveliest_lines(excerpt, LINES)
    return values_html(part, part.values)
