"""Measure a model on a corpus: read, score, find claims, judge them on held-out text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.activations.subject import Subject
from builder.core.cards import Claim
from builder.core.labels import Tag
from builder.core.scores import Pair, Scores
from builder.core.text import Corpus, Split
from builder.evidence.candidates import candidates, reads_characters
from builder.evidence.changes import count_events, judge_events
from builder.evidence.choose import near_synonyms, rank, topics
from builder.evidence.controls.ablation import measure_causes, output_weight
from builder.evidence.controls.ceiling import measure_ceilings
from builder.evidence.controls.shuffled_labels import family_p_values
from builder.evidence.controls.untrained import Floors, measure_floors
from builder.evidence.experiment import Evidence, Ground
from builder.evidence.judging import Judged, judge, look_closer
from builder.evidence.survey import score_all, survey
from builder.scoring.held_out import number
from builder.work import Workers, local

LEAST_HELD_OUT = 20
"""Pieces of held-out text without which no claim is better than suggestive."""


@dataclass(frozen=True)
class Measured:
    """What was found.

    Attributes:
        scores: All pairs of a state signal's unit and a feature, on discover text.
        topics: Feature to the feature it is nearly the same as.
        claims: Candidates with their held-out numbers and grades, best first.
        characters: Characters scored: those of the means, of discover and of held-out.
        kept: Share of the held-out ones in frequent bigrams.
        floors: Feature to what networks that learned nothing may reach, of |r| and of |r'|;
            empty where the controls were not run.
    """

    scores: Scores
    topics: dict[str, str]
    claims: tuple[Claim, ...]
    characters: dict[str, int]
    kept: float
    floors: dict[str, tuple[float, float]]


def measure(
    subject: Subject, minimum_r: float, *, controls: bool = True,
    workers: Workers | None = None, wanted: Sequence[Pair] = (),
) -> Measured:
    """Measure everything; memory does not grow with the text.

    Args:
        subject: The model on its corpus.
        minimum_r: Smallest correlation of a supported claim.
        controls: Run the controls, if there are enough held-out pieces; without them no claim is
            better than suggestive, and none is about an event.
        workers: Who reads; this process where it is None. The numbers are the same.
        wanted: Pairs to judge besides the candidates.

    Raises:
        CorpusError: A split has no characters to score.
    """
    ground = survey(subject, minimum_r, workers or local(1))
    scores, correlations = score_all(ground, tuple(subject.corpus.pieces(Split.DISCOVER)),
                                     "discover")
    synonyms = near_synonyms(correlations)
    pairs = _pairs(ground, scores, wanted)
    judged = judge(ground, pairs, scores, synonyms)
    evidence, floors = judged.evidence, dict[str, tuple[float, float]]()
    if controls and held_out_pieces(subject.corpus) >= LEAST_HELD_OUT:
        evidence, floors = _control(ground, scores, judged, wanted)
    counts = {"means": ground.means.count, "discover": scores.count,
              "held_out": judged.characters}
    return Measured(scores, topics(subject.feature_ids, synonyms),
                    tuple(rank(e.claim(ground) for e in evidence)), counts, judged.kept, floors)


def held_out_pieces(corpus: Corpus) -> int:
    """Return the number of pieces of held-out text; with few, nothing can be verified."""
    return sum(1 for _ in corpus.pieces(Split.HELD_OUT))


def _pairs(ground: Ground, scores: Scores, wanted: Sequence[Pair]) -> list[Pair]:
    """Return the candidates, and what is wanted besides; events are not judged on states."""
    events = {f.spec.id for f in ground.subject.features if f.spec.tag is Tag.EVENT}
    found = candidates(scores, without=events)
    there = set(scores.units)
    return found + [p for p in wanted
                    if p not in found and p.unit in there and p.feature not in events]


def _control(
    ground: Ground, scores: Scores, judged: Judged, wanted: Sequence[Pair]
) -> tuple[list[Evidence], dict[str, tuple[float, float]]]:
    """Put the claims through everything that could make them fail."""
    change = ground.subject.network.architecture.change
    floors = measure_floors(ground, change)
    evidence = look_closer(ground, judged)
    evidence = _compare(ground, scores, floors, evidence)
    evidence = count_events(ground, change, evidence)
    evidence = measure_causes(ground, evidence)
    evidence += judge_events(ground, change, floors.change, wanted)
    raw_and_within = zip(floors.raw.tolist(), floors.within.tolist(), strict=True)
    return evidence, dict(zip(ground.subject.feature_ids, raw_and_within, strict=True))


def _compare(
    ground: Ground, scores: Scores, floors: Floors, evidence: Sequence[Evidence]
) -> list[Evidence]:
    """Add what shuffled labels, unlearned networks and the model's own guesses say."""
    p = family_p_values(ground, [e.pair for e in evidence])
    ceilings = measure_ceilings(ground)
    by_r = dict(zip(scores.features, reads_characters(scores).tolist(), strict=True))
    out = []
    for i, e in enumerate(evidence):
        feature, column = e.pair.feature, ground.feature[e.pair.feature]
        floor = (floors.raw if by_r[feature] else floors.within)[column]
        out.append(replace(e, controls=replace(
            e.controls, p_family=None if by_r[feature] else number(p[i]), floor=float(floor),
            ceiling=ceilings.get(feature),
            weight=output_weight(ground.subject.network, e.pair.unit,
                                 ground.spec(feature).predicts, e.found.r))))
    return out
