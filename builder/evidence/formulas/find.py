"""How much of a network can be put into words: one formula for each unit, and all controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import (
    MEAN_CHARACTERS,
    SAMPLE_CHARACTERS,
    beginnings,
    scattered,
)
from builder.activations.subject import Reading, Subject
from builder.activations.sweep import Ready, ready
from builder.core.cards import Grade
from builder.core.evidence import Effect
from builder.core.formulas import Formula
from builder.core.scores import HeldOut
from builder.core.text import Split
from builder.core.units import UnitId
from builder.core.worded import Counted, Coverage, Explained, FormulaClaim, Worded
from builder.evidence.costs import Cell, random_of
from builder.evidence.formulas.atoms import found_atoms, held
from builder.evidence.formulas.cause import effects
from builder.evidence.formulas.chance import chances
from builder.evidence.formulas.choosing import Choice, formula_of
from builder.evidence.formulas.grading import of_formula
from builder.evidence.formulas.reservoirs import every_column, members
from builder.evidence.formulas.sampled import places_of, values_at
from builder.evidence.formulas.study import Scene, Study, Text, study
from builder.features.naming import naming
from builder.models.network import CharNetwork
from builder.models.threads import one_thread
from builder.models.untrained import untrained_twin
from builder.scoring import BigramTable, count_bigrams
from builder.scoring.intervals import number
from builder.scoring.within import centred
from builder.work import Workers

STEPS = 64_000
"""Most steps of each split on which formulas are searched and judged."""

VALUES = 32_000_000
"""Most values of units of a split that are kept at a time; wide networks get fewer steps."""

UNTRAINED = (1, 5)
"""Numbers of the networks that learned nothing which are put into words themselves: one is as
training starts, one as PyTorch starts."""

THRESHOLDS, BEYOND = (0.3, 0.4, 0.5, 0.6), (0.2, 0.3, 0.4)
"""Of |r'| and of |r″|, by which coverage is counted."""

WORTH = 0.2
"""|r'| on discover text from which on a formula is among those that are judged for chance."""

GRADES = tuple(Grade)


@dataclass(frozen=True)
class _Ground:
    """What all networks are read on.

    Attributes:
        subject: The network on its text, with words and marks as features besides.
        workers: Who reads.
        table: Numbers of the frequent pairs of steps.
        shares: Of each split.
        every: Of each split: one step of this many is kept.
    """

    subject: Subject
    workers: Workers
    table: BigramTable
    shares: Mapping[Split, Ready]
    every: Mapping[Split, int]

    def values(
        self, network: CharNetwork, split: Split, title: str
    ) -> NDArray[np.float32]:
        """Return what all units of a network do, float32[N, U]."""
        reading = replace(self.subject.reading, network=network)
        return values_at(self.workers, reading, self.table, self.shares[split],
                         self.every[split], title)


def find_formulas(subject: Subject, workers: Workers, *, enough: bool = True) -> Worded:
    """Put the units of a network into words.

    Args:
        subject: The network on its text.
        workers: Who reads.
        enough: Whether there are enough held-out pieces for a claim to be verified.
    """
    with one_thread():
        ground = _ground(subject, workers)
        scene = _scene(ground)
        network = subject.network
        discover = ground.values(network, Split.DISCOVER, "words: discover text")
        means = _means(ground.subject.reading, discover)
        held_out = ground.values(network, Split.HELD_OUT, "words: held-out text")
        found = study(scene, discover, held_out)
        twins = [_twin(ground, scene, number) for number in UNTRAINED]
        formulas = _judged(ground, scene, found, means, enough=enough)
        units = subject.units
        coverage = Coverage(
            len({u.cell for u in units}), THRESHOLDS, BEYOND, _counted(units, found),
            _mean([_counted(units, twin) for twin in twins]), len(twins))
        return Worded(tuple(formulas), coverage, (), len(scene.held_out.places))


def _ground(subject: Subject, workers: Workers) -> _Ground:
    stretches = scattered(subject.corpus, Split.TRAIN, MEAN_CHARACTERS)
    table = count_bigrams((subject.texts.scored(s).indices for s in stretches),
                          subject.network.spec.vocabulary.size)
    named = naming((d.text[p.start : p.stop] for d, p in stretches), subject.language)
    worded = replace(subject, features=(*subject.features, *named))
    shares = {split: ready(workers, worded.reading,
                           scattered(subject.corpus, split, SAMPLE_CHARACTERS))
              for split in (Split.DISCOVER, Split.HELD_OUT)}
    steps = max(1, min(STEPS, VALUES // len(subject.units)))
    every = {split: max(1, -(-_steps(some) // steps)) for split, some in shares.items()}
    return _Ground(worded, workers, table, shares, every)


def _steps(shares: Ready) -> int:
    return sum(one.bounds.stop - one.bounds.scored for share in shares for one in share)


def _scene(ground: _Ground) -> Scene:
    reading, parts = ground.subject.reading, {}
    for split, shares in ground.shares.items():
        parts[split] = places_of(ground.workers, reading, ground.table, shares,
                                  ground.every[split])
    atoms = found_atoms(reading.features, parts[Split.DISCOVER].labels)
    steps = len(parts[Split.DISCOVER])
    discover, held_out = (
        Text(parts[split], held(atoms, reading.features, parts[split].labels),
             _reservoir(ground, split, parts[split].bigrams, steps))
        for split in (Split.DISCOVER, Split.HELD_OUT))
    return Scene(atoms, discover, held_out)


def _reservoir(
    ground: _Ground, split: Split, bigrams: NDArray[np.int64], steps: int
) -> NDArray[np.float16]:
    """Return the units of networks that learned nothing, side by side, [N, R]."""
    signals = len(ground.subject.units)
    columns = every_column(signals, steps)
    return np.concatenate([
        centred(np.ascontiguousarray(ground.values(
            network, split, "words: networks that learned nothing")[:, columns]),
            bigrams).astype(np.float16)
        for network in members(ground.subject.network.spec, signals, steps)], 1)


def _twin(ground: _Ground, scene: Scene, twin: int) -> Study:
    """Put a network that learned nothing into words."""
    network = untrained_twin(ground.subject.network, twin)
    return study(scene, *(ground.values(network, split, "words: an untrained network")
                          for split in (Split.DISCOVER, Split.HELD_OUT)))


def _means(reading: Reading, values: NDArray[np.float32]) -> dict[Cell, float]:
    """Return the mean of each cell's output; nothing where that is not read."""
    output = reading.network.architecture.output
    means = values.mean(0, dtype=np.float64)
    return {unit.cell: float(mean) for unit, mean in zip(reading.units, means, strict=True)
            if unit.signal == output}


def _judged(
    ground: _Ground, scene: Scene, found: Study, means: Mapping[Cell, float], *, enough: bool
) -> list[FormulaClaim]:
    """Return the claims, best first."""
    reading, corpus = ground.subject.reading, ground.subject.corpus
    chosen = {u: formula_of(c.made, scene.atoms) for u, c in enumerate(found.choices) if c}
    worth = [u for u in chosen if abs(_choice(found, u).r_within) >= WORTH] if enough else []
    p_values = dict(zip(worth, chances(
        ground.workers, reading, ground.table,
        beginnings(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS), [chosen[u] for u in worth], worth),
        strict=True))
    claims = {u: _claim(ground.subject.units[u], scene, found, u, chosen[u], p_values.get(u))
              for u in chosen}
    good = [u for u, claim in claims.items()
            if claim.grade is Grade.VERIFIED and means.keys() >= {claim.unit.cell}]
    costs = _costs(ground, means, [claims[u].unit.cell for u in good], [chosen[u] for u in good])
    for u, effect in zip(good, costs, strict=True):
        claims[u] = _graded(replace(claims[u], effect=effect))
    return sorted(claims.values(), key=_order)


def _costs(
    ground: _Ground, means: Mapping[Cell, float], cells: Sequence[Cell],
    formulas: Sequence[Formula],
) -> list[Effect]:
    there = {c for layer in {c[0] for c in cells} for c in random_of(ground.subject.network, layer)}
    assert there <= means.keys()
    return effects(ground.workers, ground.subject.reading, ground.table, ground.subject.corpus,
                   means, cells, formulas)


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
        grade=Grade.NOT_SUPPORTED))


def _graded(claim: FormulaClaim) -> FormulaClaim:
    return replace(claim, grade=of_formula(
        claim.r_within, claim.share_h, claim.held_out, claim.beyond, claim.p_family, claim.effect))


def _order(claim: FormulaClaim) -> tuple[Any, ...]:
    return (GRADES.index(claim.grade), -abs(claim.held_out.r_within.value or 0.0),
            claim.unit.layer, claim.unit.index, claim.unit.signal)


def _counted(units: Sequence[UnitId], found: Study) -> Counted:
    """Count cells, each by whichever of its signals reaches most."""
    cells: dict[Cell, list[int]] = {}
    for u, unit in enumerate(units):
        cells.setdefault(unit.cell, []).append(u)

    def reach(values: NDArray[np.float64], thresholds: Sequence[float]) -> tuple[float, ...]:
        size = np.nan_to_num(np.abs(values))
        best = [float(size[columns].max()) for columns in cells.values()]
        return tuple(float(sum(b >= t for b in best)) for t in thresholds)

    within, beyond = (np.array([np.nan if e.value is None else e.value for e in estimates])
                      for estimates in (found.within, found.beyond))
    return Counted(reach(found.single, THRESHOLDS), reach(within, THRESHOLDS),
                   reach(found.linear, THRESHOLDS), reach(found.single_beyond, BEYOND),
                   reach(beyond, BEYOND))


def _mean(counted: Sequence[Counted]) -> Counted:
    def mean(rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
        return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))

    return Counted(*(mean([getattr(one, name) for one in counted]) for name in (
        "single", "formulas", "linear", "single_beyond", "formulas_beyond")))
