"""What a claim was put through besides correlation; None is not measured."""

from __future__ import annotations

from dataclasses import dataclass

from builder.core.scores import Estimate


@dataclass(frozen=True, slots=True)
class Detection:
    """How well the unit alone tells where a feature is on; held-out text.

    Attributes:
        auprc: Average precision of the unit as a score, its sign that of r on discover text.
        base_rate: Share of characters where the feature is on: what a blind guess has.
        threshold: Value of the unit with the best F1 on discover text.
        f1: F1 on held-out text at that threshold.
        iou: Intersection over union there.
    """

    auprc: float | None
    base_rate: float | None
    threshold: float | None
    f1: float | None
    iou: float | None


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the unit does at each value of a count; held-out text.

    Attributes:
        values: Values of the count that were met often enough, rising.
        means: Mean of the unit at each.
        counts: Characters at each.
        spearman: Rank correlation of unit and count.
    """

    values: tuple[float, ...]
    means: tuple[float, ...]
    counts: tuple[int, ...]
    spearman: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """Change of a unit at one kind of event.

    Attributes:
        now: Mean change at the event.
        after: Mean change at the next character.
        count: Events.
    """

    now: Estimate
    after: Estimate
    count: int


@dataclass(frozen=True, slots=True)
class Counter:
    """Does the unit go up where the feature rises and down where it falls?

    Attributes:
        signal: The change that was looked at: that of the architecture.
        opening: Where the feature rises.
        closing: Where it falls.
        levels: Level before the event, mean change of an opening there, mean change of a closing
            there, None where there were too few.
        evenness: The smallest over the largest mean opening step; 1 is an ideal counter.
        opposite: Whether both steps are told from 0 and have opposite signs.
    """

    signal: str
    opening: Step
    closing: Step
    levels: tuple[tuple[int, float | None, float | None], ...]
    evenness: float | None
    opposite: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What the model loses when the unit is held at its mean.

    Attributes:
        nats: Loss where the feature is on less loss where it is off, nats a character.
        random: 95th percentile of the same, without sign, for random units of the same layer.
        units: How many random units.
    """

    nats: Estimate
    random: float | None
    units: int


@dataclass(frozen=True, slots=True)
class Saturation:
    """How often a gate of one cell is shut (below .1) and open (above .9); shares of characters."""

    gate: str
    shut: float
    open: float


@dataclass(frozen=True, slots=True)
class Number:
    """A single number; None is not measured."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a control of another package found.

    Attributes:
        values: Pairs of a name and a number, in the order in which they are shown.
        said: One sentence about them, plain text.
    """

    values: tuple[tuple[str, float | None], ...]
    said: str = ""


Finding = Number | Detection | Counter | Effect | Numbers


@dataclass(frozen=True, slots=True)
class Result:
    """What one control says of one claim.

    Attributes:
        control: Its name.
        found: The numbers.
        passes: Of a control of another package, whether the claim stands up to it; a claim that
            does not is no better than suggestive. None where it does not judge.
    """

    control: str
    found: Finding
    passes: bool | None = None


OWN = ("selectivity_margin", "detection", "rank_correlation", "localisation", "untrained",
       "shuffled_labels", "ceiling", "output_weight", "counter", "ablation")
"""Names of the controls that have a property of their own on a claim."""


class Results:
    """Results by the names of their controls; a mixin for what has `results`."""

    results: tuple[Result, ...]

    def found(self, control: str) -> Finding | None:
        """Return what a control found; None where it was not run."""
        return next((r.found for r in self.results if r.control == control), None)

    def number(self, control: str) -> float | None:
        """Return the number of a control that finds a single one."""
        found = self.found(control)
        return found.value if isinstance(found, Number) else None

    @property
    def detection(self) -> Detection | None:
        """How well the unit tells where the feature is on; None for counts."""
        found = self.found("detection")
        return found if isinstance(found, Detection) else None

    @property
    def spearman(self) -> float | None:
        """Rank correlation on held-out text; None but for counts."""
        return self.number("rank_correlation")

    @property
    def selectivity_margin(self) -> float | None:
        """|r'| less the largest |r'| of the unit with a feature that is no near-synonym."""
        return self.number("selectivity_margin")

    @property
    def localisation(self) -> float | None:
        """Share of what all units together tell of the feature that this one tells."""
        return self.number("localisation")

    @property
    def p_family(self) -> float | None:
        """Chance of the largest |r'| of all claims under the labels of other documents."""
        return self.number("shuffled_labels")

    @property
    def untrained_floor(self) -> float | None:
        """What untrained networks reach: of |r'|, or of |r| for characters and events."""
        return self.number("untrained")

    @property
    def ceiling(self) -> float | None:
        """For a future feature, r' of the model's own probability of it."""
        return self.number("ceiling")

    @property
    def output_weight(self) -> float | None:
        """How much likelier than others the unit makes what a future feature predicts."""
        return self.number("output_weight")

    @property
    def counter(self) -> Counter | None:
        """What the unit's change does at the events that move the feature."""
        found = self.found("counter")
        return found if isinstance(found, Counter) else None

    @property
    def effect(self) -> Effect | None:
        """What holding the unit at its mean costs."""
        found = self.found("ablation")
        return found if isinstance(found, Effect) else None

    @property
    def others(self) -> tuple[Result, ...]:
        """Results of controls that other packages add."""
        return tuple(r for r in self.results if r.control not in OWN)
