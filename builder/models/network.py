"""The character-level network: embedding, recurrent layers, decoder."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from builder.models.anew import in_parts
from builder.models.architecture import Architecture, Layer, State
from builder.models.architectures import ARCHITECTURES
from builder.models.spec import ModelSpec


class CharNetwork(nn.Module):
    """Predicts the next character; parameters are named as in `model.safetensors`."""

    def __init__(self, spec: ModelSpec, dropout: float = 0.0) -> None:
        super().__init__()
        self.spec = spec
        rows, between = spec.vocabulary.size, dropout if spec.num_layers > 1 else 0.0
        self.embedding = nn.Embedding(rows, spec.embedding_size)
        self.rnn = self.architecture.stack(
            spec.embedding_size, spec.hidden_size, spec.num_layers, between)
        self.dropout = nn.Dropout(dropout)
        self.decoder = nn.Linear(spec.hidden_size, rows)

    @property
    def architecture(self) -> Architecture:
        """What its layers are."""
        return ARCHITECTURES.get(self.spec.architecture)

    def layer(self, number: int) -> Layer:
        """Return the weights of a layer, from 0; they share the memory of the parameters."""
        weights = {name: parameter.detach() for name, parameter in self.rnn.named_parameters()}
        own = {p.name: weights[f"{p.name}_l{number}"] for p in self.architecture.parameters}
        spec = self.spec
        return Layer(own, None if number else self.embedding.weight.detach(), spec.hidden_size,
                     spec.hidden_size if number else spec.embedding_size)

    def initial_state(self, streams: int) -> State:
        """Return the state before the first character of a document."""
        return self.architecture.initial_state(
            self.spec.num_layers, streams, self.spec.hidden_size, self.decoder.weight.device)

    def forward(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the logits of the next characters and the state after the last.

        Args:
            ids: int64[T, B]; row t is read at step t, −1 − index where the state before is zero.
            state: The state before row 0.

        Returns:
            Logits float32[T, B, V], row t predicting the character after row t; the new state.
        """
        hidden, after = self.run(ids, state)
        return self.decoder(self.dropout(hidden)), after

    def run(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the output of the uppermost layer, float32[T, B, H], and the state after."""
        return in_parts(ids, state, lambda _, part, before: self.architecture.run(
            self.rnn, self.embedding(part), before))


MOST_SCORES = 16_000_000
"""Scores that are kept at a time, 64 MB: V of them for each step."""


def few_rows(block: Tensor, vocabulary: int) -> Iterator[slice]:
    """Yield the rows of a block whose scores are kept at a time.

    Args:
        block: [T, B, ...].
        vocabulary: V.
    """
    steps, streams = block.shape[:2]
    rows = max(1, MOST_SCORES // max(1, streams * vocabulary))
    return (slice(start, min(start + rows, steps)) for start in range(0, steps, rows))


def initialise(network: CharNetwork, seed: int) -> None:
    """Set fresh weights in place, the same for the same seed.

    Those of the layers as their architecture says; embedding and decoder normal with a variance
    of one over their columns, the decoder's bias 0.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        _normal(network.embedding.weight, generator)
        for number in range(network.spec.num_layers):
            network.architecture.initialise(network.layer(number).weights, generator)
        _normal(network.decoder.weight, generator)
        network.decoder.bias.zero_()


def _normal(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.normal_(weight, std=1 / math.sqrt(weight.shape[1]), generator=generator)
