"""Steps that are characters: a vocabulary of them, with one index for all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import Problem
from builder.core.text import code_points
from builder.tokens.contract import TOKENS, Steps
from builder.tokens.reading.listed import UNKNOWN, Listed, shown

__all__ = ["KIND", "UNKNOWN", "Vocabulary"]

KIND = "characters"


@dataclass(frozen=True)
class Vocabulary(Listed):
    """Characters a model knows; `characters[i]` has index i + 1, index 0 is any other."""

    kind: ClassVar[str] = KIND
    one_character: ClassVar[bool] = True
    what: ClassVar[str] = "characters"

    @classmethod
    def of_texts(cls, texts: Iterable[str], minimum_count: int = 20) -> Vocabulary:
        """Return the characters seen at least `minimum_count` times, in code point order."""
        counts = np.zeros(0x110000, np.int64)
        for text in texts:
            seen, number = np.unique(code_points(text), return_counts=True)
            counts[seen] += number
        return cls(tuple(map(chr, np.flatnonzero(counts >= minimum_count).tolist())))

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        pairs = sorted((ord(c), i) for c, i in self.index.items())
        return (np.array([code for code, _ in pairs], np.uint32),
                np.array([i for _, i in pairs], np.int64))

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return the index of every character, int64[N]; unknown ones have one of their own."""
        codes, indices = self._sorted
        found = code_points(text)
        if not len(codes):
            return np.full(len(found), self.unknown_index, np.int64)
        at = np.minimum(np.searchsorted(codes, found), len(codes) - 1)
        return np.where(codes[at] == found, indices[at], self.unknown_index)

    def steps(self, text: str) -> Steps:
        """Return a step for each character."""
        return Steps(self.encode(text), np.arange(1, len(text) + 1, dtype=np.int64))

    @classmethod
    def misfits(cls, entries: Sequence[str], where: str) -> list[Problem]:
        """Return what is wrong with entries that are no single characters."""
        longer = [entry for entry in entries if len(entry) > 1]
        return [Problem(where, "not single characters", shown(longer), 'name them under "special", '
                        'or say what steps are: "tokens": "words", or "pieces"')] if longer else []


TOKENS.register(KIND, Vocabulary)
