"""Bits per character of a network on whole documents, each from a zero state."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.models.losses import character_losses
from builder.models.network import CharNetwork


def entropy(counts: NDArray[np.int64]) -> float:
    """Return −Σ p log2 p of how often each step is there, [V]: bits a step by frequencies alone."""
    shares = counts[counts > 0] / max(1, int(counts.sum()))
    return float((shares * -np.log2(shares)).sum())


def bits_per_character(network: CharNetwork, texts: Sequence[NDArray[np.int64]]) -> float:
    """Return the mean of −log2 p(next character) over all characters but each text's first.

    Of a network that reads other steps than characters, the same of these.

    Args:
        network: On any device; put into evaluation mode, and back if it was not.
        texts: What is fed of documents; those of one step count nothing. Where the state begins
            anew, nothing is predicted.

    Returns:
        Bits, or NaN where there is nothing to predict.
    """
    losses = character_losses(network, texts)
    told = [loss[:-1][text[1:] >= 0] for loss, text in zip(losses, texts, strict=True)]
    nats = sum(float(loss.sum(dtype=np.float64)) for loss in told)
    count = sum(map(len, told))
    return nats / count / math.log(2) if count else math.nan
