"""Gates and guesses: what else the network does while it reads an excerpt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from builder.activations.probabilities import ProbabilityReader
from builder.activations.sampling import Stretch
from builder.activations.subject import Reading
from builder.cards.traces import by_stretch, rounded, up_to
from builder.core.cards import Excerpt
from builder.core.shown import Inside
from builder.core.units import UnitId
from builder.work import Workers

GUESSES = 5


def look_inside(
    reading: Reading, excerpts: Sequence[Excerpt], units: Sequence[UnitId],
    stretches: Sequence[Stretch], workers: Workers,
) -> list[Excerpt]:
    """Return excerpts with the gates of a unit's cell and the network's guesses.

    Args:
        reading: How the text is read.
        excerpts: One for each unit.
        units: Whose gates.
        stretches: What the excerpts are from.
        workers: Who reads.
    """
    if not excerpts:
        return []
    spec = reading.network.spec
    parts = [up_to(e, stretches) for e in excerpts]
    names = reading.network.architecture.gates
    gates = _gates(reading, parts, units, names, workers)
    guesses = _guesses(reading, parts, workers)
    found = []
    for i, excerpt in enumerate(excerpts):
        length = len(excerpt.text)
        own = gates[parts[i]][-length:, i * len(names) : (i + 1) * len(names)] if names else None
        values = {name: rounded(own[:, g]) for g, name in enumerate(names)} if (
            own is not None) else {}
        found.append(replace(excerpt, inside=Inside(
            values, _five(guesses[parts[i]][-length:], spec.vocabulary.characters))))
    return found


def _gates(
    reading: Reading, parts: Sequence[Stretch], units: Sequence[UnitId], names: Sequence[str],
    workers: Workers,
) -> dict[Stretch, NDArray[np.float32]]:
    if not names:
        return {}
    gated = replace(reading, signals=tuple(names))
    columns = [gated.units.index(UnitId(name, *unit.cell)) for unit in units for name in names]
    return by_stretch(gated, columns, parts, workers, "gates")


def _guesses(
    reading: Reading, parts: Sequence[Stretch], workers: Workers
) -> dict[Stretch, NDArray[np.float32]]:
    characters = reading.network.spec.vocabulary.characters
    reader = partial(ProbabilityReader, reading.network, characters)
    return by_stretch(reading, range(len(characters)), parts, workers, "guesses", reader)


def _five(
    probabilities: NDArray[np.float32], characters: Sequence[str]
) -> tuple[tuple[tuple[str, float], ...], ...]:
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :GUESSES]
    return tuple(tuple((characters[i], round(float(row[i]), 3)) for i in best)
                 for row, best in zip(probabilities, order.tolist(), strict=True))
