"""What templates ask about a gallery: which page a unit has, which claim is a feature's best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.core.cards import CellCard, Claim, ExhibitCard, Grade
from builder.core.counted import Counted
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec
from builder.core.scores import Estimate
from builder.core.units import UnitId
from builder.core.worded import ConditionClaim, FormulaClaim
from builder.rendering.addresses import cell_name, unit_name

Row = TypeVar("Row", tuple[str, float], tuple[str, float, int])

MEMORY_SHARE = 0.05
"""Below it, a feature's claims are compared by r: the last two characters tell it all."""


MOST_SAID = {FormulaClaim: 12, ConditionClaim: 4}
"""Units of an exhibit that get a page for what is said of them in words, by what that is."""


@dataclass(frozen=True)
class Gallery:
    """All exhibits and all features that their claims may name.

    Attributes:
        exhibits: In the order in which they are shown.
        features: The order of every list of features.
        counted: What small networks count; None where that was not measured.
    """

    exhibits: tuple[ExhibitCard, ...]
    features: tuple[FeatureSpec, ...]
    counted: Counted | None = None

    def feature(self, id_: str) -> FeatureSpec:
        """Return a feature by its id; KeyError where there is none."""
        return {spec.id: spec for spec in self.features}[id_]

    def exhibit(self, name: str) -> ExhibitCard:
        """Return an exhibit by its name; KeyError where there is none."""
        return {card.name: card for card in self.exhibits}[name]

    def sources_of(self, names: Collection[str]) -> tuple[ExhibitCard, ...]:
        """Return one of the exhibits of these names for each text that they have."""
        found = {card.source: card for card in self.exhibits if card.name in names}
        return tuple(found.values())

    def worded(self) -> list[ExhibitCard]:
        """Return the exhibits that were put into words."""
        return [exhibit for exhibit in self.exhibits if exhibit.worded is not None]

    def measured(self, exhibit: ExhibitCard) -> tuple[FeatureSpec, ...]:
        """Return the features that were looked for in an exhibit, in the order of all features."""
        return tuple(spec for spec in self.features if spec.id in exhibit.shares)

    def cells_of(self, feature: str) -> list[CellCard]:
        """Return the cells whose claim is about a feature."""
        return [cell for exhibit in self.exhibits for cell in exhibit.cells
                if cell.claim.feature == feature]

    def best_grade(self, feature: str) -> Grade | None:
        """Return the best grade of any claim on a feature; None where it was looked for nowhere.

        A feature that was looked for and has no claim at all is not supported.
        """
        looked_for = any(feature in exhibit.shares for exhibit in self.exhibits)
        found = {claim.grade for exhibit in self.exhibits for claim in exhibit.claims
                 if claim.feature == feature}
        if not looked_for:
            return None
        return next((grade for grade in Grade if grade in found), Grade.NOT_SUPPORTED)

    def strongest_cell(self) -> CellCard | None:
        """Return the cell to greet visitors with: largest held-out |r′|; None without cells.

        It is of one of the exhibits that come first.
        """
        shown = [exhibit for exhibit in self.exhibits if any(c.excerpts for c in exhibit.cells)]
        first = min((exhibit.order for exhibit in shown), default=0)
        cells = [cell for exhibit in shown if exhibit.order == first
                 for cell in exhibit.cells if cell.excerpts]
        return max(cells, key=_greeting_strength, default=None)


def page_of(exhibit: ExhibitCard, unit: UnitId) -> str:
    """Return the name of the page a unit is shown on, empty where it has none."""
    page = next((cell_name(cell) for cell in exhibit.cells if cell.claim.cell == unit.cell), "")
    if page:
        return page
    said = any(claim.unit.cell == unit.cell for claim in said_in_words(exhibit))
    return unit_name(exhibit.name, unit) if said else ""


def sure_cells(exhibit: ExhibitCard) -> int:
    """Return how many cells have any claim that beats every control, in words or not."""
    said = exhibit.worded.sure if exhibit.worded else ()
    return len({claim.cell for claim in exhibit.claims if claim.grade in GOOD}
               | {claim.unit.cell for claim in said})


def said_in_words(exhibit: ExhibitCard) -> list[FormulaClaim | ConditionClaim]:
    """Return the claims in words whose units have a page for them: those without another one."""
    if exhibit.worded is None or not exhibit.explored:
        return []
    shown = {cell.claim.cell for cell in exhibit.cells}
    rest = [claim for claim in exhibit.worded.sure if claim.unit.cell not in shown]
    return [claim for kind, most in MOST_SAID.items()
            for claim in [c for c in rest if isinstance(c, kind)][:most]]


def claims_on(exhibit: ExhibitCard, feature: str) -> list[Claim]:
    """Return an exhibit's claims on a feature, best first by what discover text said.

    Held-out text then judges the order instead of making it.
    """
    characters = (exhibit.shares.get(feature) or 0.0) < MEMORY_SHARE
    found = [claim for claim in exhibit.claims if claim.feature == feature]
    return sorted(found, key=lambda c: -abs(
        (c.r if characters or is_change(c) else c.r_within) or 0.0))


def best_on(exhibit: ExhibitCard, features: Iterable[str]) -> Claim | None:
    """Return the claim that comes closest to any of some features: by grade, then by its number.

    Of each feature it is the one that was best on discover text; None where there is none.
    """
    first = [claims[0] for id_ in features if (claims := claims_on(exhibit, id_))]
    return min(first, key=claim_rank, default=None)


def is_change(claim: Claim) -> bool:
    """Tell whether a claim is about the changes of a unit, of which r' says nothing."""
    return bool(claim.change_of)


def judged_by(claim: Claim) -> tuple[str, Estimate]:
    """Return name and value of the number that a claim is judged by, on held-out text."""
    held_out = claim.held_out
    raw = claim.grade is Grade.CHARACTER or is_change(claim)
    if raw or held_out.r_within.value is None:
        return "r", held_out.r
    return "r′", held_out.r_within


def grade_counts(claims: Sequence[Claim]) -> Iterator[tuple[Grade, int]]:
    """Yield the grades that occur, best first, with their numbers of claims."""
    for grade in Grade:
        if number := sum(claim.grade is grade for claim in claims):
            yield grade, number


def verified_cells(exhibit: ExhibitCard) -> int:
    """Return how many cells (layer and index, whatever the signal) have a verified claim."""
    return _cells_with(exhibit, GOOD)


def causal_cells(exhibit: ExhibitCard) -> int:
    """Return how many cells have a causal claim."""
    return _cells_with(exhibit, {Grade.CAUSAL})


def _cells_with(exhibit: ExhibitCard, grades: Collection[Grade]) -> int:
    return len({c.cell for c in exhibit.claims if c.grade in grades})


def neighbours(exhibit: ExhibitCard, cell: CellCard) -> tuple[CellCard | None, CellCard | None]:
    """Return the cells before and after a cell in the order of its exhibit."""
    at = exhibit.cells.index(cell)
    before = exhibit.cells[at - 1] if at else None
    return before, exhibit.cells[at + 1] if at + 1 < len(exhibit.cells) else None


def ends(rows: Sequence[Row], most: int = 8) -> list[Row]:
    """Return the rows with the largest and the smallest numbers, zeros left out; largest first.

    Args:
        rows: Tuples whose second part is the number, falling.
        most: Rows of each kind.
    """
    up = [row for row in rows[:most] if row[1] > 0]
    return up + [row for row in rows[-most:] if row[1] < 0 and row not in up]


def reasons(exhibit: ExhibitCard) -> dict[str, list[str]]:
    """Return why files were left out: reason to names, both in the order they came."""
    found: dict[str, list[str]] = {}
    for name, reason in exhibit.left_out:
        found.setdefault(reason, []).append(name)
    return found


def best_cells(exhibit: ExhibitCard, most: int) -> list[CellCard]:
    """Return the cells to see first: by grade, then by strength; each of another feature."""
    first: dict[str, CellCard] = {}
    for cell in sorted(exhibit.cells, key=lambda cell: claim_rank(cell.claim)):
        first.setdefault(cell.claim.feature, cell)
    return list(first.values())[:most]


def claim_rank(claim: Claim) -> tuple[int, float]:
    """Return a key by which the best claim is first: its grade, then the number it is judged by."""
    return list(Grade).index(claim.grade), -abs(judged_by(claim)[1].value or 0.0)


def _greeting_strength(cell: CellCard) -> tuple[bool, float]:
    remembers = cell.claim.grade is not Grade.CHARACTER
    return remembers, abs(cell.claim.held_out.r_within.value or 0.0)
