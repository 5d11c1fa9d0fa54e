"""The words of a text as arrays, and which of them are in a list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from builder.features.joined import joined

S = TypeVar("S", bound=np.generic)

LONGEST = 16
"""Words that are longer than this are in no list."""


@dataclass(frozen=True)
class Words:
    """W words, which may follow each other without a gap.

    Attributes:
        codes: uint32[N], the text.
        inside: bool[N], where words are.
        starts: int64[W].
        sizes: int64[W].
    """

    codes: NDArray[np.uint32]
    inside: NDArray[np.bool_]
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]

    @classmethod
    def of(cls, codes: NDArray[np.uint32], inside: NDArray[np.bool_]) -> Words:
        """Take each run of characters that are inside words as one."""
        edges = np.flatnonzero(np.diff(joined(False, inside, False)))
        return cls(codes, inside, edges[::2], edges[1::2] - edges[::2])

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def number(self) -> NDArray[np.int32]:
        """Number of the word that each character is in, or of the last one before; int32[N].

        0 before the first word.
        """
        begins = np.zeros(len(self.inside), np.int32)
        begins[self.starts] = 1
        return np.maximum(np.cumsum(begins, dtype=np.int32) - 1, 0)

    @cached_property
    def _keys(self) -> NDArray[np.uint64]:
        """The first 16 characters of each word, 8 in a number, uint64[2, W]; 0 for odd ones."""
        keys = np.zeros((2, len(self)), np.uint64)
        padded = joined(self.codes, np.zeros(LONGEST, np.uint32))
        odd = self.sizes > LONGEST
        for k in range(min(LONGEST, int(self.sizes.max(initial=0)))):
            there = np.flatnonzero(self.sizes > k)
            code = padded[self.starts[there] + k]
            odd[there] |= code > 255
            keys[k // 8, there] |= code.astype(np.uint64) << np.uint64(8 * (k % 8))
        keys[:, odd] = 0
        return keys

    @cached_property
    def _kinds(self) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
        """The first keys that there are, each once, and which of them each word has."""
        return np.unique(self._keys[0], return_inverse=True)

    def among(self, names: Collection[str]) -> NDArray[np.bool_]:
        """Return which words are in a list of words of up to 16 Latin-1 characters, bool[W]."""
        low, high = self._keys
        kinds, kind_of = self._kinds
        short = np.array([_key(name) for name in names if len(name) <= 8], np.uint64)
        found: NDArray[np.bool_] = np.isin(kinds, short)[kind_of] & (high == 0)
        for name in names:
            if len(name) > 8:
                found |= (low == _key(name[:8])) & (high == _key(name[8:]))
        return found

    def spread(self, values: NDArray[S]) -> NDArray[S]:
        """Give each character of a word the word's value, and 0 to all others, [N]."""
        if not len(values):
            return np.zeros(len(self.inside), values.dtype)
        out: NDArray[S] = values[self.number] * self.inside
        return out


def _key(part: str) -> np.uint64:
    return np.uint64(sum(ord(c) << 8 * i for i, c in enumerate(part)))
