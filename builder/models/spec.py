"""What a model is, without its weights: architecture, sizes and vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from builder.tokens.contract import Tokens
from builder.tokens.reading.cutting import Cutting
from builder.tokens.reading.resets import DOCUMENT, Reset


@dataclass(frozen=True)
class ModelSpec:
    """Architecture, sizes and vocabulary: all that `model.json` must hold.

    Attributes:
        architecture: Its name, one of `models.architectures.ARCHITECTURES`.
        embedding_size: E.
        hidden_size: H.
        num_layers: L.
        vocabulary: What it reads at once: characters, unless `model.json` says otherwise.
        reset: Where its state begins anew.
        begin: Index of the step that its texts begin with; None where there is none.
    """

    architecture: str
    embedding_size: int
    hidden_size: int
    num_layers: int
    vocabulary: Tokens
    reset: Reset = DOCUMENT
    begin: int | None = None

    @property
    def cutting(self) -> Cutting:
        """How its texts become steps."""
        return Cutting(self.vocabulary, self.reset, self.begin)
