"""Does a unit go up where its feature rises, and down where it falls?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from builder.activations.sweep import Need
from builder.core import evidence as found
from builder.core.cards import Grade
from builder.core.labels import Tag
from builder.core.scores import Pair
from builder.evidence.changes import at_events, with_opposites
from builder.evidence.control import Control, sample
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment, Stage
from builder.scoring.counter import CounterSums, EventSums, two_steps

HALF = 0.5
"""Share of the smallest correlation that a pair must have on discover text to be looked at: which
claims are supported is known only when held-out text has been read."""


class Counter(Control):
    """Mean changes of the unit at the events of its feature, on held-out text.

    Of a claim about an event: at the event and at the one that undoes it.
    """

    name, place = "counter", 80

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Ask for the changes of the units that may turn out to be supported."""
        if stage is not Stage.HELD_OUT:
            return {}
        pairs, (both, back) = _may_count(experiment), with_opposites(experiment)
        some, needs = sample(experiment, stage), dict[str, Need[Any]]()
        if pairs:
            needs["steps"] = at_events(experiment, pairs, CounterSums, some)
        if both:
            needs["opposites"] = at_events(experiment, [*both, *back], EventSums, some)
        return needs

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[found.Counter | None]:
        """Return the test of each supported claim about a state or a count."""
        by_pair = self._of_states(experiment) | self._of_events(experiment)
        supported = (Grade.VERIFIED, Grade.SUGGESTIVE)
        return [by_pair.get(e.pair) if e.tag is Tag.EVENT
                or e.grade(experiment.minimum_r) in supported else None for e in evidence]

    def _of_states(self, experiment: Experiment) -> dict[Pair, found.Counter]:
        pairs = _may_count(experiment)
        if not pairs:
            return {}
        steps = self.fed(experiment, Stage.HELD_OUT, "steps").sums
        return dict(zip(pairs, steps.results(_changes(experiment, pairs)), strict=True))

    def _of_events(self, experiment: Experiment) -> dict[Pair, found.Counter]:
        both, _ = with_opposites(experiment)
        if not both:
            return {}
        steps = self.fed(experiment, Stage.HELD_OUT, "opposites").sums.steps()
        return {pair: two_steps(change, *of_pair) for pair, change, of_pair in zip(
            both, _changes(experiment, both),
            zip(steps[: len(both)], steps[len(both) :], strict=True), strict=True)}


def _changes(experiment: Experiment, pairs: Sequence[Pair]) -> list[str]:
    """Return the name of the signal whose changes are looked at for each pair."""
    return [experiment.subject.source.changing(p.unit).signal for p in pairs]


def _may_count(experiment: Experiment) -> list[Pair]:
    least = HALF * experiment.minimum_r
    return [p for p in experiment.pairs
            if experiment.spec(p.feature).tag in (Tag.STATE, Tag.COUNT)
            and abs(experiment.found(p).r_within or 0.0) >= least]


CONTROLS.register(Counter.name, Counter())
