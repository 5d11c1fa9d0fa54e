"""Steps that somebody else cut: those of documents whose activations are at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.text import Document
from builder.tokens.contract import Steps

UNKNOWN = "\ufffd"
"""Name of what is in no vocabulary."""


@dataclass(frozen=True)
class GivenSteps:
    """Steps of documents, as they were given.

    Attributes:
        names: What each index stands for; index 0 is whatever is in no vocabulary.
        ids: [N], index of each step of all documents, one document after the other.
        sizes: [N], characters that each covers.
        places: Digest of a document to its first step and the one after its last.
        one_character: Whether each step is one character.
    """

    names: tuple[str, ...]
    ids: NDArray[Any]
    sizes: NDArray[Any]
    places: Mapping[str, tuple[int, int]]
    one_character: bool = False

    @property
    def size(self) -> int:
        """V."""
        return len(self.names)

    def name(self, index: int) -> str:
        """Return what an index stands for."""
        return self.names[index]

    @property
    def carries(self) -> bool:
        """True: how states were made is not known, so they are taken as they come."""
        return True

    @property
    def begin(self) -> int | None:
        """None: nothing is fed that is not in the text."""
        return None

    def are_unknown(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which steps are not known: those of index 0."""
        return np.equal(ids, 0)

    def steps_of(self, document: Document) -> Steps:
        """Return the steps of one of these documents."""
        start, stop = self.places[document.digest]
        return Steps(self.ids[start:stop].astype(np.int64),
                     np.cumsum(self.sizes[start:stop], dtype=np.int64))


def numbered(
    tokens: Iterable[list[str]], vocabulary: Iterable[str] | None = None
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Number steps by what they are.

    Args:
        tokens: What each step covers, some at a time.
        vocabulary: What is known; everything where it is None.

    Returns:
        What each number stands for, and the number of each step; 0 is what is not known.
    """
    numbers = {name: i for i, name in enumerate(vocabulary or (), 1)}
    found = [np.zeros(0, np.int32)]
    for some in tokens:
        if vocabulary is None:
            for token in dict.fromkeys(some):
                numbers.setdefault(token, len(numbers) + 1)
        found.append(np.array([numbers.get(token, 0) for token in some], np.int32))
    return (UNKNOWN, *numbers), np.concatenate(found)
