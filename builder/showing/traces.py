"""Stretches of held-out text read for some units: what all pictures are cut from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Excerpt
from builder.core.text import Document
from builder.measuring.passes import small_shares
from builder.measuring.subject import Reading, Stretch, prepare, values_of
from builder.reading import Reader
from builder.scoring import BigramTable, Prepared
from builder.scoring.prepare import NOT_SCORED

DIGITS = 3


@dataclass(frozen=True)
class Read:
    """A stretch that was read.

    Attributes:
        document: Whose.
        start: Where reading began, in characters of the document.
        prepared: N characters, encoded and labelled.
        values: float32[N, columns].
    """

    document: Document
    start: int
    prepared: Prepared
    values: NDArray[np.float32]

    @property
    def text(self) -> str:
        """The N characters."""
        return self.document.text[self.start : self.start + len(self.values)]

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Where numbers are taken, bool[N]."""
        scored: NDArray[np.bool_] = self.prepared.groups != NOT_SCORED
        return scored

    def line(self, at: int) -> int:
        """Return the number of the line of a character, from 1."""
        return self.document.text.count("\n", 0, self.start + at) + 1


def read_columns(
    reading: Reading, columns: Sequence[int], stretches: Sequence[Stretch], table: BigramTable,
    reader: Reader | None = None,
) -> Iterator[Read]:
    """Read stretches and keep some columns of each whole.

    Args:
        reading: How.
        columns: Which of the reader's.
        stretches: What.
        table: Numbers of the frequent bigrams.
        reader: Of the values; that of the reading's signals where it is None.
    """
    for share in small_shares(stretches):
        prepared = prepare(reading, share, table)
        values = values_of(reading, prepared, reader or reading.reader(), columns)
        for (document, piece), p, v in zip(share, prepared, values, strict=True):
            yield Read(document, piece.read_start, p, v)


def up_to(excerpt: Excerpt, stretches: Sequence[Stretch]) -> Stretch:
    """Return the stretch that an excerpt is from, without what comes after the excerpt."""
    stop = excerpt.start + len(excerpt.text)
    for document, piece in stretches:
        if document.name == excerpt.document and piece.read_start <= excerpt.start < piece.stop:
            return document, replace(piece, stop=stop)
    raise KeyError(f"{excerpt.document}: no stretch holds character {excerpt.start}")


def rounded(values: NDArray[np.floating]) -> tuple[float, ...]:
    """Return numbers as they are stored: three digits after the point."""
    return tuple(round(float(v), DIGITS) for v in values)
