"""The pieces of a network, put together as a model folder has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from builder.models.architecture import Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.foreign.rows import Rows
from builder.models.spec import ModelSpec

NEVER = -30.0
"""Decoder bias of a character that a model without an unknown character never predicts."""


@dataclass(frozen=True)
class Pieces:
    """What a network is made of, whatever library wrote it.

    Attributes:
        architecture: Name of what its layers are.
        layers: Tensors of each, by the names of the architecture; biases may be missing.
        embedding: [R, E]; None where the input is one-hot.
        decoder: [R, H].
        bias: [R]; None where it has none.
    """

    architecture: str
    layers: tuple[Mapping[str, Tensor], ...]
    embedding: Tensor | None
    decoder: Tensor
    bias: Tensor | None

    @property
    def hidden(self) -> int:
        """H."""
        return self.decoder.shape[1]

    @property
    def count(self) -> int:
        """R."""
        return self.decoder.shape[0]


def assembled(
    pieces: Pieces, rows: Rows, where: str = "vocabulary"
) -> tuple[ModelSpec, dict[str, Tensor]]:
    """Return what a model folder says of a network, and its tensors, float32.

    A network without a row for unknown characters gets one: the mean of the others, which it
    never predicts.
    """
    table = torch.eye(rows.count) if pieces.embedding is None else pieces.embedding.float()
    bias = torch.zeros(rows.count) if pieces.bias is None else pieces.bias.float()
    decoder, at = pieces.decoder.float(), list(rows.at)
    if rows.unknown is None:
        first = (table.mean(0), torch.zeros_like(decoder[0]), torch.full_like(bias[0], NEVER))
    else:
        first = (table[rows.unknown], decoder[rows.unknown], bias[rows.unknown])
    spec = ModelSpec(pieces.architecture, table.shape[1], pieces.hidden, len(pieces.layers),
                     rows.vocabulary(where))
    weights = {f"rnn.{name}_l{number}": tensor.float()
               for number, layer in enumerate(pieces.layers) for name, tensor in layer.items()}
    ends = {name: torch.cat([one[None], rest[at]]) for name, one, rest in zip(
        ("embedding.weight", "decoder.weight", "decoder.bias"), first, (table, decoder, bias),
        strict=True)}
    return spec, {**_zero_biases(spec), **weights, **ends}


def _zero_biases(spec: ModelSpec) -> dict[str, Tensor]:
    architecture = ARCHITECTURES.get(spec.architecture)
    biases = [p.name for p in architecture.parameters if p.reads is Reads.NOTHING]
    shapes = architecture.shapes(spec.embedding_size, spec.hidden_size, spec.num_layers)
    return {f"rnn.{name}": torch.zeros(shape) for name, shape in shapes.items()
            if name.startswith(tuple(f"{bias}_l" for bias in biases))}
