"""Every pair of units of which one can read the other: named by weights, checked by holding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.evidence.connections.halves import Half
from builder.models.architecture import Architecture, Parameter, Reads
from builder.models.onestep import Moments, OneStep
from builder.scoring.drive import Array, drives, shares_of

HELD_ON = 2_400
"""Most steps at which units are held one by one."""


@dataclass(frozen=True)
class Link:
    """What I units of one layer do to H of the same layer or of the next, as `Tie` has it.

    Attributes:
        source: Layer of those that drive.
        target: Layer of those that are driven.
        means: float64[I], at which each is held.
        drive: float64[H, I], shares.
        through: By block, the signal that it makes.
        block: int64[H, I], the block through which most goes.
        held: float64[H, I], shares.
        turn: float64[H, I], shares, −held to held.
        pairs: bool[H, I], which count; no unit is a pair with itself.
    """

    source: int
    target: int
    means: Array
    drive: Array
    through: tuple[str, ...]
    block: NDArray[np.int64]
    held: Array
    turn: Array
    pairs: NDArray[np.bool_]


def links(
    one: OneStep, architecture: Architecture, layers: int, named: Half, checked: Half
) -> list[Link]:
    """Return all pairs of a network.

    Args:
        one: Reads steps with it.
        architecture: What its layers are.
        layers: L.
        named: Where weights times activity are taken.
        checked: Where units are held.
    """
    found = []
    for layer in range(layers):
        for reads, source in ((Reads.OUTPUT, layer), (Reads.INPUT, layer - 1)):
            own = tuple(p for p in architecture.parameters if p.reads is reads)
            if source >= 0 and own:
                found.append(_link(one, own, source, layer, named.moments, checked.moments))
    return found


def _link(
    one: OneStep, parameters: tuple[Parameter, ...], source: int, target: int, named: Moments,
    checked: Moments,
) -> Link:
    activity = _read(named, source, target)
    means = activity.mean(0)
    weights = np.concatenate([one.weights(target, p) for p in parameters])
    slopes = np.concatenate([one.slopes(named, target, p) for p in parameters]).astype(float)
    changes = named.changes[target].numpy().astype(float)
    driven = drives(weights, slopes, activity)
    held, turn = _held(one, held_at(checked), source, target, means)
    pairs = ~np.eye(len(means), dtype=bool) if source == target else np.ones(held.shape, bool)
    through = tuple(p.given(block) for p in parameters for block in range(p.blocks))
    return Link(source, target, means, shares_of(driven.size, changes.std(0)), through,
                driven.block, held, turn, pairs)


def held_at(moments: Moments) -> Moments:
    """Return the steps at which units are held one by one: one of every so many."""
    return moments.some(slice(None, None, -(-len(moments) // HELD_ON)))


def _read(moments: Moments, source: int, target: int) -> Array:
    """Return what a layer reads of units of a layer, float64[N, I]."""
    read = moments.before[target][0][0] if source == target else moments.inputs[target]
    activity: Array = read.double().numpy()
    return activity


def _held(
    one: OneStep, moments: Moments, source: int, target: int, means: Array
) -> tuple[Array, Array]:
    """Return by how much changes are others where each unit is held, and which way."""
    as_is, above = moments.changes[target].numpy(), _read(moments, source, target) - means
    spreads = np.sqrt(np.square(above).mean(0))
    high = np.divide(above, spreads, out=np.zeros_like(above), where=spreads > 0)
    hold = one.held_before if source == target else one.held_below
    held, turn = np.zeros((2, as_is.shape[1], len(means)))
    for i, mean in enumerate(means.tolist()):
        by = (as_is - hold(moments, target, i, mean)).astype(float)
        held[:, i] = np.sqrt(np.square(by).mean(0))
        turn[:, i] = (by * high[:, [i]]).mean(0)
    spread = as_is.astype(float).std(0)
    return shares_of(held, spread), shares_of(turn, spread)
