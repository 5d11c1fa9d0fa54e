"""Which steps a stretch of characters has: where steps that were cut by its ends belong.

A step belongs to the stretch that has its last character. One that covers nothing, as a byte inside
a character, belongs where the character is that it ends before; after the last character of a text,
where that one is. So every step belongs to one of the stretches that a text is cut into, and the
bytes of a character stay together.

What is read of a stretch covers all of its characters: where its last one is inside a step, that
step is read too, and does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.text import Piece

Ends = NDArray[Any]
"""[S], position after the last character of each step of a document; any whole type."""


@dataclass(frozen=True)
class Bounds:
    """A stretch, in steps of its document: `first` to `end` are read, `scored` to `stop` count.

    Attributes:
        first: The first that belongs to what is read.
        scored: The first that belongs to what is scored.
        stop: After the last that belongs to it.
        end: After the last that is read.
    """

    first: int
    scored: int
    stop: int
    end: int


def bounds(piece: Piece, ends: Ends | None) -> Bounds:
    """Return the bounds of a piece.

    Args:
        piece: In characters.
        ends: Of its document's steps; None where each is one character.
    """
    stop = steps_before(piece.stop, ends)
    return Bounds(steps_before(piece.read_start, ends), steps_before(piece.scored_start, ends),
                  stop, max(stop, _covering(piece.stop, ends)))


def steps_before(position: int, ends: Ends | None) -> int:
    """Return how many steps of a document belong before a position of its text.

    Args:
        position: In characters.
        ends: Of the steps; None where each is one character.
    """
    if ends is None:
        return position
    if not len(ends) or position >= ends[-1]:
        return len(ends)
    at = int(np.searchsorted(ends, position))
    # those that end here too and come later cover nothing: they belong to what follows
    return at + int(position > 0 and ends[at] == position)


def _covering(position: int, ends: Ends | None) -> int:
    """Return how many steps it takes to cover all characters before a position."""
    if ends is None or not position:
        return position
    return min(int(np.searchsorted(ends, position)) + 1, len(ends))
