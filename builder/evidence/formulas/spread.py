"""How features, and formulas that are verified, are spread over the units of a network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.grades import GOOD
from builder.core.worded import FormulaClaim, Spread
from builder.evidence.formulas.choosing import formula_of
from builder.evidence.formulas.ground import Ground
from builder.evidence.formulas.scene import Scene, Text
from builder.evidence.formulas.spreading import SIZES, spreads
from builder.evidence.formulas.study import Study
from builder.features.naming import Named
from builder.scoring.intervals import number
from builder.scoring.joining import Made, where_on
from builder.scoring.reservoir import mixed, mixing
from builder.scoring.within import centred, left_of, squares, variance_of

Float32 = NDArray[np.float32]


def spread_of(
    ground: Ground, scene: Scene, found: Study, claims: Sequence[FormulaClaim],
    units: tuple[Float32, Float32],
) -> tuple[Spread, ...]:
    """Return how each feature is spread, and each verified formula of several terms.

    What the last two characters tell all of is left out.

    Args:
        ground: The network on its text.
        scene: The two texts.
        found: What was found of the network.
        claims: The formulas with their grades.
        units: float32[N, U] and [M, U], what the units do on the two, freed of means.
    """
    features = [k for k, f in enumerate(ground.reading.features) if not isinstance(f.label, Named)]
    formulas = _distinct(_verified(ground, scene, found, claims), scene.held_out)
    texts = (*(ground.reading.features[k].spec.id for k in features), *formulas)
    (on, vary), (judged, also) = (
        _targets(text, features, list(formulas.values()))
        for text in (scene.discover, scene.held_out))
    there = spreads((units[0], on), (units[1], judged), [u.cell for u in ground.subject.units])
    reservoir = _reservoir(scene, on, judged)
    sizes = [size for size in SIZES if size <= max(map(len, there.units), default=0)]
    return tuple(
        Spread(text, tuple(ground.subject.units[u] for u in there.units[c]), tuple(sizes),
               tuple(number(v) for v in there.explained[c, : len(sizes)]),
               number(there.linear[c]), number(reservoir[c]) if scene.has_reservoir else None)
        for c, text in enumerate(texts) if vary[c] and also[c])


def _verified(
    ground: Ground, scene: Scene, found: Study, claims: Sequence[FormulaClaim]
) -> dict[str, Made]:
    """Return the formulas of several terms that are verified, each once, the best first."""
    column = {unit: u for u, unit in enumerate(ground.subject.units)}
    out: dict[str, Made] = {}
    for claim in claims:
        choice = found.choices[column[claim.unit]]
        if claim.grade in GOOD and choice and choice.made.size > 1:
            out.setdefault(str(formula_of(choice.made, scene.atoms)), choice.made)
    return out


def _distinct(formulas: dict[str, Made], text: Text) -> dict[str, Made]:
    """Return formulas without those that hold where another does: the same in another order."""
    on = where_on(list(formulas.values()), text.on)
    seen: dict[bytes, str] = {}
    for name, column in zip(formulas, on.T, strict=True):
        seen.setdefault(np.packbits(column > 0).tobytes(), name)
    return {name: formulas[name] for name in seen.values()}


def _targets(
    text: Text, features: Sequence[int], formulas: Sequence[Made]
) -> tuple[Float32, NDArray[np.bool_]]:
    """Return labels and formulas freed of means, float32[N, C], and which of them still vary."""
    labels = text.places.labels[:, features].astype(np.float32)
    both = np.concatenate([labels, where_on(formulas, text.on)], 1)
    before = variance_of(both)
    both = centred(both, text.places.bigrams)
    return both, left_of(both, before) > 0


def _reservoir(scene: Scene, found: Float32, judged: Float32) -> NDArray[np.float64]:
    """Return R² of each target told by networks that learned nothing."""
    told = mixed(scene.held_out.reservoir, mixing(scene.discover.reservoir, found)[0])
    missed, whole = squares(judged - told), squares(judged)
    return 1 - missed / np.maximum(whole, 1e-30)
