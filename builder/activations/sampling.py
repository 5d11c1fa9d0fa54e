"""Which stretches of a corpus are read: whole pieces, samples from all over, beginnings, windows.

Chance is a hash of names and places, so a sample is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from builder.core.digests import uniform
from builder.core.text import Corpus, Document, Piece, Split

MEAN_CHARACTERS = 1_000_000
"""Most characters of the train split from which means are taken."""

SAMPLE_CHARACTERS = 300_000
"""Most characters of a split that are looked at more closely."""

MOST_ENTRIES = 5_000
"""Size of a vocabulary beyond which less text is predicted: each step costs a score of all of it.
"""

LONGEST_STRETCH = 10_000
"""Characters of a stretch of a sample that is counted and not shown."""

LEAST_BEGINNING = 2_000
"""Characters of a piece that say something of it."""

Stretch = tuple[Document, Piece]
"""A piece with its document: what is read as one stream."""


def predicted(amount: int, entries: int, least: int = 0) -> int:
    """Return how much is predicted where a vocabulary is large.

    Args:
        amount: How much it is where the vocabulary is not large.
        entries: V.
        least: How much it is at least.
    """
    return max(least, amount * MOST_ENTRIES // max(MOST_ENTRIES, entries))


def sample(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return whole pieces of a split in an order of hashes, up to so many characters in all.

    A piece that would go beyond is passed over; there is always one at least.
    """
    return _up_to(characters, corpus.pieces(split))


def part_of(corpus: Corpus, characters: int) -> Corpus:
    """Return a corpus with no more than so many characters of each split, in whole pieces.

    There is at least one piece of each split that had any; what was left out stays named.
    """
    kept = {(d.name, p) for split in Split for d, p in sample(corpus, split, characters)}
    documents = (replace(d, pieces=tuple(p for p in d.pieces if (d.name, p) in kept))
                 for d in corpus.documents)
    return replace(corpus, documents=tuple(d for d in documents if d.pieces))


def scattered(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return stretches from all over a split in an order of hashes, up to so many characters.

    A long piece is cut into equal stretches, each of which is read from some way before it, as
    a piece is. So a sample is not of a few long texts, and it is quick to read side by side.
    """
    pieces = corpus.pieces(split)
    return _up_to(characters, (part for p in pieces for part in parts_of(p, LONGEST_STRETCH)))


def parts_of(stretch: Stretch, longest: int) -> list[Stretch]:
    """Cut a stretch into as few equal parts as there are of up to so many characters."""
    document, piece = stretch
    length = piece.stop - piece.start
    count = -(-length // longest) or 1
    return [(document, replace(piece, start=piece.start + length * i // count,
                               stop=piece.start + length * (i + 1) // count))
            for i in range(count)]


def _up_to(characters: int, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    chosen: list[Stretch] = []
    left = characters
    for document, piece in sorted(stretches, key=_chance):
        if piece.stop - piece.start <= left or not chosen:
            chosen.append((document, piece))
            left -= piece.stop - piece.start
    return tuple(chosen)


def beginnings(corpus: Corpus, split: Split, characters: int) -> tuple[Stretch, ...]:
    """Return the beginnings of as many pieces of a split as can be, up to so many characters.

    Every piece gives as much as any other, but no less than `LEAST_BEGINNING` where it has that.
    """
    pieces = sorted(corpus.pieces(split), key=_chance)[: max(1, characters // LEAST_BEGINNING)]
    each = characters // max(1, len(pieces))
    return tuple((d, replace(p, stop=min(p.start + each, p.stop))) for d, p in pieces)


def windows(corpus: Corpus, split: Split, count: int, length: int) -> tuple[Stretch, ...]:
    """Return short stretches from as many pieces of a split as there are, some `count` in all.

    Args:
        corpus: Whose.
        split: Which.
        count: Most stretches; each piece gives as many as any other, where it is long enough.
        length: Characters of each, the first of which are not scored.
    """
    pieces = sorted(corpus.pieces(split), key=_chance)
    each = max(1, count // max(1, len(pieces)))
    chosen = [(d, w) for d, p in pieces for w in _windows_of(d, p, each, length)]
    return tuple(chosen[:count])


def _windows_of(document: Document, piece: Piece, each: int, length: int) -> Iterator[Piece]:
    """Cut a piece into equal parts and yield a window from a random place of each."""
    size = (piece.stop - piece.start) // each
    for part in range(each if size >= length else 1):
        start = piece.start + part * size
        spare = max(0, size - length)
        start += int(spare * uniform(f"{document.name}#{piece.start}#{part}", "window"))
        yield Piece(start, min(start + length, piece.stop), piece.split, piece.group)


def _chance(stretch: Stretch) -> float:
    return uniform(f"{stretch[0].name}#{stretch[1].start}", "sample")
