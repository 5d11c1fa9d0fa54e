"""A live network of PyTorch as a model folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from builder.core.errors import ModelError, Problem
from builder.models.architecture import Architecture, Reads
from builder.models.architectures import ARCHITECTURES
from builder.models.folder import weight_shapes
from builder.models.importer import (
    IMPORTERS,
    ImportedModel,
    Importer,
    ImportOptions,
    Taken,
    write_imported,
)
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
    source, options = LiveParts(rnn, embedding, decoder), ImportOptions(str(folder),
                                                                        tuple(vocabulary))
    write_imported(Path(folder), LiveImporter().load(source, options), options.where)


@dataclass(frozen=True)
class LiveParts:
    """A network in memory: what reads characters, what remembers, what guesses."""

    rnn: nn.RNNBase
    embedding: nn.Embedding
    decoder: nn.Linear


class LiveImporter(Importer):
    """Reads the parts of a live network; the characters of its rows must be said besides."""

    title = "a network of PyTorch in memory"

    def reads(self, source: object) -> bool:
        """Tell whether these are such parts."""
        return isinstance(source, LiveParts)

    def load(self, source: LiveParts, options: ImportOptions) -> ImportedModel:
        """Take the parts as they are, and say what was added to them.

        Raises:
            ModelError: The parts do not fit each other, or are of a kind that cannot be kept.
        """
        rnn, embedding, decoder = source.rnn, source.embedding, source.decoder
        _check_parts(options.where, rnn, embedding, decoder, options.vocabulary)
        spec = ModelSpec(_architectures(rnn)[0].name, embedding.embedding_dim, rnn.hidden_size,
                         rnn.num_layers, Vocabulary(options.vocabulary))
        weights = {f"rnn.{name}": tensor for name, tensor in rnn.state_dict().items()}
        weights |= _with_unknown(embedding.weight, decoder, len(options.vocabulary))
        return ImportedModel(spec, {**_zero_biases(spec), **weights}, _table(source, weights))


def _table(source: LiveParts, weights: dict[str, Tensor]) -> tuple[Taken, ...]:
    """Return what was taken for what: a part keeps its name, some rows may be new."""
    named = {f"{part}.{name}": tensor
             for part in ("embedding", "rnn", "decoder")
             for name, tensor in getattr(source, part).state_dict().items()}
    return tuple(
        Taken(name, tuple(tensor.shape), name,
              "" if tensor.shape == weights[name].shape else "with a row for unknown characters")
        for name, tensor in named.items())


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


IMPORTERS.register("live", LiveImporter())
