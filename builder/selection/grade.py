"""The verdict on a claim, from its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from builder.core.cards import Grade
from builder.core.labels import Tag
from builder.core.scores import HeldOut
from builder.selection.candidates import MEMORY_SHARE

LEAST_SHARE_H = 0.1
"""Share of a unit's variance beyond the last two characters that a claim of memory needs."""

SIGNIFICANT = 0.05


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


@dataclass(frozen=True)
class Controls:
    """What the controls said of a pair; None where they were not run.

    Attributes:
        p_family: p over the whole family of claims, labels of other documents.
        floor: What networks reach that learned nothing, of |r'|, or of |r| for a claim about
            characters.
    """

    p_family: float | None
    floor: float | None


def grade(
    tag: Tag, found: Found, held_out: HeldOut, controls: Controls, minimum_r: float
) -> Grade:
    """Return the best grade that the numbers carry.

    *Character*: a feature that the last two characters tell, |r| of at least `minimum_r`, and
    above the floor if there is one. *Suggestive*: |r| and |r'| of at least `minimum_r`, signs as
    they were where it was found, an interval of r' that leaves out 0, a unit that does not just
    read the last two characters. *Verified*: besides, p below .05 and the whole interval of |r'|
    above the floor; states and counts only, since events and futures need controls of their own.

    Args:
        tag: What sort of feature it is.
        found: Discover text.
        held_out: Held-out text.
        controls: Networks that learned nothing, labels of other texts.
        minimum_r: Smallest correlation of a supported claim.
    """
    raw_holds = (_same_sign(held_out.r.value, found.r)
                 and abs(held_out.r.value or 0.0) >= minimum_r)
    if found.about_characters:
        above = controls.floor is None or _least(held_out.r.low, held_out.r.high) > controls.floor
        return Grade.CHARACTER if raw_holds and above else Grade.NOT_SUPPORTED
    if not (raw_holds and _within_holds(found, held_out, minimum_r)):
        return Grade.NOT_SUPPORTED
    proven = (
        tag in (Tag.STATE, Tag.COUNT)
        and controls.p_family is not None and controls.p_family < SIGNIFICANT
        and controls.floor is not None
        and _least(held_out.r_within.low, held_out.r_within.high) > controls.floor
    )
    return Grade.VERIFIED if proven else Grade.SUGGESTIVE


def _within_holds(found: Found, held_out: HeldOut, minimum_r: float) -> bool:
    within = held_out.r_within
    return (
        _same_sign(within.value, found.r_within)
        and _same_sign(within.value, held_out.r.value)
        and abs(within.value or 0.0) >= minimum_r
        and _least(within.low, within.high) > 0
        and (found.share_h or 0.0) >= LEAST_SHARE_H
    )


def _least(low: float | None, high: float | None) -> float:
    """Return the smallest size in an interval, 0 where it holds 0 or there is none."""
    if low is None or high is None or low * high <= 0:
        return 0.0
    return min(abs(low), abs(high))


def _same_sign(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and a * b > 0
