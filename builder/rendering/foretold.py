"""At which n networks were foretold to fail, held against where they did."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from builder.core.counted import Counted, Counting, Run
from builder.rendering.counting import TITLES, rows
from builder.rendering.numbers import number

WHOLE = 0.9
"""Share of whole strings from which a network is right in training."""
WELL, A_LITTLE = 0.5, 0.2
"""Correlations within a language from which the steps of a unit tell something."""
WORST = 3
"""Misses that are named."""


@dataclass(frozen=True)
class Foretold:
    """How well it was foretold at which n networks fail.

    Attributes:
        runs: Those that are right in training and have a unit that counts through it alone.
        others: Those that are right in training and have none.
        r: Correlation of the logarithms; None where there are too few.
        within: The same of what is left of both when the mean of the language is taken off.
        guess: Correlation of the found n with the largest of training alone.
        worst: Runs that fail furthest from where they should, the furthest first.
    """

    runs: tuple[Run, ...]
    others: tuple[Run, ...]
    r: float | None
    within: float | None
    guess: float | None
    worst: tuple[Run, ...]

    @property
    def most(self) -> int:
        """The end of the scales: no n beyond it was tried."""
        return max((run.tried_to for run in self.runs), default=2)


def foretold(counted: Counted) -> Foretold:
    """Hold what was foretold against what was found."""
    right = [run for run in counted.runs if run.counting and run.within.strings >= WHOLE]
    runs = tuple(run for run in right if ended(run.predicted, run) > run.trained_to)
    pairs = [logs(run) for run in runs]
    worst = sorted(runs, key=lambda run: -abs(logs(run)[0] - logs(run)[1]))
    return Foretold(
        runs, tuple(run for run in right if run not in runs), _r(pairs), _r(_centred(runs)),
        _r([(math.log(run.trained_to), logs(run)[1]) for run in runs]), tuple(worst[:WORST]))


def logs(run: Run) -> tuple[float, float]:
    """Return the logarithms of the foretold and of the found n."""
    return math.log(ended(run.predicted, run)), math.log(ended(run.failed, run))


def _centred(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Return the logarithms less their means over the runs of the same language."""
    out = list[tuple[float, float]]()
    for language in sorted({run.language for run in runs}):
        pairs = [logs(run) for run in runs if run.language == language]
        means = [sum(side) / len(pairs) for side in zip(*pairs, strict=True)]
        out += [(x - means[0], y - means[1]) for x, y in pairs]
    return out


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
    much = f"{counting.unit} counts (r = {number(counting.r)})"
    if foretold_n < found:
        return (f"{much} and alone would fail at {foretold_n:,}: other units of the network make "
                "good for it")
    far = f"past {run.tried_to:,}" if run.predicted is None else f"on to {foretold_n:,}"
    return (f"{much} and alone would go {far}: what makes the network fail is not "
            "in its steps in training")


@dataclass(frozen=True)
class Line:
    """Foretold and found of some networks, in the middle."""

    title: str
    count: int
    of: int
    r: float | None
    foretold: str
    found: str


def by_architecture(counted: Counted, shown: Foretold) -> Iterator[Line]:
    """Yield a line for each architecture of which networks are right in training."""
    for row in rows(counted, ()):
        yield from _line(row.title, *([run for run in some if run.architecture == row.name]
                                      for some in (shown.runs, shown.others)))


def by_language(shown: Foretold) -> Iterator[Line]:
    """Yield a line for each language in which networks are right in training."""
    for name in TITLES:
        yield from _line(TITLES[name], *([run for run in some if run.language == name]
                                         for some in (shown.runs, shown.others)))


def _line(title: str, runs: Sequence[Run], others: Sequence[Run]) -> Iterator[Line]:
    if not runs:
        if others:
            yield Line(title, 0, len(others), None, "", "")
        return
    middle = [f"{median(ended(n, run) for n, run in ns):g}" for ns in (
        [(run.predicted, run) for run in runs], [(run.failed, run) for run in runs])]
    yield Line(title, len(runs), len(runs) + len(others), _r([logs(run) for run in runs]), *middle)


def closeness(shown: Foretold) -> str:
    """Say how often the foretold n is near the one that was found."""
    ratios = [ended(run.predicted, run) / ended(run.failed, run) for run in shown.runs]
    near, twice = (sum(1 / most <= ratio <= most for ratio in ratios) for most in (1.25, 2))
    return (f"{near} of {len(ratios)} fail within a quarter of the foretold n, {twice} within "
            "twice or half of it.")


def verdict(shown: Foretold) -> str:
    """Say what the steps of a unit tell about where a network fails; empty where not known."""
    if shown.within is None:
        return ""
    what = "about where its network fails, beyond what the length of training says"
    if shown.within >= WELL:
        return f"So the steps of one unit do tell something {what}."
    if shown.within >= A_LITTLE:
        return f"So the steps of one unit tell a little {what}."
    return (f"So over all languages together, the steps of one unit tell nothing {what}; the "
            "table below has each language by itself.")


def chart_label(shown: Foretold) -> str:
    """Return what the picture shows, in words."""
    said = "" if shown.r is None else f", r = {number(shown.r)} on logarithms"
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
