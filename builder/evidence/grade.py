"""The verdict on a claim, from its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from builder.core.cards import Grade
from builder.core.evidence import Effect, Results
from builder.core.labels import Tag
from builder.core.scores import Estimate, HeldOut
from builder.evidence.candidates import MEMORY_SHARE

LEAST_SHARE_H = 0.1
"""Share of a unit's variance beyond the last two characters that a claim of memory needs."""

SIGNIFICANT = 0.05

LEAST_OF_CEILING = 0.3
"""Share of the model's own |r'| that a unit must reach to be called a predictor."""


@dataclass(frozen=True)
class Found:
    """What discover text said of a pair; None where it could not be measured."""

    r: float | None
    r_within: float | None
    share_h: float | None
    share_f: float | None

    @property
    def about_characters(self) -> bool:
        """Whether the last two characters tell nearly all of the feature."""
        return (self.share_f or 0.0) < MEMORY_SHARE


def grade(
    tag: Tag, found: Found, held_out: HeldOut, controls: Results, minimum_r: float
) -> Grade:
    """Return the best grade that the numbers carry.

    *Character*: a feature that the last two characters tell, |r| of at least `minimum_r`, and
    above the floor if there is one. *Suggestive*: |r| and |r'| of at least `minimum_r`, signs as
    they were where it was found, an interval of r' that leaves out 0, a unit that does not just
    read the last two characters. *Verified*: besides, p below .05 and the whole interval of |r'|
    above the floor. *Causal*: besides, holding the unit at its mean costs more where the feature
    is on, beyond what 95 of 100 random units show.

    An *event* is judged on the unit's change instead: |r| and steps of opposite sign at the event
    and at the one that undoes it; one that nothing undoes and that the last two characters tell
    is like any other feature that they tell. A *future* feature is judged against the model's own
    probability of it, and output weight and cost must agree with the sign of r.

    Args:
        tag: What sort of feature it is.
        found: Discover text.
        held_out: Held-out text.
        controls: Networks that learned nothing, labels of other texts, and the others.
        minimum_r: Smallest correlation of a supported claim.
    """
    if tag is Tag.EVENT and not (controls.counter is None and found.about_characters):
        return _of_event(found, held_out, controls, minimum_r)
    if found.about_characters:
        return _of_characters(found, held_out, controls, minimum_r)
    if not _memory_holds(found, held_out, *_sizes(tag, controls, minimum_r)):
        return Grade.NOT_SUPPORTED
    if not _proven(held_out.r_within, controls):
        return Grade.SUGGESTIVE
    if tag is Tag.FUTURE and not _predicts(controls):
        return Grade.SUGGESTIVE
    if not _stands(controls):
        return Grade.SUGGESTIVE
    return Grade.CAUSAL if shows_cause(controls.effect) else Grade.VERIFIED


def worth_ablating(
    tag: Tag, found: Found, held_out: HeldOut, controls: Results, minimum_r: float
) -> bool:
    """Tell whether taking the unit away could make a claim's grade better."""
    if tag is Tag.EVENT or found.about_characters:
        return False
    if tag is not Tag.FUTURE:
        return grade(tag, found, held_out, controls, minimum_r) is Grade.VERIFIED
    return (controls.ceiling is not None and (controls.output_weight or 0.0) > 0
            and _memory_holds(found, held_out, *_sizes(tag, controls, minimum_r))
            and _proven(held_out.r_within, controls))


def shows_cause(effect: Effect | None) -> bool:
    """Tell whether taking a unit away costs more where the feature is on than where it is off."""
    if effect is None or effect.random is None or effect.nats.low is None:
        return False
    return effect.nats.low > 0 and (effect.nats.value or 0.0) > effect.random


def _of_characters(
    found: Found, held_out: HeldOut, controls: Results, minimum_r: float
) -> Grade:
    above = controls.untrained_floor is None or least(held_out.r) > controls.untrained_floor
    return Grade.CHARACTER if _raw_holds(found, held_out, minimum_r) and above \
        else Grade.NOT_SUPPORTED


def _of_event(
    found: Found, held_out: HeldOut, controls: Results, minimum_r: float
) -> Grade:
    if not _raw_holds(found, held_out, minimum_r) or least(held_out.r) == 0:
        return Grade.NOT_SUPPORTED
    above = controls.untrained_floor is not None and least(held_out.r) > controls.untrained_floor
    counts = controls.counter is not None and controls.counter.opposite
    return Grade.VERIFIED if above and counts and _stands(controls) else Grade.SUGGESTIVE


def _stands(controls: Results) -> bool:
    """Tell whether a claim stands up to the controls that other packages add."""
    return all(result.passes is not False for result in controls.results)


def _proven(within: Estimate, controls: Results) -> bool:
    return (
        controls.p_family is not None and controls.p_family < SIGNIFICANT
        and controls.untrained_floor is not None and least(within) > controls.untrained_floor
    )


def _predicts(controls: Results) -> bool:
    """Output weight and ablation agree: the unit makes the character likelier where it comes."""
    cost = controls.effect.nats.value if controls.effect else None
    return (controls.ceiling is not None and (controls.output_weight or 0.0) > 0
            and cost is not None and cost > 0)


def _raw_holds(found: Found, held_out: HeldOut, least: float) -> bool:
    return same_sign(held_out.r.value, found.r) and abs(held_out.r.value or 0.0) >= least


def _sizes(tag: Tag, controls: Results, minimum_r: float) -> tuple[float, float]:
    """Return the smallest |r| and |r'| of a claim that needs memory."""
    if tag is Tag.FUTURE and controls.ceiling is not None:
        return 0.0, LEAST_OF_CEILING * abs(controls.ceiling)
    return minimum_r, minimum_r


def _memory_holds(
    found: Found, held_out: HeldOut, least_raw: float, least_within: float
) -> bool:
    within = held_out.r_within
    return (
        _raw_holds(found, held_out, least_raw)
        and same_sign(within.value, found.r_within)
        and same_sign(within.value, held_out.r.value)
        and abs(within.value or 0.0) >= least_within
        and least(within) > 0
        and (found.share_h or 0.0) >= LEAST_SHARE_H
    )


def least(estimate: Estimate) -> float:
    """Return the smallest size in an interval, 0 where it holds 0 or there is none."""
    low, high = estimate.low, estimate.high
    if low is None or high is None or low * high <= 0:
        return 0.0
    return min(abs(low), abs(high))


def same_sign(a: float | None, b: float | None) -> bool:
    """Tell whether both were measured and point the same way; 0 points nowhere."""
    return a is not None and b is not None and a * b > 0
