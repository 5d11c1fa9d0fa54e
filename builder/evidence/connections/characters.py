"""What characters that are read do to units: each put in place of whatever came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.connected import Mover
from builder.evidence.connections.halves import Half
from builder.models.architecture import Architecture, Reads
from builder.models.onestep import Moments, OneStep
from builder.scoring.drive import Array, shares_of
from builder.tokens.reading.cutting import Cutting

ENTRIES = 100
"""Most entries of the vocabulary that are tried, those that come most often."""

OFTEN = 10
"""Times that one must come."""

PUT_AT = 400
"""Most steps at which each is put in place of what came."""

SHOWN = 8
"""Most characters that are kept of a unit."""


@dataclass(frozen=True)
class Put:
    """What K entries do to the H units of each of L layers.

    Attributes:
        names: Of the entries.
        often: float64[K], share of the text.
        put: float64[L, H, K], shares of what a unit changes, as `Mover` has it.
        seen: float64[L, H, K], the same.
        through: Of layer 0, by unit and entry the signal that most goes through; empty elsewhere.
    """

    names: tuple[str, ...]
    often: Array
    put: Array
    seen: Array
    through: NDArray[np.str_]

    def of(self, layer: int, index: int) -> tuple[Mover, ...]:
        """Return what moves a unit most, counted as often as it comes, the most first."""
        put, through = self.put[layer, index], self.through if layer == 0 else None
        order = np.argsort(-np.square(put) * self.often, kind="stable")[:SHOWN]
        return tuple(Mover(self.names[k], _round(self.often[k]), _round(put[k]),
                           _round(self.seen[layer, index, k]),
                           "" if through is None else str(through[index, k]))
                     for k in order.tolist() if put[k])


def put_in_place(
    one: OneStep, architecture: Architecture, tokens: Cutting, layers: int,
    halves: Sequence[Half],
) -> Put:
    """Put the entries that come most often in place of what came.

    Args:
        one: Reads steps with the network.
        architecture: What its layers are.
        tokens: What entries are called.
        layers: L.
        halves: Of the text.
    """
    ids = np.concatenate([half.moments.ids.numpy() for half in halves])
    counts = np.bincount(ids, minlength=tokens.size)
    known = [k for k in tokens.tokens.known().tolist() if counts[k] >= OFTEN]
    chosen = sorted(sorted(known, key=lambda k: -counts[k])[:ENTRIES])
    often = counts[chosen] / max(1, counts[chosen].sum())
    whole = halves[-1].moments
    some = whole.some(slice(None, None, -(-len(whole) // PUT_AT)))
    after = [one.in_place(some, entry) for entry in chosen]
    put, seen = [], []
    for layer in range(layers):
        means = np.stack([changes[layer].astype(float).mean(0) for changes in after], 1)
        changes = np.concatenate([h.moments.changes[layer].numpy() for h in halves]).astype(float)
        spread = changes.std(0)
        put.append(shares_of(means - (means @ often)[:, None], spread))
        seen.append(shares_of(np.stack([changes[ids == k].mean(0) for k in chosen], 1)
                              - changes.mean(0)[:, None], spread))
    return Put(tuple(map(tokens.name, chosen)), often, np.stack(put), np.stack(seen),
               _through(one, architecture, some, chosen, often))


def _through(
    one: OneStep, architecture: Architecture, moments: Moments, chosen: Sequence[int],
    often: Array,
) -> NDArray[np.str_]:
    """Return through what most of each entry's embedding goes into each unit, [H, K]."""
    parameters = [p for p in architecture.parameters if p.reads is Reads.INPUT]
    weights = np.concatenate([one.weights(0, p) for p in parameters])  # [G, H, E]
    slopes = np.concatenate([one.slopes(moments, 0, p) for p in parameters]).astype(float)
    given = weights @ one.embeddings(chosen).T  # [G, H, K]
    given -= (given @ often)[..., None]
    follows = np.sqrt(np.square(slopes).mean(1))[..., None]  # [G, H, 1]
    names = np.array([p.given(b) for p in parameters for b in range(p.blocks)])
    through: NDArray[np.str_] = names[np.abs(given * follows).argmax(0)]
    return through


def _round(value: float) -> float:
    return round(float(value), 4)
