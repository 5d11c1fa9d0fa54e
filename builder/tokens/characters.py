"""Steps that are characters: a vocabulary of them, with one index for all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from builder.core.text import code_points

UNKNOWN = 0
"""Index of every character that is not in the vocabulary."""


@dataclass(frozen=True)
class Vocabulary:
    """Characters a model knows; `characters[i]` has index i + 1, index 0 is any other."""

    characters: tuple[str, ...]

    @classmethod
    def of_texts(cls, texts: Iterable[str], minimum_count: int = 20) -> Vocabulary:
        """Return the characters seen at least `minimum_count` times, in code point order."""
        counts = np.zeros(0x110000, np.int64)
        for text in texts:
            seen, number = np.unique(code_points(text), return_counts=True)
            counts[seen] += number
        return cls(tuple(map(chr, np.flatnonzero(counts >= minimum_count).tolist())))

    def __len__(self) -> int:
        return len(self.characters)

    @property
    def size(self) -> int:
        """Rows of the embedding: the characters and the unknown one."""
        return len(self.characters) + 1

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        codes = np.array([ord(c) for c in self.characters], np.uint32)
        order = np.argsort(codes, kind="stable")
        return codes[order], order + 1

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return the index of every character, int64[N]; unknown ones are 0."""
        codes, indices = self._sorted
        found = code_points(text)
        if not len(codes):
            return np.zeros(len(found), np.int64)
        at = np.minimum(np.searchsorted(codes, found), len(codes) - 1)
        return np.where(codes[at] == found, indices[at], UNKNOWN)

    def character(self, index: int) -> str:
        """Return the character of an index; the replacement character for the unknown one."""
        return self.characters[index - 1] if index else "\ufffd"
