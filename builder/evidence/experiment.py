"""What every judgement stands on, and what is known of one claim while it is being judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.subject import Subject
from builder.core.cards import Claim, Grade
from builder.core.evidence import Result, Results
from builder.core.labels import FeatureSpec, Tag
from builder.core.scores import Estimate, HeldOut, Pair, Scores
from builder.evidence.candidates import reads_characters
from builder.evidence.grade import Found, grade
from builder.scoring import BigramMeans, BigramTable
from builder.scoring.held_out import number
from builder.work import Workers


class Stage(StrEnum):
    """The readings of the network's text, in their order; each is one sweep over one split."""

    MEANS = "means"
    DISCOVER = "discover"
    HELD_OUT = "held-out"


@dataclass(frozen=True)
class Experiment:
    """What every judgement stands on; it grows from sweep to sweep.

    Attributes:
        subject: The model on its corpus.
        workers: Who reads.
        table: Numbers of the frequent bigrams.
        means: Means after each bigram, from the train split.
        minimum_r: Smallest correlation of a supported claim.
        scores: All pairs of a state signal's unit and a feature, on discover text; None before
            that is read.
        synonyms: bool[K, K], features that are nearly the same; None before discover is read.
        pairs: Candidates, in their order; empty before discover is read.
        events: The same of changes of units and events.
        fed: Sums of each stage, by the name of who asked for them and of what.
        notes: What controls leave for those after them, by their names.
    """

    subject: Subject
    workers: Workers
    table: BigramTable
    means: BigramMeans
    minimum_r: float
    scores: Scores | None = None
    synonyms: NDArray[np.bool_] | None = None
    pairs: tuple[Pair, ...] = ()
    events: tuple[Pair, ...] = ()
    fed: Mapping[tuple[Stage, str, str], Any] = field(
        default_factory=lambda: MappingProxyType({}))
    notes: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def feature(self) -> dict[str, int]:
        """Feature id to column."""
        return {id_: k for k, id_ in enumerate(self.subject.feature_ids)}

    def spec(self, feature: str) -> FeatureSpec:
        """Return what a feature is."""
        return self.subject.features[self.feature[feature]].spec

    def columns(self, pairs: Sequence[Pair]) -> tuple[list[int], list[int]]:
        """Return the column of each pair's unit and of its feature."""
        column = {unit: i for i, unit in enumerate(self.subject.units)}
        return [column[p.unit] for p in pairs], [self.feature[p.feature] for p in pairs]

    @cached_property
    def reads_characters(self) -> dict[str, bool]:
        """Whether the last two characters tell nearly all of each feature."""
        assert self.scores is not None
        return dict(zip(self.scores.features, reads_characters(self.scores).tolist(), strict=True))

    def is_scored(self, evidence: Evidence) -> bool:
        """Tell whether a claim is about a unit that is scored, and not about an event."""
        return evidence.tag is not Tag.EVENT

    def found(self, pair: Pair) -> Found:
        """Return what discover text says of a pair."""
        assert self.scores is not None
        return found_of(self.scores, pair)


@dataclass(frozen=True)
class Evidence(Results):
    """One pair of unit and feature with its numbers so far; None is not measured.

    Attributes:
        pair: Which.
        tag: What sort of feature it is.
        found_on_discover: Discover text.
        held_out: Held-out text.
        results: What each control says that was run.
    """

    pair: Pair
    tag: Tag
    found_on_discover: Found
    held_out: HeldOut
    results: tuple[Result, ...] = ()

    def grade(self, minimum_r: float) -> Grade:
        """Return the verdict on what is known."""
        return grade(self.tag, self.found_on_discover, self.held_out, self, minimum_r)

    def claim(self, experiment: Experiment) -> Claim:
        """Return the claim with its verdict."""
        found = self.found_on_discover
        return Claim(
            unit=self.pair.unit, feature=self.pair.feature, r=found.r, r_within=found.r_within,
            share_h=found.share_h, share_f=found.share_f, held_out=self.held_out,
            results=self.results, grade=self.grade(experiment.minimum_r),
            change_of=experiment.subject.source.signal(self.pair.unit.signal).of)


def found_of(scores: Scores, pair: Pair) -> Found:
    """Return what discover text says of a pair."""
    u, k = scores.units.index(pair.unit), scores.features.index(pair.feature)
    return Found(number(scores.r[u, k]), number(scores.r_within[u, k]),
                 number(scores.share_h[u]), number(scores.share_f[k]))


def without_within(found: Found, held_out: HeldOut) -> HeldOut:
    """Return held-out numbers without r' where discover text gave none: it is rounding."""
    return HeldOut(held_out.r, Estimate(None)) if found.r_within is None else held_out
