"""A network of ours as a source of activations: it can do everything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.activations.blocks import read_batch
from builder.activations.opened import Opened
from builder.activations.sampling import SAMPLE_CHARACTERS, predicted, scattered
from builder.activations.signals import units_of
from builder.activations.source import Ability, ActivationSource
from builder.activations.texts import Slice
from builder.core.blocks import StateBlock
from builder.core.text import Corpus, Split
from builder.core.units import Signal, UnitId
from builder.models.hold import ablate
from builder.models.losses import Hold, character_losses
from builder.models.network import CharNetwork
from builder.models.threads import one_thread
from builder.models.untrained import KINDS, OF_EACH_KIND, untrained_twin
from builder.tokens.reading.cutting import Cutting


@dataclass(frozen=True)
class NetworkSource(ActivationSource):
    """A network of an architecture that is known.

    Attributes:
        network: Whose signals are read.
    """

    network: CharNetwork

    @property
    def abilities(self) -> frozenset[Ability]:
        """Everything."""
        return frozenset(Ability)

    @property
    def twins(self) -> tuple[int, ...]:
        """How many networks that learned nothing there are of each kind."""
        return (OF_EACH_KIND,) * len(KINDS)

    @property
    def tokens(self) -> Cutting:
        """What it reads at once, and where it begins anew."""
        return self.network.spec.cutting

    @property
    def known(self) -> int:
        """How many different steps it knows."""
        return len(self.network.spec.vocabulary.known())

    @property
    def signals(self) -> tuple[Signal, ...]:
        """All signals of its architecture."""
        return self.network.architecture.signals

    @property
    def states(self) -> tuple[str, ...]:
        """Names of its states."""
        return self.network.architecture.states

    @property
    def changes(self) -> tuple[str, ...]:
        """The change by which its architecture is judged."""
        return (self.network.architecture.change,)

    def changing(self, unit: UnitId) -> UnitId:
        """Return the change of a unit's cell."""
        return UnitId(self.network.architecture.change, *unit.cell)

    def units_of(self, signals: Sequence[str]) -> tuple[UnitId, ...]:
        """Return the units of some signals."""
        return units_of(self.network.spec, signals)

    def blocks(
        self, parts: Sequence[Slice], ids: Sequence[NDArray[np.int64]], signals: Sequence[str],
        sets: Sequence[str], rows: int,
    ) -> Iterator[StateBlock]:
        """Read the parts side by side, each from a zero state."""
        opened = Opened(self.network, signals, sets)
        return read_batch(opened, ids, range(len(ids)), rows)

    def twin(self, number: int) -> ActivationSource:
        """Return a network that learned nothing."""
        with one_thread():
            return NetworkSource(untrained_twin(self.network, number))

    def bits(self, corpus: Corpus, splits: Collection[Split]) -> float | None:
        """Return bits per character, each stretch of a sample read from some way before it."""
        sampled = predicted(SAMPLE_CHARACTERS, self.tokens.size)
        stretches = [s for split in Split if split in splits
                     for s in scattered(corpus, split, sampled)]
        texts = [self.tokens.steps(d.text[p.read_start : p.stop]) for d, p in stretches]
        first = [int(np.searchsorted(steps.ends, p.scored_start - p.read_start))
                 for steps, (_, p) in zip(texts, stretches, strict=True)]
        with one_thread():
            losses = character_losses(self.network, [steps.fed for steps in texts], first=first)
        nats, characters = 0.0, 0
        for steps, loss, k in zip(texts, losses, first, strict=True):
            told = steps.predicts
            told[:k] = False
            nats += float(np.nansum(loss[told], dtype=np.float64))
            characters += int(steps.sizes[1:][told[:-1]].sum())
        return nats / characters / float(np.log(2)) if characters else None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The signal that the decoder reads."""
        return (self.network.architecture.output,)

    def held(self, unit: UnitId) -> UnitId:
        """Return the output of a unit's cell."""
        return UnitId(self.network.architecture.output, *unit.cell)

    def losses(self, texts: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        """Return the losses of the whole network."""
        with one_thread():
            return character_losses(self.network, texts)

    def losses_without(
        self, texts: Sequence[NDArray[np.int64]], held: Sequence[tuple[UnitId, float]],
        first: Sequence[int],
    ) -> list[list[NDArray[np.float32]]]:
        """Return the losses without each unit: side by side where that can be done.

        Overwriting a cell's output is the same as the changed weights of `ablate`, to rounding.
        """
        if not self.network.architecture.holds_streams:
            return [character_losses(ablate(self.network, *unit.cell, value), texts, first=first)
                    for unit, value in held]
        streams = [Hold(*unit.cell, value) for unit, value in held for _ in texts]
        count = len(texts)
        found = character_losses(self.network, list(texts) * len(held), len(streams),
                                 list(first) * len(held), streams)
        return [found[n * count : (n + 1) * count] for n in range(len(held))]
