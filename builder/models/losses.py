"""What a network loses at every character, and what a unit does to its guesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.models.architecture import State
from builder.models.lockstep import batches, blocks
from builder.models.network import CharNetwork
from builder.models.stepping import Stepping

STREAMS = 128
ROWS = 64


def character_losses(
    network: CharNetwork, texts: Sequence[NDArray[np.int64]], streams: int = STREAMS,
    first: int = 0,
) -> list[NDArray[np.float32]]:
    """Return −log p of the next character after every character, nats.

    Each text is read from a zero state; row t of float32[N] is the loss of predicting character
    t + 1, and the last row is NaN.

    Args:
        network: On any device; put into evaluation mode, and back if it was not.
        texts: Encoded documents, int64[N] each.
        streams: Documents read side by side.
        first: Character from which on losses are wanted; those before are NaN in blocks that
            end before it.
    """
    losses = [np.full(len(text), np.nan, np.float32) for text in texts]
    was_training = network.training
    network.eval()
    with torch.no_grad():
        read = _outputs(network)
        for batch in batches([max(len(text) - 1, 0) for text in texts], streams):
            for start, lengths, values in _block_losses(
                    network, read, [texts[i] for i in batch], first):
                for b, length in enumerate(lengths.tolist()):
                    losses[batch[b]][start : start + length] = values[:length, b]
    network.train(was_training)
    return losses


def _outputs(network: CharNetwork) -> Callable[[Tensor, State], tuple[Tensor, State]]:
    """Return what reads a block and gives the output of the uppermost layer.

    On a processor our own loop over the weights is quicker, where the layers are what they say.
    """
    architecture = network.architecture
    if network.decoder.weight.device.type == "cpu" and architecture.is_kind_of(network.rnn):
        return Stepping(network).read
    return lambda ids, state: architecture.run(network.rnn, network.embedding(ids), state)


def _block_losses(
    network: CharNetwork, read: Callable[[Tensor, State], tuple[Tensor, State]],
    texts: Sequence[NDArray[np.int64]], first: int,
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """Yield where each block starts, how long its columns are, and its losses, [T, B]."""
    device = network.decoder.weight.device
    state = network.initial_state(len(texts))
    following = blocks([text[1:] for text in texts], ROWS)
    for now, ahead in zip(blocks([text[:-1] for text in texts], ROWS), following, strict=True):
        state = tuple(part[:, : now.ids.shape[1]].contiguous() for part in state)
        output, state = read(torch.from_numpy(now.ids).to(device), state)
        if now.start + len(now.ids) <= first:
            continue
        logits = network.decoder(output)
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
