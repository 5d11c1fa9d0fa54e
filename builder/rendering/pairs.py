"""Two units side by side: which there are to choose from, and which stand there first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.core.cards import CellCard, ExhibitCard
from builder.core.grades import GOOD
from builder.core.units import UnitId
from builder.core.worded import FormulaClaim
from builder.rendering import words
from builder.rendering.addresses import cell_name, unit_name
from builder.rendering.formulated import condition_sentence, sentence
from builder.rendering.gallery import Gallery, claim_rank, said_in_words
from builder.rendering.typed import first_lines


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
    """Return the gallery's clearest unit, and the best on the same feature of another network.

    That one has another architecture and the same text, where there is one; else it is the next
    unit of the same network. None where no network with a unit to show runs in a browser.
    """
    shown = [exhibit for exhibit in networks(gallery) if any(c.excerpts for c in exhibit.cells)]
    if not shown:
        return None
    strongest = gallery.strongest_cell()
    home = next((e for e in shown if strongest and e.name == strongest.exhibit), shown[0])
    left = strongest if strongest and strongest.exhibit == home.name else next(
        cell for cell in home.cells if cell.excerpts)
    return Pair(left, _beside(left, home, shown), first_lines(left.excerpts[0].text))


def _beside(left: CellCard, home: ExhibitCard, shown: list[ExhibitCard]) -> CellCard:
    others = [exhibit for exhibit in shown
              if exhibit.source == home.source and exhibit.architecture != home.architecture]
    same = [cell for exhibit in others for cell in exhibit.cells
            if cell.claim.feature == left.claim.feature and cell.claim.grade in GOOD]
    rest = [cell for cell in home.cells if cell is not left]
    return min(same, key=lambda cell: claim_rank(cell.claim), default=None) or next(
        iter(rest), left)
