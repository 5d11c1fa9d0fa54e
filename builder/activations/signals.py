"""The inside of a network: its signals at every step, read with the library's fast kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from builder.core.errors import Problem, UserError, did_you_mean
from builder.core.units import UnitId
from builder.models.network import LAYERS, CharNetwork, State
from builder.models.spec import Architecture, ModelSpec

STATE_SIGNALS = {"rnn": ("h",), "gru": ("h",), "lstm": ("h", "c")}
"""Signals that carry memory, by architecture; `c` is shown as tanh(c)."""

ARCHITECTURE_SIGNALS = {
    "rnn": ("h", "dh"),
    "gru": ("h", "dh", "r", "z", "n"),
    "lstm": ("h", "c", "dh", "dc", "i", "f", "o", "g"),
}
"""All signals, by architecture; `dh` and `dc` are changes, `dc` that of c itself."""


CHANGE_OF = {"dh": "h", "dc": "c"}
"""Signals that are the change of another from step to step, and that other."""


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
    there = ARCHITECTURE_SIGNALS[spec.architecture]
    wanted = STATE_SIGNALS[spec.architecture] if signals is None else tuple(signals)
    problems = [Problem(f"signal {name!r}", f"not a signal of {spec.architecture}", "",
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
    """Return the units of the state signals: layer by layer, h before c; U of them."""
    return units_of(spec)


class SignalReader:
    """Runs a network layer by layer and hands out its signals at every step.

    The library returns h alone; all else comes from it. With h = o · tanh(c), tanh(c) is h / o,
    and o needs a quarter of the gate product once more. For other signals all gates are made
    once more in one product over the rows of a block, since h before each step is known, and c
    is followed step by step. Equal to a loop over single steps to 1e-5.

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
        self._network = network
        states = STATE_SIGNALS[self.spec.architecture]
        self._signals = states if signals is None else tuple(signals)
        self._layers = [_single_layer(network, layer) for layer in range(self.spec.num_layers)]
        quick = set(self._signals) <= {*states, "dh"}
        kind = _State if quick else INSIDES[self.spec.architecture]
        self._inside = [kind(network, layer, self._signals)
                        for layer in range(self.spec.num_layers)]

    @property
    def width(self) -> int:
        """U."""
        return len(self.units)

    def initial_state(self, streams: int) -> State:
        """Return zeros."""
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
        after: list[tuple[Tensor, ...]] = []
        for number, (layer, inside) in enumerate(zip(self._layers, self._inside, strict=True)):
            before = tuple(part[number : number + 1] for part in state)
            inputs = below
            below, last = layer(inputs, before if len(before) == 2 else before[0])
            parts = out[..., number * each : (number + 1) * each]
            inside.write(ids, inputs, before, below,
                         {name: parts[..., i * hidden : (i + 1) * hidden]
                          for i, name in enumerate(self._signals)})
            after.append(last if isinstance(last, tuple) else (last,))
        self.top = below
        return tuple(torch.cat(parts) for parts in zip(*after, strict=True))


class _Inside(Protocol):
    def write(self, ids: Tensor, inputs: Tensor, before: State, hidden: Tensor,
              out: dict[str, Tensor]) -> None:
        """Write a layer's signals from its inputs, the state before and h at each step."""


def _shifted(first: Tensor, hidden: Tensor) -> Tensor:
    """Return h before each step, float32[T, B, H]."""
    return torch.cat([first, hidden[:-1]])


class _State:
    """h, its change, and tanh(c) from the output gate."""

    def __init__(self, network: CharNetwork, layer: int, signals: Sequence[str]) -> None:
        h = network.spec.hidden_size
        self._gate = _Product(network, layer, slice(3 * h, 4 * h)) if "c" in signals else None

    def write(self, ids: Tensor, inputs: Tensor, before: State, hidden: Tensor,
              out: dict[str, Tensor]) -> None:
        if "h" in out:
            out["h"].copy_(hidden)
        if "dh" in out:
            torch.sub(hidden, _shifted(before[0], hidden), out=out["dh"])
        if self._gate:
            gate = self._gate(ids, inputs, _shifted(before[0], hidden)).sigmoid_()
            torch.div(hidden, gate, out=out["c"])
            out["c"].clamp_(-1.0, 1.0)


class _Lstm:
    """Everything in an LSTM."""

    def __init__(self, network: CharNetwork, layer: int, signals: Sequence[str]) -> None:
        h = network.spec.hidden_size
        self._gates = "ifgo" if "o" in signals else "ifg"
        self._product = _Product(network, layer, slice(0, len(self._gates) * h))

    def write(self, ids: Tensor, inputs: Tensor, before: State, hidden: Tensor,
              out: dict[str, Tensor]) -> None:
        previous = _shifted(before[0], hidden)
        parts = self._product(ids, inputs, previous).chunk(len(self._gates), -1)
        gates = {name: part.tanh() if name == "g" else part.sigmoid()
                 for name, part in zip(self._gates, parts, strict=True)}
        for name in gates.keys() & out.keys():
            out[name].copy_(gates[name])
        if "h" in out:
            out["h"].copy_(hidden)
        if "dh" in out:
            torch.sub(hidden, previous, out=out["dh"])
        if "c" in out or "dc" in out:
            self._write_cell(before[1], gates["i"].mul_(gates["g"]), gates["f"], out)

    def _write_cell(
        self, first: Tensor, added: Tensor, kept: Tensor, out: dict[str, Tensor]
    ) -> None:
        """Follow c = f · c + i · g; dc = (f − 1) · c + i · g keeps its digits where c is large."""
        cells = torch.cat([first, added])  # c before each step and after the last
        steps = cells.unbind()
        for cell, factor, after in zip(steps, kept.unbind(), steps[1:], strict=False):
            after.addcmul_(factor, cell)
        if "dc" in out:
            torch.addcmul(added, kept.sub_(1.0), cells[:-1], out=out["dc"])
        if "c" in out:
            torch.tanh(cells[1:], out=out["c"])


class _Gru:
    """Everything in a GRU."""

    def __init__(self, network: CharNetwork, layer: int, signals: Sequence[str]) -> None:
        h = network.spec.hidden_size
        self._both = _Product(network, layer, slice(0, 2 * h))
        self._given = _Product(network, layer, slice(2 * h, 3 * h), recurrent=False)
        self._read = _Product(network, layer, slice(2 * h, 3 * h), given=False)

    def write(self, ids: Tensor, inputs: Tensor, before: State, hidden: Tensor,
              out: dict[str, Tensor]) -> None:
        previous = _shifted(before[0], hidden)
        r, z = self._both(ids, inputs, previous).sigmoid_().chunk(2, -1)
        if "n" in out:
            given, read = (part(ids, inputs, previous) for part in (self._given, self._read))
            torch.tanh(torch.addcmul(given, r, read), out=out["n"])
        for name, value in (("h", hidden), ("r", r), ("z", z)):
            if name in out:
                out[name].copy_(value)
        if "dh" in out:
            torch.sub(hidden, previous, out=out["dh"])


INSIDES: dict[Architecture, Callable[[CharNetwork, int, Sequence[str]], _Inside]] = {
    "rnn": _State, "gru": _Gru, "lstm": _Lstm}
"""Who writes signals that are no states, by architecture."""


class _Product:
    """W_i x + b_i + W_h h + b_h for some rows of the weights; for layer 0, W_i x from a table.

    Args:
        network: Whose weights.
        layer: From 0.
        rows: Of the stacked gates.
        given: With W_i x + b_i.
        recurrent: With W_h h + b_h.
    """

    def __init__(
        self, network: CharNetwork, layer: int, rows: slice, *, given: bool = True,
        recurrent: bool = True,
    ) -> None:
        weights = {name: p.detach() for name, p in network.rnn.named_parameters()}
        self._recurrent = weights[f"weight_hh_l{layer}"][rows].t().contiguous() \
            if recurrent else None
        self._input = weights[f"weight_ih_l{layer}"][rows].t().contiguous() if given else None
        bias = torch.zeros_like(weights[f"bias_hh_l{layer}"][rows])
        bias += weights[f"bias_ih_l{layer}"][rows] if given else 0.0
        self._bias = bias + (weights[f"bias_hh_l{layer}"][rows] if recurrent else 0.0)
        self._table = torch.addmm(self._bias, network.embedding.weight.detach(), self._input) \
            if layer == 0 and self._input is not None else None  # [V, rows]

    def __call__(self, ids: Tensor, inputs: Tensor, previous: Tensor) -> Tensor:
        """Return float32[T, B, rows]."""
        if self._table is not None:
            total = self._table[ids.flatten()]
        elif self._input is not None:
            total = torch.addmm(self._bias, inputs.flatten(0, 1), self._input)
        else:
            total = self._bias
        if self._recurrent is not None:
            total = torch.addmm(total, previous.flatten(0, 1), self._recurrent)
        return total.view(*ids.shape, -1)


def _single_layer(network: CharNetwork, layer: int) -> nn.RNNBase:
    spec = network.spec
    width = spec.hidden_size if layer else spec.embedding_size
    single = LAYERS[spec.architecture](width, spec.hidden_size)
    state = network.rnn.state_dict()
    own = {name: state[name.replace("_l0", f"_l{layer}")] for name in single.state_dict()}
    single.load_state_dict(own)
    single.eval()
    return single
