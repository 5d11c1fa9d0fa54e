"""What a unit does to the guess of what comes next: each entry's chance with it and without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.core.connected import Favoured
from builder.models.onestep import Moments, OneStep
from builder.tokens.reading.cutting import Cutting

SCORES = 4_000_000
"""Most guesses that are made with a unit held: V for each step."""

GUESSED_AT = 2_400
"""Most steps at which guesses are made."""

SHOWN = 4
"""Most that are kept of those that it makes likelier, and of those it makes less likely."""


class Guessing:
    """Guesses with all units as they are, and with one held.

    Args:
        one: Reads steps with the network.
        tokens: What entries are called.
        moments: Where guesses are made, or more.
    """

    def __init__(self, one: OneStep, tokens: Cutting, moments: Moments) -> None:
        most = max(1, min(GUESSED_AT, SCORES // max(1, tokens.size)))
        self._one, self._tokens = one, tokens
        self._moments = moments.some(slice(None, None, -(-len(moments) // most)))
        self._whole = one.guesses(self._moments).astype(float)
        self._known: Sequence[int] = tokens.tokens.known().tolist()

    def of(self, layer: int, index: int) -> tuple[Favoured, ...]:
        """Return what a unit makes likelier, and less likely, the most first."""
        output = self._moments.outputs[layer][:, index].double().numpy()
        mean, spread = float(output.mean()), float(output.std())
        if not spread:
            return ()
        high = (output - mean) / spread
        held = self._one.guesses(self._moments, layer, index, mean).astype(float)
        nats = high @ (self._whole - held) / len(high)
        chance = high @ (np.exp(self._whole) - np.exp(held)) / len(high)
        order = [k for k in np.argsort(-chance, kind="stable").tolist() if k in set(self._known)]
        ends = [*(k for k in order[:SHOWN] if chance[k] > 0),
                *(k for k in order[::-1][:SHOWN] if chance[k] < 0)]
        return tuple(Favoured(self._tokens.name(k), round(float(chance[k]), 6),
                              round(float(nats[k]), 4)) for k in ends)
