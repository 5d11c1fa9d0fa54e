"""How much of a network can be put into words: formulas, conditions and coverage, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from builder.core.evidence import Effect
from builder.core.grades import Grade
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

    @property
    def cell(self) -> tuple[int, int]:
        """Layer and index of the unit."""
        return self.unit.cell


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
    """

    single: tuple[float, ...]
    formulas: tuple[float, ...]
    linear: tuple[float, ...]
    single_beyond: tuple[float, ...]
    formulas_beyond: tuple[float, ...]


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
    """

    formulas: tuple[FormulaClaim, ...]
    coverage: Coverage
    conditions: tuple[ConditionClaim, ...]
    steps: int
    marked: tuple[Marked, ...] = ()

    def holding_in(self, document: str, line: int) -> dict[str, str]:
        """Return where terms hold in an excerpt, as `Marked` has it; nothing of another excerpt."""
        return next((one.holds for one in self.marked
                     if (one.document, one.line) == (document, line)), {})
