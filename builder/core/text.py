"""Documents, and which stretches of them serve for what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from builder.core.digests import digest, digest_of_parts

BURN_IN = 200
"""Characters after the start of a piece that are read but never scored."""

WARM_UP = 1_000
"""Characters before a piece that are read with it, so that its state knows what went before."""

GROUPS = 64
"""Number of document groups; the unit of every interval over documents."""

GroupedBy = Literal["document", "piece"]
"""What the groups of a corpus are made of: whole documents, or pieces of documents."""

TRAINED_FILE = "training_documents.txt"
"""Beside the weights: a digest for each text they were trained on, one a line."""


class Split(StrEnum):
    """What a stretch of text is for: fitting weights and means, finding claims, judging them."""

    TRAIN = "train"
    DISCOVER = "discover"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters start to stop (exclusive) of a document, their split and group (0 to 63)."""

    start: int
    stop: int
    split: Split
    group: int

    @property
    def scored_start(self) -> int:
        """First character that is scored: the state before it has forgotten the cut."""
        return min(self.start + BURN_IN, self.stop)

    @property
    def read_start(self) -> int:
        """Where reading starts, from a zero state: some way before the piece, if there is any."""
        return max(0, self.start - WARM_UP)


@dataclass(frozen=True)
class Document:
    """A text with a name that is unique inside its corpus, and its pieces in order.

    A text is labelled whole, whatever its pieces are. Most documents are one piece; the pieces
    of a long text that stands almost alone follow each other without a gap.

    Attributes:
        name: Inside the corpus.
        text: Its line ends are LF.
        pieces: In order.
        origin: SHA-256 of the file where its text was changed on reading; else empty.
    """

    name: str
    text: str
    pieces: tuple[Piece, ...]
    origin: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text as it was before reading changed it."""
        return self.origin or digest(self.text)

    def pieces_of(self, split: Split) -> tuple[Piece, ...]:
        """Return the pieces that belong to `split`, in order."""
        return tuple(piece for piece in self.pieces if piece.split is split)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not in the corpus, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Corpus:
    """Documents in the order of their names, where they come from, and what was left out.

    Attributes:
        documents: In the order of their names.
        left_out: Files that are none of them.
        source: Where the text is from, in words.
        license: Of the text.
        notes: What is to be said of how the files were read, a sentence each.
    """

    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]
    source: str
    license: str
    notes: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """One digest of all names and texts; the split is not part of it."""
        return digest_of_parts(f"{d.name}\0{d.digest}" for d in self.documents)

    @property
    def grouped_by(self) -> GroupedBy:
        """What an interval over groups is over.

        Pieces of one document are not independent of each other as documents are, so an interval
        over them may be too narrow.
        """
        parted = any(len({piece.group for piece in d.pieces}) > 1 for d in self.documents)
        return "piece" if parted else "document"

    def pieces(self, split: Split) -> Iterator[tuple[Document, Piece]]:
        """Yield every piece of `split` with its document, in order."""
        for document in self.documents:
            for piece in document.pieces_of(split):
                yield document, piece

    def documents_of(self, split: Split) -> tuple[Document, ...]:
        """Return the documents with at least one piece in `split`, in order."""
        return tuple(d for d in self.documents if d.pieces_of(split))

    def characters(self, split: Split) -> int:
        """Return how many characters the pieces of `split` have."""
        return sum(piece.stop - piece.start for _, piece in self.pieces(split))


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the Unicode code point of every character, uint32[N]."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
