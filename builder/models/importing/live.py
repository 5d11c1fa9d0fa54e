"""A live network of PyTorch as a model folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor, nn

from builder.core.errors import ModelError, Problem
from builder.models.architecture import Architecture, Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.folder import weight_shapes, write_model
from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec
from builder.tokens.characters import Vocabulary

NEVER = -30.0
"""Decoder bias of a character that a model without an unknown character never predicts."""


def save_model(
    folder: str | Path,
    rnn: nn.RNNBase,
    embedding: nn.Embedding,
    decoder: nn.Linear,
    vocabulary: Iterable[str],
) -> None:
    """Turn a live network of your own into a model folder that `gallery inspect` reads.

    Args:
        folder: Made where it is missing.
        rnn: An nn.RNN (tanh), nn.GRU or nn.LSTM, one direction, any number of layers.
        embedding: V rows, one for each character, or V + 1, the first for unknown ones.
        decoder: From H to as many outputs as the embedding has rows.
        vocabulary: The V characters, in the order of the rows; a str does.

    Raises:
        ModelError: The parts do not fit each other, or rnn is of a kind that cannot be kept.
        OutputError: The folder cannot be written.
    """
    characters = tuple(vocabulary)
    _check_parts(str(folder), rnn, embedding, decoder, characters)
    spec = ModelSpec(_architectures(rnn)[0].name, embedding.embedding_dim, rnn.hidden_size,
                     rnn.num_layers, Vocabulary(characters))
    network = CharNetwork(spec)
    weights = {f"rnn.{name}": tensor for name, tensor in rnn.state_dict().items()}
    weights |= _with_unknown(embedding.weight, decoder, len(characters))
    network.load_state_dict({**_zero_biases(spec), **weights})
    write_model(Path(folder), network, {})


def _architectures(rnn: nn.RNNBase) -> list[Architecture]:
    """Return the architectures, one at most, that a module is of."""
    return [architecture for architecture in ARCHITECTURES.all() if architecture.is_kind_of(rnn)]


def _check_parts(
    where: str, rnn: nn.RNNBase, embedding: nn.Embedding, decoder: nn.Linear,
    characters: tuple[str, ...],
) -> None:
    v, rows = len(characters), embedding.num_embeddings
    checks = [
        (_architectures(rnn), "rnn", getattr(rnn, "mode", type(rnn).__name__),
         f"it must be one of these: {', '.join(_keeps())}"),
        (not rnn.bidirectional, "rnn", "it reads both ways", "use one direction"),
        (not getattr(rnn, "proj_size", 0), "rnn", "it projects its state", "use proj_size=0"),
        (all(len(c) == 1 for c in characters) and len(set(characters)) == v, "vocabulary",
         "not single characters, each once", ""),
        (rows in (v, v + 1), "embedding", f"{rows} rows for {v} characters", "V or V + 1"),
        (rnn.input_size == embedding.embedding_dim, "embedding",
         f"{embedding.embedding_dim} wide, rnn reads {rnn.input_size}", ""),
        (decoder.in_features == rnn.hidden_size and decoder.out_features == rows, "decoder",
         f"{decoder.in_features} to {decoder.out_features}", f"{rnn.hidden_size} to {rows}"),
    ]
    problems = [Problem(f"{where}, {part}", "does not fit", found, todo)
                for fits, part, found, todo in checks if not fits]
    if problems:
        raise ModelError(problems)


def _keeps() -> list[str]:
    return [architecture.title for architecture in ARCHITECTURES.all()]


def _with_unknown(embedding: Tensor, decoder: nn.Linear, characters: int) -> dict[str, Tensor]:
    bias = torch.zeros(decoder.out_features) if decoder.bias is None else decoder.bias.detach()
    rows, out = embedding.detach(), decoder.weight.detach()
    if len(rows) == characters:
        rows = torch.cat([rows.mean(0, keepdim=True), rows])
        out = torch.cat([torch.zeros_like(out[:1]), out])
        bias = torch.cat([torch.full_like(bias[:1], NEVER), bias])
    return {"embedding.weight": rows, "decoder.weight": out, "decoder.bias": bias}


def _zero_biases(spec: ModelSpec) -> dict[str, Tensor]:
    biases = [p.name for p in ARCHITECTURES.get(spec.architecture).parameters
              if p.reads is Reads.NOTHING]
    return {name: torch.zeros(shape) for name, shape in weight_shapes(spec).items()
            if name.startswith(tuple(f"rnn.{bias}_l" for bias in biases))}
