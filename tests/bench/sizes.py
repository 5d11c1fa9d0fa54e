"""How much is measured, the lines that are printed, and how two sides are timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sizes:
    """How much of everything.

    Attributes:
        hidden: H of the timed networks.
        streams: Documents read side by side, and files that `measure` gets.
        characters: Characters of a document, on average.
        repeats: Times that each side is timed.
        training_streams: Documents trained on side by side.
        window: Characters of a training window.
        steps: Training steps that are timed.
        files: Files of the library that are labelled.
        megabytes: Text of the smaller and of the larger run for memory.
        cells: Pages of cells on the site.
        words: That a network with a large vocabulary reads.
    """

    hidden: int
    streams: int
    characters: int
    repeats: int
    training_streams: int
    window: int
    steps: int
    files: int
    megabytes: tuple[float, float]
    cells: int
    words: int


FULL = Sizes(256, 128, 8_000, 5, 64, 128, 40, 200, (5.0, 50.0), 200, 10_000_000)
QUICK = Sizes(256, 128, 2_000, 3, 64, 128, 9, 60, (1.0, 10.0), 60, 400_000)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    value: str
    goal: str = ""


def interleaved(
    ours: Callable[[], object], bare: Callable[[], object], repeats: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of each run of both sides, taken in turns, after one unmeasured run.

    Who goes first changes each time, so that a machine that warms up or is busy for a while
    favours neither.
    """
    times: dict[Callable[[], object], list[float]] = {ours: [], bare: []}
    for turn in range(repeats + 1):
        for side in (ours, bare) if turn % 2 else (bare, ours):
            seconds = timed(side)
            if turn:
                times[side].append(seconds)
    return times[ours], times[bare]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(above: list[float], below: list[float]) -> float:
    """Return the median over the turns of the ratio of two sides."""
    return median(a / b for a, b in zip(above, below, strict=True))


def rate(count: int, seconds: list[float]) -> str:
    """Return how many there are in a second, by the median time."""
    return f"{count / median(seconds):,.0f}"
