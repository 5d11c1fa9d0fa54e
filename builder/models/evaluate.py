"""Bits per character of a network on whole documents, each from a zero state."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from builder.models.lockstep import IdBlock, batches, blocks
from builder.models.network import CharNetwork, State

STREAMS = 128
ROWS = 64


def bits_per_character(network: CharNetwork, texts: Sequence[NDArray[np.int64]]) -> float:
    """Return the mean of -log2 p(next character) over all characters but each text's first.

    Args:
        network: On any device; put into evaluation mode, and back if it was not.
        texts: Encoded documents; those of one character count nothing.

    Returns:
        Bits, or NaN where there is nothing to predict.
    """
    was_training = network.training
    network.eval()
    nats, count = 0.0, 0
    with torch.no_grad():
        for batch in batches([len(text) - 1 for text in texts], STREAMS):
            state = network.initial_state(len(batch))
            for now, ahead in _pairs([texts[i] for i in batch]):
                state = tuple(part[:, : now.ids.shape[1]].contiguous() for part in state)
                loss, state = _block_nats(network, now, ahead, state)
                nats, count = nats + loss, count + int(now.lengths.sum())
    network.train(was_training)
    return nats / count / math.log(2) if count else math.nan


def _pairs(texts: Sequence[NDArray[np.int64]]) -> zip[tuple[IdBlock, IdBlock]]:
    read = [text[:-1] for text in texts]
    following = [text[1:] for text in texts]
    return zip(blocks(read, ROWS), blocks(following, ROWS), strict=True)


def _block_nats(
    network: CharNetwork, now: IdBlock, ahead: IdBlock, state: State
) -> tuple[float, State]:
    device = network.decoder.weight.device
    logits, after = network(torch.from_numpy(now.ids).to(device), state)
    real = np.arange(now.ids.shape[0])[:, None] < now.lengths
    targets = torch.from_numpy(np.where(real, ahead.ids, -100)).to(device)
    loss = cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")
    return float(loss), after
