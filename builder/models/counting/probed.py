"""A latch, a toggle, a counter, each asked for by a rare probe; and parity, asked for always."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from builder.models.counting.language import Count, Ids, Language, Truth


class Parity(Language):
    """Whether the number of ones is odd, asked at every step; 40 letters in training.

    Source:
        Delétang et al. 2023, Neural networks and the Chomsky hierarchy, arXiv 2207.02098: the
        lengths, 41 to 500 to be judged on.
    """

    longest, judged = 40, 500

    def __init__(self) -> None:
        self.name, self.letters, self.units = "parity", "01", 16
        self.answers, self.trained_to = ("odd",), self.longest

    def draw(self, rng: np.random.Generator, streams: int, *, beyond: bool = False) -> Ids:
        """Return strings, int64[T, B]."""
        return rng.integers(2, size=(self.judged if beyond else self.longest, streams))

    def climb(self, ns: NDArray[np.int64]) -> Ids:
        """Return a string for each n, int64[T, B]."""
        return self.ids(*("1" * n for n in ns.tolist()))

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        return {"toggle": self.less(ids, "1", "") % 2}

    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        odd: NDArray[np.bool_] = (self.truths(ids)["toggle"] == 1)[..., None]
        return odd


class Probed(Language):
    """A state that some letters change and others leave alone, asked for by a rare probe `?`."""

    longest = 80
    noise = "xyz"

    def __init__(self, truth: str, events: str, answers: tuple[str, ...]) -> None:
        self.name = self.truth = truth
        self.events, self.letters, self.units = events, f"{events}{self.noise}?", 16
        self.answers = answers

    def draw(self, rng: np.random.Generator, streams: int, *, beyond: bool = False) -> Ids:
        """Return strings, int64[T, B]."""
        steps = (4 if beyond else 1) * self.longest
        kinds = len(self.noise) + 1  # the probe is as rare as each letter of the noise
        out = rng.integers(kinds, size=(steps, streams)) + len(self.events)
        event = rng.random((steps, streams)) < self._share(beyond)
        out[event] = rng.integers(len(self.events), size=int(event.sum()))
        return self._mended(out, rng, beyond)

    def _share(self, beyond: bool) -> float:
        return 0.15

    def _mended(self, ids: Ids, rng: np.random.Generator, beyond: bool) -> Ids:
        return ids

    def asked(self, ids: Ids) -> NDArray[np.bool_]:
        """Return where an answer counts: at the probes."""
        return self.is_letter(ids, "?")

    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        on: NDArray[np.bool_] = (self.truths(ids)[self.truth] == 1)[..., None]
        return on


class Latch(Probed):
    """On at `#`, off at the end of the line: as a comment."""

    def __init__(self) -> None:
        super().__init__("latch", "#\n", ("on",))
        self.trained_to = 30

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        steps = np.arange(1, len(ids) + 1)[:, None]
        on, off = (np.maximum.accumulate(np.where(self.is_letter(ids, x), steps, 0))
                   for x in self.events)
        return {"latch": (on > off).astype(np.int64)}

    def climb(self, ns: NDArray[np.int64]) -> Ids:
        """Return a latch set, and one set and let go, each n letters before the probe."""
        return self.ids(*(f"#{'x' * n}?\n{'x' * n}?" for n in ns.tolist()))


class Toggle(Probed):
    """The same quotation mark opens and closes: as a string."""

    def __init__(self) -> None:
        super().__init__("toggle", '"', ("on",))
        self.trained_to = 20

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        return {"toggle": self.less(ids, '"', "") % 2}

    def climb(self, ns: NDArray[np.int64]) -> Ids:
        """Return n marks, with a letter after each, before the probe."""
        return self.ids(*('"x' * n + "?" for n in ns.tolist()))


class Counter(Probed):
    """A depth of 0 to 10, asked for is whether it is 0."""

    deepest = 10

    def __init__(self) -> None:
        super().__init__("counter", "()", ("zero",))
        self.trained_to = self.deepest
        self.counts = (Count(("counter",), "?", "zero", True),)

    def _share(self, beyond: bool) -> float:
        return 0.6

    def _mended(self, ids: Ids, rng: np.random.Generator, beyond: bool) -> Ids:
        """Turn brackets round where the depth would leave its bounds; runs make it go far."""
        deepest = (4 if beyond else 1) * self.deepest
        depth, way = np.zeros(ids.shape[1], np.int64), np.zeros(ids.shape[1], np.int64)
        for row in ids:
            event = row < 2
            turn = rng.random(ids.shape[1]) < 1 / deepest
            way = np.where(turn, 1 - way, way)
            way = np.where(depth == 0, 0, np.where(depth == deepest, 1, way))
            row[event] = way[event]
            depth += np.where(event, 1 - 2 * way, 0)
        return ids

    def truths(self, ids: Ids) -> Mapping[str, Truth]:
        """Return what there is to know after each step."""
        return {"counter": self.less(ids, "(", ")")}

    def _answers(self, ids: Ids) -> NDArray[np.bool_]:
        zero: NDArray[np.bool_] = (self.truths(ids)["counter"] == 0)[..., None]
        return zero

    def climb(self, ns: NDArray[np.int64]) -> Ids:
        """Return n brackets opened, asked for at depths 1 and 0 on the way back."""
        return self.ids(*("(" * n + ")" * (n - 1) + "?)?" for n in ns.tolist()))
