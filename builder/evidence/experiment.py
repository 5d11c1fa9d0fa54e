"""What is known of one claim while it is being judged, and the claim that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from builder.activations.subject import Subject
from builder.core.cards import Claim, Grade
from builder.core.evidence import Detection
from builder.core.labels import FeatureSpec, Tag
from builder.core.scores import Estimate, HeldOut, Pair, Scores
from builder.evidence.grade import Controls, Found, grade
from builder.scoring import BigramMeans, BigramTable
from builder.scoring.held_out import number
from builder.work import Workers


@dataclass(frozen=True)
class Ground:
    """What every judgement stands on.

    Attributes:
        subject: The model on its corpus.
        workers: Who reads.
        table: Numbers of the frequent bigrams.
        means: Means after each bigram, from the train split.
        minimum_r: Smallest correlation of a supported claim.
    """

    subject: Subject
    workers: Workers
    table: BigramTable
    means: BigramMeans
    minimum_r: float

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


NOTHING_TRIED = Controls()


@dataclass(frozen=True)
class Evidence:
    """One pair of unit and feature with its numbers so far; None is not measured.

    Attributes:
        pair: Which.
        tag: What sort of feature it is.
        found: Discover text.
        held_out: Held-out text.
        detection: How well the unit tells where the feature is on.
        spearman: Rank correlation with a count.
        gap: Lead over the unit's next feature.
        localisation: Share of what all units tell of the feature.
        controls: What else was tried.
    """

    pair: Pair
    tag: Tag
    found: Found
    held_out: HeldOut
    detection: Detection | None = None
    spearman: float | None = None
    gap: float | None = None
    localisation: float | None = None
    controls: Controls = NOTHING_TRIED

    def grade(self, minimum_r: float) -> Grade:
        """Return the verdict on what is known."""
        return grade(self.tag, self.found, self.held_out, self.controls, minimum_r)

    def claim(self, ground: Ground) -> Claim:
        """Return the claim with its verdict."""
        found, controls = self.found, self.controls
        return Claim(
            unit=self.pair.unit, feature=self.pair.feature, r=found.r,
            r_within=found.r_within, share_h=found.share_h, share_f=found.share_f,
            held_out=self.held_out, detection=self.detection, spearman=self.spearman,
            gap=self.gap, localisation=self.localisation, p_family=controls.p_family,
            untrained_floor=controls.floor, ceiling=controls.ceiling, counter=controls.counter,
            effect=controls.effect, grade=self.grade(ground.minimum_r),
            change_of=ground.subject.network.architecture.signal(self.pair.unit.signal).of,
        )


def found_of(scores: Scores, pair: Pair) -> Found:
    """Return what discover text says of a pair."""
    u, k = scores.units.index(pair.unit), scores.features.index(pair.feature)
    return Found(number(scores.r[u, k]), number(scores.r_within[u, k]),
                 number(scores.share_h[u]), number(scores.share_f[k]))


def without_within(found: Found, held_out: HeldOut) -> HeldOut:
    """Return held-out numbers without r' where discover text gave none: it is rounding."""
    return HeldOut(held_out.r, Estimate(None)) if found.r_within is None else held_out

