"""What moves the units that are shown, and what they move."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from builder.core.connected import Connected, Moving, Tie, UnitConnections
from builder.core.text import Corpus
from builder.core.units import UnitId
from builder.evidence.connections.characters import put_in_place
from builder.evidence.connections.following import Guessing
from builder.evidence.connections.halves import Half, halves
from builder.evidence.connections.links import Link, held_at, links
from builder.models.heldalong import HeldAlong
from builder.models.losses import Hold
from builder.models.network import CharNetwork
from builder.models.onestep import OneStep
from builder.models.threads import one_thread
from builder.scoring.drive import Array, shares_of, threshold

SHOWN = 6
"""Most units that are kept on each side of a unit."""

Pair = tuple[Link, int, int]
"""Of a link the unit that is driven, and the one that drives."""


def connections(
    network: CharNetwork, corpus: Corpus, cells: Collection[tuple[int, int]]
) -> Connected:
    """Return what moves some units, and what they move.

    Args:
        network: On a processor, of an architecture that `connects`; not changed.
        corpus: On whose unseen text.
        cells: Layer and index of each unit.

    Raises:
        CorpusError: There is too little unseen text.
    """
    with one_thread():
        spec, tokens, one = network.spec, network.spec.cutting, OneStep(network)
        named, checked = halves(one, tokens, corpus)
        found = links(one, network.architecture, spec.num_layers, named, checked)
        picked = _Picked(found)
        movers = put_in_place(one, network.architecture, tokens, spec.num_layers,
                              (named, checked))
        guessing = Guessing(one, tokens, checked.moments)
        sides = {cell: (picked.driving(cell), picked.driven(cell)) for cell in sorted(cells)}
        told = _Told(network, checked, picked,
                     [pair for both in sides.values() for side in both for pair in side[:SHOWN]])
        return Connected(
            tuple(UnitConnections(
                UnitId(told.state, *cell), movers.of(*cell),
                tuple(map(told.driver, into[:SHOWN])), tuple(map(told.is_driven, out[:SHOWN])),
                guessing.of(*cell), picked.counted(cell, into=True),
                picked.counted(cell, into=False)) for cell, (into, out) in sides.items()),
            len(named.moments), len(held_at(checked.moments)), picked.pairs,
            picked.named_from, picked.there_from,
            any(link.source == link.target for link in found))


class _Picked:
    """Which pairs are named and which are there.

    Args:
        found: All pairs.
    """

    def __init__(self, found: Sequence[Link]) -> None:
        def every(name: str) -> Array:
            return np.concatenate([np.zeros(0), *(getattr(link, name)[link.pairs]
                                                  for link in found)])

        self._links, self.pairs = found, len(every("drive"))
        self.named_from = round(threshold(every("drive")), 6)
        self.there_from = round(threshold(every("held")), 6)

    def driving(self, cell: tuple[int, int]) -> list[Pair]:
        """Return the pairs in which a unit is named as driven, the strongest first."""
        return self._named([(link, cell[1], i) for link in self._links if link.target == cell[0]
                            for i in np.flatnonzero(link.pairs[cell[1]]).tolist()])

    def driven(self, cell: tuple[int, int]) -> list[Pair]:
        """Return the pairs in which a unit is named as driving, the strongest first."""
        return self._named([(link, j, cell[1]) for link in self._links if link.source == cell[0]
                            for j in np.flatnonzero(link.pairs[:, cell[1]]).tolist()])

    def _named(self, pairs: Sequence[Pair]) -> list[Pair]:
        named = [p for p in pairs if p[0].drive[p[1], p[2]] > self.named_from]
        return sorted(named, key=lambda p: -p[0].drive[p[1], p[2]])

    def is_there(self, pair: Pair) -> bool:
        """Tell whether holding shows it."""
        link, j, i = pair
        return bool(link.held[j, i] > self.there_from)

    def counted(self, cell: tuple[int, int], *, into: bool) -> Moving:
        """Return how many units there are on one side of a unit."""
        counts = np.zeros(3, int)
        for link in self._links:
            layer, side = (link.target, cell[1]) if into else (link.source, np.s_[:, cell[1]])
            if layer == cell[0]:
                pairs = link.pairs[side]
                named = pairs & (link.drive[side] > self.named_from)
                there = pairs & (link.held[side] > self.there_from)
                counts += [named.sum(), there.sum(), (named & there).sum()]
        return Moving(*counts.tolist())


class _Told:
    """What is told of pairs that are shown.

    Args:
        network: Whose units.
        checked: Text on which units are held all along.
        picked: Which pairs are there.
        shown: The pairs.
    """

    def __init__(
        self, network: CharNetwork, checked: Half, picked: _Picked, shown: Sequence[Pair]
    ) -> None:
        architecture = network.architecture
        self.state, self._output = architecture.signal(architecture.change).of, architecture.output
        self._picked, self._hidden = picked, network.spec.hidden_size
        held = {(link.source, i): Hold(link.source, i, float(link.means[i]))
                for link, _, i in shown}
        self._row = {cell: row for row, cell in enumerate(held)}
        along = HeldAlong(network, checked.texts, checked.first) \
            if held and architecture.holds_streams else None
        self._running = None if along is None else shares_of(
            along.differences(list(held.values())).T, along.spread)  # [L · H, M]

    def driver(self, pair: Pair) -> Tie:
        """Return what a unit does, seen from the one that it drives."""
        link, _, i = pair
        return self._tie(pair, UnitId(self._output, link.source, i))

    def is_driven(self, pair: Pair) -> Tie:
        """Return what a unit does, seen from itself."""
        link, j, _ = pair
        return self._tie(pair, UnitId(self.state, link.target, j))

    def _tie(self, pair: Pair, other: UnitId) -> Tie:
        link, j, i = pair
        running = None if self._running is None else round(float(
            self._running[link.target * self._hidden + j, self._row[link.source, i]]), 4)
        drive, held, turn = (round(float(of[j, i]), 4)
                             for of in (link.drive, link.held, link.turn))
        return Tie(other, link.through[link.block[j, i]], drive, held, turn, running,
                   self._picked.is_there(pair))
