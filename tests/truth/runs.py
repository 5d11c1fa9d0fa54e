"""Runs whose truth is known, and what came out of them."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.stats import beta

from builder.activations.networks import NetworkSource
from builder.activations.subject import Subject
from builder.core.cards import Grade
from builder.core.text import Corpus, Document
from builder.evidence.measure import measure
from builder.features import features_for
from builder.models.network import CharNetwork, initialise
from builder.models.spec import ModelSpec
from builder.models.untrained import untrained_twin
from builder.tokens.characters import Vocabulary
from tests.truth import modern
from tests.truth.planted import planted
from tests.truth.text import small_corpus

FEATURES = ("in_string", "in_identifier", "bracket_depth", "in_parens", "in_square", "opens",
            "closes", "newline", "line_position", "word_position", "word_of_line",
            "last_line_length", "next_is_newline", "to_line_end", "to_word_end", "is_space",
            "is_punctuation")
MINIMUM_R = 0.3
HOLDS = (Grade.VERIFIED, Grade.CAUSAL)


def texts_of(corpus):
    return [d.text for d in corpus.documents]


def subject_of(network, corpus):
    return Subject(NetworkSource(network), corpus, "python", features_for("python", FEATURES))


def verified_cells(found):
    """Return the cells with a verified claim that needs memory, as (layer, index)."""
    return {c.unit.cell for c in found.claims if c.grade in HOLDS}


@dataclass(frozen=True)
class PlantedRun:
    """What came out for one planted network."""

    first: dict[str, bool]
    """Whether the planted unit is the strongest of all units for its feature."""
    grade: dict[str, Grade]
    """The grade of the planted unit's best claim about its feature."""
    memoryless: int
    """Cells that remember nothing and were verified."""
    leaky: int
    """Leaky cells that were verified."""
    strongest_leaky: dict[str, float]
    """Largest |r'| of a leaky cell for each planted feature, on discover text."""
    planted: dict[str, float]
    """|r'| of the planted unit."""


@cache
def run_planted(architecture, seed=0):
    corpus = small_corpus(seed=4 + seed)
    plant = modern.planted if architecture in modern.KEPT else planted
    made = plant(architecture, texts_of(corpus), seed)
    found = measure(subject_of(made.network, corpus), MINIMUM_R)
    strength = np.nan_to_num(np.abs(found.scores.r_within))
    index = np.array([u.index for u in found.scores.units])
    first, grade, leaky, own = {}, {}, {}, {}
    for feature, unit in made.truth.items():
        column = strength[:, found.scores.features.index(feature)]
        first[feature] = bool(index[column.argmax()] == unit)
        grade[feature] = next((c.grade for c in found.claims if c.feature == feature
                               and c.unit.index == unit), Grade.NOT_SUPPORTED)
        leaky[feature] = float(column[np.isin(index, made.leaky)].max())
        own[feature] = float(column[index == unit].max())
    cells = {cell[1] for cell in verified_cells(found)}
    return PlantedRun(first, grade, len(cells & set(made.memoryless)),
                      len(cells & set(made.leaky)), leaky, own)


def untrained_run(architecture, hidden, seed, how="as training starts"):
    """Return the verified cells of a network that learned nothing."""
    corpus = small_corpus()
    spec = ModelSpec(architecture, 16, hidden, 1, Vocabulary.of_texts(texts_of(corpus)))
    network = CharNetwork(spec)
    initialise(network, 1000 + seed)
    if how != "as training starts":
        network = untrained_twin(network, 7 if seed % 2 else 6)
    return verified_cells(measure(subject_of(network.eval(), corpus), MINIMUM_R))


class OfAnother:
    """A feature of another text than the one that is read."""

    def __init__(self, feature, others):
        self.spec, self._feature, self._others = feature.spec, feature, others

    def label(self, source):
        return self._feature.label(type(source)(self._others[source.text], source.language))


def same_length(corpus, shift):
    """Return documents of the same length, and of each text another of them."""
    length = min(len(d.text) for d in corpus.documents)
    documents = tuple(Document(d.name, d.text[:length], (replace(d.pieces[0], stop=length),))
                      for d in corpus.documents)
    texts = [d.text for d in documents]
    return documents, dict(zip(texts, texts[shift:] + texts[:shift], strict=True))


def labels_of_others_run(architecture, seed):
    """Return the verified cells of a planted network whose labels are those of other texts."""
    documents, others = same_length(small_corpus(seed=4 + seed), 1 + seed)
    made = planted(architecture, [d.text for d in documents], seed)
    subject = subject_of(made.network, Corpus(documents, (), "", ""))
    strange = replace(subject, features=tuple(OfAnother(f, others) for f in subject.features))
    return verified_cells(measure(strange, MINIMUM_R))


def upper_bound(found, runs, confidence=0.95):
    """Return the Clopper-Pearson upper bound of a share, one-sided."""
    return 1.0 if found == runs else float(beta.ppf(confidence, found + 1, runs - found))
