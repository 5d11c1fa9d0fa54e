"""A model on a corpus, read and labelled block by block."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from builder.activations.blocks import ROWS
from builder.activations.clipping import CLIP_COUNTS, Clips, clips_of
from builder.activations.networks import NetworkSource
from builder.activations.sampling import Stretch
from builder.activations.signals import Reader, SignalReader
from builder.activations.source import ActivationSource
from builder.activations.texts import Slice, Texts, load
from builder.core.errors import CorpusError, Problem
from builder.core.text import BURN_IN, Corpus
from builder.core.units import UnitId
from builder.features import Feature, features_for
from builder.features.own import GRAMMARS
from builder.models.folder import StoredModel, load_model
from builder.models.network import CharNetwork
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
        clips: Up to what each count is scored.
    """

    source: ActivationSource
    texts: Texts
    signals: tuple[str, ...] = ()
    rows: int = ROWS
    clips: Clips = ()

    @property
    def network(self) -> CharNetwork:
        """The network that is read; there is none unless the source is one."""
        return network_of(self.source)

    @property
    def is_network(self) -> bool:
        """Whether there is a network of ours, and not values alone."""
        return isinstance(self.source, NetworkSource)

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

    def load(self, slices: Sequence[Slice], table: BigramTable) -> list[Prepared]:
        """Return slices as they are read and scored."""
        return load(self.texts, slices, table, self.clips)

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
        clip_counts: A count is scored up to the value that this share of the places where it is
            above zero do not exceed in the train split; as it is where this is 1.
    """

    source: ActivationSource
    corpus: Corpus
    language: str
    features: tuple[Feature, ...]
    signals: tuple[str, ...] = ()
    rows: int = ROWS
    scratch: Path | None = field(default=None, compare=False)
    clip_counts: float = CLIP_COUNTS

    @property
    def network(self) -> CharNetwork:
        """The network that is measured; there is none unless the source is one."""
        return network_of(self.source)

    @property
    def is_network(self) -> bool:
        """Whether there is a network of ours, and not values alone."""
        return isinstance(self.source, NetworkSource)

    @cached_property
    def texts(self) -> Texts:
        """Its texts, each encoded and labelled once, when it is first read."""
        return Texts(self.source.tokens, self.language, self.features, self.scratch)

    @cached_property
    def clips(self) -> Clips:
        """Up to what each count is scored."""
        return clips_of(self.texts, self.corpus, self.clip_counts)

    @property
    def counts_up_to(self) -> dict[str, int]:
        """Count to the largest value of it that is scored."""
        return {self.features[column].spec.id: most for column, most in self.clips}

    @property
    def reading(self) -> Reading:
        """The same without the corpus, to be sent to other processes."""
        return Reading(self.source, self.texts, self.signals, self.rows, self.clips)

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
    model = load_model(exhibit.folder)
    features = features_for(recipe.language, recipe.selection.features, recipe.feature)
    source = NetworkSource(model.network)
    return model, Subject(source, corpus, recipe.language, features, scratch=scratch,
                          clip_counts=recipe.selection.clip_counts)


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
    network = load_model(exhibit.folder).network
    return Subject(NetworkSource(network), corpus, language, features,
                   clip_counts=exhibit.recipe.selection.clip_counts)


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
    return reading.load(reading.texts.slices(stretches), table)


def no_bigrams(size: int) -> BigramTable:
    """Return the table of V steps in which no bigram is frequent, where none is asked for."""
    return BigramTable(np.zeros(size, np.int32), np.zeros((1, 1), np.int32), 0)
