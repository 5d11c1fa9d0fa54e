"""The three sweeps over the network's text: means, discover text, held-out text.

Each is one reading that feeds what every judgement needs and what the controls ask for besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import (
    MEAN_CHARACTERS,
    SAMPLE_CHARACTERS,
    Stretch,
    scattered,
)
from builder.activations.subject import Subject
from builder.activations.sweep import Need, sweep
from builder.core.labels import Tag
from builder.core.scores import HeldOut, Pair, Scores
from builder.core.text import Split
from builder.core.units import UnitId
from builder.evidence.changes import changing_columns, event_pairs, has_events
from builder.evidence.control import Control
from builder.evidence.experiment import (
    Evidence,
    Experiment,
    Stage,
    found_of,
    without_within,
)
from builder.evidence.grade import Found
from builder.scoring import BigramMeans, CorrelationSums, MeanSums, PairSums, count_bigrams
from builder.work import Workers

OWN = "survey"
"""Who asks for what every judgement needs."""


def survey(
    subject: Subject, minimum_r: float, workers: Workers, controls: Sequence[Control] = (),
    *, events: bool = False,
) -> Experiment:
    """Number the frequent bigrams of the train split and take every mean after each.

    Args:
        subject: The model on its corpus.
        minimum_r: Smallest correlation of a supported claim.
        workers: Who reads.
        controls: Those that are run.
        events: Whether changes at events are judged too.
    """
    stretches = scattered(subject.corpus, Split.TRAIN, MEAN_CHARACTERS)
    k = len(subject.features)
    table = count_bigrams((subject.texts.scored(stretch).indices for stretch in stretches),
                          subject.source.tokens.size)
    nothing = BigramMeans(*(np.zeros((0, 0)),) * 2, *(np.zeros(0),) * 2, 0)
    experiment = Experiment(subject, workers, table, nothing, minimum_r)
    own = {"states": Need[Any](partial(MeanSums, table.size, len(subject.units), k))}
    if events and has_events(subject):
        changes = subject.source.changes
        make = partial(MeanSums, table.size, len(subject.reading.units_of(changes)), k)
        own["changes"] = Need(make, signals=changes, sample=_sample(subject, Split.TRAIN))
    experiment = _read(Stage.MEANS, experiment, own, controls, stretches)
    return replace(experiment, means=experiment.fed[Stage.MEANS, OWN, "states"].means())


@dataclass(frozen=True)
class Discovered:
    """What discover text says.

    Attributes:
        experiment: With the scores.
        features: float64[K, K], correlations of the features with each other.
        changes: All pairs of the change of a unit and a feature, on a sample; None where events
            are not judged.
    """

    experiment: Experiment
    features: NDArray[np.float64]
    changes: Scores | None


def discover(experiment: Experiment, controls: Sequence[Control] = ()) -> Discovered:
    """Correlate every unit with every feature on discover text; also the features themselves."""
    subject = experiment.subject
    own = {"states": Need[Any](partial(CorrelationSums, experiment.means))}
    means = experiment.fed.get((Stage.MEANS, OWN, "changes"))
    if means is not None:
        own["changes"] = Need(
            partial(CorrelationSums, means.means()), signals=subject.source.changes,
            sample=_sample(subject, Split.DISCOVER))
    experiment = _read(Stage.DISCOVER, experiment, own, controls,
                       tuple(subject.corpus.pieces(Split.DISCOVER)))
    states = experiment.fed[Stage.DISCOVER, OWN, "states"]
    changes = experiment.fed.get((Stage.DISCOVER, OWN, "changes"))
    changing = subject.source.units_of(subject.source.changes)
    return Discovered(
        replace(experiment, scores=_scores(subject, states, subject.units)),
        states.feature_correlations(),
        None if changes is None else _scores(subject, changes, changing))


@dataclass(frozen=True)
class Judged:
    """What held-out text says.

    Attributes:
        experiment: With all that was read.
        evidence: One for each pair, those of events last.
        characters: Held-out characters scored.
        kept: Share of them in frequent bigrams.
    """

    experiment: Experiment
    evidence: list[Evidence]
    characters: int
    kept: float


def judge(
    found: Discovered, pairs: Sequence[Pair], synonyms: NDArray[np.bool_],
    wanted: Sequence[Pair] = (), controls: Sequence[Control] = (),
) -> Judged:
    """Read held-out text and take down what it says of each pair.

    Args:
        found: What discover text said.
        pairs: Candidates.
        synonyms: bool[K, K], features that are nearly the same.
        wanted: Pairs of events to judge besides those that discover text offers.
        controls: Those that are run.
    """
    events = event_pairs(found.experiment, found.changes, wanted)
    experiment = replace(found.experiment, pairs=tuple(pairs), events=tuple(events),
                         synonyms=synonyms)
    subject = experiment.subject
    own = {"pairs": Need[Any](partial(PairSums, experiment.means, *experiment.columns(pairs)))}
    if events:
        means = experiment.fed[Stage.MEANS, OWN, "changes"].means()
        own["events"] = Need(partial(PairSums, means, *changing_columns(experiment, events)),
                             signals=subject.source.changes,
                             sample=_sample(subject, Split.HELD_OUT))
    experiment = _read(Stage.HELD_OUT, experiment, own, controls,
                       tuple(subject.corpus.pieces(Split.HELD_OUT)))
    sums = experiment.fed[Stage.HELD_OUT, OWN, "pairs"]
    evidence = [_evidence(experiment, pair, experiment.scores, held_out)
                for pair, held_out in zip(pairs, sums.results(), strict=True)]
    if events:
        results = experiment.fed[Stage.HELD_OUT, OWN, "events"].results()
        evidence += [Evidence(pair, Tag.EVENT, _found(found.changes, pair), held_out)
                     for pair, held_out in zip(events, results, strict=True)]
    return Judged(experiment, evidence, sums.count, sums.kept)


def _evidence(
    experiment: Experiment, pair: Pair, scores: Scores | None, held_out: HeldOut
) -> Evidence:
    found = _found(scores, pair)
    return Evidence(pair, experiment.spec(pair.feature).tag, found,
                    without_within(found, held_out))


def _found(scores: Scores | None, pair: Pair) -> Found:
    assert scores is not None
    return found_of(scores, pair)


def _read(
    stage: Stage, experiment: Experiment, own: Mapping[str, Need[Any]],
    controls: Sequence[Control], stretches: tuple[Stretch, ...],
) -> Experiment:
    """Read a stage's text once for everybody; return what is known with their sums."""
    asked = {(OWN, name): need for name, need in own.items()}
    for control in controls:
        asked |= {(control.name, name): need
                  for name, need in control.needs(stage, experiment).items()}
    names = {f"{who}.{name}": (who, name) for who, name in asked}
    sums = sweep(experiment.workers, experiment.subject.reading, experiment.table, stretches,
                 {name: asked[key] for name, key in names.items()}, stage.value)
    fed = {(stage, *names[name]): found for name, found in sums.items()}
    return replace(experiment, fed=MappingProxyType({**experiment.fed, **fed}))


def _sample(subject: Subject, split: Split) -> tuple[Stretch, ...]:
    return scattered(subject.corpus, split, SAMPLE_CHARACTERS)


def _scores(subject: Subject, sums: CorrelationSums, units: tuple[UnitId, ...]) -> Scores:
    return sums.scores(units, subject.feature_ids, Split.DISCOVER)
