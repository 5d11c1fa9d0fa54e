"""The inside of a network: its signals at every step, read with its architecture's fast pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from builder.core.errors import Problem, UserError, did_you_mean
from builder.core.units import UnitId
from builder.models.architecture import State, Steps
from builder.models.architectures import ARCHITECTURES
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec


class Reader(Protocol):
    """Runs a network over blocks of text and writes one row of values a character."""

    @property
    def width(self) -> int:
        """Values of a character."""

    def initial_state(self, streams: int) -> State:
        """Return the state before the first character."""

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write the values after each character, float32[T, B, width]; return the state after."""


def units_of(spec: ModelSpec, signals: Sequence[str] | None = None) -> tuple[UnitId, ...]:
    """Return the units of some signals: layer by layer, signals as asked for, U of them.

    Args:
        spec: Of the network.
        signals: Names; the state signals where it is None.

    Raises:
        UserError: The architecture has no such signal.
    """
    architecture = ARCHITECTURES.get(spec.architecture)
    there = [signal.name for signal in architecture.signals]
    wanted = architecture.states if signals is None else tuple(signals)
    problems = [Problem(f"signal {name!r}", f"not a signal of {architecture.title}", "",
                        did_you_mean(name, there) or f"there are: {' '.join(there)}")
                for name in wanted if name not in there]
    if problems:
        raise UserError(problems)
    return tuple(
        UnitId(signal, layer, index)
        for layer in range(spec.num_layers)
        for signal in wanted
        for index in range(spec.hidden_size)
    )


def state_units(spec: ModelSpec) -> tuple[UnitId, ...]:
    """Return the units of the states: layer by layer, signals as the architecture has them."""
    return units_of(spec)


class SignalReader:
    """Runs a network layer by layer and hands out its signals at every step.

    The fast pass gives the output alone; all else is made from it, by block. Equal to a loop over
    single steps to 1e-5.

    Args:
        network: Whose signals.
        signals: Names; the state signals where it is None.

    Attributes:
        top: float32[T, B, H], h of the last layer over the block that was read last.
    """

    top: Tensor

    def __init__(self, network: CharNetwork, signals: Sequence[str] | None = None) -> None:
        self.spec = network.spec
        self.units = units_of(network.spec, signals)
        self._network, self._architecture = network, network.architecture
        self._signals = self._architecture.states if signals is None else tuple(signals)
        numbers = range(self.spec.num_layers)
        self._layers = [_single_layer(network, number) for number in numbers]
        self._opened = [self._architecture.open(network.layer(number), self._signals)
                        for number in numbers]

    @property
    def width(self) -> int:
        """U."""
        return len(self.units)

    def initial_state(self, streams: int) -> State:
        """Return the state before the first character."""
        return self._network.initial_state(streams)

    def read(self, ids: Tensor, state: State, out: Tensor) -> State:
        """Write the signals after each character into `out` and return the state after the last.

        Args:
            ids: int64[T, B].
            state: The state before row 0, each float32[L, B, H].
            out: float32[T, B, U] to be overwritten, units in the order of `units`.
        """
        below, hidden = self._network.embedding(ids), self.spec.hidden_size
        each = len(self._signals) * hidden
        after: list[State] = []
        for number, (layer, opened) in enumerate(zip(self._layers, self._opened, strict=True)):
            before = tuple(part[number : number + 1] for part in state)
            output, last = self._architecture.run(layer, below, before)
            parts = out[..., number * each : (number + 1) * each]
            opened.write(Steps(ids, below, before, output),
                         {name: parts[..., i * hidden : (i + 1) * hidden]
                          for i, name in enumerate(self._signals)})
            below = output
            after.append(last)
        self.top = below
        return tuple(torch.cat(parts) for parts in zip(*after, strict=True))


def _single_layer(network: CharNetwork, number: int) -> nn.Module:
    spec = network.spec
    width = spec.hidden_size if number else spec.embedding_size
    single = network.architecture.stack(width, spec.hidden_size, 1)
    own = network.layer(number).weights
    single.load_state_dict({f"{name}_l0": tensor for name, tensor in own.items()})
    return single.eval()
