"""How much memory each feature needs, and which of them say different things, on a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.activations.packing import pack
from builder.activations.sampling import MEAN_CHARACTERS, Stretch, sample
from builder.core.labels import FeatureSpec
from builder.core.text import Corpus, Split
from builder.core.units import UnitId
from builder.corpora.given import Reading, read_texts
from builder.evidence.candidates import MEMORY_SHARE
from builder.evidence.choose import SYNONYM
from builder.features import Feature, features_for, label_columns
from builder.scoring import BigramTable, CorrelationSums, MeanSums, Rows, Sums, count_bigrams
from builder.tokens.characters import Vocabulary

NEEDS_MEMORY = 0.1
"""Share beyond the last two characters with which a feature counts among the distinct ones."""

NOTHING = UnitId("h", 0, 0)


@dataclass(frozen=True)
class FeatureMeasure:
    """One feature on a text.

    Attributes:
        spec: Which.
        mean: Over all characters; of a feature that is on or off, the share where it is on.
        share: share_f, the part of its variance that the last two characters do not tell; None
            where it was not measured, or the feature never changes.
        nearest: The feature it correlates with most, and |r|; None where there is none.
        distinct: Whether it is in the set of features that need memory and differ pairwise.
    """

    spec: FeatureSpec
    mean: float
    share: float | None
    nearest: tuple[str, float] | None
    distinct: bool


LEAST_KEPT = 0.5
"""Share of the characters in frequent pairs below which share_f is not measured."""

ENOUGH = 150_000
"""Characters with which share_f can be measured."""


@dataclass(frozen=True)
class FeatureTable:
    """What was measured.

    Attributes:
        measures: A row for each feature.
        left_out: Share of the characters that share_f leaves out, for their pair is rare.
        notes: How the text was read, a sentence each.
    """

    measures: tuple[FeatureMeasure, ...]
    left_out: float
    notes: tuple[str, ...]

    @property
    def has_shares(self) -> bool:
        """Whether share_f was measured."""
        return _has_shares(self.left_out)


def measure_features(
    paths: Sequence[Path], language: str, *, glob: Sequence[str] = (), encoding: str = "",
) -> FeatureTable:
    """Measure the features of a language on files and folders.

    Args:
        paths: Of the text.
        language: A lexer name, or "prose".
        glob: Patterns of the files to take in folders; those of the language where empty.
        encoding: Of the text; found for each file where it is empty.

    Raises:
        CorpusError: A text is missing, is not text, or there is too little of it.
        UserError: No lexer knows the language.
    """
    features = features_for(language)
    corpus = read_texts(paths, language, Reading(tuple(glob), encoding))
    vocabulary = Vocabulary.of_texts(d.text for d in corpus.documents)
    stretches = sample(corpus, Split.TRAIN, MEAN_CHARACTERS)
    table = count_bigrams((vocabulary.encode(d.text[p.start : p.stop]) for d, p in stretches),
                          vocabulary.size)
    means = MeanSums(table.size, 1, len(features))
    _add(means, stretches, language, features, vocabulary, table)
    sums = CorrelationSums(means.means())
    _add(sums, _rest(corpus), language, features, vocabulary, table)
    ids = tuple(f.spec.id for f in features)
    scores = sums.scores((NOTHING,), ids, Split.DISCOVER)
    left_out = 1 - scores.kept if scores.count else 1.0
    shares = scores.share_f if _has_shares(left_out) else np.full(len(ids), np.nan)
    measures = _measures(features, sums.feature_means(), shares, sums.feature_correlations())
    return FeatureTable(measures, left_out, corpus.notes)


def _rest(corpus: Corpus) -> tuple[Stretch, ...]:
    return (*corpus.pieces(Split.DISCOVER), *corpus.pieces(Split.HELD_OUT))


def _add(
    sums: Sums, stretches: Sequence[Stretch], language: str, features: tuple[Feature, ...],
    vocabulary: Vocabulary, table: BigramTable,
) -> None:
    """Add labels, one document after the other, with a unit that is always 0."""
    for document, pieces in groupby(stretches, key=itemgetter(0)):
        ids = vocabulary.encode(document.text)
        labels = pack(ids, label_columns(document.text, language, features))
        bigrams = table.of(ids)
        for _, piece in pieces:
            at = slice(piece.scored_start, piece.stop)
            count = piece.stop - piece.scored_start
            if count:
                sums.add(Rows(
                    np.zeros((count, 1), np.float32), labels[at].labels,
                    np.full(count, piece.group, np.int64), bigrams[at].astype(np.int64)))


def _measures(
    features: Sequence[Feature], means: NDArray[np.float64], shares: NDArray[np.float64],
    correlations: NDArray[np.float64],
) -> tuple[FeatureMeasure, ...]:
    size = np.abs(np.nan_to_num(correlations))
    np.fill_diagonal(size, 0.0)
    distinct = _distinct(shares, size)
    return tuple(
        FeatureMeasure(
            feature.spec, float(means[k]), float(shares[k]) if np.isfinite(shares[k]) else None,
            _nearest(features, size[k]), k in distinct)
        for k, feature in enumerate(features))


def _nearest(features: Sequence[Feature], size: NDArray[np.float64]) -> tuple[str, float] | None:
    best = int(size.argmax())
    return (features[best].spec.id, float(size[best])) if size[best] > 0 else None


def _distinct(shares: NDArray[np.float64], size: NDArray[np.float64]) -> set[int]:
    """Take features in order of how few others they are near, each that is near none taken."""
    chosen: list[int] = []
    able = [k for k in range(len(shares)) if np.nan_to_num(shares[k]) >= NEEDS_MEMORY]
    for k in sorted(able, key=lambda k: int((size[k, able] >= SYNONYM).sum())):
        if all(size[k, j] < SYNONYM for j in chosen):
            chosen.append(k)
    return set(chosen)


def _has_shares(left_out: float) -> bool:
    return left_out <= 1 - LEAST_KEPT


def table_text(table: FeatureTable) -> str:
    """Return a table for the terminal, and how many features stand for themselves."""
    none = "—" if table.has_shares else "not measured"
    lines = [f"{'feature':<22} {'kind':<7} {'mean':>9} {'share_f':>12}   nearest"]
    for m in table.measures:
        share = none if m.share is None else f"{m.share:.3f}"
        nearest = f"{m.nearest[0]} {m.nearest[1]:.2f}" if m.nearest else "—"
        mark = "*" if m.distinct else " "
        lines.append(f"{m.spec.id:<22} {m.spec.tag:<7} {m.mean:>9.4f} {share:>12} {mark} {nearest}")
    return "\n".join([*lines, *_summary(table)])


def _summary(table: FeatureTable) -> list[str]:
    shares = [m.share for m in table.measures if m.share is not None]
    left_out = f"{table.left_out:.1%} of the characters follow a pair that is rare"
    if not table.has_shares:
        return [f"{len(table.measures)} features; share_f was not measured: {left_out}, more than "
                f"half; give {ENOUGH:,} characters and more"]
    distinct = sum(m.distinct for m in table.measures)
    memory = sum(share < MEMORY_SHARE for share in shares)
    return [f"{len(table.measures)} features, {len(shares)} of them with a share_f; * {distinct} "
            f"with share_f of at least {NEEDS_MEMORY} that differ pairwise (|r| below {SYNONYM}); "
            f"{memory} with share_f below {MEMORY_SHARE}, which the last two characters settle",
            f"{left_out}, and share_f leaves them out"]
