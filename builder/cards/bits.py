"""How well a network guesses a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.activations.sampling import Stretch
from builder.models.evaluate import bits_per_character
from builder.models.network import CharNetwork
from builder.models.threads import one_thread


def bits_of(network: CharNetwork, stretches: Sequence[Stretch]) -> float | None:
    """Return bits per character over stretches of text; None where there is nothing to guess."""
    encode = network.spec.vocabulary.encode
    with one_thread():
        texts = [encode(d.text[p.start : p.stop]) for d, p in stretches]
        bits = bits_per_character(network, texts)
    return bits if np.isfinite(bits) else None
