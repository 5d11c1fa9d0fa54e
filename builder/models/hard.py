"""The gates of networks that Keras made before version 2.3, unless they were asked to be smooth."""

from __future__ import annotations

from torch import Tensor

SLOPE = 0.2


def hard_sigmoid(given: Tensor) -> Tensor:
    """Return min(1, max(0, 0.2 x + 0.5)): shut and open are reached, and not only neared.

    Source:
        `hard_sigmoid` of Keras 1 and 2; that of Keras 3 and of PyTorch has a slope of 1/6.
    """
    return (SLOPE * given + 0.5).clamp(0.0, 1.0)


def hard_sigmoid_(given: Tensor) -> Tensor:
    """Overwrite a tensor with its `hard_sigmoid`."""
    return given.mul_(SLOPE).add_(0.5).clamp_(0.0, 1.0)
