"""A model on a corpus, read and labelled block by block."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.blocks import ROWS, read_batch
from builder.activations.signals import Reader, SignalReader, units_of
from builder.core.digests import uniform
from builder.core.errors import CorpusError, Problem
from builder.core.text import BURN_IN, Corpus, Document, Piece, Split
from builder.core.units import UnitId
from builder.features import Feature, features_for, label
from builder.features.own import GRAMMARS
from builder.models.folder import StoredModel, load_model
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Prepared, Rows, compact, join
from builder.scoring.prepare import NOT_SCORED
from builder.workspace.recipe import Exhibit

MEAN_CHARACTERS = 1_000_000
"""Most characters of the train split from which means are taken."""

LONGEST_STRETCH = 10_000
"""Characters of a stretch of a sample that is counted and not shown."""

LEAST_BEGINNING = 2_000
"""Characters of a piece that say something of it."""

Stretch = tuple[Document, Piece]
"""A piece with its document: what is read as one stream."""


@dataclass(frozen=True)
class Reading:
    """How a text is read: all that a process needs besides the text.

    Attributes:
        network: Whose signals are read.
        language: Of the text.
        features: That it is labelled with.
        signals: Names of the signals that are scored; the state signals where it is empty.
        rows: T, characters of a block.
    """

    network: CharNetwork
    language: str
    features: tuple[Feature, ...]
    signals: tuple[str, ...] = ()
    rows: int = ROWS

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """K feature ids."""
        return tuple(f.spec.id for f in self.features)

    @property
    def units(self) -> tuple[UnitId, ...]:
        """U unit ids."""
        return units_of(self.network.spec, self.signals or None)

    def reader(self) -> Reader:
        """Return a reader of the signals."""
        return SignalReader(self.network, self.signals or None)


@dataclass(frozen=True)
class Subject:
    """What is measured: a network on a corpus, with the features of its language.

    Attributes:
        network: Whose signals are read.
        corpus: The documents with their splits.
        language: Of the text.
        features: That it is labelled with.
        signals: Names of the signals that are scored; the state signals where it is empty.
        rows: T, characters of a block.
    """

    network: CharNetwork
    corpus: Corpus
    language: str
    features: tuple[Feature, ...]
    signals: tuple[str, ...] = ()
    rows: int = ROWS

    @property
    def reading(self) -> Reading:
        """The same without the corpus, to be sent to other processes."""
        return Reading(self.network, self.language, self.features, self.signals, self.rows)

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """K feature ids."""
        return self.reading.feature_ids

    @property
    def units(self) -> tuple[UnitId, ...]:
        """U unit ids."""
        return self.reading.units


def subject_of(exhibit: Exhibit, corpus: Corpus) -> tuple[StoredModel, Subject]:
    """Load the model of an exhibit and put it on a text, with the features of its recipe.

    Raises:
        ModelError, UserError: As the parts say.
    """
    recipe = exhibit.recipe
    with one_thread():
        model = load_model(exhibit.folder)
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    return model, Subject(model.network, corpus, recipe.language, features)


def subject_elsewhere(exhibit: Exhibit, corpus: Corpus, wanted: Collection[str]) -> Subject | None:
    """Put the model of an exhibit on a text of another language, with some of its features.

    Features that the language does not have are left out; None where that is all of them.

    Raises:
        ModelError, UserError: As the parts say.
    """
    language = exhibit.recipe.language
    own = [f for f in exhibit.recipe.feature if not f.query or language in GRAMMARS]
    features = tuple(f for f in features_for(language, own=own) if f.spec.id in wanted)
    if not features:
        return None
    with one_thread():
        network = load_model(exhibit.folder).network
    return Subject(network, corpus, language, features)


def all_signals(spec: ModelSpec, others: Sequence[str]) -> tuple[str, ...]:
    """Return the state signals and others, each once; none is the same as the states alone.

    Raises:
        UserError: The architecture has no such signal.
    """
    states = tuple(dict.fromkeys(u.signal for u in units_of(spec, None)))
    more = tuple(dict.fromkeys(s for s in others if s not in states))
    units_of(spec, (*states, *more))
    return (*states, *more) if more else ()


def sample(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return whole pieces of a split in an order of hashes, up to so many characters in all.

    A piece that would go beyond is passed over; there is always one at least.
    """
    return _up_to(characters, corpus.pieces(split))


def scattered(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return stretches from all over a split in an order of hashes, up to so many characters.

    A long piece is cut into equal stretches, each of which is read from some way before it, as
    a piece is. So a sample is not of a few long texts, and it is quick to read side by side.
    """
    pieces = corpus.pieces(split)
    return _up_to(characters, (part for p in pieces for part in parts_of(p, LONGEST_STRETCH)))


def parts_of(stretch: Stretch, longest: int) -> list[Stretch]:
    """Cut a stretch into as few equal parts as there are of up to so many characters."""
    document, piece = stretch
    length = piece.stop - piece.start
    count = -(-length // longest) or 1
    return [(document, replace(piece, start=piece.start + length * i // count,
                               stop=piece.start + length * (i + 1) // count))
            for i in range(count)]


def _up_to(characters: int, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    chosen: list[Stretch] = []
    left = characters
    for document, piece in sorted(stretches, key=_chance):
        if piece.stop - piece.start <= left or not chosen:
            chosen.append((document, piece))
            left -= piece.stop - piece.start
    return tuple(chosen)


def beginnings(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return the beginnings of as many pieces of a split as can be, up to so many characters.

    Every piece gives as much as any other, but no less than `LEAST_BEGINNING` where it has that.
    """
    pieces = sorted(corpus.pieces(split), key=_chance)[: max(1, characters // LEAST_BEGINNING)]
    each = characters // max(1, len(pieces))
    return tuple((d, replace(p, stop=min(p.start + each, p.stop))) for d, p in pieces)


def windows(corpus: Corpus, split: Split, count: int, length: int) -> tuple[Stretch, ...]:
    """Return short stretches from as many pieces of a split as there are, some `count` in all.

    Args:
        corpus: Whose.
        split: Which.
        count: Most stretches; each piece gives as many as any other, where it is long enough.
        length: Characters of each, the first of which are not scored.
    """
    pieces = sorted(corpus.pieces(split), key=_chance)
    each = max(1, count // max(1, len(pieces)))
    chosen = [(d, w) for d, p in pieces for w in _windows_of(d, p, each, length)]
    return tuple(chosen[:count])


def _windows_of(document: Document, piece: Piece, each: int, length: int) -> Iterator[Piece]:
    """Cut a piece into equal parts and yield a window from a random place of each."""
    size = (piece.stop - piece.start) // each
    for part in range(each if size >= length else 1):
        start = piece.start + part * size
        spare = max(0, size - length)
        start += int(spare * uniform(f"{document.name}#{piece.start}#{part}", "window"))
        yield Piece(start, min(start + length, piece.stop), piece.split, piece.group)


def _chance(stretch: Stretch) -> float:
    return uniform(f"{stretch[0].name}#{stretch[1].start}", "sample")


def nothing_to_score(title: str, pieces: int) -> CorpusError:
    """Return the error for a text without a character that is scored."""
    return CorpusError(Problem(
        f"text for {title}", "no characters to score",
        f"{pieces} pieces of text, none longer than the first {BURN_IN} characters, "
        "which are not scored", "use more or longer text"))


class Labels:
    """Labels of whole documents, made once though several stretches are of one document."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._kept: dict[str, NDArray[Any]] = {}

    def of(self, document: Document) -> NDArray[Any]:
        """Return the labels of a document, [N, K]."""
        if document.name not in self._kept:
            reading = self._reading
            self._kept[document.name] = _labels(document.text, reading.language, reading.features)
        return self._kept[document.name]


@lru_cache(maxsize=1)
def _labels(text: str, language: str, features: tuple[Feature, ...]) -> NDArray[Any]:
    """Return the labels of a text; those of the last one are kept for the share that goes on."""
    labels = compact(label(text, language, features).values)
    labels.setflags(write=False)
    return labels


def prepare(
    reading: Reading, stretches: Sequence[Stretch], table: BigramTable
) -> list[Prepared]:
    """Encode and label pieces."""
    labels = Labels(reading)
    return [_prepare(reading, labels, stretch, table) for stretch in stretches]


def _prepare(
    reading: Reading, labels: Labels, stretch: Stretch, table: BigramTable
) -> Prepared:
    document, piece = stretch
    at = slice(piece.read_start, piece.stop)
    ids = reading.network.spec.vocabulary.encode(document.text[at])
    groups = np.full(len(ids), NOT_SCORED, np.int16)
    groups[piece.scored_start - piece.read_start :] = piece.group
    return Prepared(ids, labels.of(document)[at], groups, table.of(ids))


def no_bigrams(spec: ModelSpec) -> BigramTable:
    """Return the table in which no bigram is frequent, where none is asked for."""
    v = spec.vocabulary.size
    return BigramTable(np.zeros((v, v), np.int32), 0)


def rows_of(reading: Reading, prepared: Sequence[Prepared], reader: Reader) -> Iterator[Rows]:
    """Read pieces side by side and yield their scored characters, block by block.

    Args:
        reading: How.
        prepared: The pieces, longest first.
        reader: Of the values.
    """
    texts = [p.ids for p in prepared]
    for block in read_batch(reader, texts, range(len(texts)), reading.rows):
        rows = join(block, prepared)
        if rows is not None:
            yield rows


def values_of(
    reading: Reading, prepared: Sequence[Prepared], reader: Reader, columns: Sequence[int],
    kind: type[np.floating[Any]] = np.float32,
) -> list[NDArray[Any]]:
    """Read pieces side by side and return some columns of each whole, [N, len(columns)].

    Args:
        reading: How.
        prepared: The pieces, longest first.
        reader: Of the values.
        columns: Which of the reader's.
        kind: Floating-point type in which they are kept.
    """
    values = [np.empty((len(p.ids), len(columns)), kind) for p in prepared]
    texts = [p.ids for p in prepared]
    for block in read_batch(reader, texts, range(len(texts)), reading.rows):
        for b, length in enumerate(block.lengths.tolist()):
            rows = slice(block.start, block.start + length)
            values[block.columns[b]][rows] = block.values[:length, b][:, columns]
    return values
