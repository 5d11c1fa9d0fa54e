"""What a model is, without its weights: architecture, sizes and vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from builder.tokens.contract import Tokens


@dataclass(frozen=True)
class ModelSpec:
    """Architecture, sizes and vocabulary: all that `model.json` must hold.

    Attributes:
        architecture: Its name, one of `models.architectures.ARCHITECTURES`.
        embedding_size: E.
        hidden_size: H.
        num_layers: L.
        vocabulary: What it reads at once: characters, unless `model.json` says otherwise.
    """

    architecture: str
    embedding_size: int
    hidden_size: int
    num_layers: int
    vocabulary: Tokens
