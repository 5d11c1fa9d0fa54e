"""How much of a network can be put into words: formulas, conditions and coverage, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from builder.core.evidence import Effect
from builder.core.grades import GOOD, Grade
from builder.core.scores import Estimate, HeldOut
from builder.core.units import UnitId


@dataclass(frozen=True)
class Explained:
    """Share of a unit's held-out variance within pairs of characters that each model reaches: R².

    Each was fitted on discover text. It is negative where the model is worse than the mean.

    Attributes:
        pair: Share of *all* of its variance that the last two characters tell.
        single: The single atom that goes with it best.
        formula: Its formula.
        linear: A linear mix of all atoms.
        reservoir: A linear mix of the units of networks that learned nothing.
    """

    pair: float | None
    single: float | None
    formula: float | None
    linear: float | None
    reservoir: float | None


@dataclass(frozen=True)
class FurtherFormula:
    """One more formula that tells of a unit, added to those before it.

    Attributes:
        text: The formula.
        weight: By how much the unit is higher where it holds, all else being the same.
        r_within: Held-out correlation with what the formulas before it leave of the unit.
        beyond: The same when networks that learned nothing are taken away.
        adds: Share of the unit's held-out variance within pairs of characters that it adds: R².
    """

    text: str
    weight: float
    r_within: Estimate
    beyond: Estimate
    adds: float


@dataclass(frozen=True)
class SeveralFormulas:
    """A signed sum of formulas, where one is not all that a unit says.

    Attributes:
        weight: Of the formula that the unit has first.
        further: The others, the one that tells most of the rest first.
        explained: Share of the unit's held-out variance that the sum tells.
    """

    weight: float
    further: tuple[FurtherFormula, ...]
    explained: float


@dataclass(frozen=True)
class FormulaClaim:
    """One unit and the formula that says best what it is on for; None is not measured.

    Attributes:
        unit: Of whom.
        text: The formula, as `builder.core.formulas.parsed` reads it.
        base_rate: Share of held-out steps where it holds.
        r_within: On the half of discover text on which it had to earn its length.
        single: The single atom that goes best with the unit.
        single_r_within: Held-out r' of that.
        share_h: Share of the unit's variance that the last two characters do not explain.
        held_out: Raw and within pairs of characters.
        beyond: r″, what is left of both when networks that learned nothing are taken away.
        p_family: Chance of the largest |r'| of all formulas under labels of other documents.
        effect: What holding the unit at its mean costs where the formula holds, less elsewhere.
        explained: Shares of its variance.
        grade: The verdict.
        several: What further formulas say of the unit; None where there is no more to say.
    """

    unit: UnitId
    text: str
    base_rate: float | None
    r_within: float | None
    single: str
    single_r_within: float | None
    share_h: float | None
    held_out: HeldOut
    beyond: Estimate
    p_family: float | None
    effect: Effect | None
    explained: Explained
    grade: Grade
    several: SeveralFormulas | None = None

    @property
    def cell(self) -> tuple[int, int]:
        """Layer and index of the unit."""
        return self.unit.cell

    @property
    def texts(self) -> tuple[str, ...]:
        """The formula, and the further ones."""
        further = self.several.further if self.several else ()
        return (self.text, *(one.text for one in further))


@dataclass(frozen=True)
class Counted:
    """How many units reach each threshold of |r'|, and of |r″|, on held-out text.

    Means over networks where it is of several. A unit counts once, whichever of its signals. What
    was not measured has no numbers.

    Attributes:
        single: With a single atom.
        formulas: With their formula.
        linear: With a linear mix of all atoms.
        single_beyond: |r″| of a single atom.
        formulas_beyond: |r″| of the formula.
        several: How many are told by a sum of several formulas; None where that was not measured.
    """

    single: tuple[float, ...]
    formulas: tuple[float, ...]
    linear: tuple[float, ...]
    single_beyond: tuple[float, ...]
    formulas_beyond: tuple[float, ...]
    several: float | None = None


@dataclass(frozen=True)
class Coverage:
    """Units against what can be said of them.

    Attributes:
        units: How many there are, whichever of their signals.
        thresholds: Of |r'|.
        beyond: Thresholds of |r″|.
        trained: Of the network.
        untrained: Mean over networks that learned nothing.
        networks: How many of these.
    """

    units: int
    thresholds: tuple[float, ...]
    beyond: tuple[float, ...]
    trained: Counted
    untrained: Counted
    networks: int


@dataclass(frozen=True)
class ConditionClaim:
    """A unit and a feature among the steps at which a condition holds; None is not measured.

    Attributes:
        unit: Of whom.
        feature: Feature id.
        given: The condition, a formula: `character==")"`.
        share: Share of held-out steps at which the condition holds.
        base_rate: Share of these at which the feature is on.
        r: Correlation among them, held out.
        auc: Area under the ROC curve among them.
        auprc: Average precision among them.
        floor: The largest |r| of a unit of a network that learned nothing.
        p_family: Chance of the largest |r| of all such claims under labels of other documents.
        effect: What holding the unit at its mean costs where both hold, less where only the
            condition does.
        grade: The verdict.
    """

    unit: UnitId
    feature: str
    given: str
    share: float | None
    base_rate: float | None
    r: Estimate
    auc: float | None
    auprc: float | None
    floor: float | None
    p_family: float | None
    effect: Effect | None
    grade: Grade


@dataclass(frozen=True)
class Spread:
    """How a feature or a formula is spread over the units of a network.

    Attributes:
        text: A feature id, or a formula.
        units: Those that tell most of it together, the best first, then each that adds most.
        sizes: Numbers of units, the first so many of which are taken.
        explained: Share of the held-out variance of the feature within pairs of characters that
            so many units tell: R².
        linear: That a linear mix of all units tells.
        reservoir: That a linear mix of the units of networks that learned nothing tells.
    """

    text: str
    units: tuple[UnitId, ...]
    sizes: tuple[int, ...]
    explained: tuple[float | None, ...]
    linear: float | None
    reservoir: float | None


@dataclass(frozen=True)
class Marked:
    """Where terms of formulas hold in an excerpt that all units are shown over.

    Attributes:
        document: Of the excerpt, by its name inside the corpus.
        line: Number of the excerpt's first line, from 1.
        holds: An atom as it is written to the runs where it holds and where not, `0x12 1x30`.
    """

    document: str
    line: int
    holds: dict[str, str]


@dataclass(frozen=True)
class Worded:
    """What of a network can be put into words.

    Attributes:
        formulas: One for each unit that has any, best first.
        coverage: Units against what can be said of them.
        conditions: Claims among steps where something holds, best first.
        steps: Held-out steps they were judged on.
        marked: Where the terms of the formulas hold in the excerpts of the exhibit.
        spread: How features, and formulas that are verified, are spread over the units.
    """

    formulas: tuple[FormulaClaim, ...]
    coverage: Coverage
    conditions: tuple[ConditionClaim, ...]
    steps: int
    marked: tuple[Marked, ...] = ()
    spread: tuple[Spread, ...] = ()

    @cached_property
    def by_cell(self) -> dict[tuple[int, int], tuple[FormulaClaim, ...]]:
        """The formulas of each cell that has any, best first."""
        found: dict[tuple[int, int], tuple[FormulaClaim, ...]] = {}
        for claim in self.formulas:
            found[claim.cell] = (*found.get(claim.cell, ()), claim)
        return found

    @cached_property
    def sure(self) -> tuple[FormulaClaim | ConditionClaim, ...]:
        """What beats every control, one for each cell: formulas, then claims under a condition.

        Those come first that the units follow best.
        """
        found: dict[tuple[int, int], FormulaClaim | ConditionClaim] = {}
        formulas = sorted((c for c in self.formulas if c.grade in GOOD),
                          key=lambda c: -abs(c.held_out.r_within.value or 0.0))
        conditions = sorted((c for c in self.conditions if c.grade in GOOD),
                            key=lambda c: -abs(c.r.value or 0.0))
        claims: list[FormulaClaim | ConditionClaim] = [*formulas, *conditions]
        for claim in claims:
            found.setdefault(claim.unit.cell, claim)
        return tuple(found.values())

    def holding_in(self, document: str, line: int) -> dict[str, str]:
        """Return where terms hold in an excerpt, as `Marked` has it; nothing of another excerpt."""
        return next((one.holds for one in self.marked
                     if (one.document, one.line) == (document, line)), {})
