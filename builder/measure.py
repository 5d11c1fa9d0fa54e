"""Measure a model on a corpus: read, score, find claims, judge them on held-out text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.blocks import StateBlock
from builder.core.cards import Claim, Excerpt
from builder.core.digests import uniform
from builder.core.scores import HeldOut, Pair, Scores
from builder.core.text import BURN_IN, Corpus, Document, Piece, Split
from builder.core.units import UnitId
from builder.errors import CorpusError, Problem
from builder.features import Feature, label
from builder.models.evaluate import bits_per_character
from builder.models.lockstep import batches
from builder.models.network import CharNetwork
from builder.progress import progress
from builder.reading import SignalReader, read_batch, state_units
from builder.reading.blocks import ROWS
from builder.scoring import (
    BigramMeans,
    BigramTable,
    CorrelationSums,
    MeanSums,
    PairSums,
    Prepared,
    Rows,
    compact,
    count_bigrams,
    join,
)
from builder.scoring.correlation import LEAST_SHARE
from builder.scoring.prepare import NOT_SCORED
from builder.selection import Trace, candidates, choose_excerpts, grade, rank, topics

Stretch = tuple[Document, Piece]
"""A piece with its document: what is read as one stream."""

STREAMS = 128
"""B: documents read side by side."""

MEAN_CHARACTERS = 1_000_000
"""Most characters of the train split from which means are taken."""

SAMPLE_CHARACTERS = 300_000
"""Most characters of the held-out split among which excerpts are chosen."""


@dataclass(frozen=True)
class Subject:
    """What is measured: a network on a corpus, with the features of its language."""

    network: CharNetwork
    corpus: Corpus
    language: str
    features: tuple[Feature, ...]
    rows: int = ROWS

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """K feature ids."""
        return tuple(f.spec.id for f in self.features)

    @property
    def units(self) -> tuple[UnitId, ...]:
        """U unit ids."""
        return state_units(self.network.spec)


@dataclass(frozen=True)
class Measured:
    """What was found.

    Attributes:
        scores: All pairs, on discover text.
        topics: Feature to the feature it is nearly the same as.
        claims: Candidates with their held-out numbers and grades, best first.
        characters: Characters scored: those of the means, of discover and of held-out.
        kept: Share of the held-out ones in frequent bigrams.
    """

    scores: Scores
    topics: dict[str, str]
    claims: tuple[Claim, ...]
    characters: dict[str, int]
    kept: float


def measure(subject: Subject, minimum_r: float) -> Measured:
    """Measure everything; memory does not grow with the text.

    Raises:
        CorpusError: A split has no characters to score.
    """
    table, means = measure_means(subject)
    scores, correlations = score_all(subject, table, means)
    pairs = candidates(scores)
    held_out, characters, kept = judge(subject, table, means, pairs)
    claims = [_claim(p, h, scores, minimum_r) for p, h in zip(pairs, held_out, strict=True)]
    counts = {"train": means.count, "discover": scores.count, "held_out": characters}
    return Measured(scores, topics(subject.feature_ids, correlations), tuple(rank(claims)),
                    counts, kept)


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


def _claim(pair: Pair, held_out: HeldOut, scores: Scores, minimum_r: float) -> Claim:
    u, k = scores.units.index(pair.unit), scores.features.index(pair.feature)
    r, r_within, share_h, share_f = (
        float(x) if np.isfinite(x) else None
        for x in (scores.r[u, k], scores.r_within[u, k], scores.share_h[u], scores.share_f[k])
    )
    if r_within is None or min(share_h or 0.0, share_f or 0.0) < LEAST_SHARE:
        r_within, held_out = None, HeldOut(held_out.r, type(held_out.r)(None))
    verdict = grade(held_out, r, r_within, share_h, share_f, minimum_r)
    return Claim(pair.unit.name, pair.feature, r, r_within, share_h, share_f, held_out,
                 None, None, None, None, None, verdict)


def sample(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return pieces of a split in an order of hashes, up to so many characters in all.

    A piece that would go beyond is passed over; there is always one at least.
    """
    chosen: list[Stretch] = []
    left = characters
    for document, piece in sorted(corpus.pieces(split), key=_chance):
        if piece.stop - piece.start <= left or not chosen:
            chosen.append((document, piece))
            left -= piece.stop - piece.start
    return tuple(chosen)


def _chance(stretch: Stretch) -> float:
    return uniform(f"{stretch[0].name}#{stretch[1].start}", "sample")


def read_rows(
    subject: Subject, stretches: Sequence[Stretch], table: BigramTable, title: str
) -> Iterator[Rows]:
    """Read pieces of documents and yield their scored characters, block by block.

    Raises:
        CorpusError: There is none.
    """
    some = False
    for batch in _read(subject, stretches, table, title):
        for block in batch.blocks:
            rows = join(block, batch.prepared)
            if rows is not None:
                some = True
                yield rows
    if not some:
        raise CorpusError(Problem(
            f"text for {title}", "no characters to score",
            f"{len(stretches)} pieces of text, none longer than the first {BURN_IN} characters, "
            "which are not scored", "use more or longer text"))


@dataclass(frozen=True)
class _Batch:
    stretches: list[Stretch]
    prepared: list[Prepared]
    blocks: Iterator[StateBlock]


def _read(
    subject: Subject, stretches: Sequence[Stretch], table: BigramTable, title: str
) -> Iterator[_Batch]:
    reader = SignalReader(subject.network)
    labels = _Labels(subject)
    lengths = [piece.stop - piece.read_start for _, piece in stretches]
    with progress(title, sum(lengths)) as bar:
        for batch in batches(lengths, STREAMS):
            chosen = [stretches[i] for i in batch]
            prepared = [_prepare(subject, labels, stretch, table) for stretch in chosen]
            texts = [p.ids for p in prepared]
            blocks = read_batch(reader, texts, range(len(chosen)), subject.rows)
            yield _Batch(chosen, prepared, _counted(blocks, bar.advance))


def _counted(
    blocks: Iterator[StateBlock], advance: Callable[[int], None]
) -> Iterator[StateBlock]:
    for block in blocks:
        yield block
        advance(int(block.lengths.sum()))


class _Labels:
    """Labels of whole documents; those of a document in several pieces are kept for the rest."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._kept: dict[str, NDArray[Any]] = {}

    def of(self, document: Document) -> NDArray[Any]:
        if document.name in self._kept:
            return self._kept[document.name]
        values = label(document.text, self._subject.language, self._subject.features).values
        labels = compact(values)
        if len(document.pieces) > 1:
            self._kept[document.name] = labels
        return labels


def _prepare(
    subject: Subject, labels: _Labels, stretch: Stretch, table: BigramTable
) -> Prepared:
    document, piece = stretch
    at = slice(piece.read_start, piece.stop)
    ids = subject.network.spec.vocabulary.encode(document.text[at])
    groups = np.full(len(ids), NOT_SCORED, np.int16)
    groups[piece.scored_start - piece.read_start :] = piece.group
    return Prepared(ids, labels.of(document)[at], groups, table.of(ids))


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
    read = list(_read_units(subject, units))
    return [
        choose_excerpts([_trace(s, p, values[:, i], k) for s, p, values in read],
                        1.0 if (c.held_out.r.value or 0.0) >= 0 else -1.0, f"{salt}:{c.unit}")
        for i, (c, k) in enumerate(zip(claims, features, strict=True))
    ]


def _read_units(
    subject: Subject, units: Sequence[int]
) -> Iterator[tuple[Stretch, Prepared, NDArray[np.float32]]]:
    v = subject.network.spec.vocabulary.size
    no_bigrams = BigramTable(np.zeros((v, v), np.int32), 0)
    stretches = sample(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    for batch in _read(subject, stretches, no_bigrams, "excerpts"):
        values = [np.empty((len(p.ids), len(units)), np.float32) for p in batch.prepared]
        for block in batch.blocks:
            for b, length in enumerate(block.lengths.tolist()):
                rows = slice(block.start, block.start + length)
                values[block.columns[b]][rows] = block.values[:length, b][:, units]
        yield from zip(batch.stretches, batch.prepared, values, strict=True)


def _trace(
    stretch: Stretch, prepared: Prepared, values: NDArray[np.float32], feature: int
) -> Trace:
    document, piece = stretch
    first_line = document.text.count("\n", 0, piece.read_start) + 1
    return Trace(document.name, first_line, document.text[piece.read_start : piece.stop],
                 piece.group, prepared.groups != NOT_SCORED, values,
                 prepared.labels[:, feature].astype(np.float32))
