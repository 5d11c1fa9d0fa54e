"""How much of each unit's state its gate keeps, over the excerpts that all units are read over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.activations.kept import kept_over, kept_units
from builder.core.cards import Claim
from builder.core.runs import labels_of
from builder.core.shown import Explored, Keeping
from builder.models.network import CharNetwork


def keepings(
    network: CharNetwork, explored: Sequence[Explored], claims: Sequence[Claim] = (),
) -> tuple[Keeping, ...]:
    """Return the mean share that is kept of each unit whose state a gate keeps.

    Args:
        network: Whose units.
        explored: Excerpts; those without the state before them are left out, and those whose steps
            are not characters, since what is told is for how many characters a unit keeps.
        claims: Of its units: what is kept is told also where the feature of a claim is on.

    Returns:
        Layer by layer; nothing where no gate keeps a state, or no excerpt is left.

    Raises:
        ValueError: The state before an excerpt is none of this network.
    """
    units, texts = kept_units(network), [one for one in explored if one.before and not one.steps]
    if not units or not texts:
        return ()
    kept = kept_over(network, texts)
    features: dict[tuple[int, int], set[str]] = {}
    for claim in claims:
        features.setdefault(claim.cell, set()).add(claim.feature)
    on = {name: _on(texts, name) for name in {claim.feature for claim in claims}}
    means = {name: kept[there].mean(0) for name, there in on.items() if there.any()}
    return tuple(
        Keeping(unit, float(mean), {name: float(means[name][number])
                                    for name in sorted(features.get(unit.cell, ()))
                                    if name in means})
        for number, (unit, mean) in enumerate(zip(units, kept.mean(0), strict=True)))


def _on(texts: Sequence[Explored], feature: str) -> NDArray[np.bool_]:
    """Tell at which characters of all texts a feature is on and was before, bool[N].

    The character at which it comes on is where the state is set, and not yet kept.
    """
    found = []
    for one in texts:
        runs = one.labels.get(feature)
        on = np.array(labels_of(runs) if runs else [0] * len(one.text)) != 0
        found.append(on & np.concatenate([[False], on[:-1]]))
    return np.concatenate(found)
