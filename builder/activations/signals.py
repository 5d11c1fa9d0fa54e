"""The inside of a network: its signals at every step, read with its architecture's fast pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

from builder.core.errors import Problem, UserError, did_you_mean
from builder.core.units import UnitId
from builder.models.architecture import State
from builder.models.architectures import ARCHITECTURES
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.models.stepping import Stepping


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


class SignalReader:
    """Runs a network layer by layer and hands out its signals at every step.

    Equal to a loop over single steps in float64 to 1e-5.

    Args:
        network: Whose signals.
        signals: Names; the state signals where it is None.

    Attributes:
        top: float32[T, B, H], h of the last layer over the block that was read last; it may be a
            part of what was written.
    """

    top: Tensor

    def __init__(self, network: CharNetwork, signals: Sequence[str] | None = None) -> None:
        self.spec = network.spec
        self.units = units_of(network.spec, signals)
        self._network = network
        self._stepping = Stepping(
            network, network.architecture.states if signals is None else signals)

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
        self.top, after = self._stepping.read(ids, state, out)
        return after
