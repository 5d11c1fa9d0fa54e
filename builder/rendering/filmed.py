"""What is said of a unit in the film of its training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.core.cards import CellCard, ExhibitCard
from builder.core.shown import Film, FilmedCell, Series
from builder.core.units import UnitId
from builder.rendering.numbers import number, short


@dataclass(frozen=True)
class Checkpoint:
    """One unit at one checkpoint of the training.

    Attributes:
        characters: Read until then.
        bits: Bits per character of the whole network.
        r: Held-out r of the unit.
        r_within: Its r'.
        best: The unit that was best for the feature then.
        best_within: Its r'.
        values: Of the unit over the excerpt.
    """

    characters: int
    bits: float | None
    r: float | None
    r_within: float | None
    best: UnitId
    best_within: float | None
    values: Series


def checkpoints(film: Film, cell: FilmedCell) -> Iterator[Checkpoint]:
    """Yield the checkpoints, the earliest first."""
    for row in zip(film.characters, film.bits, cell.r, cell.r_within, cell.best,
                   cell.best_within, cell.values, strict=True):
        yield Checkpoint(*row)


def sign_of(cell: FilmedCell) -> float:
    """Return the sign of r' at the end."""
    return -1.0 if (cell.r_within[-1] or 0.0) < 0 else 1.0


def when(film: Film, cell: FilmedCell) -> str:
    """Return when the unit took up what it does: between which checkpoints it passed half of it."""
    sign, end = sign_of(cell), cell.r_within[-1]
    if end is None:
        return f"{cell.unit} has no r′ in the end: there is too little of it in the text."
    there = [sign * (r or 0.0) >= abs(end) / 2 for r in cell.r_within]
    at = next(i for i in range(len(there)) if all(there[i:]))
    final = f"half of its final score (r′ = {number(end)})"
    if at == 0:
        return f"{cell.unit} had {final} after {short(film.characters[0])} characters of training."
    before, after = film.characters[at - 1], film.characters[at]
    return (f"{cell.unit} reached {final} between {short(before)} and {short(after)} characters "
            f"of training.")


def filmed_cell(exhibit: ExhibitCard, cell: CellCard) -> bool:
    """Tell whether a cell is in the film of its exhibit."""
    film = exhibit.film
    return film is not None and any(c.unit == cell.claim.unit for c in film.cells)
