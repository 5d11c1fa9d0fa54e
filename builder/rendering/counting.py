"""What the page on who can count shows: theory held against measurement, n by n."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from builder.core.counted import Counted, Run
from builder.rendering.sentences import listed
from builder.rendering.theory import COUNTER, LATCH, THEORY, TOGGLE, Said


@dataclass(frozen=True)
class Asking:
    """What is asked of networks in the first table: what theory calls it, and in which language."""

    title: str
    theory: str
    language: str
    n: str


ASKED = (
    Asking("latch", LATCH, "latch", "letters since it was set or let go"),
    Asking("toggle", TOGGLE, "toggle", "times it was turned over"),
    Asking("counter", COUNTER, "counter", "brackets opened and closed"),
    Asking("counter, aⁿbⁿ", COUNTER, "anbn", "n"),
)
PROBED = frozenset({"latch", "toggle", "counter"})
"""Languages of our own, in which a probe asks."""
COUNTED = frozenset({"counter", "anbn"})
"""Languages in which a network must count far to be said to count."""
RIGHT = 0.99
"""Share of answers from which a network is said to do something."""
FAR = 2
"""A network counts if it fails at no n up to so many times those of training."""

TITLES = {
    "latch": "latch", "toggle": "toggle", "counter": "counter", "anbn": "aⁿbⁿ",
    "anbncn": "aⁿbⁿcⁿ", "dyck-1": "Dyck-1", "dyck-2": "Dyck-2, no deeper than 5",
    "parity": "parity", "shuffle-2": "shuffle of two Dyck-1"}


@dataclass(frozen=True)
class Measured:
    """What a group of networks of one architecture does with one language.

    Attributes:
        language: Its name.
        runs: A run for each seed.
    """

    language: str
    runs: tuple[Run, ...]

    @property
    def learned(self) -> int:
        """How many give the right answers on strings as in training."""
        return sum(run.within.answers >= RIGHT for run in self.runs)

    @property
    def good(self) -> int:
        """How many do what is asked for beyond training too."""
        return sum(map(can, self.runs))

    @property
    def r(self) -> float | None:
        """The |r| of the best unit with what is to be known, in the middle of the seeds."""
        return _middle(self.runs, lambda run: _known(run, 0))

    @property
    def readout(self) -> float | None:
        """R² of all units together, in the middle of the seeds."""
        return _middle(self.runs, lambda run: _known(run, 1))

    @property
    def within(self) -> float | None:
        """The share of strings that are right from beginning to end, as in training."""
        return _middle(self.runs, lambda run: run.within.strings)

    @property
    def beyond(self) -> float | None:
        """The share of answers that are right beyond training, in the middle of the seeds."""
        return _middle(self.runs, lambda run: run.beyond.answers)

    @property
    def best(self) -> float | None:
        """The same of the best seed."""
        return max((run.beyond.answers for run in self.runs), default=None)

    @property
    def failed(self) -> str:
        """The first n that fails, in the middle of the seeds, in words."""
        if not self.runs or not self.runs[0].trained_to:
            return ""
        tried = self.runs[0].tried_to
        middle = median(run.failed if run.failed is not None else math.inf for run in self.runs)
        return f"none up to {tried:,}" if math.isinf(middle) else f"{middle:g}"


@dataclass(frozen=True)
class Row:
    """An architecture: what theory says of it, and what was measured."""

    name: str
    title: str
    said: tuple[Said | None, ...]
    measured: tuple[Measured, ...]

    @property
    def cells(self) -> list[tuple[Said | None, Measured]]:
        """Both, for each thing that is asked for."""
        return list(zip(self.said, self.measured, strict=True))


def can(run: Run) -> bool:
    """Tell whether a network does beyond training what it was asked for."""
    if run.language in COUNTED:
        return run.failed is None or run.failed > FAR * run.trained_to
    return run.within.answers >= RIGHT and run.beyond.answers >= RIGHT


def asked_rows(counted: Counted) -> list[Row]:
    """Return the rows of the first table, what theory says beside what was measured."""
    return [replace(row, said=tuple(THEORY.get(row.name, {}).get(asking.theory)
                                    for asking in ASKED))
            for row in rows(counted, [asking.language for asking in ASKED])]


def rows(counted: Counted, languages: Sequence[str]) -> list[Row]:
    """Return a row for each architecture, those with theory first, in its order."""
    known = [name for name in THEORY if name in counted.titles]
    return [Row(name, counted.titles[name].removeprefix("an ").removeprefix("a "),
                (None,) * len(languages),
                tuple(measured(counted, name, language) for language in languages))
            for name in (*known, *sorted(counted.titles.keys() - THEORY.keys()))]


def measured(counted: Counted, architecture: str, language: str) -> Measured:
    """Return what networks of an architecture do with a language."""
    return Measured(language, tuple(run for run in counted.runs if (
        run.architecture, run.language) == (architecture, language)))


def languages_of(counted: Counted) -> list[str]:
    """Return the languages there are results of, those of the papers first in the usual order."""
    there = {run.language for run in counted.runs}
    return [*(name for name in TITLES if name in there), *sorted(there - TITLES.keys())]


def verdicts(table: Sequence[Row]) -> Iterator[str]:
    """Yield sentences that say where theory and measurement agree, and where they do not."""
    for place, asking in enumerate(ASKED):
        agree, against = list[str](), list[str]()
        for row in table:
            said, found = row.cells[place]
            if said is None or said.can is None or not found.runs:
                continue
            does = found.good * 2 > len(found.runs)
            (agree if does == said.can else against).append(
                row.title + ("" if does == said.can else
                             f" (theory {_yes(said.can)}, {found.good} of {len(found.runs)} do)"))
        if agree or against:
            yield (f"The {asking.title}: most networks do as theory says for {listed(agree)}"
                   + (f"; not so for {listed(against)}." if against else "."))


def pair(table: Sequence[Row]) -> tuple[Measured, Measured] | None:
    """Return what minGRUs do with the toggle, plain and signed; None where one was not tried."""
    place = [asking.language for asking in ASKED].index(TOGGLE)
    found = {row.name: row.measured[place] for row in table}
    plain, signed = (found.get(name) for name in ("mingru", "mingrusigned"))
    return (plain, signed) if plain and signed and plain.runs and signed.runs else None


def _yes(can: bool) -> str:
    return "yes" if can else "no"


def _known(run: Run, place: int) -> float:
    return max((pair[place] for pair in run.truths.values()), default=0.0)


def _middle(runs: Sequence[Run], value: Callable[[Run], float]) -> float | None:
    return median(map(value, runs)) if runs else None
