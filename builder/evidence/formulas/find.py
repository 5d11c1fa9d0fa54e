"""How much of a network can be put into words: one formula for each unit, and all controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import (
    SAMPLE_CHARACTERS,
    beginnings,
)
from builder.activations.source import Ability, ActivationSource
from builder.activations.subject import Subject
from builder.core.formulas import Formula
from builder.core.grades import Grade
from builder.core.scores import Estimate, HeldOut, Pair
from builder.core.text import Split
from builder.core.units import UnitId
from builder.core.worded import (
    Counted,
    Coverage,
    Explained,
    FormulaClaim,
    FurtherFormula,
    SeveralFormulas,
    Worded,
)
from builder.evidence.formulas.atoms import found_atoms, held
from builder.evidence.formulas.beyond import beyond_reservoir
from builder.evidence.formulas.cause import can_be_held, effects, means_of
from builder.evidence.formulas.chance import chances
from builder.evidence.formulas.choosing import Choice, formula_of
from builder.evidence.formulas.conditions import find_conditions
from builder.evidence.formulas.grading import formulas_ranked, of_formula
from builder.evidence.formulas.ground import Ground, ground_of
from builder.evidence.formulas.reservoirs import Reservoir
from builder.evidence.formulas.sampled import Places
from builder.evidence.formulas.scene import Scene, Text
from builder.evidence.formulas.spread import spread_of
from builder.evidence.formulas.study import Study, study
from builder.models.threads import one_thread
from builder.scoring.intervals import number
from builder.scoring.within import centred
from builder.work import Workers

UNTRAINED = (1, 5)
"""Numbers of the networks that learned nothing which are put into words themselves: one is as
training starts, one as PyTorch starts."""

TWINS_OF_CONDITIONS = 2
"""How many of those that are taken away say besides what a claim under a condition must reach."""

THRESHOLDS, BEYOND = (0.3, 0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
"""Of |r'| and of |r″|, by which coverage is counted."""

WORTH = 0.2
"""|r'| on discover text from which on a formula is among those that are judged for chance."""

@dataclass(frozen=True)
class InWords:
    """What of a network can be put into words, and what that says of claims.

    Attributes:
        worded: Formulas, coverage and conditions.
        beyond: r″ of claims about single features, as far as it can be known.
    """

    worded: Worded
    beyond: Mapping[Pair, Estimate]


def find_formulas(subject: Subject, workers: Workers, *, enough: bool = True) -> Worded:
    """Put the units of a network into words, as `put_into_words` does with all controls."""
    return put_into_words(subject, workers, enough=enough).worded


def put_into_words(
    subject: Subject, workers: Workers, *, enough: bool = True, controls: bool = True,
    claims: Sequence[Pair] = (),
) -> InWords:
    """Put the units of a network, or of another source of activations, into words.

    What its source cannot do is not measured: without networks that learned nothing there is no
    r″ and no formula is better than suggestive; without a hold on units there is no cause.

    Args:
        subject: The source on its text.
        workers: Who reads.
        enough: Whether there are enough held-out pieces for a claim to be verified.
        controls: Whether networks that learned nothing are read, and labels of other texts laid
            on each.
        claims: Units and single features of which r″ is wanted too.

    Raises:
        CorpusError: There is no discover text, or no held-out text.
    """
    with one_thread():
        ground = ground_of(subject, workers)
        source = subject.source
        places = {split: ground.places(split) for split in (Split.DISCOVER, Split.HELD_OUT)}
        reservoir = Reservoir(source, len(subject.units), len(places[Split.DISCOVER]))
        away = list(reservoir.networks()) if controls else []
        twins = [source.twin(number) for number in _numbers(source)] if controls else []
        scene = _scene(ground, places, away, reservoir.columns)
        discover = ground.values(source, Split.DISCOVER, "words: discovery text")
        means = means_of(ground.reading, discover)
        held_out = ground.values(source, Split.HELD_OUT, "words: unseen text")
        found = study(scene, discover, held_out)
        enough = enough and controls
        formulas = _judged(ground, scene, found, means,
                           enough=enough and reservoir.is_enough)
        beside = scene if reservoir.is_apart else scene.without_reservoir
        untrained = [_counted(subject.units, _study(ground, beside, twin), beside)
                     for twin in twins]
        apart = twins if reservoir.is_apart else []
        conditions = find_conditions(ground, [*away[:TWINS_OF_CONDITIONS], *apart], means,
                                     enough=enough)
        coverage = Coverage(len({u.cell for u in subject.units}), THRESHOLDS, BEYOND,
                            _counted(subject.units, found, scene), _mean(untrained), len(twins))
        worded = Worded(
            _kept(formulas), coverage, conditions, len(scene.held_out.places),
            spread=spread_of(ground, scene, found, formulas, (discover, held_out)))
        return InWords(worded, beyond_reservoir(ground, scene, claims))


def _kept(claims: Sequence[FormulaClaim]) -> tuple[FormulaClaim, ...]:
    """Return the claims that hold, and the best one of each cell that has none."""
    seen, kept = set[tuple[int, int]](), []
    for claim in claims:
        if claim.grade is not Grade.NOT_SUPPORTED or claim.cell not in seen:
            kept.append(claim)
        seen.add(claim.cell)
    return tuple(kept)


def _numbers(source: ActivationSource) -> tuple[int, ...]:
    """Return the numbers of the twins which are put into words: two of ours, or the last given."""
    if Ability.WEIGHTS in source.abilities:
        return UNTRAINED
    given = sum(source.twins)
    return (given - 1,) if given else ()


def _scene(
    ground: Ground, places: Mapping[Split, Places], away: Sequence[ActivationSource],
    columns: slice,
) -> Scene:
    features = ground.reading.features
    atoms = found_atoms(features, places[Split.DISCOVER].labels)
    discover, held_out = (
        Text(there, held(atoms, features, there.labels),
             _side_by_side(ground, away, columns, split, there.bigrams))
        for split, there in places.items())
    return Scene(atoms, discover, held_out)


def _side_by_side(
    ground: Ground, away: Sequence[ActivationSource], columns: slice, split: Split,
    bigrams: NDArray[np.int64],
) -> NDArray[np.float16]:
    """Return some units of networks that learned nothing, freed of means, float16[N, R]."""
    if not away:
        return np.zeros((len(bigrams), 0), np.float16)
    title = "words: networks that learned nothing"
    return np.concatenate([
        centred(ground.values(network, split, title)[:, columns], bigrams)
        .astype(np.float16) for network in away], 1)


def _study(ground: Ground, scene: Scene, network: ActivationSource) -> Study:
    """Put a network that learned nothing into words."""
    return study(scene, *(ground.values(network, split, "words: an untrained network")
                          for split in (Split.DISCOVER, Split.HELD_OUT)))


def _judged(
    ground: Ground, scene: Scene, found: Study, means: Mapping[UnitId, float], *, enough: bool
) -> list[FormulaClaim]:
    """Return the claims, best first."""
    reading, corpus = ground.reading, ground.corpus
    chosen = {u: formula_of(c.made, scene.atoms) for u, c in enumerate(found.choices) if c}
    worth = [u for u in chosen if abs(_choice(found, u).r_within) >= WORTH] if enough else []
    p_values = dict(zip(worth, chances(
        ground.workers, reading, ground.table,
        beginnings(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS), [chosen[u] for u in worth], worth),
        strict=True))
    claims = {u: _claim(ground.subject.units[u], scene, found, u, chosen[u], p_values.get(u))
              for u in chosen}
    good = [u for u, claim in claims.items()
            if claim.grade is Grade.VERIFIED and can_be_held(reading.source, claim.unit, means)]
    costs = effects(ground.workers, reading, ground.table, corpus, means,
                    [claims[u].unit for u in good], [chosen[u] for u in good])
    for u, effect in zip(good, costs, strict=True):
        claims[u] = _graded(replace(claims[u], effect=effect))
    return formulas_ranked(claims.values())


def _choice(found: Study, u: int) -> Choice:
    choice = found.choices[u]
    assert choice is not None
    return choice


def _claim(
    unit: UnitId, scene: Scene, found: Study, u: int, formula: Formula, p_family: float | None
) -> FormulaClaim:
    choice = _choice(found, u)
    single, whole, linear, reservoir = (number(v) for v in found.explained[:, u])
    pair = number(found.pair[u])
    return _graded(FormulaClaim(
        unit=unit, text=str(formula), base_rate=number(found.base_rate[u]),
        r_within=choice.r_within, single=str(formula_of(choice.single, scene.atoms)),
        single_r_within=number(found.single[u]), share_h=None if pair is None else 1 - pair,
        held_out=HeldOut(found.raw[u], found.within[u]), beyond=found.beyond[u],
        p_family=p_family, effect=None,
        explained=Explained(pair, single, whole, linear, reservoir),
        grade=Grade.NOT_SUPPORTED, several=_several(scene, found, u)))


def _several(scene: Scene, found: Study, u: int) -> SeveralFormulas | None:
    if u not in found.sums:
        return None
    there = found.sums[u]
    further = [FurtherFormula(str(formula_of(one.made, scene.atoms)), weight, one.within,
                              one.beyond, one.adds)
               for one, weight in zip(there.further, there.weights[1:], strict=True)]
    return SeveralFormulas(there.weights[0], tuple(further), there.explained)


def _graded(claim: FormulaClaim) -> FormulaClaim:
    return replace(claim, grade=of_formula(
        claim.r_within, claim.share_h, claim.held_out, claim.beyond, claim.p_family, claim.effect))


def _counted(units: Sequence[UnitId], found: Study, scene: Scene) -> Counted:
    """Count cells, each by whichever of its signals reaches most; nothing beyond no reservoir."""
    cells: dict[tuple[int, int], list[int]] = {}
    for u, unit in enumerate(units):
        cells.setdefault(unit.cell, []).append(u)

    def reach(values: NDArray[np.float64], thresholds: Sequence[float]) -> tuple[float, ...]:
        size = np.nan_to_num(np.abs(values))
        best = [float(size[columns].max()) for columns in cells.values()]
        return tuple(float(sum(b >= t for b in best)) for t in thresholds)

    least = BEYOND if scene.has_reservoir else ()
    within, beyond = (np.array([np.nan if e.value is None else e.value for e in estimates])
                      for estimates in (found.within, found.beyond))
    return Counted(reach(found.single, THRESHOLDS), reach(within, THRESHOLDS),
                   reach(found.linear, THRESHOLDS), reach(found.single_beyond, least),
                   reach(beyond, least),
                   float(len({units[u].cell for u in found.sums})) if least else None)


def _mean(counted: Sequence[Counted]) -> Counted:
    def mean(rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
        return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))

    several = [one.several for one in counted if one.several is not None]
    reached = {name: mean([getattr(one, name) for one in counted]) for name in (
        "single", "formulas", "linear", "single_beyond", "formulas_beyond")}
    return Counted(**reached, several=sum(several) / len(several) if several else None)
