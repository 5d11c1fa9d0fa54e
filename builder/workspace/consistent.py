"""Whether results agree with themselves: what each part says of another part is so."""

from __future__ import annotations

from collections.abc import Iterator, Sized

from builder.core.cards import Claim, ExhibitCard
from builder.core.meaning import mistakes
from builder.core.runs import covers
from builder.core.shown import Explored, Film, Snippet
from builder.core.units import UnitId


def contradictions(card: ExhibitCard, name: str) -> Iterator[str]:
    """Yield what cannot be: units that are not there, values that are not one a character.

    Args:
        card: As it was read, of the right types.
        name: The exhibit that it should be of.
    """
    for said in (card.name, *(cell.exhibit for cell in card.cells)):
        if said != name:
            yield f"they are of {said!r}"
    yield from _strangers(card)
    yield from _of_excerpts(card)
    for excerpt in card.explored:
        yield from _of_explored(excerpt, len(card.table.units))
    if card.film:
        yield from _of_film(card.film)
    yield from mistakes(card)
    yield from _untrue_table(card)


def _strangers(card: ExhibitCard) -> Iterator[str]:
    """Yield units, signals and features that something is said of and that the exhibit lacks."""
    for unit in _units(card):
        if not card.has_unit(unit):
            yield f"there is no unit {unit}"
    named = [claim.feature for claim in _claims(card)]
    named += [one.feature for cell in card.cells for one in cell.compared]
    named += [feature for excerpt in card.explored for feature in excerpt.labels]
    named += [cell.feature for cell in card.film.cells] if card.film else []
    for feature in (*named, *card.table.features):
        if feature not in card.shares:
            yield f"there is no feature {feature!r}"
    gates = [gate for cell in card.cells for e in cell.excerpts if e.inside
             for gate in e.inside.gates]
    for gate in (*card.saturation, *gates):
        if gate not in card.signal_names:
            yield f"there is no gate {gate!r}"


def _claims(card: ExhibitCard) -> Iterator[Claim]:
    yield from card.claims
    for cell in card.cells:
        yield from (cell.claim, *cell.others)


def _units(card: ExhibitCard) -> Iterator[UnitId]:
    yield from card.table.units
    yield from (claim.unit for claim in _claims(card))
    yield from (cell.untrained.unit for cell in card.cells if cell.untrained)
    yield from (cell.unit for cell in card.film.cells) if card.film else ()


def _of_excerpts(card: ExhibitCard) -> Iterator[str]:
    """Yield excerpts of cells with more or fewer values than characters."""
    for cell in card.cells:
        unit = cell.claim.unit
        for e in cell.excerpts:
            inside = (e.inside.guesses, *e.inside.gates.values()) if e.inside else ()
            if not _as_long(e.text, e.values, e.labels, *([e.twin] if e.twin else ()), *inside):
                yield f"{unit}: an excerpt without one value per character"
        if cell.untrained and not (cell.excerpts
                                   and _as_long(cell.excerpts[0].text, cell.untrained.values)):
            yield f"{unit}: an untrained unit without one value per character"
        for same in cell.same:
            yield from _of_snippets(unit, same.high, same.low)
        if cell.histogram and not _as_long(cell.histogram.off, cell.histogram.on):
            yield f"{unit}: a histogram of two lengths"


def _of_snippets(unit: UnitId, *snippets: Snippet) -> Iterator[str]:
    for one in snippets:
        if not (_as_long(one.text, one.values) and 0 <= one.at < len(one.text)):
            yield f"{unit}: a place without one value per character"


def _of_explored(excerpt: Explored, units: int) -> Iterator[str]:
    where, length = f"{excerpt.document}, line {excerpt.line}", len(excerpt.text)
    if not excerpt.before and len(excerpt.activations) != length * units:
        yield f"{where}: not one value for each unit and character"
    for feature, runs in excerpt.labels.items():
        if not covers(runs, length):
            yield f"{where}: {feature} has not one label per character"


def _of_film(film: Film) -> Iterator[str]:
    for cell in film.cells:
        if not _as_long(film.characters, film.bits, cell.r, cell.r_within, cell.best,
                        cell.best_within, cell.values):
            yield f"{cell.unit}: a film that has not one number for each moment"
        if not _as_long(cell.text, cell.labels, *cell.values):
            yield f"{cell.unit}: a film without one value per character"


def _as_long(first: Sized, *others: Sized) -> bool:
    return all(len(other) == len(first) for other in others)


def _untrue_table(card: ExhibitCard) -> Iterator[str]:
    table = card.table
    for rows in (table.r, table.r_within):
        if len(rows) != len(table.units) or any(len(row) != len(table.features) for row in rows):
            yield "the table of units does not have one number per feature"
