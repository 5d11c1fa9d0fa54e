"""How well a network guesses a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.activations.sampling import Stretch
from builder.models.evaluate import bits_per_character
from builder.models.network import CharNetwork
from builder.models.threads import one_thread


def bits_of(network: CharNetwork, stretches: Sequence[Stretch]) -> float | None:
    """Return bits per character over stretches of text; None where there is nothing to guess.

    Each stretch is a text of its own; the characters of its first step are not guessed.
    """
    steps_of = network.spec.cutting.steps
    with one_thread():
        texts = [steps_of(d.text[p.start : p.stop]) for d, p in stretches]
        bits = bits_per_character(network, [steps.fed for steps in texts])  # per step
    told = [steps.fed[1:] >= 0 for steps in texts]
    guessed = sum(int(there.sum()) for there in told)
    characters = sum(int(steps.sizes[1:][there].sum())
                     for steps, there in zip(texts, told, strict=True))
    return bits * (guessed / characters) if characters and np.isfinite(bits) else None
