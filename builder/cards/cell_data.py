"""What the page of a cell shows besides claims and excerpts: tuning, changes, gates, weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch, scattered
from builder.activations.subject import Subject, no_bigrams
from builder.activations.sweep import Need, sweep
from builder.core.cards import Claim
from builder.core.evidence import Saturation, Tuning
from builder.core.labels import Tag
from builder.core.text import Split
from builder.core.units import Kind, UnitId
from builder.models.losses import decoder_weights
from builder.scoring import Prepared
from builder.scoring.counter import DeltaByCharacter
from builder.scoring.prepare import NOT_SCORED
from builder.scoring.saturation import SaturationSums
from builder.scoring.tuning import TuningSums
from builder.work import Workers

SAMPLE_CHARACTERS = 300_000
"""Most characters of held-out text that are read for it."""

SATURATION_CHARACTERS = 60_000
"""Most characters of held-out text on which the gates of all units are counted."""

AT_EACH_END = 200
"""Steps of an order that are kept at each end of it, where there are many."""

LEAST_COUNT = 20
"""Times a character must be met for the mean change at it to be shown."""


@dataclass(frozen=True)
class CellData:
    """What the page of a cell shows.

    Attributes:
        tuning: What the unit does at each value of a count; None for other features.
        deltas: Character, mean change at it, how often it was met; largest rise first.
        weights: Character and output weight to it, largest first; empty below the last layer.
        saturation: Of the gates.
    """

    tuning: Tuning | None
    deltas: tuple[tuple[str, float, int], ...]
    weights: tuple[tuple[str, float], ...]
    saturation: tuple[Saturation, ...]


Gates = dict[str, tuple[tuple[float, float], ...]]
"""Gate to the shares of characters at which each unit's is shut and open."""


def measure_cells(
    subject: Subject, claims: Sequence[Claim], workers: Workers
) -> tuple[list[CellData], Gates]:
    """Read a held-out sample once: for the cells of some claims, and for the gates of all units.

    Args:
        subject: The model on its corpus.
        claims: Those that get a page.
        workers: Who reads.

    Returns:
        What the page of each claim shows, in their order; how often all gates are shut and open.
    """
    some, few = (scattered(subject.corpus, Split.HELD_OUT, characters)
                 for characters in (SAMPLE_CHARACTERS, SATURATION_CHARACTERS))
    counts, moves = _counts(subject, claims), _changes_of(subject, claims)
    needs = _tuning(subject, counts, some) | _changes_and_gates(subject, moves, some) \
        | _all_gates(subject, few)
    if not needs:
        return [], {}
    sums = sweep(workers, subject.reading, no_bigrams(subject.source.tokens.size),
                 tuple(dict.fromkeys((*some, *few))), needs, "cells")
    tuned = dict(zip(counts, sums["tuning"].results(), strict=True)) if counts else {}
    inside = _inside(subject, moves, sums["inside"]) if moves else {}
    seen = [inside[_change_of(subject, c)] for c in claims]
    return ([CellData(tuned.get(c), deltas, _weights(subject, c.unit), saturation)
             for c, (deltas, saturation) in zip(claims, seen, strict=True)],
            _saturation(subject, sums.get("gates")))


def _changes_of(subject: Subject, claims: Sequence[Claim]) -> list[UnitId]:
    """Return the changes that tell what happens to the units of claims, each once."""
    return list(dict.fromkeys(_change_of(subject, claim) for claim in claims))


def _change_of(subject: Subject, claim: Claim) -> UnitId:
    return subject.source.changing(claim.changing)


def _gates_of(subject: Subject) -> tuple[str, ...]:
    """Return the names of all gates; values alone have none."""
    return tuple(s.name for s in subject.source.signals if s.kind is Kind.GATE)


def _counts(subject: Subject, claims: Sequence[Claim]) -> list[Claim]:
    tag = {f.spec.id: f.spec.tag for f in subject.features}
    return [c for c in claims if tag[c.feature] is Tag.COUNT]


def _tuning(
    subject: Subject, counts: Sequence[Claim], sample: tuple[Stretch, ...]
) -> dict[str, Need[Any]]:
    """Ask for the units at each value of their counts."""
    if not counts:
        return {}
    signals = tuple(dict.fromkeys(c.unit.signal for c in counts))
    units = subject.reading.units_of(signals)
    make = partial(TuningSums, [units.index(c.unit) for c in counts],
                   [subject.feature_ids.index(c.feature) for c in counts])
    return {"tuning": Need(make, signals=signals, sample=sample)}


class _Inside:
    """Changes by character and gates, over pieces of text.

    Args:
        vocabulary: V.
        changes: Number of columns with changes; the others are gates.
        gates: Number of columns with gates.
    """

    def __init__(self, vocabulary: int, changes: int, gates: int) -> None:
        self.deltas = DeltaByCharacter(vocabulary, changes)
        self.saturation = SaturationSums(gates)
        self._changes = changes

    def add(self, prepared: Prepared, values: NDArray[np.float32]) -> None:
        scored = prepared.groups != NOT_SCORED
        self.deltas.add(values[scored, : self._changes], prepared.ids[scored])
        self.saturation.add(values[scored, self._changes :])

    def state(self) -> dict[str, NDArray[Any]]:
        return {f"{part}.{name}": array for part, sums in self._parts()
                for name, array in sums.state().items()}

    def merge(self, state: dict[str, NDArray[Any]]) -> None:
        for part, sums in self._parts():
            sums.merge({name.removeprefix(f"{part}."): array for name, array in state.items()
                        if name.startswith(f"{part}.")})

    def _parts(self) -> tuple[tuple[str, Any], ...]:
        return ("deltas", self.deltas), ("saturation", self.saturation)


Inside = tuple[tuple[tuple[str, float, int], ...], tuple[Saturation, ...]]


def _changes_and_gates(
    subject: Subject, moves: Sequence[UnitId], sample: tuple[Stretch, ...]
) -> dict[str, Need[Any]]:
    """Ask for changes, one after the other, and then for the gates of the cell of each."""
    if not moves:
        return {}
    gates = _gates_of(subject)
    signals = (*dict.fromkeys(unit.signal for unit in moves), *gates)
    place = {u: i for i, u in enumerate(subject.reading.units_of(signals))}
    changes = [place[unit] for unit in moves]
    inside = [place[UnitId(gate, *unit.cell)] for unit in moves for gate in gates]
    make = partial(_Inside, subject.source.tokens.size, len(changes), len(inside))
    return {"inside": Need(make, signals=signals, columns=(*changes, *inside), sample=sample,
                           whole=True)}


def _inside(
    subject: Subject, moves: Sequence[UnitId], sums: _Inside
) -> dict[UnitId, Inside]:
    """Return each change by character, and the gates of its cell."""
    gates, (means, counts) = _gates_of(subject), sums.deltas.results()
    shut, open_ = (shares.reshape(len(moves), len(gates)) for shares in sums.saturation.results())
    return {unit: (_by_character(subject, means[:, i], counts), tuple(
        Saturation(gate, float(s), float(o))
        for gate, s, o in zip(gates, shut[i], open_[i], strict=True)))
        for i, unit in enumerate(moves)}


class _Gates:
    """Gates over pieces of text."""

    def __init__(self, gates: int) -> None:
        self._sums = SaturationSums(gates)
        self.state, self.merge, self.results = (
            self._sums.state, self._sums.merge, self._sums.results)

    def add(self, prepared: Prepared, values: NDArray[np.float32]) -> None:
        self._sums.add(values[prepared.groups != NOT_SCORED])


def _all_gates(subject: Subject, sample: tuple[Stretch, ...]) -> dict[str, Need[Any]]:
    """Ask for the gates of all units; an architecture may have none."""
    gates = _gates_of(subject)
    if not gates:
        return {}
    make = partial(_Gates, len(subject.reading.units_of(gates)))
    return {"gates": Need(make, signals=gates, sample=sample, whole=True)}


def _saturation(subject: Subject, sums: _Gates | None) -> Gates:
    gates = _gates_of(subject)
    if sums is None:
        return {}
    shut, open_ = sums.results()
    units = subject.reading.units_of(gates)
    return {gate: tuple((round(float(s), 3), round(float(o), 3))
                        for u, s, o in zip(units, shut, open_, strict=True) if u.signal == gate)
            for gate in gates}


def _by_character(
    subject: Subject, means: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[tuple[str, float, int], ...]:
    tokens = subject.source.tokens
    known = subject.network.spec.vocabulary.known() if subject.is_network else \
        np.arange(1, tokens.size)
    often = known[counts[known] >= LEAST_COUNT]
    order = often[np.argsort(-means[often], kind="stable")]
    return tuple((tokens.name(i), round(float(means[i]), 4), int(counts[i]))
                 for i in ends_of(order.tolist()))


def ends_of(order: list[int]) -> list[int]:
    """Return the first and the last of an order, all where they are few."""
    return order if len(order) <= 2 * AT_EACH_END else [
        *order[:AT_EACH_END], *order[-AT_EACH_END:]]


def _weights(subject: Subject, unit: UnitId) -> tuple[tuple[str, float], ...]:
    """Return what the unit adds to the score of each step, largest first."""
    if not subject.is_network:
        return ()
    weights = decoder_weights(subject.network, *unit.cell)
    if weights is None:
        return ()
    tokens = subject.network.spec.vocabulary
    known = tokens.known()
    order = known[np.argsort(-weights[known], kind="stable")]
    return tuple((tokens.name(i), round(float(weights[i]), 4)) for i in ends_of(order.tolist()))
