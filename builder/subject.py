"""A model on a corpus, read and labelled block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.blocks import StateBlock
from builder.core.digests import uniform
from builder.core.text import BURN_IN, Corpus, Document, Piece, Split
from builder.core.units import UnitId
from builder.errors import CorpusError, Problem
from builder.features import Feature, label
from builder.models.lockstep import batches
from builder.models.network import CharNetwork
from builder.progress import progress
from builder.reading import SignalReader, read_batch, state_units
from builder.reading.blocks import ROWS
from builder.scoring import BigramTable, Prepared, Rows, compact, join
from builder.scoring.prepare import NOT_SCORED

Stretch = tuple[Document, Piece]
"""A piece with its document: what is read as one stream."""

STREAMS = 128
"""B: documents read side by side."""


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

    @cached_property
    def labels(self) -> Labels:
        """Labels of its documents."""
        return Labels(self)

    @property
    def units(self) -> tuple[UnitId, ...]:
        """U unit ids."""
        return state_units(self.network.spec)


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
    subject: Subject, stretches: Sequence[Stretch], table: BigramTable, title: str,
    labels: Labels | None = None,
) -> Iterator[Rows]:
    """Read pieces of documents and yield their scored characters, block by block.

    Raises:
        CorpusError: There is none.
    """
    some = False
    for batch in read(subject, stretches, table, title, labels):
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
class Batch:
    """Pieces that are read side by side, ready to be scored, and their signals as they come."""

    stretches: list[Stretch]
    prepared: list[Prepared]
    blocks: Iterator[StateBlock]


def read(
    subject: Subject, stretches: Sequence[Stretch], table: BigramTable, title: str,
    labels: Labels | None = None,
) -> Iterator[Batch]:
    """Yield batches; the blocks of one must be used up before the next is asked for."""
    reader = SignalReader(subject.network)
    labels = labels or subject.labels
    lengths = [piece.stop - piece.read_start for _, piece in stretches]
    with progress(title, sum(lengths)) as bar:
        for batch in batches(lengths, STREAMS):
            chosen = [stretches[i] for i in batch]
            prepared = [_prepare(subject, labels, stretch, table) for stretch in chosen]
            texts = [p.ids for p in prepared]
            blocks = read_batch(reader, texts, range(len(chosen)), subject.rows)
            yield Batch(chosen, prepared, _counted(blocks, bar.advance))


def _counted(
    blocks: Iterator[StateBlock], advance: Callable[[int], None]
) -> Iterator[StateBlock]:
    for block in blocks:
        yield block
        advance(int(block.lengths.sum()))


class Labels:
    """Labels of whole documents; those of a document in several pieces are kept for the rest.

    Args:
        subject: Whose language and features they are.
        keep: Keep those of every document, for a text that is read many times.
    """

    def __init__(self, subject: Subject, *, keep: bool = False) -> None:
        self._subject = subject
        self._keep = keep
        self._kept: dict[str, NDArray[Any]] = {}

    def of(self, document: Document) -> NDArray[Any]:
        """Return the labels of a document, [N, K]."""
        if document.name in self._kept:
            return self._kept[document.name]
        values = label(document.text, self._subject.language, self._subject.features).values
        labels = compact(values)
        if self._keep or len(document.pieces) > 1:
            self._kept[document.name] = labels
        return labels


def _prepare(
    subject: Subject, labels: Labels, stretch: Stretch, table: BigramTable
) -> Prepared:
    document, piece = stretch
    at = slice(piece.read_start, piece.stop)
    ids = subject.network.spec.vocabulary.encode(document.text[at])
    groups = np.full(len(ids), NOT_SCORED, np.int16)
    groups[piece.scored_start - piece.read_start :] = piece.group
    return Prepared(ids, labels.of(document)[at], groups, table.of(ids))


def read_units(
    subject: Subject, stretches: Sequence[Stretch], units: Sequence[int], table: BigramTable,
    title: str, kind: type[np.floating[Any]] = np.float32,
) -> Iterator[tuple[Stretch, Prepared, NDArray[Any]]]:
    """Read pieces and yield each with the values of some units, [N, len(units)] of `kind`.

    Args:
        subject: What is read.
        stretches: Pieces; all of a batch are in memory at a time.
        units: Columns.
        table: Numbers for bigrams.
        title: Of the progress bar.
        kind: Floating-point type in which they are kept.
    """
    for batch in read(subject, stretches, table, title):
        values = [np.empty((len(p.ids), len(units)), kind) for p in batch.prepared]
        for block in batch.blocks:
            for b, length in enumerate(block.lengths.tolist()):
                rows = slice(block.start, block.start + length)
                values[block.columns[b]][rows] = block.values[:length, b][:, units]
        for stretch, prepared in zip(batch.stretches, batch.prepared, strict=True):
            yield stretch, prepared, values.pop(0)
