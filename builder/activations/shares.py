"""A text in shares: what is read side by side, by whoever reads.

A share hangs on the text alone and never on who reads it, so that the numbers are the same however
many do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from builder.activations.blocks import STREAMS
from builder.activations.sampling import Stretch, parts_of
from builder.activations.subject import Reading
from builder.activations.texts import Slice
from builder.core.text import Piece
from builder.models.lockstep import batches, filled
from builder.work import Workers

SHARE = 400_000
"""Characters of a share, unless one text has more: some twenty of the longest texts, side by side,
are read nearly as fast as a hundred, and there are a few shares for several processes.
"""

KEPT_SHARE = 250_000
"""Characters of a share of which some columns of whole parts are kept until it is through."""

SMALL_SHARE = 150_000
"""Characters of a share of which all columns are kept."""

PICTURED_SHARE = 400_000
"""Characters of a share of which a few columns are kept: a whole sample of what is pictured."""

LONGEST_READ = 20_000
"""Characters of a text that are read one after another; a longer one is cut."""

Ready = tuple[tuple[Slice, ...], ...]
"""Shares of a sample that several networks read."""


def cut(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return stretches in parts that are short enough to be read one after another.

    Parts of long pieces come first; those of one document stay together.
    """
    parts = [parts_of(stretch, LONGEST_READ) for stretch in stretches]
    parts.sort(key=lambda of_one: -length(of_one[0][1]))
    return list(chain.from_iterable(parts))


def shares_of(stretches: Sequence[Stretch], largest: int = SHARE) -> list[tuple[Stretch, ...]]:
    """Return stretches in shares, each to be read side by side, longest first."""
    lengths = [length(piece) for _, piece in stretches]
    return [tuple(stretches[i] for i in sorted(share, key=lambda i: -lengths[i]))
            for share in filled(range(len(stretches)), lengths, STREAMS, largest)]


def small_shares(stretches: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Return the pieces, whole, in shares so small that all values of one can be kept."""
    parts = batches([length(piece) for _, piece in stretches], STREAMS, SMALL_SHARE)
    return [tuple(stretches[i] for i in part) for part in parts]


def pictured_shares(stretches: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Return the pieces, whole, in shares of which a few columns are kept."""
    parts = batches([length(piece) for _, piece in stretches], STREAMS, PICTURED_SHARE)
    return [tuple(stretches[i] for i in part) for part in parts]


def length(piece: Piece) -> int:
    """Return the number of characters that are read for a piece."""
    return piece.stop - piece.read_start


def sent(
    workers: Workers, reading: Reading, stretches: Sequence[Stretch]
) -> tuple[Slice, ...]:
    """Return what is sent of stretches: where they stand, or all of it to another machine."""
    slices = reading.texts.slices(stretches)
    return tuple(slices if workers.same_disk else map(reading.texts.carried, slices))


def ready(workers: Workers, reading: Reading, stretches: Sequence[Stretch]) -> Ready:
    """Encode and label a sample once, where several networks are to read it."""
    return tuple(sent(workers, reading, share) for share in shares_of(cut(stretches)))
