"""What a toy language is: strings that need a latch, a toggle, a counter or a stack, no more.

Letters: T steps, B strings read side by side, A answers. Each step of a string is a letter, and at
steps that are asked the network answers: which letters may come next, or what a probe asks for.
What a probe asks for is never read, so the state cannot be copied from an answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PADDING = -1
"""After the end of a string."""
END = "end"

Ids = NDArray[np.int64]
Truth = NDArray[np.int64]


@dataclass(frozen=True)
class Strings:
    """Strings side by side.

    Attributes:
        ids: int64[T, B], numbers of letters, `PADDING` after the end.
        answers: bool[T, B, A], what is right.
        asked: bool[T, B], where an answer counts.
    """

    ids: Ids
    answers: NDArray[np.bool_]
    asked: NDArray[np.bool_]


@dataclass(frozen=True)
class Count:
    """A count that is needed down to 0, and what shows that it is reached.

    Attributes:
        truths: Names of truths, any of which will do.
        at: Letters at which it is decided whether the count is 0.
        answer: The answer that tells.
        zero: What that answer is where the count is 0.
    """

    truths: tuple[str, ...]
    at: str
    answer: str
    zero: bool


class Language(ABC):
    """A toy language.

    Attributes:
        name: Letters, digits and hyphens.
        letters: All that is read, each by its place.
        answers: All that is answered.
        units: H of each layer of a network that learns it.
        counts: What has to be counted; empty where that is nothing.
        steps: Of training.
        rate: The highest learning rate.
        trained_to: Largest n of `climb` that training has; 0 where there is no such n.
    """

    name: str
    letters: str
    answers: tuple[str, ...]
    units: int
    steps: int = 1_200
    rate: float = 0.01
    counts: tuple[Count, ...] = ()
    trained_to: int = 0

    @abstractmethod
    def draw(self, rng: np.random.Generator, streams: int, *, beyond: bool = False) -> Ids:
        """Return strings as in training, or beyond its lengths or depths, int64[T, B]."""

    @abstractmethod
    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step, by name, int64[T, B]."""

    @abstractmethod
    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        """Return what is right after each step, bool[T, B, A]."""

    def climb(self, ns: NDArray[np.int64]) -> Ids | None:
        """Return a string for each n, harder as n rises, int64[T, B]; None where there is none."""
        return None

    def asked(self, ids: Ids) -> NDArray[np.bool_]:
        """Return where an answer counts, bool[T, B]."""
        asked: NDArray[np.bool_] = ids != PADDING
        return asked

    def strings(self, ids: Ids) -> Strings:
        """Return strings with their answers."""
        return Strings(ids, self._answers(ids), self.asked(ids))

    def is_letter(self, ids: Ids, letters: str) -> NDArray[np.bool_]:
        """Tell where one of some letters stands."""
        table = np.array([letter in letters for letter in self.letters] + [False])
        found: NDArray[np.bool_] = table[ids]  # padding, −1, takes the last
        return found

    def less(self, ids: Ids, up: str, down: str) -> Truth:
        """Return how many of some letters there were, less how many of others."""
        table = np.array([(letter in up) - (letter in down) for letter in self.letters] + [0])
        return np.cumsum(table[ids], 0)

    def ids(self, *texts: str) -> Ids:
        """Return texts side by side, int64[T, B]."""
        table = np.zeros(128, np.int64)
        table[np.frombuffer(self.letters.encode("ascii"), np.uint8)] = np.arange(len(self.letters))
        out = np.full((len(texts), max(map(len, texts))), PADDING, np.int64)
        for row, text in zip(out, texts, strict=True):
            row[: len(text)] = table[np.frombuffer(text.encode("ascii"), np.uint8)]
        return np.ascontiguousarray(out.T)


def padded(ids: Ids, steps: int) -> Ids:
    """Return strings with nothing after their ends, int64[`steps`, B]."""
    return np.pad(ids, ((0, steps - len(ids)), (0, 0)), constant_values=PADDING)
