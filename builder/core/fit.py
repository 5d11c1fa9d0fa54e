"""How well a model predicts the text that it is read on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """What a claim about a model on a text stands or falls with.

    Attributes:
        bits: The model's, for each character; None where there is nothing to predict.
        unigram_bits: Of a model that knows how frequent each step is in the text and no more.
        uniform_bits: Of one for which all steps of the vocabulary are alike; None where no
            vocabulary is known.
        unknown_share: Of the steps of the text, those that are not in the vocabulary; None where
            none is known.
        unknown: The most frequent of these, with their shares.
        warning: A sentence, where the model does not fit the text.
    """

    bits: float | None
    unigram_bits: float
    uniform_bits: float | None
    unknown_share: float | None
    unknown: tuple[tuple[str, float], ...]
    warning: str | None
