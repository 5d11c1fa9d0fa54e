"""What a control is: something that a claim can fail, or that tells how much there is to it.

A control is one file in `evidence/controls/`, or in another package that declares it as an entry
point of the group `unit_gallery.controls`. It may ask to be fed by the sweeps that read the
network's text anyway; then it looks at the claims and returns a result for each.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from builder.activations.sampling import SAMPLE_CHARACTERS, Stretch, scattered
from builder.activations.source import Ability
from builder.activations.sweep import Need
from builder.core.evidence import Finding, Result
from builder.core.text import Split
from builder.evidence.experiment import Evidence, Experiment, Stage

SPLITS = {Stage.MEANS: Split.TRAIN, Stage.DISCOVER: Split.DISCOVER,
          Stage.HELD_OUT: Split.HELD_OUT}


class Control(ABC):
    """One control; it has no state of its own.

    Attributes:
        name: By which its results are known on a claim; letters, digits and underscores.
        place: Order among all controls: one sees the results of those before it.
        always: Whether it is run even where the others are not.
        asks: What the source of the activations must be able to do; where it cannot, the control
            is not run, and what it would find is not measured.
    """

    name: ClassVar[str]
    place: ClassVar[int]
    always: ClassVar[bool] = False
    asks: ClassVar[frozenset[Ability]] = frozenset()

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Return what it asks of a sweep, by names of its own; nothing by default.

        Args:
            stage: Which sweep. On `MEANS` nothing is known yet but the text and its bigrams, on
                `DISCOVER` the means besides, on `HELD_OUT` the candidates and their scores.
            experiment: What is known so far.
        """
        return {}

    @abstractmethod
    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> Sequence[Finding | Result | None]:
        """Return what it finds of each claim, in their order; None where it has nothing to say.

        A bare finding judges nothing. A `Result` whose `passes` is False keeps the claim from
        being more than suggestive.

        Args:
            experiment: Everything that was read; `fed` has what `needs` asked for.
            evidence: The claims with the results of the controls before this one.
        """

    def fed(self, experiment: Experiment, stage: Stage, need: str) -> Any:
        """Return the sums of a need of its own; None where it was not asked for."""
        return experiment.fed.get((stage, self.name, need))


def sample(experiment: Experiment, stage: Stage) -> tuple[Stretch, ...]:
    """Return the sample of a stage's text that controls look at more closely."""
    return scattered(experiment.subject.corpus, SPLITS[stage], SAMPLE_CHARACTERS)
