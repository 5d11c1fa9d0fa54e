"""What a network loses at every character, and what a unit does to its guesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.core.feed import indices
from builder.models.architecture import Held, State
from builder.models.lockstep import IdBlock, batches, blocks
from builder.models.network import CharNetwork, few_rows
from builder.models.stepping import Stepping


@dataclass(frozen=True)
class Hold:
    """A cell whose readers see a constant.

    Attributes:
        layer: From 0.
        index: Cell of the layer.
        value: What the readers see.
    """

    layer: int
    index: int
    value: float


STREAMS = 128
ROWS = 64


def character_losses(
    network: CharNetwork, texts: Sequence[NDArray[np.int64]], streams: int = STREAMS,
    first: Sequence[int] | None = None, held: Sequence[Hold] = (),
) -> list[NDArray[np.float32]]:
    """Return −log p of the next character after every character, nats.

    Each text is read from a zero state; row t of float32[N] is the loss of predicting character
    t + 1; it is NaN in the last row, and before a step at which the state begins anew.

    Args:
        network: On any device; put into evaluation mode, and back if it was not.
        texts: What is fed of documents, int64[N] each.
        streams: Documents read side by side.
        first: Character of each text from which on losses are wanted, from 0 where it is None; in
            blocks that end before it they are NaN.
        held: The cell of each text that is held while it is read, where any is; only for
            architectures that hold a cell in each stream, and on a processor.
    """
    losses = [np.full(len(text), np.nan, np.float32) for text in texts]
    wanted = [0] * len(texts) if first is None else first
    was_training = network.training
    network.eval()
    with torch.no_grad():
        for batch in batches([max(len(text) - 1, 0) for text in texts], streams):
            read, state = _outputs(network, len(batch), [held[i] for i in batch if held])
            for block, columns, values in _block_losses(
                    network, read, state, [texts[i] for i in batch], [wanted[i] for i in batch]):
                for b, column in zip(columns, values.T, strict=True):
                    length = int(block.lengths[b])
                    losses[batch[b]][block.start : block.start + length] = column[:length]
    for text, loss in zip(texts, losses, strict=True):
        loss[:-1][text[1:] < 0] = np.nan
    network.train(was_training)
    return losses


_Read = Callable[[Tensor, State], tuple[Tensor, State]]


def _outputs(network: CharNetwork, streams: int, held: Sequence[Hold]) -> tuple[_Read, State]:
    """Return what reads a block and gives the output of the uppermost layer, and where it starts.

    On a processor our own loop over the weights is quicker, where the layers are what they say.
    """
    architecture, state = network.architecture, network.initial_state(streams)
    if network.decoder.weight.device.type != "cpu" or not architecture.is_kind_of(network.rnn):
        if held:
            raise NotImplementedError(f"{architecture.title} is not read step by step here")
        return network.run, state
    stepping = Stepping(network)
    if not held:
        return stepping.read, state
    for layer, cells in enumerate(held_by_layer(network, held, streams)):
        if cells is not None:
            cells.put(state[0][layer])  # the first step reads it too
    return lambda ids, state: stepping.read(
        ids, state, held=held_by_layer(network, held, ids.shape[1])), state


def held_by_layer(network: CharNetwork, held: Sequence[Hold], streams: int) -> list[Held | None]:
    """Return what is held in each layer, in the first so many streams, one cell in each.

    Args:
        network: Whose layers.
        held: Of each stream.
        streams: How many.
    """
    found: list[Held | None] = []
    for layer in range(network.spec.num_layers):
        there = [n for n in range(streams) if held[n].layer == layer]
        found.append(Held(torch.tensor(there), torch.tensor([held[n].index for n in there]),
                          torch.tensor([held[n].value for n in there])) if there else None)
    return found


def _block_losses(
    network: CharNetwork, read: _Read, state: State, texts: Sequence[NDArray[np.int64]],
    first: Sequence[int],
) -> Iterator[tuple[IdBlock, list[int], NDArray[np.float32]]]:
    """Yield each block, the columns of which losses are wanted, and these losses, [T, columns]."""
    device = network.decoder.weight.device
    following = blocks([text[1:] for text in texts], ROWS)
    for now, ahead in zip(blocks([text[:-1] for text in texts], ROWS), following, strict=True):
        state = tuple(part[:, : now.ids.shape[1]].contiguous() for part in state)
        output, state = read(torch.from_numpy(now.ids).to(device), state)
        columns = [b for b in range(now.ids.shape[1]) if first[b] < now.start + len(now.ids)]
        if not columns:
            continue
        if len(columns) < now.ids.shape[1]:
            output = output[:, columns]
        targets = torch.from_numpy(indices(ahead.ids[:, columns])).to(device)[..., None]
        loss = torch.cat([_losses(network.decoder(output[rows]), targets[rows])
                          for rows in few_rows(output, network.spec.vocabulary.size)])
        yield now, columns, loss.float().cpu().numpy()


def _losses(logits: Tensor, targets: Tensor) -> Tensor:
    """Return −log softmax(z)_x = log Σ e^z − z_x of targets x, [T, B]."""
    return torch.logsumexp(logits, -1) - logits.gather(-1, targets)[..., 0]


def decoder_weights(
    network: CharNetwork, layer: int, index: int
) -> NDArray[np.float32] | None:
    """Return the output weight of a unit to every character, float32[V]; None below the top."""
    if layer + 1 != network.spec.num_layers:
        return None
    weights: NDArray[np.float32] = network.decoder.weight.detach()[:, index].cpu().numpy().copy()
    return weights
