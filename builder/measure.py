"""Measure a model on a corpus: read, score, find claims, judge them on held-out text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.controls import family_p_values, measure_floors
from builder.core.cards import Claim, Excerpt
from builder.core.scores import Estimate, HeldOut, Pair, Scores
from builder.core.text import Corpus, Split
from builder.core.units import UnitId
from builder.models.evaluate import bits_per_character
from builder.scoring import (
    BigramMeans,
    BigramTable,
    CorrelationSums,
    MeanSums,
    PairSums,
    Prepared,
    count_bigrams,
)
from builder.scoring.held_out import number
from builder.scoring.prepare import NOT_SCORED
from builder.selection import (
    Controls,
    Found,
    Trace,
    candidates,
    choose_excerpts,
    grade,
    rank,
    reads_characters,
    topics,
)
from builder.subject import Stretch, Subject, read_rows, read_units, sample

MEAN_CHARACTERS = 1_000_000
"""Most characters of the train split from which means are taken."""

LEAST_HELD_OUT = 20
"""Pieces of held-out text without which no claim is better than suggestive."""

SAMPLE_CHARACTERS = 300_000
"""Most characters of the held-out split among which excerpts are chosen."""


@dataclass(frozen=True)
class Measured:
    """What was found.

    Attributes:
        scores: All pairs, on discover text.
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


def measure(subject: Subject, minimum_r: float, *, controls: bool = True) -> Measured:
    """Measure everything; memory does not grow with the text.

    Args:
        subject: The model on its corpus.
        minimum_r: Smallest correlation of a supported claim.
        controls: Run the controls, if there are enough held-out pieces; without them no claim is
            better than suggestive.

    Raises:
        CorpusError: A split has no characters to score.
    """
    table, means = measure_means(subject)
    scores, correlations = score_all(subject, table, means)
    pairs = candidates(scores)
    held_out, characters, kept = judge(subject, table, means, pairs)
    run = controls and held_out_pieces(subject.corpus) >= LEAST_HELD_OUT
    tests, floors = (_controls(subject, table, means, scores, pairs) if run
                     else ([Controls(None, None)] * len(pairs), {}))
    claims = [_claim(subject, *parts, scores, minimum_r)
              for parts in zip(pairs, held_out, tests, strict=True)]
    counts = {"means": means.count, "discover": scores.count, "held_out": characters}
    return Measured(scores, topics(subject.feature_ids, correlations), tuple(rank(claims)),
                    counts, kept, floors)


def held_out_pieces(corpus: Corpus) -> int:
    """Return the number of pieces of held-out text; with few, nothing can be verified."""
    return sum(1 for _ in corpus.pieces(Split.HELD_OUT))


def measure_means(subject: Subject) -> tuple[BigramTable, BigramMeans]:
    """Number the frequent bigrams of the train split and take every mean after each."""
    stretches = sample(subject.corpus, Split.TRAIN, MEAN_CHARACTERS)
    vocabulary = subject.network.spec.vocabulary
    table = count_bigrams(
        (vocabulary.encode(d.text[p.scored_start : p.stop]) for d, p in stretches),
        vocabulary.size)
    sums = MeanSums(table.size, len(subject.units), len(subject.features))
    for rows in read_rows(subject, stretches, table, "means"):
        sums.add(rows)
    return table, sums.means()


def score_all(
    subject: Subject, table: BigramTable, means: BigramMeans
) -> tuple[Scores, NDArray[np.float64]]:
    """Correlate every unit with every feature on discover text; also the features themselves."""
    sums = CorrelationSums(means)
    stretches = tuple(subject.corpus.pieces(Split.DISCOVER))
    for rows in read_rows(subject, stretches, table, "discover"):
        sums.add(rows)
    scores = sums.scores(subject.units, subject.feature_ids, Split.DISCOVER)
    return scores, sums.feature_correlations()


def judge(
    subject: Subject, table: BigramTable, means: BigramMeans, pairs: Sequence[Pair]
) -> tuple[list[HeldOut], int, float]:
    """Return what held-out text says of each pair, the characters, and the share in r'."""
    column = {unit: i for i, unit in enumerate(subject.units)}
    feature = {id_: k for k, id_ in enumerate(subject.feature_ids)}
    sums = PairSums(means, [column[p.unit] for p in pairs], [feature[p.feature] for p in pairs])
    stretches = tuple(subject.corpus.pieces(Split.HELD_OUT))
    for rows in read_rows(subject, stretches, table, "held-out"):
        sums.add(rows)
    return sums.results(), sums.count, sums.kept


def _controls(
    subject: Subject, table: BigramTable, means: BigramMeans, scores: Scores,
    pairs: Sequence[Pair],
) -> tuple[list[Controls], dict[str, tuple[float, float]]]:
    """Return what the controls say of each pair, and the floors of each feature."""
    floors = measure_floors(subject, table)
    p = family_p_values(subject, table, means, pairs)
    by_r = dict(zip(scores.features, reads_characters(scores).tolist(), strict=True))
    of = {id_: (float(raw), float(within)) for id_, raw, within in
          zip(scores.features, floors.raw, floors.within, strict=True)}
    tests = [Controls(None, of[pair.feature][0]) if by_r[pair.feature]
             else Controls(number(p[i]), of[pair.feature][1]) for i, pair in enumerate(pairs)]
    return tests, of


def _claim(
    subject: Subject, pair: Pair, held_out: HeldOut, controls: Controls, scores: Scores,
    minimum_r: float,
) -> Claim:
    u, k = scores.units.index(pair.unit), scores.features.index(pair.feature)
    found = Found(number(scores.r[u, k]), number(scores.r_within[u, k]),
                  number(scores.share_h[u]), number(scores.share_f[k]))
    if found.r_within is None:
        held_out = HeldOut(held_out.r, Estimate(None))
    verdict = grade(subject.features[k].spec.tag, found, held_out, controls, minimum_r)
    return Claim(
        unit=pair.unit.name, feature=pair.feature, r=found.r, r_within=found.r_within,
        share_h=found.share_h, share_f=found.share_f, held_out=held_out, auprc=None, f1=None,
        p_family=controls.p_family, untrained_floor=controls.floor, ablation_nats=None,
        grade=verdict,
    )


def held_out_bits(subject: Subject) -> float | None:
    """Return bits per character on the sample of held-out text."""
    encode = subject.network.spec.vocabulary.encode
    texts = [encode(d.text[p.start : p.stop])
             for d, p in sample(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)]
    bits = bits_per_character(subject.network, texts)
    return bits if np.isfinite(bits) else None


def excerpts_for(
    subject: Subject, claims: Sequence[Claim], salt: str
) -> list[tuple[Excerpt, ...]]:
    """Read the held-out sample once more, keep the units of the claims, and choose excerpts."""
    units = [subject.units.index(UnitId.parse(c.unit)) for c in claims]
    features = [subject.feature_ids.index(c.feature) for c in claims]
    v = subject.network.spec.vocabulary.size
    no_bigrams = BigramTable(np.zeros((v, v), np.int32), 0)
    stretches = sample(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    read = list(read_units(subject, stretches, units, no_bigrams, "excerpts"))
    return [
        choose_excerpts([_trace(s, p, values[:, i], k) for s, p, values in read],
                        1.0 if (c.held_out.r.value or 0.0) >= 0 else -1.0, f"{salt}:{c.unit}")
        for i, (c, k) in enumerate(zip(claims, features, strict=True))
    ]


def _trace(
    stretch: Stretch, prepared: Prepared, values: NDArray[np.float32], feature: int
) -> Trace:
    document, piece = stretch
    first_line = document.text.count("\n", 0, piece.read_start) + 1
    return Trace(document.name, first_line, document.text[piece.read_start : piece.stop],
                 piece.group, prepared.groups != NOT_SCORED, values,
                 prepared.labels[:, feature].astype(np.float32))
