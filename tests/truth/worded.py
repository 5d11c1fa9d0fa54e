"""What is put into words where the truth is known, by r″ and by the floor of the formula itself.

The *floor* of a formula is the largest |r'| that any unit of six untrained networks reaches on it.
It could stand where r″ stands now: then a formula is verified where the whole interval of its r'
is above its floor.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from unittest.mock import patch

import numpy as np

from builder.activations.networks import NetworkSource
from builder.activations.subject import Subject
from builder.core.formulas import parsed
from builder.core.scores import Estimate
from builder.core.text import Corpus, Split
from builder.core.worded import FormulaClaim
from builder.evidence.formulas import find, ground
from builder.evidence.formulas.atoms import found_atoms
from builder.evidence.formulas.chance import holding
from builder.evidence.formulas.grading import LEAST_WITHIN, of_formula
from builder.evidence.formulas.ground import ground_of
from builder.evidence.grade import least
from builder.features import Feature
from builder.features.naming import Named
from builder.models.spec import ModelSpec
from builder.models.untrained import STARTS, just_started
from builder.scoring.within import centred, squares
from builder.tokens.characters import Vocabulary
from builder.work import local
from tests.truth.logic import logic
from tests.truth.planted import planted
from tests.truth.runs import HOLDS, OfAnother, same_length, subject_of, texts_of
from tests.truth.text import small_corpus

OTHERS = 6
FIRST_OTHER = 500
"""Seed of the first network whose units give the floor; no other network here has one of them."""


@dataclass(frozen=True)
class InWords:
    """What came out for one network.

    Attributes:
        subject: The network on its text.
        claims: Its formulas, best first.
        conditions: Its claims among the steps after a character.
    """

    subject: Subject
    claims: tuple
    conditions: tuple

    @cached_property
    def by_floor(self):
        """Whether each formula would be verified with its floor in the place of r″."""
        floors = floors_of(self.subject, [parsed(claim.text) for claim in self.claims])
        return np.array([_grade_by_floor(claim, floor) in HOLDS
                         for claim, floor in zip(self.claims, floors, strict=True)], bool)

    @property
    def by_beyond(self):
        """Whether each was verified."""
        return np.array([claim.grade in HOLDS for claim in self.claims], bool)

    @property
    def given(self):
        """How many claims among the steps after a character were verified."""
        return sum(claim.grade in HOLDS for claim in self.conditions)

    @property
    def within(self):
        return _largest(claim.held_out.r_within.value for claim in self.claims)

    @property
    def beyond(self):
        """Largest |r″| of a formula whose |r'| is large enough."""
        return _largest(claim.beyond.value for claim in self.claims
                            if abs(claim.held_out.r_within.value or 0) >= LEAST_WITHIN)


def _largest(numbers):
    return max((abs(n) for n in numbers if n is not None), default=0.0)


def in_words(subject):
    """Put a network into words; how many of its units can be is not asked."""
    with patch.object(find, "UNTRAINED", ()):
        found = find.find_formulas(subject, local(1))
    return InWords(subject, found.formulas, found.conditions)


def _grade_by_floor(claim, floor):
    r = claim.held_out.r_within
    return of_formula(claim.r_within, claim.share_h, claim.held_out,
                      r if least(r) > floor else Estimate(None), claim.p_family, None)


def floors_of(subject, formulas):
    """Return the largest |r'| of a unit of six other untrained networks on each formula."""
    if not formulas:
        return np.zeros(0)
    read = ground_of(subject, local(1))
    places, on = held_out_of(read, formulas)
    f = centred(np.stack(on, 1).astype(np.float32), places.bigrams)
    best = np.zeros(len(formulas))
    for number in range(OTHERS):
        other = just_started(subject.network.spec, STARTS[number % 2], FIRST_OTHER + number)
        h = centred(read.values(NetworkSource(other), Split.HELD_OUT, ""), places.bigrams)
        r = (h.T @ f) / np.sqrt(np.outer(squares(h) + 1e-12, squares(f) + 1e-12))
        best = np.maximum(best, np.abs(r).max(0))
    return best


def held_out_of(read, formulas):
    """Return the held-out steps that are judged, and where formulas hold there."""
    places = read.places(Split.HELD_OUT)
    return places, holding(read.reading, formulas, places.labels)


def untrained_in_words(architecture, hidden, seed):
    """Put a network that learned nothing into words; every other one is as PyTorch starts."""
    corpus = small_corpus()
    spec = ModelSpec(architecture, 16, hidden, 1, Vocabulary.of_texts(texts_of(corpus)))
    return in_words(subject_of(just_started(spec, STARTS[seed % 2], 1000 + seed), corpus))


class NamedOfAnother(Named):
    """Words and marks of another text than the one that is read."""

    def __init__(self, feature, others):
        super().__init__(feature.label.kind, feature.label.names)
        object.__setattr__(self, "_others", others)

    def __call__(self, source):
        return super().__call__(type(source)(self._others[source.text], source.language))


def labels_of_others_in_words(architecture, seed):
    """Put a planted network into words of other texts."""
    documents, others = same_length(small_corpus(seed=4 + seed), 1 + seed)
    naming = ground.naming

    def strange(*arguments):
        return tuple(Feature(f.spec, NamedOfAnother(f, others)) for f in naming(*arguments))

    made = planted(architecture, [d.text for d in documents], seed)
    subject = subject_of(made.network, Corpus(documents, (), "", ""))
    subject = replace(subject, features=tuple(OfAnother(f, others) for f in subject.features))
    with patch.object(ground, "naming", strange):
        found = in_words(subject)
        assert found.by_floor is not None  # while words are those of other texts
        return found


@dataclass(frozen=True)
class Said:
    """What was said of a unit whose formula is known.

    Attributes:
        truth: The formula that was planted.
        claim: The best claim about the unit.
        agreement: Share of held-out steps on which truth and claim agree, or each is the
            opposite of the other.
        single: |r'| of the best single atom.
        of: All that was said of the network.
        number: Of the claim.
    """

    truth: str
    claim: FormulaClaim
    agreement: float
    single: float
    of: InWords
    number: int

    @property
    def by_floor(self):
        """Whether it would be verified with its floor in the place of r″."""
        return bool(self.of.by_floor[self.number])


@cache
def planted_in_words(architecture, seed):
    """Put a network into words whose last layers are formulas, and compare."""
    corpus = small_corpus(seed=4 + seed)
    texts = texts_of(corpus)
    read = ground_of(subject_of(planted(architecture, texts, seed).network, corpus), local(1))
    made = logic(architecture, texts, seed, *_thresholds(read))
    found = in_words(subject_of(made.network, corpus))
    return [_said(read, found, cell, truth) for cell, truth in made.truth.items()]


def _thresholds(read):
    """Return two places in the line and a number of brackets that the search may name."""
    offered = found_atoms(read.reading.features, read.places(Split.DISCOVER).labels)
    places, depths = ([int(atom.least) for atom in offered if atom.feature == feature]
                      for feature in ("line_position", "bracket_depth"))
    return places[2], places[3], depths[1]


def _said(read, found, cell, truth):
    number = next(i for i, claim in enumerate(found.claims) if claim.cell == cell)
    claim = found.claims[number]
    _, (meant, said) = held_out_of(read, [parsed(truth), parsed(claim.text)])
    same = float((meant == said).mean())
    return Said(truth, claim, max(same, 1 - same), abs(claim.single_r_within), found, number)
