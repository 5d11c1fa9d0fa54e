"""Stretches of held-out text read for some units: what all pictures are cut from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.blocks import read_batch
from builder.activations.carried import Marking, Marks
from builder.activations.sampling import Stretch
from builder.activations.shares import pictured_shares, sent
from builder.activations.signals import Reader
from builder.activations.source import gathered, values_of
from builder.activations.subject import Reading, no_bigrams
from builder.activations.texts import Slice, Texts, grouped
from builder.core.cards import Excerpt
from builder.core.text import Document
from builder.models.threads import one_thread
from builder.scoring import BigramTable, Prepared
from builder.scoring.prepare import NOT_SCORED
from builder.tokens.contract import of_steps
from builder.work import Workers

DIGITS = 3


@dataclass(frozen=True)
class Read:
    """A stretch that was read; pictures are of characters, each of which has what its step has.

    Attributes:
        document: Whose.
        start: Where reading began, in characters of the document.
        prepared: N characters; those count that the stretch says.
        values: float32[N, columns].
        ends: int64[S], position after the last character of each step, from `start` on; the last
            may be beyond the stretch.
        marks: States on the way, before some of the steps.
    """

    document: Document
    start: int
    prepared: Prepared
    values: NDArray[np.float32]
    ends: NDArray[np.int64]
    marks: Marks = field(repr=False)

    @property
    def text(self) -> str:
        """The N characters."""
        return self.document.text[self.start : self.start + len(self.values)]

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Where numbers are taken, bool[N]."""
        scored: NDArray[np.bool_] = self.prepared.groups != NOT_SCORED
        return scored

    @property
    def lasts(self) -> NDArray[np.int64]:
        """The last character of each step that covers any and ends here, int64[≤ S]."""
        ends = np.unique(self.ends)
        return ends[(ends > 0) & (ends <= len(self.values))] - 1

    def last_two(self, at: int) -> str:
        """Return the text of the last two steps, the last of which ends with a character."""
        lasts = self.lasts
        number = int(np.searchsorted(lasts, at))
        return self.text[lasts[number - 2] + 1 if number > 1 else 0 : at + 1]

    def line(self, at: int) -> int:
        """Return the number of the line of a character, from 1."""
        return self.document.text.count("\n", 0, self.start + at) + 1


@dataclass(frozen=True)
class _Columns:
    """What is sent to whoever reads.

    Attributes:
        reading: How.
        columns: Which are kept.
        table: Numbers of the frequent bigrams.
        reader: Makes what reads the values; the reading's own where it is None.
    """

    reading: Reading
    columns: tuple[int, ...]
    table: BigramTable
    reader: Callable[[], Reader] | None


def read_columns(
    reading: Reading, columns: Sequence[int], stretches: Sequence[Stretch], table: BigramTable,
    workers: Workers, title: str, reader: Callable[[], Reader] | None = None,
) -> Iterator[Read]:
    """Read stretches and keep some columns of each whole.

    Args:
        reading: How.
        columns: Which of the reader's.
        stretches: What.
        table: Numbers of the frequent bigrams.
        workers: Who reads.
        title: Of the progress.
        reader: Makes what reads the values; the reading's own where it is None.
    """
    shares = pictured_shares(stretches)
    sizes = [sum(piece.stop - piece.read_start for _, piece in share) for share in shares]
    wanted = _Columns(reading, tuple(columns), table, reader)
    items = [sent(workers, reading, share) for share in shares]
    found = workers.map(_values, wanted, items, title=title, sizes=sizes)
    for share, values in zip(shares, found, strict=True):
        slices = reading.texts.slices(share)
        prepared = reading.load(slices, table)
        for i, ((document, _), one, p) in enumerate(zip(share, slices, prepared, strict=True)):
            marks = Marks(values[f"{i}.starts"], values[f"{i}.states"])
            yield _read(reading.texts, document, one, p, values[f"{i}.values"], marks)


def _read(
    texts: Texts, document: Document, one: Slice, prepared: Prepared, values: NDArray[np.float32],
    marks: Marks,
) -> Read:
    """Lay what is known of steps on the characters that they cover."""
    piece, ends = one.piece, texts.ends(one)
    if not texts.cutting.one_character:
        length = piece.stop - piece.read_start
        steps = texts.steps_within(one, prepared.ids)
        silent = None if prepared.marks is None else of_steps(prepared.marks, steps)
        counts = ((piece.scored_start, piece.stop, piece.group),)
        values, prepared = of_steps(values, steps), Prepared(
            of_steps(prepared.ids, steps), of_steps(prepared.labels, steps),
            grouped(length, piece.read_start, counts, silent), of_steps(prepared.bigrams, steps))
    return Read(document, piece.read_start, prepared, values, ends, marks)


def _values(wanted: _Columns, share: tuple[Slice, ...]) -> dict[str, NDArray[Any]]:
    if not wanted.reading.is_network:
        return _stored_values(wanted, share)
    with one_thread():
        reader = Marking((wanted.reader or wanted.reading.reader)())
        prepared = wanted.reading.load(share, wanted.table)
        texts = [p.fed for p in prepared]
        blocks = read_batch(reader, texts, range(len(texts)), wanted.reading.rows)
        values = gathered(blocks, texts, wanted.columns)
        found: dict[str, NDArray[Any]] = {}
        order = sorted(range(len(prepared)), key=lambda i: -len(prepared[i].ids))  # as it is read
        for i, of_one in enumerate(values):
            marks = reader.marks(order.index(i))
            found |= {f"{i}.values": of_one, f"{i}.starts": marks.starts,
                      f"{i}.states": marks.states}
    return found


def _stored_values(wanted: _Columns, share: tuple[Slice, ...]) -> dict[str, NDArray[Any]]:
    """Return values that nobody computes; there is no state to read on from."""
    reading = wanted.reading
    prepared = reading.load(share, wanted.table)
    values = values_of(reading.source, share, [p.ids for p in prepared], reading.signal_names,
                       wanted.columns, reading.rows)
    found: dict[str, NDArray[Any]] = {}
    for i, of_one in enumerate(values):
        found |= {f"{i}.values": of_one, f"{i}.starts": np.zeros(0, np.int64),
                  f"{i}.states": np.zeros(0, np.float32)}
    return found


def by_stretch(
    reading: Reading, columns: Sequence[int], parts: Sequence[Stretch], workers: Workers,
    title: str, reader: Callable[[], Reader] | None = None,
) -> dict[Stretch, Read]:
    """Read some columns of each of these stretches, which may be the same or overlap."""
    table, each = no_bigrams(reading.source.tokens.size), tuple(dict.fromkeys(parts))
    by_place = {(d.name, p.read_start, p.stop): (d, p) for d, p in each}
    reads = read_columns(reading, columns, each, table, workers, title, reader)
    return {by_place[r.document.name, r.start, r.start + len(r.values)]: r for r in reads}


def up_to(excerpt: Excerpt, stretches: Sequence[Stretch]) -> Stretch:
    """Return the stretch that an excerpt is from, without what comes after the excerpt."""
    stop = excerpt.start + len(excerpt.text)
    for document, piece in stretches:
        if document.name == excerpt.document and piece.read_start <= excerpt.start < piece.stop:
            return document, replace(piece, stop=stop)
    raise KeyError(f"{excerpt.document}: no stretch holds character {excerpt.start}")


def read_of(excerpt: Excerpt, reads: Sequence[Read]) -> Read:
    """Return the reading that an excerpt was cut from."""
    for read in reads:
        if (read.document.name == excerpt.document
                and read.start <= excerpt.start < read.start + len(read.values)):
            return read
    raise KeyError(f"{excerpt.document}: nothing that was read holds character {excerpt.start}")


def rounded(values: NDArray[np.floating]) -> tuple[float, ...]:
    """Return numbers as they are stored: three digits after the point."""
    return tuple(round(float(v), DIGITS) for v in values)
