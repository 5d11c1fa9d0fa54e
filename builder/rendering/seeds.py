"""Networks that differ by the seed of their training alone: what is found in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.core.cards import Claim, ExhibitCard, Grade
from builder.core.labels import FeatureSpec
from builder.rendering.gallery import Gallery, claims_on

FOUND = frozenset({Grade.CAUSAL, Grade.VERIFIED, Grade.CHARACTER})


@dataclass(frozen=True)
class OfSeed:
    """What one network has for a feature.

    Attributes:
        exhibit: The network.
        claim: Its best unit, by what discover text said; None where there was no candidate.
        found: Whether any unit's claim beats every control.
        looked: Whether the feature was looked for in it.
    """

    exhibit: ExhibitCard
    claim: Claim | None
    found: bool
    looked: bool


def siblings(gallery: Gallery, exhibit: ExhibitCard) -> tuple[ExhibitCard, ...]:
    """Return all networks of other seeds and this exhibit's own; empty where it is alone."""
    group = [e for e in gallery.exhibits if e.seed_group and e.seed_group == exhibit.seed_group]
    chosen = {e.model_digest: e.name for e in (*reversed(group), exhibit)}
    if len(chosen) == 1:
        return ()
    return tuple(e for e in group if chosen[e.model_digest] == e.name)


def of_seeds(gallery: Gallery, exhibit: ExhibitCard, feature: str) -> tuple[OfSeed, ...]:
    """Return what the network of each seed has for a feature; empty where it is alone."""
    return tuple(_of_seed(e, feature) for e in siblings(gallery, exhibit))


def _of_seed(exhibit: ExhibitCard, feature: str) -> OfSeed:
    claims = claims_on(exhibit, feature)
    good = [c for c in claims if c.grade in FOUND]
    return OfSeed(exhibit, next(iter(good or claims), None), bool(good),
                  feature in exhibit.shares)


def found_in_any(gallery: Gallery, exhibit: ExhibitCard) -> list[FeatureSpec]:
    """Return the features that at least one of the networks was found to track."""
    return [f for f in gallery.measured(exhibit)
            if any(one.found for one in of_seeds(gallery, exhibit, f.id))]


def count(rows: Sequence[OfSeed]) -> str:
    """Return in how many of the networks in which it was looked for it was found, in words."""
    return f"{sum(row.found for row in rows)} of {sum(row.looked for row in rows)} seeds"
