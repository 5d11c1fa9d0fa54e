"""Changes of units at events: the counter test, events, and what each character does to a cell.

The idea that the whole gallery starts from: an element of the state counts, it goes up at one
kind of character and down at another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import Stretch
from builder.activations.subject import Subject
from builder.activations.sweep import Need
from builder.core.labels import Tag
from builder.core.scores import Pair, Scores
from builder.evidence.candidates import PER_FEATURE
from builder.evidence.experiment import Experiment
from builder.scoring import Prepared
from builder.scoring.counter import CounterSums, EventSums
from builder.scoring.prepare import NOT_SCORED

State = dict[str, NDArray[Any]]


def has_events(subject: Subject) -> bool:
    """Tell whether any feature is an event, and there are changes to judge it by."""
    return bool(subject.source.changes) and any(
        f.spec.tag is Tag.EVENT for f in subject.features)


def changing_columns(
    experiment: Experiment, pairs: Sequence[Pair]
) -> tuple[list[int], list[int]]:
    """Return the column of each pair's unit among all changes, and of its feature."""
    units = experiment.subject.reading.units_of(experiment.subject.source.changes)
    place = {unit: i for i, unit in enumerate(units)}
    return [place[p.unit] for p in pairs], [experiment.feature[p.feature] for p in pairs]


class AtEvents:
    """Parts of a text handed on to sums of changes at events, the columns picked for each pair.

    Args:
        make: Makes the sums.
        units: Column of each pair's unit in the values.
        features: Column of each pair's feature.
    """

    def __init__(
        self, make: Callable[[], CounterSums | EventSums], units: Sequence[int],
        features: Sequence[int],
    ) -> None:
        self.sums, self._units, self._features = make(), list(units), list(features)

    def add(self, prepared: Prepared, values: NDArray[np.float32]) -> None:
        """Add the characters of a part that are scored."""
        scored = prepared.groups != NOT_SCORED
        self.sums.add(values[:, self._units], prepared.labels[:, self._features], scored,
                      int(prepared.groups[scored][0]))

    def state(self) -> State:
        """Return all sums."""
        return self.sums.state()

    def merge(self, state: State) -> None:
        """Add other sums."""
        self.sums.merge(state)


def at_events(
    experiment: Experiment, pairs: Sequence[Pair],
    kind: Callable[[int], CounterSums | EventSums],
    sample: tuple[Stretch, ...],
) -> Need[AtEvents]:
    """Return the need for the changes of some pairs' units at the events of their features."""
    source = experiment.subject.source
    all_units = source.units_of(source.changes)
    units = sorted({source.changing(p.unit) for p in pairs}, key=all_units.index)
    places = [units.index(source.changing(p.unit)) for p in pairs]
    features = [experiment.feature[p.feature] for p in pairs]
    return Need(partial(AtEvents, partial(kind, len(pairs)), places, features),
                signals=source.changes, columns=tuple(all_units.index(u) for u in units),
                sample=sample, whole=True)


def event_pairs(
    experiment: Experiment, scores: Scores | None, wanted: Sequence[Pair]
) -> list[Pair]:
    """Return the units whose change goes with an event on discover text, and what is wanted.

    Args:
        experiment: What judgements stand on.
        scores: Changes of units and features, on discover text; None where there are no events.
        wanted: Pairs to judge besides; only those of events count.
    """
    if scores is None:
        return []
    events = {f.spec.id for f in experiment.subject.features if f.spec.tag is Tag.EVENT}
    pairs = _strongest(scores, events)
    return pairs + [p for p in wanted
                    if p.feature in events and p not in pairs and p.unit in scores.units]


def _strongest(scores: Scores, events: set[str]) -> list[Pair]:
    """Return the units of the largest |r| for each event, in the order of the features."""
    size = np.abs(np.nan_to_num(scores.r))
    return [Pair(scores.units[int(u)], id_) for k, id_ in enumerate(scores.features)
            if id_ in events for u in np.argsort(-size[:, k], kind="stable")[:PER_FEATURE]
            if size[u, k] > 0]


def with_opposites(experiment: Experiment) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs whose event is undone by another, and the same units with that other."""
    pairs = experiment.events
    undone = {p: experiment.spec(p.feature).opposite for p in pairs}
    both = [p for p in pairs if undone[p] in experiment.feature]
    return both, [Pair(p.unit, undone[p]) for p in both]
