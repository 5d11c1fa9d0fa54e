"""Claims among the steps where something holds: what a unit tells given the last character.

A feature of the future is most uncertain after some characters: a line may end after `)`, or not.
For each of these characters the unit that tells best is taken from discover text and judged on
held-out text, among the steps after that character alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.activations.source import ActivationSource
from builder.core.formulas import Atom, Formula, of_atom
from builder.core.grades import Grade
from builder.core.labels import Tag
from builder.core.scores import Estimate
from builder.core.text import Split
from builder.core.units import UnitId
from builder.core.worded import ConditionClaim
from builder.evidence.formulas.cause import can_be_held, effects
from builder.evidence.formulas.grading import conditions_ranked, of_condition
from builder.evidence.formulas.ground import Ground
from builder.features.naming import CHARACTER, Named
from builder.scoring.intervals import number
from builder.scoring.null import Residuals, family_p_values, permuted_correlations
from builder.scoring.ranks import average_precision, roc_area
from builder.scoring.within import estimates

MOST = 6
"""Characters that are tried for a feature."""

LEAST_STEPS = 400
"""Steps after a character that discover text must have."""

LEAST_RATE, MOST_RATE = 0.05, 0.95
"""Share of these at which the feature must be on."""


@dataclass(frozen=True)
class _Case:
    """A feature after a character."""

    feature: str
    column: int
    name: str
    number: int

    @property
    def given(self) -> Formula:
        """The condition."""
        return of_atom(Atom(CHARACTER, None, self.name))


@dataclass(frozen=True)
class _Found:
    """A case with the unit that tells best on discover text."""

    case: _Case
    unit: int
    r: float


def find_conditions(
    ground: Ground, twins: Sequence[ActivationSource], means: Mapping[UnitId, float], *,
    enough: bool,
) -> tuple[ConditionClaim, ...]:
    """Return the claims, best first; none where a step is not one character.

    Args:
        ground: The network on its text.
        twins: Networks that learned nothing; without any no claim is better than suggestive.
        means: Mean of each unit that can be held.
        enough: Whether there are enough held-out pieces for a claim to be verified.
    """
    if not ground.subject.source.tokens.one_character:
        return ()
    cases = _cases(ground)
    if not cases:
        return ()
    only = _indices(ground.subject.source, {case.name for case in cases})
    sides = {split: ground.places(split, only=only, every=1)
             for split in (Split.DISCOVER, Split.HELD_OUT)}
    every = max(1, -(-max(map(len, sides.values())) // ground.steps))
    sides = {split: ground.places(split, every, only) for split in sides}
    found = _best_units(ground, cases, every, only)
    values = ground.values(ground.subject.source, Split.HELD_OUT, "words: after a character",
                           every, only)
    floors = _floors(ground, twins, cases, every, only)
    places = sides[Split.HELD_OUT]
    return _judged(ground, found, values, places.labels, places.groups, floors, means,
                   enough=enough)


def _indices(source: ActivationSource, names: Collection[str]) -> tuple[int, ...]:
    """Return the indices of characters; what is in no vocabulary has that of what is not known."""
    tokens = source.tokens
    every = np.arange(tokens.size, dtype=np.int64)
    known = {tokens.name(i): i for i in every[~tokens.are_unknown(every)].tolist()}
    return tuple(sorted({known.get(name, 0) for name in names}))


def _cases(ground: Ground) -> list[_Case]:
    """Return for each feature of the future the characters after which it is most uncertain."""
    features, labels = ground.reading.features, ground.places(Split.DISCOVER).labels
    column = next(k for k, f in enumerate(features)
                  if isinstance(f.label, Named) and f.label.kind == CHARACTER)
    named = features[column].label
    assert isinstance(named, Named)
    least = LEAST_STEPS / ground.every
    found = []
    for k, feature in enumerate(features):
        if feature.spec.tag is not Tag.FUTURE or not feature.spec.is_binary:
            continue
        on = np.bincount(labels[:, column], labels[:, k] != 0, len(named.names) + 1)
        met = np.bincount(labels[:, column], minlength=len(named.names) + 1)
        rate = on / np.maximum(met, 1)
        weight = met * rate * (1 - rate)
        good = (met >= least) & (rate >= LEAST_RATE) & (rate <= MOST_RATE)
        good[0] = False
        for i in np.argsort(-np.where(good, weight, -1), kind="stable")[:MOST].tolist():
            if good[i]:
                found.append(_Case(feature.spec.id, k, named.names[i - 1], i))
    return found


def _among(ground: Ground, case: _Case, labels: NDArray[np.generic]) -> NDArray[np.intp]:
    column = next(k for k, f in enumerate(ground.reading.features)
                  if isinstance(f.label, Named) and f.label.kind == CHARACTER)
    return np.flatnonzero(labels[:, column] == case.number)


def _correlations(
    ground: Ground, cases: Sequence[_Case], values: NDArray[np.float32],
    labels: NDArray[np.generic],
) -> list[NDArray[np.float64]]:
    """Return r of every unit with each case's feature among its steps, float64[U] each."""
    out = []
    for case in cases:
        at = _among(ground, case, labels)
        x = values[at].astype(np.float64)
        x -= x.mean(0) if len(at) else 0.0
        f = (labels[at, case.column] != 0).astype(np.float64)
        f -= f.mean() if len(at) else 0.0
        xx, ff = np.einsum("nu,nu->u", x, x), float(f @ f)
        spread = np.sqrt(xx * ff)
        there = xx > 1e-9 * np.maximum(1.0, np.square(values[at]).sum(0, dtype=np.float64))
        out.append(np.divide(f @ x, spread, out=np.zeros(len(xx)), where=there & (spread > 0)))
    return out


def _best_units(
    ground: Ground, cases: Sequence[_Case], every: int, only: tuple[int, ...]
) -> list[_Found]:
    values = ground.values(ground.subject.source, Split.DISCOVER, "words: after a character",
                           every, only)
    labels = ground.places(Split.DISCOVER, every, only).labels
    found = []
    for case, r in zip(cases, _correlations(ground, cases, values, labels), strict=True):
        best = int(np.argmax(np.round(np.abs(r), 6)))
        found.append(_Found(case, best, float(r[best])))
    return found


def _floors(
    ground: Ground, twins: Sequence[ActivationSource], cases: Sequence[_Case], every: int,
    only: tuple[int, ...],
) -> list[float | None]:
    """Return the largest |r| of any unit of networks that learned nothing, for each case."""
    if not twins:
        return [None] * len(cases)
    labels = ground.places(Split.DISCOVER, every, only).labels
    best = np.zeros(len(cases))
    for twin in twins:
        values = ground.values(twin, Split.DISCOVER, "words: networks that learned nothing",
                               every, only)
        r = _correlations(ground, cases, values, labels)
        best = np.maximum(best, [np.abs(one).max(initial=0.0) for one in r])
    return [float(one) for one in best]


def _judged(
    ground: Ground, found: Sequence[_Found], values: NDArray[np.float32],
    labels: NDArray[np.generic], groups: NDArray[np.int64], floors: Sequence[float | None],
    means: Mapping[UnitId, float], *, enough: bool,
) -> tuple[ConditionClaim, ...]:
    units = ground.subject.units
    p_values = _chances(ground, found, values, labels, groups) if enough else [None] * len(found)
    claims = [_claim(ground, one, units[one.unit], values, labels, groups, floor, p)
              for one, floor, p in zip(found, floors, p_values, strict=True)]
    graded = [replace(c, grade=_grade(one, c)) for one, c in zip(found, claims, strict=True)]
    good = [i for i, c in enumerate(graded)
            if c.grade is Grade.VERIFIED and can_be_held(ground.reading.source, c.unit, means)]
    costs = effects(
        ground.workers, ground.reading, ground.table, ground.corpus, means,
        [graded[i].unit for i in good],
        [of_atom(Atom(found[i].case.feature)) for i in good], [found[i].case.given for i in good])
    for i, effect in zip(good, costs, strict=True):
        changed = replace(graded[i], effect=effect)
        graded[i] = replace(changed, grade=_grade(found[i], changed))
    return conditions_ranked(graded)


def _grade(found: _Found, claim: ConditionClaim) -> Grade:
    return of_condition(found.r, claim.r, claim.floor, claim.p_family, claim.effect)


def _claim(
    ground: Ground, found: _Found, unit: UnitId, values: NDArray[np.float32],
    labels: NDArray[np.generic], groups: NDArray[np.int64],
    floor: float | None, p: float | None,
) -> ConditionClaim:
    case = found.case
    at = _among(ground, case, labels)
    x = values[at][:, [found.unit]]
    on = labels[at, case.column] != 0
    r = estimates(x - x.mean(0), on[:, None].astype(np.float32), groups[at], [0], [0])[0] \
        if len(at) else Estimate(None)
    score = x[:, 0] * np.sign(found.r)
    return ConditionClaim(
        unit=unit, feature=case.feature, given=str(case.given), share=_share(ground, case),
        base_rate=float(on.mean()) if len(at) else None, r=r, auc=roc_area(score, on),
        auprc=average_precision(score, on), floor=floor, p_family=p, effect=None,
        grade=Grade.NOT_SUPPORTED)


def _share(ground: Ground, case: _Case) -> float | None:
    labels = ground.places(Split.HELD_OUT).labels
    return float(len(_among(ground, case, labels)) / len(labels)) if len(labels) else None


def _chances(
    ground: Ground, found: Sequence[_Found], values: NDArray[np.float32],
    labels: NDArray[np.generic], groups: NDArray[np.int64],
) -> list[float | None]:
    """Lay the labels of other document groups on each, among the steps of its condition."""
    parts = []
    for one in found:
        at = _among(ground, one.case, labels)
        x = values[at][:, [one.unit]].astype(np.float32)
        f = (labels[at, one.case.column] != 0).astype(np.float32)[:, None]
        x, f = x - x.mean(0), f - f.mean(0)
        documents = [Residuals(x[groups[at] == g].astype(np.float16), f[groups[at] == g],
                               np.ones(int((groups[at] == g).sum()), bool))
                     for g in np.unique(groups).tolist()]
        parts.append(permuted_correlations(documents, np.zeros(1, np.intp), np.zeros(1, np.intp)))
    return [number(p) for p in family_p_values(np.concatenate(parts, 1))]
