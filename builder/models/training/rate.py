"""How large the steps of training are as it goes on."""

from __future__ import annotations

import math

WARM_UP, FLOOR = 0.02, 0.05


def learning_rate(step: int, steps: int, highest: float) -> float:
    """Return the step size: a linear rise over 2% of the steps, then a half cosine to 5%."""
    warm = max(1, round(steps * WARM_UP))
    if step < warm:
        return highest * (step + 1) / warm
    share = (step - warm) / max(1, steps - warm)
    return highest * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * share)))
