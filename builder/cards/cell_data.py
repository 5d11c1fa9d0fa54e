"""What the page of a cell shows besides claims and excerpts: tuning, changes, gates, weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import scattered
from builder.activations.subject import Subject, no_bigrams
from builder.activations.sweep import Need, run, sweep
from builder.core.cards import Claim
from builder.core.evidence import Saturation, Tuning
from builder.core.labels import Tag
from builder.core.text import Split
from builder.core.units import UnitId
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


def measure_cells(
    subject: Subject, claims: Sequence[Claim], workers: Workers
) -> list[CellData]:
    """Read the held-out sample for the cells of some claims."""
    if not claims:
        return []
    tuned = _tuning(subject, claims, workers)
    by_cell = _inside(subject, [c.unit for c in claims], workers)
    return [CellData(tuned.get(c), by_cell[c.cell][0],
                     _weights(subject, c.unit),
                     by_cell[c.cell][1])
            for c in claims]


def _tuning(
    subject: Subject, claims: Sequence[Claim], workers: Workers
) -> dict[Claim, Tuning]:
    tag = {f.spec.id: f.spec.tag for f in subject.features}
    counts = [c for c in claims if tag[c.feature] is Tag.COUNT]
    if not counts:
        return {}
    units = [c.unit for c in counts]
    reading = replace(subject.reading, signals=tuple(dict.fromkeys(u.signal for u in units)))
    make = partial(TuningSums, [reading.units.index(u) for u in units],
                   [subject.feature_ids.index(c.feature) for c in counts])
    sums = run(workers, reading, no_bigrams(subject.network.spec), make,
               scattered(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS), "tuning")
    return dict(zip(counts, sums.results(), strict=True))


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


def _inside(
    subject: Subject, units: Sequence[UnitId], workers: Workers
) -> dict[tuple[int, int], Inside]:
    """Return the changes by character and the gates of each cell."""
    spec, architecture = subject.network.spec, subject.network.architecture
    change, gates = architecture.change, architecture.gates
    cells = list(dict.fromkeys(u.cell for u in units))
    reading = replace(subject.reading, signals=(change, *gates))
    place = {u: i for i, u in enumerate(reading.units)}
    changes = [place[UnitId(change, *cell)] for cell in cells]
    inside = [place[UnitId(gate, *cell)] for cell in cells for gate in gates]
    make = partial(_Inside, spec.vocabulary.size, len(changes), len(inside))
    need = Need(make, columns=(*changes, *inside), whole=True)
    stretches = scattered(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    sums = sweep(workers, reading, no_bigrams(spec), stretches, {"inside": need},
                 "changes and gates")["inside"]
    means, counts = sums.deltas.results()
    shut, open_ = sums.saturation.results()
    found = {}
    for i, cell in enumerate(cells):
        first = i * len(gates)
        found[cell] = (
            _by_character(subject, means[:, i], counts),
            tuple(Saturation(gate, float(shut[first + g]), float(open_[first + g]))
                  for g, gate in enumerate(gates)))
    return found


class _Gates:
    """Gates over pieces of text."""

    def __init__(self, gates: int) -> None:
        self._sums = SaturationSums(gates)
        self.state, self.merge, self.results = (
            self._sums.state, self._sums.merge, self._sums.results)

    def add(self, prepared: Prepared, values: NDArray[np.float32]) -> None:
        self._sums.add(values[prepared.groups != NOT_SCORED])


def all_saturation(
    subject: Subject, workers: Workers
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return, for each gate, how often that of each unit is shut and how often open."""
    gates = subject.network.architecture.gates
    if not gates:
        return {}
    reading = replace(subject.reading, signals=gates)
    units = reading.units
    need = Need(partial(_Gates, len(units)), whole=True)
    stretches = scattered(subject.corpus, Split.HELD_OUT, SATURATION_CHARACTERS)
    table = no_bigrams(subject.network.spec)
    sums = sweep(workers, reading, table, stretches, {"gates": need}, "gates of all units")
    shut, open_ = sums["gates"].results()
    return {gate: tuple((round(float(s), 3), round(float(o), 3))
                        for u, s, o in zip(units, shut, open_, strict=True) if u.signal == gate)
            for gate in gates}


def _by_character(
    subject: Subject, means: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[tuple[str, float, int], ...]:
    character = subject.network.spec.vocabulary.character
    often = [i for i in np.argsort(-means, kind="stable").tolist() if i and
             counts[i] >= LEAST_COUNT]
    return tuple((character(i), round(float(means[i]), 4), int(counts[i])) for i in often)


def _weights(subject: Subject, unit: UnitId) -> tuple[tuple[str, float], ...]:
    """Return what the unit adds to the score of each character, largest first."""
    weights = decoder_weights(subject.network, *unit.cell)
    if weights is None:
        return ()
    character = subject.network.spec.vocabulary.character
    order = np.argsort(-weights[1:], kind="stable") + 1
    return tuple((character(int(i)), round(float(weights[i]), 4)) for i in order)
