"""What a network loses at every character, and what a unit does to its guesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from builder.models.lockstep import batches, blocks
from builder.models.network import CharNetwork

STREAMS = 128
ROWS = 64


def character_losses(
    network: CharNetwork, texts: Sequence[NDArray[np.int64]], streams: int = STREAMS
) -> list[NDArray[np.float32]]:
    """Return −log p of the next character after every character, nats.

    Each text is read from a zero state; row t of float32[N] is the loss of predicting character
    t + 1, and the last row is NaN.

    Args:
        network: On any device; put into evaluation mode, and back if it was not.
        texts: Encoded documents, int64[N] each.
        streams: Documents read side by side.
    """
    losses = [np.full(len(text), np.nan, np.float32) for text in texts]
    was_training = network.training
    network.eval()
    with torch.no_grad():
        for batch in batches([max(len(text) - 1, 0) for text in texts], streams):
            for start, lengths, values in _block_losses(network, [texts[i] for i in batch]):
                for b, length in enumerate(lengths.tolist()):
                    losses[batch[b]][start : start + length] = values[:length, b]
    network.train(was_training)
    return losses


def _block_losses(
    network: CharNetwork, texts: Sequence[NDArray[np.int64]]
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """Yield where each block starts, how long its columns are, and its losses, [T, B]."""
    device = network.decoder.weight.device
    state = network.initial_state(len(texts))
    following = blocks([text[1:] for text in texts], ROWS)
    for now, ahead in zip(blocks([text[:-1] for text in texts], ROWS), following, strict=True):
        state = tuple(part[:, : now.ids.shape[1]].contiguous() for part in state)
        logits, state = network(torch.from_numpy(now.ids).to(device), state)
        targets = torch.from_numpy(ahead.ids).to(device)[..., None]
        picked = logits.gather(-1, targets)[..., 0]
        loss = torch.logsumexp(logits, -1) - picked  # −log softmax(z)_x = log Σ e^z − z_x   [T, B]
        yield now.start, now.lengths, loss.float().cpu().numpy()


def decoder_weights(
    network: CharNetwork, layer: int, index: int
) -> NDArray[np.float32] | None:
    """Return the output weight of a unit to every character, float32[V]; None below the top."""
    if layer + 1 != network.spec.num_layers:
        return None
    weights: NDArray[np.float32] = network.decoder.weight.detach()[:, index].cpu().numpy().copy()
    return weights
