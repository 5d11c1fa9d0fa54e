"""The verdict on a formula, and on a claim among the steps where something holds; their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from builder.core.evidence import Effect
from builder.core.grades import GOOD, Grade
from builder.core.scores import Estimate, HeldOut
from builder.core.worded import ConditionClaim, FormulaClaim, Worded
from builder.evidence.grade import (
    LEAST_SHARE_H,
    SIGNIFICANT,
    least,
    same_sign,
    shows_cause,
)

_GRADES = tuple(Grade)

LEAST_WITHIN = 0.3
"""Smallest |r'| of a formula."""

LEAST_BEYOND = 0.2
"""Smallest |r″|: no unit of a network that learned nothing was seen to reach it."""

LEAST_GIVEN = 0.3
"""Smallest |r| among the steps where a condition holds."""


def of_formula(
    within: float | None, share_h: float | None, held_out: HeldOut, beyond: Estimate,
    p_family: float | None, effect: Effect | None,
) -> Grade:
    """Return the best grade that the numbers of a formula carry.

    *Suggestive*: |r'| of at least .3 with the sign it had on discover text and that of r, an
    interval that leaves out 0, a unit that does not just read the last two characters.
    *Verified*: besides, |r″| of at least .2 with the sign of r', its interval leaving out 0, and p
    below .05. *Causal*: besides, holding the unit costs more where the formula holds.
    """
    r = held_out.r_within
    if not (same_sign(r.value, within) and same_sign(r.value, held_out.r.value)
            and abs(r.value or 0.0) >= LEAST_WITHIN and least(r) > 0
            and (share_h or 0.0) >= LEAST_SHARE_H):
        return Grade.NOT_SUPPORTED
    if not (same_sign(beyond.value, r.value) and abs(beyond.value or 0.0) >= LEAST_BEYOND
            and least(beyond) > 0 and p_family is not None and p_family < SIGNIFICANT):
        return Grade.SUGGESTIVE
    return Grade.CAUSAL if shows_cause(effect) else Grade.VERIFIED


def of_condition(
    found: float | None, r: Estimate, floor: float | None, p_family: float | None,
    effect: Effect | None,
) -> Grade:
    """Return the best grade that the numbers of a claim under a condition carry.

    *Suggestive*: |r| of at least .3 among the steps where the condition holds, with the sign it
    had on discover text, and an interval that leaves out 0. *Verified*: besides, the interval
    beyond what any unit of networks that learned nothing reaches, and p below .05. *Causal*:
    besides, holding the unit costs more where the feature is on.
    """
    if not (same_sign(found, r.value) and abs(r.value or 0.0) >= LEAST_GIVEN and least(r) > 0):
        return Grade.NOT_SUPPORTED
    if not (floor is not None and least(r) > floor and p_family is not None
            and p_family < SIGNIFICANT):
        return Grade.SUGGESTIVE
    return Grade.CAUSAL if shows_cause(effect) else Grade.VERIFIED


def formulas_ranked(claims: Iterable[FormulaClaim]) -> list[FormulaClaim]:
    """Return formulas by grade, then by |r'|, then by unit."""
    return sorted(claims, key=lambda c: (
        _GRADES.index(c.grade), -abs(c.held_out.r_within.value or 0.0), c.unit.layer,
        c.unit.index, c.unit.signal))


def conditions_ranked(claims: Iterable[ConditionClaim]) -> tuple[ConditionClaim, ...]:
    """Return claims under a condition by grade, then by |r|."""
    return tuple(sorted(claims, key=lambda c: (_GRADES.index(c.grade), -abs(c.r.value or 0.0))))


def at_best_suggestive(worded: Worded) -> Worded:
    """Return the same where no claim is better than suggestive."""
    formulas = [replace(c, grade=_capped(c.grade)) for c in worded.formulas]
    conditions = [replace(c, grade=_capped(c.grade)) for c in worded.conditions]
    return replace(worded, formulas=tuple(formulas_ranked(formulas)),
                   conditions=conditions_ranked(conditions))


def _capped(grade: Grade) -> Grade:
    return Grade.SUGGESTIVE if grade in GOOD else grade
