"""What a model is, without its weights: architecture, sizes and vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from builder.tokens.characters import Vocabulary


@dataclass(frozen=True)
class ModelSpec:
    """Architecture, sizes and vocabulary: all that `model.json` must hold.

    Attributes:
        architecture: Its name, one of `models.architectures.ARCHITECTURES`.
        embedding_size: E.
        hidden_size: H.
        num_layers: L.
        vocabulary: The V characters that it knows.
    """

    architecture: str
    embedding_size: int
    hidden_size: int
    num_layers: int
    vocabulary: Vocabulary
