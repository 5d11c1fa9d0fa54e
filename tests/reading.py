"""A text read from a state on."""

from __future__ import annotations

from builder.activations.carried import values_over
from builder.core.shown import Explored


def values_from(network, before, text, signals=None):
    """Return the signals of each character, [N, U], from the state before the first on."""
    excerpt = Explored("", 1, text, b"", {}, before=before)
    return values_over(network, [excerpt], signals)[0]
