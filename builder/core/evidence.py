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
