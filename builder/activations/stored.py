"""Stored values as a source of activations: of any model whatever, for nobody runs it here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.blocks import STREAMS
from builder.activations.npz import Scratch
from builder.activations.source import Ability, ActivationSource
from builder.activations.states_checks import ROWS
from builder.activations.states_file import Layer
from builder.activations.texts import Slice
from builder.core.blocks import StateBlock
from builder.core.text import Corpus, Split
from builder.core.units import Kind, Signal, UnitId
from builder.tokens.contract import Cut

CHANGE = "d"
"""What stands before the name of a signal in that of its change."""

_TITLES = {"h": "hidden state", "c": "cell state"}


@dataclass(frozen=True)
class StoredSource(ActivationSource):
    """Values that lie in a file, and maybe in others those of networks that learned nothing.

    Attributes:
        layers: Where the values of each signal and layer are.
        cut: What the steps are.
        places: Digest of a document to its first step.
        others: The layers of each network that learned nothing.
        log_probs: Logarithm of the chance that the model gave to each step, [N]; None where that
            is not known.
        vocabulary: How many different steps the model knows; None where that is not known.
        names: Of units, in the order of all of them; empty where they have none.
        scratch: Keeps what was unpacked.
        scales: Signal to what its values are divided by; empty where they are as they were stored.
    """

    layers: tuple[Layer, ...]
    cut: Cut
    places: Mapping[str, int]
    others: tuple[tuple[Layer, ...], ...] = ()
    log_probs: NDArray[Any] | None = None
    vocabulary: int | None = None
    names: tuple[str, ...] = ()
    scratch: Scratch | None = field(default=None, compare=False)
    scales: tuple[tuple[str, float], ...] = ()

    def for_pages(self) -> StoredSource:
        """Return the same with values from −1 to 1, but for one in a thousand: as pages draw them.

        No correlation hangs on it. What 1 stands for in the file is `high` of a signal.
        """
        return replace(self, scales=tuple(self._sizes.items()))

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the files allow."""
        return frozenset([Ability.TWINS] * bool(self.others)
                         + [Ability.CHANCES] * (self.log_probs is not None))

    @property
    def twins(self) -> tuple[int, ...]:
        """How many networks that learned nothing there are; of what kind is not known."""
        return (len(self.others),) if self.others else ()

    @property
    def tokens(self) -> Cut:
        """What its steps are."""
        return self.cut

    @property
    def known(self) -> int | None:
        """How many different steps the model knows."""
        return self.vocabulary

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """Each signal of the file, and after each the change of it from step to step."""
        there = dict.fromkeys(layer.signal for layer in self.layers)
        found = []
        for name in there:
            of = name.removeprefix(CHANGE)
            size = self._sizes[name]
            given = name != of and of in there
            found.append(Signal(name, Kind.CHANGE if given else Kind.STATE, _title(name, of, given),
                                -size, size, of if given else ""))
            if not given and CHANGE + name not in there:
                found.append(Signal(CHANGE + name, Kind.CHANGE, _title(CHANGE + name, name, True),
                                    -size, size, name))
        return tuple(found)

    @cached_property
    def _sizes(self) -> dict[str, float]:
        """The size of each signal's values on a picture: what one in a thousand goes beyond."""
        found: dict[str, float] = {}
        for layer in self.layers:
            values = layer.values.array
            some = np.asarray(values[:: max(1, len(values) // ROWS)], np.float32)
            size = float(np.quantile(np.abs(some), 0.999))
            found[layer.signal] = max(found.get(layer.signal, 0.0), size) or 1.0
        return found

    @property
    def states(self) -> tuple[str, ...]:
        """Names of all that are not the change of another."""
        return tuple(signal.name for signal in self.signals if signal.kind is Kind.STATE)

    @property
    def changes(self) -> tuple[str, ...]:
        """The change of each of these, whether it was stored or is taken here."""
        return tuple(signal.name for signal in self.signals if signal.kind is Kind.CHANGE)

    def changing(self, unit: UnitId) -> UnitId:
        """Return the change of a unit."""
        name = unit.signal if self.signal(unit.signal).of else CHANGE + unit.signal
        return UnitId(name, *unit.cell)

    def units_of(self, signals: Sequence[str]) -> tuple[UnitId, ...]:
        """Return the units of some signals."""
        return tuple(UnitId(name, layer.number, index) for name, layer, _ in self._wanted(signals)
                     for index in range(layer.values.shape[1]))

    def name_of(self, unit: UnitId) -> str:
        """Return the name that the file gives to a unit; empty where it gives none."""
        if not self.names:
            return ""
        before = 0
        for layer in self.layers:
            if (layer.signal, layer.number) == (unit.signal, unit.layer):
                return self.names[before + unit.index]
            before += layer.values.shape[1]
        return ""

    def _wanted(self, signals: Sequence[str]) -> list[tuple[str, Layer, bool]]:
        """Return where the values of signals are, layer by layer, and whether as changes."""
        found = []
        for number in sorted({layer.number for layer in self.layers}):
            there = {layer.signal: layer for layer in self.layers if layer.number == number}
            for name in signals:
                of = name if name in self._sizes else name.removeprefix(CHANGE)
                if of in there:
                    found.append((name, there[of], of != name))
        return found

    def blocks(
        self, parts: Sequence[Slice], ids: Sequence[NDArray[np.int64]], signals: Sequence[str],
        sets: Sequence[str], rows: int,
    ) -> Iterator[StateBlock]:
        """Yield the values of one part after the other."""
        wanted, rows = self._wanted(signals), rows * STREAMS
        for number, (part, steps) in enumerate(zip(parts, ids, strict=True)):
            document = self.places[part.document]
            for start in range(0, len(steps), rows):
                first = document + part.bounds.first + start
                count = min(rows, len(steps) - start)
                values = np.concatenate(
                    [_changes(layer, first, count, document) if changing else
                     np.asarray(layer.values.array[first : first + count], np.float32)
                     for _, layer, changing in wanted], axis=1)
                for columns, scale in self._divided(wanted):
                    values[:, columns] /= scale
                yield StateBlock(values[:, None], start, (number,), np.array([count]))

    def _divided(
        self, wanted: Sequence[tuple[str, Layer, bool]]
    ) -> Iterator[tuple[slice, float]]:
        """Yield the columns whose values are divided, and by what."""
        scales, at = dict(self.scales), 0
        for _, layer, _ in wanted:
            width = layer.values.shape[1]
            if layer.signal in scales:
                yield slice(at, at + width), scales[layer.signal]
            at += width

    def twin(self, number: int) -> ActivationSource:
        """Return the values of a network that learned nothing."""
        return replace(self, layers=self.others[number], others=(), log_probs=None)

    def bits(self, corpus: Corpus, splits: Collection[Split]) -> float | None:
        """Return bits per character over all steps but the first of each document of a split."""
        if self.log_probs is None:
            return None
        nats, characters = 0.0, 0
        for document in corpus.documents:
            if not any(piece.split in splits for piece in document.pieces):
                continue
            sizes, first = self.cut.steps_of(document).sizes, self.places[document.digest]
            given = self.log_probs[first + 1 : first + len(sizes)]
            nats -= float(given.sum(dtype=np.float64))
            characters += int(sizes[1:].sum())
        return nats / characters / float(np.log(2)) if characters else None


def _changes(layer: Layer, first: int, count: int, document: int) -> NDArray[np.float32]:
    """Return the change at each step; before the first of a document there are zeros."""
    values = layer.values.array
    before = max(first - 1, document)
    some = np.asarray(values[before : first + count], np.float32)
    if before == first:
        some = np.concatenate([np.zeros_like(some[:1]), some])
    changes: NDArray[np.float32] = np.diff(some, axis=0)
    return changes


def _title(name: str, of: str, changes: bool) -> str:
    plain = of if changes else name
    title = _TITLES.get(plain, f"signal {plain}")
    return f"change of the {title}" if changes else title
