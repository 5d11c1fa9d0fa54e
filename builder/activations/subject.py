"""A model on a corpus, read and labelled block by block."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.blocks import ROWS, read_batch
from builder.activations.networks import NetworkSource
from builder.activations.sampling import Stretch
from builder.activations.signals import Reader, SignalReader
from builder.activations.source import ActivationSource, gathered
from builder.activations.texts import Texts, load
from builder.core.errors import CorpusError, Problem
from builder.core.text import BURN_IN, Corpus
from builder.core.units import UnitId
from builder.features import Feature, features_for
from builder.features.own import GRAMMARS
from builder.models.folder import StoredModel, load_model
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Prepared
from builder.workspace.recipe import Exhibit


@dataclass(frozen=True)
class Reading:
    """How a text is read: all that a process needs besides what is read.

    Attributes:
        source: Of the activations.
        texts: Where encoded and labelled texts stand.
        signals: Names of the signals that are scored; the state signals where it is empty.
        rows: T, steps of a block.
    """

    source: ActivationSource
    texts: Texts
    signals: tuple[str, ...] = ()
    rows: int = ROWS

    @property
    def network(self) -> CharNetwork:
        """The network that is read; there is none unless the source is one."""
        return network_of(self.source)

    @property
    def features(self) -> tuple[Feature, ...]:
        """That texts are labelled with."""
        return self.texts.features

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """K feature ids."""
        return tuple(f.spec.id for f in self.features)

    @property
    def signal_names(self) -> tuple[str, ...]:
        """Names of the signals that are scored."""
        return self.signals or self.source.states

    @property
    def all_signals(self) -> tuple[str, ...]:
        """Names of all signals that there are."""
        return tuple(signal.name for signal in self.source.signals)

    @property
    def units(self) -> tuple[UnitId, ...]:
        """U unit ids."""
        return self.units_of(self.signal_names)

    def units_of(self, signals: Sequence[str]) -> tuple[UnitId, ...]:
        """Return the units of some signals."""
        return self.source.units_of(signals)

    def reader(self) -> Reader:
        """Return a reader of the network's signals."""
        return SignalReader(self.network, self.signals or None)


@dataclass(frozen=True)
class Subject:
    """What is measured: activations over a corpus, with the features of its language.

    Attributes:
        source: Of the activations.
        corpus: The documents with their splits.
        language: Of the text.
        features: That it is labelled with.
        signals: Names of the signals that are scored; the state signals where it is empty.
        rows: T, steps of a block.
        scratch: Where prepared texts go while they are needed; the system's folder for such
            things where it is None.
    """

    source: ActivationSource
    corpus: Corpus
    language: str
    features: tuple[Feature, ...]
    signals: tuple[str, ...] = ()
    rows: int = ROWS
    scratch: Path | None = field(default=None, compare=False)

    @property
    def network(self) -> CharNetwork:
        """The network that is measured; there is none unless the source is one."""
        return network_of(self.source)

    @cached_property
    def texts(self) -> Texts:
        """Its texts, each encoded and labelled once, when it is first read."""
        return Texts(self.source.tokens, self.language, self.features, self.scratch)

    @property
    def reading(self) -> Reading:
        """The same without the corpus, to be sent to other processes."""
        return Reading(self.source, self.texts, self.signals, self.rows)

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """K feature ids."""
        return self.reading.feature_ids

    @property
    def units(self) -> tuple[UnitId, ...]:
        """U unit ids."""
        return self.reading.units


def network_of(source: ActivationSource) -> CharNetwork:
    """Return the network that a source is.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(source, NetworkSource):
        raise TypeError(f"{type(source).__name__} is no network of ours")
    return source.network


def subject_of(
    exhibit: Exhibit, corpus: Corpus, scratch: Path | None = None
) -> tuple[StoredModel, Subject]:
    """Load the model of an exhibit and put it on a text, with the features of its recipe.

    Args:
        exhibit: The recipe.
        corpus: The text.
        scratch: Where prepared texts go while they are needed.

    Raises:
        ModelError, UserError: As the parts say.
    """
    recipe = exhibit.recipe
    with one_thread():
        model = load_model(exhibit.folder)
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    source = NetworkSource(model.network)
    return model, Subject(source, corpus, recipe.language, features, scratch=scratch)


def transfer_subject(exhibit: Exhibit, corpus: Corpus, wanted: Collection[str]) -> Subject | None:
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
    return Subject(NetworkSource(network), corpus, language, features)


def nothing_to_score(title: str, pieces: int) -> CorpusError:
    """Return the error for a text without a character that is scored."""
    return CorpusError(Problem(
        f"text for {title}", "no characters to score",
        f"{pieces} pieces of text, none longer than the first {BURN_IN} characters, "
        "which are not scored", "use more or longer text"))


def prepare(
    reading: Reading, stretches: Sequence[Stretch], table: BigramTable
) -> list[Prepared]:
    """Return stretches as they are read and scored; what is new is encoded and labelled."""
    return load(reading.texts, reading.texts.slices(stretches), table)


def no_bigrams(spec: ModelSpec) -> BigramTable:
    """Return the table in which no bigram is frequent, where none is asked for."""
    return BigramTable(np.zeros(spec.vocabulary.size, np.int32), np.zeros((1, 1), np.int32), 0)


def values_of(
    reading: Reading, prepared: Sequence[Prepared], reader: Reader, columns: Sequence[int],
    kind: type[np.floating[Any]] = np.float32,
) -> list[NDArray[Any]]:
    """Read pieces side by side and return some columns of each whole, [S, len(columns)].

    Args:
        reading: How.
        prepared: The pieces.
        reader: Of the values.
        columns: Which of the reader's.
        kind: Floating-point type in which they are kept.
    """
    texts = [p.ids for p in prepared]
    blocks = read_batch(reader, texts, range(len(texts)), reading.rows)
    return gathered(blocks, texts, columns, kind)
