"""The atoms that formulas are made of: what is on, what a count has reached, which word it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.formulas import Atom
from builder.core.labels import Tag
from builder.features import Feature
from builder.features.naming import CHARACTER, Named

Bool = NDArray[np.bool_]

THRESHOLDS = 6
"""Most thresholds of a count."""

LEAST_SHARE, MOST_SHARE = 0.002, 0.998
"""Share of the steps at which an atom must hold."""

STATES = (Tag.STATE, Tag.COUNT)
"""What may stand in a formula: nothing of the future, and nothing that happens at one step."""


def is_usable(feature: Feature) -> bool:
    """Tell whether atoms are made of a feature."""
    if isinstance(feature.label, Named):
        return feature.label.kind != CHARACTER
    return feature.spec.tag in STATES


def found_atoms(features: Sequence[Feature], labels: NDArray[Any]) -> tuple[Atom, ...]:
    """Return the atoms that a text offers; thresholds of counts are chosen on its labels.

    Args:
        features: K.
        labels: [N, K].
    """
    return tuple(atom for k, feature in enumerate(features) if is_usable(feature)
                 for atom in _of(feature, labels[:, k]))


def _of(feature: Feature, column: NDArray[Any]) -> list[Atom]:
    id_ = feature.spec.id
    if isinstance(feature.label, Named):
        met = np.bincount(column.astype(np.int64), minlength=len(feature.label.names) + 1)[1:]
        return [Atom(id_, None, name) for name, count in zip(feature.label.names, met, strict=True)
                if _is_common(int(count), len(column))]
    if feature.spec.is_binary or _is_binary(column):
        return [Atom(id_)] if _is_common(int((column != 0).sum()), len(column)) else []
    return [Atom(id_, float(least)) for least in _thresholds(column)]


def _is_binary(column: NDArray[Any]) -> bool:
    return bool(((column == 0) | (column == 1)).all())


def _is_common(count: int, steps: int) -> bool:
    return LEAST_SHARE * steps <= count <= MOST_SHARE * steps


def _thresholds(column: NDArray[Any]) -> list[float]:
    """Return numbers that a count reaches at about even shares of the steps, 1 among them."""
    shares = np.linspace(0, 1, THRESHOLDS + 1)[1:]
    wanted = [1.0, *np.quantile(column, shares, method="higher").astype(float).tolist()]
    values = sorted(set(wanted))
    return [v for v in values if _is_common(int((column >= v).sum()), len(column))]


def held(atoms: Sequence[Atom], features: Sequence[Feature], labels: NDArray[Any]) -> Bool:
    """Return where atoms hold, bool[N, A].

    Args:
        atoms: A of these features.
        features: K.
        labels: [N, K].
    """
    place = {feature.spec.id: k for k, feature in enumerate(features)}
    out = np.empty((len(labels), len(atoms)), bool)
    for column, atom in zip(out.T, atoms, strict=True):
        k = place[atom.feature]
        column[:] = holds(atom, features[k], labels[:, k])
    return out


def holds(atom: Atom, feature: Feature, column: NDArray[Any]) -> Bool:
    """Return where an atom of a feature holds, bool[N].

    Args:
        atom: Which.
        feature: That it is about.
        column: The feature's labels, [N].
    """
    found: Bool
    if atom.word is not None:
        assert isinstance(feature.label, Named)
        found = column == feature.label.number(atom.word)
    elif atom.least is None:
        found = column != 0
    else:
        found = column >= atom.least
    return found
