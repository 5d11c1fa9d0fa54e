"""Passes over a text: shares of it are read one by one, anywhere, and their sums merged in order.

A share is what is read side by side. Which pieces go together hangs on the text alone, each share
is done with one thread, and sums are merged in the order of the shares; so the numbers are the
same whatever does the work and however many do it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar, TypeVarTuple

import numpy as np
from numpy.typing import NDArray

from builder.activations.signals import Reader
from builder.activations.subject import (
    Reading,
    Stretch,
    nothing_to_score,
    parts_of,
    prepare,
    rows_of,
    values_of,
)
from builder.models.lockstep import batches, filled
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Prepared, Sums
from builder.work import Workers

STREAMS = 128
"""B: documents read side by side."""

SHARE = 250_000
"""Characters of a share, unless one text has more."""

LONGEST_READ = 20_000
"""Characters of a text that are read one after another; a longer one is cut."""

SMALL_SHARE = 150_000
"""Characters of a share whose values are all kept at a time."""

State = dict[str, NDArray[Any]]


class PieceSums(Protocol):
    """Sums over whole pieces of text."""

    def add(self, prepared: Prepared, values: NDArray[np.float32]) -> None:
        """Add a piece with its values, [N, columns]."""

    def state(self) -> State:
        """Return all sums."""

    def merge(self, state: State) -> None:
        """Add other sums."""


M = TypeVar("M")
S = TypeVar("S", bound=Sums)
P = TypeVar("P", bound=PieceSums)


@dataclass(frozen=True)
class Pass(Generic[S]):
    """What is done with every block of a text.

    Attributes:
        reading: How the text is read.
        table: Numbers of the frequent bigrams.
        make: Makes the empty sums; they have `add(rows)`.
        reader: Makes the reader; that of `reading`'s signals where it is None.
    """

    reading: Reading
    table: BigramTable
    make: Callable[[], S]
    reader: Callable[[], Reader] | None = None


@dataclass(frozen=True)
class PiecePass(Generic[P]):
    """What is done with every piece of a text, read whole; for samples.

    Attributes:
        reading: How the text is read.
        table: Numbers of the frequent bigrams.
        columns: Of the signals, those that are kept.
        make: Makes the empty sums.
    """

    reading: Reading
    table: BigramTable
    columns: tuple[int, ...]
    make: Callable[[], P]


Ts = TypeVarTuple("Ts")


class Together(Generic[*Ts]):
    """Several sums over the same rows or pieces.

    Args:
        parts: The sums.
    """

    def __init__(self, *parts: *Ts) -> None:
        self.parts: tuple[*Ts] = parts

    def add(self, *given: Any) -> None:
        """Add to every part."""
        for part in self._each():
            part.add(*given)

    def state(self) -> State:
        """Return all sums, with the number of the part before their names."""
        return {f"{i}.{name}": array for i, part in enumerate(self._each())
                for name, array in part.state().items()}

    def merge(self, state: State) -> None:
        """Add other sums."""
        for i, part in enumerate(self._each()):
            start = f"{i}."
            part.merge({name.removeprefix(start): array for name, array in state.items()
                        if name.startswith(start)})

    def _each(self) -> tuple[Any, ...]:
        return self.parts


def shares(stretches: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Return the text in shares, each to be read side by side, longest first.

    A long piece is cut, and its parts are read from some way before each, since a share is read
    no faster than its longest text. Parts of one document stay together: they are labelled once.
    """
    cut = [parts_of(stretch, LONGEST_READ) for stretch in stretches]
    cut.sort(key=lambda parts: -_length(parts[0]))
    parts = list(chain.from_iterable(cut))
    lengths = [_length(part) for part in parts]
    return [tuple(parts[i] for i in sorted(share, key=lambda i: -lengths[i]))
            for share in filled(range(len(parts)), lengths, STREAMS, SHARE)]


def small_shares(stretches: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Return the pieces, whole, in shares so small that all values of one can be kept."""
    parts = batches([_length(stretch) for stretch in stretches], STREAMS, SMALL_SHARE)
    return [tuple(stretches[i] for i in part) for part in parts]


def _length(stretch: Stretch) -> int:
    """Return the number of characters that are read for a stretch."""
    return stretch[1].stop - stretch[1].read_start


def run(workers: Workers, pass_: Pass[S], stretches: Sequence[Stretch], title: str) -> S:
    """Read pieces of text and return the sums over all of them.

    Raises:
        CorpusError: There is not one character to score.
    """
    parts, total, some = shares(stretches), _made(pass_.make), False
    for state in workers.map(read_share, pass_, parts, title=title, sizes=_sizes(parts)):
        if state is not None:
            _merge(total, state)
            some = True
    if not some:
        raise nothing_to_score(title, len(stretches))
    return total


def run_pieces(
    workers: Workers, pass_: PiecePass[P], stretches: Sequence[Stretch], title: str
) -> P:
    """Read pieces of text whole and return the sums over all of them."""
    parts, total = small_shares(stretches), _made(pass_.make)
    for state in workers.map(read_pieces, pass_, parts, title=title, sizes=_sizes(parts)):
        _merge(total, state)
    return total


def _made(make: Callable[[], M]) -> M:
    with one_thread():
        return make()


def _merge(total: Sums | PieceSums, state: State) -> None:
    # Not around the whole loop: workers that are threads of this process take their own turn.
    with one_thread():
        total.merge(state)


Ready = tuple[tuple[Prepared, ...], ...]
"""Shares whose text is encoded and labelled."""


def ready(reading: Reading, stretches: Sequence[Stretch], table: BigramTable) -> Ready:
    """Encode and label a sample once, where several networks are to read it."""
    with one_thread():
        return tuple(tuple(prepare(reading, share, table)) for share in shares(stretches))


def alone(pass_: Pass[S], sample: Ready) -> S:
    """Do a whole pass here and now, as part of a share of something larger."""
    with one_thread():
        total = pass_.make()
        for prepared in sample:
            state = _sums(pass_, prepared)
            if state is not None:
                total.merge(state)
        return total


def _sizes(parts: Sequence[Sequence[Stretch]]) -> list[int]:
    return [sum(map(_length, part)) for part in parts]


def read_share(pass_: Pass[S], share: tuple[Stretch, ...]) -> State | None:
    """Return the sums over one share; None where it has no character that is scored."""
    with one_thread():
        return _sums(pass_, prepare(pass_.reading, share, pass_.table))


def _sums(pass_: Pass[S], prepared: Sequence[Prepared]) -> State | None:
    reader = pass_.reader() if pass_.reader else pass_.reading.reader()
    sums, some = pass_.make(), False
    for rows in rows_of(pass_.reading, prepared, reader):
        sums.add(rows)
        some = True
    return sums.state() if some else None


def read_pieces(pass_: PiecePass[P], share: tuple[Stretch, ...]) -> State:
    """Return the sums over the pieces of one share."""
    with one_thread():
        sums = pass_.make()
        prepared = prepare(pass_.reading, share, pass_.table)
        values = values_of(pass_.reading, prepared, pass_.reading.reader(), pass_.columns)
        for piece in prepared:
            sums.add(piece, values.pop(0))
        return sums.state()
