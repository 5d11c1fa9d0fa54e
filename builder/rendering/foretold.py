"""At which n networks were foretold to fail, held against where they did."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from builder.core.counted import Counted, Counting, Run
from builder.rendering.counting import RIGHT, rows

WORST = 3
"""Misses that are named."""


@dataclass(frozen=True)
class Foretold:
    """How well it was foretold at which n networks fail.

    Attributes:
        runs: Those that are right in training, each with something that it counts.
        r: Correlation of the logarithms; None where there are too few.
        ranks: Of the ranks.
        worst: Runs that fail furthest from where they should, the furthest first.
    """

    runs: tuple[Run, ...]
    r: float | None
    ranks: float | None
    worst: tuple[Run, ...]

    @property
    def most(self) -> int:
        """The end of the scales: no n beyond it was tried."""
        return max((run.tried_to for run in self.runs), default=2)


def foretold(counted: Counted) -> Foretold:
    """Hold what was foretold against what was found."""
    runs = tuple(run for run in counted.runs if run.counting and run.within.answers >= RIGHT)
    pairs = [(math.log(ended(run.predicted, run)), math.log(ended(run.failed, run)))
             for run in runs]
    worst = sorted(runs, key=lambda run: -abs(math.log(
        ended(run.predicted, run) / ended(run.failed, run))))
    return Foretold(runs, _r(pairs), _r(_ranked(pairs)), tuple(worst[:WORST]))


def ended(n: int | None, run: Run) -> int:
    """Return an n, or the first that was not tried where it is none."""
    return run.tried_to + 1 if n is None else n


def weakest(run: Run) -> Counting:
    """Return the counting that is foretold to fail first."""
    return min(run.counting, key=lambda c: ended(c.fails.first, run))


def miss_sentence(run: Run) -> str:
    """Say what may be behind a miss, from the numbers of the run."""
    counting = weakest(run)
    foretold_n, found = ended(run.predicted, run), ended(run.failed, run)
    if abs(counting.r) < 0.95:
        return (f"no unit counts alone: the best, {counting.unit}, has r = {counting.r:.2f} with "
                "the count, so a prediction from one unit falls short")
    if foretold_n < found:
        return (f"{counting.unit} alone would fail at {foretold_n:,}; other units of the network "
                "make good for it")
    return (f"{counting.unit} alone would go on to {foretold_n:,}; in the network its steps "
            "change beyond the counts of training, which is not in them before")


@dataclass(frozen=True)
class Line:
    """Foretold and found of the networks of one architecture, in the middle."""

    title: str
    count: int
    r: float | None
    foretold: str
    found: str


def by_architecture(counted: Counted, shown: Foretold) -> Iterator[Line]:
    """Yield a line for each architecture of which anything was foretold."""
    for row in rows(counted, ()):
        runs = [run for run in shown.runs if run.architecture == row.name]
        if runs:
            pairs = [(ended(run.predicted, run), ended(run.failed, run)) for run in runs]
            logs = [(math.log(x), math.log(y)) for x, y in pairs]
            middle = [f"{median(pair[side] for pair in pairs):g}" for side in (0, 1)]
            yield Line(row.title, len(runs), _r(logs), *middle)


def closeness(shown: Foretold) -> str:
    """Say how often the foretold n is near the one that was found."""
    ratios = [ended(run.predicted, run) / ended(run.failed, run) for run in shown.runs]
    near, twice = (sum(1 / most <= ratio <= most for ratio in ratios) for most in (1.25, 2))
    return (f"{near} of {len(ratios)} fail within a quarter of the foretold n, {twice} within "
            "twice or half of it.")


def chart_label(shown: Foretold) -> str:
    """Return what the picture shows, in words."""
    said = "" if shown.r is None else f", r = {shown.r:.2f} on logarithms"
    return f"Foretold and found first n that fails, of {len(shown.runs)} networks{said}"


def dots(shown: Foretold) -> list[tuple[str, float, float]]:
    """Return a dot for each network, all of one kind."""
    return [("dot", ended(run.predicted, run), ended(run.failed, run)) for run in shown.runs]


def _r(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the correlation of pairs; None of fewer than three, or where a side is constant."""
    if len(pairs) < 3:
        return None
    xs, ys = ([pair[side] for pair in pairs] for side in (0, 1))
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    both = sum((x - x_mean) * (y - y_mean) for x, y in pairs)
    spread = math.sqrt(sum((x - x_mean) ** 2 for x in xs) * sum((y - y_mean) ** 2 for y in ys))
    return both / spread if spread > 0 else None


def _ranked(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return list(zip(*(_ranks([pair[side] for pair in pairs]) for side in (0, 1)), strict=True))


def _ranks(values: Sequence[float]) -> Iterator[float]:
    """Yield the mean rank of each value among all."""
    ordered = sorted(values)
    for value in values:
        low = ordered.index(value)
        yield low + (ordered.count(value) - 1) / 2
