"""Claims as plain JSON, in the names that others may rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from builder.core.cards import Claim
from builder.core.evidence import Counter, Detection, Effect, Finding, Number, Numbers, Step
from builder.core.fit import Fit
from builder.core.scores import Estimate, Pair
from builder.core.text import GroupedBy
from builder.core.units import UnitId

FORMAT = 1
NOT_MEASURED = Estimate(None)


CLAIM_FIELDS = {
    "unit": "unit", "feature": "feature", "r": "r", "r_within": "r_within", "share_h": "share_h",
    "share_f": "share_f", "held_out": "held_out", "detection": "detection",
    "spearman": "spearman", "gap": "selectivity_margin", "localisation": "localisation",
    "p_family": "p_family", "untrained_floor": "untrained_floor", "ceiling": "ceiling",
    "counter": "counter", "effect": "effect", "grade": "grade",
}
"""Published names of what downloads have of a claim, with the names on the claim."""


def claim_record(
    claim: Claim, name: str = "", beyond: Estimate = NOT_MEASURED
) -> dict[str, Any]:
    """Return one claim; what was not measured is None, never NaN.

    Args:
        claim: The claim.
        name: What somebody else calls its unit; empty where nobody does.
        beyond: r″, what is left when untrained networks are taken away.
    """
    effect = claim.effect
    return {
        "unit": claim.unit.name,
        **({"name": name} if name else {}),
        "feature": claim.feature,
        "r": claim.r,
        "r_within_bigram": claim.r_within,
        "share_h": claim.share_h,
        "share_f": claim.share_f,
        "held_out": {
            "r": claim.held_out.r.value,
            "ci": interval_record(claim.held_out.r),
            "r_within_bigram": claim.held_out.r_within.value,
            "ci_within_bigram": interval_record(claim.held_out.r_within),
            "r_beyond_reservoir": beyond.value,
            "ci_beyond_reservoir": interval_record(beyond),
            **_detection(claim.detection),
            "spearman": claim.spearman,
        },
        "gap": claim.selectivity_margin,
        "localisation": claim.localisation,
        "p_family": claim.p_family,
        "untrained_floor": claim.untrained_floor,
        "ceiling": claim.ceiling,
        "counter": _counter(claim.counter),
        "ablation_nats": effect.nats.value if effect else None,
        "ablation": effect_record(effect),
        "grade": claim.grade.value,
        **_others(claim),
    }


def claim_fields(claim: Claim) -> dict[str, Any]:
    """Return a claim as the downloads of cells and exhibits have it: every field by its name."""
    found = {published: getattr(claim, name) for published, name in CLAIM_FIELDS.items()}
    return {**found, **_others(claim)}


def _others(claim: Claim) -> dict[str, Any]:
    """Return what controls of other packages found; nothing where there are none."""
    found = {r.control: {"passes": r.passes, **_numbers(r.found)} for r in claim.others}
    return {"controls": found} if found else {}


def _numbers(found: Finding) -> dict[str, Any]:
    if isinstance(found, Numbers):
        return {**dict(found.values), "said": found.said}
    return {"value": found.value} if isinstance(found, Number) else {}


def _detection(detection: Detection | None) -> dict[str, float | None]:
    names = ("auprc", "base_rate", "threshold", "f1", "iou")
    return {name: getattr(detection, name) if detection else None for name in names}


def effect_record(effect: Effect | None) -> dict[str, Any] | None:
    """Return what it costs to take a unit away; None where that was not measured."""
    if effect is None:
        return None
    return {"nats": effect.nats.value, "ci": interval_record(effect.nats),
            "random_95": effect.random, "random_units": effect.units}


def _counter(counter: Counter | None) -> dict[str, Any] | None:
    if counter is None:
        return None
    return {"signal": counter.signal, "opening": _step(counter.opening),
            "closing": _step(counter.closing), "levels": [list(row) for row in counter.levels],
            "evenness": counter.evenness, "opposite": counter.opposite}


def _step(step: Step) -> dict[str, Any]:
    return {"now": step.now.value, "ci": interval_record(step.now), "after": step.after.value,
            "ci_after": interval_record(step.after), "count": step.count}


def inspection_record(
    claims: Sequence[Claim], units: int, characters: int,
    floors: Mapping[str, tuple[float, float]], *, interval_over: GroupedBy, fit: Fit | None,
    name_of: Callable[[UnitId], str] = lambda unit: "",
    beyond: Mapping[Pair, Estimate] = MappingProxyType({}),
    counts_up_to: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return what `gallery inspect --json` writes: the claims, best first, and the controls.

    Args:
        claims: In the order they are to have.
        units: Units scored.
        characters: Held-out characters on which the claims were judged.
        floors: Feature to the floors of |r| and |r'|; empty where no control was run.
        interval_over: What is left out, one group at a time, for an interval.
        fit: How well the model predicts the text; None where that is not known.
        name_of: What somebody else calls a unit; empty where nobody does.
        beyond: r″ of claims, where it was measured.
        counts_up_to: Count to the largest value of it that is scored.
    """
    controls = {"untrained_floor": {
        feature: {"r": raw, "r_within_bigram": within}
        for feature, (raw, within) in floors.items()
    }} if floors else {}
    return {"format": FORMAT, "units": units, "characters": characters,
            "interval_over": interval_over, "counts_up_to": dict(counts_up_to),
            "fit": fit_record(fit) if fit else None,
            "claims": [claim_record(c, name_of(c.changing), beyond.get(
                Pair(c.unit, c.feature), NOT_MEASURED)) for c in claims], "controls": controls}


def fit_record(fit: Fit) -> dict[str, Any]:
    """Return how well a model predicts a text."""
    return {"bits_per_character": fit.bits, "unigram_bits": fit.unigram_bits,
            "unknown_share": fit.unknown_share, "warning": fit.warning}


def interval_record(estimate: Estimate) -> list[float] | None:
    """Return low and high; None where there is no interval."""
    if estimate.low is None or estimate.high is None:
        return None
    return [estimate.low, estimate.high]
