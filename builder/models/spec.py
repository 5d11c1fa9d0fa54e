"""What a model is, without its weights: architecture, sizes and vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.tokens.characters import Vocabulary

Architecture = Literal["rnn", "gru", "lstm"]
ARCHITECTURES: tuple[Architecture, ...] = ("rnn", "gru", "lstm")
GATES: dict[str, int] = {"rnn": 1, "gru": 3, "lstm": 4}
"""Gate matrices stacked in `weight_ih` and `weight_hh`, by architecture."""


@dataclass(frozen=True)
class ModelSpec:
    """Architecture, sizes and vocabulary: all that `model.json` must hold."""

    architecture: Architecture
    embedding_size: int
    hidden_size: int
    num_layers: int
    vocabulary: Vocabulary
