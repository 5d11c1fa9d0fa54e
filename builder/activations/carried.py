"""The state that a network carries: kept on the way, as bytes, and read on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.activations.blocks import ROWS
from builder.activations.signals import Reader, SignalReader
from builder.core.feed import spans_of
from builder.core.shown import Explored
from builder.models.architecture import State
from builder.models.lockstep import blocks
from builder.models.network import CharNetwork
from builder.models.stepping import Stepping
from builder.tokens.contract import Steps, of_steps

KIND = "<f4"


class Marking:
    """Reads as another reader does, and keeps the state before each block.

    Args:
        reader: What reads.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._starts, self._states, self._next = list[int](), list[NDArray[np.float32]](), 0

    @property
    def width(self) -> int:
        """Values of a character."""
        return self._reader.width

    def initial_state(self, streams: int) -> State:
        """Return the state before the first character."""
        return self._reader.initial_state(streams)

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write the values after each character, float32[T, B, width]; return the state after."""
        self._starts.append(self._next)
        self._states.append(torch.stack(state).numpy())  # [parts, L, B, H]
        self._next += len(ids)
        return self._reader.read(ids, state, out)

    def marks(self, stream: int) -> Marks:
        """Return what was kept of one stream; streams end in the order of their numbers."""
        there = [s[:, :, stream] for s in self._states if s.shape[2] > stream]
        return Marks(np.array(self._starts[: len(there)], np.int64), np.stack(there))


@dataclass(frozen=True)
class Marks:
    """The states before some characters of a text that was read.

    Attributes:
        starts: int64[M], which characters; rising, the first is 0.
        states: float32[M, parts, L, H].
    """

    starts: NDArray[np.int64]
    states: NDArray[np.float32]

    def before(self, at: int) -> tuple[int, NDArray[np.float32]]:
        """Return the last of these characters that is not after one, and the state before it."""
        place = int(np.searchsorted(self.starts, at, "right")) - 1
        return int(self.starts[place]), self.states[place]


def taken_up(
    reader: Reader, texts: Sequence[NDArray[np.int64]], states: Sequence[NDArray[np.float32]],
    columns: Sequence[Sequence[int]], last: Sequence[int],
) -> list[NDArray[np.float32]]:
    """Read texts side by side, each from a state of its own, and return the ends of what is read.

    Args:
        reader: Of the values.
        texts: int64[N] each.
        states: The state before each, float32[parts, L, H].
        columns: Of the values, those that are kept of each.
        last: How many characters at the end of each are kept.

    Returns:
        float32[last, columns] of each.
    """
    if not texts:
        return []
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    found = [np.empty((n, len(c)), np.float32) for n, c in zip(last, columns, strict=True)]
    state = tuple(torch.from_numpy(np.stack([states[i] for i in order], 2)).unbind())
    with torch.no_grad():
        for block in blocks([texts[i] for i in order], ROWS):
            streams = block.ids.shape[1]
            out = torch.empty(*block.ids.shape, reader.width)
            state = tuple(part[:, :streams].contiguous() for part in state)
            state = reader.read(torch.from_numpy(block.ids), state, out)
            for i, length, values in zip(order, block.lengths.tolist(), out.numpy().swapaxes(0, 1),
                                         strict=False):
                first = len(texts[i]) - last[i]  # the first that is kept
                rows = slice(max(block.start, first), max(block.start + length, first))
                found[i][rows.start - first : rows.stop - first] = values[
                    rows.start - block.start : rows.stop - block.start][:, columns[i]]
    return found


def states_after(network: CharNetwork, texts: Sequence[NDArray[np.int64]]) -> list[bytes]:
    """Return the state after each of some texts, all of which are read from their start.

    Its parts [L, H] stand one after the other, as little-endian float32.

    Args:
        network: Whose.
        texts: What is fed of each, int64[S].
    """
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    state, read, at = network.initial_state(len(texts)), Stepping(network).read, 0
    found = [b""] * len(texts)
    with torch.no_grad():
        for stop in sorted({len(ids) for ids in texts}):  # up to where one more text ends
            there = [i for i in order if len(texts[i]) >= stop]
            state = tuple(part[:, : len(there)].contiguous() for part in state)
            for start in range(at, stop, ROWS):
                rows = slice(start, min(start + ROWS, stop))
                ids = torch.from_numpy(np.stack([texts[i][rows] for i in there], 1))
                _, state = read(ids, state)
            for column, i in enumerate(there):
                if len(texts[i]) == stop:
                    found[i] = b"".join(part[:, column].numpy().astype(KIND).tobytes()
                                        for part in state)
            at = stop
    return found


def values_over(
    network: CharNetwork, excerpts: Sequence[Explored], signals: Sequence[str] | None = None,
) -> list[NDArray[np.float32]]:
    """Read excerpts side by side, each from the state before it; return their signals, [N, U].

    Args:
        network: Whose.
        excerpts: N characters each, of which each has what its step has.
        signals: Names; the state signals where it is None.

    Raises:
        ValueError: A state or a step is none of this network.
    """
    reader = SignalReader(network, signals)
    steps = [steps_over(network, excerpt) for excerpt in excerpts]
    states = [_state_of(network, excerpt.before) for excerpt in excerpts]
    every = [range(reader.width)] * len(steps)
    read = taken_up(reader, [s.ids for s in steps], states, every, [len(s) for s in steps])
    return [of_steps(values, one) for values, one in zip(read, steps, strict=True)]


def steps_over(network: CharNetwork, excerpt: Explored) -> Steps:
    """Return the steps of an excerpt, within it.

    Raises:
        ValueError: They do not cover it, or the network has no such step.
    """
    if not excerpt.steps:
        return network.spec.cutting.steps(excerpt.text)
    ids, sizes = spans_of(excerpt.steps)
    there = len(excerpt.text)
    if sizes.min() < 0 or sizes.max() > there or sizes.sum() != there:
        raise ValueError(f"steps of {sizes.sum()} characters over a text of {there}")
    if ids.min() < 0 or ids.max() >= network.spec.cutting.size:
        raise ValueError("a step is none of this network")
    return Steps(ids, np.cumsum(sizes))


def _state_of(network: CharNetwork, before: bytes) -> NDArray[np.float32]:
    """Return a state that was kept as bytes, float32[parts, L, H]."""
    zeros = network.initial_state(1)
    numbers = np.frombuffer(before, KIND).astype(np.float32)
    if len(numbers) != sum(part.numel() for part in zeros):
        raise ValueError(f"a state of {len(numbers)} numbers is none of this network")
    return numbers.reshape(len(zeros), *zeros[0].shape[::2])
