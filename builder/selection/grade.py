"""The verdict on a claim, from its numbers."""

from __future__ import annotations

from builder.core.cards import Grade
from builder.core.scores import HeldOut
from builder.selection.candidates import MEMORY_SHARE

LEAST_SHARE_H = 0.1
"""Share of a unit's variance beyond the last two characters that a claim of memory needs."""


def grade(
    held_out: HeldOut, r: float | None, r_within: float | None, share_h: float | None,
    share_f: float | None, minimum_r: float,
) -> Grade:
    """Return the best grade the numbers carry; no control has been run, so none is verified.

    A claim of memory needs |r| and |r'| of at least `minimum_r` on held-out text, an interval
    of r' that leaves out 0, the signs it had where it was found, and a unit that does not just
    read the last two characters. A claim about characters needs |r| alone.

    Args:
        held_out: Correlations on held-out text.
        r: Raw correlation on discover text.
        r_within: Within-bigram correlation on discover text.
        share_h: Share of the unit's variance beyond the last two characters.
        share_f: The same of the feature's.
        minimum_r: Smallest correlation of a supported claim.
    """
    raw_holds = _same_sign(held_out.r.value, r) and abs(held_out.r.value or 0) >= minimum_r
    if (share_f or 0) < MEMORY_SHARE:
        return Grade.CHARACTER if raw_holds else Grade.NOT_SUPPORTED
    within = held_out.r_within
    within_holds = (
        _same_sign(within.value, r_within) and abs(within.value or 0) >= minimum_r
        and _same_sign(within.value, held_out.r.value)
        and within.low is not None and within.high is not None and within.low * within.high > 0
    )
    if raw_holds and within_holds and (share_h or 0) >= LEAST_SHARE_H:
        return Grade.SUGGESTIVE
    return Grade.NOT_SUPPORTED


def _same_sign(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and a * b > 0
