"""Measure a model on a corpus: read, score, find claims, judge them on held-out text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.activations.subject import Subject
from builder.core.cards import Claim
from builder.core.evidence import Finding, Result
from builder.core.labels import Tag
from builder.core.scores import Pair, Scores
from builder.core.text import Corpus, Split
from builder.evidence.candidates import candidates
from builder.evidence.choose import near_synonyms, rank, topics
from builder.evidence.control import Control
from builder.evidence.controls import controls as all_controls
from builder.evidence.controls.untrained import Floors, Untrained
from builder.evidence.experiment import Evidence, Experiment
from builder.evidence.survey import Discovered, Judged, discover, judge, survey
from builder.models.threads import one_thread
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
    with one_thread():
        return _measure(subject, minimum_r, workers or local(1), controls, wanted)


def _measure(
    subject: Subject, minimum_r: float, workers: Workers, controls: bool, wanted: Sequence[Pair]
) -> Measured:
    chosen = _controls(subject, controls)
    known = begin(subject, minimum_r, workers, controls=controls)
    found = discover(known, chosen)
    synonyms = near_synonyms(found.features)
    judged = judge(found, _pairs(found, wanted), synonyms, wanted, chosen)
    evidence = judged.evidence
    for control in chosen:
        evidence = _with(control, judged.experiment, evidence)
    scores = judged.experiment.scores
    assert scores is not None
    return Measured(scores, topics(subject.feature_ids, synonyms),
                    tuple(rank(e.claim(known) for e in evidence)),
                    _characters(known, scores, judged), judged.kept, _floors(judged.experiment))


def begin(
    subject: Subject, minimum_r: float, workers: Workers, *, controls: bool = True
) -> Experiment:
    """Do the first sweep: the means that everything else stands on."""
    full = _enough(subject, controls)
    with one_thread():
        return survey(subject, minimum_r, workers, _controls(subject, controls), events=full)


def _controls(subject: Subject, controls: bool) -> list[Control]:
    full, abilities = _enough(subject, controls), subject.source.abilities
    return [control for control in all_controls()
            if (full or control.always) and control.asks <= abilities]


def _enough(subject: Subject, controls: bool) -> bool:
    return controls and held_out_pieces(subject.corpus) >= LEAST_HELD_OUT


def held_out_pieces(corpus: Corpus) -> int:
    """Return the number of pieces of held-out text; with few, nothing can be verified."""
    return sum(1 for _ in corpus.pieces(Split.HELD_OUT))


def _pairs(found: Discovered, wanted: Sequence[Pair]) -> list[Pair]:
    """Return the candidates, and what is wanted besides; events are not judged on states."""
    scores = found.experiment.scores
    assert scores is not None
    events = {f.spec.id for f in found.experiment.subject.features if f.spec.tag is Tag.EVENT}
    pairs = candidates(scores, without=events)
    there = set(scores.units)
    return pairs + [p for p in wanted
                    if p not in pairs and p.unit in there and p.feature not in events]


def _with(
    control: Control, experiment: Experiment, evidence: Sequence[Evidence]
) -> list[Evidence]:
    """Put the claims through one control; return them with its results."""
    found = control.judge(experiment, evidence)
    return [e if said is None else replace(e, results=(*e.results, _result(control, said)))
            for e, said in zip(evidence, found, strict=True)]


def _result(control: Control, said: Finding | Result) -> Result:
    return said if isinstance(said, Result) else Result(control.name, said)


def _characters(known: Experiment, scores: Scores, judged: Judged) -> dict[str, int]:
    return {"means": known.means.count, "discover": scores.count, "held_out": judged.characters}


def _floors(experiment: Experiment) -> dict[str, tuple[float, float]]:
    floors = experiment.notes.get(Untrained.name)
    if not isinstance(floors, Floors):
        return {}
    both = zip(floors.raw.tolist(), floors.within.tolist(), strict=True)
    return dict(zip(experiment.subject.feature_ids, both, strict=True))
