"""Held-out text, and a closer look at samples: what a claim is worth where it was not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from builder.activations.passes import Pass, Together, run
from builder.activations.subject import scattered
from builder.core.evidence import Detection
from builder.core.labels import Tag
from builder.core.scores import Pair, Scores
from builder.core.text import Split
from builder.evidence.experiment import Evidence, Ground, found_of, without_within
from builder.models.threads import one_thread
from builder.scoring import BigramMeans, PairSums
from builder.scoring.histograms import Histograms, detections
from builder.scoring.probe import GramSums, localisation
from builder.scoring.specificity import gap
from builder.scoring.tuning import TuningSums

SAMPLE_CHARACTERS = 300_000
"""Most characters of a split that are looked at more closely."""


@dataclass(frozen=True)
class Judged:
    """What held-out text says.

    Attributes:
        evidence: One for each pair.
        characters: Held-out characters scored.
        kept: Share of them in frequent bigrams.
        histograms: Of the binary ones among the pairs, in their order.
    """

    evidence: list[Evidence]
    characters: int
    kept: float
    histograms: Histograms


def judge(
    ground: Ground, pairs: Sequence[Pair], scores: Scores, synonyms: NDArray[np.bool_]
) -> Judged:
    """Read held-out text and take down what it says of each pair.

    Args:
        ground: What judgements stand on.
        pairs: Candidates, found on discover text.
        scores: What discover text said.
        synonyms: bool[K, K], features that are nearly the same.
    """
    binary, counts = _binary(ground, pairs), _counts(ground, pairs)
    make = partial(_held_out_sums, ground.means, ground.columns(pairs),
                   ground.columns(binary), ground.columns(counts))
    sums = run(ground.workers, Pass(ground.subject.reading, ground.table, make),
               tuple(ground.subject.corpus.pieces(Split.HELD_OUT)), "held-out")
    all_pairs, histograms, tuning = sums.parts
    with one_thread():
        tuned = dict(zip(counts, tuning.results(), strict=True))
        results = all_pairs.results()
    evidence = []
    for pair, held_out in zip(pairs, results, strict=True):
        found = found_of(scores, pair)
        evidence.append(Evidence(
            pair, ground.spec(pair.feature).tag, found, without_within(found, held_out),
            spearman=tuned[pair].spearman if pair in tuned else None,
            gap=gap(scores, pair.unit, pair.feature, synonyms)))
    return Judged(evidence, all_pairs.count, all_pairs.kept, histograms)


Columns = tuple[list[int], list[int]]


def _held_out_sums(
    means: BigramMeans, pairs: Columns, binary: Columns, counts: Columns
) -> Together[PairSums, Histograms, TuningSums]:
    return Together(PairSums(means, *pairs), Histograms(*binary), TuningSums(*counts))


def _binary(ground: Ground, pairs: Sequence[Pair]) -> list[Pair]:
    return [p for p in pairs if ground.spec(p.feature).is_binary]


def _counts(ground: Ground, pairs: Sequence[Pair]) -> list[Pair]:
    return [p for p in pairs if ground.spec(p.feature).tag is Tag.COUNT]


def look_closer(ground: Ground, judged: Judged) -> list[Evidence]:
    """Add what needs a second look at discover text: thresholds, and what all units tell."""
    pairs = [e.pair for e in judged.evidence]
    binary = _binary(ground, pairs)
    reading, corpus = ground.subject.reading, ground.subject.corpus
    discover = run(
        ground.workers,
        Pass(reading, ground.table,
             partial(_discover_sums, ground.means, ground.columns(binary))),
        scattered(corpus, Split.DISCOVER, SAMPLE_CHARACTERS), "thresholds")
    held_out = run(
        ground.workers, Pass(reading, ground.table, partial(GramSums, ground.means)),
        scattered(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS), "all units together")
    histograms, gram = discover.parts
    by_pair = {e.pair: e for e in judged.evidence}
    signs = [-1.0 if (by_pair[p].found.r or 0.0) < 0 else 1.0 for p in binary]
    found = dict(zip(binary, detections(histograms, judged.histograms, signs), strict=True))
    with one_thread():
        shares = localisation(gram, held_out, *ground.columns(pairs))
    return [_looked(e, found.get(e.pair), share)
            for e, share in zip(judged.evidence, shares, strict=True)]


def _discover_sums(means: BigramMeans, binary: Columns) -> Together[Histograms, GramSums]:
    return Together(Histograms(*binary), GramSums(means))


def _looked(
    evidence: Evidence, detection: Detection | None, share: float | None
) -> Evidence:
    kept = share if evidence.held_out.r_within.value is not None else None
    return replace(evidence, detection=detection, localisation=kept)
