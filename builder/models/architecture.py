"""What an architecture is: one object, and all that a new one has to say.

Letters: T steps, B streams read side by side, E numbers of an input (the embedding in layer 0, H
above), H cells of a layer, L layers, V rows of the embedding. Steps are the first dimension.

A network is an embedding, L recurrent layers and a decoder that reads the output of the uppermost.
An architecture is what the layers are. It is registered by name, and nothing else in this package
knows that name:

    ARCHITECTURES.register(Lstm.name, Lstm())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor, nn

from builder.core.units import Kind, Signal
from builder.models.spec import ModelSpec

State = tuple[Tensor, ...]
"""What is carried from step to step, each float32[L, B, H]; the output first."""


class Reads(StrEnum):
    """What a tensor of weights is multiplied by."""

    INPUT = "input"
    """The input: [blocks · H, E]."""
    OUTPUT = "output"
    """The output of its own layer at the step before: [blocks · H, H]."""
    INSIDE = "inside"
    """What its own layer has computed at the same step: [blocks · H, H]."""
    NOTHING = "nothing"
    """Nothing, it is added: [blocks · H]."""


@dataclass(frozen=True)
class Parameter:
    """One tensor of a layer: blocks of H rows, one for each gate or candidate, one below another.

    Attributes:
        name: In the model folder it is `rnn.NAME_lLAYER`, layers from 0.
        reads: What it is multiplied by.
        blocks: How many blocks.
        bias: Of weights, the name of the parameter that is added to their product.
        gives: Of each block the signal that is made of what it adds up; empty where it is none of
            them, or the state itself. Pages say by it through which gate a unit is moved.
    """

    name: str
    reads: Reads
    blocks: int
    bias: str = ""
    gives: tuple[str, ...] = field(default=(), kw_only=True)

    def given(self, block: int) -> str:
        """Return the signal that a block makes; empty where none is named."""
        return self.gives[block] if block < len(self.gives) else ""

    def shape(self, width: int, hidden: int) -> tuple[int, ...]:
        """Return the shape in a layer that reads inputs of E = `width`, with H = `hidden`."""
        columns = {Reads.INPUT: (width,), Reads.OUTPUT: (hidden,), Reads.INSIDE: (hidden,),
                   Reads.NOTHING: ()}
        return (self.blocks * hidden, *columns[self.reads])


@dataclass(frozen=True)
class Layer:
    """The weights of one layer.

    Attributes:
        weights: By the names of the architecture's parameters.
        embedding: float32[V, E] where the layer reads embeddings; None above layer 0.
        hidden: H.
        width: E of its inputs.
    """

    weights: Mapping[str, Tensor]
    embedding: Tensor | None
    hidden: int
    width: int


@dataclass(frozen=True)
class Steps:
    """A block of steps of one layer that the fast pass has done.

    Attributes:
        ids: int64[T, B], rows of the embedding.
        inputs: float32[T, B, E].
        before: The state before the first step, each float32[1, B, H].
        output: float32[T, B, H], after each step.
    """

    ids: Tensor
    inputs: Tensor
    before: State
    output: Tensor

    @property
    def previous(self) -> Tensor:
        """The output before each step, float32[T, B, H]."""
        return torch.cat([self.before[0], self.output[:-1]])


class SignalWriter(Protocol):
    """A layer whose signals can be had at every step."""

    def write(self, steps: Steps, out: Mapping[str, Tensor]) -> None:
        """Write signals of a layer from what the fast pass gave.

        Args:
            steps: The block.
            out: Signal name to float32[T, B, H], to be overwritten; the names that were asked for.
        """


@dataclass(frozen=True)
class Held:
    """Cells of a layer whose output is a constant, one in each of some streams.

    Attributes:
        streams: int64[M].
        cells: int64[M], of the layer.
        values: float32[M], what their readers see.
    """

    streams: Tensor
    cells: Tensor
    values: Tensor

    def put(self, output: Tensor) -> None:
        """Overwrite the output of the cells, float32[B, H]."""
        output.index_put_((self.streams, self.cells), self.values)


class LayerReader(Protocol):
    """Reads blocks of steps with one layer and writes its signals on the way."""

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        """Read a block.

        Args:
            ids: int64[T, B], rows of the embedding.
            inputs: float32[T, B, E].
            before: The state before the first step, each float32[1, B, H]; not changed.
            out: Signal name to float32[T, B, H], to be overwritten; the names that were asked for.
            held: Cells whose output is a constant after each step; `before` has it too. Only
                where the architecture `holds_streams`.

        Returns:
            What the layer above or the decoder reads after each step, float32[T, B, H], which may
            be a part of `out`, and the state after the last, which shares no memory with either.
        """


class Network(Protocol):
    """What is known here of the network around the layers."""

    spec: ModelSpec
    rnn: nn.Module

    def state_dict(self) -> dict[str, Any]:
        """Return all tensors by their names in the model folder; they share its memory."""


class Architecture(ABC):
    """What a recurrent layer is and what it shows.

    Attributes:
        name: In recipes and in `model.json`; letters and digits, in lower case.
        title: With its article, for a sentence: "an LSTM".
        signals: All that it shows, in the order in which they are named.
        parameters: The tensors of a layer, in the order of the model folder.
        output: The state that its own next step, the layer above and the decoder read, be it
            through what else its layer has behind it; the one that is held.
        change: The change by which events and the counter test are judged.
        holds_streams: Whether what `reader` returns can hold a cell of its own in each stream.
        keeping: State to the gate that says how much of it is kept from step to step; `kept` makes
            a share of that gate. A state that no gate keeps is not there.
        connects: Whether what is read of cell i is `output` of cell i itself, through nothing but
            `parameters`: then what moves a unit can be told from weights and from holding others.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    signals: ClassVar[tuple[Signal, ...]]
    parameters: ClassVar[tuple[Parameter, ...]]
    output: ClassVar[str] = "h"
    change: ClassVar[str] = "dh"
    holds_streams: ClassVar[bool] = False
    keeping: ClassVar[Mapping[str, str]] = {}
    connects: ClassVar[bool] = False

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states: what is scored where nothing else is asked for."""
        return self._of_kind(Kind.STATE)

    @property
    def gates(self) -> tuple[str, ...]:
        """Names of the gates: what can be shut or open."""
        return self._of_kind(Kind.GATE)

    def kept(self, gate: Tensor) -> Tensor:
        """Return the share of a state that is kept, 0 to 1, from the gate of `keeping`."""
        return gate

    def _of_kind(self, kind: Kind) -> tuple[str, ...]:
        return tuple(signal.name for signal in self.signals if signal.kind is kind)

    def signal(self, name: str) -> Signal:
        """Return a signal by its name; KeyError where there is none."""
        return {signal.name: signal for signal in self.signals}[name]

    def shapes(self, embedding: int, hidden: int, layers: int) -> dict[str, tuple[int, ...]]:
        """Return name and shape of every tensor of the layers, in the order of the model folder.

        Args:
            embedding: E of layer 0.
            hidden: H.
            layers: L.
        """
        widths = [embedding, *[hidden] * (layers - 1)]
        return {f"{parameter.name}_l{layer}": parameter.shape(width, hidden)
                for layer, width in enumerate(widths) for parameter in self.parameters}

    def initialise(self, weights: Mapping[str, Tensor], generator: torch.Generator) -> None:
        """Set the fresh weights of one layer in place.

        Weights that read the output are orthogonal block by block, those that read the input or
        something of the same step Glorot uniform, biases 0.

        Args:
            weights: By the names of the parameters.
            generator: The only source of chance.

        Source:
            Saxe et al. 2014; Glorot and Bengio 2010.
        """
        fill = {Reads.OUTPUT: nn.init.orthogonal_, Reads.INPUT: nn.init.xavier_uniform_,
                Reads.INSIDE: nn.init.xavier_uniform_}
        for parameter in self.parameters:
            if parameter.reads is Reads.NOTHING:
                weights[parameter.name].zero_()
                continue
            for block in weights[parameter.name].chunk(parameter.blocks):
                fill[parameter.reads](block, generator=generator)

    def initial_state(
        self, layers: int, streams: int, hidden: int, device: torch.device
    ) -> State:
        """Return zeros, one part for each state: what is carried before the first step."""
        shape = (layers, streams, hidden)
        return tuple(torch.zeros(shape, device=device) for _ in self.states)

    @abstractmethod
    def stack(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> nn.Module:
        """Return layers one above another, with the weights that PyTorch would start from.

        Its parameters have the names and shapes of `shapes`, and nothing else has a gradient.

        Args:
            inputs: E of the lowest layer.
            hidden: H.
            layers: L.
            dropout: Share of the output of each layer but the uppermost that training leaves out.
        """

    @abstractmethod
    def run(self, stack: nn.Module, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Read a block of steps as fast as can be; also differentiable.

        Args:
            stack: What `stack` made.
            inputs: float32[T, B, E].
            state: Before the first step.

        Returns:
            What the decoder reads after each step, float32[T, B, H], and the state after the last.
        """

    def open(self, layer: Layer, signals: Sequence[str]) -> SignalWriter:
        """Return what writes signals of a layer after the fast pass.

        It is needed where `reader` is not overridden.

        Args:
            layer: The weights; not changed, and not to change while it is open.
            signals: Names of those that will be asked for.
        """
        raise NotImplementedError(f"{self.title} has neither `open` nor `reader`")

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return what reads with a layer on a processor and writes its signals.

        By default that is the fast pass, and then what `open` returns. An architecture whose
        signals are had more quickly on the way overrides it.

        Args:
            layer: The weights; not changed, and not to change while it is read with.
            signals: Names of those that will be asked for; there may be none.
        """
        return _AfterFastPass(self, layer, signals)

    def hold(self, network: Network, layer: int, index: int, value: float) -> None:
        """Hold a cell in place, so that whoever reads its output reads a constant.

        Readers are the next step of its own layer, the layer above and the decoder. With W[:, j]
        the weights that read the cell, b += W[:, j] · value and W[:, j] = 0 is exact wherever the
        output is read through products of weights alone, or by the cell itself, whose own value
        nobody sees any more. An architecture whose layers read it in another way puts another
        module in the place of `network.rnn`.

        Args:
            network: Changed.
            layer: From 0.
            index: Of the cell.
            value: What is read.
        """
        weights = network.state_dict()
        for weight, bias in self._readers(network.spec.num_layers, layer):
            weights[bias] += weights[weight][:, index] * value
            weights[weight][:, index] = 0.0

    def _readers(self, layers: int, layer: int) -> list[tuple[str, str]]:
        """Return the weights that read a layer's output, each with the bias it is added to."""
        own = [(p, layer) for p in self.parameters if p.reads is Reads.OUTPUT]
        above = [(p, layer + 1) for p in self.parameters if p.reads is Reads.INPUT]
        readers = [*own, *above] if layer + 1 < layers else own
        found = [(f"rnn.{p.name}_l{at}", f"rnn.{p.bias}_l{at}") for p, at in readers]
        return found if layer + 1 < layers else [*found, ("decoder.weight", "decoder.bias")]

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a live module can be kept as one of these; by default none can.

        Such a module has `input_size`, `hidden_size`, `num_layers`, `bidirectional` and the
        parameters of `shapes`; biases that are missing are zeros.
        """
        return False


class _AfterFastPass:
    """The fast pass of a layer, and its signals made afterwards."""

    def __init__(self, architecture: Architecture, layer: Layer, signals: Sequence[str]) -> None:
        self._architecture = architecture
        self._stack = architecture.stack(layer.width, layer.hidden, 1).eval()
        self._stack.load_state_dict({f"{n}_l0": tensor for n, tensor in layer.weights.items()})
        self._writer = architecture.open(layer, signals) if signals else None

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        if held is not None:
            raise NotImplementedError("the fast pass cannot freeze a unit")
        output, after = self._architecture.run(self._stack, inputs, before)
        if self._writer is not None:
            self._writer.write(Steps(ids, inputs, before, output), out)
        return output, after
