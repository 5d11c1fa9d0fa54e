"""Which cells get a page: the best of every feature first, no cell twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Claim, Grade

SYNONYM = 0.8
"""Features that correlate at least so much (either sign) are one topic."""

ORDER = tuple(Grade)


def rank(claims: Iterable[Claim]) -> list[Claim]:
    """Sort by grade, then by held-out |r'|, then by unit and feature."""
    return sorted(claims, key=lambda c: (
        ORDER.index(c.grade), -abs(c.held_out.r_within.value or 0.0), c.unit, c.feature))


def near_synonyms(correlations: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which features are nearly the same, bool[K, K].

    Args:
        correlations: float64[K, K], of features with each other.
    """
    return np.abs(np.nan_to_num(correlations)) >= SYNONYM


def topics(features: Sequence[str], synonyms: NDArray[np.bool_]) -> dict[str, str]:
    """Map each feature to the first of the features it is nearly the same as.

    Args:
        features: K ids.
        synonyms: bool[K, K].
    """
    topic = {f: f for f in features}
    for k, feature in enumerate(features):
        earlier = [topic[features[j]] for j in range(k) if synonyms[k, j]]
        topic[feature] = earlier[0] if earlier else feature
    return topic


def choose(
    claims: Sequence[Claim], topic: Mapping[str, str], cells: int, character_cells: int
) -> list[Claim]:
    """Return the claims that get a page, best first, those about characters last.

    Claims are taken in rounds: in every round each topic gives its strongest claim on a cell
    that is not taken yet. Strength is what was found on discover text, so that held-out text
    decides whether a claim is shown and not which one.

    Args:
        claims: All claims with their grades.
        topic: Feature to topic.
        cells: Most cells in all.
        character_cells: Most cells whose claim is about characters.
    """
    supported = sorted(
        (c for c in claims if c.grade is not Grade.NOT_SUPPORTED),
        key=lambda c: (-_strength(c), c.unit, c.feature),
    )
    taken: dict[tuple[int, int], Claim] = {}
    characters = 0
    while True:
        before, served = len(taken), set[str]()
        for claim in supported:
            cell, about_characters = claim.cell, claim.grade is Grade.CHARACTER
            if len(taken) >= cells or cell in taken or topic[claim.feature] in served:
                continue
            if about_characters and characters >= character_cells:
                continue
            taken[cell] = claim
            served.add(topic[claim.feature])
            characters += about_characters
        if len(taken) == before:
            return sorted(rank(taken.values()), key=lambda c: c.grade is Grade.CHARACTER)


def _strength(claim: Claim) -> float:
    """Return |r'|, or |r| of a claim about characters or about the change at an event."""
    raw = claim.grade is Grade.CHARACTER or bool(claim.change_of)
    return abs((claim.r if raw else claim.r_within) or 0.0)
