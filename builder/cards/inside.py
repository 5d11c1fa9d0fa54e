"""Gates and guesses: what else the network does while it reads an excerpt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from builder.activations.carried import taken_up
from builder.activations.probabilities import GuessReader
from builder.activations.sampling import Stretch
from builder.activations.subject import Reading
from builder.cards.traces import Read, by_stretch, read_of, rounded, up_to
from builder.core.cards import Excerpt
from builder.core.shown import Inside
from builder.core.units import UnitId
from builder.models.threads import one_thread
from builder.tokens.contract import Tokens
from builder.work import Workers

GUESSES = 5


def look_inside(
    reading: Reading, excerpts: Sequence[Excerpt], units: Sequence[UnitId],
    stretches: Sequence[Stretch], reads: Sequence[Read], workers: Workers,
) -> list[Excerpt]:
    """Return excerpts with the gates of a unit's cell and the network's guesses.

    Where there are values and no network, they come back as they are.

    Args:
        reading: How the text is read.
        excerpts: One for each unit.
        units: Whose gates.
        stretches: What the excerpts are from.
        reads: The same as it was read: where a step is a character, reading is taken up again.
        workers: Who reads.
    """
    if not excerpts or not reading.is_network:
        return list(excerpts)
    tokens, names = reading.network.spec.vocabulary, reading.network.architecture.gates
    gated = replace(reading, signals=tuple(names))
    columns = [[gated.units.index(UnitId(name, *unit.cell)) for name in names]
               for unit in units] if names else [[] for _ in units]
    one_character = reading.texts.cutting.one_character
    seen = (_read_on(gated, excerpts, columns, reads) if one_character else
            _read_again(gated, excerpts, columns, stretches, workers))
    return [replace(excerpt, inside=Inside(
        {name: rounded(one.gates[:, g]) for g, name in enumerate(names)}, _guessed(tokens, one)))
        for excerpt, one in zip(excerpts, seen, strict=True)]


@dataclass(frozen=True)
class _Seen:
    """What is seen of an excerpt of N characters.

    Attributes:
        gates: float32[N, gates].
        guesses: float32[N, 2 · GUESSES], as `GuessReader` writes them.
        lasts: The last character of each step, int64[≤ N].
    """

    gates: NDArray[np.float32]
    guesses: NDArray[np.float32]
    lasts: NDArray[np.int64]


def _read_on(
    gated: Reading, excerpts: Sequence[Excerpt], columns: Sequence[Sequence[int]],
    reads: Sequence[Read],
) -> list[_Seen]:
    """Take reading up from the last state that was kept before each excerpt."""
    texts, states, lengths = [], [], [len(e.text) for e in excerpts]
    for excerpt in excerpts:
        read = read_of(excerpt, reads)
        at = excerpt.start - read.start
        start, state = read.marks.before(at)
        texts.append(read.prepared.fed[start : at + len(excerpt.text)])
        states.append(state)
    with one_thread():
        gates = taken_up(gated.reader(), texts, states, columns, lengths) \
            if gated.signals else [np.zeros((n, 0), np.float32) for n in lengths]
        every = [range(2 * GUESSES)] * len(texts)
        guesses = taken_up(GuessReader(gated.network, GUESSES), texts, states, every, lengths)
    return [_Seen(g, guess, np.arange(n))
            for g, guess, n in zip(gates, guesses, lengths, strict=True)]


def _read_again(
    gated: Reading, excerpts: Sequence[Excerpt], columns: Sequence[Sequence[int]],
    stretches: Sequence[Stretch], workers: Workers,
) -> list[_Seen]:
    """Read each excerpt with all that is before it."""
    parts = [up_to(e, stretches) for e in excerpts]
    flat = [column for of_unit in columns for column in of_unit]
    gates = by_stretch(gated, flat, parts, workers, "gates") if flat else {}
    reader = partial(GuessReader, gated.network, GUESSES)
    guesses = by_stretch(gated, range(2 * GUESSES), parts, workers, "guesses", reader)
    found, each = [], len(columns[0])
    for i, (excerpt, part) in enumerate(zip(excerpts, parts, strict=True)):
        length, read = len(excerpt.text), guesses[part]
        first = len(read.values) - length
        own = gates[part].values[first:, i * each : (i + 1) * each] if flat else \
            np.zeros((length, 0), np.float32)
        found.append(_Seen(own, read.values[first:], read.lasts[read.lasts >= first] - first))
    return found


def _guessed(tokens: Tokens, seen: _Seen) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return the guesses after each character; none for one that ends no step."""
    found: list[tuple[tuple[str, float], ...]] = [()] * len(seen.guesses)
    for at in seen.lasts.tolist():
        index, likely = seen.guesses[at, :GUESSES].tolist(), seen.guesses[at, GUESSES:].tolist()
        found[at] = tuple((tokens.name(int(i)), round(p, 3))
                          for i, p in zip(index, likely, strict=True) if p >= 0)
    return tuple(found)
