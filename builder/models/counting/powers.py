"""aⁿbⁿ and aⁿbⁿcⁿ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from builder.models.counting.language import END, Count, Ids, Language, Truth


class Powers(Language):
    """aⁿbⁿ or aⁿbⁿcⁿ, n from 1 to 50; answered is which letters may come next.

    Source:
        Suzgun et al. 2019, On evaluating the generalization of LSTM models in formal languages,
        arXiv 1811.01001: the lengths, and 3 units for three letters.
    """

    steps, rate = 3_000, 0.05

    def __init__(self, letters: str, units: int) -> None:
        self.name, self.letters, self.units = "".join(f"{x}n" for x in letters), letters, units
        self.answers = (*letters, END)
        self.counts = tuple(
            Count(tuple(f"{before}-{letter}" for before in reversed(letters[:place])), letter,
                  self.answers[place + 1], True)
            for place, letter in enumerate(letters) if place)
        self.trained_to = 50

    def draw(self, rng: np.random.Generator, streams: int, *, beyond: bool = False) -> Ids:
        """Return strings, int64[T, B]."""
        low = self.trained_to if beyond else 0
        return self.climb(rng.integers(low + 1, low + self.trained_to + 1, streams))

    def climb(self, ns: NDArray[np.int64]) -> Ids:
        """Return a string for each n, int64[T, B]."""
        return self.ids(*("".join(letter * n for letter in self.letters) for n in ns.tolist()))

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        return {truth: np.maximum(0, self.less(ids, *truth.split("-")))
                for count in self.counts for truth in count.truths}

    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        out = np.zeros((*ids.shape, len(self.answers)), np.bool_)
        out[..., 0] = out[..., 1] = ids == 0
        for place, count in enumerate(self.counts, 1):
            zero = self.less(ids, *count.truths[0].split("-")) == 0
            out[..., place] |= (ids == place) & ~zero
            out[..., place + 1] |= (ids == place) & zero
        return out
