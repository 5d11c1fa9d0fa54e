"""What was put into words as plain JSON, in the names that others may rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from builder.core.formulas import of_atom, parsed
from builder.core.records import effect_record, interval_record
from builder.core.units import UnitId
from builder.core.worded import (
    ConditionClaim,
    Counted,
    Coverage,
    FormulaClaim,
    SeveralFormulas,
    Spread,
    Worded,
)

NOT_ASKED: Mapping[str, None] = {
    "formulas": None, "coverage": None, "conditions": None, "spread": None}
"""What stands in place of a record where nothing was put into words."""


def words_record(
    worded: Worded, name_of: Callable[[UnitId], str] = lambda unit: ""
) -> dict[str, Any]:
    """Return formulas, coverage, conditions and spread; what was not measured is None, never NaN.

    Args:
        worded: What was found.
        name_of: What somebody else calls a unit; empty where nobody does.
    """
    return {
        "formulas": [_formula(c, name_of(c.unit)) for c in worded.formulas],
        "coverage": _coverage(worded.coverage, worded.steps),
        "conditions": [_condition(c, name_of(c.unit)) for c in worded.conditions],
        "spread": [_spread(one) for one in worded.spread],
    }


def _formula(claim: FormulaClaim, name: str) -> dict[str, Any]:
    formula, explained = parsed(claim.text), claim.explained
    within, beyond = claim.held_out.r_within, claim.beyond
    return {
        **_of(claim.unit, name),
        "text": claim.text,
        "terms": [of_atom(atom).as_json() for atom in formula.atoms],
        "tree": formula.as_json(),
        "base_rate": claim.base_rate,
        "r_within_bigram": claim.r_within,
        "share_h": claim.share_h,
        "held_out": {
            "r": claim.held_out.r.value, "ci": interval_record(claim.held_out.r),
            "r_within_bigram": within.value, "ci_within_bigram": interval_record(within),
            "r_beyond_reservoir": beyond.value, "ci_beyond_reservoir": interval_record(beyond),
        },
        "single": claim.single_r_within,
        "single_text": claim.single,
        "floor": None,  # r″ stands in its place
        "p_family": claim.p_family,
        **_cost(claim),
        "explained": {"bigram": explained.pair, "single": explained.single,
                      "formula": explained.formula, "linear": explained.linear,
                      "reservoir": explained.reservoir},
        "several": _several(claim.several),
        "grade": claim.grade.value,
    }


def _several(several: SeveralFormulas | None) -> dict[str, Any] | None:
    if several is None:
        return None
    further = [{"text": one.text, "weight": one.weight, "r_within_bigram": one.r_within.value,
                "ci_within_bigram": interval_record(one.r_within),
                "r_beyond_reservoir": one.beyond.value,
                "ci_beyond_reservoir": interval_record(one.beyond), "adds": one.adds}
               for one in several.further]
    return {"weight": several.weight, "further": further, "explained": several.explained}


def _spread(spread: Spread) -> dict[str, Any]:
    return {"text": spread.text, "units": [unit.name for unit in spread.units],
            "sizes": list(spread.sizes), "explained": list(spread.explained),
            "linear": spread.linear, "reservoir": spread.reservoir}


def _condition(claim: ConditionClaim, name: str) -> dict[str, Any]:
    return {
        **_of(claim.unit, name),
        "feature": claim.feature,
        "given": claim.given,
        "share": claim.share,
        "held_out": {"r": claim.r.value, "ci": interval_record(claim.r), "auc": claim.auc,
                     "auprc": claim.auprc, "base_rate": claim.base_rate},
        "untrained_floor": claim.floor,
        "p_family": claim.p_family,
        **_cost(claim),
        "grade": claim.grade.value,
    }


def _of(unit: UnitId, name: str) -> dict[str, Any]:
    return {"unit": unit.name, **({"name": name} if name else {})}


def _cost(claim: FormulaClaim | ConditionClaim) -> dict[str, Any]:
    effect = claim.effect
    return {"ablation_nats": effect.nats.value if effect else None,
            "ablation": effect_record(effect)}


def _coverage(coverage: Coverage, steps: int) -> dict[str, Any]:
    return {
        "units": coverage.units,
        "steps": steps,
        "thresholds": list(coverage.thresholds),
        "thresholds_beyond_reservoir": list(coverage.beyond),
        **_counted(coverage.trained),
        "untrained": {"networks": coverage.networks, **_counted(coverage.untrained)}
        if coverage.networks else None,
    }


def _counted(counted: Counted) -> dict[str, Any]:
    return {"single": _numbers(counted.single), "formulas": _numbers(counted.formulas),
            "linear": _numbers(counted.linear),
            "single_beyond_reservoir": _numbers(counted.single_beyond),
            "formulas_beyond_reservoir": _numbers(counted.formulas_beyond),
            "several": counted.several}


def _numbers(row: Sequence[float]) -> list[float] | None:
    """Return whole numbers as such; None where there are none."""
    return [int(n) if n.is_integer() else n for n in row] or None
