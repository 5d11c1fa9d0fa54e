"""Gates and guesses: what else the network does while it reads an excerpt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from builder.activations.probabilities import GuessReader
from builder.activations.sampling import Stretch
from builder.activations.subject import Reading
from builder.cards.traces import Read, by_stretch, rounded, up_to
from builder.core.cards import Excerpt
from builder.core.shown import Inside
from builder.core.units import UnitId
from builder.tokens.contract import Tokens
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
    tokens = reading.network.spec.vocabulary
    parts = [up_to(e, stretches) for e in excerpts]
    names = reading.network.architecture.gates
    gates = _gates(reading, parts, units, names, workers)
    guesses = _guesses(reading, parts, workers)
    found = []
    for i, excerpt in enumerate(excerpts):
        length = len(excerpt.text)
        values = {name: rounded(gates[parts[i]].values[-length:, i * len(names) + g])
                  for g, name in enumerate(names)}
        found.append(replace(excerpt, inside=Inside(
            values, _guessed(tokens, guesses[parts[i]], length))))
    return found


def _gates(
    reading: Reading, parts: Sequence[Stretch], units: Sequence[UnitId], names: Sequence[str],
    workers: Workers,
) -> dict[Stretch, Read]:
    if not names:
        return {}
    gated = replace(reading, signals=tuple(names))
    columns = [gated.units.index(UnitId(name, *unit.cell)) for unit in units for name in names]
    return by_stretch(gated, columns, parts, workers, "gates")


def _guesses(
    reading: Reading, parts: Sequence[Stretch], workers: Workers
) -> dict[Stretch, Read]:
    reader = partial(GuessReader, reading.network, GUESSES)
    return by_stretch(reading, range(2 * GUESSES), parts, workers, "guesses", reader)


def _guessed(
    tokens: Tokens, read: Read, length: int
) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return the guesses for the last so many characters; none for one that ends no step."""
    values = read.values
    lasts = read.lasts[read.lasts >= len(values) - length]
    found: list[tuple[tuple[str, float], ...]] = [()] * length
    for at in lasts.tolist():
        index, likely = values[at, :GUESSES].tolist(), values[at, GUESSES:].tolist()
        found[at - len(values) + length] = tuple(
            (tokens.name(int(i)), round(p, 3))
            for i, p in zip(index, likely, strict=True) if p >= 0)
    return tuple(found)
