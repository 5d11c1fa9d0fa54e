"""Two units side by side: which there are to choose from, and which stand there first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.core.cards import CellCard, ExhibitCard
from builder.core.grades import GOOD
from builder.core.units import UnitId
from builder.core.worded import FormulaClaim
from builder.rendering import words
from builder.rendering.addresses import cell_name, unit_name
from builder.rendering.formulated import condition_sentence, sentence
from builder.rendering.gallery import Gallery, claim_rank, said_in_words
from builder.rendering.typed import telling_start


@dataclass(frozen=True)
class Choice:
    """A unit that can be chosen.

    Attributes:
        exhibit: Its network.
        unit: Which one.
        says: What it does, in a sentence.
        page: Name of its page.
    """

    exhibit: str
    unit: UnitId
    says: str
    page: str


@dataclass(frozen=True)
class Pair:
    """What the page shows first.

    Attributes:
        left: The unit on the left.
        right: The unit on the right.
        text: What both read.
    """

    left: CellCard
    right: CellCard
    text: str


def networks(gallery: Gallery) -> list[ExhibitCard]:
    """Return the exhibits whose networks run in a browser."""
    return [exhibit for exhibit in gallery.exhibits if exhibit.in_browser]


def choices(gallery: Gallery) -> Iterator[Choice]:
    """Yield the units that have a page, of each network in its order."""
    for exhibit in networks(gallery):
        for cell in exhibit.cells:
            says = words.lead(cell.claim, gallery.feature(cell.claim.feature))
            yield Choice(exhibit.name, cell.claim.changing, says, cell_name(cell))
        for said in said_in_words(exhibit):
            says = (sentence(said, gallery) if isinstance(said, FormulaClaim)
                    else condition_sentence(said, gallery))
            yield Choice(exhibit.name, said.unit, says, unit_name(exhibit.name, said.unit))


def first_pair(gallery: Gallery) -> Pair | None:
    """Return the clearest unit that has a counterpart in a network of another architecture.

    The counterpart is the best unit on the same feature, of the same colour, of a network that
    read the same text. Where no unit has one, the gallery's clearest unit stands beside another
    of its network. None where no network with a unit to show runs in a browser.
    """
    shown = [(exhibit, cell) for exhibit in networks(gallery)
             for cell in exhibit.cells if cell.excerpts]
    ranked = sorted(shown, key=lambda one: (one[0].order, claim_rank(one[1].claim)))
    for exhibit, left in ranked:
        if right := _counterpart(exhibit, left, ranked):
            return _pair(left, right)
    if not ranked:
        return None
    exhibit, left = ranked[0]
    return _pair(left, next((cell for cell in exhibit.cells if cell is not left), left))


def _counterpart(
    home: ExhibitCard, left: CellCard, ranked: Sequence[tuple[ExhibitCard, CellCard]],
) -> CellCard | None:
    return next((cell for exhibit, cell in ranked
                 if exhibit.source == home.source and exhibit.architecture != home.architecture
                 and cell.claim.feature == left.claim.feature and cell.claim.grade in GOOD
                 and words.sign(cell.claim) * words.sign(left.claim) > 0), None)


def _pair(left: CellCard, right: CellCard) -> Pair:
    return Pair(left, right, telling_start(left))
