"""The state that a network carries, as bytes, and reading on from it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from builder.activations.blocks import ROWS
from builder.activations.signals import Reader, SignalReader
from builder.models.architecture import State
from builder.models.network import CharNetwork

KIND = "<f4"


def state_after(network: CharNetwork, text: str) -> bytes:
    """Return the state after a text that is read from its start.

    Its parts [L, H] stand one after the other, as little-endian float32.
    """
    ids = network.spec.vocabulary.encode(text)
    _, state = _read_on(SignalReader(network), ids, network.initial_state(1))
    return b"".join(part.numpy().astype(KIND).tobytes() for part in state)


def values_from(network: CharNetwork, before: bytes, text: str) -> NDArray[np.float32]:
    """Read a text from a state on; return its state signals, [N, U].

    Args:
        network: Whose.
        before: The state before the first character, as `state_after` returns it.
        text: N characters.

    Raises:
        ValueError: The state is none of this network.
    """
    zeros = network.initial_state(1)
    numbers = np.frombuffer(before, KIND).astype(np.float32)
    if len(numbers) != sum(part.numel() for part in zeros):
        raise ValueError(f"a state of {len(numbers)} numbers is none of this network")
    parts = torch.split(torch.from_numpy(numbers), [part.numel() for part in zeros])
    state = tuple(p.view_as(zero) for p, zero in zip(parts, zeros, strict=True))
    values, _ = _read_on(SignalReader(network), network.spec.vocabulary.encode(text), state)
    return values


def _read_on(
    reader: Reader, ids: NDArray[np.int64], state: State
) -> tuple[NDArray[np.float32], State]:
    """Return the values of N steps, [N, width], and the state after them."""
    out = torch.empty(len(ids), 1, reader.width)
    with torch.no_grad():
        for start in range(0, len(ids), ROWS):
            block = torch.from_numpy(ids[start : start + ROWS, None])
            state = reader.read(block, state, out[start : start + ROWS])
    return out[:, 0].numpy(), state
