"""Where activations come from: a value of every unit at every step, and what else can be had.

Our own networks are one source (`networks.py`), stored values another (`stored.py`), somebody's
network in memory a third (`live.py`). What a source can do decides what can be claimed of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from builder.activations.texts import Slice
from builder.core.blocks import StateBlock
from builder.core.errors import Problem, UserError, did_you_mean
from builder.core.text import Corpus, Split
from builder.core.units import Signal, UnitId
from builder.tokens.contract import Cut


class Ability(StrEnum):
    """What a source can do besides giving values."""

    TWINS = "twins"
    """There are networks of its shape that learned nothing."""
    CHANCES = "chances"
    """It says how likely each next step is."""
    HOLD = "hold"
    """It says what it loses when a unit is held at a constant."""
    WEIGHTS = "weights"
    """It is a network of ours, whose weights can be looked at."""


class ActivationSource(ABC):
    """Values at every step of a text.

    What it cannot do it is not asked for: whatever hangs on it is not measured.
    """

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can do besides; nothing by default."""
        return frozenset()

    @property
    def twins(self) -> tuple[int, ...]:
        """How many networks of its shape there are that learned nothing, of each kind."""
        return ()

    @property
    @abstractmethod
    def tokens(self) -> Cut:
        """What its steps are."""

    @property
    def known(self) -> int | None:
        """How many different steps it knows; None where that is not said."""
        return None

    @property
    @abstractmethod
    def signals(self) -> tuple[Signal, ...]:
        """All signals that there are."""

    @property
    @abstractmethod
    def states(self) -> tuple[str, ...]:
        """Names of those that are scored where nothing else is asked for."""

    @property
    @abstractmethod
    def changes(self) -> tuple[str, ...]:
        """Names of the signals by which events and the counter test are judged."""

    @abstractmethod
    def changing(self, unit: UnitId) -> UnitId:
        """Return the unit of one of `changes` that tells what happens to a unit of a state."""

    @abstractmethod
    def units_of(self, signals: Sequence[str]) -> tuple[UnitId, ...]:
        """Return the units of some signals: layer by layer, signals as asked for."""

    @abstractmethod
    def blocks(
        self, parts: Sequence[Slice], ids: Sequence[NDArray[np.int64]], signals: Sequence[str],
        sets: Sequence[str], rows: int,
    ) -> Iterator[StateBlock]:
        """Yield the values of parts of texts; the columns of a block are numbers of parts.

        Args:
            parts: What is read.
            ids: The steps of each, int64[S].
            signals: Names of those that are wanted; the values are of `units_of` these.
            sets: Sets of characters. The last values are the chances that the next step begins
                with one of each; only where the source has them.
            rows: T, steps of a block of many streams.
        """

    def name_of(self, unit: UnitId) -> str:
        """Return what somebody else calls a unit; empty where nobody does."""
        return ""

    def signal(self, name: str) -> Signal:
        """Return the signal of a name."""
        return next(signal for signal in self.signals if signal.name == name)

    def with_states(self, others: Sequence[str]) -> tuple[str, ...]:
        """Return the state signals and others, each once; none is the same as the states alone.

        Raises:
            UserError: There is no such signal; names all.
        """
        there = [signal.name for signal in self.signals]
        problems = [Problem(f"signal {name!r}", "there is no such signal", "",
                            did_you_mean(name, there) or f"there are: {' '.join(there)}")
                    for name in others if name not in there]
        if problems:
            raise UserError(problems)
        more = tuple(dict.fromkeys(s for s in others if s not in self.states))
        return (*self.states, *more) if more else ()

    def twin(self, number: int) -> ActivationSource:
        """Return one of its twins, the same for a number every time; one kind after the other."""
        raise NotImplementedError

    def bits(self, corpus: Corpus, splits: Collection[Split]) -> float | None:
        """Return bits per character on a sample of some splits; None where nothing is predicted."""
        return None

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the signals whose units can be held."""
        return ()

    def held(self, unit: UnitId) -> UnitId:
        """Return the unit of an output that is held where a unit is to be taken away."""
        raise NotImplementedError

    def peers(self, unit: UnitId) -> tuple[UnitId, ...]:
        """Return the units of an output that one is compared with: those of its layer."""
        return tuple(u for u in self.units_of((unit.signal,)) if u.layer == unit.layer)

    def losses(self, texts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        """Return −log p of the step after every step, nats, NaN after the last of each text.

        Args:
            texts: int64[S] each; each is read as if nothing were before.
        """
        raise NotImplementedError

    def losses_without(
        self, texts: Sequence[NDArray[np.int64]], held: Sequence[tuple[UnitId, float]],
        first: Sequence[int],
    ) -> list[list[NDArray[np.float32]]]:
        """Return the same of all texts for each of some units, while it is held at a value.

        Args:
            texts: int64[S] each.
            held: Units of `outputs`, each with the value that its readers see.
            first: Step of each text before which losses may be missing.
        """
        raise NotImplementedError


def values_of(
    source: ActivationSource, parts: Sequence[Slice], ids: Sequence[NDArray[np.int64]],
    signals: Sequence[str], columns: Sequence[int], rows: int,
) -> list[NDArray[np.float32]]:
    """Read parts and return some columns of each whole, float32[S, len(columns)].

    Args:
        source: Of the values.
        parts: What is read.
        ids: The steps of each.
        signals: Names.
        columns: Of the units of these signals, those that are kept.
        rows: T, steps of a block.
    """
    return gathered(source.blocks(parts, ids, signals, (), rows), ids, columns)


def gathered(
    blocks: Iterator[StateBlock], ids: Sequence[NDArray[np.int64]], columns: Sequence[int]
) -> list[NDArray[np.float32]]:
    """Return some columns of what is read, whole, float32[S, len(columns)] of each text."""
    values = [np.empty((len(text), len(columns)), np.float32) for text in ids]
    for block in blocks:
        for b, length in enumerate(block.lengths.tolist()):
            rows = slice(block.start, block.start + length)
            values[block.columns[b]][rows] = block.values[:length, b][:, columns]
    return values
