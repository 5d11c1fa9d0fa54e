"""Changes of units at events: the counter test, events, and what each character does to a cell.

The idea that the whole gallery starts from: an element of the state counts, it goes up at one
kind of character and down at another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.passes import Pass, PiecePass, run, run_pieces
from builder.activations.subject import scattered
from builder.core.cards import Grade
from builder.core.evidence import Counter
from builder.core.labels import Tag
from builder.core.scores import Pair, Scores
from builder.core.text import Split
from builder.core.units import UnitId
from builder.evidence.candidates import PER_FEATURE
from builder.evidence.experiment import Evidence, Ground, found_of
from builder.evidence.grade import Controls
from builder.evidence.survey import score_all, take_means
from builder.models.spec import Architecture
from builder.models.threads import one_thread
from builder.scoring import PairSums, Prepared
from builder.scoring.counter import CounterSums, EventSums, two_steps
from builder.scoring.prepare import NOT_SCORED

SAMPLE_CHARACTERS = 300_000
"""Most characters of a split on which changes are measured."""

GATES = {"lstm": ("i", "f", "o"), "gru": ("r", "z"), "rnn": ()}
"""Signals between 0 and 1, which can be shut or open."""

State = dict[str, NDArray[Any]]


def change_signal(architecture: Architecture) -> str:
    """Return whose changes are looked at: the raw cell state's, for tanh saturates, else h's."""
    return "dc" if architecture == "lstm" else "dh"


class _Pieces:
    """Pieces of text handed on to sums of changes at events, the columns picked for each pair."""

    def __init__(
        self, sums: CounterSums | EventSums, units: Sequence[int], features: Sequence[int]
    ) -> None:
        self.sums, self._units, self._features = sums, list(units), list(features)

    def add(self, prepared: Prepared, values: NDArray[np.float32]) -> None:
        scored = prepared.groups != NOT_SCORED
        if scored.any():
            self.sums.add(values[:, self._units], prepared.labels[:, self._features], scored,
                          int(prepared.groups[scored][0]))

    def state(self) -> State:
        return self.sums.state()

    def merge(self, state: State) -> None:
        self.sums.merge(state)


def count_events(ground: Ground, change: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Add the counter test to every claim about a state or a count that is not unsupported."""
    chosen = [e for e in evidence if e.tag in (Tag.STATE, Tag.COUNT)
              and e.grade(ground.minimum_r) in (Grade.VERIFIED, Grade.SUGGESTIVE)]
    if not chosen:
        return list(evidence)
    pairs = [Pair(_changing(e.pair.unit, change), e.pair.feature) for e in chosen]
    sums = _at_events(ground, change, pairs, partial(CounterSums, len(pairs)), "counter test")
    found = dict(zip([e.pair for e in chosen], sums.results(change), strict=True))
    return [replace(e, controls=replace(e.controls, counter=found.get(e.pair)))
            for e in evidence]


def _changing(unit: UnitId, change: str) -> UnitId:
    return UnitId(change, unit.layer, unit.index)


def _at_events(ground: Ground, change: str, pairs: Sequence[Pair], make: Any, title: str) -> Any:
    reading = replace(ground.subject.reading, signals=(change,))
    units = sorted({p.unit for p in pairs}, key=reading.units.index)
    columns = tuple(reading.units.index(u) for u in units)
    places = [units.index(p.unit) for p in pairs]
    features = [ground.feature[p.feature] for p in pairs]
    pass_ = PiecePass(reading, ground.table, columns, partial(_pieces, make, places, features))
    stretches = scattered(ground.subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    return run_pieces(ground.workers, pass_, stretches, title).sums


def _pieces(make: Any, units: Sequence[int], features: Sequence[int]) -> _Pieces:
    return _Pieces(make(), units, features)


def judge_events(
    ground: Ground, change: str, floors: NDArray[np.float64], wanted: Sequence[Pair]
) -> list[Evidence]:
    """Find the units whose change goes with an event, and judge them on held-out text.

    Args:
        ground: What judgements stand on.
        change: The signal.
        floors: float64[K], |r| that changes of unlearned networks reach.
        wanted: Pairs to judge besides; only those of events count.
    """
    subject, corpus = ground.subject, ground.subject.corpus
    events = {f.spec.id for f in subject.features if f.spec.tag is Tag.EVENT}
    if not events:
        return []
    changing = take_means(replace(subject, signals=(change,)), ground.minimum_r, ground.workers,
                          ground.table, scattered(corpus, Split.TRAIN, SAMPLE_CHARACTERS))
    scores, _ = score_all(changing, scattered(corpus, Split.DISCOVER, SAMPLE_CHARACTERS), "changes")
    pairs = _strongest(scores, events)
    pairs += [p for p in wanted
              if p.feature in events and p not in pairs and p.unit in scores.units]
    make = partial(PairSums, changing.means, *changing.columns(pairs))
    sums = run(ground.workers, Pass(changing.subject.reading, ground.table, make),
               scattered(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS), "events")
    with one_thread():
        results = sums.results()
    counters = _opposites(ground, change, pairs)
    return [
        Evidence(pair, Tag.EVENT, found_of(scores, pair), held_out,
                 controls=Controls(floor=float(floors[ground.feature[pair.feature]]),
                                   counter=counter))
        for pair, held_out, counter in zip(pairs, results, counters, strict=True)
    ]


def _strongest(scores: Scores, events: set[str]) -> list[Pair]:
    """Return the units of the largest |r| for each event, in the order of the features."""
    size = np.abs(np.nan_to_num(scores.r))
    return [Pair(scores.units[int(u)], id_) for k, id_ in enumerate(scores.features)
            if id_ in events for u in np.argsort(-size[:, k], kind="stable")[:PER_FEATURE]
            if size[u, k] > 0]


def _opposites(ground: Ground, change: str, pairs: Sequence[Pair]) -> list[Counter | None]:
    """Return the steps at each event and at the one that undoes it; None where there is none."""
    undone = {p: ground.spec(p.feature).opposite for p in pairs}
    both = [p for p in pairs if undone[p] in ground.feature]
    back = [Pair(p.unit, undone[p]) for p in both]
    if not both:
        return [None] * len(pairs)
    wanted = [*both, *back]
    steps = _at_events(ground, change, wanted, partial(EventSums, len(wanted)), "events").steps()
    found = {p: two_steps(change, steps[i], steps[i + len(both)]) for i, p in enumerate(both)}
    return [found.get(p) for p in pairs]
