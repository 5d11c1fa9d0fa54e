"""Balanced brackets: Dyck languages and their shuffles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from builder.models.counting.language import END, PADDING, Count, Ids, Language, Truth


class Shuffle(Language):
    """Balanced brackets of some kinds, each balanced for itself; answered is what may come next.

    With one kind it is Dyck-1. Strings have up to 50 letters in training.

    Source:
        Suzgun et al. 2019, LSTM networks can perform dynamic counting, arXiv 1906.03648.
    """

    longest = 50
    steps, rate = 1_500, 0.02

    def __init__(self, name: str, letters: str, units: int) -> None:
        self.name, self.letters, self.units = name, letters, units
        self.pairs = [letters[at : at + 2] for at in range(0, len(letters), 2)]
        self.answers = (*letters, END)
        self.counts = tuple(Count((pair,), pair[1], pair[1], False) for pair in self.pairs)
        self.trained_to = self.longest // len(letters)

    def draw(self, rng: np.random.Generator, streams: int, *, beyond: bool = False) -> Ids:
        """Return strings, int64[T, B]."""
        low, high = (self.longest, 4 * self.longest) if beyond else (0, self.longest)
        lengths = 2 * rng.integers(low // 2 + 1, high // 2 + 1, streams)
        # a quarter of the strings climbs and comes down, so that all depths are there
        steep = np.where(rng.random(streams) < 0.25, 0.9, 0.5)
        depths = np.zeros((len(self.pairs), streams), np.int64)
        out = np.full((high, streams), PADDING, np.int64)
        for step, row in enumerate(out):
            left = lengths - step
            total = depths.sum(0)
            opens = (total == 0) | ((rng.random(streams) < steep) & (total < left))
            kind = rng.integers(len(self.pairs), size=streams)
            closable = rng.random(depths.shape) * (depths > 0)
            kind = np.where(opens, kind, closable.argmax(0))
            going = left > 0
            row[going] = (2 * kind + ~opens)[going]
            depths[kind[going], np.flatnonzero(going)] += np.where(opens, 1, -1)[going]
        return out

    def climb(self, ns: NDArray[np.int64]) -> Ids:
        """Return a string for each n, int64[T, B]."""
        up, down = ("".join(pair[side] for pair in self.pairs) for side in (0, 1))
        return self.ids(*("".join(x * n for x in up + down) for n in ns.tolist()))

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        return {pair: self.less(ids, *pair) for pair in self.pairs}

    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        depths = [self.less(ids, *pair) for pair in self.pairs]
        may = [side for depth in depths for side in (np.ones_like(depth), depth > 0)]
        return np.stack([*may, sum(depths) == 0], -1).astype(np.bool_)


class Nested(Language):
    """Dyck-2 no deeper than 5: two kinds of brackets that must not cross.

    Source:
        Hewitt et al. 2020, RNNs can generate bounded hierarchical languages with optimal memory,
        arXiv 2010.07515.
    """

    deepest, longest = 5, 50
    steps = 1_500

    def __init__(self) -> None:
        self.name, self.letters, self.units = "dyck-2", "()[]", 24
        self.answers = (*self.letters, END)

    def draw(self, rng: np.random.Generator, streams: int, *, beyond: bool = False) -> Ids:
        """Return strings, int64[T, B]."""
        low, high = (self.longest, 4 * self.longest) if beyond else (0, self.longest)
        lengths = 2 * rng.integers(low // 2 + 1, high // 2 + 1, streams)
        texts = (self._text(rng, length) for length in lengths.tolist())
        return self.ids(*texts)

    def _text(self, rng: np.random.Generator, length: int) -> str:
        text, stack = "", ""
        chance = rng.random((length, 2)).tolist()
        for step, (way, kind) in enumerate(chance):
            may = len(stack) < min(self.deepest, length - step - 1)
            if not stack or (may and way < 0.5):
                stack += "(["[kind < 0.5]
                text += stack[-1]
            else:
                text += {"(": ")", "[": "]"}[stack[-1]]
                stack = stack[:-1]
        return text

    def _tops(self, ids: Ids) -> tuple[Truth, Truth]:
        """Return depth and uppermost open bracket after each step (0, or 2 for square)."""
        depth = self.less(ids, "([", ")]")
        tops, stack = np.zeros_like(ids), np.zeros((self.deepest + 1, ids.shape[1]), np.int64)
        every = np.arange(ids.shape[1])
        for step, row in enumerate(ids):
            opened = np.flatnonzero(self.is_letter(row, "(["))
            stack[depth[step, opened], opened] = row[opened]
            tops[step] = stack[depth[step], every]
        return depth, tops

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        depth, tops = self._tops(ids)
        return {"depth": depth, "square": ((depth > 0) & (tops == 2)).astype(np.int64)}

    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        depth, tops = self._tops(ids)
        opens = depth < self.deepest
        return np.stack([opens, (depth > 0) & (tops == 0), opens, (depth > 0) & (tops == 2),
                         depth == 0], -1)
